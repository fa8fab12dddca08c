"""Names of identities that nobody knows: they bring no benefit, and whoever confirms the list must be told."""

from collections.abc import Iterable
from typing import Final

from tuodi.kernel.finding import Finding, Severity
from tuodi.office.imports.kinds import PlanWriter
from tuodi.office.models import ImportBatch
from tuodi.office.queries.known_identities import known_identities

_NAMES_TOLD: Final = 20
"""More are a column mistaken for another."""


def tell_unknown_identities(
    writer: PlanWriter, batch: ImportBatch, rows: Iterable[tuple[str, int]], column: str
) -> None:
    """Warn of each name no policy of the county and no vocabulary knows; ``rows`` are name and row of the file."""
    known = known_identities()
    places: dict[str, list[int]] = {}
    for name, row in rows:
        if name not in known:
            places.setdefault(name, []).append(row)
    ordered = sorted(places.items(), key=lambda item: (min(item[1]), item[0]))
    for name, found in ordered[:_NAMES_TOLD]:
        message = f"身份“{name}”（{len(found):,} 行，首见第 {min(found)} 行）不在本县政策和身份词汇里，登记后没有待遇"
        advice = "写错的请在名单里改正后重新上传；确有这种身份的，请先由系统管理员在政策文件或身份词汇里补上"
        writer.note(
            Finding(
                rule="identity-unknown",
                severity=Severity.WARNING,
                message=message,
                advice=advice,
                file=batch.file_name,
                row=min(found),
                column=column,
                value=name,
            )
        )
    if len(ordered) > _NAMES_TOLD:
        message = f"不认识的身份共 {len(ordered):,} 种，只列出前 {_NAMES_TOLD} 种"
        advice = "请核对是否取错了列"
        writer.note(Finding(rule="identity-unknown", severity=Severity.WARNING, message=message, advice=advice))
