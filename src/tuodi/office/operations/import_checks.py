"""What is held against a file before it is confirmed: the list's own totals, and how many a full list ends."""

from tuodi.kernel.money import yuan_grouped
from tuodi.office.imports.full_lists import full_list_of
from tuodi.office.imports.registry import KINDS
from tuodi.office.models import ImportBatch
from tuodi.office.refusal import Refused


def totals_problems(batch: ImportBatch) -> list[str]:
    """Return in which control totals the file differs from what was typed; nothing if none was typed."""
    problems = []
    rows, fen = batch.counts.get("rows"), batch.counts.get("amount_fen")
    if batch.typed_rows is not None and rows is not None and batch.typed_rows != rows:
        problems.append(f"行数：输入 {batch.typed_rows:,}，文件 {rows:,}")
    if batch.typed_fen is not None and fen is not None and batch.typed_fen != fen:
        title = KINDS[batch.kind].amount_title
        problems.append(f"{title}：输入 {yuan_grouped(batch.typed_fen)} 元，文件 {yuan_grouped(fen)} 元")
    return problems


def check_totals(batch: ImportBatch) -> None:
    """Refuse a file that is not what its sender said it would be."""
    problems = totals_problems(batch)
    if problems:
        raise Refused(
            f"控制总数不一致（{'；'.join(problems)}），不能导入；请与报送单位核对，放弃这一批后重新上传正确的文件或总数。"
        )


def check_ended(batch: ImportBatch, typed: int | None) -> None:
    """Refuse to confirm a full list unread: one that names a few by mistake ends nearly everybody."""
    full = full_list_of(batch)
    if full is None or not full.ended or typed == full.ended:
        return
    wrong = "没有填写" if typed is None else f"填写的是 {typed:,}"
    raise Refused(
        f"这份全量名单将终止 {full.ended:,} 人次，{wrong}；请核对名单是不是全的，确实要终止的，照这个数填写后再确认。"
    )
