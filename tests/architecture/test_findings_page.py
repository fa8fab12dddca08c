"""docs/findings.md lists the rules that the source states, no more and no less."""

from tests.architecture.findings_page import PAGE, page, rows


def test_the_page_is_what_the_source_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: PYTHONPATH=src python -m tests.architecture.findings_page"


def test_the_extraction_sees_every_form_of_statement() -> None:
    rules = {row.rule for row in rows()}
    # by Fault(...), by rule=..., by a function that passes it on
    assert {"amount-decimals", "outside-validity", "yaml-duplicate-key"} <= rules
