"""When an identity held ends: what the lists say, what a hand corrected, and death."""

from datetime import date, timedelta

from tuodi.office.models import Holding

DAY = timedelta(days=1)


def end_of(holding: Holding, died_on: date | None) -> date | None:
    """Return the last day an identity is held, None while it is open.

    A correction by hand counts instead of the lists. A list that no longer names somebody ends it on the day before.
    Nobody holds an identity after the day of death; one that would begin later ends before it begins: it is never held.
    """
    if holding.corrected:
        ends = [holding.corrected_end]
    else:
        ends = [holding.stated_end, holding.absent_on - DAY if holding.absent_on else None]
    return min((end for end in (*ends, died_on) if end is not None), default=None)
