"""Answers as they are kept: for each person the options chosen, item by item; nothing that says who it was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tuodi.kernel.finding import Finding, Severity
from tuodi.kernel.form import join
from tuodi.survey.binding import Binding
from tuodi.survey.definition import Condition, Definition, Item, Kind
from tuodi.survey.options import OptionReader, is_no_answer

LONGEST_OPEN_ANSWER = 2_000
LONGEST_QUOTE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One person's answers: by item id the chosen options, or the one open answer; what is absent was not answered.

    ``row`` is the row in the file, ``seconds`` how long it took, ``group`` is shared by rows that count as duplicates.
    ``readable`` is False for a row that could not be cut into columns.
    """

    row: int
    given: Mapping[str, tuple[str, ...]]
    seconds: int | None = None
    group: int | None = None
    readable: bool = True

    def meets(self, condition: Condition) -> bool:
        """Tell whether one of the condition's answers was given."""
        return not set(self.given.get(condition.question, ())).isdisjoint(condition.answers)


class AnswerReader:
    """Reads rows of texts into answers by a definition; what cannot be read is a finding."""

    def __init__(
        self, definition: Definition, binding: Binding, headings: Sequence[str], file: str, sheet: str
    ) -> None:
        """Bind the items to their columns."""
        self.findings: list[Finding] = []
        self._file, self._sheet = file, sheet
        self._headings = headings
        self._readers = {question.id: OptionReader(question.options) for question in definition.questions}
        self._plan: list[tuple[Item, tuple[int, ...], tuple[str, ...]]] = []
        for item in definition.items():
            columns = binding.columns.get(item.question.id, ())
            parts = binding.parts.get(item.question.id, ())
            if item.row:
                columns = tuple(column for column, part in zip(columns, parts, strict=True) if part == item.row)
                parts = ()
            if columns and item.kind is not Kind.PUBLISHED:
                self._plan.append((item, columns, parts))

    def read(self, row: int, cells: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Return a row's answers."""
        given: dict[str, tuple[str, ...]] = {}
        for item, columns, parts in self._plan:
            if item.kind is Kind.TEXT:
                answer = _open(cells[columns[0]])
            elif parts:
                answer = self._ticked(row, item, cells, columns, parts)
            else:
                answer = self._chosen(row, item, cells[columns[0]], columns[0])
            if answer:
                given[item.id] = answer
        return given

    def _chosen(self, row: int, item: Item, cell: str, column: int) -> tuple[str, ...]:
        reader = self._readers[item.question.id]
        if is_no_answer(cell):
            return ()
        found = reader.choices(cell) if item.kind is Kind.MULTIPLE else [reader.read(cell)]
        if None in found:
            self._unknown(row, item, cell, column)
        return tuple(option for option in found if option is not None)

    def _ticked(
        self, row: int, item: Item, cells: Sequence[str], columns: Sequence[int], parts: Sequence[str]
    ) -> tuple[str, ...]:
        """Read a multiple question with a column for each option: 1 is chosen, 0 is not."""
        reader = self._readers[item.question.id]
        chosen: list[str] = []
        for column, part in zip(columns, parts, strict=True):
            cell = cells[column]
            if is_no_answer(cell) or cell == "0":
                continue
            if cell == "1" or reader.read(cell) == part:
                chosen.append(part)
            else:
                self._unknown(row, item, cell, column)
        return tuple(chosen)

    def _unknown(self, row: int, item: Item, cell: str, column: int) -> None:
        self.findings.append(
            Finding(
                rule="survey-answer-unknown",
                severity=Severity.WARNING,
                message="不是这一题的选项，未计入这一题",
                advice=f"请核对原始答卷；这一题的选项有：{join(item.question.options)}",
                file=self._file,
                sheet=self._sheet,
                row=row,
                column=self._headings[column],
                value=cell if len(cell) <= LONGEST_QUOTE else cell[:LONGEST_QUOTE] + "…",
            )
        )


def _open(cell: str) -> tuple[str, ...]:
    return () if is_no_answer(cell) else (" ".join(cell.split())[:LONGEST_OPEN_ANSWER],)


def keep_to_the_route(
    definition: Definition, responses: Sequence[Response], file: str, sheet: str
) -> tuple[list[Response], dict[str, int], list[Finding]]:
    """Drop answers to questions that the person should not have been shown; each is a warning.

    Returns the responses, how many people were shown each item, and the findings.
    """
    shown = {item.id: 0 for item in definition.items()}
    kept: list[Response] = []
    findings: list[Finding] = []
    for response in responses:
        given = dict(response.given)
        for item in definition.items():
            condition = item.question.shown_if
            # Conditions look back only, so what was dropped before counts as not answered here.
            asked = given.get(condition.question, ()) if condition else ()
            if condition is None or not set(asked).isdisjoint(condition.answers):
                shown[item.id] += 1
            elif given.pop(item.id, None) is not None:
                findings.append(
                    Finding(
                        rule="survey-skip-answered",
                        severity=Severity.WARNING,
                        message=f"第 {item.id} 题应当跳过，却有回答，未计入这一题",
                        advice=f"第 {condition.question} 题答“{join(condition.answers)}”的才答这一题，请核对跳转设置",
                        file=file,
                        sheet=sheet,
                        row=response.row,
                    )
                )
        kept.append(Response(row=response.row, given=given, seconds=response.seconds, group=response.group))
    return kept, shown, findings
