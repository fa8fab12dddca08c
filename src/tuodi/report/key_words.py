"""A bound figure's key in words, for people who compare two drafts: ``score.B12.points`` -> ``B12 预算执行率 得分``."""

from collections.abc import Mapping

_FIELDS = {
    "points": "得分",
    "weight": "权重",
    "rate": "得分率",
    "lost": "扣分",
    "formula": "计分过程",
    "actual": "实际值",
    "target": "目标值",
    "calculation": "计算",
    "reason": "扣分原因",
    "gain": "提高途径",
    "note": "规则说明",
    "by_printed_rule": "按印出规则的得分",
    "name": "名称",
    "code": "编码",
    "definition": "评价内容",
    "rule_text": "评分规则",
    "value": "数值",
    "unit": "单位",
    "source": "来源",
    "count": "人数",
    "share": "占比",
    "total": "合计",
    "text": "题目",
    "option": "选项",
    "number": "编号",
    "title": "名称",
    "finding": "核查情况",
    "problem": "问题",
    "cause": "原因",
    "advice": "建议",
    "responsible": "责任单位",
    "due": "时限",
    "from": "起点",
    "to": "上限",
    "answered": "答题人数",
    "check": "检查内容",
    "result": "检查结果",
    "answer": "回答",
    "question": "问题",
    "role": "对象",
    "amount": "金额",
    "voucher": "凭证号",
    "day": "日期",
    "from_whom": "提供单位",
    "page": "页码",
    "comment": "意见",
    "change": "修改",
    "response": "采纳情况",
    "dimension": "指标类别",
    "last_year": "上年完成值",
    "basis": "依据",
    "item": "项目",
    "detail": "说明",
}
_KINDS = {
    "score": "指标",
    "group": "类别",
    "scheme": "方案",
    "data": "数据",
    "survey": "问卷第",
    "project": "项目",
    "count": "计数",
    "linked": "整改对照表第",
    "execution": "资金执行",
    "evidence": "佐证材料",
    "layout": "版式",
    "fund": "资金行",
    "funds": "资金构成",
    "order": "序号",
}
_WHOLE = {
    "total": "总分",
    "grade": "等级",
    "total.rate": "总得分率",
    "total.weight": "总权重",
    "scheme.title": "方案名称",
    "execution.declared": "预算执行率",
    "execution.available": "含上年结转的执行率",
    "execution.roll": "推算的年末结余",
    "execution.closing": "年末结余",
    "execution.difference": "结余差额",
    "execution.arrived": "资金到位率",
    "execution.available.denominator": "含上年结转的可用资金",
    "evidence.amount": "核查金额",
    "evidence.share": "核查金额占比",
    "evidence.spent": "支出",
    "evidence.with_amount": "有金额的佐证材料份数",
    "count.deductions": "扣分指标数",
    "count.leaves": "末级指标数",
    "count.full": "得满分的指标数",
    "count.other_deductions": "摘要里没有列名的扣分指标数",
    "count.unscored": "尚未得分的指标数",
    "total.lost": "共扣分",
    "total.other_lost": "摘要里没有列名的指标共扣分",
    "total.leaves.points": "评分表合计得分",
    "total.leaves.weight": "评分表合计权重",
}


def spoken_key(key: str, names: Mapping[str, str]) -> str:
    """Return a key in words; what has no words stays as it is.

    ``names`` gives each indicator's name by its code, or the words of whole keys.
    """
    if key in names:
        return names[key]
    if key in _WHOLE:
        return _WHOLE[key]
    kind, _, rest = key.partition(".")
    subject, _, field = rest.rpartition(".")
    if field in _FIELDS and kind in _KINDS:
        if kind in ("score", "group", "scheme") and subject in names:
            return f"{subject} {names[subject]} {_FIELDS[field]}"
        return f"{_KINDS[kind]}{subject.replace('.', ' ')} {_FIELDS[field]}"
    return f"{_KINDS[kind]} {rest}" if kind in _KINDS and rest else key
