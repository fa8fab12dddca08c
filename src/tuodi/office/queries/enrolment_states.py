"""The states of an enrolment, in words, and which of them count as insured."""

from typing import Final

from tuodi.intake.office_words import STATE, usual_word
from tuodi.office.models import Enrolment

RESIDENT, EMPLOYEE, ELSEWHERE, NONE = "resident", "employee", "elsewhere", "none"
"""Values of ``Enrolment.state``."""

UNKNOWN: Final = "unknown"
"""Somebody of whom no list of the year tells anything."""

STATES: Final = (RESIDENT, EMPLOYEE, ELSEWHERE, NONE, UNKNOWN)
INSURED: Final = (RESIDENT, EMPLOYEE, ELSEWHERE)
"""Who counts as insured in the coverage rate: insured anywhere, as long as the list says where."""


def state_words(state: str) -> str:
    """Return a state as people read it."""
    return "没有参保记录" if state == UNKNOWN else usual_word(STATE, state)


def state_of(enrolment: Enrolment | None) -> str:
    """Return what the year's list says of somebody, in words."""
    return state_words(UNKNOWN if enrolment is None else enrolment.state)
