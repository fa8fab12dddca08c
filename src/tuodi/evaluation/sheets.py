"""The sheets of an evaluation's data and their columns, from ``layouts/evaluation.yaml``: for reading and for writing.

A sheet's id is the field of ``EvaluationData`` it fills, a column's name the field of the row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

import yaml

from tuodi.intake.layouts import Field, Kind, Layout, normal_heading
from tuodi.kernel.shipped import shipped

SCHEMA = "tuodi-evaluation-layout/1"


class Holds(StrEnum):
    """What the cells of a column are read as."""

    TEXT = "text"
    ID = "id"
    LIST = "list"
    NUMBER = "number"
    DAY = "day"
    MET = "met"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column; ``labels`` are its Chinese headings, the standard one first, ``note`` says what to write there.

    ``key``: no two rows may share it. ``prefilled``: an empty workbook has it already, alone it is no data.
    ``required``: a row with data may not leave it empty. ``width`` in characters.
    """

    name: str
    labels: tuple[str, ...]
    note: str
    width: int
    holds: Holds = Holds.TEXT
    key: bool = False
    prefilled: bool = False
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet; ``helpers`` are headings of columns that only help people and that nobody reads."""

    id: str
    name: str
    about: str
    columns: tuple[Column, ...]
    helpers: tuple[str, ...]
    layout: Layout

    @property
    def key(self) -> Column | None:
        """Return the column by which rows are found; None where rows only have an order."""
        return next((column for column in self.columns if column.key), None)

    def headings(self) -> set[str]:
        """Return all headings the sheet may use, in their compared form, helpers included."""
        return set(self.layout.by_heading()) | set(map(normal_heading, self.helpers))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectHint:
    """One item that an empty workbook lists in the sheet 项目, and what to write there."""

    item: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """The sheet that tells people how to fill in the others; nobody reads it back."""

    name: str
    lines: tuple[str, ...]
    headings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataLayout:
    """All sheets in their order, the words for met and not met, and the items of the project that are in time order.

    ``last_date`` is the item after which there can be no evidence and no interview.
    """

    sheets: tuple[Sheet, ...]
    met: Mapping[str, bool]
    longest_text: int
    date_order: tuple[str, ...]
    last_date: str
    project_items: tuple[ProjectHint, ...]
    guide: Guide

    def sheet(self, sheet_id: str) -> Sheet:
        """Return a sheet by its id."""
        return next(sheet for sheet in self.sheets if sheet.id == sheet_id)


def label(sheet_id: str, name: str) -> str:
    """Return a column's Chinese heading, as sentences name it: ``实际值``."""
    return next(column.labels[0] for column in data_layout().sheet(sheet_id).columns if column.name == name)


def heading(sheet_id: str, name: str) -> str:
    """Return a column's Chinese heading with its English name, as findings name it: ``实际值（actual）``."""
    return f"{label(sheet_id, name)}（{name}）"


@cache
def data_layout() -> DataLayout:
    """Return the shipped layout; ValueError, KeyError or TypeError if its file is broken (a fault of the program)."""
    document = yaml.safe_load(shipped("layouts", "evaluation.yaml").read_text(encoding="utf-8"))
    if document["schema"] != SCHEMA:
        raise ValueError("layouts/evaluation.yaml: schema")
    guide = document["guide"]
    return DataLayout(
        sheets=tuple(map(_sheet, document["sheets"])),
        met=dict.fromkeys(document["words_met"], True) | dict.fromkeys(document["words_not_met"], False),
        longest_text=document["longest_text"],
        date_order=tuple(document["date_order"]),
        last_date=document["last_date"],
        project_items=tuple(ProjectHint(**entry) for entry in document["project_items"]),
        guide=Guide(name=guide["name"], lines=tuple(guide["lines"]), headings=tuple(guide["headings"])),
    )


def _sheet(entry: Mapping[str, Any]) -> Sheet:
    columns = tuple(map(_column, entry["fields"]))
    fields = tuple(
        Field(name=column.name, labels=column.labels, kind=Kind.TEXT, required=column.required) for column in columns
    )
    layout = Layout(id=entry["id"], title=f"工作表“{entry['name']}”", fields=fields)
    helpers = tuple(entry.get("helpers", ()))
    headings = len(layout.by_heading().keys() | set(map(normal_heading, helpers)))
    if headings != sum(1 + len(column.labels) for column in columns) + len(helpers):
        raise ValueError(f"layouts/evaluation.yaml: a heading of {entry['name']} means two columns")
    return Sheet(
        id=entry["id"], name=entry["name"], about=entry["about"], columns=columns, helpers=helpers, layout=layout
    )


def _column(entry: Mapping[str, Any]) -> Column:
    given = {**entry, "labels": tuple(entry["labels"]), "holds": Holds(entry.get("holds", Holds.TEXT))}
    return Column(**given)
