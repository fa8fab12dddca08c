"""Charts that Word can edit: a drawing in the page, its description as DrawingML, and the workbook behind it."""

import io
import re
from decimal import Decimal
from typing import NamedTuple

import xlsxwriter
from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import nsdecls

from tuodi.report.blocks import Chart, ChartKind
from tuodi.report.tables import CREATED
from tuodi.report.word.styles import BODY_FONT, LATIN_FONT
from tuodi.report.word.text import attribute, clean, paragraph, plain, runs

EMU_PER_CM = 360_000
SHEET = "数据"
COLOUR = "5B7FA6"

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_WIDTH_CM = 15.0
_ONE_PIECE = ' wrap="none"'
# The axis goes on beyond the longest bar: at the edge its label would be broken.
_HEADROOM = Decimal("1.2")


class Point(NamedTuple):
    """One bar: its value, and the number format that shows it as it is printed."""

    value: Decimal
    form: str


def points(chart: Chart) -> list[Point]:
    """Return the bars. Raises ValueError where a figure is no number, or names and figures differ in count."""
    if len(chart.values) != len(chart.categories) or not chart.values:
        raise ValueError(f"chart {chart.key}: {len(chart.categories)} names, {len(chart.values)} figures")
    return [_point(figure.text, chart.unit) for figure in chart.values]


def _point(printed: str, unit: str) -> Point:
    text = printed.replace(",", "").removesuffix(unit).strip()
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"a chart cannot show {printed}")
    decimals = len(text.partition(".")[2])
    whole = "#,##0" if "," in printed else "0"
    return Point(Decimal(text), f"{whole}.{'0' * decimals}" if decimals else whole)


def chart_xml(document: Document, chart: Chart, number: int) -> str:
    """Add the chart's parts to the document and return its paragraphs: the drawing, and the caption below."""
    package = document.part.package
    bars = points(chart)
    part = Part(PackURI(f"/word/charts/chart{number}.xml"), _CHART_TYPE, b"", package)
    book = Part(
        PackURI(f"/word/embeddings/chart{number}.xlsx"), CONTENT_TYPE.SML_SHEET, _workbook(chart, bars), package
    )
    part._blob = _chart_space(chart, bars, part.relate_to(book, RELATIONSHIP_TYPE.PACKAGE)).encode()
    link = document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    title = attribute(plain(chart.caption))
    drawing = (
        '<wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{round(_WIDTH_CM * EMU_PER_CM)}" cy="{round(_height_cm(chart) * EMU_PER_CM)}"/>'
        f'<wp:docPr id="{number}" name="图 {number}" descr="{title}"/><wp:cNvGraphicFramePr/>'
        f'<a:graphic><a:graphicData uri="{_CHART}"><c:chart xmlns:c="{_CHART}" r:id="{link}"/></a:graphicData>'
        "</a:graphic></wp:inline>"
    )
    # An exact line pitch would cut the picture off.
    form = '<w:keepNext/><w:spacing w:before="120" w:after="0" w:line="240" w:lineRule="auto"/>'
    shown = f"<w:r><w:drawing>{drawing}</w:drawing></w:r>"
    return paragraph(shown, "ChartCaption", form) + paragraph(runs(chart.caption), "ChartCaption")


def _height_cm(chart: Chart) -> float:
    count = len(chart.categories)
    return min(20.0, 1.4 + 0.85 * count) if chart.kind is ChartKind.BARS else 7.5


def _workbook(chart: Chart, bars: list[Point]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"created": CREATED})
        sheet = book.add_worksheet(SHEET)
        sheet.set_column(0, 0, 36)
        sheet.write_string(0, 1, _series_name(chart))
        for row, (name, bar) in enumerate(zip(chart.categories, bars, strict=True), 1):
            sheet.write_string(row, 0, clean(name))
            sheet.write_number(row, 1, bar.value, book.add_format({"num_format": bar.form}))
    return content.getvalue()


def _series_name(chart: Chart) -> str:
    return clean(chart.unit) or "数值"


def _with_unit(form: str, unit: str) -> str:
    quoted = clean(unit).replace('"', "")
    return f'{form}"{quoted}"' if quoted else form


def _chart_space(chart: Chart, bars: list[Point], workbook: str) -> str:
    is_bars = chart.kind is ChartKind.BARS
    look = _text_look()
    # A chart's first bar stands at the bottom unless the axis is turned round.
    order, side, other = ("maxMin", "l", "b") if is_bars else ("minMax", "b", "l")
    gap = 60 if is_bars else 90
    return (
        f'{_HEAD}<c:chartSpace xmlns:c="{_CHART}" xmlns:a="{_DRAWING}" {nsdecls("r")}><c:lang val="zh-CN"/>'
        '<c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>'
        f'<c:barChart><c:barDir val="{"bar" if is_bars else "col"}"/><c:grouping val="clustered"/>'
        f'<c:varyColors val="0"/>{_series(chart, bars)}<c:gapWidth val="{gap}"/><c:axId val="1001"/>'
        '<c:axId val="1002"/></c:barChart>'
        f'<c:catAx><c:axId val="1001"/><c:scaling><c:orientation val="{order}"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="{side}"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>'
        '<c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        '<c:spPr><a:ln w="9525"><a:solidFill><a:srgbClr val="A6A6A6"/></a:solidFill></a:ln></c:spPr>'
        f'{look}<c:crossAx val="1002"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/>'
        '<c:lblOffset val="100"/><c:noMultiLvlLbl val="1"/></c:catAx>'
        f'<c:valAx><c:axId val="1002"/><c:scaling><c:orientation val="minMax"/>{_ends(bars)}</c:scaling>'
        f'<c:delete val="1"/><c:axPos val="{other}"/><c:numFmt formatCode="General" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
        '<c:crossAx val="1001"/><c:crosses val="autoZero"/><c:crossBetween val="between"/></c:valAx>'
        '<c:spPr><a:noFill/></c:spPr></c:plotArea><c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f"<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{look}"
        f'<c:externalData r:id="{workbook}"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    )


def _ends(bars: list[Point]) -> str:
    """Bars begin at nought: an axis cut off below would exaggerate differences. Labels have room at the other end."""
    lowest, highest = min(bar.value for bar in bars), max(bar.value for bar in bars)
    end = f'<c:max val="{highest * _HEADROOM:f}"/>' if highest > 0 else ""
    return end + ('<c:min val="0"/>' if lowest >= 0 else "")


def _text_look(wrap: str = "") -> str:
    typefaces = f'<a:latin typeface="{LATIN_FONT}"/><a:ea typeface="{BODY_FONT}"/>'
    return (
        f'<c:txPr><a:bodyPr rot="0" vert="horz"{wrap}/><a:lstStyle/><a:p><a:pPr><a:defRPr lang="zh-CN" sz="1050" b="0">'
        f'<a:solidFill><a:srgbClr val="000000"/></a:solidFill>{typefaces}</a:defRPr></a:pPr>'
        '<a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'
    )


def _series(chart: Chart, bars: list[Point]) -> str:
    last = len(bars) + 1
    names = "".join(f'<c:pt idx="{at}"><c:v>{attribute(name)}</c:v></c:pt>' for at, name in enumerate(chart.categories))
    values = "".join(f'<c:pt idx="{at}"><c:v>{bar.value:f}</c:v></c:pt>' for at, bar in enumerate(bars))
    count = f'<c:ptCount val="{len(bars)}"/>'
    usual = bars[0].form
    return (
        '<c:ser><c:idx val="0"/><c:order val="0"/>'
        f'<c:tx><c:strRef><c:f>{SHEET}!$B$1</c:f><c:strCache><c:ptCount val="1"/><c:pt idx="0">'
        f"<c:v>{attribute(_series_name(chart))}</c:v></c:pt></c:strCache></c:strRef></c:tx>"
        f'<c:spPr><a:solidFill><a:srgbClr val="{COLOUR}"/></a:solidFill></c:spPr><c:invertIfNegative val="0"/>'
        f"{_labels(chart, bars, usual)}"
        f"<c:cat><c:strRef><c:f>{SHEET}!$A$2:$A${last}</c:f><c:strCache>{count}{names}</c:strCache></c:strRef></c:cat>"
        f"<c:val><c:numRef><c:f>{SHEET}!$B$2:$B${last}</c:f><c:numCache>"
        f"<c:formatCode>{usual}</c:formatCode>{count}{values}</c:numCache></c:numRef></c:val></c:ser>"
    )


def _labels(chart: Chart, bars: list[Point], usual: str) -> str:
    """Every label shows its figure as it is printed: those printed in another form than the first carry their own."""
    shown = (
        '<c:dLblPos val="outEnd"/><c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/>'
        '<c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/>'
    )
    plain_shape = "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"

    def label(form: str) -> str:
        code = attribute(_with_unit(form, chart.unit))
        return f'<c:numFmt formatCode="{code}" sourceLinked="0"/>{plain_shape}{_text_look(_ONE_PIECE)}{shown}'

    others = "".join(
        f'<c:dLbl><c:idx val="{at}"/>{label(bar.form)}</c:dLbl>' for at, bar in enumerate(bars) if bar.form != usual
    )
    return f"<c:dLbls>{others}{label(usual)}</c:dLbls>"
