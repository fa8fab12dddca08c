"""Final-accounts tables: sums inside each table, levels of the classification, and what two tables must share."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from tuodi.audit.figures.amounts import Figure
from tuodi.audit.figures.arithmetic import like
from tuodi.audit.material import Material
from tuodi.audit.remark import Remark
from tuodi.audit.statements.account_tables import AccountRow, AccountTable, table_of
from tuodi.audit.statements.account_words import account_words
from tuodi.kernel.finding import Severity
from tuodi.kernel.money import decimal_text

_FEN = Fraction(1, 100)


def check_code_levels(material: Material) -> Iterator[Remark]:
    """合计 against the classes (类), each class against its 款, each 款 against its 项, column by column."""
    for table in material.account_tables:
        if account_words().form(table.kind).shape != "coded":
            continue
        classes = [row for row in table.rows if len(row.code) == 3]
        if table.total is not None and classes:
            yield from _levels(table, table.total, classes, "total-differs")
        for row in table.rows:
            if len(row.code) in (3, 5) and (children := table.children(row)):
                yield from _levels(table, row, children, "subtotal-differs")


def _levels(table: AccountTable, whole: AccountRow, parts: Sequence[AccountRow], rule: str) -> Iterator[Remark]:
    for column in table.columns:
        figures = [part.amounts[column] for part in parts if column in part.amounts]
        if column in whole.amounts or figures:
            yield from _sum(table, whole, column, [(part.label, part.value(column)) for part in parts], figures, rule)


def _sum(
    table: AccountTable,
    whole: AccountRow,
    column: str,
    parts: Sequence[tuple[str, Fraction]],
    figures: Sequence[Figure],
    rule: str,
) -> Iterator[Remark]:
    """Compare an amount with the sum of its parts; amounts in 万元 may differ by what rounding leaves."""
    stated, value = whole.value(column), sum((value for _, value in parts), Fraction(0))
    if abs(stated - value) <= _slack([*figures, *([whole.amounts[column]] if column in whole.amounts else [])]):
        return
    model = whole.amounts.get(column) or figures[0]
    expected, printed = like(model, value), whole.amounts[column].text if column in whole.amounts else "空"
    listed = [f"{name} {like(model, amount)}" for name, amount in parts if amount]
    yield Remark(
        rule=rule,
        severity=Severity.ERROR,
        place=whole.place,
        quote=f"{table.title} {whole.label} {_column(column)} {printed}",
        stated=printed,
        expected=expected,
        message=f"{table.title}“{whole.label}”的{_column(column)}写 {printed}，"
        f"各项相加为 {expected}（{'＋'.join(listed) or '各项均为空'}），相差 {like(model, abs(stated - value))}",
        advice="请核对合计和各项，改正其中写错的一个",
    )


def _slack(figures: Iterable[Figure]) -> Fraction:
    """Return what rounding may leave: nothing for amounts to the fen, half a last digit each otherwise."""
    return sum((figure.step / 2 for figure in figures if figure.step > _FEN and figure.unit != "元"), Fraction(0))


def _column(column: str) -> str:
    return account_words().column_names.get(column, column)


def check_row_parts(material: Material) -> Iterator[Remark]:
    """In each row, the total column against the columns it sums (基本支出 + 项目支出 + …)."""
    for table in material.account_tables:
        for whole, parts in account_words().column_sums.get(table.kind, {}).items():
            if whole not in table.columns or not set(parts) <= set(table.columns):
                continue
            for row in table.rows:
                figures = [row.amounts[part] for part in parts if part in row.amounts]
                if figures:
                    named = [(_column(part), row.value(part)) for part in parts]
                    yield from _sum(table, row, whole, named, figures, "total-differs")


def check_economic_levels(material: Material) -> Iterator[Remark]:
    """Table by economic codes: 301 against 30101…, 人员经费合计 and 公用经费合计 against the classes they hold."""
    words = account_words()
    table = table_of(material.account_tables, "detail")
    if table is None:
        return
    classes = [row for row in table.rows if len(row.code) == 3]
    for row in classes:
        if children := table.children(row):
            yield from _levels(table, row, children, "subtotal-differs")
    persons = [row for row in classes if row.code in words.lists["personnel_classes"]]
    others = [row for row in classes if row.code not in words.lists["personnel_classes"]]
    for name, parts in (("personnel_total", persons), ("public_total", others)):
        for foot in table.named(words.lists[name])[:1]:
            if parts:
                yield from _levels(table, foot, parts, "total-differs")
    if classes and (whole := next((row for row in table.rows if row.name in words.lists["detail_total"]), None)):
        yield from _levels(table, whole, classes, "total-differs")


def check_two_sides(material: Material) -> Iterator[Remark]:
    """总表: income and expenditure, each the year's amount plus what is carried, and both 总计 equal."""
    lines = account_words().lines
    for kind, column in (("totals", "amount"), ("grant_totals", "total")):
        table = table_of(material.account_tables, kind)
        if table is None:
            continue
        income, spending = table.named(lines["income_total"]), table.named(lines["expenditure_total"])
        income_total = income[0] if income else None
        spending_total = next((row for row in reversed(spending) if row is not income_total), None)
        for total, year, carried in (
            (income_total, lines["year_income"], lines["income_carried"]),
            (spending_total, lines["year_expenditure"], lines["expenditure_carried"]),
        ):
            parts = [*table.named(year)[:1], *table.named(carried)]
            if total is not None and parts and parts[0].name in year:
                figures = [part.amounts[column] for part in parts if column in part.amounts]
                named = [(part.name, part.value(column)) for part in parts]
                yield from _sum(table, total, column, named, figures, "total-differs")
        if income_total is not None and spending_total is not None:
            yield from _same(
                table, income_total, column, table, spending_total, column, "收入总计应等于支出总计", "total-differs"
            )


def _same(
    first: AccountTable, one: AccountRow, column: str, second: AccountTable, other: AccountRow, column2: str, why: str,
    rule: str = "table-against-table",
) -> Iterator[Remark]:  # fmt: skip
    figures = [row.amounts[name] for row, name in ((one, column), (other, column2)) if name in row.amounts]
    if not figures or abs(one.value(column) - other.value(column2)) <= _slack(figures):
        return
    stated, expected = _printed(other, column2), _printed(one, column)
    yield Remark(
        rule=rule,
        severity=Severity.ERROR,
        place=other.place,
        quote=f"{second.title} {other.label} {_column(column2)} {stated}",
        stated=stated,
        expected=expected,
        message=f"{why}：{first.title}“{one.label}”{expected}，{second.title}“{other.label}”{stated}，"
        f"相差 {decimal_text(abs(one.value(column) - other.value(column2)), 2, grouped=True)}元",
        advice="请核对两处，改正其中写错的一个",
        also=(one.place,),
    )


def _printed(row: AccountRow, column: str) -> str:
    return row.amounts[column].text if column in row.amounts else "空"


def check_tables_agree(material: Material) -> Iterator[Remark]:
    """Identities between tables: year totals of 01, 02, 03; grants of 04 with 05; basic expenditure of 05 with 06."""
    lines = account_words().lines
    tables = material.account_tables
    totals, grants = table_of(tables, "totals"), table_of(tables, "grant_totals")
    for kind, names in (("income", lines["year_income"]), ("expenditure", lines["year_expenditure"])):
        table = table_of(tables, kind)
        if totals and table and table.total and (rows := totals.named(names)):
            why = "总表的本年合计应等于明细表的合计"
            yield from _same(totals, rows[0], "amount", table, table.total, "total", why)
    general = table_of(tables, "general")
    if grants and general and general.total and (rows := grants.named(lines["year_expenditure"])):
        why = "总表的一般公共预算财政拨款支出应等于支出决算表的合计"
        if "general" in rows[0].amounts:
            yield from _same(grants, rows[0], "general", general, general.total, "total", why)
    expenditure, detail = table_of(tables, "expenditure"), table_of(tables, "detail")
    yield from _within(expenditure, general)
    of_grants = detail is not None and "一般公共预算" in detail.title
    yield from _detail(general if of_grants else expenditure, detail)


def check_classes_agree(material: Material) -> Iterator[Remark]:
    """Each class of the 总表 against the expenditure tables; each kind of income against the income table."""
    words, tables = account_words(), material.account_tables
    totals, grants = table_of(tables, "totals"), table_of(tables, "grant_totals")
    for whole, column, kind in ((totals, "amount", "expenditure"), (grants, "general", "general")):
        table = table_of(tables, kind)
        if whole is None or table is None:
            continue
        for row in table.rows:
            listed = whole.named([row.name]) if len(row.code) == 3 else ()
            if len(listed) == 1:
                why = "总表各类支出应等于支出决算表同一类的合计"
                yield from _same(table, row, "total", whole, listed[0], column, why)
    income = table_of(tables, "income")
    if totals is None or income is None or income.total is None:
        return
    for column in ("superior", "business", "operating", "affiliated", "other"):
        listed = totals.named(words.column_words[column])
        if column in income.columns and len(listed) == 1:
            why = "总表各项收入应等于收入决算表同一项的合计"
            yield from _same(income, income.total, column, totals, listed[0], "amount", why)
    yield from _grants(totals, income)


def _grants(totals: AccountTable, income: AccountTable) -> Iterator[Remark]:
    """The three kinds of grants of the 总表 make the grants of the income table."""
    parts = [row for row in totals.rows if row.name.endswith("财政拨款收入")]
    figures = [row.amounts["amount"] for row in parts if "amount" in row.amounts]
    if income.total is None or "grant" not in income.total.amounts or not figures:
        return
    stated = sum((figure.value for figure in figures), Fraction(0))
    expected = income.total.amounts["grant"]
    if abs(stated - expected.value) > _slack([*figures, expected]):
        yield Remark(
            rule="table-against-table",
            severity=Severity.ERROR,
            place=parts[0].place,
            quote=f"{totals.title} {parts[0].name} {figures[0].text}",
            stated=like(figures[0], stated),
            expected=expected.text,
            message=f"{totals.title}的财政拨款收入为 {like(figures[0], stated)}，"
            f"{income.title}合计的财政拨款收入为 {expected.text}",
            advice="请核对两处，改正其中写错的一个",
            also=(income.total.place,),
        )


def _within(expenditure: AccountTable | None, general: AccountTable | None) -> Iterator[Remark]:
    """Grants of one code can never be more than all expenditure under it."""
    if expenditure is None or general is None:
        return
    for row in general.rows:
        whole = expenditure.coded(row.code) if row.code else expenditure.total
        for column in ("total", "basic", "project"):
            if whole is not None and row.value(column) > whole.value(column):
                why = "一般公共预算财政拨款支出不应大于全部支出"
                yield from _same(general, row, column, expenditure, whole, column, why)


def _detail(general: AccountTable | None, detail: AccountTable | None) -> Iterator[Remark]:
    words = account_words()
    if general is None or detail is None or general.total is None:
        return
    feet = [*detail.named(words.lists["personnel_total"])[:1], *detail.named(words.lists["public_total"])[:1]]
    if len(feet) < 2:
        feet = [row for row in detail.named(words.lists["detail_total"]) if not row.code][:1]
    for column, whole in (("amount", "total"), ("basic", "basic")):
        if column not in detail.columns:
            continue
        figures = [foot.amounts[column] for foot in feet if column in foot.amounts]
        stated = general.total.value(whole)
        value = sum((foot.value(column) for foot in feet), Fraction(0))
        known = [*figures, *([general.total.amounts[whole]] if whole in general.total.amounts else [])]
        if feet and known and abs(stated - value) > _slack(known):
            named = "＋".join(f"{foot.name} {_printed(foot, column)}" for foot in feet)
            yield Remark(
                rule="table-against-table",
                severity=Severity.ERROR,
                place=feet[0].place,
                quote=f"{detail.title} {named}",
                stated=like(known[0], value),
                expected=like(known[0], stated),
                message=f"{named}＝{like(known[0], value)}，"
                f"{general.title}合计的{_column(whole)}为 {like(known[0], stated)}，"
                f"相差 {like(known[0], abs(stated - value))}",
                advice="请核对两张表的这几个合计",
                also=(general.total.place,),
            )


def check_other_information(material: Material) -> Iterator[Remark]:
    """Procurement against its parts; operating cost never more than the public part of basic expenditure."""
    words = account_words()
    other, detail = table_of(material.account_tables, "other"), table_of(material.account_tables, "detail")
    if other is None:
        return
    whole = next(iter(other.named(words.lines["procurement_total"])), None)
    parts = other.named(words.lines["procurement_parts"])
    if whole is not None and parts:
        figures = [part.amounts["amount"] for part in parts if "amount" in part.amounts]
        if figures or whole.amounts:
            named = [(part.name, part.value("amount")) for part in parts]
            yield from _sum(other, whole, "amount", named, figures, "total-differs")
    foot = next(iter(detail.named(words.lists["public_total"])), None) if detail else None
    cost = other.named(words.lines["operating_cost"])
    if detail is None or foot is None or "basic" not in foot.amounts or not any(row.amounts for row in cost):
        return
    told = sum((row.value("amount") for row in cost), Fraction(0))
    if told > foot.value("basic"):
        model = foot.amounts["basic"]
        yield Remark(
            rule="table-against-table",
            severity=Severity.ERROR,
            place=cost[0].place,
            quote=f"机关运行经费 {like(model, told)}",
            stated=like(model, told),
            expected=model.text,
            message=f"机关运行经费 {like(model, told)} 大于{detail.title}基本支出中的公用经费 {model.text}，"
            "部分大于整体",
            advice="机关运行经费只含基本支出中的公用经费，请核对",
            also=(foot.place,),
        )
