"""Cited documents: one title with two numbers, one number with two titles, forms that differ, brackets left open."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tuodi.audit.figures.citations import PROPER_BRACKETS, Citation, DocumentNumber, citations, lone_brackets
from tuodi.audit.figures.days import days
from tuodi.audit.material import Material
from tuodi.audit.paper.model import Paragraph, Place, Reading, readings
from tuodi.audit.remark import Remark, quoted
from tuodi.kernel.finding import Severity

SHORTEST_TITLE = 6
"""Shorter titles (实施方案) may well name several documents."""

_SIGNS = re.compile(r"[《》〈〉<>“”\"'‘’、，,\s·]")
_WRAPPED = re.compile(r"关于(?:印发|转发|下发|发布|公布)(.+?)的通知$")
_HALF_WRAPPED = re.compile(r"^关于(?:印发|转发|下发|发布|公布)(?=.)")
_ISSUER = re.compile(
    r"(?:政府|办公厅|办公室|局|部|委员会|委|院|厅|部门|中央|总会|公司|署|总局|省|市|县|区|州|镇|乡|中心|等)$"
)
_PLACE = re.compile(r"^(?:[\u4e00-\u9fff]{1,6}?(?:省|自治区|市|州|县|区|旗|镇))+")
_ENDING = re.compile(r"(?:的通知|（试行）|（暂行）)+$")
_MONEY_ORDER = re.compile(r"下达|拨付|追加|预拨|分配|清算|筹集")
_TITLE_YEAR = re.compile(r"(?<!\d)(20\d{2})年度?(?!远景|目标|规划|[-—~至])")


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation and where it stands."""

    citation: Citation
    reading: Reading

    @property
    def place(self) -> Place:
        """The place of its first character."""
        return self.reading.at(self.citation.start)

    @property
    def quote(self) -> str:
        """The citation with a little of what stands around it."""
        return quoted(self.reading.text, self.citation.start, self.citation.end)


def cited(material: Material) -> tuple[Cited, ...]:
    """Return every citation of a paper; the issuer of a number in running text is cut to one known from brackets."""
    found = [Cited(each, reading) for reading in readings(material.paper) for each in citations(reading.text)]
    return tuple(each for each in found if each.citation.number is None or each.citation.number.agency)


def same_title_other_number(material: Material) -> Iterator[Remark]:
    """One title printed with two document numbers."""
    by_title: dict[str, list[Cited]] = defaultdict(list)
    for each in cited(material):
        core = unwrapped(each.citation.title)
        if each.citation.number and len(core) >= SHORTEST_TITLE:
            by_title[core].append(each)
    for group in by_title.values():
        yield from _differing_numbers(group)


def _differing_numbers(group: Sequence[Cited]) -> Iterator[Remark]:
    counts = Counter(_key(each) for each in group)
    usual = max(counts, key=lambda key: (counts[key], len(key[0])))
    if len(counts) < 2:
        return
    model = next(each for each in group if _key(each) == usual)
    told: set[tuple[str, int, int]] = set()
    for each in group:
        key = _key(each)
        if key == usual or key in told or _is_series(each, model) or _is_contaminated(each, model):
            continue
        if _other_issuer(each, model):
            continue
        told.add(key)
        number, other = _told(each), _told(model)
        yield Remark(
            rule="document-number-differs",
            severity=Severity.ERROR,
            place=each.place,
            also=(model.place,),
            quote=each.quote,
            stated=number.text,
            expected=other.text,
            message=f"《{model.citation.title}》有两个文号：此处为{number.text}，另有 {counts[usual]} 处为{other.text}",
            advice="请核对原文件，统一文号；确为两个文件的，写全各自的题名",
        )


def _is_series(one: Cited, other: Cited) -> bool:
    """Tell whether both may be of one series: money orders come in batches, yearly papers every year."""
    if _MONEY_ORDER.search(one.citation.title) and _told(one).agency == _told(other).agency:
        return one.reading is other.reading or not _TITLE_YEAR.search(one.citation.title)
    return False


def _is_contaminated(one: Cited, other: Cited) -> bool:
    """Tell whether two numbers differ only by words of the sentence taken for the issuer's characters."""
    number, usual = _told(one), _told(other)
    return number.key[1:] == usual.key[1:] and any(
        longer.loose and longer.agency.endswith(shorter.agency)
        for longer, shorter in ((number, usual), (usual, number))
    )


def _other_issuer(one: Cited, other: Cited) -> bool:
    """Tell whether two papers of one name may be of two issuers, as the centre's 意见 and the province's are."""
    agencies = _told(one).agency, _told(other).agency
    if any(longer.endswith(shorter) for longer, shorter in (agencies, agencies[::-1])):
        return False
    issuers = _issuer_of(one), _issuer_of(other)
    return issuers[0] != issuers[1]


def _issuer_of(each: Cited) -> str:
    """Return who issued a document: the words in front of its title, inside or outside the brackets."""
    bare = _SIGNS.sub("", each.citation.title)
    inside = bare.partition("关于")[0]
    outside = re.search(r"[\u4e00-\u9fff]{0,12}$", _SIGNS.sub("", each.reading.text[: each.citation.start]))
    return inside or (outside[0] if outside else "")


def same_number_other_title(material: Material) -> Iterator[Remark]:
    """One document number printed with two titles; mere differences of wording around the same name are hints."""
    by_number: dict[tuple[str, int, int], list[Cited]] = defaultdict(list)
    for each in cited(material):
        if each.citation.number and each.citation.title:
            by_number[each.citation.number.key].append(each)
    for group in by_number.values():
        counts = Counter(unwrapped(each.citation.title) for each in group)
        # Of equally frequent titles the longer one is the fuller name.
        usual = max(counts, key=lambda core: (counts[core], len(core)))
        model = next(each for each in group if unwrapped(each.citation.title) == usual)
        told: set[str] = set()
        for each in group:
            core = unwrapped(each.citation.title)
            if core != usual and core not in told:
                told.add(core)
                yield _title_remark(each, model, counts[usual])


def _title_remark(each: Cited, model: Cited, count: int) -> Remark:
    slight = stem(each.citation.title) == stem(model.citation.title)
    return Remark(
        rule="document-title-differs",
        severity=Severity.INFO if slight else Severity.ERROR,
        place=each.place,
        also=(model.place,),
        quote=each.quote,
        stated=each.citation.title,
        expected=model.citation.title,
        message=f"文号{_told(each).text}的题名前后不一：此处为《{each.citation.title}》，"
        f"另有 {count} 处为《{model.citation.title}》",
        advice="请核对原文件，统一题名" + ("（只是写法不同的，统一写法）" if slight else ""),
    )


def number_forms(material: Material) -> Iterator[Remark]:
    """Numbers whose brackets differ from those of the same number elsewhere, or are of no official form; once each."""
    found = [(each, _told(each)) for each in cited(material) if each.citation.number]
    by_number: dict[tuple[str, int, int], set[tuple[str, str]]] = defaultdict(set)
    for _, number in found:
        by_number[number.key].add(number.brackets)
    usual = Counter(number.brackets for _, number in found).most_common(1)
    told: set[tuple[str, int, int]] = set()
    for each, number in found:
        form = PROPER_BRACKETS if PROPER_BRACKETS in by_number[number.key] else usual[0][0]
        if number.key in told or not number.odd and number.brackets in (form, PROPER_BRACKETS):
            continue
        told.add(number.key)
        what = _form_fault(number, alone=len(by_number[number.key]) == 1)
        yield Remark(
            rule="document-number-form",
            severity=Severity.INFO,
            place=each.place,
            quote=each.quote,
            stated=number.text,
            expected=number.proper,
            message=f"文号{number.text}{what}",
            advice=f"按公文格式写作{number.proper}",
        )


def _form_fault(number: DocumentNumber, *, alone: bool) -> str:
    if number.odd in ("年", "第", "年第"):
        return f"多写了“{number.odd}”字"
    if number.odd:
        return "括号前后不配对"
    return "年份的括号与文中其他文号不同" if alone else "年份的括号在文中有两种写法"


def open_brackets(material: Material) -> Iterator[Remark]:
    """A 《 without 》 or the reverse, and a full quotation mark that nothing closes in its paragraph."""
    for stretch in material.paper.paragraphs:
        for lone in lone_brackets(stretch.text):
            if lone.sign == "《" and stretch.text[-1] not in "。；：":
                continue
            missing = "》" if lone.sign == "《" else "《"
            yield _unclosed(stretch, lone.at, lone.sign, f"书名号“{lone.sign}”没有与之配对的“{missing}”")
        yield from _open_quotes(stretch)


def _open_quotes(stretch: Paragraph) -> Iterator[Remark]:
    opened, closed = stretch.text.count("“"), stretch.text.count("”")
    if opened == closed or not stretch.text.endswith("。"):
        return
    sign, missing = ("“", "”") if opened > closed else ("”", "“")
    # A quotation of several paragraphs opens each of them and closes the last only.
    if abs(opened - closed) == 1 and not stretch.text.startswith("“"):
        at = stretch.text.rfind(sign) if opened > closed else stretch.text.find(sign)
        yield _unclosed(stretch, at, sign, f"引号“{sign}”没有与之配对的“{missing}”", Severity.INFO)


def _unclosed(stretch: Paragraph, at: int, sign: str, message: str, severity: Severity = Severity.WARNING) -> Remark:
    return Remark(
        rule="citation-unclosed",
        severity=severity,
        place=stretch.at(at),
        quote=quoted(stretch.text, at, at + 1),
        stated=sign,
        message=message,
        advice="请补齐或删去",
    )


def impossible_years(material: Material) -> Iterator[Remark]:
    """A number of a year after the paper was made, or of a year long before the one its title speaks of."""
    made = _year_made(material)
    told: set[tuple[str, int, int]] = set()
    for each in cited(material):
        number = each.citation.number
        if number is None or number.key in told:
            continue
        subject = _TITLE_YEAR.findall(each.citation.title)
        if made is not None and number.year > made:
            told.add(number.key)
            yield _year_remark(each, number, f"文号{number.text}的年份晚于报告年份 {made} 年")
        elif len(subject) == 1 and number.year < int(subject[0]) - 1:
            told.add(number.key)
            yield _year_remark(each, number, f"题名说的是 {subject[0]} 年，文号{number.text}却是 {number.year} 年的")


def _year_remark(each: Cited, number: DocumentNumber, message: str) -> Remark:
    return Remark(
        rule="document-number-differs",
        place=each.place,
        quote=each.quote,
        stated=str(number.year),
        message=message,
        advice="请核对文号的年份",
    )


def _year_made(material: Material) -> int | None:
    """Return the latest year printed outside citations on the cover or at the end; None where the paper tells none."""
    told = [
        day.year
        for reading in material.paper.paragraphs
        if len(reading.text) <= 40 and "《" not in reading.text
        for day in days(reading.text)
        if day.month is not None and day.year is not None
    ]
    return max(told, default=None)


def unwrapped(title: str) -> str:
    """Return a title without inner brackets, issuer in front and 关于印发…的通知 around it, for comparing."""
    bare = _without_issuer(_SIGNS.sub("", title))
    match = _WRAPPED.match(bare)
    return _without_issuer(match[1]) if match else bare


def _without_issuer(title: str) -> str:
    issuer, mark, rest = title.partition("关于")
    return mark + rest if mark and _ISSUER.search(issuer) else title


def stem(title: str) -> str:
    """Return what is left of a title without places, 关于 and endings that are often left out."""
    bare = _HALF_WRAPPED.sub("", unwrapped(title))
    bare = _PLACE.sub("", bare.removeprefix("关于"))
    return _ENDING.sub("", bare.removeprefix("关于"))


def _told(each: Cited) -> DocumentNumber:
    number = each.citation.number
    if number is None:
        raise ValueError("the citation has no number")
    return number


def _key(each: Cited) -> tuple[str, int, int]:
    return _told(each).key
