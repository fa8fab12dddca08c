"""From a YAML file to a survey's definition, strictly: what is doubtful is a finding with file, line and key path."""

from collections.abc import Collection, Mapping
from pathlib import Path

from tuodi.kernel.finding import Finding
from tuodi.kernel.form import Form, join
from tuodi.kernel.money import Ratio
from tuodi.kernel.yaml_nodes import Node, read_bytes, read_nodes
from tuodi.survey.definition import Cleaning, Condition, CountedOptions, Definition, Kind, Overall, Question

SCHEMA = "tuodi-survey/1"

MOST_QUESTIONS = 999
SLOWEST_SECONDS = 86_400

_CHOICES = frozenset({Kind.NOTICE, Kind.SINGLE, Kind.MULTIPLE, Kind.MATRIX})
_COUNTED = frozenset({Kind.SINGLE, Kind.MULTIPLE, Kind.MATRIX})
_WEIGHTED = frozenset({Kind.SINGLE, Kind.MATRIX})
_WITH_ROWS = frozenset({Kind.MATRIX, Kind.MATRIX_TEXT})
_OPEN = frozenset({Kind.TEXT, Kind.MATRIX_TEXT})
_KINDS_OF_KEY: dict[str, Collection[Kind]] = {
    "options": _CHOICES,
    "rows": _WITH_ROWS,
    "weights": _WEIGHTED,
    "share": _COUNTED,
    "groups": _OPEN,
    "feeds": _COUNTED | {Kind.PUBLISHED},
}


def load_definition(path: Path, shown_as: str = "") -> tuple[Definition | None, list[Finding]]:
    """Read one definition; None if any finding is an error. Never raises for any content of the file."""
    shown_as = shown_as or path.name
    data, unreadable = read_bytes(path, shown_as)
    if unreadable:
        return None, unreadable
    root, findings = read_nodes(data, shown_as)
    if root is None:
        return None, findings
    form = Form(shown_as, findings)
    optional = ("id", "period", "method", "source", "note", "cleaning", "recipients", "overall")
    values = form.fields(root, ("schema", "title", "questions"), optional)
    written = values.get("schema")
    if written is not None and form.text(written) != SCHEMA:
        form.fault(written, "schema-unknown", "不是这里能读的格式", f"请写 schema: {SCHEMA}")
    questions = _Questions(form).read(values.get("questions"))
    known = {question.id: question for question in questions}
    definition = Definition(
        id=_text_if_any(form, values.get("id")) or path.stem,
        title=form.text(values.get("title")),
        period=_text_if_any(form, values.get("period")),
        method=_text_if_any(form, values.get("method")),
        source=_text_if_any(form, values.get("source")),
        note=_text_if_any(form, values.get("note")),
        questions=questions,
        cleaning=_cleaning(form, values.get("cleaning")),
        recipients=_condition(form, values.get("recipients"), known),
        overall=_overall(form, values.get("overall"), known),
    )
    return (None if any(finding.is_error for finding in findings) else definition), findings


def _text_if_any(form: Form, node: Node | None) -> str:
    return "" if node is None else form.text(node)


def _cleaning(form: Form, node: Node | None) -> Cleaning:
    values = form.fields(node, (), ("minimum_seconds", "duplicate_columns", "drop_columns"))
    seconds = values.get("minimum_seconds")
    return Cleaning(
        minimum_seconds=0 if seconds is None else form.whole_number(seconds, 0, SLOWEST_SECONDS),
        duplicate_columns=form.texts(values.get("duplicate_columns")),
        drop_columns=form.texts(values.get("drop_columns")),
    )


def _condition(form: Form, node: Node | None, known: Mapping[str, Question]) -> Condition | None:
    if node is None:
        return None
    values = form.fields(node, ("question", "answers"))
    asked = values.get("question")
    name = form.text(asked)
    answers = form.texts(values.get("answers"))
    question = known.get(name)
    if asked is None:
        return Condition(name, answers)
    if question is None:
        advice = f"可用：{join(known)}" if known else "请先写出那一题"
        form.fault(asked, "survey-question-unknown", "前面没有这一题", advice)
    elif question.kind not in (Kind.SINGLE, Kind.MULTIPLE):
        form.fault(asked, "survey-condition-kind", "不是单选题或多选题，不能作条件", "请改用一道选择题")
    elif question.options:
        _known_options(form, values.get("answers"), answers, question.options)
    return Condition(name, answers)


def _known_options(form: Form, node: Node | None, named: Collection[str], options: Collection[str]) -> None:
    unknown = [name for name in named if name not in options]
    if unknown and node is not None:
        form.fault(
            node, "survey-option-unknown", "这一题没有这个选项", f"可用的选项：{join(options)}", value=join(unknown)
        )


def _overall(form: Form, node: Node | None, known: Mapping[str, Question]) -> Overall | None:
    if node is None:
        return None
    values = form.fields(node, ("name", "mean_of"))
    listed = values.get("mean_of")
    named = form.texts(listed)
    for name in named:
        question = known.get(name)
        if listed is not None and (question is None or not (question.weights or question.kind is Kind.PUBLISHED)):
            form.fault(listed, "survey-overall", "不是有满意度的题", "请只写有 weights 的题或 published 题", value=name)
    return Overall(form.text(values.get("name")), named)


class _Questions:
    """Reads the list of questions; a condition may only name a question read before."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.known: dict[str, Question] = {}

    def read(self, node: Node | None) -> tuple[Question, ...]:
        for item in self.form.items(node):
            question = self._question(item)
            if question.id in self.known:
                self.form.fault(
                    item, "survey-question-twice", "这个题号前面已经用过", "请为每一题写不同的题号", question.id
                )
            self.known.setdefault(question.id, question)
        numbers = [question.number for question in self.known.values() if question.number is not None]
        if node is not None and len(set(numbers)) != len(numbers):
            self.form.fault(node, "survey-number-twice", "两题写了同一个题号 number", "请核对问卷原文")
        return tuple(self.known.values())

    def _question(self, node: Node) -> Question:
        form = self.form
        values = form.fields(node, ("text", "kind"), ("id", "number", "shown_if", *_KINDS_OF_KEY))
        kind = form.choice(values.get("kind"), Kind, "survey-kind")
        number = values.get("number")
        printed = None if number is None else form.whole_number(number, 1, MOST_QUESTIONS)
        name = form.text(values["id"]) if "id" in values else str(printed or "")
        if values and not name:
            form.fault(
                node, "survey-question-unnamed", "没有 number，也没有 id", "请写题号 number，或另取 id", value=""
            )
        self._keys(node, values, kind)
        options = form.texts(values.get("options"))
        return Question(
            id=name,
            text=form.text(values.get("text")),
            kind=kind,
            number=printed,
            options=options,
            rows=form.texts(values.get("rows")),
            shown_if=_condition(form, values.get("shown_if"), self.known),
            weights=self._weights(values.get("weights"), options),
            share=self._share(values.get("share"), options),
            feeds=_text_if_any(form, values.get("feeds")),
            groups={group: form.texts(listed) for group, (_, listed) in form.named(values.get("groups")).items()},
        )

    def _keys(self, node: Node, values: Mapping[str, Node], kind: Kind) -> None:
        if not values:
            return
        for key, kinds in _KINDS_OF_KEY.items():
            if key in values and kind not in kinds:
                self.form.fault(
                    values[key], "survey-key-misplaced", f"{kind} 题用不到“{key}”", f"可用于：{join(sorted(kinds))}"
                )
        missing = [key for key, kinds in (("options", _COUNTED), ("rows", _WITH_ROWS)) if kind in kinds]
        for key in missing:
            if key not in values:
                self.form.fault(node, "survey-key-needed", f"{kind} 题缺少“{key}”", f"请补上“{key}”", value="")
        if "weights" in values and "share" not in values:
            advice = "请补上 share: {name: 满意及以上占比, options: [算作满意的选项]}"
            self.form.fault(node, "survey-share-needed", "有权重而没有写明哪些选项算作满意", advice, value="")
        if "feeds" in values and kind is not Kind.PUBLISHED and not {"weights", "share"} & set(values):
            self.form.fault(values["feeds"], "survey-feeds-nothing", "没有可供指标使用的数", "请补上 weights 或 share")
        if "feeds" in values and kind is Kind.MATRIX:
            self.form.fault(
                values["feeds"], "survey-feeds-matrix", "矩阵题有多行，不能直接供一个指标使用", "请用 overall 求平均"
            )

    def _weights(self, node: Node | None, options: Collection[str]) -> Mapping[str, Ratio]:
        if node is None:
            return {}
        entries = self.form.named(node)
        _known_options(self.form, node, entries, options)
        missing = [option for option in options if option not in entries]
        if missing:
            advice = "请为每个选项写权重；不计入满意度的选项请另设一题说明"
            self.form.fault(node, "survey-weight-missing", "有选项没有权重", advice, value=join(missing))
        return {name: self.form.ratio(value) for name, (_, value) in entries.items()}

    def _share(self, node: Node | None, options: Collection[str]) -> CountedOptions | None:
        if node is None:
            return None
        values = self.form.fields(node, ("name", "options"))
        named = self.form.texts(values.get("options"))
        _known_options(self.form, values.get("options"), named, options)
        return CountedOptions(self.form.text(values.get("name")), named)
