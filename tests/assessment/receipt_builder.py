"""Settlements, persons and rulebooks in few words, for tests of receipts."""

from datetime import date, datetime

from tuodi.assessment.rulebook import Rulebook, rulebook
from tuodi.assessment.year import Person, people
from tuodi.commands.policies import shipped_terms
from tuodi.intake.facts import Holding, Settlement
from tuodi.kernel.money import Fen
from tuodi.policy.document import PolicyDocument
from tuodi.policy.library import NotFound, find


def document_of(name: str) -> PolicyDocument:
    found = find(name)
    assert not isinstance(found, NotFound)
    document, _ = found
    assert document is not None
    return document


def book_of(*documents: str | PolicyDocument) -> Rulebook:
    return rulebook([document_of(d) if isinstance(d, str) else d for d in documents], shipped_terms())


def person_with(*identities: str, begin: date = date(2024, 1, 1), end: date | None = None) -> Person:
    return people([Holding("P1", identity, begin, end) for identity in identities])["P1"]


def settlement_of(
    scope: Fen,
    *,
    total: Fen = 0,
    basic: Fen = 0,
    critical: Fen = 0,
    civil: Fen = 0,
    deductible: Fen = 0,
    kind: str = "21",
    insurance: str = "390",
    insured_in: str = "141122",
    care_in: str = "141122",
    at: datetime = datetime(2024, 5, 20, 10),
    setl_id: str = "S1",
    is_reversed: bool = False,
) -> Settlement:
    return Settlement(
        setl_id=setl_id,
        psn_no="P1",
        setl_time=at,
        med_type=kind,
        insutype=insurance,
        insuplc_admdvs=insured_in,
        mdtrtarea_admvs=care_in,
        hosp_lv="3",
        medfee_sumamt=total,
        inscp_scp_amt=scope,
        act_pay_dedc=deductible,
        hifp_pay=basic,
        cvlserv_pay=civil,
        hifes_pay=0,
        hifmi_pay=critical,
        hifob_pay=0,
        hifdm_pay=0,
        oth_pay=0,
        maf_pay=0,
        psn_cash_pay=0,
        reversed=is_reversed,
    )
