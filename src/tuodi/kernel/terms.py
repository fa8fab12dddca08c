"""Statutory identities (救助对象类别): one concept, one code, many names.

The names themselves are data (``terms/identities.yaml``); this module only knows how they relate.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

import yaml

from tuodi.kernel.shipped import shipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """One concept: ``includes`` names the codes of narrower identities that count as this one."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """The vocabulary of identities, looked up by any of their names."""

    identities: tuple[Identity, ...]
    _by_name: Mapping[str, Identity] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index every name once; two concepts sharing a name are a fault of the vocabulary file."""
        by_name: dict[str, Identity] = {}
        for identity in self.identities:
            for name in (identity.name, *identity.aliases):
                if name in by_name:
                    raise ValueError(f"{name} names both {by_name[name].code} and {identity.code}")
                by_name[name] = identity
        object.__setattr__(self, "_by_name", by_name)

    @property
    def names(self) -> frozenset[str]:
        """Return every name of every concept."""
        return frozenset(self._by_name)

    def find(self, name: str) -> Identity | None:
        """Return the concept a name stands for, None when the vocabulary does not know it."""
        return self._by_name.get(name)

    def names_counting_as(self, name: str) -> tuple[str, ...]:
        """Return every name a roster may use for somebody entitled as ``name``.

        These are the concept's own names first, then those of the narrower identities it includes. A name the
        vocabulary does not know stands for itself alone: a new county may invent an identity without touching it.
        """
        identity = self.find(name)
        if identity is None:
            return (name,)
        names = list(_names(identity))
        narrower = set(identity.includes)
        names += (n for other in self.identities if other.code in narrower for n in _names(other))
        return tuple(dict.fromkeys([name, *names]))


def terms_from(entries: Iterable[Mapping[str, object]]) -> Terms:
    """Build the vocabulary from the entries of ``terms/identities.yaml``."""
    return Terms(
        tuple(
            Identity(
                code=str(entry["code"]),
                name=str(entry["name"]),
                aliases=_strings(entry.get("aliases")),
                includes=_strings(entry.get("includes")),
            )
            for entry in entries
        )
    )


@cache
def shipped_terms() -> Terms:
    """Return the vocabulary of identities that comes with the program."""
    document = yaml.safe_load(shipped("terms", "identities.yaml").read_text(encoding="utf-8"))
    return terms_from(document["identities"])


def _names(identity: Identity) -> tuple[str, ...]:
    return (identity.name, *identity.aliases)


def _strings(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else ()
