"""The words of published final accounts: titles, columns, lines, what the narrative speaks of (terms/accounts.yaml)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from tuodi.kernel.shipped import shipped


@dataclass(frozen=True, slots=True)
class TableForm:
    """One published table: its titles, ``shape`` (labelled, coded, economic, single), its columns in printed order."""

    kind: str
    titles: tuple[str, ...]
    shape: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An amount of the narrative and the cell it repeats. ``sections`` are words of the headings it stands under.

    One of ``row`` with ``column``, ``label``, or ``line``: a name of ``AccountWords.lines``, personnel or public.
    """

    sections: tuple[str, ...]
    not_sections: tuple[str, ...]
    words: tuple[str, ...]
    table: str
    row: str = ""
    column: str = ""
    line: str = ""
    label: str = ""
    side: str = ""


@dataclass(frozen=True, slots=True)
class AccountWords:
    """Everything terms/accounts.yaml tells; ``lists`` holds the plain lists of words by name."""

    forms: tuple[TableForm, ...]
    column_words: Mapping[str, tuple[str, ...]]
    column_names: Mapping[str, str]
    column_sums: Mapping[str, Mapping[str, tuple[str, ...]]]
    lines: Mapping[str, tuple[str, ...]]
    narrative: tuple[Told, ...]
    lists: Mapping[str, tuple[str, ...]]
    grades: tuple[tuple[str, int], ...]

    def form(self, kind: str) -> TableForm:
        """Return a table's form by its kind."""
        return next(form for form in self.forms if form.kind == kind)

    def kind_of(self, title: str) -> str:
        """Return the kind of a table with this title (without blanks), empty for any other title."""
        for form in self.forms:
            if title in form.titles:
                return form.kind
        return ""


@cache
def account_words() -> AccountWords:
    """Return the shipped words."""
    data = yaml.safe_load(shipped("terms", "accounts.yaml").read_text(encoding="utf-8"))
    plain = (
        *("personnel_classes", "personnel_total", "public_total", "detail_total"),
        *("fixed_names", "achieved", "not_yet_paid", "causes", "notice_names"),
    )
    return AccountWords(
        forms=tuple(
            TableForm(kind, tuple(form["titles"]), form["shape"], tuple(form["columns"]))
            for kind, form in data["tables"].items()
        ),
        column_words=_lists(data["column_words"]),
        column_names=dict(data["column_names"]),
        column_sums={kind: _lists(sums) for kind, sums in data["column_sums"].items()},
        lines=_lists(data["lines"]),
        narrative=tuple(_told(entry) for entry in data["narrative"]),
        lists={name: tuple(data[name]) for name in plain},
        grades=tuple((grade["name"], grade["from"]) for grade in data["grades"]),
    )


def _lists(data: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(words) for name, words in data.items()}


def _told(entry: Mapping[str, Any]) -> Told:
    return Told(
        sections=tuple(entry["section"]),
        not_sections=tuple(entry.get("not_section", ())),
        words=tuple(entry["words"]),
        table=entry["table"],
        **{name: entry.get(name, "") for name in ("row", "column", "line", "label", "side")},
    )
