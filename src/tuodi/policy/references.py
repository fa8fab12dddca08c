"""What the values of one document may refer to: its sources, figures, accounts and identities, by key.

An unknown key is a finding at the place that uses it, with the keys that exist.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tuodi.kernel.form import Form, join
from tuodi.kernel.yaml_nodes import Node, Scalar
from tuodi.policy.document import Account, Clause, Figure, Owner, Source

_NO_SOURCE = Source(key="", title="")
NO_CLAUSE = Clause(source=_NO_SOURCE, at="")
_NO_ACCOUNT = Account(key="", name="", owner=Owner.PERSON, clause=NO_CLAUSE)


@dataclass(slots=True)
class References:
    """The named parts of one document, filled in the order they are read.

    ``used_as`` remembers whether an account serves a deductible or a cap: one accumulator cannot count both.
    """

    form: Form
    sources: dict[str, Source] = field(default_factory=dict)
    figures: dict[str, Figure] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    identities: dict[str, tuple[str, ...]] = field(default_factory=dict)
    used_as: dict[str, str] = field(default_factory=dict)

    def clause(self, node: Node | None) -> Clause:
        """Read ``{source, at}``."""
        if node is None:
            return NO_CLAUSE
        values = self.form.fields(node, ("source", "at"))
        at = self.form.text(values.get("at"))
        key = self.form.scalar(values.get("source"))
        if key is None:
            return NO_CLAUSE
        if key.text not in self.sources:
            self._unknown(key, "unknown-source", "sources", self.sources)
        return Clause(source=self.sources.get(key.text, _NO_SOURCE), at=at)

    def figure(self, node: Node | None) -> Figure | None:
        """Read a figure's key."""
        key = self.form.scalar(node)
        if key is None:
            return None
        if key.text not in self.figures:
            self._unknown(key, "unknown-figure", "figures", self.figures)
        return self.figures.get(key.text)

    def account(self, key: Scalar | None, use: str) -> Account:
        """Read an account's key; ``use`` is 起付线 or 限额."""
        if key is None:
            return _NO_ACCOUNT
        if key.text not in self.accounts:
            self._unknown(key, "unknown-account", "accounts", self.accounts)
            return _NO_ACCOUNT
        if self.used_as.setdefault(key.text, use) != use:
            self.form.fault(
                key,
                "account-mixed-use",
                "同一账户既累计起付线又累计限额",
                "请为起付线和限额各设一个账户",
                value=key.text,
            )
        return self.accounts[key.text]

    def identity(self, key: Scalar) -> None:
        """Check that an identity is one of the document's own list."""
        if key.text not in self.identities:
            self._unknown(key, "unknown-identity", "identities", self.identities)

    def _unknown(self, key: Scalar, rule: str, section: str, known: Iterable[str]) -> None:
        names = join(known)
        advice = f"可用的有：{names}" if names else f"请先在 {section} 中写出"
        self.form.fault(key, rule, f"在 {section} 中没有", advice)
