"""Where a definition's questions stand in a file: by their text, else by their number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tuodi.kernel.finding import Finding, Severity
from tuodi.kernel.form import join
from tuodi.survey.definition import Definition, Kind, Question
from tuodi.survey.headings import AROUND, Heading, stem_and_parts
from tuodi.survey.options import OptionReader
from tuodi.survey.raw import RawSheet
from tuodi.survey.words import bare


@dataclass(slots=True)
class Binding:
    """The columns of each question by its id; for a split question the option or row that each column is."""

    columns: dict[str, tuple[int, ...]] = field(default_factory=dict)
    parts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def bind(definition: Definition, sheet: RawSheet, headings: Sequence[Heading]) -> Binding:
    """Find each question's columns among the headings that import has left; absent ones are warnings."""
    binding = Binding()
    free = list(headings)
    places = _by_text(definition, free)
    for question in definition.questions:
        found = places.get(question.id) or _by_number(question, free, places)
        if found:
            places[question.id] = found
            _bind_one(question, found, sheet, binding)
        elif question.kind not in (Kind.NOTICE, Kind.MATRIX_TEXT, Kind.PUBLISHED):
            # A notice has nothing to count, and what people wrote about themselves is rightly gone.
            binding.findings.append(_missing(question, sheet))
    bound = {position for positions in binding.columns.values() for position in positions}
    left = [heading.printed for heading in headings if heading.position not in bound]
    if left:
        message = f"问卷定义里没有这些列，未统计：{join(left)[:200]}"
        binding.findings.append(
            Finding(
                rule="survey-column-undefined",
                severity=Severity.INFO,
                message=message,
                advice="需要统计的，请在定义里补上这一题",
                file=sheet.file,
                sheet=sheet.sheet,
                row=sheet.header_row,
            )
        )
    return binding


def _by_text(definition: Definition, headings: Sequence[Heading]) -> dict[str, list[Heading]]:
    """Return the columns whose heading says what a question says, or begins with it."""
    found: dict[str, list[Heading]] = {}
    taken: set[int] = set()
    # The longer text first: 满意度的原因 is not the question 满意度.
    for question in sorted(definition.questions, key=lambda each: -len(each.text)):
        text = bare(question.text)
        exact = [h for h in headings if h.position not in taken and bare(h.text) == text]
        split = question.kind in (Kind.MULTIPLE, Kind.MATRIX, Kind.MATRIX_TEXT)
        if split and not exact:
            exact = [h for h in headings if h.position not in taken and bare(h.text).startswith(text)]
        if exact:
            same = [h for h in exact if h.number == question.number] or exact
            found[question.id] = same if split else same[:1]
            taken |= {h.position for h in found[question.id]}
    return found


def _by_number(question: Question, headings: Sequence[Heading], places: Mapping[str, list[Heading]]) -> list[Heading]:
    taken = {heading.position for found in places.values() for heading in found}
    wanted = bare(question.id)
    return [
        heading
        for heading in headings
        if heading.position not in taken
        and ((question.number is not None and heading.number == question.number) or bare(heading.printed) == wanted)
    ]


def _bind_one(question: Question, found: list[Heading], sheet: RawSheet, binding: Binding) -> None:
    named = question.rows or (question.options if question.kind is Kind.MULTIPLE and len(found) > 1 else ())
    if not named:
        binding.columns[question.id] = (found[0].position,)
        return
    reader = OptionReader(named)
    pairs = [
        (heading.position, reader.read(part)) for heading, part in zip(found, _parts(question, found), strict=True)
    ]
    unread = [found[place].printed for place, (_, part) in enumerate(pairs) if part is None]
    if len(found) == len(named) and unread:
        # As many columns as parts and unknown words: the order of the questionnaire decides.
        pairs = [(heading.position, part) for heading, part in zip(found, named, strict=True)]
        unread = []
    if unread:
        binding.findings.append(
            Finding(
                rule="survey-part-unknown",
                severity=Severity.WARNING,
                message=f"第 {question.id} 题没有这个选项或分题，该列未统计",
                advice=f"请核对列名或问卷定义；定义里有：{join(named)}",
                file=sheet.file,
                sheet=sheet.sheet,
                row=sheet.header_row,
                column=unread[0],
            )
        )
    kept: dict[str, int] = {}
    for position, part in pairs:
        if part is not None:
            kept.setdefault(part, position)
    binding.columns[question.id] = tuple(kept.values())
    binding.parts[question.id] = tuple(kept)


def _parts(question: Question, found: Sequence[Heading]) -> list[str]:
    """Return what each heading of a split question says beside the question's own text."""
    if all(heading.text.startswith(question.text) for heading in found):
        return [heading.text.removeprefix(question.text).strip(AROUND) for heading in found]
    return list(stem_and_parts([heading.text for heading in found])[1])


def _missing(question: Question, sheet: RawSheet) -> Finding:
    return Finding(
        rule="survey-question-missing",
        severity=Severity.WARNING,
        message=f"文件中没有第 {question.id} 题“{question.text}”这一列，没有这一题的统计",
        advice="请核对列名的题号和题目，或换一份导出文件",
        file=sheet.file,
        sheet=sheet.sheet,
        row=sheet.header_row,
    )
