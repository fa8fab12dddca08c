"""The policies the county follows, and what others would come to, in sentences for the server's keyboard."""

from collections.abc import Sequence

from tuodi.kernel.money import yuan_grouped
from tuodi.office.models import County
from tuodi.office.operations.policies import Adopted
from tuodi.policy.library import NotFound, find


def policies_told() -> list[str]:
    """Say which policies the county follows, and from when to when."""
    ids = County.objects.values_list("policies", flat=True).first()
    if not ids:
        return ["没有登记任何政策，不能计算待遇。"]
    return [_told(policy) for policy in ids]


def _told(policy: str) -> str:
    found = find(policy)
    document = None if isinstance(found, NotFound) else found[0]
    if document is None:
        return f"{policy}：这个版本的程序里没有这份政策，或者它有错误。"
    until = f"至 {document.valid_to}" if document.valid_to else "起"
    return f"{policy}：{document.title}，施行 {document.valid_from} {until}。"


def adopted_told(done: Adopted) -> Sequence[str]:
    """Say what became of results and cases."""
    results, sums, cases = done.results, done.sums, done.cases
    told = [
        f"执行的政策：{_named(done.before)} → {_named(done.after)}。",
        f"重新计算 {results.settlements:,} 笔结算，{results.written:,} 笔的结果不同。",
    ]
    if results.changes:
        amounts = f"合计由 {yuan_grouped(sums['due_before'])} 元变为 {yuan_grouped(sums['due_after'])} 元"
        told.append(f"其中 {len(results.changes):,} 笔应救助的金额变了，{amounts}。")
    if any(cases):
        opened, changed, back, gone = (f"{n:,} 件" for n in (cases.opened, cases.changed, cases.sent_back, cases.gone))
        counts = f"新立 {opened}，更新 {changed}，退回核实 {back}，消除 {gone}"
        told.append(f"疑点：{counts}。")
    return told


def _named(policies: Sequence[str]) -> str:
    return "、".join(policies) or "（没有）"
