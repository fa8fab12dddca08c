"""``tuodi demo``: the main job on the sample county, from two files to results, receipts and a list of errors."""

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path

from tuodi.commands.console import note, progress, say, show
from tuodi.commands.demo_accounts import DISCLOSURE, TABLES
from tuodi.commands.demo_evaluations import REPORT, SCORES, SELF_TABLE, SURVEY
from tuodi.commands.demo_papers import OPINIONS, PAGE
from tuodi.commands.demo_run import (
    DIFFERENCES,
    ERRORS,
    RESULTS,
    RESULTS_WITH_ERRORS,
    STEPS,
    SUBSIDIES,
    DemoRun,
    SampleSpoiled,
    run_demo,
)
from tuodi.commands.demo_table import NOTHING, DemoRow, demo_rows
from tuodi.commands.figures_table import figures_table
from tuodi.commands.parser import Command
from tuodi.commands.places import WrongUse, folder_to_write
from tuodi.commands.policies import rulebook_of
from tuodi.kernel.files import written_whole
from tuodi.sample.county import SampleCounty, sample_county

NOT_AS_PLANNED = 1
MARKER = ".tuodi-demo"
SUMMARY = "汇总.json"
ABOUT = "说明.txt"
HEADINGS = ("项目", "本次演示", "公布数", "出处", "说明")


def _arguments(parser: ArgumentParser) -> None:
    default = str(Path("out", "demo"))
    parser.add_argument("--out", default=default, metavar="文件夹", help="结果放在哪个文件夹（默认：%(default)s）")
    parser.add_argument("--json", action="store_true", help="汇总表输出为 JSON")


def _run(args: Namespace) -> int:
    folder = own_folder(args.out)
    county = sample_county()
    book = rulebook_of([county.policy])
    if isinstance(book, int):
        return book
    try:
        with progress(f"演示：{county.name}", STEPS) as done:
            run = run_demo(county, book, folder, done)
    except SampleSpoiled as spoiled:
        note(str(spoiled))
        return NOT_AS_PLANNED
    rows = demo_rows(run)
    files = _files(run)
    answer = json.dumps(_answer(county, rows, folder, files), ensure_ascii=False, indent=2)
    _write(folder / SUMMARY, answer + "\n")
    _write(folder / ABOUT, _about(county, rows, files))
    if args.json:
        say(answer)
    else:
        _print(county, rows, folder, files)
    return _status(rows)


def own_folder(name: str) -> Path:
    """Return the folder, made and marked as the demo's. Raises WrongUse if it holds anything else."""
    folder = Path(name)
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARKER).is_file():
        raise WrongUse(f"文件夹 {name} 里已有不是演示生成的文件；为免覆盖，请用 --out 换一个新的或空的文件夹。")
    folder = folder_to_write(name)
    _write(folder / MARKER, "这个文件夹由 tuodi demo 生成，再次运行会覆盖其中的同名文件。\n")
    return folder


def _files(run: DemoRun) -> dict[str, str]:
    """Return what lies in the folder: name and what it is."""
    receipts = {name: f"结算 {case.setl_id} 的计算单：{case.why}（tuodi explain）" for case, name in run.receipts}
    return {
        RESULTS: "每笔结算的救助金额、条款和说明（tuodi assess）",
        SUBSIDIES: "每人的参保资助金额和依据（tuodi premium）",
        DIFFERENCES: "应救未救、少付、多付，按差额排列并说明原因（tuodi screen）",
        **receipts,
        ERRORS: "另一组特意写错的文件里，每处错误在哪里、怎样改（tuodi assess --errors）",
        RESULTS_WITH_ERRORS: "同一组文件中没有错误的人员照常计算的结果",
        REPORT: "绩效评价报告全文，得分和扣分由方案和数据写成，待人工撰写处有标记（tuodi report）",
        SCORES: "同一评价的评分表，公式可以重新计算（tuodi report）",
        SELF_TABLE: "项目支出绩效自评表（tuodi report）",
        SURVEY: "满意度问卷的统计；答卷是按公布的人数虚构的（tuodi survey）",
        OPINIONS: "一份虚构报告的审核意见表，留有修改情况一栏（tuodi audit --opinions）",
        PAGE: "同一份报告的全文，差错处有标记和算式，用浏览器打开（tuodi audit --annotate）",
        DISCLOSURE: "部门决算公开文件全文，表和文字由同一份数据写成（tuodi accounts）",
        TABLES: "同一部门的十张公开表和勾稽关系（tuodi accounts）",
        SUMMARY: "本页汇总表，供程序读取",
        ABOUT: "汇总表和本文件夹的说明",
    }


def _answer(county: SampleCounty, rows: list[DemoRow], folder: Path, files: dict[str, str]) -> dict[str, object]:
    return {
        "county": county.name,
        "policy": county.policy,
        "synthetic": True,
        "rows": [row.answer() for row in rows],
        "folder": str(folder),
        "files": [{"name": name, "about": about} for name, about in files.items()],
    }


def _title(county: SampleCounty) -> str:
    return f"{county.name}（人员、家庭、机构、金额全部虚构），按政策 {county.policy} 计算"


def _cells(rows: list[DemoRow]) -> tuple[list[tuple[str, str, str, str, str]], list[str]]:
    """Return the rows as people read them, and the sources they name by number."""
    sources = list(dict.fromkeys(row.source for row in rows if row.source))
    cells = []
    for row in rows:
        source = f"[{sources.index(row.source) + 1}] {row.at}" if row.source else NOTHING
        cells.append((row.item, row.spoken(row.value), row.spoken(row.published), source, row.remark))
    return cells, [f"[{number}] 《{title}》" for number, title in enumerate(sources, start=1)]


def _print(county: SampleCounty, rows: list[DemoRow], folder: Path, files: dict[str, str]) -> None:
    cells, sources = _cells(rows)
    show(figures_table(_title(county), HEADINGS, cells, numbers=HEADINGS[1:3]))
    for line in ("公布数的出处：", *sources, "", f"全部文件在 {folder}："):
        say(line)
    for name, about in files.items():
        say(f"  {name}：{about}")


def _about(county: SampleCounty, rows: list[DemoRow], files: dict[str, str]) -> str:
    """Return the page for a reader who finds the folder without having seen the screen."""
    cells, sources = _cells(rows)
    lines = ["托底 tuodi 演示结果", _title(county), "", "一、文件"]
    lines += [f"{name}：{about}" for name, about in files.items()]
    lines += ["", "二、汇总"]
    for item, value, published, source, remark in cells:
        beside = "" if source == NOTHING else f"；公布数 {published}，见{source}"
        lines.append(f"{item}：{value}{beside}；{remark}")
    lines += ["", "三、公布数的出处", *sources, "", "四、换成自己的数据"]
    lines += ["tuodi assess --policy 政策编号 --persons 名册文件 --settlements 结算文件 --out 结果.csv", ""]
    return "\n".join(lines)


def _write(path: Path, text: str) -> None:
    with written_whole(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def _status(rows: list[DemoRow]) -> int:
    """Return 0 if the run came out as planned: the counts as the files were made, no published sum contradicted."""
    unplanned = [row.item for row in rows if not row.as_planned]
    if unplanned:
        note(f"与预期不符：{'、'.join(unplanned)}；请把 {SUMMARY} 发给维护人员。")
    return NOT_AS_PLANNED if unplanned else 0


COMMAND = Command(
    name="demo",
    help="用虚构的示例县演示全过程，结果与公布数并列",
    arguments=_arguments,
    run=_run,
)
