"""Make Fukang's answers anew: ``python examples/surveys/make_fukang_answers.py [FILE]``.

The published report gives counts only. These 122 answers add up to exactly its counts; who answered what, the times
and the open answers are made up, and nobody in the file exists. The same seed gives the same bytes.
"""

import csv
import sys
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
SEED = 122
FIRST, LAST = datetime(2025, 7, 5, 8), datetime(2025, 7, 19, 22)
SKIPPED = "(跳过)"
PEOPLE = 122
RECIPIENTS = 84

# The counts as published, question by question; the sixth was shown to the 84 who received the subsidy.
COUNTS = {
    "1、平台弹出的抽奖活动是广告，请勿点击": {"我已知悉": 122},
    "3、您参保的方式是": {"单建统筹基金参保": 51, "实施统账结合参保": 71},
    "4、是否知晓职工大额医疗补助相关政策": {"是": 95, "否": 27},
    "5、2024年是否享受职工大额医疗补助": {"是": 84, "否": 38},
    "6、住院报销比例是否达到91%": {"是": 81, "否": 3},
    "7、是否减轻职工医疗经济负担": {"是": 112, "否": 10},
    "8、是否优化社会医疗保障体系": {"是": 117, "否": 5},
    "9、工作服务质量的评价": {"满意": 117, "一般": 5},
    "10、工作服务及时性的评价": {"满意": 118, "一般": 4},
    "11、整体满意程度": {"A.非常满意": 92, "B.比较满意": 11, "C.满意": 15, "D.一般": 4},
}
# Made up.
OPEN = {
    "12、是否有需要改进的地方": {
        "无": 79,
        "没有": 21,
        "加大政策宣传": 9,
        "对政策不了解": 6,
        "报销流程再简便些": 4,
        "希望提高比例": 3,
    },
    "13、有何意见或建议": {
        "无": 84,
        "暂无": 17,
        "多到单位讲解政策": 8,
        "通过短信宣传": 5,
        "减少报销材料": 4,
        "提高补助标准": 4,
    },
}
ROUTED, ROUTER = "6、住院报销比例是否达到91%", "5、2024年是否享受职工大额医疗补助"


def shuffled(counts: dict[str, int], rng: Random) -> list[str]:
    """Return each answer as often as counted, in a made-up order."""
    answers = [answer for answer, count in counts.items() for _ in range(count)]
    rng.shuffle(answers)
    return answers


def rows() -> list[list[str]]:
    """Return the header and 122 rows as the survey site exports them, without its column of network addresses."""
    rng = Random(SEED)  # noqa: S311 - made-up people, no secret
    columns = {heading: shuffled(counts, rng) for heading, counts in (COUNTS | OPEN).items()}
    routed = iter(columns[ROUTED])
    columns[ROUTED] = [next(routed) if answer == "是" else SKIPPED for answer in columns[ROUTER]]
    moments = sorted(
        FIRST + timedelta(seconds=rng.randrange(int((LAST - FIRST).total_seconds()))) for _ in range(PEOPLE)
    )
    found = [["序号", "提交答卷时间", "所用时间", "来源", *columns]]
    for place, moment in enumerate(moments):
        meta = [str(place + 1), f"{moment:%Y/%m/%d %H:%M:%S}", f"{rng.randrange(45, 300)}秒", "链接"]
        found.append([*meta, *(answers[place] for answers in columns.values())])
    return found


def main(path: Path) -> None:
    """Write the file."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, lineterminator="\r\n").writerows(rows())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "fukang-2024-answers.csv")
