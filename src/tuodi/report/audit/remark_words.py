"""A remark in the words its reader sees beside the text."""

from tuodi.audit.remark import Remark
from tuodi.report.opinion_table import DEGREES


def remark_lines(remark: Remark) -> list[str]:
    """Return what is wrong, what is written and what it should be, what to do, and where else to look."""
    lines = [f"【{DEGREES[remark.severity]}】{remark.message}"]
    if remark.stated:
        lines.append(f"写的：{remark.stated}" + (f"；应为：{remark.expected}" if remark.expected else ""))
    elif remark.expected:
        lines.append(f"应为：{remark.expected}")
    lines.append(f"建议：{remark.advice}")
    if remark.also:
        lines.append("对照：" + "、".join(place.words() for place in remark.also))
    return lines
