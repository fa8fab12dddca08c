"""Long checks run only when named: ``./tuodi test --long NAME``."""

from pathlib import Path

import pytest

from tests.office.conftest import both_databases, postgres_server, sqlite_files

__all__ = ["both_databases", "postgres_server", "sqlite_files"]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out what the command line does not name."""
    named = any(collection_path.name in str(word) for word in config.invocation_params.args)
    return None if named or collection_path.is_dir() else True
