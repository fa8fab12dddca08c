"""What stands in the cells of a self-evaluation table: values of a scoring result, bound to where they come from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from tuodi.evaluation.data import DeclaredTarget, FigureRow, ProjectItem
from tuodi.evaluation.rules.rates import completion
from tuodi.evaluation.rules.rule import Outcome, points_text
from tuodi.evaluation.scheme import Indicator, Scheme
from tuodi.evaluation.scoring import FundScore, Result, Score
from tuodi.kernel.finding import Fault
from tuodi.kernel.fragments import Figure, Fragment, Quote, Text, Words
from tuodi.kernel.money import decimal_text
from tuodi.kernel.quantity import PERCENT, parse_quantity, plain
from tuodi.report.self_evaluation.layout import Holds, LayoutCell, LayoutList, LayoutTable, Lists, Source, Unit

_WAN = 10_000
_YUAN_PER = {"": Fraction(1), "元": Fraction(1), "万元": Fraction(_WAN)}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a list: its level-1 and level-2 names, and the text of each kind of column."""

    level1: str
    level2: str
    texts: Mapping[Holds, Text]


class Values:
    """The values of one result as one table of a layout prints them."""

    def __init__(self, result: Result, table: LayoutTable) -> None:
        self._result = result
        self._table = table
        self._above = dict(_ancestors(result.scheme))

    def cell(self, cell: LayoutCell, key: str) -> Text:
        """Return a cell's words and value; the words are bound to the layout by ``key``."""
        value = self._value(cell) if cell.source else ()
        parts: list[Fragment] = [Quote(f"{key}.text", cell.text)] if cell.text else []
        parts.extend(value)
        if cell.source is Source.PROJECT and cell.after and not value:
            # Room to write what is not known: （    年度）.
            parts.append(Words("    "))
        if cell.after:
            parts.append(Quote(f"{key}.after", cell.after))
        return tuple(parts)

    def lines(self, spec: LayoutList) -> list[Line]:
        """Return the rows of a list in the scheme's or the data's order."""
        match spec.over:
            case Lists.INDICATORS:
                return [self._indicator(score) for score in self._result.scores]
            case Lists.TARGETS:
                sections = {low: high for high, lows in spec.dimensions.items() for low in lows}
                targets = enumerate(self._result.data.targets, 1)
                return [self._target(number, target, sections) for number, target in targets]
            case Lists.PAYMENTS:
                return list(self._payments(spec.items))
            case Lists.PEOPLE:
                members = (each for each in self._result.data.project if each.item in spec.items)
                return [_person(each) for each in members if each.value or each.detail]

    def _value(self, cell: LayoutCell) -> Text:
        match cell.source:
            case Source.PROJECT:
                return self._project(cell.of)
            case Source.FIGURE:
                return self._amount(_with_part(cell.of[0], cell.part), money=False)
            case Source.FUND:
                return self._fund(cell.of[0], cell.part)
            case Source.FUNDS:
                name = getattr(self._result.scheme.funds, cell.of[0])
                return self._amount(name) if name else ()
            case _:
                return self._of_result(cell.of[0])

    def _project(self, items: tuple[str, ...]) -> Text:
        """Return the first item that is filled in; of a person without a name the office held."""
        for item in items:
            for each in self._result.data.project:
                if each.item == item and (each.value or each.detail):
                    return _quote(f"project.{item}", each.value or each.detail)
        return ()

    def _fund(self, value: str, part: str) -> Text:
        fund = self._result.fund
        if fund is None:
            return ()
        match value:
            case "weight":
                return (Figure("scheme.fund_row.weight", points_text(fund.row.weight)),)
            case "rate":
                return _rate(fund)
            case "points":
                return () if fund.points is None else (Figure("fund.points", points_text(fund.points)),)
            case _:
                return self._amount(_with_part(getattr(fund.row, value), part))

    def _of_result(self, value: str) -> Text:
        result = self._result
        match value:
            case "title":
                return (Quote("scheme.title", result.scheme.title),)
            case "total":
                return () if result.total is None else (Figure("total", points_text(result.total)),)
            case "weight":
                return (Figure("total.weight", points_text(_whole_weight(result.scheme))),)
            case _:
                return (Quote("grade", result.grade),) if result.grade else ()

    def _amount(self, name: str, *, money: bool = True) -> Text:
        """Return an amount of the sheet 基础数据 in the table's unit; as it stands where it is no money."""
        row = self._result.data.figures.get(name)
        if row is None or not row.value:
            return ()
        key = f"data.基础数据.{name}"
        yuan = self._yuan(row) if money or row.unit else None
        return (Quote(key, f"{row.value}{row.unit}"),) if yuan is None else (Figure(key, self._money(yuan)),)

    def _yuan(self, row: FigureRow) -> Fraction | None:
        """Return a figure in yuan; None where it is no money."""
        per, quantity = _YUAN_PER.get(row.unit), parse_quantity(row.value)
        if per is None or isinstance(quantity, Fault) or quantity.operator or quantity.unit:
            return None
        return quantity.value * per

    def _money(self, yuan: Fraction) -> str:
        in_wan = self._table.unit is Unit.WAN
        return decimal_text(yuan / _WAN if in_wan else yuan, self._table.places, trimmed=in_wan)

    def _indicator(self, score: Score) -> Line:
        leaf, row = score.indicator, score.row
        names = self._above[leaf.code]
        level1 = names[0] if names else leaf.dimension
        level2 = names[1] if len(names) > 1 else leaf.dimension if names else ""
        place, scheme = f"data.指标.{leaf.code}", f"scheme.{leaf.code}"
        source = _quote(f"{place}.source", row.source) or _quote(f"{scheme}.data_source", leaf.data_source)
        texts = {
            Holds.NAME: _quote(f"{scheme}.name", leaf.name),
            Holds.TARGET: _quote(f"score.{leaf.code}.target", str(score.inputs.target) if score.inputs.target else ""),
            Holds.ACTUAL: actual_text(score),
            Holds.WEIGHT: (Figure(f"{scheme}.weight", points_text(leaf.weight)),),
            Holds.POINTS: ()
            if score.points is None
            else (Figure(f"score.{leaf.code}.points", points_text(score.points)),),
            Holds.COMPLETION: _completion(score),
            Holds.RATE: (Figure(f"score.{leaf.code}.rate", f"{score.rate}{PERCENT}"),) if score.rate else (),
            Holds.BASIS: _quote(f"{place}.basis", row.basis),
            Holds.LAST_YEAR: _quote(f"{place}.last_year", row.last_year),
            Holds.RULE: _quote(f"{scheme}.rule_text", leaf.rule_text),
            Holds.DATA_SOURCE: source,
            Holds.EVIDENCE: _quote(f"{place}.evidence", "、".join(score.evidence)),
            Holds.REASON: self._reason(score, score.row.reason),
            Holds.DEVIATION: self._reason(score, score.reason if score.lost else score.row.reason),
        }
        return Line(level1, level2, texts)

    def _reason(self, score: Score, reason: str) -> Text:
        """Return why points were lost, and what is to be done where the sheet 问题与建议 says it."""
        code = score.indicator.code
        text = _quote(f"score.{code}.reason", reason)
        measures = [
            Quote(f"data.问题与建议.{number}.advice", problem.advice)
            for number, problem in enumerate(self._result.data.problems, 1)
            if code in problem.codes and problem.advice
        ]
        for measure in measures:
            text += (Words("；改进措施：" if text else "改进措施："), measure)
        return text

    def _target(self, number: int, target: DeclaredTarget, sections: Mapping[str, str]) -> Line:
        place = f"data.申报目标.{number}"
        high, slash, low = target.dimension.partition("/")
        level1, level2 = (high, low) if slash else (sections.get(high, ""), high)
        texts = {
            Holds.NAME: _quote(f"{place}.name", target.name),
            Holds.TARGET: _quote(f"{place}.target", target.target),
            Holds.ACTUAL: self._reached(target.name),
            Holds.BASIS: _quote(f"{place}.basis", target.basis),
            Holds.LAST_YEAR: _quote(f"{place}.last_year", target.last_year),
            Holds.DATA_SOURCE: _quote(f"{place}.source", target.source),
        }
        return Line(level1, level2, texts)

    def _reached(self, name: str) -> Text:
        """Return what was reached under a target's name: an indicator of that name, else a figure of that name."""
        for score in self._result.scores:
            if name in (score.indicator.name, *score.indicator.other_names):
                return actual_text(score)
        row = self._result.data.figures.get(name)
        return _quote(f"data.基础数据.{name}", f"{row.value}{row.unit}") if row else ()

    def total(self, spec: LayoutList) -> Text:
        """Return the sum of a list of payments, empty where one of them is no amount."""
        amounts = [self._yuan(row) for name, row in self._result.data.figures.items() if _listed(name, spec.items)]
        known = [amount for amount in amounts if amount is not None]
        if not known or len(known) < len(amounts):
            return ()
        return (Figure(f"sum.{spec.total}", self._money(sum(known, Fraction(0)))),)

    def _payments(self, items: tuple[str, ...]) -> Iterator[Line]:
        data = self._result.data
        for name, row in data.figures.items():
            if not _listed(name, items):
                continue
            _, opened, part = name.partition("（")
            texts = {
                Holds.NAME: _quote(f"data.基础数据.{name}.name", part.removesuffix("）") if opened else name),
                Holds.AMOUNT: self._amount(name),
                Holds.VOUCHER: _quote(f"data.基础数据.{name}.evidence", self._vouchers(row)),
                Holds.NOTE: _quote(f"data.基础数据.{name}.source", row.source),
            }
            yield Line("", "", texts)

    def _vouchers(self, row: FigureRow) -> str:
        evidence = (self._result.data.evidence.get(number) for number in row.evidence)
        return "、".join(each.voucher for each in evidence if each and each.voucher)


def actual_text(score: Score) -> Text:
    """Return what was reached, as typed, or as computed."""
    code = score.indicator.code
    if score.computed is not None:
        return (Figure(f"score.{code}.actual", str(score.computed.value)),)
    return _quote(f"data.指标.{code}.actual", score.row.actual)


def differing(result: Result) -> Iterator[Text]:
    """Yield a note for every score that the printed rule would give otherwise."""
    if result.fund and result.fund.by_rule is not None and result.fund.points is not None:
        row = result.fund.row
        by_rule, points = points_text(result.fund.by_rule), points_text(result.fund.points)
        yield (
            Quote("scheme.fund_row.name", row.name),
            Words("：按执行率应得 "),
            Figure("fund.by_rule", by_rule),
            Words(" 分，本表为 "),
            Figure("fund.points", points),
            Words(" 分"),
            *((Words("；"), Quote("fund.note", result.fund.note)) if result.fund.note else ()),
            Words("。"),
        )
    for score in result.scores:
        if score.by_printed_rule is not None:
            code = score.indicator.code
            yield (
                Quote(f"scheme.{code}.name", score.indicator.name),
                Words("："),
                Quote(f"score.{code}.note", score.note),
                Words("。"),
            )


def _ancestors(scheme: Scheme) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield every leaf's code with the names above it, from the top down."""

    def below(node: Indicator, above: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
        if not node.children:
            yield node.code, above
        for child in node.children:
            yield from below(child, (*above, node.name))

    for node in scheme.indicators:
        yield from below(node, ())


def _whole_weight(scheme: Scheme) -> Fraction:
    fund = scheme.fund_row.weight if scheme.fund_row and scheme.fund_row.counts else Fraction(0)
    return sum((node.weight for node in scheme.indicators), fund)


def _rate(fund: FundScore) -> Text:
    if fund.executed is None:
        return ()
    return (Figure("fund.executed", f"{plain(fund.executed.value.value)}{PERCENT}"),)


def _completion(score: Score) -> Text:
    """Return the completion rate in percent; words that earned the full weight are complete."""
    rate = completion(score.inputs)
    if isinstance(rate, Outcome):
        target = score.inputs.target
        in_words = target is not None and not target.quantified and score.inputs.actual is not None
        if not (in_words and score.points == score.indicator.weight):
            return ()
        rate = Fraction(100)
    return (Figure(f"score.{score.indicator.code}.completion", plain(rate)),)


def _person(item: ProjectItem) -> Line:
    place = f"project.{item.item}"
    texts = {
        Holds.NAME: _quote(place, item.value),
        Holds.QUALIFICATION: _quote(f"{place}.detail", item.detail),
        Holds.NOTE: _quote(f"{place}.note", item.note),
    }
    return Line("", "", texts)


def _quote(key: str, text: str) -> Text:
    return (Quote(key, text),) if text else ()


def _with_part(name: str, part: str) -> str:
    return f"{name}（{part}）" if part else name


def _listed(name: str, items: tuple[str, ...]) -> bool:
    """Tell whether a figure is one of a list's: by its name, or by the name before its part in brackets."""
    return name in items or ("（" in name and name.partition("（")[0] in items)
