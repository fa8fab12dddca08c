"""The remark about one figure of the text that another figure of the text contradicts."""

from tuodi.audit.figures.amounts import Figure
from tuodi.audit.remark import Remark
from tuodi.audit.statements.stretches import Stretch
from tuodi.kernel.finding import Severity

Told = tuple[Stretch, Figure]
"""A figure and the stretch of text it stands in."""


def contradicted(rule: str, severity: Severity, odd: Told, usual: Told, message: str, advice: str) -> Remark:
    """Return the remark: ``odd`` is what is in doubt, ``usual`` what stands elsewhere and is expected."""
    (stretch, figure), (where, right) = odd, usual
    return Remark(
        rule=rule,
        severity=severity,
        place=stretch.at(figure.start),
        also=(where.at(right.start),),
        quote=stretch.quote(figure.start, figure.end),
        stated=figure.text,
        expected=right.text,
        message=message,
        advice=advice,
    )
