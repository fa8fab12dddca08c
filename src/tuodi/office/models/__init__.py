"""The tables. Facts, results and the trail; amounts are integer fen, times are local (Asia/Shanghai)."""

from tuodi.office.models.cases import Case, Decision, Touch
from tuodi.office.models.contradictions import Contradiction, Proposal, Resolution
from tuodi.office.models.imports import ImportBatch, ImportChange, Sender
from tuodi.office.models.jobs import Job
from tuodi.office.models.people import Account, Enrolment, Holding, Household, Person, PlatformMark
from tuodi.office.models.regions import County, Region
from tuodi.office.models.settlements import (
    Accumulator,
    BenefitLine,
    FormerPayment,
    OwnerYear,
    PayerAnswer,
    Settlement,
    Withheld,
)
from tuodi.office.models.trail import TrailEntry, TrailHead
from tuodi.office.models.users import Assignment, Delegation, SecondFactor, User

__all__ = [
    "Account",
    "Accumulator",
    "Assignment",
    "BenefitLine",
    "Case",
    "Contradiction",
    "County",
    "Decision",
    "Delegation",
    "Enrolment",
    "FormerPayment",
    "Holding",
    "Household",
    "ImportBatch",
    "ImportChange",
    "Job",
    "OwnerYear",
    "PayerAnswer",
    "Person",
    "PlatformMark",
    "Proposal",
    "Region",
    "Resolution",
    "SecondFactor",
    "Sender",
    "Settlement",
    "Touch",
    "TrailEntry",
    "TrailHead",
    "User",
    "Withheld",
]
