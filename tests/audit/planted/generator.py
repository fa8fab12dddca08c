"""Clean documents and documents with one planted fault, the same for the same seed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

from tests.audit.planted import accounts, evaluation, fund, selfeval
from tests.audit.planted.draft import Inconsistent
from tests.audit.planted.faults import FAULT_CLASSES, Faulty, Planted, plant
from tests.audit.planted.model import Model
from tests.audit.planted.render import FORMS, render_docx, render_text

__all__ = [
    "FAULT_CLASSES",
    "FORMS",
    "Case",
    "Clean",
    "Faulty",
    "Planted",
    "cases",
    "documents",
    "plant",
    "render_docx",
    "render_text",
]

Clean: TypeAlias = Model

Family: TypeAlias = Callable[[int, int], Model]
Families: TypeAlias = tuple[Family, ...]

FAMILIES: Families = (
    evaluation.document,
    selfeval.document,
    accounts.document,
    fund.document,
)
CASE_FORMS = ("docx", "tabs", "docx", "wrapped", "docx", "tabs", "cells", "docx", "tabs", "tabs")
CLEAN_CASES = 40
ATTEMPTS = 50
SEARCHED = 400


@dataclass(frozen=True, slots=True)
class Case:
    """One file to audit: clean where ``planted`` is None."""

    name: str
    fault: str
    form: str
    model: Model
    planted: Planted | None

    def write(self, folder: Path) -> Path:
        """Write the file and return its path."""
        path = folder / f"{self.name}.{'docx' if self.form == 'docx' else 'txt'}"
        if self.form == "docx":
            render_docx(self.model, path)
        else:
            render_text(self.model, path, self.form)
        return path


@cache
def document(family: Family, seed: int) -> Clean:
    """Return one clean document; figures that would not agree in print are drawn again."""
    for attempt in range(ATTEMPTS):
        try:
            return family(seed, attempt)
        except Inconsistent:
            continue
    raise AssertionError(f"no consistent document for family {family.__module__}, seed {seed}")


def documents(count: int, seed: int, families: Families = FAMILIES) -> list[Clean]:
    """Return so many clean documents, the families in turn."""
    return [document(families[number % len(families)], seed + number) for number in range(count)]


def faulty_documents(fault: str, count: int, seed: int = 0, families: Families = FAMILIES) -> Iterator[Faulty]:
    """Yield so many documents with a fault of a class, from all families that have such facts, in turn."""
    found = 0
    barren: set[Family] = set()
    for number in range(SEARCHED):
        for family in families:
            if family in barren:
                continue
            faulty = plant(document(family, seed + number), fault, number)
            if faulty is None:
                if number >= 10 and not found:
                    barren.add(family)
                continue
            yield faulty
            found += 1
            if found == count:
                return


def cases(
    per_class: int = 20,
    seed: int = 0,
    families: Families = FAMILIES,
    classes: Iterable[str] = FAULT_CLASSES,
    clean_cases: int = CLEAN_CASES,
) -> Iterator[Case]:
    """Yield the faulty documents of every class, then clean ones; families and forms are mixed."""
    for fault in classes:
        for number, faulty in enumerate(faulty_documents(fault, per_class, seed, families)):
            form = CASE_FORMS[(number + len(fault)) % len(CASE_FORMS)]
            yield Case(f"{fault}-{number:02d}-{form}", fault, form, faulty.model, faulty.planted)
    for number, clean in enumerate(documents(clean_cases, seed + 1000, families)):
        form = CASE_FORMS[(number + number // len(CASE_FORMS)) % len(CASE_FORMS)]
        yield Case(f"clean-{number:02d}-{clean.family}-{form}", "", form, clean, None)
