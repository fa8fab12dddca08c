"""Typical faults put into a few clean rows, so that the demo can show what Tuodi says about them."""

from collections.abc import Sequence

Spoiled = tuple[int, str, str]
"""Row (the first data row is 0), column, and what stands there instead."""

ROSTER_FAULTS: tuple[Spoiled, ...] = (
    (3, "certno", "14990119560230123X"),
    (8, "certno", "1.49901E+17"),
    (13, "certno", "１４９９０１１９６００１０１００１Ｘ"),
    (18, "certno", "14990119600101001"),
    (23, "brdy", "1956-13-05"),
    (28, "begntime", "2024/02/30"),
    (33, "begntime", ""),
    (38, "identity", ""),
    (43, "endtime", "2001-01-01"),
    (48, "psn_no", ""),
)

SETTLEMENT_FAULTS: tuple[Spoiled, ...] = (
    (4, "inscp_scp_amt", "３２１４．５６"),
    (9, "inscp_scp_amt", "3,214.56"),
    (14, "inscp_scp_amt", "3214.567"),
    (19, "inscp_scp_amt", ""),
    (24, "hifp_pay", ""),
    (29, "hifp_pay", "-120.00"),
    (34, "hifp_pay", "1e5"),
    (39, "hifmi_pay", "约200"),
    (44, "medfee_sumamt", "+5200.00"),
    (49, "psn_cash_pay", "120.5元"),
    (54, "setl_time", "2024-13-05"),
    (59, "setl_time", "2024-02-30 10:15:00"),
    (64, "setl_time", ""),
    (69, "setl_time", "2024.3.7"),
    (74, "setl_time", "２０２４-03-07"),
    (79, "med_type", ""),
    (84, "refd_setl_flag", "2"),
    (89, "refd_setl_flag", "是"),
    (94, "psn_no", ""),
    (99, "setl_id", ""),
    (104, "inscp_scp_amt", "99999999999.00"),
    (109, "maf_pay", "O.00"),
)

SAME_NUMBER = ((114, 113), (124, 119), (134, 129))
"""Rows that carry another row's settlement number with other amounts: (row, the row whose number it carries)."""


def spoiled_roster(rows: Sequence[Sequence[str]], columns: Sequence[str]) -> list[list[str]]:
    """Return the roster rows with the faults put in; one person's check character is changed as well."""
    spoiled = _spoil(rows, columns, ROSTER_FAULTS)
    certno = spoiled[53][columns.index("certno")]
    spoiled[53][columns.index("certno")] = certno[:17] + ("0" if certno[17] != "0" else "1")
    return spoiled


def spoiled_settlements(rows: Sequence[Sequence[str]], columns: Sequence[str]) -> list[list[str]]:
    """Return the settlement rows with the faults put in."""
    spoiled = _spoil(rows, columns, SETTLEMENT_FAULTS)
    for row, other in SAME_NUMBER:
        spoiled[row][0] = spoiled[other][0]
    return spoiled


def _spoil(rows: Sequence[Sequence[str]], columns: Sequence[str], faults: Sequence[Spoiled]) -> list[list[str]]:
    spoiled = [list(row) for row in rows]
    for row, column, value in faults:
        spoiled[row][columns.index(column)] = value
    return spoiled
