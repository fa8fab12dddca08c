"""The words by which dates, names and leftovers of templates are known (terms/leftovers.yaml)."""

from dataclasses import dataclass
from functools import cache

import yaml

from tuodi.kernel.shipped import shipped


@dataclass(frozen=True, slots=True)
class LeftoverWords:
    """Words by what they tell; the file says what each group is for. ``trades`` maps a kind of project to its words."""

    work_sections: tuple[str, ...]
    report_dates: tuple[str, ...]
    field_work: tuple[str, ...]
    surveys: tuple[str, ...]
    survey_steps: tuple[str, ...]
    timely_words: tuple[str, ...]
    late_words: tuple[str, ...]
    plain_late_words: tuple[str, ...]
    deed_words: tuple[str, ...]
    own_year: tuple[str, ...]
    other_year: tuple[str, ...]
    place_bodies: tuple[str, ...]
    place_verbs: tuple[str, ...]
    place_leads: tuple[str, ...]
    not_places: frozenset[str]
    neighbour_words: tuple[str, ...]
    role_labels: tuple[str, ...]
    firm_endings: tuple[str, ...]
    firm_offices: str
    trades: dict[str, tuple[str, ...]]
    most_trade_passages: int
    placeholders: tuple[str, ...]
    account_words: tuple[str, ...]
    misprints: dict[str, str]


@cache
def leftover_words() -> LeftoverWords:
    """Return the shipped words."""
    data = yaml.safe_load(shipped("terms", "leftovers.yaml").read_text(encoding="utf-8"))
    trades = {trade: tuple(words) for trade, words in data.pop("trades").items()}
    misprints = {str(wrong): str(right) for wrong, right in data.pop("misprints").items()}
    others = frozenset(data.pop("not_places"))
    offices = "|".join(data.pop("firm_offices"))
    limit = data.pop("most_trade_passages")
    lists = {name: tuple(str(word) for word in words) for name, words in data.items()}
    return LeftoverWords(
        trades=trades,
        not_places=others,
        most_trade_passages=limit,
        firm_offices=offices,
        misprints=misprints,
        **lists,
    )
