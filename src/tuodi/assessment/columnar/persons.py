"""A roster read in bulk: plain rows by columns, doubtful ones by ``intake``, the same holdings either way."""

from pathlib import Path

import numpy as np
import pyarrow as pa

from tuodi.assessment.columnar import plain
from tuodi.assessment.columnar.compiled import COMPILED
from tuodi.assessment.columnar.facts import field_columns
from tuodi.assessment.columnar.loop import ORDINAL_OF_EPOCH, SECONDS_OF_DAY
from tuodi.assessment.columnar.roster import NEVER_ENDS, HoldingColumns, text_buffers
from tuodi.assessment.columnar.source import ArrowFile, CannotStream, cells_of
from tuodi.assessment.columnar.texts import NO_MOMENT
from tuodi.intake.cells import is_blank
from tuodi.intake.facts import Holding
from tuodi.intake.layouts import Kind
from tuodi.intake.persons import PersonRows, PersonsFile, read_persons
from tuodi.intake.rows import OpenFile, open_file
from tuodi.kernel.finding import Finding
from tuodi.kernel.idnumber import known_provinces


class RosterFile:
    """A roster in columns; ``usable`` is False if the file could not be used (see ``intake.persons.PersonsFile``)."""

    def __init__(self, path: Path) -> None:
        """Read the file, in bulk where Arrow can."""
        self.findings: list[Finding] = []
        self.refused: frozenset[str] = frozenset()
        self.usable = True
        self.holdings: HoldingColumns
        opened = open_file(path, "persons")
        if isinstance(opened, list):
            self.findings, self.usable = opened, False
            return
        try:
            self._read_in_bulk(path, opened)
        except CannotStream:
            self._take(read_persons(path))

    def identities(self) -> dict[str, int]:
        """Return the names of identities in the roster with their numbers of rows."""
        names = self.holdings.identity.dictionary.to_pylist()
        rows = np.bincount(self.holdings.identity.indices.to_numpy(zero_copy_only=False), minlength=len(names))
        return {name: int(count) for name, count in zip(names, rows, strict=True) if count}

    def _take(self, file: PersonsFile) -> None:
        self.findings, self.refused, self.usable = list(file.findings), file.refused, file.usable
        self.holdings = _columns_of(list(file.holdings))

    def _read_in_bulk(self, path: Path, opened: OpenFile) -> None:
        file = ArrowFile.of(path, opened)
        rows = PersonRows(opened.table.file, opened.table.sheet, field_columns(opened.columns))
        identities: dict[str, int] = {}
        parts = [
            _bulk(number, batch, rows, identities, file.tells_blank_rows()) for number, batch in file.batches()
        ] or [_columns_parts([], identities)]
        psn_no, identity, begin, end, family = ([part[at] for part in parts] for at in range(5))
        texts = pa.array(list(identities), pa.string())
        self.holdings = HoldingColumns(
            psn_no=_joined(psn_no),
            identity=pa.DictionaryArray.from_arrays(pa.array(np.concatenate(identity)), texts),
            begin=np.concatenate(begin),
            end=np.concatenate(end),
            family_no=_joined(family),
        )
        self.findings = [*opened.findings, *rows.findings]
        self.refused = frozenset(rows.refused)


def _joined(texts: list[pa.StringArray]) -> pa.StringArray:
    joined = pa.concat_arrays(texts)
    if not isinstance(joined, pa.StringArray):
        raise TypeError("texts")
    return joined


def _numbered(identities: dict[str, int], text: str) -> int:
    return identities.setdefault(text, len(identities))


Part = tuple[pa.StringArray, np.ndarray, np.ndarray, np.ndarray, pa.StringArray]


def _bulk(
    first_row: int, batch: pa.RecordBatch, rows: PersonRows, identities: dict[str, int], tells_blank_rows: bool
) -> Part:
    """Return one batch's holdings: psn_no, identity number, begin, end (ordinals), family_no. Raises CannotStream."""
    count = batch.num_rows
    doubtful = np.zeros(count, np.bool_)

    def column(name: str) -> pa.Array | None:
        at = batch.schema.get_field_index(name)
        return batch.column(at) if at >= 0 else None

    psn_no = plain.texts(column("psn_no"), count, doubtful, required=True)
    family = plain.texts(column("family_no"), count, doubtful, required=False)
    plain.texts(column("psn_name"), count, doubtful, required=False, wide=True)
    plain.moments(column("brdy"), count, doubtful, required=False)
    certno = plain.as_text(column("certno"), count, doubtful)
    COMPILED["mark_id_numbers"](*text_buffers(certno), _PROVINCES, doubtful)
    identity = plain.codes(column("identity"), count, doubtful, lambda text: _numbered(identities, text), Kind.TEXT)
    if "" in identities:
        doubtful |= identity == identities[""]
    begin = _ordinals(plain.moments(column("begntime"), count, doubtful, required=True))
    end = _ordinals(plain.moments(column("endtime"), count, doubtful, required=False))
    doubtful |= end < begin
    if not doubtful.any():
        return psn_no, identity, begin, end, family
    sure = np.flatnonzero(~doubtful)
    before = len(rows.holdings)
    odd = np.flatnonzero(doubtful)
    for row, cells in zip(odd.tolist(), cells_of(batch, odd.tolist()), strict=True):
        if not all(map(is_blank, cells)):
            rows.take(first_row + row, cells)
        elif not tells_blank_rows:
            raise CannotStream("a row without known fields")
    read = _columns_parts(rows.holdings[before:], identities)
    kept = pa.array(sure)
    return (
        _joined([psn_no.take(kept), read[0]]),
        np.concatenate([identity[sure], read[1]]),
        np.concatenate([begin[sure], read[2]]),
        np.concatenate([end[sure], read[3]]),
        _joined([family.take(kept), read[4]]),
    )


def _ordinals(seconds: np.ndarray) -> np.ndarray:
    """Return the day ordinal of local seconds; an open end is the last day there is."""
    days = seconds // SECONDS_OF_DAY + ORDINAL_OF_EPOCH
    return np.where(seconds == NO_MOMENT, NEVER_ENDS, days).astype(np.int32)


def _columns_parts(holdings: list[Holding], identities: dict[str, int]) -> Part:
    return (
        pa.array([h.psn_no for h in holdings], pa.string()),
        np.array([_numbered(identities, h.identity) for h in holdings], np.int32),
        np.array([h.begin.toordinal() for h in holdings], np.int32),
        np.array([h.end.toordinal() if h.end else NEVER_ENDS for h in holdings], np.int32),
        pa.array([h.family_no for h in holdings], pa.string()),
    )


def _columns_of(holdings: list[Holding]) -> HoldingColumns:
    identities: dict[str, int] = {}
    psn_no, identity, begin, end, family = _columns_parts(holdings, identities)
    texts = pa.array(list(identities), pa.string())
    return HoldingColumns(psn_no, pa.DictionaryArray.from_arrays(pa.array(identity), texts), begin, end, family)


_PROVINCES = np.isin(np.arange(100), [int(code) for code in known_provinces()])
