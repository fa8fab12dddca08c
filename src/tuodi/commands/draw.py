"""``tuodi draw``: a stratified sample from a list of people, the same for the same seed."""

import re
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from tuodi.commands.console import note, print_findings, say, show
from tuodi.commands.figures_table import figures_table
from tuodi.commands.outputs import table_to_write, write_result
from tuodi.commands.parser import Command
from tuodi.commands.places import WrongUse, file_to_read
from tuodi.kernel.finding import Finding
from tuodi.kernel.money import half_up, percent
from tuodi.report.tables import Column, Kind, Row
from tuodi.survey.frame import Frame, read_frame
from tuodi.survey.intervals import Z_OF_CONFIDENCE, sample_size
from tuodi.survey.sampling import Draw, draw

REFUSED = 1
NUMBER, STRATUM = "抽样序号", "层"
WHOLE = "全部"

_MARGIN = re.compile(r"([0-9]{1,2}(?:\.[0-9]{1,4})?)\s*[%％]|(0\.[0-9]{1,6})")


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("names", metavar="名单", help="救助对象或受益者名单（XLSX、CSV），一人一行")
    how_many = parser.add_mutually_exclusive_group(required=True)
    how_many.add_argument("--size", type=int, metavar="人数", help="抽多少人")
    how_many.add_argument("--margin", metavar="误差", help="按允许的误差算出人数，例如 5%%")
    parser.add_argument("--confidence", type=int, choices=sorted(Z_OF_CONFIDENCE), default=95, help="置信度，默认 95")
    parser.add_argument("--by", metavar="列名", help="按这一列分层，各层按人数比例抽取，例如 乡镇；不写则不分层")
    parser.add_argument("--seed", required=True, metavar="种子", help="任意文字或数字；名单和种子相同，抽到的人就相同")
    parser.add_argument("--out", required=True, metavar="文件", help="抽样结果：.xlsx、.csv 或 .parquet")
    parser.add_argument("--with-numbers", action="store_true", help="写出完整的身份证号和银行卡号；默认只留首尾四位")


def _run(args: Namespace) -> int:
    path = file_to_read(args.names)
    out = table_to_write(args.out, [path])
    margin = None if args.margin is None else _margin(args.margin)
    frame = read_frame(path)
    if not isinstance(frame, Frame):
        print_findings(frame)
        return REFUSED
    print_findings(frame.findings)
    place = None
    if args.by:
        place = frame.position_of(args.by)
        if place is None:
            print_findings([_no_column(frame, args.by)])
            return REFUSED
    people = len(frame.rows)
    size = args.size if margin is None else sample_size(people, margin, args.confidence)
    if not 1 <= size <= people:
        raise WrongUse(f"要抽 {size} 人，而名单里有 {people} 人；请把人数写在 1 到 {people} 之间。")
    strata = frame.strata(place)
    drawn = draw(frame.keys, strata, size, args.seed)
    _write(frame, drawn, strata, out, with_numbers=args.with_numbers)
    if margin is not None:
        spoken = percent(margin.numerator, margin.denominator)
        wanted = f"允许误差 ±{spoken}%，置信度 {args.confidence}%"
        say(f"名单 {people} 人，{wanted}：至少抽 {size} 人（按比例 50% 计算，已作有限总体修正）")
    _show(drawn, size, people, args.seed)
    note(f"抽样结果已写入 {out}。" + ("" if args.with_numbers or not frame.masked else "身份证号、卡号只留首尾四位。"))
    return 0


def _margin(text: str) -> Fraction:
    match = _MARGIN.fullmatch(text.strip())
    value = Fraction(0)
    if match:
        value = Fraction(match[1]) / 100 if match[1] else Fraction(match[2])
    if not value:
        raise WrongUse(f"--margin {text} 的写法不对；请写百分数，例如 5%。")
    return value


def _write(frame: Frame, drawn: Draw, strata: Sequence[str], out: Path, *, with_numbers: bool) -> None:
    columns = [Column(NUMBER, Kind.COUNT), Column(STRATUM), *map(Column, _own_names(frame.header))]
    rows: list[Row] = [
        (number, strata[place] or WHOLE, *frame.row_for_output(place, with_numbers=with_numbers))
        for number, place in enumerate(drawn.chosen, start=1)
    ]
    write_result(out, columns, rows)


def _own_names(header: Sequence[str]) -> list[str]:
    """Return the headings, each once and none of them ours: parquet knows columns by name only."""
    names: list[str] = []
    for place, heading in enumerate(header, start=1):
        name = heading or f"第{place}列"
        while name in names or name in (NUMBER, STRATUM):
            name += "（原）"
        names.append(name)
    return names


def _show(drawn: Draw, size: int, people: int, seed: str) -> None:
    rows = [
        (stratum.name or WHOLE, str(stratum.people), _exact(stratum.people * size, people), str(stratum.drawn))
        for stratum in drawn.strata
    ]
    total = ("合计", str(people), f"{size}.00", str(size))
    headings = ("层", "名单人数", "按比例应抽", "抽取人数")
    show(figures_table(f"抽样（种子 {seed}）", headings, rows, numbers=headings[1:], total=total))


def _exact(part: int, whole: int) -> str:
    hundredths = half_up(part * 100, whole)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _no_column(frame: Frame, name: str) -> Finding:
    return Finding(
        rule="draw-column-missing",
        message=f"没有“{name}”这一列，不能按它分层",
        advice=f"名单中的列有：{'、'.join(frame.header)}",
        file=frame.file,
    )


COMMAND = Command(
    name="draw",
    help="从名单中分层随机抽样：按比例、凭种子可复核，可按误差算样本量",
    arguments=_arguments,
    run=_run,
)
