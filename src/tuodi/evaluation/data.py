"""What an evaluation's data say, once read: texts as they stood, each row with its place. Numbers are read where used.

The shapes are the sheets of ``data.xlsx`` (contract) and the folders of CSV files under ``examples/evaluations``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tuodi.kernel.finding import Fault, Finding, Severity


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stood."""

    file: str = ""
    sheet: str = ""
    row: int | None = None

    def finding(self, fault: Fault, column: str, value: str, severity: Severity = Severity.ERROR) -> Finding:
        """Return a fault of one cell of this row as a finding."""
        rule, message, advice = fault
        return Finding(
            rule=rule,
            message=message,
            advice=advice,
            severity=severity,
            file=self.file,
            sheet=self.sheet,
            row=self.row,
            column=column,
            value=value,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectItem:
    """One line about the project (sheet 项目): 委托单位, 报告编号, a date, a member of the team, a signature.

    ``item`` may come several times (成员); ``detail`` and ``note`` hold qualification and duty there.
    """

    item: str
    value: str
    detail: str = ""
    note: str = ""
    place: Place = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredTarget:
    """One target the unit declared itself (sheet 申报目标), e.g. 数量指标 / 住院救助人次 / ≥3000人次."""

    dimension: str
    name: str
    target: str
    last_year: str = ""
    basis: str = ""
    source: str = ""
    place: Place = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorRow:
    """One indicator's data (sheet 指标).

    ``target`` replaces the scheme's. ``actual`` is typed (``90.56%``, ``30437人``, words); ``numerator`` and
    ``denominator`` give a rate instead. ``awarded`` is what only an evaluator can give: points (``2.5``) or a share of
    the weight (``75%``, ``1/3``) or the name of a tier (``满分``). ``evidence`` are numbers of the sheet 佐证材料.
    """

    code: str
    target: str = ""
    actual: str = ""
    numerator: str = ""
    denominator: str = ""
    awarded: str = ""
    reason: str = ""
    evidence: tuple[str, ...] = ()
    source: str = ""
    last_year: str = ""
    basis: str = ""
    place: Place = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementRow:
    """One element of an indicator (sheet 要点), code ``A22.2``: met or not, or a counted ``value``, what was found."""

    code: str
    met: bool | None = None
    value: str = ""
    finding: str = ""
    evidence: tuple[str, ...] = ()
    place: Place = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """One piece of evidence (sheet 佐证材料); ``amount`` and ``day`` are texts until they are used."""

    number: str
    title: str
    voucher: str = ""
    day: str = ""
    amount: str = ""
    from_whom: str = ""
    page: str = ""
    place: Place = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """A named amount or count with its source (sheet 基础数据), which measures are computed from."""

    name: str
    value: str
    unit: str = ""
    source: str = ""
    evidence: tuple[str, ...] = ()
    place: Place = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemRow:
    """Deduction -> problem -> cause -> advice -> who -> by when (sheet 问题与建议); ``codes`` of indicators."""

    codes: tuple[str, ...]
    problem: str
    cause: str = ""
    advice: str = ""
    responsible: str = ""
    due: str = ""
    status: str = ""
    place: Place = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplianceRow:
    """One line of the compliance check (sheet 合规性检查); ``met`` says whether the result is clean."""

    number: str
    check: str
    result: str
    met: bool | None = None
    codes: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    place: Place = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewRow:
    """One question and answer of an interview (sheet 访谈); interviewees by role, never by name."""

    number: str
    role: str
    question: str
    answer: str
    day: str = ""
    place: Place = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentRow:
    """A comment on the draft (sheet 征求意见), from whom, and what was done with it."""

    from_whom: str
    comment: str
    response: str = ""
    change: str = ""
    place: Place = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyRow:
    """One counted option of a survey question (sheet 问卷统计), as ``tuodi survey`` exports it.

    ``answered``: how many answered the question, the base of shares; ``kind``: 单选, 多选 and so on.
    """

    question: str
    text: str
    option: str
    count: str
    answered: str = ""
    kind: str = ""
    place: Place = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationData:
    """Everything an evaluation's data hold. ``indicators``, ``elements`` and ``figures`` are found by code or name."""

    project: tuple[ProjectItem, ...] = ()
    targets: tuple[DeclaredTarget, ...] = ()
    indicators: Mapping[str, IndicatorRow] = field(default_factory=dict)
    elements: Mapping[str, ElementRow] = field(default_factory=dict)
    evidence: Mapping[str, EvidenceRow] = field(default_factory=dict)
    figures: Mapping[str, FigureRow] = field(default_factory=dict)
    problems: tuple[ProblemRow, ...] = ()
    compliance: tuple[ComplianceRow, ...] = ()
    interviews: tuple[InterviewRow, ...] = ()
    comments: tuple[CommentRow, ...] = ()
    surveys: tuple[SurveyRow, ...] = ()

    def project_value(self, item: str) -> str:
        """Return the first value given for an item, empty where there is none."""
        return next((each.value for each in self.project if each.item == item), "")
