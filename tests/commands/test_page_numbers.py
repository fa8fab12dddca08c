"""Page numbers come from LibreOffice where it is there, and from nowhere else."""

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.report.docx_demo import body, demo, heading
from tuodi.commands import page_numbers as module
from tuodi.commands.page_numbers import page_numbers, write_numbered
from tuodi.report.blocks import Report
from tuodi.report.word.edits import Earlier, read_back
from tuodi.report.word.pages import entries, find_pages
from tuodi.report.word.writer import report_bytes

SMALL = Report(id="r", cover=None, blocks=(heading(1, "一、概况"), body("正文。")))


def _programs(monkeypatch: pytest.MonkeyPatch, folder: Path, **scripts: str) -> None:
    for name, script in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    there = {name: str(folder / name) for name in scripts}
    monkeypatch.setattr(shutil, "which", there.get)


def test_没有程序_不编页码_报告照写(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert page_numbers(SMALL) is None
    assert write_numbered(tmp_path / "报告.docx", SMALL) is False
    assert (tmp_path / "报告.docx").read_bytes() == report_bytes(SMALL)


def test_没有目录的报告_不必启动别的程序(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "page_numbers", lambda *_: pytest.fail("not needed"))
    assert write_numbered(tmp_path / "报告.docx", Report(id="r", cover=None, blocks=(body("甲。"),)))


@pytest.mark.parametrize(
    ("office", "reader"),
    [("exit 1", "exit 0"), ("exit 0", "exit 1"), ("exit 0", "echo 别的内容"), ("sleep 30", "exit 0")],
    ids=["转换失败", "读取失败", "找不到标题", "超时"],
)
def test_程序出错或超时_不编页码(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, office: str, reader: str) -> None:
    _programs(monkeypatch, tmp_path, soffice=office, pdftotext=reader)
    started = time.monotonic()
    assert page_numbers(SMALL, seconds=0.5) is None
    assert time.monotonic() - started < 10


def test_页码按转换结果的页脚(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _programs(monkeypatch, tmp_path, soffice="exit 0", pdftotext="printf '目录\\f一、概况\\n正文。\\n— 7 —\\n\\f'")
    assert page_numbers(SMALL) == {"_Toc000001": 7}


@pytest.mark.needs("libreoffice")
def test_转成PDF_目录的页码就是标题所在页的页脚_另存后也读得回(tmp_path: Path) -> None:
    report, path = demo(), tmp_path / "报告.docx"
    assert write_numbered(path, report)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    for kind in ("pdf", "docx"):
        words = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(tmp_path / kind), str(path)]
        subprocess.run(words, check=True, capture_output=True, timeout=180)
    printed = subprocess.run(
        ["pdftotext", "-layout", "-enc", "UTF-8", str(tmp_path / "pdf" / "报告.pdf"), "-"],
        check=True,
        capture_output=True,
        timeout=60,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    pages = printed.stdout.decode().split("\f")
    assert "征求意见稿" in pages[0]
    assert "—" not in pages[0]
    listed = [line.split("...")[0].strip() for line in pages[1].splitlines() if "..." in line]
    numbers = [line.rsplit(".", 1)[1].strip() for line in pages[1].splitlines() if "..." in line]
    found = find_pages(pages, report)
    assert len(listed) == len(entries(report)) == len(found) == 19
    assert [int(number) for number in numbers] == list(found.values())
    assert "— I —".replace(" ", "") in pages[1].replace(" ", "")
    feet = ["".join(page.split()).rpartition("。")[2] for page in pages[2:] if page.strip()]
    shown = [re.search(r"—([0-9]+)—$", foot) for foot in feet]
    assert [found and int(found[1]) for found in shown] == list(range(1, 16)), "no empty and no unnumbered page"
    saved = read_back(tmp_path / "docx" / "报告.docx")
    assert isinstance(saved, Earlier)
    assert saved == read_back(path)
