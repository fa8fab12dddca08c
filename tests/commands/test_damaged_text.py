"""A parquet file whose texts are no UTF-8: parquet only promises that they are, and both engines refuse it."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tuodi.commands.main import main

GOOD = {
    "psn_no": ["P1", "P2"],
    "psn_name": ["样例甲", "样例乙"],
    "identity": ["低保对象"] * 2,
    "begntime": ["2024-01-01"] * 2,
}
SETTLEMENTS = (
    "setl_id,psn_no,setl_time,med_type,insuplc_admdvs,mdtrtarea_admvs,inscp_scp_amt,hifp_pay\n"
    "S1,P1,2024-05-01,21,149901,149901,1000.00,0\n"
)


def damaged(texts: list[str]) -> pa.Array:
    """Return the texts, the first byte of the last one replaced by one that begins no character."""
    _, offsets, data = pa.array(texts).buffers()
    start = sum(len(text.encode()) for text in texts[:-1])
    content = bytearray(data.to_pybytes())
    content[start] = 0x91
    return pa.Array.from_buffers(pa.string(), len(texts), [None, offsets, pa.py_buffer(bytes(content))])


@pytest.mark.parametrize("engine", ["python", "columnar"])
@pytest.mark.parametrize("column", ["psn_no", "psn_name", "identity", "begntime"])
def test_文字不是有效编码的文件不能使用(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], column: str, engine: str
) -> None:
    table = {name: damaged(texts) if name == column else pa.array(texts) for name, texts in GOOD.items()}
    pq.write_table(pa.table(table), tmp_path / "p.parquet")
    (tmp_path / "s.csv").write_text(SETTLEMENTS, encoding="utf-8")
    words = ["--persons", str(tmp_path / "p.parquet"), "--settlements", str(tmp_path / "s.csv")]
    out = tmp_path / "out.csv"
    assert main(["assess", "--policy", "jiaocheng-2024", *words, "--out", str(out), "--engine", engine]) == 1
    told = capsys.readouterr().err
    assert "p.parquet" in told
    assert "程序出了意外" not in told
    assert not out.exists()
