"""What the documents say of commands, packages, policies and files is so."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, SOURCE
from tests.policy.test_published_policies import IDS as PUBLISHED
from tuodi.commands.main import COMMANDS
from tuodi.commands.parser import NOT_BUILT_YET, parse_command_line
from tuodi.kernel.finding import Severity
from tuodi.kernel.money import yuan_grouped
from tuodi.policy.library import NotFound, built_in_ids, find
from tuodi.policy.loader import load_document

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
README, TWIN = ROOT / "README.md", ROOT / "README.en.md"

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())


def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def _blocks(page: Path) -> list[str]:
    return re.findall(r"^```\w*\n(.*?)^```", _text(page), re.MULTILINE | re.DOTALL)


def _command_lines(page: Path) -> list[list[str]]:
    """Return the words after ``./tuodi`` of each command in a block; a line may continue on the next."""
    lines = "\n".join(_blocks(page)).replace("\\\n", " ").splitlines()
    return [shlex.split(line)[1:] for line in lines if line.startswith("./tuodi ")]


def _first_cells(page: Path) -> list[str]:
    return re.findall(r"^\| `([^`]+)` \|", _text(page), re.MULTILINE)


@each_page
def test_commands_in_blocks_can_be_typed(page: Path) -> None:
    for words in _command_lines(page):
        try:
            parse_command_line(COMMANDS, words)
        except SystemExit:
            pytest.fail(f"{page.name}: ./tuodi {' '.join(words)}")


@each_page
def test_commands_in_sentences_exist(page: Path) -> None:
    named = set(re.findall(r"`(?:\./)?tuodi ([a-z]+)", _text(page)))
    assert named <= {command.name for command in COMMANDS} | set(NOT_BUILT_YET)


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", _text(page))
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


def test_the_readmes_list_every_command_and_no_other() -> None:
    for page in (README, TWIN):
        listed = [cell.removeprefix("./tuodi ") for cell in _first_cells(page) if cell.startswith("./tuodi ")]
        assert sorted(listed) == sorted(command.name for command in COMMANDS)
        assert [name for name in NOT_BUILT_YET if f"`{name}`" not in _text(page)] == []


def test_the_readmes_list_every_policy_and_what_nobody_verified() -> None:
    for page in (README, TWIN):
        listed = {cell for cell in _first_cells(page) if " " not in cell}
        # A county of one's own need not be told to everybody; what the project ships must be.
        assert set(PUBLISHED) <= listed <= set(built_in_ids())
    for policy_id in PUBLISHED:
        found = find(policy_id)
        assert not isinstance(found, NotFound)
        assert found[0] is not None
        for figure in found[0].figures.values():
            if not figure.verified:
                assert yuan_grouped(figure.amount_fen) in _text(README)
                assert yuan_grouped(figure.amount_fen) in _text(TWIN)


def test_the_readmes_are_twins() -> None:
    marks = [
        re.findall(r"^#+ ", re.sub(r"```.*?```", "", _text(page), flags=re.DOTALL), re.M) for page in (README, TWIN)
    ]
    assert marks[0] == marks[1]
    assert _blocks(README) == _blocks(TWIN)
    assert _first_cells(README) == _first_cells(TWIN)
    links = [re.findall(r"\]\(([^)]+)\)", _text(page)) for page in (README, TWIN)]
    assert set(links[0]) == set(links[1])


def test_the_picture_of_the_packages_is_the_packages() -> None:
    shown = re.findall(r"^    (\w+)/ +(.+)$", _text(ROOT / "ARCHITECTURE.md"), re.MULTILINE)
    packages = {path.parent.name: path.read_text(encoding="utf-8") for path in SOURCE.glob("*/__init__.py")}
    assert dict(shown) == {name: text.split('"""')[1].splitlines()[0] for name, text in packages.items()}
    # A package stands behind those it may import.
    contract = tomllib.loads(_text(ROOT / "pyproject.toml"))["tool"]["importlinter"]["contracts"][0]
    level = {name.strip(" ()"): number for number, layer in enumerate(contract["layers"]) for name in layer.split("|")}
    levels = [level[name] for name, _ in shown]
    assert levels == sorted(levels, reverse=True)


def test_the_files_that_answer_questions_exist() -> None:
    rows = re.findall(r"^\| [^|]+\? \| (.+) \|$", _text(ROOT / "ARCHITECTURE.md"), re.MULTILINE)
    assert len(rows) > 15
    named = [name for row in rows for name in re.findall(r"`([^`]*[/.][^`]*)`", row)]
    folders = [ROOT, SOURCE / "policy", SOURCE / "intake", SOURCE / "assessment"]
    assert [name for name in named if not any(list(folder.glob(name)) for folder in folders)] == []


def test_the_county_of_contributing_checks_clean(tmp_path: Path) -> None:
    (written,) = (block for block in _blocks(ROOT / "CONTRIBUTING.md") if "schema: tuodi-policy/1" in block)
    path = tmp_path / "shili-2025.yaml"
    path.write_text(written, encoding="utf-8")
    document, findings = load_document(path)
    assert document is not None
    assert [finding.sentence() for finding in findings if finding.severity is not Severity.INFO] == []


def test_the_guide_shows_every_picture_its_script_takes() -> None:
    pictures = ROOT / "docs" / "pictures"
    taken = re.findall(r'camera\.take\(page, "([\w-]+)"', _text(pictures / "make.py"))
    shown = re.findall(r"\]\(pictures/([\w-]+)\.png\)", _text(ROOT / "docs" / "office-guide.md"))
    assert sorted(taken) == sorted(shown) == sorted(path.stem for path in pictures.glob("*.png"))
    assert max(path.stat().st_size for path in pictures.glob("*.png")) < 150_000
