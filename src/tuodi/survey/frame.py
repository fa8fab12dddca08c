"""The list to draw from: its rows as texts, who is in it twice, which columns hold identity numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tuodi.intake.cells import UnreadCell, is_blank, shown
from tuodi.intake.foot_rows import WORDS as FOOT_WORDS
from tuodi.intake.tables import Table, open_table
from tuodi.kernel.finding import Finding, Severity
from tuodi.kernel.idnumber import mask
from tuodi.survey.personal import is_document_number
from tuodi.survey.raw import LIMITS
from tuodi.survey.sampling import BETWEEN
from tuodi.survey.words import normal, words

NO_STRATUM = "（空）"


@dataclass(frozen=True, slots=True)
class Frame:
    """A list of people. ``keys`` tell the rows apart; ``masked`` are the positions of identity and card numbers."""

    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    keys: tuple[str, ...]
    masked: frozenset[int]
    findings: tuple[Finding, ...]

    def strata(self, position: int | None) -> list[str]:
        """Return each row's stratum: its text in a column, one stratum for all without a column."""
        return ["" if position is None else row[position] or NO_STRATUM for row in self.rows]

    def position_of(self, heading: str) -> int | None:
        """Return the column with this heading."""
        wanted = normal(heading)
        return next((place for place, each in enumerate(self.header) if normal(each) == wanted), None)

    def row_for_output(self, place: int, *, with_numbers: bool) -> tuple[str, ...]:
        """Return a row, identity and card numbers masked unless asked for."""
        cells = self.rows[place]
        if with_numbers:
            return cells
        return tuple(mask(cell) if at in self.masked else cell for at, cell in enumerate(cells))


def read_frame(path: Path) -> Frame | list[Finding]:
    """Read a list of people; findings, one of them an error, if it cannot be used. Bad rows refuse the list."""
    table = open_table(path, words().frame, LIMITS)
    if isinstance(table, Finding):
        return [table]
    findings = list(table.findings)
    rows: list[tuple[int, tuple[str, ...]]] = []
    for item in table.rows:
        if isinstance(item, Finding):
            return [*findings, item]
        number, cells = item
        first = next((cell for cell in cells if not is_blank(cell)), None)
        if isinstance(first, str) and "".join(first.split()) in FOOT_WORDS:
            continue
        while len(cells) > len(table.header) and is_blank(cells[-1]):
            cells = cells[:-1]
        if len(cells) != len(table.header):
            findings.append(_wrong_width(table, number, len(cells)))
            continue
        rows.append((number, tuple("" if isinstance(cell, UnreadCell) else _text(cell) for cell in cells)))
    if any(finding.is_error for finding in findings):
        return findings
    header = tuple(heading.strip() for heading in table.header)
    kept, keys, twice = _each_once(table, header, rows)
    masked = frozenset(at for at in range(len(header)) if _holds_numbers([row[at] for row in kept]))
    return Frame(table.file, header, tuple(kept), tuple(keys), masked, (*findings, *twice))


def _text(cell: object) -> str:
    return cell.strip() if isinstance(cell, str) else shown(cell).strip()  # type: ignore[arg-type]


def _each_once(
    table: Table, header: Sequence[str], rows: Sequence[tuple[int, tuple[str, ...]]]
) -> tuple[list[tuple[str, ...]], list[str], list[Finding]]:
    """Keep one row for each person, so that nobody has two chances; people are told apart by a column of numbers."""
    place = next((at for at, heading in enumerate(header) if normal(heading) in words().person_keys), None)
    first_row: dict[str, int] = {}
    kept: list[tuple[str, ...]] = []
    keys: list[str] = []
    findings: list[Finding] = []
    for number, cells in rows:
        number_of_person = "" if place is None else normal(cells[place])
        key = number_of_person or BETWEEN.join(cells)
        if number_of_person and key in first_row:
            findings.append(
                Finding(
                    rule="draw-person-twice",
                    severity=Severity.INFO,
                    message=f"与第 {first_row[key]} 行是同一个人，只算一次",
                    advice="每个人抽中的机会应当相同",
                    file=table.file,
                    sheet=table.sheet,
                    row=number,
                )
            )
            continue
        first_row.setdefault(key, number)
        kept.append(cells)
        keys.append(key)
    return kept, keys, findings


def _holds_numbers(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and 2 * sum(map(is_document_number, filled)) >= len(filled)


def _wrong_width(table: Table, number: int, found: int) -> Finding:
    return Finding(
        rule="row-width",
        message=f"该行有 {found} 列，列名行有 {len(table.header)} 列，不能抽样",
        advice="请核对是否多了或少了逗号；名单须完整才能抽样",
        file=table.file,
        sheet=table.sheet,
        row=number,
    )
