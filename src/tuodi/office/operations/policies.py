"""Which policy documents the county follows: set, with everybody's years computed anew, or only tried."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tuodi.kernel.money import Fen
from tuodi.office.access import Actor
from tuodi.office.assessing import Reassessed, lock_imports, reassess_everyone, rulebook_of
from tuodi.office.models import County
from tuodi.office.operations.cases import CaseCounts, CaseRefresh
from tuodi.office.operations.writing import writing
from tuodi.office.progress import Tell, silent
from tuodi.office.refusal import Refused
from tuodi.office.roles import Action
from tuodi.policy.library import NotFound, find


@dataclass(frozen=True, slots=True)
class Adopted:
    """What other policies come to: the ids ``before`` and ``after``, what became of results, and of cases."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    results: Reassessed
    cases: CaseCounts

    @property
    def sums(self) -> dict[str, Fen]:
        """Return what the settlements whose sum due is another one were due before, and are due now."""
        changes = self.results.changes
        return {
            "due_before": sum(change.before_fen for change in changes),
            "due_after": sum(change.after_fen for change in changes),
        }


def check_policies(ids: Sequence[str]) -> None:
    """Raise Refused for policies a county cannot follow: none, unknown ones, faulty ones, or not of one line."""
    if not ids:
        raise Refused("请写明执行的政策编号，至少一个。")
    for policy in ids:
        found = find(policy)
        if isinstance(found, NotFound):
            raise Refused(found.sentence())
        if found[0] is None:
            raise Refused(f"政策文件 {policy} 有错误，不能使用；请运行 tuodi policy check {policy} 查看。")
    rulebook_of(tuple(sorted(ids)))


def adopt_policies(
    *, actor: Actor, at: datetime, ids: Sequence[str], is_trial: bool = False, tell: Tell = silent
) -> Adopted:
    """Let the county follow these policies from now on and compute every year of everybody by them.

    The same ids once more compute anew as this version of the program does. With ``is_trial`` all is taken back in the
    end. Nobody else writes meanwhile. Raises Refused.
    """
    wanted = tuple(sorted(set(ids)))
    check_policies(wanted)
    with transaction.atomic():
        done = _adopt(actor, at, wanted, tell)
        transaction.set_rollback(is_trial)
    return done


def _adopt(actor: Actor, at: datetime, wanted: tuple[str, ...], tell: Tell) -> Adopted:
    with writing(actor, Action.MANAGE_SYSTEM, at) as write:
        lock_imports()
        county = County.objects.select_for_update(of=("self",)).select_related("region").first()
        if county is None:
            raise Refused("还没有登记县名；请先运行 tuodi office new。")
        before = tuple(county.policies)
        county.policies = list(wanted)
        county.save(update_fields=["policies"])
        cases = CaseRefresh(write)
        results = reassess_everyone(at=at, tell=tell, judge=cases.judge)
        done = Adopted(before, wanted, results, cases.finish())
        write.log(
            "county.policies_set",
            "county 1",
            county.region,
            before=list(before),
            after=list(wanted),
            settlements=results.settlements,
            differing=results.written,
            due=done.sums,
        )
    return done
