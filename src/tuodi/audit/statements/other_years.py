"""Words that make a score or a grade another year's: 上年得分, 2023年度综合得分 in a paper on 2024."""

import re

from tuodi.audit.paper.model import Paper
from tuodi.audit.statements.names import fiscal_year

_BEFORE = re.compile(r"上年|去年|上一年|前一年|前年|往年|上期|上次|上轮|整改前")
_YEAR = re.compile(r"(20\d\d)年")
_STOPS = re.compile(r"[。；，、]")


def of_another_year(before: str, paper: Paper) -> bool:
    """Tell whether the last clause of ``before`` names last year, or years all earlier than the paper's own."""
    clause = _STOPS.split(before)[-1]
    if _BEFORE.search(clause):
        return True
    told = [int(year) for year in _YEAR.findall(clause)]
    own = fiscal_year(paper) if told else None
    return own is not None and max(told) < own
