"""表中没有填的金额和整栏没有填的内容。"""

import pytest

from tests.audit.checks.told import remarks
from tuodi.audit.checks.form.empty_cells import check_columns_of_particulars, check_money_beside_label


@pytest.mark.parametrize(("planned", "count"), [("", 1), ("800", 0), ("0", 0)])
def test_标签旁的金额(planned: str, count: int) -> None:
    row = f"计划安排资金（万元）\t{planned}\t实际到位资金（万元）\t792\t实际支出（万元）\t741\n"
    assert len(remarks(check_money_beside_label, "项目负责人\t某人\t电话\t未填\t地址\t未填\n" + row)) == count


@pytest.mark.parametrize(
    ("heading", "values", "count"),
    [
        ("会计凭证号", ("", "", ""), 1),
        ("会计凭证号", ("", "记12号", ""), 0),
        ("备注", ("", "", ""), 0),
    ],
)
def test_整栏没有填(heading: str, values: tuple[str, ...], count: int) -> None:
    rows = "".join(f"{at}月\t{at}00.00\t{value}\t已核\n" for at, value in enumerate(values, 1))
    assert len(remarks(check_columns_of_particulars, f"支出内容\t实际支出数\t{heading}\t说明\n{rows}")) == count
