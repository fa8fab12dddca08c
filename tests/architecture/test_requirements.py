"""What pyproject.toml asks for is what the hashed lists install."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def _listed(file: str) -> set[str]:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    return {_name(line) for line in lines if "==" in line}


def test_every_dependency_is_in_the_list() -> None:
    assert {_name(each) for each in PYPROJECT["project"]["dependencies"]} <= _listed("requirements.txt")
    assert {_name(each) for each in PYPROJECT["dependency-groups"]["dev"]} <= _listed("requirements-dev.txt")


def test_a_library_in_both_lists_has_one_version() -> None:
    pins: dict[str, set[str]] = {}
    for file in ("requirements.txt", "requirements-dev.txt"):
        for name, version in re.findall(r"^([\w.-]+)==(\S+)", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE):
            pins.setdefault(name, set()).add(version)
    assert {name for name, versions in pins.items() if len(versions) > 1} == set()


def test_the_notice_names_every_runtime_library() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8").lower()
    assert {name for name in _listed("requirements.txt") if name not in notice} == set()
