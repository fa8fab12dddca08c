"""Indicators with weights, rules and scores, for the bullet report and the self-evaluation form."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from random import Random

from tests.audit.planted.draft import amounts
from tuodi.kernel.money import rounded

GROUPS = (
    (
        "决策",
        (("立项程序合规性", "申报材料欠缺"), ("绩效目标明确性", "目标没有量化"), ("预算编制合理性", "测算依据不够细")),
    ),
    ("过程", (("资金使用规范性", "个别支出附件不全"), ("制度执行有效性", "制度落实有偏差"), ("资金到位率", ""))),
    ("产出", (("补助发放人数", ""), ("资料审核准确率", ""), ("资金发放及时性", "第二季度发放偏晚"))),
    ("效益", (("政策知晓率", ""), ("服务对象满意度", ""))),
)
HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator. With ``rate`` the score is weight times rate (percent), else ``flaw`` tells the deduction."""

    group: str
    name: str
    weight: Fraction
    score: Fraction
    rate: Fraction | None
    flaw: str


def indicators(rng: Random) -> list[Indicator]:
    """Draw all indicators of one paper; the weights make 100."""
    count = sum(len(each) for _, each in GROUPS)
    weights = iter(amounts(rng, HUNDRED, count, 5))
    found = []
    for group, names in GROUPS:
        for name, flaw in names:
            weight = Fraction(next(weights))
            if flaw:
                lost = Fraction(rng.randint(1, 4), 2) if rng.random() < 0.55 else Fraction()
                found.append(Indicator(group, name, weight, weight - lost, None, flaw))
            else:
                rate = Fraction(rng.choice((HUNDRED, rng.randint(820, 990) // 10)))
                found.append(Indicator(group, name, weight, rounded(weight * rate / HUNDRED, 2), rate, ""))
    return found


def grade(score: Fraction) -> str:
    """Return the grade of a score with the bands 90, 80 and 60."""
    return "优" if score >= 90 else "良" if score >= 80 else "中" if score >= 60 else "差"
