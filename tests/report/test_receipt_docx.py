"""The page handed to a person: every number the receipt's, one A4 page, the same bytes each time."""

import io
import re
import subprocess
import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from tests.assessment.receipt_builder import book_of, document_of, person_with, settlement_of
from tuodi.assessment.receipt import Receipt, explain_one
from tuodi.assessment.receipt_steps import recorded_steps
from tuodi.assessment.year import Accounts, assess_one
from tuodi.kernel.money import Ratio, yuan_grouped
from tuodi.policy.document import Account, Clause, Deductible, Figure, Owner, PolicyDocument
from tuodi.report.receipt_docx import TITLE, receipt_bytes

JIAOCHENG = book_of("jiaocheng-2024")
MAQIAO = book_of("maqiao-2024")
CERTNO = "141122196011131149"


def _named(receipt: Receipt) -> Receipt:
    return replace(receipt, psn_name="测试人员", certno=CERTNO)


def _topped_up() -> Receipt:
    settlement = settlement_of(900000, total=1000000, basic=400000, critical=50000)
    return _named(explain_one(JIAOCHENG, person_with("返贫致贫人口", "低保对象"), settlement, Accounts(JIAOCHENG)))


def _capped() -> Receipt:
    person, accounts = person_with("监测对象"), Accounts(JIAOCHENG)
    assess_one(JIAOCHENG, person, settlement_of(8720000, setl_id="S0"), accounts)
    settlement = settlement_of(900000, total=1000000, basic=200000, critical=50000, civil=10000)
    return _named(explain_one(JIAOCHENG, person, settlement, accounts))


def _three_components() -> Receipt:
    settlement = settlement_of(90000, total=100000, basic=30000, deductible=30000, kind="11")
    return _named(explain_one(MAQIAO, person_with("低保家庭成员"), settlement, Accounts(MAQIAO)))


def _none() -> Receipt:
    settlement = settlement_of(900000, total=1000000, basic=400000)
    person = person_with("低保对象", begin=date(2024, 6, 1))
    return explain_one(JIAOCHENG, person, settlement, Accounts(JIAOCHENG))


def _crowded_document() -> PolicyDocument:
    """Return Maqiao's policy with four components for one visit, long clauses, and every sort of limit."""
    maqiao = document_of("maqiao-2024")
    place = "第三章第十二条第二款第三项关于救助对象、比例和限额的规定（参照低保家庭成员执行）"
    clause = Clause(source=maqiao.sources["city_notice"], at=place)
    income = Figure(
        key="income", name="全市2023年居民人均可支配收入", year=2023, amount_fen=8483400, clause=clause, verified=False
    )
    account = Account(key="family", name="家庭年度起付线", owner=Owner.FAMILY, clause=clause)
    share = Deductible(amount_fen=848340, share=Ratio(100000), of=income)
    components = []
    for number, component in enumerate(maqiao.components):
        table = {
            identity: replace(
                row,
                clause=replace(clause, at=f"{place}第{number}目"),
                visit_deductible_fen=1000,
                visit_cap_fen=500000,
                deductible=share if number == 3 else Deductible(amount_fen=200000),
            )
            for identity, row in component.table.items()
        }
        components.append(
            replace(component, table=table, deductible_account=account, kinds=("11",), insurance=(), authority="闵行区")
        )
    return replace(maqiao, components=tuple(components))


def _crowded() -> Receipt:
    book = book_of(_crowded_document())
    settlement = settlement_of(
        9000000, total=10000000, basic=20000, critical=1000, civil=1000, deductible=9000, kind="11"
    )
    settlement = settlement._replace(hifes_pay=1000, hifob_pay=1000, hifdm_pay=1000, oth_pay=1000)
    person = person_with("低保家庭成员", "散居孤儿", "低收入困难家庭成员")
    return _named(explain_one(book, person, settlement, Accounts(book)))


RECEIPTS = {
    "交城补足至90%": _topped_up,
    "交城起付线和限额": _capped,
    "马桥三项": _three_components,
    "不享受": _none,
    "四项且条款很长": _crowded,
}


def _opened(receipt: Receipt) -> docx.document.Document:
    return docx.Document(io.BytesIO(receipt_bytes(receipt, "9.9")))


def _text(page: docx.document.Document) -> str:
    # python-docx leaves out what stands in form fields: every text element of the body is taken.
    return "".join(node.text or "" for node in page.element.body.iter(qn("w:t")))


@pytest.mark.parametrize("case", RECEIPTS)
def test_每一步的名称算式金额都与单子一致(case: str) -> None:
    receipt = RECEIPTS[case]()
    rows = [row.cells for row in _opened(receipt).tables[1].rows][1:]
    steps = [tuple(cell.text for cell in cells) for cells in rows if len({cell._tc for cell in cells}) == 4]
    assert steps == [(s.step, s.formula, yuan_grouped(s.amount_fen), s.clause) for s in receipt.steps]


@pytest.mark.parametrize("case", RECEIPTS)
def test_合计_说明_政策编号和校验码(case: str) -> None:
    receipt = RECEIPTS[case]()
    text = _text(_opened(receipt))
    assert receipt.document is not None
    assert f"{TITLE}" in text
    assert f"医疗救助应支付：{yuan_grouped(receipt.paid_fen)} 元现在可支付：{yuan_grouped(receipt.paid_fen)} 元" in text
    assert receipt.sentence in text
    assert all(remark in text for remark in receipt.remarks)
    assert f"政策 {receipt.document.id}《{receipt.document.title}》，校验码 {receipt.document.digest[:12]}" in text
    assert "程序 托底 9.9" in text
    assert "电话：〔由经办机构填写号码〕" in text


SHORT, MUCH = "少付（作为疑点核对）：0.01 元", "多付（作为疑点核对）：0.01 元"
PAID_ALREADY = [
    (0, 0, [], "3,600.00"),
    (360000, 0, ["窗口已支付：3,600.00 元"], "0.00"),
    (350000, 9999, ["窗口已支付：3,500.00 元", "其他系统已支付：99.99 元", SHORT], "0.00"),
    (0, 360001, ["其他系统已支付：3,600.01 元", MUCH], "0.00"),
]


@pytest.mark.parametrize(("window", "others", "paid", "payable"), PAID_ALREADY)
def test_已经支付的印在计算单上_不会再来要第二次(window: int, others: int, paid: list[str], payable: str) -> None:
    # 9,000.00 × 90% − 4,500.00 = 3,600.00
    receipt = _topped_up()
    receipt = replace(receipt, settlement=receipt.settlement._replace(maf_pay=window), former_fen=others)
    texts = [paragraph.text for paragraph in _opened(receipt).paragraphs]
    first = next(at for at, text in enumerate(texts) if text.startswith("医疗救助应支付："))
    assert texts[first].split("　　") == ["医疗救助应支付：3,600.00 元", *paid]
    assert texts[first + 1] == f"现在可支付：{payable} 元"


def test_冲正的不支付_只列记录上的金额() -> None:
    settlement = settlement_of(-900000, total=-1000000, basic=-400000, is_reversed=True)
    receipt = explain_one(JIAOCHENG, person_with("低保对象"), settlement, Accounts(JIAOCHENG))
    receipt = replace(receipt, steps=tuple(recorded_steps(settlement)))
    page = _opened(receipt)
    rows = [row.cells for row in page.tables[1].rows][1:]
    assert rows[0][0].text == "记录上的金额（已冲正，不作数）"
    assert [(cells[0].text, cells[2].text) for cells in rows[1:]] == [
        ("医疗费总额", "-10,000.00"),
        ("政策范围内费用", "-9,000.00"),
        ("基本医保统筹", "-4,000.00"),
    ]
    text = _text(page)
    assert "救助身份低保对象" in text
    assert "已冲正，不支付" in text
    assert "可支付：" not in text


def test_知道是哪个县的_印出县名_只留盖章签字的线() -> None:
    page = docx.Document(io.BytesIO(receipt_bytes(_topped_up(), "9.9", "示例县")))
    texts = [paragraph.text for paragraph in page.paragraphs]
    assert "经办机构（示例县，盖章）：\t　经办人：\t　电话：\t　日期：\t" in texts
    assert "由经办机构填写" not in _text(page)


def test_证件号码只露首尾_姓名照写() -> None:
    text = _text(_opened(_topped_up()))
    assert "1411**********1149" in text
    assert CERTNO not in text
    assert "测试人员" in text


def test_代码写成名称_只有日期的不写零点() -> None:
    settlement = settlement_of(900000, insurance="", kind="99", at=datetime(2024, 5, 20))
    unknown = explain_one(JIAOCHENG, person_with("低保对象"), settlement, Accounts(JIAOCHENG))
    for receipt, kind, insurance, moment in (
        (_topped_up(), "普通住院（21）", "城乡居民医保（390）", "2024-05-20 10:00:00"),
        (unknown, "医疗类别 99", "—", "2024-05-20"),
    ):
        cells = [cell.text for row in _opened(receipt).tables[0].rows for cell in row.cells]
        facts = dict(zip(cells[::2], cells[1::2], strict=True))
        assert (facts["医疗类别"], facts["险种"], facts["结算时间"]) == (kind, insurance, moment)


def test_只解释单子上出现的词() -> None:
    topped_up, capped = _text(_opened(_topped_up())), _text(_opened(_capped()))
    assert "补足：" in topped_up
    assert "补足：" not in capped
    assert "年度限额：" in capped
    assert "年度限额：" not in topped_up
    assert "未核实" in capped


def test_每个单元格都有宽度_各行同宽() -> None:
    for table in _opened(_crowded()).tables:
        rows = [[int(tc.tcPr.find(qn("w:tcW")).get(qn("w:w"))) for tc in tr.tc_lst] for tr in table._tbl.tr_lst]
        assert all(width > 0 for row in rows for width in row)
        assert max(map(sum, rows)) - min(map(sum, rows)) <= 4  # twips lost in rounding


def test_表头每页重复_字体和语言为中文() -> None:
    page = _opened(_topped_up())
    assert page.tables[1].rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    defaults = page.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    fonts, language = defaults.find(qn("w:rFonts")), defaults.find(qn("w:lang"))
    assert fonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert fonts.get(qn("w:ascii")) == fonts.get(qn("w:hAnsi")) == "Times New Roman"
    assert language.get(qn("w:eastAsia")) == "zh-CN"


def test_同一张单子字节相同_不含当前时间() -> None:
    first, second = receipt_bytes(_topped_up(), "9.9"), receipt_bytes(_topped_up(), "9.9")
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    core = _opened(_topped_up()).core_properties
    assert core.created == core.modified
    assert core.created is not None
    assert core.created.date() == date(2024, 5, 20)


@pytest.mark.needs("libreoffice")
def test_都只有一页(tmp_path: Path) -> None:
    for number, make in enumerate(RECEIPTS.values()):
        receipt = replace(make(), former_fen=1)
        (tmp_path / f"{number}.docx").write_bytes(receipt_bytes(receipt, "9.9", "示例县"))
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "pdf"]
        + ["--outdir", str(tmp_path), *map(str, sorted(tmp_path.glob("*.docx")))],
        check=True,
        capture_output=True,
        timeout=180,
    )
    pages = {
        name: re.findall(rb"/Type\s*/Page\b", (tmp_path / f"{number}.pdf").read_bytes())
        for number, name in enumerate(RECEIPTS)
    }
    assert {name: len(found) for name, found in pages.items()} == dict.fromkeys(RECEIPTS, 1)
