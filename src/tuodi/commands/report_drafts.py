"""Writing a report beside earlier drafts: nothing an evaluator wrote is lost, nothing edited is overwritten."""

import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from tuodi.commands.console import note, print_findings, progress
from tuodi.commands.page_numbers import WITHOUT_NUMBERS, write_numbered
from tuodi.kernel.finding import Finding
from tuodi.kernel.fragments import Quote
from tuodi.report.blocks import Gap, Heading, Report
from tuodi.report.key_words import spoken_key
from tuodi.report.tables import CREATED, Column, write_table
from tuodi.report.word.edits import Change, Earlier, changes, fill, read_back

UNUSABLE = 1
_NUMBERED = re.compile("-第[0-9]+稿$")
_LONG_NUMBER = re.compile(r"[0-9][0-9,]*\.?[0-9]+%?")
SHOWN_CHANGES = 10
CHANGE_COLUMNS = (Column("位置"), Column("旧稿"), Column("新稿"))


def next_draft(out: Path) -> Path:
    """Return the first free name of the kind ``报告-第2稿.docx``; of a draft's own name, that of its series."""
    stem = _NUMBERED.sub("", out.stem)
    number = 2
    while (place := out.with_name(f"{stem}-第{number}稿{out.suffix}")).exists():
        number += 1
    return place


def drafts(out: Path) -> list[Path]:
    """Return the existing drafts of a series, the newest first: ``报告-第2稿.docx``, ``报告.docx``."""
    stem = _NUMBERED.sub("", out.stem)
    found: list[Path] = []
    place, number = out.with_name(f"{stem}{out.suffix}"), 1
    while place.exists() or number == 1:
        if place.exists():
            found.insert(0, place)
        number += 1
        place = out.with_name(f"{stem}-第{number}稿{out.suffix}")
    return found


def write_workbook(out: Path, write: Callable[[Path], None]) -> Path:
    """Write a workbook; one that somebody saved since stays, and the new one stands beside it. Returns where."""
    place = next_draft(out) if out.exists() and saved_since(out) else out
    write(place)
    if place != out:
        note(f"{out} 已经有人改过，没有覆盖；这次写到 {place}。")
    return place


def saved_since(path: Path) -> bool:
    """Tell whether a workbook is not as we wrote it: whoever saves one writes the time of saving into it."""
    try:
        with zipfile.ZipFile(path) as book:
            return CREATED.isoformat().encode() not in book.read("docProps/core.xml").partition(b"<dcterms:modified")[2]
    except (OSError, zipfile.BadZipFile, KeyError, RuntimeError):
        return True


def write_word(out: Path, report: Report, earlier_name: str | None, names: Mapping[str, str]) -> int:
    """Write the Word file; hand-written passages come over from the newest draft, or the one that was named.

    Returns 1 where the earlier draft cannot be used.
    """
    sources = [Path(earlier_name)] if earlier_name else drafts(out)
    read = [(source, _earlier(source, report)) for source in sources]
    source, earlier = next((each for each in read if isinstance(each[1], Earlier)), read[0] if read else (out, None))
    place = out
    if isinstance(earlier, Finding):
        if earlier_name:
            print_findings([earlier])
            return UNUSABLE
        place = next_draft(out)
        note(f"{earlier.message}，没有覆盖 {source}；新报告写到 {place}。")
    elif earlier is not None:
        report = taken_over(report, earlier)
        place = _place_beside(out, source, earlier)
        found = changes(earlier.figures, report)
        _tell_changes(found, place, names)
        _tell_old_numbers(found, earlier)
    with progress("写出报告"):
        numbered = write_numbered(place, report)
    gaps = [gap.title for gap in report.gaps if gap.open]
    if gaps:
        note(f"还有 {len(gaps)} 处待人工撰写：{'、'.join(gaps)}；写完之前封面标“征求意见稿”。")
    if report.contents and not numbered:
        note(WITHOUT_NUMBERS)
    note(f"已写出 {place}。")
    return 0


def _earlier(source: Path, report: Report) -> Earlier | Finding:
    """Return an earlier draft of this very report."""
    earlier = read_back(source)
    if isinstance(earlier, Finding) or earlier.id == report.id:
        return earlier
    return Finding(
        rule="report-other",
        message="旧稿是另一个评价或另一份决算的",
        advice="请核对文件；要写的是另一个评价或另一份决算时，请换一个文件名",
        file=source.name,
        value=earlier.id,
    )


def _series(path: Path) -> Path:
    """Return the name that all drafts of one report share."""
    return path.absolute().with_name(_NUMBERED.sub("", path.stem) + path.suffix)


def _place_beside(out: Path, source: Path, earlier: Earlier) -> Path:
    """Return where to write: over a draft nobody touched, else beside it."""
    if _series(source) != _series(out):
        return next_draft(out) if out.exists() else out
    if not earlier.touched:
        return source
    place = next_draft(out)
    note(f"{source} 已经有人改过，没有覆盖；新稿写到 {place}，手写的段落已带过去。")
    if earlier.edited:
        note("旧稿在手写段落以外也改过：那些改动不会带到新稿，请对照旧稿处理。")
    return place


def taken_over(report: Report, earlier: Earlier) -> Report:
    """Put the hand-written passages in; those without a place any more stand in an annex of their own."""
    filled = fill(report, earlier)
    if earlier.holding_more:
        note(f"这些段落里有表格、图片或脚注，只能带文字过来，请从旧稿拷贝：{'、'.join(earlier.holding_more)}。")
    if not filled.left_over:
        return filled.report
    note(f"旧稿的这些手写段落在新版式里没有位置，放在最后的附件里：{'、'.join(filled.left_over)}。")
    kept = [Gap(name=name, title=name, prompt="", text=text) for name, text in filled.left_over.items()]
    heading = Heading(1, (Quote("layout.heading", "附：旧稿中的其他手写段落"),), new_page=True)
    return replace(filled.report, annexes=(*filled.report.annexes, heading, *kept))


def _tell_old_numbers(found: list[Change], earlier: Earlier) -> None:
    """Name the hand-written passages in which a number stands that has changed."""
    gone = {change.before for change in found if change.before and _LONG_NUMBER.fullmatch(change.before)}
    for name, parts in earlier.passages.items():
        written = "\n".join(parts)
        stale = [number for number in sorted(gone) if re.search(rf"(?<![0-9.,]){re.escape(number)}", written)]
        if stale:
            note(f"手写段落“{name}”里还有已经变了的数：{'、'.join(stale)}，请核对。")


def _tell_changes(found: list[Change], place: Path, names: Mapping[str, str]) -> None:
    """Tell how many figures changed, show the first, and write all of them to a list beside the report."""
    if not found:
        return
    beside = place.with_name(f"{place.stem}-变动清单.xlsx")
    rows = [(spoken_key(change.key, names), change.before or "", change.after or "") for change in found]
    write_table(beside, CHANGE_COLUMNS, rows)
    note(f"与旧稿相比，有 {len(found)} 处数或引文变了，全部列在 {beside}：")
    for where, before, after in rows[:SHOWN_CHANGES]:
        note(f"　{where}：{before or '（无）'} → {after or '（无）'}")
