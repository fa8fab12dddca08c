"""分层抽样：凭种子可复核，各层人数与比例相差不到一人，名单换个次序抽到的还是同一批人。"""

from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.survey.written import rules, write
from tuodi.survey.frame import Frame, read_frame
from tuodi.survey.sampling import allocate, draw

STRATA = st.dictionaries(st.sampled_from("甲乙丙丁戊己"), st.integers(0, 200), min_size=1)


@given(people=STRATA, share=st.integers(0, 1000))
def test_各层相加等于样本量_与比例相差不到一人(people: dict[str, int], share: int) -> None:
    total = sum(people.values())
    size = total * share // 1000
    given_out = allocate(people, size)
    assert sum(given_out.values()) == size
    for name, count in people.items():
        assert given_out[name] <= count
        assert not total or abs(given_out[name] * total - size * count) < total


@pytest.mark.parametrize(
    ("各层", "样本", "应得"),
    [
        ({"甲": 50, "乙": 30, "丙": 20}, 10, {"甲": 5, "乙": 3, "丙": 2}),
        ({"甲": 10, "乙": 10, "丙": 10}, 10, {"甲": 4, "乙": 3, "丙": 3}),
        ({"甲": 97, "乙": 2, "丙": 1}, 10, {"甲": 10, "乙": 0, "丙": 0}),
        ({"甲": 1, "乙": 1}, 2, {"甲": 1, "乙": 1}),
    ],
)
def test_最大余数法(各层: dict[str, int], 样本: int, 应得: dict[str, int]) -> None:
    assert allocate(各层, 样本) == 应得


def test_抽的比名单多不行() -> None:
    with pytest.raises(ValueError, match="more to be drawn"):
        allocate({"甲": 1}, 2)


@given(order=st.permutations(range(12)), size=st.integers(0, 12), seed=st.text(max_size=5))
def test_与名单的次序无关(order: list[int], size: int, seed: str) -> None:
    keys = [f"P{number}" for number in range(12)]
    first = draw(keys, [""] * 12, size, seed)
    second = draw([keys[place] for place in order], [""] * 12, size, seed)
    assert [keys[place] for place in first.chosen] == [keys[order[place]] for place in second.chosen]
    assert len(set(first.chosen)) == size


def test_凭种子可用手工复核() -> None:
    keys = ["P1", "P2", "P3"]
    by_hand = sorted(keys, key=lambda key: sha256(f"2024\x1f{key}".encode()).hexdigest())
    assert [keys[place] for place in draw(keys, ["", "", ""], 2, "2024").chosen] == by_hand[:2]


def _frame(tmp_path: Path, rows: list[list[str]]) -> Frame:
    frame = read_frame(write(tmp_path / "names.csv", rows))
    assert isinstance(frame, Frame)
    return frame


def test_同一个人只算一次_证件号遮住(tmp_path: Path) -> None:
    rows = [
        ["姓名", "身份证号", "乡镇"],
        ["测试甲", "110101199003074530", "东镇"],
        ["测试乙", "11010119900307453X", "西镇"],
        ["测试甲", "110101199003074530", "东镇"],
        ["合计", "3", ""],
    ]
    frame = _frame(tmp_path, rows)
    assert len(frame.rows) == 2
    assert rules(frame.findings) == ["draw-person-twice"]
    assert frame.row_for_output(0, with_numbers=False) == ("测试甲", "1101**********4530", "东镇")
    assert frame.row_for_output(1, with_numbers=True) == ("测试乙", "11010119900307453X", "西镇")
    assert frame.strata(frame.position_of("乡镇")) == ["东镇", "西镇"]


def test_缺列的行不能抽样(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("姓名,乡镇\n甲,东镇\n乙\n", encoding="utf-8")
    found = read_frame(path)
    assert isinstance(found, list)
    assert rules(found) == ["row-width"]
