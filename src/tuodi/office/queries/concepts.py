"""One concept, many names: in which comparisons two names of an identity are the same (``terms/identities.yaml``)."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from django.db.models import Case, F, Value, When

from tuodi.kernel.terms import Terms, shipped_terms
from tuodi.office.models import Holding, PlatformMark
from tuodi.office.queries.kept_counts import kept_since_import


def concept(name: str) -> str:
    """Return the name that stands for an identity: the standard one, of the wider identity where one includes it.

    The platform marks 监测对象 and knows no kinds of it; a name the vocabulary does not know stands for itself.
    """
    return _wider().get(name, name)


def concept_of(column: str, names: Iterable[str]) -> Case | F:
    """Return the SQL expression of ``concept`` over a column that holds one of ``names``."""
    meaning: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(names):
        if concept(name) != name:
            meaning[concept(name)].append(name)
    whens = [When(**{f"{column}__in": found}, then=Value(wider)) for wider, found in sorted(meaning.items())]
    return Case(*whens, default=F(column)) if whens else F(column)


def names_in_use() -> frozenset[str]:
    """Return every name of an identity that stands in the registry or in the platform's list."""
    return kept_since_import(lambda: _names(Holding), "names held") | names_marked()


def names_marked() -> frozenset[str]:
    """Return every name of an identity that stands in the platform's list."""
    return kept_since_import(lambda: _names(PlatformMark), "names marked")


def _names(table: type[Holding] | type[PlatformMark]) -> frozenset[str]:
    return frozenset(table._default_manager.values_list("identity", flat=True).distinct())


@cache
def _wider() -> dict[str, str]:
    terms: Terms = shipped_terms()
    of_code = {identity.code: identity for identity in terms.identities}
    wider = {code: identity for identity in terms.identities for code in identity.includes if code in of_code}
    return {
        name: wider.get(identity.code, identity).name
        for identity in terms.identities
        for name in (identity.name, *identity.aliases)
    }
