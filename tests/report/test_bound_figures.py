"""Every number in a report's body equals the value it is bound to, and no number stands there unbound."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from lxml import etree

from tuodi.commands.evaluations import read_evaluation
from tuodi.commands.score import answer
from tuodi.evaluation.scoring import Result, score_evaluation
from tuodi.kernel.fragments import Figure, Fragment, Quote
from tuodi.kernel.money import decimal_text
from tuodi.kernel.quantity import plain
from tuodi.report.blocks import Block, Cell, Chart, Gap, Heading, Report, Table
from tuodi.report.evaluation_report import COMPOSERS, compose
from tuodi.report.report_layout import layout_path, load_report_layout
from tuodi.report.self_evaluation.layout import self_layout
from tuodi.report.self_evaluation.tables import self_report
from tuodi.report.word.writer import write_report

REPORTS = ("jiaocheng-2024", "junshan-2022", "fukang-2024", "maqiao-2024")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def result_of(evaluation: str) -> Result:
    scheme, data, _ = read_evaluation(evaluation)
    assert scheme is not None
    return score_evaluation(scheme, data)


def report_of(result: Result) -> Report:
    path = layout_path(result.scheme.layout)
    layout, findings = load_report_layout(path, path.name, COMPOSERS)
    assert layout is not None, findings
    report = compose(result, layout)
    # The official tables name their figures otherwise; tests of their own (test_self_tables.py) hold them.
    table, _ = self_layout(layout.table) if layout.table else (None, [])
    official = self_report(result, table).blocks if table else ()
    return replace(report, blocks=tuple(block for block in report.blocks if block not in official))


def fragments(blocks: tuple[Block, ...]) -> Iterator[Fragment]:
    for block in blocks:
        match block:
            case Table():
                yield from block.caption
                for row in block.rows:
                    for cell in row:
                        assert isinstance(cell, Cell)
                        yield from cell.text
            case Chart():
                yield from block.caption
                yield from block.values
            case Gap():
                pass
            case _:
                yield from block.text


def bound(report: Report) -> Iterator[Fragment]:
    assert report.cover is not None
    yield from report.cover.title
    yield from report.cover.words
    for _, line in report.cover.lines:
        yield from line
    yield from fragments((*report.blocks, *report.annexes))


def number_of(text: str) -> tuple[str, Fraction, str] | None:
    """Read operator, number and unit; thousands separators, zeros at the end and a percent sign do not count."""
    match = re.fullmatch(r"([≥≤<>＞]?)(-?[0-9,]+(?:\.[0-9]+)?)([^0-9]*)", text)
    return (match[1], Fraction(match[2].replace(",", "")), match[3].rstrip("%")) if match else None


def spoken_day(text: str) -> str:
    """Write 2025-07-25 as 2025年7月25日; whatever is no day stays."""
    if not re.fullmatch("[0-9]{4}-[0-9]{2}(-[0-9]{2})?", text):
        return text
    return "".join(f"{int(part)}{unit}" for part, unit in zip(text.split("-"), "年月日", strict=False))


class Truth:
    """What each key is, looked up in the answer of ``score`` and the data, not through the composing code."""

    def __init__(self, result: Result) -> None:
        self.result = result
        said = answer(result)
        self.scores = {each["code"]: each for each in said["indicators"]}  # type: ignore[attr-defined]
        self.groups = {each["code"]: each for each in said["groups"]}  # type: ignore[attr-defined]
        self.said = said

    def figure(self, key: str) -> str | None:
        kind, _, rest = key.partition(".")
        subject, _, field = rest.rpartition(".")
        match kind:
            case "total":
                return self._total(rest)
            case "score":
                return self._score(self.scores[subject], field)
            case "group":
                return str(self.groups.get(subject, self.scores.get(subject))[{"points": "score"}.get(field, field)])
            case "scheme":
                return self._scheme(subject, field)
            case "project":
                return self._project(rest)
            case "data":
                return self._data(rest)
            case "linked":
                return self._linked(int(subject))
            case "survey":
                return self._survey(rest)
            case "count":
                return self._count(rest)
            case "order":
                return rest
            case "execution":
                return self._execution(rest)
            case "funds":
                return self._funds(rest)
            case "evidence":
                return self._evidence(rest)
        return None

    def _total(self, rest: str) -> str:
        tops = self.result.scheme.indicators
        weight = sum((node.weight for node in tops), Fraction(0))
        match rest:
            case "":
                return str(self.said["total"])
            case "rate":
                assert self.result.total is not None
                return decimal_text(self.result.total * 100 / weight, 2)
            case "weight" | "leaves.weight":
                return str(weight)
            case "lost":
                return decimal_text(sum(self._losses(), Fraction(0)), 2)
            case "other_lost":
                return decimal_text(sum(self._losses()[3:], Fraction(0)), 2)
        return decimal_text(sum((Fraction(str(each["score"])) for each in self.scores.values()), Fraction(0)), 2)

    def _losses(self) -> list[Fraction]:
        """Return what each indicator lost, the greatest first."""
        lost = [Fraction(str(each["weight"])) - Fraction(str(each["score"])) for each in self.scores.values()]
        return sorted((each for each in lost if each), reverse=True)

    def _money(self, name: str) -> Fraction:
        return Fraction(self.result.data.figures[name].value)

    def _execution(self, rest: str) -> str:
        names = self.result.scheme.funds
        spent, base = self._money(names.spent), self._money(names.received or names.budget)
        match rest:
            case "declared":
                return decimal_text(spent * 100 / base, 2)
            case "arrived":
                return decimal_text(base * 100 / self._money(names.budget), 2)
        opening, closing = self._money(names.opening), self._money(names.closing)
        rolled = {
            "available": spent * 100 / (base + opening),
            "available.denominator": base + opening,
            "roll": opening + base - spent,
            "difference": abs(closing - (opening + base - spent)),
        }
        return decimal_text(rolled[rest], 2)

    def _funds(self, rest: str) -> str:
        kind, _, field = rest.partition(".")
        total = sum(map(self._money, getattr(self.result.scheme.funds, kind)), Fraction(0))
        if field == "total":
            return decimal_text(total, 2)
        name = field.removesuffix("share").removesuffix(".")
        return decimal_text((self._money(name) if name else total) * 100 / total, 2)

    def _evidence(self, rest: str) -> str:
        amounts = [Fraction(row.amount) for row in self.result.data.evidence.values() if row.amount]
        spent = self._money(self.result.scheme.funds.spent)
        total = sum(amounts, Fraction(0))
        told = {"with_amount": Fraction(len(amounts)), "amount": total, "spent": spent, "share": total * 100 / spent}
        return decimal_text(told[rest], 2)

    def _score(self, score: dict[str, object], field: str) -> str | None:
        match field:
            case "points":
                return str(score["score"])
            case "lost":
                return decimal_text(Fraction(str(score["weight"])) - Fraction(str(score["score"])), 2)
            case "calculation":
                found = self.result.score_of(str(score["code"]))
                return found.computed.formula if found and found.computed else None
        return None if score[field] is None else str(score[field])

    def _scheme(self, subject: str, field: str) -> str | None:
        if subject.startswith("grades."):
            bands = {grade.name: grade.begins_at for grade in self.result.scheme.grades}
            begins = bands[subject.removeprefix("grades.")]
            full = sum((node.weight for node in self.result.scheme.indicators), Fraction(0))
            above = [each for each in (*bands.values(), full) if each > begins]
            return plain(min(above) if field == "to" else begins)
        return next(plain(node.weight) for node in self.result.scheme.nodes() if node.code == subject)

    def _data(self, rest: str) -> str | None:
        sheet, _, row = rest.partition(".")
        name, _, field = row.rpartition(".")
        if sheet == "基础数据":
            return self.result.data.figures[name].value
        if sheet == "佐证材料":
            return spoken_day(getattr(self.result.data.evidence[name], field))
        if sheet == "问题与建议":
            return spoken_day(getattr(self.result.data.problems[int(name) - 1], field))
        return None

    def _project(self, item: str) -> str:
        return spoken_day(self.result.data.project_value(item))

    def _linked(self, place: int) -> str:
        """Points lost by a problem's indicators; rows beyond the problems are the deductions nobody names."""
        lost = {c: Fraction(str(s["weight"])) - Fraction(str(s["score"])) for c, s in self.scores.items()}
        problems = self.result.data.problems
        named = {code for row in problems for code in row.codes}
        alone = [code for code, points in lost.items() if points and code not in named]
        codes = problems[place - 1].codes if place <= len(problems) else (alone[place - len(problems) - 1],)
        total = sum((lost[code] for code in codes), Fraction(0))
        return decimal_text(total, 2) if total else "—"

    def _survey(self, rest: str) -> str | None:
        question, _, tail = rest.partition(".")
        rows = [row for row in self.result.data.surveys if row.question == question]
        total = sum(int(row.count) for row in rows)
        if tail in ("total", "answered"):
            return str(total) if tail == "total" else rows[0].answered
        total = int(rows[0].answered or total)
        option, _, field = tail.rpartition(".")
        count = next(int(row.count) for row in rows if row.option == option)
        return str(count) if field == "count" else decimal_text(Fraction(count * 100, total), 2)

    def _count(self, rest: str) -> str | None:
        kind, _, subject = rest.partition(".")
        scores = list(self.scores.values())
        below = [s for s in scores if str(s["code"]).startswith(subject)] if subject else scores
        match kind:
            case "leaves":
                return str(len(below))
            case "full":
                return str(
                    sum(
                        s["score"] is not None and Fraction(str(s["score"])) == Fraction(str(s["weight"]))
                        for s in below
                    )
                )
            case "deductions":
                return str(len(self._losses()))
            case "other_deductions":
                return str(len(self._losses()) - 3)
            case "elements" | "met":
                return str(len(self._elements(subject, met=kind == "met")))
            case "level":
                return str(sum(node.level == int(subject) for node in self.result.scheme.nodes()))
        return None

    def _elements(self, code: str, *, met: bool) -> list[str]:
        """Return the elements of an indicator answered with yes or no, without the one that stands beside the count."""
        rule = next(leaf.rule for leaf in self.result.scheme.leaves() if leaf.code == code)
        beside = f"{code}.{len(getattr(rule, 'elements', ())) + 1}" if getattr(rule, "extra", "") else ""
        rows = self.result.data.elements.values()
        return [row.code for row in rows if row.code.rpartition(".")[0] == code and row.code != beside
                and row.met is not None and (row.met or not met)]  # fmt: skip


@pytest.mark.parametrize("evaluation", REPORTS)
def test_正文里的每个数等于它绑定的值(evaluation: str) -> None:
    result = result_of(evaluation)
    truth, checked = Truth(result), 0
    for fragment in bound(report_of(result)):
        if not isinstance(fragment, Figure):
            continue
        expected = truth.figure(fragment.key)
        assert expected is not None, fragment
        printed, known = number_of(fragment.text), number_of(expected)
        if printed is None or known is None:
            assert fragment.text == expected or fragment.text == "—", (fragment, expected)
        else:
            assert printed == known, (fragment, expected)
        checked += 1
    assert checked > 100


@pytest.mark.parametrize("evaluation", REPORTS)
def test_引文与方案和数据里的原文相同(evaluation: str) -> None:
    result = result_of(evaluation)
    known = {text.strip().rstrip("。；;，, ") for text in all_texts(result)}
    # A sentence says 目标值 100%, a table =100%.
    known |= {text.lstrip("=＝ ") for text in known}
    for fragment in bound(report_of(result)):
        if isinstance(fragment, Quote) and not fragment.key.startswith(("layout.", "project.")):
            assert fragment.text in known or fragment.text == "未说明", fragment


def all_texts(value: object) -> Iterator[str]:
    """Yield every text anywhere inside a result: scheme, data, scores."""
    seen: set[int] = set()
    stack = [value]
    while stack:
        each = stack.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict):
            stack.extend([*each.keys(), *each.values()])
        elif isinstance(each, list | tuple):
            stack.extend(each)
            yield str(each)
        elif hasattr(each, "__dataclass_fields__") and id(each) not in seen:
            seen.add(id(each))
            stack.extend(getattr(each, name) for name in each.__dataclass_fields__)
            stack.extend(getattr(each, name) for name in ("element_names",) if hasattr(each, name))
            yield str(each)


def test_Word_里没有未绑定的数字(tmp_path: Path) -> None:
    report = report_of(result_of("jiaocheng-2024"))
    path = tmp_path / "报告.docx"
    write_report(path, report)
    texts = {fragment.text for fragment in bound(report)}
    # Contents repeat each heading as one run: all its fragments are bound.
    texts |= {"".join(part.text for part in block.text) for block in report.blocks if isinstance(block, Heading)}
    texts |= {"".join(part.text for part in block.text) for block in report.annexes if isinstance(block, Heading)}
    with zipfile.ZipFile(path) as archive:
        body = etree.fromstring(archive.read("word/document.xml"))
    for run in body.iter(f"{W}t"):
        if re.search("[0-9]", run.text or "") and not any(each.tag == f"{W}sdt" for each in run.iterancestors()):
            whole = run.text or ""
            assert whole in texts or any(whole in text for text in texts), whole


def test_有一份金额读不出来_报告不写核查金额合计() -> None:
    result = result_of("maqiao-2024")
    assert any(each.key == "evidence.amount" for each in bound(report_of(result)) if isinstance(each, Figure))
    number, row = next((number, row) for number, row in result.data.evidence.items() if row.amount)
    spoilt = {**result.data.evidence, number: replace(row, amount="约一万")}
    data = replace(result.data, evidence=spoilt)
    figures = [each.key for each in bound(report_of(score_evaluation(result.scheme, data))) if isinstance(each, Figure)]
    assert "evidence.amount" not in figures and "evidence.share" not in figures
