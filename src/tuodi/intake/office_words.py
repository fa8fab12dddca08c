"""Words that stand for one of a few codes in what an office receives: 变更类型, 参保状态, 支付方."""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import yaml

from tuodi.intake.facts import INSURED_FIELDS
from tuodi.intake.layouts import load_layout
from tuodi.kernel.finding import Fault
from tuodi.kernel.shipped import shipped

CHANGE, STATE, PAYER = "change", "state", "payer"


class _Group(NamedTuple):
    label: str
    names: tuple[str, ...]
    codes: Mapping[str, str]


def coded(group: str, word: str) -> str | Fault:
    """Return the code a word stands for, blanks not counted; a fault that lists the usual words if it is unknown.

    >>> coded(STATE, "城乡居民医保"), coded(PAYER, "居民大病"), coded(CHANGE, " 新 增 ")
    ('resident', 'hifmi_pay', 'new')
    """
    label, names, codes = _groups()[group]
    code = codes.get("".join(word.split()))
    return code or Fault("word-unknown", f"不是认识的{label}", f"请改为下列之一：{'、'.join(names)}")


def usual_word(group: str, code: str) -> str:
    """Return the usual word for a code; KeyError for one that is none of the group's."""
    _, names, codes = _groups()[group]
    return {codes[name]: name for name in names}[code]


@cache
def _groups() -> dict[str, _Group]:
    content = yaml.safe_load(shipped("terms", "office.yaml").read_text(encoding="utf-8"))
    if content.get("schema") != "tuodi-office-terms/1":
        raise ValueError("terms/office.yaml: schema")
    return {name: _group(name, entry) for name, entry in content["groups"].items()}


def _group(name: str, entry: Mapping[str, object]) -> _Group:
    words = entry["words"]
    if not isinstance(words, list):
        raise ValueError(f"terms/office.yaml: {name}")
    codes = {alias: word["code"] for word in words for alias in (word["code"], word["name"], *word["aliases"])}
    if len(codes) != sum(2 + len(word["aliases"]) for word in words):
        raise ValueError(f"terms/office.yaml: a word of {name} means two codes")
    if name == PAYER:
        codes = _headings_of_payers() | codes
    return _Group(str(entry["label"]), tuple(word["name"] for word in words), codes)


def _headings_of_payers() -> dict[str, str]:
    """Return the headings of what others paid: whoever knows a column's name knows the payer's."""
    return {
        label: field.name
        for field in load_layout("settlements").fields
        if field.name in INSURED_FIELDS
        for label in field.labels
    }
