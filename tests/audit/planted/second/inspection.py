"""Family: a note on the inspection of a fund: balance, standards times heads, dates, samples, findings."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from tests.audit.planted.draft import amounts
from tests.audit.planted.model import Model
from tests.audit.planted.second.short import OTHER_PROJECTS, Short, yuan

FINDINGS = ("个别档案缺少审批表", "公示期限不足", "动态调整不够及时", "财务附件不完整", "台账更新滞后")


def document(seed: int, attempt: int) -> Model:
    """Return one clean note."""
    d = Short("inspection", seed, attempt)
    w = d.world
    d.title(f"关于{w.county}{w.year}年{w.subject}资金检查情况的报告")
    start = date(w.year + 1, d.rng.randint(3, 8), d.rng.randint(2, 12))
    at = d.sentence(
        "按照" + d.paper(0) + "的安排，检查组于{start}进驻{place}民政局，{end}结束现场检查，重点检查{year}年资金。",
        "根据" + d.paper(0) + "，自{start}至{end}，检查组对{place}{year}年" + w.subject + "资金进行了检查。",
        start=d.day("date:in", start),
        end=d.day("date:out", start + timedelta(days=d.rng.randint(5, 25))),
    )
    d.tie("dates-order", "rising", at["start"], at["end"])
    income, spent = _balance(d)
    _standards(d)
    _deadlines(d)
    _sample(d)
    d.section_head("检查意见")
    project = d.put(d.word("*project", w.subject))
    d.tie("conclusion-copied", "word", project, wrong=OTHER_PROJECTS)
    at = d.sentence(
        f"检查认为，{project}资金收入{{income}}、支出{{spent}}，账目基本清楚。请对照" + d.paper(0) + "抓紧整改。",
        f"总体看，{project}资金全年收入{{income}}、全年支出{{spent}}，核算比较规范。应按" + d.paper(0) + "整改。",
        income=d.large("money:income", income),
        spent=d.large("money:spent", spent),
    )
    d.para(f"{d.place()}民政局应在收到本报告后三十日内报送整改情况，并执行{d.paper(1)}。")
    return d.model()


def _balance(d: Short) -> tuple[Fraction, Fraction]:
    d.section_head(d.rng.choice(("资金收支情况", "账面情况")))
    initial = d.rng.randint(1200, 9000)
    change = d.rng.randint(60, 700)
    up = d.rng.random() < 0.6
    income = initial + change if up else initial - change
    opening = d.rng.randint(20, 600)
    spent = income * d.rng.randint(82, 98) // 100
    word = "追加" if up else "核减"
    at = d.sentence(
        f"年初批复预算{{initial}}，年中{word}{{change}}，调整后预算{{income}}。",
        f"年初预算为{{initial}}，预算执行中{word}{{change}}，全年调整后预算为{{income}}。",
        initial=d.money("money:initial", yuan(initial)),
        change=d.money("*change", yuan(change)),
        income=d.money("money:income", yuan(income)),
    )
    kind = "sum" if up else "difference"
    d.tie("adjusted-budget", kind, at["income"], at["initial"], at["change"])
    facts = {
        "opening": d.money("*opening", yuan(opening)),
        "income": d.money("money:income", yuan(income)),
        "spent": d.money("money:spent", yuan(spent)),
        "closing": d.money("*closing", yuan(opening + income - spent)),
    }
    at = d.sentence(
        "上年结转{opening}，当年收入{income}，当年支出{spent}，年末结余{closing}。",
        "年初滚存结余{opening}，全年收入{income}，全年支出{spent}，年末滚存结余{closing}。",
        **facts,
    )
    d.tie("balance", "balance", at["closing"], at["opening"], at["income"], at["spent"])
    d.unit_line()
    cells = [d.cell_money(each.key, each.value) for each in facts.values() if isinstance(each.value, Fraction)]
    d.turned([["项目", "上年结转", "本年收入", "本年支出", "年末结余"], ["金额", *cells]])
    d.tie("balance", "balance", cells[3], *cells[:3])
    at = d.sentence(
        "支出{spent}，为调整后预算{income}的{rate}，即预算执行率{rate}。",
        "按调整后预算{income}、实际支出{spent}计算，执行率为{rate}。",
        spent=d.money("money:spent", yuan(spent)),
        income=d.money("money:income", yuan(income)),
        rate=d.rate("execution", spent, income),
    )
    d.rate_tie("execution-rate", "rate", at["rate"], at["spent"], at["income"])
    return yuan(income), yuan(spent)


def _standards(d: Short) -> None:
    d.section_head(d.rng.choice(("补助标准执行情况", "按标准核算情况")))
    rows = [["类别", "标准（元/人）", "人数（人）", "应发金额（元）"]]
    money, heads = [], []
    for number, name in enumerate(("一类", "二类", "三类")):
        rate, count = d.rng.randint(12, 90) * 10, d.rng.randint(60, 900)
        price = d.cell(d.count(f"*price{number}", rate))
        head = d.cell(d.count(f"*heads{number}", count))
        amount = d.cell(d.count(f"*amount{number}", rate * count))
        d.tie("product", "product", amount, price, head)
        rows.append([name, price, head, amount])
        money.append((amount, rate * count))
        heads.append((head, count))
    total = d.cell(d.count("*sum-amount", sum(each[1] for each in money)))
    persons = d.cell(d.count("*sum-heads", sum(each[1] for each in heads)))
    rows.append([d.sum_word, "", persons, total])
    d.table(rows)
    d.tie("total-money", "sum", total, *(each[0] for each in money))
    d.tie("total-count", "sum", persons, *(each[0] for each in heads))
    count, each_money = d.rng.randint(40, 300), d.rng.randint(30, 200) * 10
    at = d.sentence(
        "另发放一次性补助{n}，每人{price}，合计{total}。",
        "此外，按每人{price}的标准向{n}发放一次性补助，共发放{total}。",
        n=d.count("*once", count, "人"),
        price=d.count("*once-price", each_money, "元"),
        total=d.count("*once-total", count * each_money, "元"),
    )
    d.tie("product", "product", at["total"], at["price"], at["n"])
    people, visits = d.rng.randint(300, 900), d.rng.randint(1000, 4000)
    spent = Fraction(visits * d.rng.randint(300, 900))
    at = d.sentence(
        "全年救助{people}、{visits}，发放{spent}，次均{mean}。",
        "全年发放{spent}，救助{visits}（{people}），每人次平均{mean}。",
        people=d.count("*helped", people, "人"),
        visits=d.count("count:visits", visits, "人次"),
        spent=d.count("*visit-money", int(spent), "元"),
        mean=d.count("*mean", int(spent / visits), "元"),
    )
    d.tie("average", "average", at["mean"], at["spent"], at["visits"], extra=(0,))
    at = d.sentence(
        "救助的{visits}中，住院救助占多数。",
        "上述{visits}救助均有审批记录。",
        visits=d.count("count:visits", visits, "人次"),
    )
    d.tie("scope", "word", at["visits"], wrong=("人",))


def _deadlines(d: Short) -> None:
    d.section_head(d.rng.choice(("资金拨付情况", "拨付及时性")))
    due = date(d.world.year, d.rng.randint(3, 9), d.rng.randint(9, 28))
    paid = due - timedelta(days=d.rng.randint(1, 6))
    at = d.sentence(
        "{paid}将资金拨付乡镇，早于规定的{due}，符合时限要求。",
        "规定拨付截止时间为{due}，实际拨付时间为{paid}，在规定期限内完成。",
        "文件规定应在{due}前拨付到位，经查于{paid}拨付到位，拨付及时。",
        due=d.day("date:due", due),
        paid=d.day("date:paid", paid),
    )
    d.tie("deadline", "at-most", at["paid"], at["due"])


def _sample(d: Short) -> None:
    d.section_head(d.rng.choice(("抽查情况", "档案抽查结果")))
    parts = amounts(d.rng, d.rng.randint(80, 240), 3, 15)
    drawn = sum(parts)
    good = drawn - d.rng.randint(2, 9)
    at = d.sentence(
        "共抽查档案{n}，其中城东镇{a}、城西镇{b}、河口乡{c}。",
        "抽查了城东镇{a}、城西镇{b}、河口乡{c}，合计{n}。",
        n=d.count("count:drawn", drawn, "份"),
        a=d.count("*drawn-a", parts[0], "份"),
        b=d.count("*drawn-b", parts[1], "份"),
        c=d.count("*drawn-c", parts[2], "份"),
    )
    d.tie("parts", "sum", at["n"], at["a"], at["b"], at["c"])
    at = d.sentence(
        "抽查的{n}档案中合格{good}，合格率{rate}。",
        "经核对，{n}档案有{good}符合要求，合格率为{rate}。",
        n=d.count("count:drawn", drawn, "份"),
        good=d.count("*good", good, "份"),
        rate=d.rate("*good-rate", good, drawn),
    )
    d.rate_tie("share-of-count", "rate", at["rate"], at["good"], at["n"])
    found = d.rng.sample(FINDINGS, d.rng.randint(3, 4))
    number = d.put(d.chinese("*findings", len(found), "个"))
    d.para(f"检查发现{number}问题：" + "".join(f"（{n + 1}）{each}；" for n, each in enumerate(found))[:-1] + "。")
    d.tie("items-number", "number", number, extra=(len(found),), others=(str(len(found)),))
