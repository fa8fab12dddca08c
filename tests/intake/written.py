"""Small files of each format for the tests of intake: the same rows, written three ways."""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

Cells = Sequence[object]

SETTLEMENT_HEADER = (
    "setl_id", "psn_no", "setl_time", "med_type", "insutype", "insuplc_admdvs", "mdtrtarea_admvs", "fixmedins_code",
    "hosp_lv", "medfee_sumamt", "fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt",
    "act_pay_dedc", "hifp_pay", "cvlserv_pay", "hifes_pay", "hifmi_pay", "hifob_pay", "hifdm_pay", "oth_pay",
    "refd_setl_flag",
)  # fmt: skip
PERSON_HEADER = ("psn_no", "certno", "psn_name", "brdy", "identity", "begntime", "endtime", "family_no")

# 1000.00 = 50.00 + 30.00 + 20.00 + 900.00
SETTLEMENT = dict(
    zip(
        SETTLEMENT_HEADER,
        (
            "S001", "P001", "2024-05-06 10:20:30", "21", "390", "990101", "990101", "H99010100001",
            "2", "1000.00", "50.00", "30.00", "20.00", "900.00",
            "200.00", "500.00", "0.00", "0.00", "60.00", "0.00", "0.00", "0.00",
            "0",
        ),
        strict=True,
    )
)  # fmt: skip
PERSON = dict(
    zip(
        PERSON_HEADER,
        ("P001", "110101199003074530", "测试甲", "1990-03-07", "低保对象", "2024-01-01", "2024-12-31", "F01"),
        strict=True,
    )
)
MONEY = frozenset(name for name in (*SETTLEMENT_HEADER, "maf_pay", "premium", "paid_amt") if name[-3:] in (
    "amt", "pay", "edc", "ium"
))  # fmt: skip


def settlement(**changes: object) -> list[object]:
    """Return a good settlement row with some cells changed, in the order of SETTLEMENT_HEADER."""
    return [{**SETTLEMENT, **changes}[name] for name in SETTLEMENT_HEADER]


def person(**changes: object) -> list[object]:
    """Return a good roster row with some cells changed, in the order of PERSON_HEADER."""
    return [{**PERSON, **changes}[name] for name in PERSON_HEADER]


def csv_bytes(rows: Sequence[Cells], encoding: str = "utf-8-sig", end: str = "\r\n") -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator=end).writerows(rows)
    return text.getvalue().encode(encoding)


def write_csv(path: Path, rows: Sequence[Cells], encoding: str = "utf-8-sig", end: str = "\r\n") -> Path:
    path.write_bytes(csv_bytes(rows, encoding, end))
    return path


def write_xlsx(path: Path, rows: Sequence[Cells], sheet: str = "明细") -> Path:
    """Write cells by their type: text as text, numbers as numbers, dates with a date format."""
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet(sheet)
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for number, cells in enumerate(rows):
            for position, cell in enumerate(cells):
                if isinstance(cell, bool):
                    page.write_boolean(number, position, cell)
                elif isinstance(cell, date):
                    page.write_datetime(number, position, cell, moment)
                elif isinstance(cell, int | float | Decimal):
                    page.write_number(number, position, float(cell))
                elif cell is not None and cell != "":
                    page.write_string(number, position, str(cell))
    return path


def write_parquet(path: Path, rows: Sequence[Cells]) -> Path:
    """Write columns with the type their cells have."""
    header, *body = rows
    columns = [pa.array(list(column)) for column in zip(*body, strict=True)]
    pq.write_table(pa.Table.from_arrays(columns, names=[str(name) for name in header]), path)
    return path


def typed(header: Cells, cells: Cells) -> list[object]:
    """Return a row of texts as a workbook or a database holds it: amounts as numbers, moments as dates."""
    return [
        Decimal(str(cell)) if name in MONEY and cell != "" else moment(cell) if name == "setl_time" else cell
        for name, cell in zip(header, cells, strict=True)
    ]


def moment(cell: object) -> datetime:
    return datetime.fromisoformat(str(cell))
