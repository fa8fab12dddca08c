"""筹集、清算、上解：每个公布的数字都由人数、标准和比例重新算出。"""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuodi.funds.clearing import Clearing, clear, split
from tuodi.funds.clearing_file import load_clearing
from tuodi.funds.library import Chosen, Shelf, choose, known_ids
from tuodi.kernel.money import RATIO_SCALE, Ratio


def _file(document_id: str) -> Path:
    chosen = choose(Shelf.CLEARING, document_id)
    assert isinstance(chosen, Chosen)
    return chosen.path


def _cleared(path: Path) -> Clearing:
    document, findings = load_clearing(path)
    assert findings == []
    assert document is not None
    return clear(document)


def _changed(tmp_path: Path, document_id: str, *replacements: tuple[str, str]) -> Clearing:
    """Compute a document after changing its inputs; each old text must occur exactly once."""
    text = _file(document_id).read_text(encoding="utf-8")
    for old, new in replacements:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = tmp_path / "changed.yaml"
    path.write_text(text, encoding="utf-8")
    return _cleared(path)


def test_马桥互助帮困五行和合计() -> None:
    clearing = _cleared(_file("maqiao-2024-mutual-aid"))
    assert [(line.name, line.formula, line.amount_fen) for line in clearing.lines] == [
        ("筹集2024年医疗资金", "497×2610×25%", 32_429_250),
        ("筹集2024年照护资金", "497×500×25%", 6_212_500),
        ("清算2023年医疗资金", "37×2610×25%", 2_414_250),
        ("清算2023年照护资金", "37×500×25%", 462_500),
        ("分担2023年超支资金", "497×3059×25%", 38_008_075),
    ]
    assert clearing.total_fen == 79_526_575
    assert {line.days_late for line in clearing.lines} == {None}


def test_增加人数和政府负担标准由原数相减得出() -> None:
    document = _cleared(_file("maqiao-2024-mutual-aid")).document
    assert [item.value for item in document.headcounts] == [497, 460, 37]
    assert [item.value for item in document.per_head] == [274_000, 13_000, 261_000, 50_000, 305_900]


def test_马桥各级分担相加等于总额() -> None:
    lines = _cleared(_file("maqiao-2024-mutual-aid")).lines
    assert lines[0].by_level == (("上海市", 64_858_500), ("闵行区", 32_429_250), ("马桥镇", 32_429_250))
    # 497 × 2610 + 497 × 500 + 37 × 2610 + 37 × 500 + 497 × 3059
    assert sum(line.shared_fen for line in lines) == 318_106_300


def test_阜康上解() -> None:
    clearing = _cleared(_file("fukang-2024"))
    (line,) = clearing.lines
    assert (line.formula, line.amount_fen, line.days_late) == ("30437×5×12", 182_622_000, 0)
    assert clearing.total_fen == 182_622_000


def test_马桥两份通知的金额_总额和逾期天数() -> None:
    june, november = _cleared(_file("maqiao-2024-notices")).lines
    assert (june.amount_fen, june.shared_fen, june.days_late) == (3_288_000, 13_152_000, 12)
    assert (june.due, june.paid_on) == (date(2024, 6, 20), date(2024, 7, 2))
    assert june.formula == "131520×25%（总额由通知金额反推）"
    assert (november.amount_fen, november.shared_fen, november.days_late) == (428_125, 1_712_500, 1)
    assert (november.due, november.paid_on) == (date(2024, 11, 14), date(2024, 11, 15))
    assert november.formula == "17125×25%（总额由通知金额反推）"


@pytest.mark.parametrize(
    ("改动", "原文", "改为", "合计"),
    [
        ("参加人数多1人", 'count: "497"', 'count: "498"', 79_758_550),
        ("上年人数多1人", 'count: "460"', 'count: "461"', 79_448_825),
        ("医疗筹资标准多1元", "2740.00", "2741.00", 79_539_925),
        ("个人缴费多1元", "130.00", "131.00", 79_513_225),
        ("照护筹资标准多1元", '"500.00"', '"501.00"', 79_539_925),
        ("人均超支多1元", "3059.00", "3060.00", 79_539_000),
    ],
)
def test_马桥每个输入都影响结果(tmp_path: Path, 改动: str, 原文: str, 改为: str, 合计: int) -> None:
    assert _changed(tmp_path, "maqiao-2024-mutual-aid", (原文, 改为)).total_fen == 合计


def test_镇级比例改为三成(tmp_path: Path) -> None:
    clearing = _changed(
        tmp_path,
        "maqiao-2024-mutual-aid",
        ('{level: 闵行区, share: "0.25"}', '{level: 闵行区, share: "0.20"}'),
        ('{level: 马桥镇, share: "0.25"}', '{level: 马桥镇, share: "0.30"}'),
    )
    assert clearing.total_fen == 95_431_890
    assert clearing.lines[0].formula == "497×2610×30%"


@pytest.mark.parametrize(
    ("改动", "原文", "改为", "合计"),
    [
        ("参保多1人", "30437", "30438", 182_628_000),
        ("标准多1分", '"5.00"', '"5.01"', 182_987_244),
        ("少1个月", 'months: "12"', 'months: "11"', 167_403_500),
    ],
)
def test_阜康每个输入都影响结果(tmp_path: Path, 改动: str, 原文: str, 改为: str, 合计: int) -> None:
    assert _changed(tmp_path, "fukang-2024", (原文, 改为)).total_fen == 合计


@pytest.mark.parametrize(
    ("到账日", "逾期"), [("2024-06-19", 0), ("2024-06-20", 0), ("2024-06-21", 1), ("2024-07-02", 12)]
)
def test_期限前_当天_次日(tmp_path: Path, 到账日: str, 逾期: int) -> None:
    june = _changed(tmp_path, "maqiao-2024-notices", ('"2024-07-02"', f'"{到账日}"')).lines[0]
    assert june.days_late == 逾期


def test_没有写到账日就不下结论(tmp_path: Path) -> None:
    assert _changed(tmp_path, "maqiao-2024-notices", ('    paid_on: "2024-07-02"\n', "")).lines[0].days_late is None


def test_人数减少时是退回(tmp_path: Path) -> None:
    lines = _changed(tmp_path, "maqiao-2024-mutual-aid", ('count: "460"', 'count: "500"')).lines
    assert [(line.formula, line.amount_fen) for line in lines[2:4]] == [
        ("-3×2610×25%", -195_750),
        ("-3×500×25%", -37_500),
    ]


def test_通知金额除不尽时不反推总额(tmp_path: Path) -> None:
    june = _changed(
        tmp_path,
        "maqiao-2024-notices",
        ('{level: 上海市, share: "0.50"}', '{level: 上海市, share: "0.30"}'),
        ('{level: 闵行区, share: "0.25"}', '{level: 闵行区, share: "0.40"}'),
        ('{level: 马桥镇, share: "0.25"}', '{level: 马桥镇, share: "0.30"}'),
        ('"32880.00"', '"32880.01"'),
    ).lines[0]
    assert (june.amount_fen, june.formula, june.by_level) == (3_288_001, "按通知 32880.01", ())


@pytest.mark.parametrize(
    ("总额", "比例", "各级"),
    [
        (100, ("0.50", "0.25", "0.25"), (50, 25, 25)),
        (101, ("0.50", "0.25", "0.25"), (51, 25, 25)),
        (102, ("0.50", "0.25", "0.25"), (51, 26, 25)),
        (103, ("0.50", "0.25", "0.25"), (51, 26, 26)),
        (-102, ("0.50", "0.25", "0.25"), (-51, -26, -25)),
        (10, ("0.333333", "0.333333", "0.333334"), (3, 3, 4)),
        (0, ("0.60", "0.40"), (0, 0)),
    ],
)
def test_余下的分给余数最大的_相同时给在前的(总额: int, 比例: tuple[str, ...], 各级: tuple[int, ...]) -> None:
    shares = [Ratio(int(text.replace(".", "").ljust(7, "0"))) for text in 比例]
    assert split(总额, shares) == 各级


def test_比例之和不是1不能分() -> None:
    with pytest.raises(ValueError, match="add up"):
        split(100, [Ratio(500_000), Ratio(499_999)])


@st.composite
def _shares(draw: st.DrawFn) -> list[Ratio]:
    cuts = sorted(draw(st.lists(st.integers(0, RATIO_SCALE), max_size=6)))
    bounds = [0, *cuts, RATIO_SCALE]
    return [Ratio(high - low) for low, high in zip(bounds, bounds[1:], strict=False)]


@given(st.integers(-(10**12), 10**12), _shares())
def test_各级之和等于总额_且各自与应得相差不到一分(total_fen: int, shares: list[Ratio]) -> None:
    parts = split(total_fen, shares)
    assert sum(parts) == total_fen
    for part, share in zip(parts, shares, strict=True):
        assert abs(part * RATIO_SCALE - total_fen * share.millionths) < RATIO_SCALE


def test_内置文件名与编号一致() -> None:
    assert known_ids(Shelf.CLEARING) == ("fukang-2024", "maqiao-2024-mutual-aid", "maqiao-2024-notices")
    for document_id in known_ids(Shelf.CLEARING):
        assert _cleared(_file(document_id)).document.id == document_id


def test_文件里不存计算出的金额() -> None:
    for document_id in known_ids(Shelf.CLEARING):
        text = _file(document_id).read_text(encoding="utf-8")
        for printed in (
            "324292.5",
            "62125",
            "24142.5",
            "4625.",
            "380080.75",
            "795265.75",
            "1826220",
            "131520",
            "17125",
        ):
            assert printed not in text
