"""French law: identifiers, rates by date, due dates and terms, and when it does not apply."""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs
import pytest

from multibill.documents import Document, Invoice, Period, Reference, Terms
from multibill.documents.checks import Finding, check
from multibill.parties import Address, Identifier, Party
from multibill.tax import VAT
from multibill.testing.strategies import ACME, CONSUMER, STUDIO
from tests.documents.ordinary import FRANCHISE, GERMAN, ON, credit_note, invoice, line

GERMAN_CONSUMER = attrs.evolve(CONSUMER, address=Address(None, "10115", "Berlin", "DE"))


def french(document: Document, on: date = ON) -> list[Finding]:
    return [finding for finding in check(document, on) if finding.rule.startswith("FR-")]


def said(document: Document, on: date = ON) -> list[str]:
    return [f"{finding.rule} {finding.message['en']}" for finding in french(document, on)]


def seller(**changes: Any) -> Invoice:
    return invoice(seller=attrs.evolve(STUDIO, **changes))


def dated(issued: date, due: date, terms: Terms | None = None, buyer: Party = ACME) -> Invoice:
    return invoice(issue_date=issued, due_date=due, terms=terms, buyer=buyer)


@pytest.mark.parametrize(
    ("registration", "expected"),
    [
        (None, "is missing"),
        (Identifier("123456789", "0002"), "123456789 has wrong digits"),
        (Identifier("12345678200010", "0009"), "is missing"),
    ],
    ids=["none", "wrong digit", "a SIRET"],
)
def test_a_seller_needs_a_valid_siren(registration: Identifier | None, expected: str) -> None:
    found = [text for text in said(seller(registration=registration)) if "SIREN " in text[:9]]
    assert [f"FR-SIREN the seller's SIREN {expected}"] == found


@pytest.mark.parametrize(
    ("vat_id", "expected"),
    [
        (None, "is missing"),
        ("FR99123456782", "FR99123456782 has wrong digits"),
        ("FR14987654324", "FR14987654324 belongs to another SIREN than 123456782"),
        ("DE136695976", None),
        ("FR 11 123456782", None),
    ],
    ids=["none", "wrong digits", "another company's", "registered abroad", "with spaces"],
)
def test_a_seller_needs_a_vat_number_of_its_own(vat_id: str | None, expected: str | None) -> None:
    wanted = [] if expected is None else [f"FR-VAT-ID the seller's VAT number {expected}"]
    assert wanted == said(seller(vat_id=vat_id))


def test_a_seller_under_the_franchise_needs_no_vat_number() -> None:
    franchised = invoice(lines=[line(vat=FRANCHISE)], seller=attrs.evolve(STUDIO, vat_id=None))
    assert () == check(franchised, ON)


def test_one_line_outside_the_franchise_needs_the_vat_number() -> None:
    lines = [line(vat=FRANCHISE), line("l2", vat=VAT("E", exemption="VATEX-FR-CGI261-4"))]
    mixed = invoice(lines=lines, seller=attrs.evolve(STUDIO, vat_id=None))
    assert ["FR-VAT-ID the seller's VAT number is missing"] == said(mixed)


def test_vat_cannot_be_charged_beside_the_franchise() -> None:
    """A seller under CGI art. 293 B may not show VAT on any document (art. 293 E)."""
    mixed = invoice(lines=[line(vat=FRANCHISE), line("l2", vat="5.5")])
    assert [("FR-FRANCHISE", "/lines/l2/vat")] == [(f.rule, f.path) for f in french(mixed)]


def test_the_siren_of_a_french_professional_buyer_is_only_asked_for() -> None:
    (found,) = check(invoice(buyer=attrs.evolve(ACME, registration=None)), ON)
    assert ("FR-BUYER-SIREN", "warning") == (found.rule, found.severity)


@pytest.mark.parametrize(
    "buyer", [CONSUMER, GERMAN, attrs.evolve(ACME, address=None)], ids=["consumer", "abroad", "?"]
)
def test_no_siren_is_asked_of_consumers_and_foreigners(buyer: Party) -> None:
    assert [] == french(invoice(buyer=buyer))


def test_the_buyers_siren_is_asked_for_since_e_invoicing_began() -> None:
    buyer = attrs.evolve(ACME, registration=None)
    before = dated(date(2026, 8, 31), date(2026, 9, 30), buyer=buyer)
    after = dated(date(2026, 9, 1), date(2026, 9, 30), buyer=buyer)
    assert ([], ["FR-BUYER-SIREN"]) == (french(before), [found.rule for found in french(after)])


@pytest.mark.parametrize(
    ("rate", "day", "known"),
    [
        ("20", date(2014, 1, 1), True),
        ("20", date(2013, 12, 31), False),
        ("19.6", date(2013, 12, 31), True),
        ("19.6", date(2014, 1, 1), False),
        ("7", date(2013, 12, 31), True),
        ("5.5", date(2026, 11, 30), True),
        ("8.5", date(2026, 11, 30), True),
        ("0.9", date(2026, 11, 30), True),
        ("20.00", date(2026, 11, 30), True),
        ("20.01", date(2026, 11, 30), False),
    ],
)
def test_a_rate_is_judged_by_the_day_of_delivery(rate: str, day: date, known: bool) -> None:
    rules = [f.rule for f in french(invoice(lines=[line(vat=rate)], delivery_date=day))]
    assert ([] if known else ["FR-RATE"]) == rules


def test_without_delivery_date_the_end_of_the_period_decides_then_the_issue() -> None:
    old = {"lines": [line(vat="19.6")]}
    december = Period(date(2013, 12, 1), date(2013, 12, 31))
    assert [] == french(invoice(**old, period=december))
    assert ["FR-RATE"] == [f.rule for f in french(invoice(**old, period=Period(ON, None)))]
    undated = invoice(**old, issue_date=None)
    assert [] == [f.rule for f in french(undated, date(2013, 12, 31)) if f.rule == "FR-RATE"]


def test_a_consumer_elsewhere_in_the_union_pays_the_rate_of_the_own_country() -> None:
    """The one-stop shop: 19 % is German, and only its business customers would be billed a wrong rate."""
    german = [line(vat="19")]
    assert [] == french(invoice(lines=german, buyer=GERMAN_CONSUMER))
    assert ["FR-RATE"] == [f.rule for f in french(invoice(lines=german, buyer=GERMAN))]
    assert ["FR-RATE"] == [f.rule for f in french(invoice(lines=german, buyer=CONSUMER))]


def test_an_invoice_to_a_professional_needs_a_due_date() -> None:
    assert ["FR-DUE the due date is missing"] == said(invoice(due_date=None))


def test_a_consumer_and_a_credit_note_need_no_due_date() -> None:
    assert [] == french(invoice(due_date=None, buyer=CONSUMER))
    assert [] == french(credit_note())


def test_nothing_is_due_before_it_is_issued_whoever_buys() -> None:
    early = date(2026, 11, 29)
    assert ["FR-DUE"] == [f.rule for f in french(invoice(due_date=early, buyer=CONSUMER))]
    assert [] == french(invoice(due_date=ON))


SIXTY, FORTY_FIVE = Terms(days=60), Terms(days=45, end_of_month=True)


@pytest.mark.parametrize(
    ("issued", "due", "terms", "lawful"),
    [
        (date(2026, 11, 30), date(2027, 1, 29), None, True),
        (date(2026, 11, 30), date(2027, 1, 30), SIXTY, False),
        (date(2026, 11, 17), date(2027, 1, 31), FORTY_FIVE, True),
        (date(2026, 11, 17), date(2027, 2, 1), FORTY_FIVE, False),
        (date(2026, 11, 17), date(2027, 1, 31), None, False),
        (date(2026, 12, 1), date(2027, 2, 14), FORTY_FIVE, True),
        (date(2026, 12, 1), date(2027, 2, 15), FORTY_FIVE, False),
    ],
    ids=[
        "60 days",
        "61 days",
        "45 days, then the end of the month",
        "a day later",
        "end of month not agreed",
        "the end of the month, then 45 days",
        "a day later still",
    ],
)
def test_payment_terms_between_professionals_are_bounded(
    issued: date, due: date, terms: Terms | None, lawful: bool
) -> None:
    """C. com. art. L441-10, I: 60 days, or 45 days end of month where agreed, counted either way."""
    rules = [finding.rule for finding in french(dated(issued, due, terms))]
    assert ([] if lawful else ["FR-TERMS"]) == rules


def test_a_consumer_may_be_given_any_time() -> None:
    assert [] == french(invoice(due_date=date(2028, 1, 1), buyer=CONSUMER))


def test_a_credit_note_cites_the_invoice_with_its_date() -> None:
    undated = credit_note(preceding=[Reference(id="i1", number="F2026-00001")])
    assert ["/preceding/i1/issue_date"] == [finding.path for finding in french(undated)]


def test_a_missing_legal_form_is_only_a_warning() -> None:
    (found,) = check(seller(legal=None), ON)
    assert ("FR-LEGAL", "warning") == (found.rule, found.severity)


def test_french_law_leaves_sellers_elsewhere_alone() -> None:
    """The franchise code and the rates of a German seller are not France's business."""
    abroad = invoice(seller=GERMAN, due_date=date(2028, 1, 1), lines=[line(vat="19")])
    assert ["TAX-CATEGORY"] == [finding.rule for finding in check(abroad, ON)]
