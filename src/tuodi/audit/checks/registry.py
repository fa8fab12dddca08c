"""All checks, in the order a reviewer works."""

from collections.abc import Callable, Iterator

from tuodi.audit.checks.grades import check_grades, check_scale
from tuodi.audit.checks.rules import check_gaps, check_points
from tuodi.audit.checks.rules import check_scores as check_scores_by_rule
from tuodi.audit.checks.scores import check_group_scores, check_names, check_told_twice, check_totals
from tuodi.audit.checks.table_sums import (
    check_adjusted_budgets,
    check_products,
    check_subtotal_rows,
    check_total_columns,
    check_total_rows,
)
from tuodi.audit.checks.weights import check_each_indicator, check_levels, check_total_rates, check_weight_total
from tuodi.audit.material import Material
from tuodi.audit.remark import Remark

CHECKS: tuple[Callable[[Material], Iterator[Remark]], ...] = (
    check_total_rows,
    check_subtotal_rows,
    check_total_columns,
    check_products,
    check_adjusted_budgets,
    check_levels,
    check_weight_total,
    check_each_indicator,
    check_total_rates,
    check_told_twice,
    check_names,
    check_group_scores,
    check_totals,
    check_points,
    check_scores_by_rule,
    check_gaps,
    check_grades,
    check_scale,
)
