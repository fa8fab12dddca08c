"""Findings are told whole, the weightiest first; progress is shown only to someone who waits."""

import time

import pytest

from tuodi.commands import console
from tuodi.commands.console import phases, print_findings, progress, say, warn
from tuodi.kernel.finding import Finding, Severity


def _finding(
    row: int, rule: str = "bad-date", severity: Severity = Severity.ERROR, value: str = "2024-13-05"
) -> Finding:
    return Finding(
        rule=rule,
        severity=severity,
        file="结算.csv",
        row=row,
        column="结算时间",
        value=value,
        message="不是有效日期",
        advice="请改为 YYYY-MM-DD",
    )


def test_answers_and_warnings_go_their_own_ways(capsys: pytest.CaptureFixture[str]) -> None:
    say("合计 1.00 元")
    warn("有 1 行未计算")
    assert capsys.readouterr() == ("合计 1.00 元\n", "提醒：有 1 行未计算\n")


def test_errors_come_first_and_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    print_findings([_finding(1, severity=Severity.INFO), _finding(2, severity=Severity.WARNING), _finding(3)])
    lines = capsys.readouterr().err.splitlines()
    assert [line[:2] for line in lines] == ["错误", "提醒", "说明", "错误"]
    assert lines[0] == "错误：结算.csv 第 3 行“结算时间”：2024-13-05 不是有效日期；请改为 YYYY-MM-DD。"
    assert lines[-1] == "错误 1 条，提醒 1 条，说明 1 条。"


def test_many_findings_show_examples_of_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    print_findings([_finding(row) for row in range(1000)] + [_finding(7, rule="bad-amount")], limit=20)
    err = capsys.readouterr().err
    assert err.count("不是有效日期") == 11
    assert "同类（bad-date）共 1000 条，还有 990 条未列出" in err
    assert "错误 1001 条。" in err


def test_exactly_the_limit_is_told_whole(capsys: pytest.CaptureFixture[str]) -> None:
    print_findings([_finding(row) for row in range(20)], limit=20)
    err = capsys.readouterr().err
    assert err.count("不是有效日期") == 20
    assert "同类" not in err


def test_nothing_found_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    print_findings([])
    assert capsys.readouterr() == ("", "")


def test_a_long_sentence_is_not_cut_and_a_cell_does_not_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    print_findings([_finding(1, value="长" * 500 + "\x1b[2J")])
    err = capsys.readouterr().err
    assert "长" * 500 in err
    assert "\x1b" not in err


def test_short_work_shows_no_progress(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("计算", 3) as step:
        step(3)
    assert capsys.readouterr() == ("", "")


def test_long_work_without_a_terminal_tells_in_lines(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(console, "LINE_EVERY_SECONDS", 0.0)
    with progress("计算", 3) as step:
        step(1)
    assert capsys.readouterr().err == "计算：已完成 1 / 3\n"


def test_long_work_on_a_terminal_shows_a_bar(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(console, "BAR_AFTER_SECONDS", 0.01)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    with progress("计算", 3) as step:
        step(1)
        time.sleep(0.3)
    assert "1/3" in capsys.readouterr().err


def test_each_thing_done_has_its_own_progress(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = iter(range(0, 1000, 20))
    monkeypatch.setattr(time, "monotonic", lambda: float(next(moments)))
    with phases() as tell:
        tell("核对留痕", 5, 20)
        tell("核对留痕", 12, 20)
        tell("核对待遇", 3, 0)
    assert capsys.readouterr().err.splitlines() == [
        "核对留痕：已完成 5 / 20",
        "核对留痕：已完成 12 / 20",
        "核对待遇：已完成 3",
    ]
