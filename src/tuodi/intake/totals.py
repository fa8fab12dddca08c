"""Control totals of a file read: what came in, what was kept, and the sums an office compares with its own."""

from dataclasses import dataclass

from tuodi.kernel.money import Fen, yuan_grouped


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Counts of rows and persons; sums in fen over the accepted settlements that were not reversed.

    ``rows`` = ``accepted`` + ``refused`` + ``duplicates`` + ``foot_rows``. A sum is None where the sort of file has no
    such amount.
    """

    title: str
    rows: int = 0
    accepted: int = 0
    refused: int = 0
    persons: int = 0
    reversed: int = 0
    duplicates: int = 0
    foot_rows: int = 0
    medfee_fen: Fen | None = None
    inscp_fen: Fen | None = None
    hifp_fen: Fen | None = None
    maf_fen: Fen | None = None
    premium_fen: Fen | None = None
    subsidy_fen: Fen | None = None
    answered_fen: Fen | None = None
    paid_fen: Fen | None = None

    def lines(self) -> list[tuple[str, str]]:
        """Return label and figure of each line as people read them, amounts in yuan."""
        counts = [
            ("读取行数", self.rows),
            ("接受行数", self.accepted),
            ("拒绝行数", self.refused),
            ("重复行数", self.duplicates),
            ("合计行数（未读取）", self.foot_rows),
            ("其中已冲正行数", self.reversed),
            ("人数", self.persons),
        ]
        sums = [
            ("医疗费总额（元）", self.medfee_fen),
            ("符合政策范围金额（元）", self.inscp_fen),
            ("基本医保统筹（元）", self.hifp_fen),
            ("医疗救助基金（元）", self.maf_fen),
            ("个人缴费合计（元）", self.premium_fen),
            ("资助参保合计（元）", self.subsidy_fen),
            ("前序支付合计（元）", self.answered_fen),
            ("已救助金额（元）", self.paid_fen),
        ]
        return [(label, f"{count:,}") for label, count in counts] + [
            (label, yuan_grouped(fen)) for label, fen in sums if fen is not None
        ]
