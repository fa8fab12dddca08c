"""The worked examples of docs/algorithms/benefit.md, row by row against the program. The page's numbers are by hand."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

import pytest
import yaml

from tests.architecture.source import ROOT
from tuodi.assessment.rulebook import rulebook
from tuodi.assessment.words import ResultRow, result_rows
from tuodi.assessment.year import assess_years, people
from tuodi.intake.facts import Holding, Settlement
from tuodi.kernel.money import Fen, parse_yuan
from tuodi.kernel.terms import terms_from
from tuodi.policy.document import PolicyDocument
from tuodi.policy.loader import load_document

PAGE = ROOT / "docs" / "algorithms" / "benefit.md"
TERMS = terms_from(yaml.safe_load((ROOT / "terms" / "identities.yaml").read_text(encoding="utf-8"))["identities"])
FIRST = datetime(2025, 1, 1)

AMOUNTS = {"政策范围内": "inscp_scp_amt", "已报销": "hifp_pay", "起付线": "act_pay_dedc"}
CODES = {
    "医疗类别": "med_type",
    "险种": "insutype",
    "参保地": "insuplc_admdvs",
    "就医地": "mdtrtarea_admvs",
    "医院等级": "hosp_lv",
}
RESULTS = {
    "基数": "base_amt",
    "扣起付线": "deductible_used",
    "应付": "raw_amt",
    "限额剩余": "cap_left_before",
    "支付": "paid_amt",
}

Row = dict[str, str]


class Example(NamedTuple):
    title: str
    policy: str
    rows: tuple[Row, ...]


def examples() -> Iterator[Example]:
    for section in re.split(r"^#{2,3} ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE):
        title, _, text = section.partition("\n")
        if title.startswith("算例"):
            (policy,) = re.findall(r"^政策 `([a-z0-9-]+)`", text, re.MULTILINE)
            lines = [line for line in text.splitlines() if line.startswith("|")]
            head, _, *cells = [[cell.strip() for cell in line.strip()[1:-1].split("|")] for line in lines]
            yield Example(title, policy, tuple(dict(zip(head, row, strict=True)) for row in cells))


def _document(policy: str) -> PolicyDocument:
    built_in = ROOT / "policies" / f"{policy}.yaml"
    document, findings = load_document(built_in if built_in.exists() else ROOT / "tests" / "policies" / built_in.name)
    assert document is not None, findings
    return document


def _fen(cell: str) -> Fen | None:
    fen = parse_yuan(cell.replace(",", "")) if cell else None
    assert fen is None or isinstance(fen, int), cell
    return fen


def _assessed(example: Example) -> list[ResultRow]:
    """Assess an example's settlements a day apart, each person holding the row's identity on that day."""
    facts = [row for row in example.rows if row["结算"]]
    empty = Settlement(*[""] * 2, FIRST, *[""] * 5, *[0] * 12, False)
    settlements, holdings = [], []
    for number, row in enumerate(facts):
        moment = FIRST + timedelta(days=number)
        person = row.get("人员", "本人")
        holdings.append(Holding(person, row["身份"], moment.date(), moment.date(), row.get("家庭", "")))
        amounts = {name: _fen(row[label]) for label, name in AMOUNTS.items() if label in row}
        codes = {name: row[label] for label, name in CODES.items() if label in row}
        settlements.append(empty._replace(setl_id=str(number), psn_no=person, setl_time=moment, **amounts, **codes))
    book = rulebook([_document(example.policy)], TERMS)
    results = sorted(assess_years(book, people(holdings), settlements), key=lambda one: one.settlement.setl_time)
    return [line for one in results for line in result_rows(book, one)]


@pytest.mark.parametrize("example", list(examples()), ids=lambda example: example.title)
def test_算例与程序一致(example: Example) -> None:
    lines = _assessed(example)
    assert [line.benefit for line in lines] == [row["待遇"].strip("`") for row in example.rows]
    for line, row in zip(lines, example.rows, strict=True):
        said = {label: _fen(row[label]) for label in RESULTS}
        assert {label: getattr(line, name) for label, name in RESULTS.items()} == said, row


def test_每个算例都读到了() -> None:
    assert len(list(examples())) >= 11
