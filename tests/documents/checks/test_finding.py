"""Findings come all at once, in order, in the reader's language."""

from __future__ import annotations

from decimal import localcontext

import pytest
from hypothesis import given

from multibill.documents import Document
from multibill.documents.checks import CHECKS, check
from multibill.documents.checks.features import features
from multibill.documents.checks.finding import Finding, rule
from multibill.testing import strategies
from tests.documents.checks.broken import BROKEN
from tests.documents.ordinary import ON, invoice, line

FOUND = Finding(
    "BR-16",
    "error",
    "/lines",
    {"en": "an invoice needs at least one line", "fr": "une facture comporte une ligne"},
    {"en": "add a line", "fr": "ajoutez une ligne"},
    law="EN 16931-1:2017",
)


def test_a_finding_prints_rule_path_message_and_remedy() -> None:
    assert "BR-16 /lines: an invoice needs at least one line; add a line" == str(FOUND)


def test_a_finding_speaks_french_with_french_punctuation_whatever_the_region() -> None:
    assert "une facture comporte une ligne ; ajoutez une ligne" == FOUND.text("fr-BE")


def test_a_finding_speaks_english_where_it_has_no_other_text() -> None:
    assert FOUND.text("en") == FOUND.text("de") == FOUND.text("")


def test_what_is_said_about_a_place_never_acts_as_a_template() -> None:
    """A line may be called {0.__class__}; it is quoted, not run."""
    named = rule("X-1", lambda *_: [], en=("{line} is wrong", "mend it"), fr=("{line}", "corrigez"))
    assert (
        "{0.__class__} is wrong; mend it" == named.finding("/x", {"line": "{0.__class__}"}).text()
    )


def test_all_problems_of_a_document_come_together_ordered_by_rule_then_path() -> None:
    broken = invoice(
        due_date=None,
        lines=[line("l2", unit_price="-1"), line("l1", name=" ", unit_price="-2", vat="19.6")],
    )
    found = check(broken, ON)
    assert [
        ("BR-25", "/lines/l1/name"),
        ("BR-27", "/lines/l1/unit_price"),
        ("BR-27", "/lines/l2/unit_price"),
        ("FR-DUE", "/due_date"),
        ("FR-RATE", "/lines/l1/vat/rate"),
        ("MB-NEGATIVE", "/totals/gross"),
    ] == [(finding.rule, finding.path) for finding in found]


@given(strategies.invoices() | strategies.credit_notes())
def test_any_document_can_be_checked_and_only_known_rules_speak(document: Document) -> None:
    found = check(document, ON)
    assert sorted(found, key=lambda finding: (finding.rule, finding.path)) == list(found)
    assert {finding.rule for finding in found} <= {known.id for known in CHECKS}


@pytest.mark.parametrize("document", [document for _, document, _ in BROKEN])
def test_a_rule_that_is_left_out_would_have_found_nothing(document: Document) -> None:
    left_out = {"gaps", "period", "preceding", "exempted"} - features(document, document.vats, ON)
    rules = [rule for rule in CHECKS if rule.needs in left_out]
    assert [] == [rule.id for rule in rules if list(rule.find(document, ON))]


@given(strategies.issuable())
def test_nothing_keeps_an_issuable_invoice_from_being_issued(document: Document) -> None:
    assert document.issue_date is not None
    assert [] == [f for f in check(document, document.issue_date) if f.severity == "error"]


@given(strategies.invoices())
def test_the_hosts_own_decimal_precision_changes_no_finding(document: Document) -> None:
    expected = check(document, ON)
    with localcontext() as context:
        context.prec = 4
        assert expected == check(document, ON)
