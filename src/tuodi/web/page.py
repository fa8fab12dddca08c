"""A page: which action each of its methods needs. What is not stated is not allowed.

``@page(get=Action.SEE_PEOPLE)`` on a view; ``AccessTable`` refuses views without it. ``PUBLIC`` needs no sign-in.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from tuodi.office.access import Actor
from tuodi.office.roles import Action

PUBLIC: Final = "public"
SIGNED_IN: Final = "signed-in"
REFUSED: Final = 422
"""The status of a form that was refused: the browser and the pages' script both take it for "show it again"."""

View = Callable[..., HttpResponse]


class OfficeRequest(HttpRequest):
    """A request once ``AccessTable`` has let it through."""

    actor: Actor


def page(*, get: Action | str | None = None, post: Action | str | None = None) -> Callable[[View], View]:
    """State what a view's methods need: an Action, ``SIGNED_IN`` or ``PUBLIC``; a method not named answers 405."""
    access: Mapping[str, Any] = MappingProxyType({m: a for m, a in (("GET", get), ("POST", post)) if a is not None})

    def stated(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]
        return view

    return stated
