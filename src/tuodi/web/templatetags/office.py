"""What templates need besides Django's own: amounts and counts as offices write them."""

from datetime import date

from django import template

from tuodi.kernel.money import yuan_grouped
from tuodi.office.access import Actor
from tuodi.office.models import ImportBatch
from tuodi.office.periods import period
from tuodi.office.roles import Action

register = template.Library()


@register.filter
def yuan(fen: int | None) -> str:
    """Return an amount in yuan with thousands separators and two decimals; nothing for None."""
    return "" if fen is None else yuan_grouped(fen)


@register.filter
def counted(number: int | None) -> str:
    """Return a count with thousands separators; nothing for None."""
    return "" if number is None else f"{number:,}"


@register.filter
def may_open(actor: Actor, batch: ImportBatch) -> bool:
    """Tell whether this user may open a batch's page: what is named need not be within reach."""
    return actor.may(Action.SEE_IMPORTS, batch.region_id)


@register.filter
def until(begin: date, end: date | None) -> str:
    """Return a period as lists write it."""
    return period(begin, end)
