"""Drafting a short paper of the second generator: its places, projects, papers and ways of writing figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from random import Random

from tests.audit.planted.draft import Draft, Spec
from tests.audit.planted.model import Format, Heading
from tests.audit.planted.world import World
from tuodi.kernel.money import rounded

TEN_THOUSAND = 10_000
HUNDRED_MILLION = 100_000_000
COUNTIES = (
    "禾阳县",
    "澜溪县",
    "岚口区",
    "竹荫县",
    "砚台县",
    "汀洲区",
    "苇塘县",
    "梧岗区",
    "鹿鸣县",
    "云岫县",
    "墨池县",
    "朗山区",
)
PROJECTS = ("临时救助", "高龄津贴", "困境儿童生活保障", "残疾人两项补贴", "养老服务补助", "特困人员供养")
OTHER_PROJECTS = ("农村公路养护", "高标准农田建设", "中小学校舍维修", "河道清淤治理", "图书馆设备更新")
PAPERS = (
    ("关于印发《{subject}工作规程》的通知", "民发"),
    ("{subject}专项资金管理暂行办法", "财社规"),
    ("关于提前下达{year}年{subject}补助资金的通知", "财社"),
    ("关于进一步加强{subject}工作的意见", "政发"),
    ("{year}年{subject}工作要点", "民办"),
)
TOTALS = ("总 计", "共计", "合计数", "合计", "总计", "合 计", "累计")
MONEY = (
    Format("money", 2, divisor=TEN_THOUSAND, suffix="万元"),
    Format("money", 2, divisor=TEN_THOUSAND, trimmed=True, suffix="万元"),
    Format("money", 0, grouped=True, suffix="元"),
    Format("money", 0, suffix="元"),
)
HUNDRED_MILLIONS = Format("money", 4, trimmed=True, divisor=HUNDRED_MILLION, suffix="亿元")


def _world(rng: Random) -> World:
    county, *others = rng.sample(COUNTIES, 4)
    return World(
        county=county,
        others=tuple(others),
        city=rng.choice(("平江市", "沙州市", "临海市")),
        province=rng.choice(("江左省", "岭西省")),
        firm=rng.choice(("立诚会计师事务所", "众信咨询有限公司", "公衡评价事务所")),
        subject=rng.choice(PROJECTS),
        year=rng.choice((2020, 2021, 2022, 2023, 2024, 2025)),
    )


class Short(Draft):
    """A short paper in the making; figures are written in mixed ways, headings and tables differ from the first's."""

    def __init__(self, family: str, seed: int, attempt: int) -> None:
        super().__init__("second-" + family, seed, attempt, ("万元",))
        rng = self.rng
        self.world = _world(rng)
        self.habit = replace(
            self.habit,
            text_money=rng.choice(MONEY),
            table_money=replace(rng.choice(MONEY), suffix=""),
            percent=rng.choice(
                (
                    Format("percent", 2, suffix="%"),
                    Format("percent", 1, suffix="%"),
                    Format("percent", 1, trimmed=True, suffix="％"),
                    Format("percent-words", 2),
                    Format("percent-chinese", 1, trimmed=True),
                )
            ),
            date=rng.choice(("date", "point-date", "dash-date", "slash-date", "chinese-date")),
            paper=rng.choice(("〔{0}〕{1}号", "［{0}］{1}号", "﹝{0}﹞{1}号", "({0}){1}号", "〔{0}〕第{1}号")),
        )
        self.habit = replace(self.habit, unit="万元" if self.habit.table_money.divisor == TEN_THOUSAND else "元")
        self.shape = rng.choice(("{0}、", "{0}．", "（{0}）", "第{0}章 "))
        self.sum_word = rng.choice(TOTALS)
        self._papers = [
            (
                title.format(year=self.world.year, subject=self.world.subject).replace("《", "〈").replace("》", "〉"),
                office,
            )
            + (rng.randint(3, 120),)
            for title, office in rng.sample(PAPERS, 3)
        ]

    def section_head(self, text: str) -> None:
        """A numbered heading of the first level."""
        self.section = text
        counts = self._heading_counts
        counts[1] += 1
        kind = "count" if self.shape == "{0}．" else "chinese"
        number = self.put(Spec("*heading", Fraction(counts[1]), Format(kind)), "heading")
        if counts[1] > 1:
            wrong = tuple(Format(kind).write(Fraction(each)) for each in (counts[1] + 1, counts[1] - 1))
            self.tie("numbering", "word", number, wrong=wrong, others=(text,))
        self.blocks.append(Heading(1, self.shape.format(number) + text))

    def sentence(self, *wordings: str, **facts: Spec) -> dict[str, str]:
        """Print one paragraph in one of these wordings; return the character of each fact's first print."""
        text, at = self.say(*wordings, **facts)
        self.para(text)
        return at

    def rate(self, key: str, part: Fraction | int, whole: Fraction | int) -> Spec:
        """A percentage of two whole values, rounded as it is printed."""
        value = rounded(Fraction(part) * 100 / Fraction(whole), self.habit.percent.places)
        return self.percent(key, value)

    def large(self, key: str, value: Fraction) -> Spec:
        """Money in a sentence, in 亿元 where it is large enough and whole in 万元."""
        fits = value >= HUNDRED_MILLION and value % TEN_THOUSAND == 0
        return Spec(key, value, HUNDRED_MILLIONS if fits and self.rng.random() < 0.5 else self.habit.text_money)

    def date_in_text(self, key: str, value: date) -> Spec:
        """A date in the paper's form, sometimes without the year."""
        return self.day(key, value, short=self.habit.date == "date" and self.rng.random() < 0.3)

    def chinese(self, key: str, value: int, suffix: str = "") -> Spec:
        """A small number in Chinese numerals."""
        return Spec(key, Fraction(value), Format("chinese-count", 0, suffix=suffix))

    def points(self, key: str, value: Fraction) -> Spec:
        """Points with the word 分."""
        return Spec(key, value, replace(self.habit.score, suffix="分"))

    def points_only(self, key: str, value: Fraction) -> Spec:
        """Points in a table, without the word."""
        return Spec(key, value, self.habit.score)

    def unit_line(self) -> None:
        """The unit above a table, without a number of the table."""
        self.para(self.rng.choice(("单位：{0}", "金额单位：{0}", "（单位：{0}）")).format(self.habit.unit))

    def turned(self, rows: list[list[str]]) -> None:
        """A table, in half of the papers with rows and columns exchanged."""
        self.table([list(row) for row in zip(*rows, strict=True)] if self.rng.random() < 0.5 else rows)


def yuan(ten_thousands: int) -> Fraction:
    """Return money told in 万元 as yuan."""
    return Fraction(ten_thousands * TEN_THOUSAND)
