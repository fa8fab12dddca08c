"""Which names of identities are known: those the county's policies give something, and the vocabulary's."""

from tuodi.kernel.terms import shipped_terms
from tuodi.office.assessing import county_book
from tuodi.office.refusal import Refused


def known_identities() -> frozenset[str]:
    """Return every name a roster may use; any other brings no benefit under any policy of the county."""
    try:
        return county_book().known_names
    except Refused:
        # A county without policies computes nothing yet; its lists may come all the same.
        return shipped_terms().names
