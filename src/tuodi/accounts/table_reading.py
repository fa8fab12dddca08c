"""One exported sheet -> the cells of one published table; rows are known by line, by code or by label."""

import re
from collections.abc import Iterator, Sequence

from tuodi.accounts.amounts import read_amount, read_count, unit_of
from tuodi.accounts.disclosure import Cell, CellKey, Place, Told
from tuodi.accounts.headings import Headings, Segment, find_headings
from tuodi.accounts.sources import RawSheet, bare
from tuodi.accounts.table_set import TOTAL, Holds, RowForm, RowKind, Shape, TableForm
from tuodi.intake.cells import Cell as RawCell
from tuodi.intake.cells import is_blank, shown
from tuodi.kernel.finding import Fault, Finding, Severity

_NOTE = re.compile(r"^(?:注|说明|备注|附注|本表)")
_TOTALS = ("合计", "总计")
_CODE = re.compile(r"[0-9]{3}(?:[0-9]{2}){0,2}")
_WHOLE = re.compile(r"([0-9]{1,9})(?:\.0+)?")
_ORDINAL = re.compile(r"^(?:（?[一二三四五六七八九十]+[）、.．]|[0-9]+[.、．](?![0-9]))")
_YEAR = re.compile(r"([12][0-9]{3})年度")
_ENTITY = re.compile(
    r"(?:部门|单位)(?:名称)?：(.*?)(?=[12][0-9]{3}年|(?:金额)?单位：|公开[0-9]+表|编制日期|填报日期|$)"
)
_UNITS = ("", "元", "万元", "亿元", "人民币元", "人民币万元")


class TableReader:
    """Reads one sheet by one form; ``cells``, ``names`` and ``findings`` grow on the way."""

    def __init__(self, form: TableForm, raw: RawSheet, year: int, entity: str) -> None:
        """Bind a sheet; ``year`` and ``entity`` are what the disclosure is about, 0 and empty where not known."""
        self.form, self.raw, self.year, self.entity = form, raw, year, entity
        self.cells: dict[CellKey, Cell] = {}
        self.names: dict[str, Told] = {}
        self.findings: list[Finding] = []
        self.in_wan = False
        self._rows_at: dict[str, int] = {}
        self._captions = {tuple(map(bare, row.cells)) for row in form.rows if row.cells}
        self._printed: dict[int, str] = {}

    def read(self) -> None:
        """Read the whole sheet; a cell or a row that cannot be read is an error and left out."""
        headings, findings = find_headings(self.form, self.raw)
        self.findings += findings
        if headings is None:
            return
        self._printed = headings.printed
        self._titles(headings)
        for number, cells in self.raw.rows[headings.first_data :]:
            filled = [bare(cell) for cell in cells if not is_blank(cell)]
            if not filled or tuple(filled) in self._captions or self._is_heading(filled):
                continue
            if _NOTE.match(filled[0]) and all(is_blank(cell) or isinstance(cell, str) for cell in cells):
                continue
            self._row(headings, number, cells)

    def _is_heading(self, filled: Sequence[str]) -> bool:
        """Tell whether a row repeats headings, as exports do on every page."""
        if len(filled) < 2:
            return False
        words = {bare(part) for block in self.form.blocks for key in block.keys for part in key.heading}
        words |= {bare(part) for column in self.form.columns for part in column.heading}
        return all(word in words for word in filled)

    def _titles(self, headings: Headings) -> None:
        unit = unit_of(headings.titles)
        if unit == "亿元":
            self._fault(None, Fault("accounts-unit", "金额单位是亿元", "请改用以元或万元为单位的表"))
        self.in_wan = unit == "万元"
        years = {int(found[1]) for title in headings.titles if (found := _YEAR.search(title))}
        for year in sorted(years - {self.year}) if self.year else ():
            fault = Fault("year-left-over", f"是 {year} 年度的表，这次公开的是 {self.year} 年度", "请换成本年度的表")
            self._fault(None, fault, value=f"{year}年度")
        self._entities(headings.titles)

    def _entities(self, titles: Sequence[str]) -> None:
        """Tell of a table of another department; the name may stand without the place before it."""
        own = bare(self.entity)
        names = {found[1] for title in titles for found in _ENTITY.finditer(title)} if own else set()
        for name in sorted(names.difference(_UNITS)):
            if not own.endswith(name) and not name.endswith(own):
                fault = Fault(
                    "department-differs", f"是另一个部门的表，这次公开的是{self.entity}", "请换成本部门的表，或改正名称"
                )
                self._fault(None, fault, value=name)

    def _row(self, headings: Headings, number: int, cells: Sequence[RawCell]) -> None:
        if self.form.shape is Shape.SINGLE:
            if TOTAL in self._rows_at:
                if any(not is_blank(self._at(cells, at)) for at in headings.segments[0].values.values()):
                    self._fault(number, Fault("row-twice", "这张表只应有一行数据", "请只保留一行"))
                return
            self._rows_at[TOTAL] = number
            self._values(headings.segments[0], TOTAL, None, number, cells)
            return
        for place, segment in enumerate(headings.segments):
            if self.form.shape is Shape.CODES:
                self._coded(segment, number, cells)
            else:
                self._listed(headings, place, number, cells)

    def _coded(self, segment: Segment, number: int, cells: Sequence[RawCell]) -> None:
        label = self._key(segment, Holds.LABEL, cells)
        code = self._code(segment, cells)
        if label in _TOTALS or code in _TOTALS:
            row_id = TOTAL
        elif _CODE.fullmatch(code):
            row_id = code
        elif code or label or self._filled(segment, cells):
            fault = Fault("row-unknown", "这一行没有三位、五位或七位的科目编码", "请补上科目编码，或删去这一行")
            self._fault(number, fault, self._heading(segment, Holds.CODE), code or label)
            return
        else:
            return
        if self._once(row_id, number, segment):
            place = Place(self.raw.file, self.raw.sheet, number, self._heading(segment, Holds.LABEL))
            self.names[row_id] = Told("合计" if row_id == TOTAL else label, place)
            self._values(segment, row_id, None, number, cells)

    def _listed(self, headings: Headings, place: int, number: int, cells: Sequence[RawCell]) -> None:
        segment = headings.segments[place]
        label = self._key(segment, Holds.LABEL, cells)
        code = self._code(segment, cells)
        line = self._key(segment, Holds.LINE, cells)
        if not (label or code or line):
            return  # blank, or the amounts of a label that is merged across blocks
        row = self._row_form(place, line, code, label)
        if row is None:
            if self._filled(segment, cells) or line or _CODE.fullmatch(code):
                fault = Fault(
                    "row-unknown", f"{self.form.number}没有这一行", "请核对行次、科目编码和项目名称，或换用表样"
                )
                self._fault(number, fault, value=" ".join(filter(None, (code, label, line))))
            return
        if label and row.label and not row.total and _plain(label) not in _labels(row):
            fault = Fault("row-label-differs", f"与表样的“{row.label}”不同", "请核对是不是别的年度的表，或换用表样")
            self._fault(number, fault, self._heading(segment, Holds.LABEL), label)
            return
        if not self._once(row.id, number, segment):
            return
        if label and label in map(bare, row.also):
            self.names[row.id] = Told(label, Place(self.raw.file, self.raw.sheet, number))
        if not self._filled(segment, cells):
            segment = self._merged_label(headings, place, cells)
        self._values(segment, row.id, row, number, cells)

    def _row_form(self, place: int, line: str, code: str, label: str) -> RowForm | None:
        number = _WHOLE.fullmatch(line)
        if number:
            return next((row for row in self.form.blocks[place].rows if row.line == int(number[1])), None)
        if _CODE.fullmatch(code):
            return next((row for row in self.form.rows if row.code == code), None)
        word = _plain(label or code)
        rows = [row for row in self.form.blocks[place].rows if word in _labels(row)]
        rows = rows or [row for row in self.form.rows if row.total and bare(row.label) == word]
        return rows[0] if len(rows) == 1 else None

    def _merged_label(self, headings: Headings, place: int, cells: Sequence[RawCell]) -> Segment:
        """Return where the amounts of a row stand: its label may be merged across the blocks to the right."""
        chosen = headings.segments[place]
        for segment in headings.segments[place + 1 :]:
            if any(not is_blank(self._at(cells, at)) for places in segment.keys.values() for at in places):
                break
            if self._filled(segment, cells):
                chosen = segment
        return chosen

    def _once(self, row_id: str, number: int, segment: Segment) -> bool:
        first = self._rows_at.setdefault(row_id, number)
        if first == number:
            return True
        fault = Fault("row-twice", f"与第 {first} 行是同一行", "请只保留正确的一行")
        self._fault(number, fault, self._heading(segment, Holds.CODE), row_id)
        return False

    def _values(
        self, segment: Segment, row_id: str, row: RowForm | None, number: int, cells: Sequence[RawCell]
    ) -> None:
        for column, at in segment.values.items():
            cell = self._at(cells, at)
            place = Place(
                self.raw.file,
                self.raw.sheet,
                number,
                self.form.own_heading(row_id, column) or self._printed.get(at, ""),
            )
            counted = row is not None and row.kind is RowKind.COUNT
            value = read_count(cell) if counted else read_amount(cell, self.in_wan)
            if isinstance(value, Fault):
                self.findings.append(place.finding(value, shown(cell)))
                continue
            if value is not None and row is not None and column in row.not_for:
                fault = Fault("cell-barred", "表样在这一格不设数", "请核对科目，或换用表样")
                self.findings.append(place.finding(fault, shown(cell)))
                continue
            self.cells[self.form.id, row_id, column] = Cell(value, place)

    def _filled(self, segment: Segment, cells: Sequence[RawCell]) -> bool:
        return any(not is_blank(self._at(cells, at)) for at in segment.values.values())

    def _code(self, segment: Segment, cells: Sequence[RawCell]) -> str:
        """Return a code as digits: exports split it over three columns or keep it as a number."""
        return "".join(map(_whole, self._key_texts(segment, Holds.CODE, cells)))

    def _key(self, segment: Segment, holds: Holds, cells: Sequence[RawCell]) -> str:
        return "".join(self._key_texts(segment, holds, cells))

    def _key_texts(self, segment: Segment, holds: Holds, cells: Sequence[RawCell]) -> Iterator[str]:
        return (bare(self._at(cells, at)) for at in segment.keys.get(holds, ()))

    def _heading(self, segment: Segment, holds: Holds) -> str:
        places = segment.keys.get(holds) or segment.keys.get(Holds.LABEL) or [-1]
        return self._printed.get(places[0], "")

    @staticmethod
    def _at(cells: Sequence[RawCell], at: int) -> RawCell:
        return cells[at] if at < len(cells) else None

    def _fault(self, number: int | None, fault: Fault, column: str = "", value: str = "") -> None:
        place = Place(self.raw.file, self.raw.sheet, number, column)
        self.findings.append(place.finding(fault, value, Severity.ERROR))


def _labels(row: RowForm) -> set[str]:
    return {_plain(bare(label)) for label in (row.label, *row.also) if label}


def _whole(text: str) -> str:
    found = _WHOLE.fullmatch(text)
    return found[1] if found else text


def _plain(label: str) -> str:
    """Return a label without its ordinal (一、 or （一）) and without brackets, as years print it differently."""
    return re.sub(r"[（）、.．]", "", _ORDINAL.sub("", label))
