"""What the files say, once read: identities held, settlements, enrolments, payments. Amounts are integer fen."""

from datetime import date, datetime
from typing import NamedTuple, cast

from tuodi.kernel.money import Fen


class Holding(NamedTuple):
    """One identity a person holds, from ``begin`` to ``end``, both days included; an open end is None."""

    psn_no: str
    identity: str
    begin: date
    end: date | None
    family_no: str = ""
    certno: str = ""
    psn_name: str = ""
    birth: date | None = None
    row: int = 0


class Settlement(NamedTuple):
    """One settlement record, fields as the national interface names them; ``setl_time`` is local, without offset.

    ``reversed`` is ``refd_setl_flag`` = 1: reversed, or the mirror of a reversed one; its amounts may be negative.
    """

    setl_id: str
    psn_no: str
    setl_time: datetime
    med_type: str
    insutype: str
    insuplc_admdvs: str
    mdtrtarea_admvs: str
    hosp_lv: str
    medfee_sumamt: Fen
    inscp_scp_amt: Fen
    act_pay_dedc: Fen
    hifp_pay: Fen
    cvlserv_pay: Fen
    hifes_pay: Fen
    hifmi_pay: Fen
    hifob_pay: Fen
    hifdm_pay: Fen
    oth_pay: Fen
    maf_pay: Fen
    psn_cash_pay: Fen
    reversed: bool
    row: int = 0

    @property
    def insured_fen(self) -> Fen:
        """Everything others paid (docs/algorithms/benefit.md, section 三); never our own assistance."""
        return sum(cast(tuple[Fen, ...], self[_INSURED]))


_INSURED = slice(Settlement._fields.index("hifp_pay"), Settlement._fields.index("oth_pay") + 1)
INSURED_FIELDS = Settlement._fields[_INSURED]
"""The amounts others paid, from basic insurance to other funds."""


class Enrolment(NamedTuple):
    """One identity held by a person on the day of enrolment, with that year's individual premium."""

    psn_no: str
    birth: date | None
    identity: str
    enrol_date: date
    premium_fen: Fen
    row: int = 0


class Refusal(NamedTuple):
    """A refused row: whom and which settlement it is about as far as can be told (else ``""``), and what is wrong.

    ``year`` is the benefit year that is in doubt, None for every year. ``message`` names no cell's value. ``key`` is
    the payer or the reference of what others paid, empty where there is none or it cannot be told.
    """

    psn_no: str
    year: int | None
    setl_id: str
    rule: str
    message: str
    row: int
    key: str = ""


class Payment(NamedTuple):
    """Assistance already paid for one settlement, as another system tells it."""

    setl_id: str
    paid_fen: Fen
    row: int = 0
