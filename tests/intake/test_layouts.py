"""Columns by name: in any order, by either name; what is missing, twice or unknown."""

from pathlib import Path

import pytest

from tuodi.intake.cells import LONGEST_TEXT
from tuodi.intake.layouts import OFFICE_LAYOUT_IDS, bind_columns, columns_table, load_layout
from tuodi.intake.sources import DEFAULT_LIMITS
from tuodi.intake.tables import HEADER_ROWS_SEARCHED
from tuodi.intake.xls_guard import MOST_BYTES, MOST_CELLS
from tuodi.kernel.finding import Severity

LAYOUTS = ("persons", "settlements", "enrolments", "paid")
PAGE = Path(__file__).parents[2] / "docs" / "files.md"

# The contract's required columns.
REQUIRED = {
    "persons": ["psn_no", "identity", "begntime"],
    "settlements": ["setl_id", "psn_no", "setl_time", "med_type", "inscp_scp_amt", "hifp_pay"],
    "enrolments": ["psn_no", "identity", "enrol_date", "premium"],
    "paid": ["setl_id", "paid_amt"],
}


@pytest.mark.parametrize("layout_id", (*LAYOUTS, *OFFICE_LAYOUT_IDS))
def test_文件说明中的列表与布局一致(layout_id: str) -> None:
    layout = load_layout(layout_id)
    lead = f"{layout.title}的各列，另加：\n\n" if layout.extends else ""
    assert f"## {layout.title}（{layout_id}）\n\n{lead}{columns_table(layout)}" in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize(("layout_id", "extends"), [("roster", "persons"), ("settlement_records", "settlements")])
def test_经办的布局包含核算的布局(layout_id: str, extends: str) -> None:
    fields = load_layout(extends).fields
    assert load_layout(layout_id).fields[: len(fields)] == fields
    assert not any(field.required for field in load_layout(layout_id).fields[len(fields) :])


def test_文件说明中的限制与程序一致() -> None:
    page = PAGE.read_text(encoding="utf-8")
    limits = DEFAULT_LIMITS
    assert f"单个文件不超过 {limits.file_bytes // 2**30} GB" in page
    assert f"解压后不超过 {limits.unpacked_bytes / 2**30} GB 且不超过原文件的 {limits.unpacked_ratio} 倍" in page
    assert f"（{limits.unpacked_free_bytes // 2**20} MB 以内不计）" in page
    assert f"工作表范围不超过 {limits.sheet_cells // 10_000:,} 万个单元格，最多 {limits.columns} 列" in page
    assert f"单元格不超过 {limits.cell_chars:,} 个字符，编号、代码和文字不超过 {LONGEST_TEXT} 个字符" in page


def test_文件说明中旧版工作簿的限制与程序一致() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert f"不超过 {MOST_BYTES // 2**20} MB" in page
    assert f"合计不超过 {MOST_CELLS // 10_000:,} 万个单元格" in page
    assert f"列名在第几行（1 至 {HEADER_ROWS_SEARCHED}）" in page


@pytest.mark.parametrize("layout_id", LAYOUTS)
def test_必填列与约定一致(layout_id: str) -> None:
    assert [field.name for field in load_layout(layout_id).fields if field.required] == REQUIRED[layout_id]


@pytest.mark.parametrize("heading", ["结算编号", " 结算编号 ", "\ufeffsetl_id", "SETL_ID", "结算ID"])
def test_列名的各种写法(heading: str) -> None:
    columns, _ = bind_columns(load_layout("paid"), ["救助金额", heading], "a.csv", "", 1)
    assert columns.positions == {"paid_amt": 0, "setl_id": 1}


def test_缺少必填列时说出两个名称() -> None:
    _, findings = bind_columns(load_layout("paid"), ["setl_id"], "a.csv", "表一", 3)
    (finding,) = findings
    assert (finding.rule, finding.severity, finding.file, finding.sheet, finding.row) == (
        "column-missing", Severity.ERROR, "a.csv", "表一", 3,
    )  # fmt: skip
    assert "paid_amt（救助金额）" in finding.message


def test_政策需要的列() -> None:
    header = ["setl_id", "psn_no", "setl_time", "med_type", "inscp_scp_amt", "hifp_pay"]
    layout = load_layout("settlements")
    assert bind_columns(layout, header, "a.csv", "", 1)[1] == []
    (finding,) = bind_columns(layout, header, "a.csv", "", 1, {"insutype"})[1]
    assert finding.is_error
    assert "insutype（险种）" in finding.message


def test_同一列出现两次() -> None:
    _, findings = bind_columns(load_layout("paid"), ["setl_id", "paid_amt", "结算编号"], "a.csv", "", 1)
    (finding,) = findings
    assert (finding.rule, finding.is_error, finding.column) == ("column-twice", True, "结算编号")


def test_不认识的列只提示一次() -> None:
    _, findings = bind_columns(load_layout("paid"), ["setl_id", "paid_amt", "备注", "", "经办人"], "a.csv", "", 1)
    (finding,) = findings
    assert (finding.rule, finding.severity) == ("column-unknown", Severity.INFO)
    assert "备注、经办人" in finding.message


def test_很像的列名_提示里问是不是它() -> None:
    header = ["setl_id", "人员编号", "结算时间", "医疗类别", "符合政策范围内的金额", "统筹支付", "经办人"]
    _, findings = bind_columns(load_layout("settlements"), header, "a.csv", "", 1)
    missing, unknown = findings
    assert (missing.rule, missing.is_error) == ("column-missing", True)
    assert "文件里的“符合政策范围内的金额”是不是这一列？" in missing.advice
    assert "请把列名改为“符合政策范围金额”" in missing.advice
    assert (unknown.rule, unknown.severity) == ("column-unknown", Severity.INFO)
    assert "未读取：符合政策范围内的金额（是不是“符合政策范围金额”？）、经办人；" in unknown.sentence()


def test_已经有的列不再问() -> None:
    _, findings = bind_columns(load_layout("paid"), ["setl_id", "paid_amt", "救助金额合计"], "a.csv", "", 1)
    assert [finding.message for finding in findings] == ["有不认识的列，未读取：救助金额合计"]


HEADINGS = {
    "persons": {
        "certno": ["公民身份证号码", "身份证", "身份证号", "身份证号码", "公民身份号码", "居民身份证号码", "证件号码"],
        "psn_no": ["人员编号", "个人编号"],
        "identity": ["人员类别", "救助类别", "对象类别", "身份类别", "救助对象类别"],
        "begntime": ["身份开始时间", "享受开始时间"],
        "endtime": ["享受结束时间", "终止日期"],
    },
    "settlements": {
        "inscp_scp_amt": ["合规费用", "政策内费用", "符合政策范围金额"],
        "hifp_pay": ["基本医疗保险统筹基金支付", "统筹支付", "统筹基金支付"],
        "hifmi_pay": ["大病支付", "大病保险支付"],
        "medfee_sumamt": ["医疗总费用", "医疗费总额"],
    },
    "enrolments": {"identity": ["人员类别", "救助类别"], "enrol_date": ["参保时间"]},
    "paid": {"setl_id": ["结算编号"], "paid_amt": ["救助金额"]},
}


@pytest.mark.parametrize("layout_id", LAYOUTS)
def test_导出文件常见的列名(layout_id: str) -> None:
    meant = load_layout(layout_id).by_heading()
    for name, headings in HEADINGS[layout_id].items():
        assert {meant[heading].name for heading in headings} == {name}


@pytest.mark.parametrize("layout_id", LAYOUTS)
def test_身份证从不当作人员编号_起付标准不当作实付(layout_id: str) -> None:
    for heading, field in load_layout(layout_id).by_heading().items():
        if "身份证" in heading or "证件" in heading:
            assert field.name == "certno"
        assert heading not in ("起付线", "起付标准", "应缴金额")
