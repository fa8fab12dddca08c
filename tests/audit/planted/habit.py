"""How one document writes its figures."""

from dataclasses import dataclass, replace
from random import Random

from tests.audit.planted.model import Format

TEN_THOUSAND = 10_000


@dataclass(frozen=True, slots=True)
class Habit:
    """How one document writes its figures."""

    text_money: Format
    table_money: Format
    unit: str
    percent: Format
    score: Format
    table_score: Format
    date: str
    caption: str
    paper: str
    headings: str


def habit(rng: Random, unit: str) -> Habit:
    """Draw how a document in this unit writes its figures."""
    grouped = rng.random() < 0.35
    trimmed = rng.random() < 0.4
    if unit == "万元":
        text = Format("money", 2, grouped=grouped, trimmed=trimmed, divisor=TEN_THOUSAND, suffix="万元")
        table = replace(text, suffix="")
    elif unit == "元":
        text = Format("money", 2, grouped=grouped, suffix="元")
        table = replace(text, suffix="")
    else:
        text = Format("money", 2, trimmed=trimmed, divisor=TEN_THOUSAND, suffix="万元")
        table = Format("money", 2, grouped=grouped)
    places = rng.choice((2, 2, 2, 1))
    score = Format("score", 2, trimmed=rng.random() < 0.8)
    return Habit(
        text_money=text,
        table_money=table,
        unit="元" if unit == "mixed" else unit,
        percent=Format("percent", places, trimmed=rng.random() < 0.4, suffix="%"),
        score=score,
        table_score=score if rng.random() < 0.7 else Format("score", 2),
        date=rng.choice(("date", "date", "date", "point-date", "dash-date")),
        caption=rng.choice(("表{0} {1}", "表{0}：{1}", "表{0}　{1}", "表 {0} {1}")),
        paper=rng.choice(("〔{0}〕{1}号", "〔{0}〕{1}号", "[{0}]{1}号", "（{0}）{1}号", "【{0}】{1}号")),
        headings=rng.choice(("chinese", "chinese", "arabic", "parts")),
    )
