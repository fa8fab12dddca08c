"""The oracle's values as files and back: CSV with the contract's columns, policies in the project's YAML format.

- ``read_persons(path)``, ``read_settlements(path)``, ``rows(path)``.
- ``write_persons(path, held)``, ``write_settlements(path, settlements)``, ``policy_yaml(policy) -> str``.
- ``write_world(world, folder) -> (policy.yaml, persons.csv, settlements.csv)``: all three, e.g. to look at a failure.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from tests.oracle.benefit import AMOUNTS, Component, Entry, Held, Policy, Settlement, Share, fen
from tests.oracle.worlds import YEARS, World


def read_persons(path: Path) -> list[Held]:
    names = [f.name for f in fields(Held)]
    return [Held(**{n: row[n] for n in names if n in row}) for row in rows(path)]


def read_settlements(path: Path) -> list[Settlement]:
    names = [f.name for f in fields(Settlement)]

    def value(name: str, text: str) -> Any:
        return fen(text) if name in AMOUNTS else text

    return [Settlement(**{n: value(n, row[n]) for n in names if n in row}) for row in rows(path)]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def policy_yaml(policy: Policy) -> str:
    """The policy as a document of the project (schema tuodi-policy/1), with a made-up region and source."""
    clause = {"source": "rules", "at": "第一条"}
    document: dict[str, object] = {
        "schema": "tuodi-policy/1",
        "id": policy.id,
        "title": "测试用医疗救助",
        "programme": "医疗救助",
        "region": {"code": "141122", "name": "山西省吕梁市交城县"},
        "validity": {"from": date(YEARS[0], 1, 1), "to": date(YEARS[-1], 12, 31)},
        "sources": {"rules": {"title": "测试用实施细则", "verified": True}},
    }
    if policy.figures:
        document["figures"] = {
            name: {"name": "人均可支配收入", "year": 2023, "amount": yuan(amount), "clause": clause, "verified": True}
            for name, amount in policy.figures.items()
        }
    if policy.accounts:
        document["accounts"] = {
            name: {"name": f"账户{name}", "owner": owner, "clause": clause} for name, owner in policy.accounts.items()
        }
    document["identities"] = [{"name": name} for name in policy.precedence]
    document["components"] = [_component(c, clause) for c in policy.components]
    return yaml.dump(document, Dumper=_WrittenOut, allow_unicode=True, sort_keys=False)


class _WrittenOut(yaml.SafeDumper):
    """Repeats a clause instead of pointing back to it: the documents use no YAML anchors."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _component(component: Component, clause: dict[str, str]) -> dict[str, object]:
    written: dict[str, object] = {
        "code": component.code,
        "name": f"救助{component.code}",
        "kinds": list(component.kinds),
        "base": component.base,
        "clause": clause,
    }
    if component.insurance:
        written["insurance"] = list(component.insurance)
    if component.deductible_account is not None:
        written["deductible_account"] = component.deductible_account
    with_deductible = component.deductible_account is not None
    written["table"] = {name: _cell(entry, with_deductible, name) for name, entry in component.table.items()}
    if component.top_up is not None:
        written["top_up"] = {
            "identities": list(component.top_up.identities),
            "ratio": decimal(component.top_up.ratio),
            "own_province_only": component.top_up.own_province_only,
            "clause": clause,
        }
    return written


def _cell(entry: Entry, with_deductible: bool, identity: str) -> dict[str, object]:
    cell: dict[str, object] = {}
    if isinstance(entry.deductible, Share):
        cell["deductible"] = {"share": decimal(entry.deductible.share), "of": entry.deductible.of}
    elif with_deductible:
        cell["deductible"] = yuan(entry.deductible)
    if entry.visit_deductible:
        cell["visit_deductible"] = yuan(entry.visit_deductible)
    if entry.ratio is not None:
        cell["ratio"] = decimal(entry.ratio)
    elif entry.tiers:
        cell["tiers"] = [{"upto": _or_none(t.upto), "ratio": decimal(t.ratio)} for t in entry.tiers]
    else:
        cell["by_level"] = {level: decimal(ratio) for level, ratio in entry.by_level.items()}
    if entry.visit_cap is not None:
        cell["visit_cap"] = yuan(entry.visit_cap)
    if entry.caps:
        cell["caps"] = {name: _or_none(cap) for name, cap in entry.caps.items()}
    cell["at"] = f"第一条·{identity}"
    return cell


def _or_none(amount: int | None) -> str:
    return "none" if amount is None else yuan(amount)


def yuan(amount: int) -> str:
    """Fen as yuan with two decimals."""
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100}.{abs(amount) % 100:02d}"


def decimal(ratio: Fraction) -> str:
    """A ratio as an exact decimal with two to six places."""
    millionths = ratio * 1_000_000
    if millionths.denominator != 1:
        raise ValueError(f"not a decimal: {ratio}")
    whole, part = divmod(millionths.numerator, 1_000_000)
    digits = f"{part:06d}"
    return f"{whole}.{digits[:2]}{digits[2:].rstrip('0')}"


def write_persons(path: Path, held: Iterable[Held]) -> None:
    columns = ("psn_no", "certno", "psn_name", "brdy", "identity", "begntime", "endtime", "family_no")
    _write(
        path,
        columns,
        ((h.psn_no, "", f"测试{h.psn_no}", "1980-01-01", h.identity, h.begntime, h.endtime, h.family_no) for h in held),
    )


def write_settlements(path: Path, settlements: Iterable[Settlement]) -> None:
    columns = tuple(f.name for f in fields(Settlement))
    _write(
        path,
        columns,
        (tuple(yuan(getattr(s, c)) if c in AMOUNTS else getattr(s, c) for c in columns) for s in settlements),
    )


def write_world(world: World, folder: Path) -> tuple[Path, Path, Path]:
    folder.mkdir(parents=True, exist_ok=True)
    policy, persons, settlements = (folder / n for n in ("policy.yaml", "persons.csv", "settlements.csv"))
    policy.write_text(policy_yaml(world.policy), encoding="utf-8")
    write_persons(persons, world.persons)
    write_settlements(settlements, world.settlements)
    return policy, persons, settlements


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as lines:
        writer = csv.writer(lines)  # CRLF, as the contract says
        writer.writerow(columns)
        writer.writerows(rows)
