"""Names of the national interface's codes (医疗类别, 险种, 医院等级): data in ``terms/codes.yaml``.

A name only helps people to read: no rule asks for it, and a code without one is told as it stands.
"""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import yaml

from tuodi.kernel.shipped import shipped


class _Field(NamedTuple):
    label: str
    names: Mapping[str, str]


def named(field: str, code: str) -> str:
    """Return a code as people are told it: its name with the code in brackets, empty for an empty code.

    A code without a name stands behind what the field is called. Raises KeyError for a field without codes.

    >>> named("med_type", "11"), named("insutype", "390"), named("med_type", "99")
    ('普通门诊（11）', '城乡居民医保（390）', '医疗类别 99')
    """
    label, names = _fields()[field]
    if not code:
        return ""
    return f"{names[code]}（{code}）" if code in names else f"{label} {code}"


def spoken(field: str, code: str) -> str:
    """Return a code as it is said on the phone: its name without the code, empty for an empty code.

    >>> spoken("med_type", "11"), spoken("med_type", "99")
    ('普通门诊', '医疗类别 99')
    """
    names = _fields()[field].names
    return names[code] if code in names else named(field, code)


@cache
def _fields() -> dict[str, _Field]:
    content = yaml.safe_load(shipped("terms", "codes.yaml").read_text(encoding="utf-8"))
    return {
        field: _Field(entry["label"], {one["code"]: one.get("short", one["name"]) for one in entry["codes"]})
        for field, entry in content["fields"].items()
    }
