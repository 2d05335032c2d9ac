"""Legal mentions: which are due, by kind, parties, VAT, day and language; and that the table is sound."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import attrs
import pytest
from hypothesis import given, strategies as st

from multibill.documents import Document, Note, Quote, Terms
from multibill.documents.complete import completed
from multibill.documents.mentions import LANGUAGES, PAYMENT, RULES, TAX, TRANSACTION, mentions
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
    everything,
    invoice,
    line,
)

OTHERS = ("de", "es", "it", "pt")
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
    assert "€40" in mentions(english, ON)[0].text


def test_a_consumer_is_told_nothing_about_late_payment() -> None:
    assert [] == ids(invoice(buyer=CONSUMER))


def test_a_credit_note_carries_those_on_payment_since_platforms_refuse_one_without() -> None:
    """BR-FR-05 makes no difference by type; the law alone spoke of invoices."""
    franchised = credit_note(lines=[line(vat=FRANCHISE)])
    assert ["fr-vatex-fr-franchise"] == ids(franchised, date(2026, 8, 31))
    assert [*PAYMENTS, "fr-vatex-fr-franchise"] == ids(franchised, date(2026, 9, 1))
    assert [] == ids(credit_note(buyer=CONSUMER))


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


def test_five_languages_have_their_own_words_and_others_are_served_in_english() -> None:
    said = {name: texts(invoice(lines=[line(vat=VAT("AE"))], language=name)) for name in OTHERS}
    expected = {
        "de": ["Steuerschuldnerschaft des Leistungsempfängers"],
        "es": ["Inversión del sujeto pasivo"],
        "it": ["Inversione contabile"],
        "pt": ["Reverse charge"],
    }
    assert expected == said


def payment(language: str, terms: Terms) -> list[str]:
    found = mentions(invoice(terms=terms, language=language), ON)
    return [mention.text for mention in found if mention.subject in {"PMD", "AAB"}]


@pytest.mark.parametrize(
    ("language", "late", "early"),
    [
        (
            "fr",
            "En cas de retard de paiement, des pénalités sont exigibles sans rappel, au taux annuel de 12,4 %",
            "Escompte de 2,5 % pour paiement sous 10 jours",
        ),
        (
            "en",
            "Late payment carries interest without reminder, at 12.4% a year",
            "2.5% discount for payment within 10 days",
        ),
        (
            "de",
            "Bei Zahlungsverzug fallen ohne Mahnung Verzugszinsen von jährlich 12,4 % an",
            "2,5 % Skonto bei Zahlung innerhalb von 10 Tagen",
        ),
        (
            "es",
            "La demora en el pago devenga intereses sin necesidad de requerimiento, al tipo anual del 12,4 %",
            "Descuento del 2,5 % por pago en un plazo de 10 días",
        ),
        (
            "it",
            "Il ritardo di pagamento comporta interessi senza sollecito, al tasso annuo del 12,4%",
            "Sconto del 2,5% per pagamento entro 10 giorni",
        ),
    ],
)
def test_the_terms_own_rate_and_discount_stand_in_the_words(
    language: str, late: str, early: str
) -> None:
    agreed = Terms(late_rate="12.40", discount_percent="2.50", discount_days=10)
    assert [late, early] == payment(language, agreed)


def test_words_with_figures_are_frozen_with_the_document() -> None:
    agreed = completed(invoice(terms=Terms(late_rate="15")), ON)
    changed = agreed.evolve(terms=Terms(late_rate="9"))
    assert agreed.mentions == changed.mentions
    assert agreed.mentions != completed(changed, ON).mentions


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"type_code": "389"}, "Autofacturation"),
        ({"vat_options": {"group"}}, "Membre d'un assujetti unique"),
        ({"vat_options": {"debits"}}, "Option pour le paiement de la taxe d'après les débits"),
        ({"operation": "goods"}, "Catégorie de l'opération : livraison de biens"),
        ({"operation": "services"}, "Catégorie de l'opération : prestation de services"),
        (
            {"operation": "mixed"},
            "Catégorie de l'opération : livraison de biens et prestation de services",
        ),
        (
            {"type_code": "386"},
            "Facture d'acompte : la TVA est exigible à l'encaissement de l'acompte",
        ),
        (
            {"type_code": "386", "lines": [line(vat=FRANCHISE)]},
            "TVA non applicable, art. 293 B du CGI",
        ),
        ({"type_code": "326"}, None),
        ({"type_code": "384"}, None),
    ],
)
def test_what_the_document_says_of_the_transaction_is_worded(
    changes: dict[str, Any], expected: str | None
) -> None:
    assert ([] if expected is None else [expected]) == texts(invoice(**changes))


def test_a_self_billed_credit_note_says_so() -> None:
    assert ["Autofacturation"] == texts(credit_note(type_code="261"))


def test_the_option_for_debits_means_nothing_for_goods_alone() -> None:
    goods = invoice(vat_options={"debits"}, operation="goods")
    assert ["Catégorie de l'opération : livraison de biens"] == texts(goods)
    mixed = invoice(vat_options={"debits"}, operation="mixed")
    assert 2 == len(texts(mixed))


def test_the_vat_group_is_declared_under_its_subject_unless_a_note_does() -> None:
    """BR-FR-CO-14 and BR-FR-06: TXD, once a document."""
    member = invoice(vat_options={"group"})
    assert [("fr-vat-group", "TXD")] == [
        (mention.id, mention.subject)
        for mention in mentions(member, ON)
        if mention.subject == "TXD"
    ]
    own = Note(id="n1", text="MEMBRE_ASSUJETTI_UNIQUE", subject="TXD")
    assert "fr-vat-group" not in ids(member.evolve(notes=[own]))


def test_an_offer_bills_nothing_and_says_only_what_exempts_it() -> None:
    offer = everything(Quote)
    assert ["fr-vatex-eu-g", "fr-vatex-fr-cgi261-4"] == ids(offer)


@pytest.mark.parametrize(
    ("changes", "day"),
    [
        ({"operation": "services"}, date(2026, 9, 1)),
        ({"vat_options": {"debits"}}, date(2026, 9, 1)),
        ({"vat_options": {"group"}}, date(2023, 1, 1)),
        ({"type_code": "386"}, date(2023, 1, 1)),
        ({"type_code": "389"}, date(2013, 4, 26)),
        ({"lines": [line(vat=VAT("AE"))]}, date(2013, 4, 26)),
    ],
    ids=["operation", "debits", "group", "deposit", "self-billing", "reverse charge"],
)
def test_each_mention_begins_with_its_law(changes: dict[str, Any], day: date) -> None:
    document = invoice(**changes)
    assert [] == texts(document, day - timedelta(days=1))
    assert 1 == len(texts(document, day))


@pytest.mark.parametrize(
    ("code", "text", "point"),
    [
        ("VATEX-EU-D", "Régime particulier - Agences de voyages", "15°"),
        ("VATEX-EU-F", "Régime particulier - Biens d'occasion", "16°"),
        ("VATEX-EU-I", "Régime particulier - Objets d'art", "16°"),
        ("VATEX-EU-J", "Régime particulier - Objets de collection et d'antiquité", "16°"),
    ],
)
def test_margin_schemes_have_the_words_of_the_law(code: str, text: str, point: str) -> None:
    margin = invoice(lines=[line(vat=VAT("E", exemption=code))])
    (said,) = [mention for mention in mentions(margin, ON) if mention.id not in PAYMENTS]
    assert (text, True) == (said.text, f"242 nonies A, I {point}" in said.law)


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
        assert set(LANGUAGES) == set(rule.text)
        assert all(rule.text.values())
        assert rule.law
        assert rule.source
        assert rule.until is None or rule.since <= rule.until


def test_the_versions_of_a_rule_follow_each_other_without_gap_or_overlap() -> None:
    for id in {rule.id for rule in RULES}:
        of_invoices = [rule for rule in RULES if rule.id == id and "BR-FR-05" not in rule.law]
        versions = sorted(of_invoices, key=lambda rule: rule.since)
        for before, after in pairwise(versions):
            assert before.until is not None
            assert before.until + timedelta(days=1) == after.since
        assert versions[-1].until is None


def test_every_exemption_has_its_mention() -> None:
    assert {f"fr-{code.lower()}" for code in EXEMPTIONS} == {rule.id for rule in TAX.values()}
    assert set(RULES) == {*PAYMENT, *TRANSACTION, *TAX.values()}


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
