"""Policies named on the command line -> the rulebook that every command assesses by."""

from argparse import ArgumentParser
from collections.abc import Sequence

from tuodi.assessment.rulebook import Rulebook, rulebook
from tuodi.commands.console import print_findings
from tuodi.commands.places import WrongUse
from tuodi.kernel.terms import shipped_terms
from tuodi.policy.document import PolicyDocument
from tuodi.policy.library import NotFound, are_one_line, find_together

POLICY_HAS_ERRORS = 1


def add_policy_option(parser: ArgumentParser) -> None:
    """Declare ``--policy``; its values go to ``rulebook_of`` or ``documents_of``."""
    parser.add_argument(
        "--policy",
        action="append",
        required=True,
        metavar="政策",
        help="内置政策编号或政策文件；同一地区的几份政策可各写一次，按结算日期选用",
    )


def rulebook_of(names: Sequence[str]) -> Rulebook | int:
    """Return the rules of the named policies, or the exit status if one has errors, which are printed.

    Raises WrongUse where a name is neither a built-in id nor a file, and where policies do not belong together.
    """
    documents = documents_of(names)
    return documents if isinstance(documents, int) else rulebook(documents, shipped_terms())


def documents_of(names: Sequence[str]) -> list[PolicyDocument] | int:
    """Return the named policies, each once, or the exit status as ``rulebook_of`` does."""
    found = find_together(names)
    if isinstance(found, NotFound):
        raise WrongUse(found.sentence())
    documents, errors = found
    if errors:
        print_findings(errors)
        return POLICY_HAS_ERRORS
    if not are_one_line(documents):
        raise WrongUse("几个 --policy 不属于同一地区的同一个项目，不能一起使用；请分别运行。")
    return documents
