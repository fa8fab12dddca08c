"""What every template sees: the menu, who is signed in, whether people are made up."""

from typing import Any

from django.http import HttpRequest

from tuodi.office.models import County
from tuodi.office.roles import ROLE_NAMES, Role
from tuodi.web.menu import menu_of


def office(request: HttpRequest) -> dict[str, Any]:
    """Return the values of the frame around each page."""
    actor = getattr(request, "actor", None)
    if actor is None:
        return {"menu": [], "county": None}
    county = County.objects.select_related("region").first()
    return {
        "menu": menu_of(actor, request.path) if request.is_ready else [],
        "county": county,
        "actor": actor,
        "role_names": "、".join(ROLE_NAMES[role] for role in Role if role in actor.roles),
    }
