"""Policies named on the command line -> the rulebook that every command assesses by."""

from argparse import ArgumentParser
from collections.abc import Sequence

import yaml

from tuodi.assessment.rulebook import Rulebook, rulebook
from tuodi.commands.console import print_findings
from tuodi.commands.places import WrongUse
from tuodi.kernel.finding import Finding
from tuodi.kernel.shipped import shipped
from tuodi.kernel.terms import Terms, terms_from
from tuodi.policy.document import PolicyDocument
from tuodi.policy.in_force import line_findings
from tuodi.policy.library import NotFound, find

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
    documents: dict[str, PolicyDocument] = {}
    errors: list[Finding] = []
    for name in dict.fromkeys(names):
        found = find(name)
        if isinstance(found, NotFound):
            raise WrongUse(found.sentence())
        document, findings = found
        errors += (finding for finding in findings if finding.is_error)
        if document is not None:
            documents[document.digest] = document
    errors += (finding for finding in line_findings(documents.values()) if finding.is_error)
    if errors:
        print_findings(errors)
        return POLICY_HAS_ERRORS
    if len({(document.region_code, document.programme) for document in documents.values()}) > 1:
        raise WrongUse("几个 --policy 不属于同一地区的同一个项目，不能一起使用；请分别运行。")
    return list(documents.values())


def shipped_terms() -> Terms:
    """Return the vocabulary of identities that comes with the program."""
    entries = yaml.safe_load(shipped("terms", "identities.yaml").read_text(encoding="utf-8"))
    return terms_from(entries["identities"])
