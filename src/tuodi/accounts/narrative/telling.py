"""What composers share: money, shares, counts and growth of one disclosure as bound fragments."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tuodi.accounts.disclosure import Accounts, Evaluated, Project
from tuodi.accounts.growths import Grown, grown, sure_percent
from tuodi.accounts.narrative.prose import Ask, Block, Paragraph
from tuodi.accounts.performance import projects_of
from tuodi.kernel.fragments import Figure, Quote, Text, listed, quote, text
from tuodi.kernel.money import Fen

_OPENING = re.compile(r"^\s*(?:主要)?原因(?:(?:就?是|为|在于)[：:，,]?|[：:])\s*")
"""What the sentence itself says before a reason."""


@dataclass(frozen=True, slots=True)
class Teller:
    """One disclosure being told."""

    accounts: Accounts
    evaluations: Mapping[str, Evaluated]

    @property
    def projects(self) -> tuple[Project, ...]:
        """Return the projects with the figures of their evaluations."""
        return projects_of(self.accounts, self.evaluations)

    @property
    def entity(self) -> Quote:
        """Return the name of the department."""
        return Quote("facts.部门名称", self.accounts.entity)

    @property
    def year(self) -> Text:
        """Return ``2022年``."""
        return text(Figure("facts.年度", str(self.accounts.year)), "年")

    @property
    def last_year(self) -> Text:
        """Return ``2021年``."""
        return text(Figure("facts.年度", str(self.accounts.year - 1)), "年")

    def amount(self, key: str, fen: Fen | None) -> Text:
        """Return an amount as it is published, with thousands separators; an empty cell counts as 0."""
        return text(Figure(key, self.accounts.amount(fen or 0)), self.accounts.unit)

    def role(self, role: str) -> Text:
        """Return the amount a role names."""
        return self.amount(self.role_key(role), self.accounts.role(role))

    def role_key(self, role: str) -> str:
        """Return what the figure of a role is bound to."""
        return self.accounts.tables.roles.get(role, role)

    def share(self, key: str, part: Fen | None, whole: Fen | None, *, exact: bool = False) -> Text:
        """Return ``10.08%``; a dash where there is no whole. ``exact``: both are known to the fen."""
        step = 1 if exact else self.accounts.step_fen
        return text(Figure(f"share.{key}", sure_percent(part or 0, whole or 0, step)), "%")

    def totals(self, *roles: tuple[str, str]) -> list[Text]:
        """Return ``收入总计 … 元`` for each role that the set has; roles come with their words."""
        return [text(words, self.role(role)) for role, words in roles if self.accounts.has(role)]

    def count(self, key: str, number: int | None, unit: str) -> Text:
        """Return a whole number with its unit."""
        return text(Figure(key, f"{number or 0:,}"), unit)

    def grown(self, growth_id: str) -> Grown | None:
        """Return a growth of the set."""
        return grown(self.accounts, growth_id)

    def change(self, each: Grown, *, named: bool = True) -> Text:
        """Return ``收入总计增加 … 元，增长 …%``; nothing where last year is not known."""
        if each.last is None:
            return ()
        key = f"growth.{each.growth.id}"
        name = Quote(f"{key}.name", each.growth.name) if named else ""
        if each.difference == 0:
            return text(name, "与上年相同")
        if not each.changed:
            return text(name, "与上年基本持平")
        up = each.difference > 0
        amount = self.amount(f"{key}.amount", abs(each.difference))
        if each.last == 0:
            return text(name, "增加" if up else "减少", amount, "，上年没有发生，不计算增长率")
        rate = text(Figure(f"{key}.rate", each.rate), "%")
        return text(name, "增加" if up else "减少", amount, "，增长" if up else "，下降", rate)

    def reasons(self, each: Sequence[Grown]) -> tuple[list[Text], list[Block]]:
        """Return the reasons as sentences, one where all are the same, and an open passage for each missing."""
        changed = [one for one in each if one.changed]
        told: dict[str, list[Grown]] = {}
        for one in changed:
            if one.reason is not None:
                told.setdefault(quote("", _OPENING.sub("", one.reason.text)).text, []).append(one)
        sentences: list[Text] = []
        for words, growths in told.items():
            reason = Quote(f"reason.{growths[0].growth.id}", words)
            if len(told) == 1 and len(growths) == len(changed):
                sentences.append(text("主要原因是", reason, "。"))
            else:
                names = listed(text(Quote("growth.name", one.growth.name)) for one in growths)
                sentences.append(text(names, "变化的主要原因是", reason, "。"))
        asks: list[Block] = [ask_reason(one) for one in changed if one.reason is None]
        return sentences, asks

    def compared(self, growth_ids: Iterable[str]) -> tuple[Text, list[Block]]:
        """Return the comparison with last year and its reasons as one text, and open passages for missing reasons."""
        growths = [one for growth_id in growth_ids if (one := self.grown(growth_id)) is not None]
        known = [one for one in growths if one.last is not None]
        if not known:
            return (), []
        sentences, asks = self.reasons(known)
        compared = text("与", self.last_year, "相比，", listed(map(self.change, known), "；"), "。")
        return text(compared, *sentences), asks

    def paragraph(self, *parts: Text | str | Figure | Quote) -> Paragraph:
        """Return one paragraph."""
        return Paragraph(text(*parts))


def ask_reason(one: Grown) -> Ask:
    """Return the open passage for a reason nobody has told."""
    change = "增加" if one.difference > 0 else "减少"
    return Ask(
        f"reason.{one.growth.id}",
        f"{one.growth.name}{change}的原因",
        f"写明{one.growth.name}{change}的主要原因，只写这一合计里包含的科目或资金",
    )
