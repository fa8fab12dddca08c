"""Places left blank in a template, and personal data that does not belong in a public paper."""

import re
from collections.abc import Iterator, Sequence

from tuodi.audit.material import Material
from tuodi.audit.paper.model import Block, Paragraph, Reading, Role, Table, readings
from tuodi.audit.remark import Remark, quoted
from tuodi.audit.statements.leftover_words import leftover_words
from tuodi.kernel.finding import Fault, Severity
from tuodi.kernel.idnumber import birth_date, check_character, mask

_LETTERS = re.compile(
    r"(?<![A-Za-z\d\-])(?:[Xx]{2,6}|×{2,6}|○{2,6})"
    r"(?=省|市|县|区|镇|乡|村|街道|局|委|公司|单位|部门|项目|年|月|日|亿元|万元|元|人|户|个|项|次|%|分|号|同志)"
)
_MASK = re.compile(r"(?<![A-Za-z])[Xx]{7,}(?![A-Za-z])")
_STARS = re.compile(r"\*{2,}(?=人|元|万元|个|户|次|年|月|日|%|份|项|县|市|区|局|公司|单位)")
_RULED = re.compile(r"_{3,}|＿{2,}")
_EMPTY_DATE = re.compile(r"(?<![\d一-龥])年月日(?![一-龥])")
_YEAR_SIGN_LEFT_OUT = re.compile(
    r"(?<![\dA-Za-z\-—.〔\[（【/])20[12]\d"
    r"(?=[县市区乡镇我本该][\u4e00-\u9fff]|(?!年)[\u4e00-\u9fff]{1,3}(?:县|区|市|镇)(?:医|财|人|民|政))"
)
_NUMBERED = re.compile(r"第?[一二三四五六七八九十\d]|（|附")
_FIRST_NUMBER = re.compile(r"(?:第一|一、|（一）|1[.、])")
_EMPTY_ROW = re.compile(r"指标\d：(?=$|\s|…|\.{3})")
_IDENTITY = re.compile(r"(?<![\dA-Za-z])\d{17}[\dXx](?![\dA-Za-z])")
_MOBILE = re.compile(r"(?<![\dA-Za-z.])1[3-9]\d{9}(?![\d.])")
_ALIAS = re.compile(r"^[^，。；：（）]{0,8}[（(](?:[^（）()]{0,6})?(?:化名|匿名|隐去|代称)")
LONGEST_ALIAS = 20
_ACCOUNT = re.compile(r"(?<![\dA-Za-z.])\d{16,19}(?![\dA-Za-z.])")


def placeholders(material: Material) -> Iterator[Remark]:
    """Signs that stand for something nobody filled in: XX, **, ____, 某某, a label in place of a name."""
    for reading in readings(material.paper):
        text = reading.text
        for match in _LETTERS.finditer(text):
            yield _blank(reading, match, f"占位符“{match.group()}”没有填写")
        if text.count("**") % 2:
            for match in _STARS.finditer(text):
                yield _blank(reading, match, f"占位符“{match.group()}”没有填写")
        for match in _RULED.finditer(text):
            yield _blank(reading, match, "横线处没有填写", Severity.INFO)
        for match in _YEAR_SIGN_LEFT_OUT.finditer(text):
            yield _blank(reading, match, f"“{match.group()}”后缺“年”字")
        for word in leftover_words().placeholders:
            found = next((each for each in re.finditer(re.escape(word), text) if not _is_alias(text, each)), None)
            if found is not None:
                yield _blank(reading, found, f"“{word}”是模板的占位文字，没有换成实际内容")
                break


def _is_alias(text: str, match: re.Match[str]) -> bool:
    """Tell whether the words stand for a name kept back on purpose: 某某家庭（化名）."""
    return _ALIAS.search(text[match.end() : match.end() + LONGEST_ALIAS]) is not None


def masked_numbers(material: Material) -> Iterator[Remark]:
    """A row of X where a telephone or account number stands: a mask or a blank; told once with their number."""
    hits = [(reading, match) for reading in readings(material.paper) for match in _MASK.finditer(reading.text)]
    if hits:
        reading, match = hits[0]
        message = f"号码处印的是 X，全文共 {len(hits)} 处：为公开而遮盖的不必改，没有填写的请补上"
        yield _blank(reading, match, message, Severity.INFO)


def empty_rows(material: Material) -> Iterator[Remark]:
    """Rows of a self-evaluation form that hold only the form's own words; told once with their number."""
    hits = [(reading, match) for reading in readings(material.paper) for match in _EMPTY_ROW.finditer(reading.text)]
    if hits:
        reading, match = hits[0]
        message = f"指标名称空白的模板行没有填写或删去，全文共 {len(hits)} 处"
        yield _blank(reading, match, message, Severity.INFO)


def empty_dates(material: Material) -> Iterator[Remark]:
    """Dates of signatures left empty; told once with their number."""
    hits = [(reading, match) for reading in readings(material.paper) for match in _EMPTY_DATE.finditer(reading.text)]
    if hits:
        reading, match = hits[0]
        yield _blank(reading, match, f"签字日期没有填写，全文共 {len(hits)} 处", Severity.INFO)


def empty_headings(material: Material) -> Iterator[Remark]:
    """A heading with nothing below it, where its neighbours have text."""
    blocks = [block for block in material.paper.blocks if isinstance(block, Table) or block.role is not Role.CONTENTS]
    for at, block in enumerate(blocks[:-1]):
        level = _heading_level(block)
        if level not in (1, 2) or level != _heading_level(blocks[at + 1]) or isinstance(block, Table):
            continue
        if _is_part_title(block, blocks[at + 1]):
            continue
        if block.text[-1] not in "。；：，" and _next_has_text(blocks, at + 1) and _has_text_before(blocks, at, level):
            yield Remark(
                rule="blank-left",
                place=block.place,
                quote=block.text,
                stated=block.text,
                message=f"标题“{block.text}”下面没有内容",
                advice="请补写，或删去标题",
            )


def _is_part_title(block: Paragraph, following: Block) -> bool:
    """Tell whether a heading without a number (摘要) stands above the numbered headings of its part."""
    numbered = isinstance(following, Paragraph) and _FIRST_NUMBER.match(following.text) is not None
    return numbered and _NUMBERED.match(block.text) is None


def _heading_level(block: Block) -> int | None:
    return block.level if isinstance(block, Paragraph) and block.role is Role.HEADING else None


def _next_has_text(blocks: Sequence[Block], at: int) -> bool:
    return at + 1 < len(blocks) and _heading_level(blocks[at + 1]) is None


def _has_text_before(blocks: Sequence[Block], at: int, level: int) -> bool:
    """Tell whether the heading is no item of a list of headings: text stands before it or a heading above it."""
    if not at:
        return False
    before = _heading_level(blocks[at - 1])
    return before is None or before < level


def personal_data(material: Material) -> Iterator[Remark]:
    """Identity numbers with a right check character, mobile numbers and bank accounts, shown masked."""
    for reading in readings(material.paper):
        for match in _IDENTITY.finditer(reading.text):
            number = match.group()
            if not isinstance(birth_date(number), Fault) and check_character(number) == number[17].upper():
                yield _personal(reading, match, "身份证号码")
        for match in _MOBILE.finditer(reading.text):
            yield _personal(reading, match, "手机号码")
        for match in _ACCOUNT.finditer(reading.text):
            before = reading.text[max(0, match.start() - 12) : match.start()]
            if any(word in before for word in leftover_words().account_words):
                yield _personal(reading, match, "银行账号")


def _personal(reading: Reading, match: re.Match[str], what: str) -> Remark:
    return Remark(
        rule="personal-data",
        severity=Severity.WARNING,
        place=reading.at(match.start()),
        quote=mask(match.group()),
        stated=mask(match.group()),
        message=f"文中印有{what}",
        advice="公开前删去或遮盖",
    )


def _blank(
    reading: Reading, match: re.Match[str] | None, message: str, severity: Severity = Severity.WARNING
) -> Remark:
    start, end = match.span() if match else (0, 0)
    return Remark(
        rule="blank-left",
        severity=severity,
        place=reading.at(start),
        quote=quoted(reading.text, start, end),
        stated=reading.text[start:end],
        message=message,
        advice="请填写或删去",
    )
