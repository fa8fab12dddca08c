"""What a full list ends by not naming it, said before anybody confirms it: how many of how many, and what stays."""

from collections import Counter
from collections.abc import Collection, Mapping
from types import ModuleType
from typing import Any, Final

from django.db.models import Q

from tuodi.kernel.finding import Finding, Severity
from tuodi.kernel.money import percent
from tuodi.office.access import regions_below
from tuodi.office.imports import mark_periods, roster_periods
from tuodi.office.imports.kinds import ENDED, FullList, PlanWriter
from tuodi.office.imports.mark_periods import MARKS
from tuodi.office.imports.roster_periods import ROSTER
from tuodi.office.models import ImportBatch

KEPT_AS: Final = "full_list"
"""Where ``ImportBatch.counts`` keeps it."""
_OTHERS_NAMED: Final = 5
_NO_SENDER: Final = "人工补录"
_RECORDS: Final[Mapping[str, str]] = {ROSTER: "身份", MARKS: "平台标识"}
_PERIODS: Final[Mapping[str, ModuleType]] = {ROSTER: roster_periods, MARKS: mark_periods}


def tell_full(
    writer: PlanWriter,
    batch: ImportBatch,
    ended: int,
    *,
    named: Collection[int],
    spared: Collection[str],
) -> None:
    """Say what a full list ends and what it does not.

    ``ended`` records end because it does not name them; ``named`` are the keys it names, ``spared`` the ``psn_no`` of
    whom it says nothing because of a refused row.
    """
    periods = _PERIODS[batch.kind]
    is_standing = Q(end__isnull=True) | Q(end__gte=batch.as_of)
    others = periods.standing_at(batch).filter(is_standing).exclude(sender=batch.sender)
    regions = regions_below()[batch.region_id]
    columns = ("pk", "person__psn_no", "person__region_id", "sender__name", "sender__region__name")
    tally: Counter[str] = Counter()
    for key, psn_no, region, sender, where in others.values_list(*columns).iterator():
        is_inside = region in regions or (region is None and batch.region.parent_id is None)
        if is_inside and key not in named and psn_no not in spared:
            tally[f"{sender}（{where}）" if sender else _NO_SENDER] += 1
    most_first = sorted(tally.items(), key=lambda item: (-item[1], item[0]))
    writer.full = FullList(ended, periods.may_end(batch).filter(is_standing).count(), tuple(most_first))
    writer.findings += full_list_findings(writer.full, batch)


def kept_full_list(full: FullList) -> dict[str, Any]:
    """Return it as a batch keeps it."""
    return {"ended": full.ended, "standing": full.standing, "others": [list(other) for other in full.others]}


def full_list_of(batch: ImportBatch) -> FullList | None:
    """Return what a batch's preview says of its full list; None for lists of changes and before they are read.

    A preview by a version that did not count it knows only how many records end.
    """
    if not batch.is_full or not batch.plan_digest:
        return None
    kept = batch.counts.get(KEPT_AS)
    if kept is None:
        ended = batch.counts.get(ENDED, 0)
        return FullList(ended, ended, ())
    return FullList(kept["ended"], kept["standing"], tuple((name, count) for name, count in kept["others"]))


def full_list_warnings(batch: ImportBatch) -> list[Finding]:
    """Return what a batch's preview says of its full list."""
    full = full_list_of(batch)
    return full_list_findings(full, batch) if full is not None else []


def full_list_findings(full: FullList, batch: ImportBatch) -> list[Finding]:
    """Return what is to be looked at before a full list is confirmed."""
    what, findings = _RECORDS[batch.kind], []
    if full.ended:
        share = percent(full.ended, full.standing)
        message = (
            f"这份全量名单没有写到的 {full.ended:,} 人次{what}将终止，"
            f"占“{batch.sender.name}”截至 {batch.as_of} 在册 {full.standing:,} 人次的 {share}%"
        )
        advice = "请核对名单是不是全的；只有一部分人或只报变动的，请放弃这一批，去掉“全量名单”后重新上传"
        findings.append(Finding(rule="full-list-ends", severity=Severity.WARNING, message=message, advice=advice))
    if full.others:
        total = sum(count for _, count in full.others)
        named = "、".join(f"{name} {count:,} 人次" for name, count in full.others[:_OTHERS_NAMED])
        more = "等" if len(full.others) > _OTHERS_NAMED else ""
        message = f"{batch.region.name}在册还有 {total:,} 人次{what}由其他单位报送（{named}{more}），不因这份名单终止"
        advice = (
            "全量名单只终止同一单位以前报送的；要由这份名单全权认定的，"
            "请把不再享受的连同结束时间写进变动名单导入，或请原来的单位报全量名单"
        )
        findings.append(Finding(rule="full-list-leaves", severity=Severity.WARNING, message=message, advice=advice))
    return findings
