"""How many wrong passwords lock the sign-in: by name and address together, by name alone, by address alone.

The first stops who guesses at one desk, the second who guesses one name from many addresses, the third who tries many
names from one. The library counts and keeps them; it knows one limit only, so the other two are held against it here.
Every lock ends by itself after ``AXES_COOLOFF_TIME`` without a counted failure; tries while it lasts do not prolong it.
"""

from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest


class SignInLock(AxesDatabaseHandler):
    """The library's handler with two more limits (``settings.FAILURES_OF_NAME``, ``settings.FAILURES_OF_ADDRESS``).

    A sign-in that succeeds forgets the failures of its own name at its own address only: else somebody with a user of
    their own could go on guessing others' passwords for ever.
    """

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Return the failures that count against ``AXES_FAILURE_LIMIT``; a full one where another limit is reached."""
        own = int(super().get_failures(request, credentials))
        lately = AccessAttempt.objects.filter(attempt_time__gte=get_cool_off_threshold(request))
        of_name = lately.filter(username=get_client_username(request, credentials))
        of_address = lately.filter(ip_address=request.axes_ip_address)
        is_full = _sum(of_name) >= settings.FAILURES_OF_NAME or _sum(of_address) >= settings.FAILURES_OF_ADDRESS
        return max(own, settings.AXES_FAILURE_LIMIT) if is_full else own


def _sum(attempts: Any) -> int:
    return attempts.aggregate(Sum("failures_since_start"))["failures_since_start__sum"] or 0
