"""Legal mentions: which are due, by kind, parties, VAT, day and language; and that the table is sound."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import attrs
import pytest
from hypothesis import given, strategies as st

from multibill.documents import Document, Note
from multibill.documents.mentions import PAYMENT, RULES, mentions
from multibill.ids import key
from multibill.parties import Address
from multibill.tax import EXEMPTIONS, VAT
from multibill.testing import strategies
from multibill.testing.strategies import ACME, CONSUMER, STUDIO
from tests.documents.ordinary import (
    AMERICAN,
    FRANCHISE,
    GERMAN,
    ON,
    TRAINING,
    credit_note,
    invoice,
    line,
)

PAYMENTS = ["fr-fixed-indemnity", "fr-late-penalties", "fr-no-discount"]


def ids(document: Document, on: date = ON) -> list[str]:
    return [mention.id for mention in mentions(document, on)]


def texts(document: Document, on: date = ON) -> list[str]:
    return [mention.text for mention in mentions(document, on) if mention.id not in PAYMENTS]


def test_an_invoice_between_professionals_names_penalties_indemnity_and_discount() -> None:
    expected = [
        ("fr-fixed-indemnity", "PMT"),
        ("fr-late-penalties", "PMD"),
        ("fr-no-discount", "AAB"),
    ]
    assert expected == [(mention.id, mention.subject) for mention in mentions(invoice(), ON)]


def test_the_indemnity_is_printed_as_an_amount() -> None:
    """D441-5: a reference to the code is not enough."""
    french, english = invoice(), invoice(language="en")
    assert "40 €" in mentions(french, ON)[0].text
    assert "EUR 40" in mentions(english, ON)[0].text


def test_a_consumer_is_told_nothing_about_late_payment() -> None:
    assert [] == ids(invoice(buyer=CONSUMER))


def test_a_credit_note_carries_the_tax_mentions_but_not_those_on_payment() -> None:
    assert ["fr-vatex-fr-franchise"] == ids(credit_note(lines=[line(vat=FRANCHISE)]))


def test_a_seller_elsewhere_or_of_unknown_country_is_not_under_french_law() -> None:
    reverse = [line(vat=VAT("AE"))]
    assert [] == ids(invoice(seller=GERMAN, buyer=ACME, lines=reverse))
    assert [] == ids(invoice(seller=attrs.evolve(STUDIO, address=None), lines=reverse))


def test_the_place_of_the_buyer_does_not_matter() -> None:
    assert PAYMENTS == ids(invoice(buyer=GERMAN))


@pytest.mark.parametrize(
    ("vat", "french", "english"),
    [
        (
            FRANCHISE,
            "TVA non applicable, art. 293 B du CGI",
            "VAT not applicable, art. 293 B of the French tax code (CGI)",
        ),
        (VAT("AE"), "Autoliquidation", "Reverse charge"),
        (VAT("AE", exemption="VATEX-EU-AE"), "Autoliquidation", "Reverse charge"),
        (
            VAT("K"),
            "Exonération de TVA, art. 262 ter I du CGI",
            "VAT exempt intra-Community supply, art. 138 of Directive 2006/112/EC",
        ),
        (
            VAT("G"),
            "Exonération de TVA, art. 262 I du CGI",
            "VAT exempt export, art. 146 of Directive 2006/112/EC",
        ),
        (
            VAT("O"),
            "TVA non applicable, art. 259, 1 du CGI",
            "Outside the scope of French VAT, art. 44 of Directive 2006/112/EC",
        ),
        (
            TRAINING,
            "Exonération de TVA, art. 261, 4 du CGI",
            "VAT exempt, art. 261, 4 of the French tax code (CGI)",
        ),
    ],
    ids=["293 B", "reverse charge", "by code", "intra-Community", "export", "259-1", "261-4"],
)
def test_what_exempts_a_line_is_said_in_the_documents_language(
    vat: VAT, french: str, english: str
) -> None:
    lines = [line(vat=vat), line("l2")]
    assert [french] == texts(invoice(lines=lines))
    assert [english] == texts(invoice(lines=lines, language="en"))


@pytest.mark.parametrize("vat", [VAT("S", "20"), VAT("Z"), VAT("E"), VAT("E", exemption="NONE")])
def test_a_line_without_known_reason_says_nothing(vat: VAT) -> None:
    assert [] == texts(invoice(lines=[line(vat=vat)]))


def test_each_reason_is_said_once_however_many_lines_have_it() -> None:
    lines = [line(f"l{n}", vat=VAT("AE")) for n in range(9)] + [line("x", vat=FRANCHISE)]
    expected = ["fr-vatex-eu-ae", "fr-vatex-fr-franchise"]
    assert [*PAYMENTS, *expected] == ids(invoice(lines=lines, buyer=GERMAN))


def test_another_language_than_french_is_served_in_english() -> None:
    by_language = {
        name: texts(invoice(lines=[line(vat=VAT("AE"))], language=name)) for name in ("de", "pt")
    }
    assert {"de": ["Reverse charge"], "pt": ["Reverse charge"]} == by_language


@pytest.mark.parametrize(("subject", "gone"), [("PMD", 1), ("PMT", 0), ("AAB", 2)])
def test_a_note_of_the_hosts_takes_a_payment_mentions_place(subject: str, gone: int) -> None:
    """The platforms want each subject once (BR-FR-06): a contract's own rate or discount replaces ours."""
    own = Note(id="n1", text="Pénalités : trois fois le taux légal", subject=subject)
    expected = [id for place, id in enumerate(PAYMENTS) if place != gone]
    assert expected == ids(invoice(notes=[own]))


@pytest.mark.parametrize(
    ("day", "laws"),
    [
        (date(2008, 12, 31), []),
        (date(2012, 12, 31), ["L441-6", "L441-3"]),
        (date(2019, 4, 25), ["L441-6, D441-5", "L441-6", "L441-3"]),
        (date(2019, 4, 26), ["L441-10, D441-5", "L441-10", "L441-3"]),
        (date(2019, 10, 1), ["L441-10, D441-5", "L441-10", "L441-9"]),
        (date(2099, 1, 1), ["L441-10, D441-5", "L441-10", "L441-9"]),
    ],
)
def test_the_law_is_the_law_of_the_day(day: date, laws: list[str]) -> None:
    said = [mention.law.removeprefix("C. com. art. ") for mention in mentions(invoice(), day)]
    assert laws == said


def test_mention_ids_are_stable_keys_and_every_rule_has_law_and_languages() -> None:
    for rule in RULES:
        assert key(rule.id) == rule.id
        assert {"en", "fr"} <= set(rule.text)
        assert rule.law
        assert rule.until is None or rule.since <= rule.until


def test_the_versions_of_a_rule_follow_each_other_without_gap_or_overlap() -> None:
    for id in PAYMENTS:
        versions = sorted((rule for rule in PAYMENT if rule.id == id), key=lambda rule: rule.since)
        for before, after in pairwise(versions):
            assert before.until is not None
            assert before.until + timedelta(days=1) == after.since
        assert versions[-1].until is None


def test_every_exemption_has_its_mention() -> None:
    known = {rule.id for rule in RULES if rule not in PAYMENT}
    assert {f"fr-{code.lower()}" for code in EXEMPTIONS} == known


@given(strategies.invoices() | strategies.credit_notes(), st.dates(date(1990, 1, 1)))
def test_mentions_are_sorted_by_id_without_double_and_are_those_whose_condition_holds(
    document: Document, on: date
) -> None:
    document = document.evolve(seller=STUDIO, notes=())
    said = ids(document, on)
    assert sorted(set(said)) == said
    assert {rule.id for rule in RULES if rule.applies(on) and rule.condition(document)} == set(said)


def test_an_export_to_america_carries_its_own_mention_only() -> None:
    """The American consumer is no professional: nothing on late payment."""
    exported = invoice(lines=[line(vat=VAT("G"))], buyer=AMERICAN)
    assert ["fr-vatex-eu-g"] == ids(exported)


def test_the_law_follows_the_sellers_address_not_the_vat_number() -> None:
    moved = attrs.evolve(STUDIO, address=Address("Meir 1", "2000", "Antwerpen", "BE"))
    assert [] == ids(invoice(seller=moved))
