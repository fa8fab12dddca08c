"""A report with everything a report may have, for an invented county: what the tests of the Word files lay out."""

import re
from dataclasses import replace

from tuodi.kernel.fragments import Figure, Fragment, Quote, Text, Words
from tuodi.report.blocks import (
    Align,
    Block,
    Cell,
    Chart,
    ChartKind,
    Cover,
    Gap,
    Heading,
    Paragraph,
    ParagraphStyle,
    Report,
    Table,
)

PROMPT = "请写明访谈的时间、对象和主要意见，不少于三段。"
INTERVIEW = Gap(name="访谈情况", title="访谈情况", prompt=PROMPT)
CAUSE = Gap(name="原因分析", title="原因分析", prompt="请逐项分析扣分的原因。")

LONG = (
    "本次评价以绩效目标为依据，采用比较法、因素分析法和公众评判法，对预算安排、资金拨付、救助对象认定、待遇计算和支付"
    "等环节逐项核对，“应救尽救”的落实情况另行抽查。评价组查阅了会议纪要、台账和凭证，走访了经办机构和救助对象。"
)


def words(text: str) -> Text:
    """Return prose; digits in it become figures bound to their own place, as a composer would have bound them."""
    parts: list[Fragment] = []
    for part in re.split(r"([0-9][0-9,.%—]*)", text):
        if part:
            parts.append(Figure(f"demo.{part}", part) if part[0].isdigit() else Words(part))
    return tuple(parts)


def figure(key: str, text: str) -> Text:
    return (Figure(key, text),)


def heading(level: int, text: str) -> Heading:
    return Heading(level, words(text))


def chapter(text: str) -> Heading:
    """Return a heading of the first level that begins a page."""
    return Heading(1, words(text), new_page=True)


def body(text: str) -> Paragraph:
    return Paragraph(words(text))


def cell(text: str, columns: int = 1, rows: int = 1, **more: object) -> Cell:
    return Cell(words(text), columns, rows, **more)  # type: ignore[arg-type]


FUNDS = Table(
    key="funds",
    caption=words("表1　资金到位和支出情况（单位：万元）"),
    widths=(4.0, 3.5, 3.5, 3.0),
    aligns=(Align.LEFT, Align.RIGHT, Align.RIGHT, Align.RIGHT),
    rows=(
        (cell("资金来源", rows=2), cell("金额", columns=2), cell("执行率", rows=2)),
        (cell("到位"), cell("支出")),
        (cell("中央资金"), cell("1,234.50"), cell("1,200.00"), cell("97.21%")),
        (cell("省级资金"), cell("345.60"), cell("345.60"), cell("100.00%")),
        (cell("县级资金"), cell("120.00"), cell("98.40"), cell("82.00%")),
        (cell("合计"), cell("1,700.10"), cell("1,644.00"), cell("96.70%")),
    ),
    header_rows=2,
    total=True,
)


def score_table(indicators: int = 34) -> Table:
    """Return a wide score table of three levels that goes over two landscape pages."""
    head = [cell(name) for name in ("一级指标", "二级指标", "三级指标", "分值", "目标值", "实际值", "得分", "评分说明")]
    rows = [tuple(head)]
    for at in range(indicators):
        row = []
        if at % 10 == 0:
            row.append(cell("过程" if at else "决策", rows=min(10, indicators - at)))
        if at % 5 == 0:
            row.append(cell("资金管理" if at % 2 else "绩效目标", rows=min(5, indicators - at)))
        reason = Quote(f"data.指标.{at}.reason", f"第{at + 1}项：按规定核对，资料完整；两处台账登记不及时，扣0.5分。")
        row += [
            cell("绩效目标合理性"),
            cell("3.00"),
            cell("≥95%"),
            cell("96.10%"),
            Cell(figure(f"score.{at}", "2.50")),
            Cell((reason,)),
        ]
        rows.append(tuple(row))
    rows.append((cell("合计", columns=3), cell("102.00"), cell(""), cell(""), cell("85.00"), cell("")))
    aligns = (Align.CENTRE,) * 2 + (Align.LEFT,) + (Align.RIGHT,) * 4 + (Align.LEFT,)
    return Table(
        key="scores",
        caption=words("附表1　绩效评价指标得分表"),
        widths=(1.8, 2.2, 3.6, 1.5, 1.8, 1.8, 1.5, 8.3),
        aligns=aligns,
        rows=tuple(rows),
        landscape=True,
        total=True,
    )


EMPTY = Table(
    key="appeals",
    caption=words("表2　异议处理情况"),
    widths=(5.0, 5.0),
    aligns=(Align.LEFT, Align.LEFT),
    rows=((cell("事项"), cell("处理结果")),),
    empty="本年没有异议。",
)

SATISFACTION = Chart(
    key="satisfaction",
    caption=words("图1　救助对象对各环节的满意度"),
    categories=("申请手续", "审核时间", "救助金额", "工作人员态度", "政策宣传是否清楚明白"),
    values=tuple(Figure(f"survey.{at}", text) for at, text in enumerate(("91.31", "88.20", "76.05", "95.00", "81.7"))),
    unit="%",
)
AGES = Chart(
    key="ages",
    caption=words("图2　受访者年龄构成（人）"),
    categories=("18岁以下", "18—45岁", "46—60岁", "60岁以上"),
    values=tuple(Figure(f"ages.{at}", text) for at, text in enumerate(("12", "105", "1,086", "97"))),
    unit="",
    kind=ChartKind.COLUMNS,
)

COVER = Cover(
    title=words("云岭县2024年度城乡医疗救助补助资金绩效评价报告"),
    lines=(
        ("项目名称", words("城乡医疗救助补助资金")),
        ("主管部门", words("云岭县医疗保障局")),
        ("委托单位", words("云岭县财政局")),
        ("评价机构", words("云岭县绩效评价中心（与第三方机构共同组成的评价工作组）")),
    ),
    foot=(words("云岭县绩效评价中心"), words("2025年6月")),
    number=words("编号：云绩评〔2025〕7号"),
)

_CHAPTERS = (
    ("一、项目基本情况", ("（一）项目背景", "（二）资金安排和使用", "（三）绩效目标")),
    ("二、评价工作情况", ("（一）评价目的和依据", "（二）评价方法", "（三）评价过程")),
    ("三、评价结论和指标分析", ("（一）综合结论", "（二）指标分析")),
    ("四、满意度调查", ("（一）调查对象", "（二）调查结果")),
    ("五、问题和建议", ("（一）主要问题", "（二）有关建议")),
)


def blocks(paragraphs: int) -> tuple[Block, ...]:
    """Return the chapters; each section has ``paragraphs`` long paragraphs."""
    found: list[Block] = []
    for title, sections in _CHAPTERS:
        found.append(chapter(title))
        for section in sections:
            found.append(heading(2, section))
            found += [body(LONG)] * paragraphs
            if section == "（二）资金安排和使用":
                found += [heading(3, "1.资金到位"), FUNDS]
                found.append(Paragraph(words("注：执行率＝支出÷到位。"), ParagraphStyle.NOTE))
                found.append(Paragraph(words("资料来源：县财政局拨付凭证第3号。"), ParagraphStyle.SOURCE))
            if section == "（三）绩效目标":
                found.append(Paragraph(words("1.救助人次不低于上年；"), ParagraphStyle.LIST))
                found.append(Paragraph(words("2.符合条件的对象救助率达到100%。"), ParagraphStyle.LIST))
            if section == "（二）调查结果":
                found += [SATISFACTION, body(LONG), AGES, EMPTY]
            if section == "（三）评价过程":
                found.append(INTERVIEW)
            if section == "（一）主要问题":
                found.append(CAUSE)
    return tuple(found)


def demo(paragraphs: int = 2, indicators: int = 34) -> Report:
    """Return the report: cover, contents of fifteen entries and more, tables, charts, gaps, a landscape annex."""
    annexes: tuple[Block, ...] = (
        chapter("附件1　指标得分"),
        score_table(indicators),
        Paragraph(words("注：得分按评分规则计算，保留两位小数。"), ParagraphStyle.NOTE),
        chapter("附件2　访谈提纲"),
        body(LONG),
    )
    return Report(
        id="yunling-2024",
        cover=COVER,
        blocks=blocks(paragraphs),
        annexes=annexes,
        header="云岭县医疗救助补助资金绩效评价报告",
    )


def with_text(report: Report, name: str, *text: str) -> Report:
    """Return the report with one passage written."""
    filled = tuple(
        replace(each, text=text) if isinstance(each, Gap) and each.name == name else each for each in report.blocks
    )
    return replace(report, blocks=filled)
