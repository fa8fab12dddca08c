"""The settlements that a list of what others paid is about: whether they have come, and whose they are."""

from collections.abc import Iterable
from dataclasses import replace

from tuodi.kernel.finding import Finding, Severity
from tuodi.office.imports.kinds import PlanWriter
from tuodi.office.imports.roster_rows import Towns, row_finding
from tuodi.office.models import ImportBatch, Settlement


class ListedSettlements:
    """The settlements a list is about, as far as they have come."""

    def __init__(self, batch: ImportBatch) -> None:
        """Begin with none looked up."""
        self.batch = batch
        self.towns = Towns(batch)
        self.known: dict[str, Settlement] = {}
        self.unknown: set[str] = set()

    def look_up(self, setl_ids: Iterable[str]) -> None:
        """Look settlements up, and remember which have not come."""
        wanted = set(setl_ids)
        found = Settlement.objects.filter(setl_id__in=wanted).select_related("person__region")
        self.known |= {settlement.setl_id: settlement for settlement in found}
        self.unknown |= wanted - self.known.keys()

    def refusal(self, setl_id: str, row: int) -> Finding | None:
        """Return why a row is refused: the settlement is of somebody outside the batch's region."""
        settlement = self.known.get(setl_id)
        person = settlement.person if settlement else None
        if person is None or person.region is None or self.towns.allows(person.region_id):
            return None
        why = (
            "person-elsewhere",
            f"这次结算的人员登记在{person.region.name}，不在{self.batch.region.name}",
            f"请由{person.region.name}或县级经办人导入这一行",
        )
        return row_finding(self.batch, row, "结算编号", setl_id, why)

    def check_person(self, writer: PlanWriter, setl_id: str, psn_no: str, row: int) -> None:
        """Warn where a payment names another person than the settlement: it counts for the settlement."""
        settlement = self.known.get(setl_id)
        meant = {settlement.psn_no, settlement.person.psn_no if settlement.person else ""} if settlement else set()
        if psn_no and meant and psn_no not in meant:
            finding = row_finding(
                self.batch,
                row,
                "人员编号",
                psn_no,
                ("payment-person", "与这次结算的人员编号不同，按结算计入", "请核对是否付给了别人"),
            )
            writer.note(replace(finding, severity=Severity.WARNING))

    def tell_unknown(self, writer: PlanWriter) -> None:
        """Say how many settlements have not come yet: what is said of them is kept."""
        if self.unknown:
            message = f"{len(self.unknown):,} 笔结算还没有导入，先行保留"
            advice = "结算导入后自动计入；结算编号有误的，请更正后重新上传"
            writer.note(Finding(rule="settlement-unknown", severity=Severity.INFO, message=message, advice=advice))
