"""Two versions compared: a point is known by its rule, figures and words, wherever it has moved."""

from tuodi.audit.comparison import Standing, compared
from tuodi.audit.paper.model import Place
from tuodi.audit.remark import Remark

STILL, NEW = Standing.STILL, Standing.NEW


def remark(
    rule: str = "total-differs", stated: str = "10", expected: str = "12", quote: str = "合计10万元", line: int = 5
) -> Remark:
    return Remark(
        rule=rule,
        place=Place(block=line, section="一、概况", line=line, row=line),
        message=f"合计写 {stated}，各项相加为 {expected}",
        advice="请核对",
        quote=quote,
        stated=stated,
        expected=expected,
    )


def test_移到别处的还是同一条() -> None:
    found = compared([remark(line=5)], [remark(line=90)])
    assert (found.standings, found.corrected) == ((STILL,), ())


def test_段号和表号变了还是同一条() -> None:
    def at(paragraph: int, table: int) -> Remark:
        where = Place(section="一、概况", table_number=table, row=3)
        message = f"合计写 10，{where.words()}写 12，{Place(section='一、概况', paragraph=paragraph).words()}写 11"
        return Remark(rule="total-differs", place=where, message=message, advice="", stated="10", expected="12")

    assert compared([at(2, 1)], [at(7, 4)]).standings == (STILL,)


def test_改好的列入已改正_新的标新出现() -> None:
    old = [remark(), remark("share-differs", "20%", "25%", "占20%")]
    new = [remark("grade-differs", "优", "良", "等级为优"), remark()]
    found = compared(old, new)
    assert found.standings == (NEW, STILL)
    assert found.corrected == (old[1],)


def test_换成另一个错数不算改正() -> None:
    found = compared([remark(stated="10", quote="合计10万元")], [remark(stated="11", quote="合计11万元")])
    assert (found.standings, found.corrected) == ((STILL,), ())


def test_规则不同就不是同一条() -> None:
    found = compared([remark("total-differs")], [remark("subtotal-differs")])
    assert (found.standings, len(found.corrected)) == ((NEW,), 1)


def test_一模一样的两条各对各的() -> None:
    assert compared([remark()], [remark(), remark()]).standings == (STILL, NEW)
    assert len(compared([remark(), remark()], [remark()]).corrected) == 1


def test_先认最像的() -> None:
    # Both old points fit the new one by sentence, only the second by its figures.
    old = [remark(stated="10", quote="合计10万元"), remark(stated="11", quote="合计11万元")]
    found = compared(old, [remark(stated="11", quote="合计11万元")])
    assert found.corrected == (old[0],)


def test_没有变化和全部新增() -> None:
    points = [remark(stated=str(number)) for number in range(5)]
    assert compared(points, points).standings == (STILL,) * 5
    assert compared([], points).standings == (NEW,) * 5
    assert compared(points, []).corrected == tuple(points)
