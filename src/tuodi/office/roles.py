"""The access table: which role may do which action. Where it may do it follows from the region of the assignment.

This is the one place that knows; pages, the interface and jobs ask ``may`` (``office.access``), and a test holds every
URL against a table written by hand. Administrators are three, none of whom sees a person's record (GB/T 22239).
"""

from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Role(StrEnum):
    """What somebody is in one region; the value is stored."""

    TOWN_CLERK = "town_clerk"
    COUNTY_CLERK = "county_clerk"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    ACCOUNTANT = "accountant"
    EVALUATOR = "evaluator"
    AUDITOR = "auditor"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"
    HOSPITAL = "hospital"


ROLE_NAMES: Final = MappingProxyType(
    {
        Role.TOWN_CLERK: "乡镇经办人",
        Role.COUNTY_CLERK: "县级经办人",
        Role.REVIEWER: "复核人",
        Role.APPROVER: "审批人",
        Role.ACCOUNTANT: "基金会计",
        Role.EVALUATOR: "绩效评价人",
        Role.AUDITOR: "审计人员",
        Role.SYSTEM_ADMIN: "系统管理员",
        Role.SECURITY_ADMIN: "安全管理员",
        Role.AUDIT_ADMIN: "审计管理员",
        Role.HOSPITAL: "医疗机构（仅接口）",
    }
)


KEPT_APART: Final = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.HOSPITAL})
"""Roles whose holder has no other role: the three administrators, and an institution's access."""


STANDS_IN_FOR_NOBODY: Final = KEPT_APART | {Role.EVALUATOR, Role.AUDITOR}
"""Roles whose holder does nobody else's work: who administers, evaluates or audits does none of what is looked at."""


class Action(StrEnum):
    """What can be done; the value stands in the trail."""

    USE_DESK = "use_desk"
    SEE_FIGURES = "see_figures"
    SEE_PEOPLE = "see_people"
    SEE_FULL_DATA = "see_full_data"
    CHANGE_PEOPLE = "change_people"
    CONFIRM_ACCOUNT = "confirm_account"
    EXPORT_PEOPLE = "export_people"
    SEE_SETTLEMENTS = "see_settlements"
    SEE_IMPORTS = "see_imports"
    UPLOAD_IMPORT = "upload_import"
    CONFIRM_IMPORT = "confirm_import"
    UNDO_IMPORT = "undo_import"
    SEE_COMPARISON = "see_comparison"
    SEE_CASES = "see_cases"
    CHECK_CASE = "check_case"
    REVIEW_CASE = "review_case"
    APPROVE_CASE = "approve_case"
    DELEGATE = "delegate"
    SEE_TRAIL = "see_trail"
    ANCHOR_TRAIL = "anchor_trail"
    MANAGE_USERS = "manage_users"
    MANAGE_SYSTEM = "manage_system"
    SETTLE = "settle"


_DESK = frozenset(Role) - {Role.HOSPITAL}
_HANDLE_CASES = frozenset({Role.TOWN_CLERK, Role.COUNTY_CLERK, Role.REVIEWER, Role.APPROVER})
_CLERKS = frozenset({Role.TOWN_CLERK, Role.COUNTY_CLERK})

ROLES_OF: Final = MappingProxyType(
    {
        Action.USE_DESK: _DESK,
        Action.SEE_FIGURES: _HANDLE_CASES | {Role.ACCOUNTANT, Role.EVALUATOR, Role.AUDITOR},
        Action.SEE_PEOPLE: _HANDLE_CASES | {Role.ACCOUNTANT, Role.AUDITOR},
        Action.SEE_FULL_DATA: _HANDLE_CASES | {Role.ACCOUNTANT},
        Action.CHANGE_PEOPLE: _CLERKS,
        Action.CONFIRM_ACCOUNT: frozenset({Role.COUNTY_CLERK, Role.REVIEWER, Role.ACCOUNTANT}),
        Action.EXPORT_PEOPLE: _HANDLE_CASES | {Role.ACCOUNTANT, Role.AUDITOR},
        Action.SEE_SETTLEMENTS: _HANDLE_CASES | {Role.ACCOUNTANT, Role.AUDITOR},
        Action.SEE_IMPORTS: _HANDLE_CASES | {Role.ACCOUNTANT, Role.AUDITOR},
        Action.UPLOAD_IMPORT: _CLERKS,
        Action.CONFIRM_IMPORT: _CLERKS | {Role.REVIEWER},
        Action.UNDO_IMPORT: _CLERKS | {Role.REVIEWER},
        Action.SEE_COMPARISON: _HANDLE_CASES | {Role.AUDITOR},
        Action.SEE_CASES: _HANDLE_CASES | {Role.ACCOUNTANT, Role.AUDITOR},
        Action.CHECK_CASE: _CLERKS,
        Action.REVIEW_CASE: frozenset({Role.REVIEWER}),
        Action.APPROVE_CASE: frozenset({Role.APPROVER}),
        Action.DELEGATE: _HANDLE_CASES | {Role.ACCOUNTANT},
        Action.SEE_TRAIL: frozenset({Role.AUDITOR, Role.AUDIT_ADMIN}),
        Action.ANCHOR_TRAIL: frozenset({Role.AUDITOR, Role.AUDIT_ADMIN}),
        Action.MANAGE_USERS: frozenset({Role.SECURITY_ADMIN}),
        Action.MANAGE_SYSTEM: frozenset({Role.SYSTEM_ADMIN}),
        Action.SETTLE: frozenset({Role.HOSPITAL}),
    }
)
"""role × action; an action missing here is a fault of the program, found by a test."""


def who_may(action: Action) -> str:
    """Return the roles that may do something, as a refused person is told."""
    return "、".join(ROLE_NAMES[role] for role in Role if role in ROLES_OF[action])
