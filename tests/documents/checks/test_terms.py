"""The further terms at their edges: code lists, prices, payment, corrected and foreign documents, where VAT is due."""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs
import pytest

from multibill.documents import (
    Delivery,
    Document,
    DocumentAllowance,
    ExchangeRate,
    Invoice,
    PaymentInstructions,
    Quote,
    Reference,
)
from multibill.documents.checks import check, codes, reasons, units
from multibill.parties import Address, Identifier
from multibill.tax import VAT
from multibill.testing.strategies import ACME, STUDIO
from tests.documents.checks.broken import ORDINARY, paid, to_account
from tests.documents.ordinary import DUE, FRANCHISE, GERMAN, ON, credit_note, invoice, line

EARLY = date(2026, 11, 29)


def rules(document: Document, on: date = ON) -> list[str]:
    return [finding.rule for finding in check(document, on)]


def paths(document: Document, rule: str) -> list[str]:
    return [finding.path for finding in check(document, ON) if finding.rule == rule]


@pytest.mark.parametrize(
    ("known", "count"),
    [
        (codes.SCHEMES, 243),
        (codes.ENDPOINTS, 104),
        (codes.MEANS, 84),
        (codes.CLASSIFICATIONS, 185),
        (codes.OBJECTS, 818),
        (codes.MIME, 6),
        (codes.TAX_POINTS, 3),
        (reasons.ALLOWANCES, 19),
        (reasons.CHARGES, 178),
        (units.UNITS, 2162),
    ],
    ids=["6523", "EAS", "4461", "7143", "1153", "MIME", "2005", "5189", "7161", "units"],
)
def test_the_code_lists_are_as_long_as_those_of_the_standards_validation(
    known: frozenset[str], count: int
) -> None:
    """Version 1.3.16."""
    assert count == len(known)


def test_the_gaps_of_iso_6523_are_gaps() -> None:
    assert {"0092", "0103", "0181", "0182", "0249"}.isdisjoint(codes.SCHEMES)
    assert {"0002", "0009", "0088", "0160", "0248"} <= codes.SCHEMES


def test_names_of_reasons_belong_to_codes_of_their_list() -> None:
    assert reasons.CHARGE_NAMES.keys() <= reasons.CHARGES


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        ({"gross_price": "450"}, []),
        ({"gross_price": "500", "price_discount": "50"}, []),
        ({"gross_price": "500"}, ["MB-PRICE"]),
        ({"gross_price": "0"}, ["MB-PRICE"]),
        ({"price_discount": "50"}, ["MB-PRICE"]),
        ({"price_discount": "0"}, []),
    ],
)
def test_a_price_is_the_gross_price_less_its_discount(
    price: dict[str, Any], expected: list[str]
) -> None:
    assert expected == rules(invoice(lines=[line(**price)]))


@pytest.mark.parametrize(
    ("reason", "code", "expected"),
    [
        ("Other bonus", "42", []),
        ("other BONUS ", "42", []),
        ("Other bonus", None, []),
        ("Other bonus", "100", ["BR-CO-05"]),
        ("Discount", "100", []),
        ("Fidélité", "100", []),
        (None, "100", []),
    ],
)
def test_only_the_name_of_another_code_contradicts_a_code(
    reason: str | None, code: str | None, expected: list[str]
) -> None:
    off = DocumentAllowance(id="a1", amount="1", vat="20", reason=reason, reason_code=code)
    assert expected == rules(invoice(allowances=[off]))


@pytest.mark.parametrize(
    ("means", "account", "expected"),
    [
        ("58", "FR7630006000011234567890189", []),
        ("58", "0123456789", ["MB-IBAN"]),
        ("30", "0123456789", []),
        ("30", "FR7630006000011234567890188", ["MB-IBAN"]),
        ("30", "DE89370400440532013000", []),
    ],
)
def test_only_sepa_wants_an_iban_but_an_iban_must_always_check(
    means: str, account: str, expected: list[str]
) -> None:
    document = to_account(account=account)
    payment = attrs.evolve(document.payment or PaymentInstructions(), means=means)
    assert expected == rules(document.evolve(payment=payment))


def test_a_wrong_account_is_not_written_out_in_full() -> None:
    (found,) = check(to_account(account="FR7630006000011234567890188"), ON)
    assert "7630006000" not in str(found) + found.text("fr")


def test_a_cheque_needs_no_account() -> None:
    assert [] == rules(paid(means="20", transfers=[]))


def test_any_number_identifies_a_seller_for_the_standard() -> None:
    """BR-CO-26 knows BT-29 too; French law still wants SIREN and VAT number."""
    numbered = attrs.evolve(
        STUDIO, registration=None, vat_id=None, identifiers=[Identifier("1", "0088")]
    )
    assert "BR-CO-26" not in rules(invoice(seller=numbered))


@pytest.mark.parametrize("sides", [{"tax_registration": "FR-TAX-1"}, {"vat_id": "FR11123456782"}])
def test_a_tax_registration_is_as_good_as_a_vat_number_for_the_standard(
    sides: dict[str, Any],
) -> None:
    seller = attrs.evolve(attrs.evolve(STUDIO, vat_id=None), **sides)
    assert "BR-S-02" not in rules(invoice(seller=seller))


def cited(*ids: str, on: date | None = ON) -> list[Reference]:
    return [Reference(id=id, number=f"F-{id}", issue_date=on) for id in ids]


@pytest.mark.parametrize(
    ("preceding", "expected"),
    [
        ([], ["/preceding"]),
        (cited("a"), []),
        (cited("a", "b"), ["/preceding"]),
        (cited("a", on=None), ["/preceding/a/issue_date"]),
    ],
    ids=["none", "one", "two", "undated"],
)
def test_a_corrected_invoice_cites_exactly_one_document_with_its_date(
    preceding: list[Reference], expected: list[str]
) -> None:
    corrected = invoice(type_code="384", preceding=preceding)
    assert expected == paths(corrected, "BR-FR-CO-04")
    assert [] == paths(invoice(preceding=preceding), "BR-FR-CO-04")


def test_a_mode_that_says_paid_needs_the_whole_total_and_a_day() -> None:
    whole = {"process": "S2", "prepaid": "1620"}
    assert [] == rules(invoice(**whole))
    assert [] == rules(invoice(**whole, due_date=EARLY))
    assert ["/prepaid"] == paths(invoice(process="S2", prepaid="1619.99"), "BR-FR-CO-09")
    assert ["/due_date"] == paths(invoice(**whole, due_date=None), "BR-FR-CO-09")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ["FR-DUE"]),
        ({"type_code": "386"}, []),
        ({"process": "S1"}, ["FR-DUE"]),
        ({"process": "B2", "prepaid": "1620"}, []),
    ],
)
def test_what_was_paid_before_may_have_been_due_before(
    changes: dict[str, Any], expected: list[str]
) -> None:
    """BR-FR-CO-07."""
    assert expected == rules(invoice(due_date=EARLY, **changes))


RATE = ExchangeRate(rate="0.9", source="BCE", on=ON)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ["/tax_currency"]),
        ({"tax_currency": "PLN", "exchange": RATE}, ["/tax_currency"]),
        ({"tax_currency": "EUR"}, ["/exchange"]),
        ({"tax_currency": "EUR", "exchange": RATE}, []),
        ({"lines": [line(vat=FRANCHISE)]}, []),
        ({"currency": "EUR"}, []),
    ],
)
def test_vat_in_another_currency_is_said_in_euros_too(
    changes: dict[str, Any], expected: list[str]
) -> None:
    """CGI art. 289, IV."""
    assert expected == paths(invoice(**{"currency": "USD", **changes}), "FR-EUR")


def test_an_offer_needs_neither_due_date_nor_euros_nor_category_of_operation() -> None:
    offer = Quote(
        id="q1",
        issue_date=date(2027, 9, 1),
        seller=STUDIO,
        buyer=attrs.evolve(ACME, registration=None),
        currency="USD",
        lines=[line()],
    )
    assert () == check(offer, ON)


def test_who_bills_goods_or_services_is_asked_from_the_day_of_the_last_sellers_only() -> None:
    before = {"issue_date": date(2027, 8, 31), "due_date": date(2027, 9, 30)}
    after = {**before, "issue_date": date(2027, 9, 1)}
    assert [] == rules(invoice(**before))
    assert ["FR-OPERATION"] == rules(invoice(**after))
    assert [] == rules(invoice(**after, operation="services"))


def test_a_delivery_of_services_needs_no_address() -> None:
    quay = Delivery(name="Quay 4")
    assert ["FR-DELIVERY"] == rules(invoice(delivery=quay, operation="goods"))
    assert [] == rules(invoice(delivery=quay, operation="services"))


def test_the_state_of_the_vat_number_decides_where_a_supply_comes_from() -> None:
    """A seller in Paris who sells from Berlin, under a German number, charges German VAT."""
    german = attrs.evolve(STUDIO, vat_id=GERMAN.vat_id)
    home = {"seller": german, "buyer": GERMAN}
    assert [] == rules(invoice(lines=[line(vat="19")], **home))
    assert ["TAX-RATE"] == rules(invoice(lines=[line(vat="20")], **home))


def test_a_french_vat_number_leaves_an_overseas_seller_where_it_is() -> None:
    """8.5 % is the rate of La Réunion (CGI art. 296), 20 % is not."""
    there = Address("1 rue du Port", "97400", "Saint-Denis", "FR")
    local = {
        "seller": attrs.evolve(STUDIO, address=there),
        "buyer": attrs.evolve(ACME, address=there),
    }
    assert [] == rules(invoice(lines=[line(vat="8.5")], **local))
    assert ["TAX-RATE"] == rules(invoice(lines=[line(vat="20")], **local))


def test_goods_from_overseas_to_the_mainland_are_exported() -> None:
    """CGI art. 294, 2: the French VAT number does not move the seller to the mainland."""
    there = Address("1 rue du Port", "97400", "Saint-Denis", "FR")
    sold = {"seller": attrs.evolve(STUDIO, address=there), "operation": "goods"}
    assert [] == rules(invoice(lines=[line(vat=VAT("G"))], **sold))
    assert ["TAX-CATEGORY"] == rules(invoice(lines=[line(vat="8.5")], **sold))


@pytest.mark.parametrize("number", [{"registration": None}, {"vat_id": None}])
def test_a_vat_number_or_a_registration_makes_a_business(number: dict[str, Any]) -> None:
    buyer = attrs.evolve(GERMAN, **number)
    assert [] == rules(invoice(buyer=buyer, lines=[line(vat=VAT("AE"))], operation="services"))


def test_a_rate_that_never_was_is_an_error_and_one_that_may_be_new_a_warning() -> None:
    """The lists were last compared with the law on 2026-07-01."""
    at_home = {"lines": [line(vat="8.5")]}
    old = invoice(issue_date=date(2026, 6, 30), due_date=date(2026, 7, 30), **at_home)
    assert [("TAX-RATE", "error")] == [(f.rule, f.severity) for f in check(old, ON)]
    assert [("TAX-RATE", "warning")] == [
        (f.rule, f.severity) for f in check(invoice(**at_home), ON)
    ]


def test_a_rate_france_never_knew_is_said_once() -> None:
    assert ["FR-RATE"] == rules(invoice(lines=[line(vat="19.6")]))


def test_an_intra_community_supply_without_number_is_said_once() -> None:
    unnumbered = attrs.evolve(ORDINARY["K"], buyer=attrs.evolve(GERMAN, vat_id=None))
    assert ["BR-IC-02", "TAX-CATEGORY"] == rules(unnumbered)


def test_what_the_tax_rules_say_follows_goods_and_services() -> None:
    """A service to a German business is taxed there (AE), goods that arrive in Paris here (S)."""
    service = invoice(buyer=GERMAN, operation="services")
    (found,) = check(service, ON)
    assert "use AE" in found.remedy["en"]
    collected = Delivery(address=STUDIO.address)
    assert [] == rules(invoice(buyer=GERMAN, operation="goods", delivery=collected))


def test_nothing_is_said_of_vat_where_no_place_is_known() -> None:
    nowhere = invoice(buyer=attrs.evolve(GERMAN, address=None))
    assert ["BR-10"] == rules(nowhere)


@pytest.mark.parametrize("document", [invoice(), credit_note()], ids=["invoice", "credit note"])
def test_a_document_of_an_allowance_and_a_charge_of_every_part_breaks_nothing(
    document: Invoice,
) -> None:
    off = DocumentAllowance(id="a1", percent="5", vat="20", reason="Fidélité", reason_code="95")
    assert () == check(document.evolve(allowances=[off]), ON)
    assert document.due_date in {DUE, None}


def test_a_reduction_alone_in_its_category_is_held_to_who_must_be_identified() -> None:
    """BR-AE-03: no line is reverse charged, the allowance is."""
    off = DocumentAllowance(id="a1", amount="1", vat=VAT("AE"), reason="Geste")
    consumer = attrs.evolve(ACME, registration=None, vat_id=None)
    found = rules(invoice(buyer=consumer, allowances=[off]))
    assert "BR-AE-03" in found
    assert "BR-AE-02" not in found
