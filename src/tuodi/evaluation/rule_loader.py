"""A ``rule:`` of a scheme file -> one of the kinds of rule, read strictly."""

from collections.abc import Callable, Mapping
from fractions import Fraction

from tuodi.evaluation.rules.bands import (
    Band,
    BandedSatisfaction,
    PiecewisePercentScale,
    ThreeTier,
    ThreeTierNumeric,
    Tier,
    ZeroTolerance,
)
from tuodi.evaluation.rules.elements import (
    AllOrNothing,
    ChecklistEqualShare,
    Condition,
    Item,
    ItemisedPoints,
    ThresholdPoints,
)
from tuodi.evaluation.rules.judged import (
    DeclaredShareDeduction,
    QualitativeBand,
    QualitativeBands,
    QualitativeUnquantified,
)
from tuodi.evaluation.rules.rates import (
    CompletionRateTimesWeight,
    DeductSharePerPoint,
    LinearShortfall,
    QuantitativeInProportion,
    RateTimesWeight,
    SelfEvalCompletion,
    StepDeductionAbsolute,
    StepDeductionShareOfWeight,
    SurveyShareTimesWeight,
    ThresholdElseRateTimesWeight,
)
from tuodi.evaluation.rules.rule import Rule
from tuodi.evaluation.target import Target, parse_target
from tuodi.kernel.form import Form, join
from tuodi.kernel.yaml_nodes import Node, Table

Fields = Mapping[str, Node]
_LARGEST_SHARE = Fraction(1)
_FULL_MARK = Fraction(100)


def read_rule(form: Form, node: Node | None) -> Rule | None:
    """Return the rule of one indicator; None, with a finding, where it is missing or of no known kind."""
    if node is None:
        return None
    if not isinstance(node, Table):
        form.fields(node, ["type"])
        return None
    kind = form.text(node.values.get("type"))
    entry = _KINDS.get(kind)
    if entry is None:
        form.fault(node.values.get("type", node), "rule-type", "没有这种评分规则", f"可用：{join(_KINDS)}")
        return None
    required, optional, read = entry
    fields = form.fields(node, ["type", *required], optional)
    return read(form, fields)


def _checklist(form: Form, fields: Fields) -> Rule:
    extra = form.fields(fields.get("extra"), ["name", "share"])
    return ChecklistEqualShare(
        elements=form.texts(fields.get("elements")),
        extra=form.text(extra.get("name")),
        extra_share=_share(form, extra.get("share")) if extra else Fraction(0),
    )


def _itemised(form: Form, fields: Fields) -> Rule:
    return ItemisedPoints(
        items=_items(form, fields.get("items")),
        deductions=_items(form, fields.get("deductions")),
        veto=form.text(fields.get("veto")),
    )


def _items(form: Form, node: Node | None) -> tuple[Item, ...]:
    items = []
    for each in form.items(node):
        fields = form.fields(each, ["name", "points"])
        items.append(Item(form.text(fields.get("name")), form.number(fields.get("points"))))
    return tuple(items)


def _threshold_points(form: Form, fields: Fields) -> Rule:
    conditions = []
    for each in form.items(fields.get("conditions")):
        entry = form.fields(each, ["name", "points", "target"])
        target = read_target(form, entry.get("target")) or Target("", "定性")
        if entry.get("target") is not None and not target.quantified:
            form.fault(entry["target"], "target-number", "这里的目标必须是数", "请写成 ≥95% 这样的条件")
        conditions.append(Condition(form.text(entry.get("name")), form.number(entry.get("points")), target))
    return ThresholdPoints(conditions=tuple(conditions))


def _all_or_nothing(form: Form, fields: Fields) -> Rule:
    return AllOrNothing(elements=form.texts(fields["elements"]) if "elements" in fields else ())


def _step_absolute(form: Form, fields: Fields) -> Rule:
    return StepDeductionAbsolute(step=_step(form, fields), points=form.number(fields.get("points")))


def _step_share(form: Form, fields: Fields) -> Rule:
    return StepDeductionShareOfWeight(step=_step(form, fields), share=_share(form, fields.get("share")))


def _step(form: Form, fields: Fields) -> Fraction:
    step = form.number(fields.get("step"))
    if step == 0 and "step" in fields:
        form.fault(fields["step"], "number-range", "每档的宽度是 0", "请写大于 0 的数")
        return Fraction(1)
    return step


def _per_point(form: Form, fields: Fields) -> Rule:
    return DeductSharePerPoint(share=_share(form, fields.get("share")))


def _self_eval(form: Form, fields: Fields) -> Rule:
    over = _share(form, fields.get("over_share")) if "over_share" in fields else Fraction(0)
    return SelfEvalCompletion(under_share=_share(form, fields.get("under_share")), over_share=over)


def _three_tier(form: Form, fields: Fields) -> Rule:
    return ThreeTier(
        full=_tier(form, fields.get("full")),
        passed=_tier(form, fields.get("pass")),
        zero=_tier(form, fields["zero"]) if "zero" in fields else None,
        pass_share=_share(form, fields.get("pass_share")),
    )


def _tier(form: Form, node: Node | None) -> Tier:
    fields = form.fields(node, ["condition"], ["words"])
    return Tier(form.text(fields.get("condition")), form.texts(fields["words"]) if "words" in fields else ())


def _three_tier_numeric(form: Form, fields: Fields) -> Rule:
    return ThreeTierNumeric(pass_share=_share(form, fields.get("pass_share")))


def _piecewise(form: Form, fields: Fields) -> Rule:
    full_to, pass_at = form.number(fields.get("full_to")), form.number(fields.get("pass_at"))
    if "pass_at" in fields and "full_to" in fields and full_to >= pass_at:
        form.fault(fields["pass_at"], "number-range", "合格界限不大于满分界限", "请核对两个界限")
        pass_at = full_to + 1
    pass_mark = form.number(fields.get("pass_mark"))
    if "pass_mark" in fields and pass_mark > _FULL_MARK:
        form.fault(fields["pass_mark"], "number-range", "合格分超过 100", "请按百分制填写合格分")
    return PiecewisePercentScale(full_to=full_to, pass_at=pass_at, pass_mark=pass_mark)


def _banded(form: Form, fields: Fields) -> Rule:
    bands = []
    for each in form.items(fields.get("bands")):
        entry = form.fields(each, ["from"], ["give", "rate_times", "points"])
        given = [name for name in ("give", "rate_times", "points") if name in entry]
        if entry and len(given) != 1:
            form.fault(each, "band-points", "每段要写且只写一种给分办法", "give: 满分，或 rate_times，或 points")
        if "give" in entry and form.text(entry["give"]) != "满分":
            form.fault(entry["give"], "band-points", "不认识的给分办法", "只能写 满分")
        bands.append(
            Band(
                begins_at=form.number(entry.get("from")),
                full="give" in entry,
                rate_times=form.number(entry["rate_times"]) if "rate_times" in entry else None,
                points=form.number(entry["points"]) if "points" in entry else Fraction(0),
            )
        )
    begins = [band.begins_at for band in bands]
    if begins != sorted(set(begins), reverse=True):
        form.fault(fields["bands"], "bands-order", "各段没有从高到低排列", "请按 from 从高到低写，不要重复", value="")
    return BandedSatisfaction(bands=tuple(bands) or (Band(Fraction(0)),))


def _qualitative_bands(form: Form, fields: Fields) -> Rule:
    bands = []
    for each in form.items(fields.get("bands")):
        entry = form.fields(each, ["name", "from", "to"], ["words"])
        words = form.texts(entry["words"]) if "words" in entry else ()
        low, high = _share(form, entry.get("from")), _share(form, entry.get("to"))
        if low > high:
            form.fault(each, "bands-order", "这一档的下限高于上限", "请核对 from 和 to", value="")
        bands.append(QualitativeBand(form.text(entry.get("name")), low, high, words))
    return QualitativeBands(bands=tuple(bands) or (QualitativeBand("", Fraction(0), Fraction(0)),))


def _share(form: Form, node: Node | None) -> Fraction:
    """Return a share of the weight from 0 to 1."""
    share = form.number(node)
    if node is not None and share > _LARGEST_SHARE:
        form.fault(node, "share-range", "比例超过 1", "请写成小数或分数，例如 20% 写 0.20")
        return _LARGEST_SHARE
    return share


def read_target(form: Form, node: Node | None) -> Target | None:
    """Return a target; it is written as text, e.g. ``"≥95%"``."""
    return None if node is None else parse_target(form.text(node))


def _plain(rule: Callable[[], Rule]) -> Callable[[Form, Fields], Rule]:
    return lambda form, fields: rule()


_KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...], Callable[[Form, Fields], Rule]]] = {
    "checklist_equal_share": (("elements",), ("extra",), _checklist),
    "itemised_points": (("items",), ("deductions", "veto"), _itemised),
    "threshold_points": (("conditions",), (), _threshold_points),
    "all_or_nothing": ((), ("elements",), _all_or_nothing),
    "rate_times_weight": ((), (), _plain(RateTimesWeight)),
    "survey_share_times_weight": ((), (), _plain(SurveyShareTimesWeight)),
    "completion_rate_times_weight": ((), (), _plain(CompletionRateTimesWeight)),
    "self_eval_completion": (("under_share",), ("over_share",), _self_eval),
    "step_deduction_absolute": (("step", "points"), (), _step_absolute),
    "step_deduction_share_of_weight": (("step", "share"), (), _step_share),
    "deduct_share_per_point": (("share",), (), _per_point),
    "linear_shortfall": ((), (), _plain(LinearShortfall)),
    "threshold_else_rate_times_weight": ((), (), _plain(ThresholdElseRateTimesWeight)),
    "quantitative_in_proportion": ((), (), _plain(QuantitativeInProportion)),
    "three_tier": (("full", "pass", "pass_share"), ("zero",), _three_tier),
    "three_tier_numeric": (("pass_share",), (), _three_tier_numeric),
    "piecewise_percent_scale": (("full_to", "pass_at", "pass_mark"), (), _piecewise),
    "banded_satisfaction": (("bands",), (), _banded),
    "zero_tolerance": ((), (), _plain(ZeroTolerance)),
    "qualitative_unquantified": ((), (), _plain(QualitativeUnquantified)),
    "declared_share_deduction": ((), (), _plain(DeclaredShareDeduction)),
    "qualitative_bands": (("bands",), (), _qualitative_bands),
}

RULE_TYPES = tuple(_KINDS)
"""Every kind a scheme may name."""
