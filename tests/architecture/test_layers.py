"""Imports run one way, and the check that says so is itself checked."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.architecture.source import ROOT


def _lint_imports(source: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"]
        + ["--config", str(ROOT / "pyproject.toml")],
        cwd=source,
        env=os.environ | {"PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_contracts_hold() -> None:
    done = _lint_imports(ROOT / "src")
    assert done.returncode == 0, done.stdout + done.stderr


def test_planted_violations_are_caught(tmp_path: Path) -> None:
    source = tmp_path / "src"
    shutil.copytree(ROOT / "src" / "tuodi", source / "tuodi", ignore=shutil.ignore_patterns("__pycache__"))
    for module, planted in {
        "kernel/money.py": "from tuodi.policy import document",
        "policy/document.py": "from tuodi.intake import facts",
        "intake/facts.py": "import rich",
        "audit/paper/clean.py": "from tuodi.audit.checks import registry",
    }.items():
        path = source / "tuodi" / module
        path.write_text(path.read_text(encoding="utf-8") + f"\n{planted}\n", encoding="utf-8")
    (source / "tuodi" / "utils").mkdir()
    (source / "tuodi" / "utils" / "__init__.py").write_text("")
    said = " ".join(_lint_imports(source).stdout.split())
    assert "tuodi.kernel.money -> tuodi.policy.document" in said
    assert "tuodi.policy.document -> tuodi.intake.facts" in said
    assert "tuodi.intake.facts -> rich" in said
    assert "tuodi.audit.paper.clean -> tuodi.audit.checks.registry" in said
    assert "tuodi.utils" in said
    assert "3 broken" in said
