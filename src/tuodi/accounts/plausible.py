"""What no identity tells: a code level that one table has and another lacks, and amounts in 万元 told as 元."""

from collections.abc import Iterator

from tuodi.accounts.cells import cell_name
from tuodi.accounts.disclosure import Accounts, Place
from tuodi.accounts.sheets import accounts_layout
from tuodi.accounts.table_set import Shape, TableForm
from tuodi.kernel.finding import Fault, Finding, Severity
from tuodi.kernel.money import yuan_grouped

_FEN_OF_YUAN = 100
_GRAND_TOTALS = ("income_grand", "expenditure_grand", "fiscal_income_grand", "fiscal_expenditure_grand")


def missing_levels(accounts: Accounts) -> Iterator[Finding]:
    """Yield each code with an amount that has no codes below it, though another table by codes has them."""
    codes = {
        table: [row for row in accounts.row_ids(table.id) if row.isdigit() and _row_place(accounts, table, row).row]
        for table in accounts.tables.tables
        if table.shape is Shape.CODES
    }
    for table, own in codes.items():
        for code in own:
            if _below(own, code):
                continue
            other = next(((each, low) for each, rows in codes.items() if (low := _below(rows, code))), None)
            if other is not None:
                named = "、".join(other[1][:4])
                fault = Fault(
                    "code-level-missing",
                    f"科目 {code} 在{table.number}没有下级科目，{other[0].number}有（{named}）",
                    f"请在{table.number}补上{code}的下级科目",
                )
                yield _row_place(accounts, table, code).finding(fault, code)


def _row_place(accounts: Accounts, table: TableForm, row: str) -> Place:
    """Return where a row with an amount stands; a place without a row where it has none."""
    cells = (accounts.cell((table.id, row, column.id)) for column in table.columns)
    return next((cell.place for cell in cells if cell.value), Place())


def _below(codes: list[str], code: str) -> list[str]:
    return [each for each in codes if each != code and each.startswith(code)]


def too_small(accounts: Accounts) -> Iterator[Finding]:
    """Yield a grand total that no department has in a year, once: the tables may be in 万元 without saying so."""
    least = accounts_layout().least_total_yuan
    for role in _GRAND_TOTALS:
        value = accounts.role(role)
        if value and 0 < value < least * _FEN_OF_YUAN:
            term = accounts.role_terms(role)[0]
            key = (term.table, term.row, term.column)
            fault = Fault(
                "amount-too-small",
                f"{cell_name(accounts, key)}只有 {yuan_grouped(value)} 元，像是以万元为单位的数",
                "请核对金额单位；以万元为单位的，在表头写明“金额单位：万元”",
            )
            yield accounts.cell(key).place.finding(fault, accounts.exactly(value), Severity.WARNING)
            return
