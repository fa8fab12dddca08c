"""What templates need besides Django's own: amounts and counts as offices write them."""

from django import template

from tuodi.kernel.money import yuan_grouped

register = template.Library()


@register.filter
def yuan(fen: int | None) -> str:
    """Return an amount in yuan with thousands separators and two decimals; nothing for None."""
    return "" if fen is None else yuan_grouped(fen)


@register.filter
def counted(number: int | None) -> str:
    """Return a count with thousands separators; nothing for None."""
    return "" if number is None else f"{number:,}"
