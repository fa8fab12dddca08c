"""The sheets people fill in beside the published tables, from ``layouts/accounts.yaml``: to read and to write."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from tuodi.intake.layouts import Field, Kind, Layout
from tuodi.kernel.shipped import shipped

SCHEMA = "tuodi-accounts-layout/1"
FACTS, LAST_YEAR_SHEET, EXTRA_SHEET, REASONS, PROJECTS = "facts", "last_year", "extra", "reasons", "projects"


_WORD_LISTS = (
    "kinds", "levels", "funds", "grades", "grades_to_improve", "words_of_increase", "words_of_decrease",
    "words_of_money",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledColumn:
    """One column; ``labels`` are its Chinese headings, the standard one first. ``width`` in characters."""

    name: str
    labels: tuple[str, ...]
    width: int
    required: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledSheet:
    """One sheet that people fill in."""

    id: str
    name: str
    about: str
    columns: tuple[FilledColumn, ...]
    layout: Layout

    def label(self, name: str) -> str:
        """Return the Chinese heading of a column."""
        return next(column.labels[0] for column in self.columns if column.name == name)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountsLayout:
    """All such sheets, the words a project's columns may hold, the instructions, and the document's titles by part.

    ``rounding_note`` stands where amounts were read in 万元; below ``least_total_yuan`` a grand total is doubted.
    """

    sheets: tuple[FilledSheet, ...]
    longest_text: int
    guide_name: str
    guide_lines: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]
    titles: Mapping[str, str]
    rounding_note: str
    least_total_yuan: int

    def sheet(self, sheet_id: str) -> FilledSheet:
        """Return a sheet by its id."""
        return next(sheet for sheet in self.sheets if sheet.id == sheet_id)


@cache
def accounts_layout() -> AccountsLayout:
    """Return the shipped layout; ValueError, KeyError or TypeError if its file is broken (a fault of the program)."""
    document = yaml.safe_load(shipped("layouts", "accounts.yaml").read_text(encoding="utf-8"))
    if document["schema"] != SCHEMA:
        raise ValueError("layouts/accounts.yaml: schema")
    return AccountsLayout(
        sheets=tuple(map(_sheet, document["sheets"])),
        longest_text=document["longest_text"],
        guide_name=document["guide"]["name"],
        guide_lines=tuple(document["guide"]["lines"]),
        titles=document["titles"],
        words={name: tuple(document[name]) for name in _WORD_LISTS},
        rounding_note=document["rounding_note"],
        least_total_yuan=document["least_total_yuan"],
    )


def _sheet(entry: Mapping[str, Any]) -> FilledSheet:
    columns = tuple(FilledColumn(**{**each, "labels": tuple(each["labels"])}) for each in entry["columns"])
    fields = tuple(
        Field(name=column.name, labels=column.labels, kind=Kind.TEXT, required=column.required) for column in columns
    )
    layout = Layout(id=entry["id"], title=f"工作表“{entry['name']}”", fields=fields)
    return FilledSheet(id=entry["id"], name=entry["name"], about=entry["about"], columns=columns, layout=layout)
