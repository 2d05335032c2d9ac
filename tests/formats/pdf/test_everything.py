"""Whatever a document says is printed, or stands in a short list of what is for machines; and it is printed once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import attrs
import pytest

from multibill.documents import (
    Allowance,
    Charge,
    CreditNote,
    Document,
    DocumentAllowance,
    DocumentCharge,
    ExchangeRate,
    Invoice,
    Mention,
    Note,
    Payee,
    PaymentInstructions,
    Quote,
    Reference,
    Terms,
)
from multibill.formats.pdf.facts import SCHEMES
from multibill.formats.pdf.layout import laid_out
from multibill.formats.pdf.payment import MEANS, grouped
from multibill.i18n import LANGUAGES, format_date, labels
from multibill.parties import Identifier, Party
from multibill.tax import VAT
from tests.documents.ordinary import everything
from tests.formats.pdf.samples import ACME, DAY, FRANCHISE, credit_note, invoice, line
from tests.formats.pdf.test_content import beside, box, texts

UNPRINTED = {
    # the envelope and the record
    "id", "version", "phase", "state", "hidden", "owner", "team", "assignee", "seller_ref", "buyer_ref", "key",
    "tags", "base_currency", "costs", "custom", "order", "rule_versions", "settlement", "due/amount",
    "due/currency", "credit_of",
    # how the page is made
    "language", "template", "brand/template", "brand/version", "brand/colour", "brand/logo", "rounding", "cash_unit",
    # codes and addresses for machines; their words stand beside them
    "type_code", "process", "endpoint", "tax_point_code", "vat_options", "scheme", "reason_code", "exemption",
    "category", "subject", "law", "mime", "sha256", "means", "country", "unit", "base_unit", "operation", "mentions/id",
    "classifications/version",
    # what figures on the page follow from
    "vat_adjustments", "lines/vat/reason", "allowances/vat/reason", "charges/vat/reason", "nets", "amounts",
    "terms/days", "terms/end_of_month", "totals/allowances/amount", "totals/charges/amount",
    # worded by the legal mentions of this document
    "terms/discount_percent", "terms/discount_days", "terms/late_rate",
}  # fmt: skip
"""Ends of paths that no page shows as they are."""


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Path and value of all that a document says, without ids and places."""
    if any(f"/{path}".endswith(f"/{end}") for end in UNPRINTED) or value is None:
        return
    if attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from leaves(getattr(value, field.name), f"{path}/{field.name}".strip("/"))
    elif isinstance(value, tuple | frozenset):
        for part in value:
            yield from leaves(part, path)
    elif not isinstance(value, bool):
        yield path, value


def written(path: str, value: Any, language: str) -> str:
    """How a reader looks for it: figures with a point and no groups, texts without spaces."""
    if isinstance(value, date):
        return bare(format_date(value, language))
    if isinstance(value, Decimal):
        return (
            f"{abs(value):f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{abs(value):f}"
        )
    return bare(grouped(value)) if path.endswith("account") else bare(str(value))


def bare(text: str) -> str:
    return (
        "".join(text.split()).replace("\u2066", "").replace("\u2069", "").replace("\U0001f600", "")
    )


def figures(said: str, language: str) -> str:
    """The page with figures as Python writes them."""
    point, group = (".", ",") if language == "en" else (",", ".")
    plain = re.sub(rf"(?<=\d)\{group}(?=\d{{3}})", "", said)
    return plain.replace(point, ".") if point == "," else plain


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("cls", [Invoice, CreditNote, Quote])
def test_a_maximal_document_is_printed_whole(cls: type[Document], language: str) -> None:
    document = attrs.evolve(everything(cls), language=language)
    page = bare("".join(box.text for box in laid_out(document).boxes))
    said = figures(page, language)
    found = [*leaves(document)]
    assert len(found) > 150
    missing = [
        (path, value)
        for path, value in found
        if written(path, value, language) not in (said if isinstance(value, Decimal) else page)
    ]
    assert [] == missing


def test_the_electronic_address_is_not_printed() -> None:
    party = attrs.evolve(ACME, endpoint=Identifier("777777777", "0225"))
    assert not [text for text in texts(invoice(buyer=party, seller=party)) if "777777777" in text]


@pytest.mark.parametrize(
    ("scheme", "label"), [("0009", "SIRET client"), ("0088", "GLN client"), (None, "N° client")]
)
def test_the_buyers_numbers_are_called_by_their_scheme(scheme: str | None, label: str) -> None:
    known = invoice(buyer=Party("Ada", identifiers=[Identifier("123", scheme)]))
    assert "123" == beside(known, label)
    assert set(SCHEMES) >= {"0002", "0009", "0088"}


def test_a_quote_says_until_when_it_stands_and_asks_for_nothing() -> None:
    quote = invoice(
        Quote, type_code="310", number="D1", due_date=None, valid_until=date(2026, 12, 31)
    )
    said = texts(quote)
    assert {"Devis", "D1", "Total TTC"} <= set(said)
    assert "31 décembre 2026" == beside(quote, "Valable jusqu’au")
    assert 1 == said.count("Total TTC")
    assert "Net à payer" not in said


def test_an_invoice_that_follows_others_does_not_correct_them() -> None:
    before = (Reference(id="i0", number="F1", issue_date=DAY),)
    assert "Facture antérieure" in texts(invoice(preceding=before))
    for corrected in (credit_note(preceding=before), invoice(type_code="384", preceding=before)):
        assert "Facture d’origine" in texts(corrected)


def test_allowances_and_charges_stand_below_their_line_with_their_sign() -> None:
    adjusted = line(
        allowances=[
            Allowance(id="a", percent="10", reason="Volume"),
            Allowance(id="b", percent="5", base="100"),
        ],
        charges=[Charge(id="c", amount="12.50")],
    )
    said = texts(invoice(lines=(adjusted,)))
    assert {
        "Volume (10 %) : -135,00 €",
        "Remise (5 % de 100,00 €) : -5,00 €",
        "Frais : 12,50 €",
    } <= set(said)


def test_a_price_that_contains_the_vat_says_so() -> None:
    assert "Prix unitaire TTC" in texts(invoice(rounding="included"))
    assert "Prix unitaire HT" in texts(invoice())


def test_a_price_for_one_unit_says_nothing_of_it() -> None:
    assert not [t for t in texts(invoice(lines=(line(base_quantity=1),))) if t.startswith("pour")]
    weekly = invoice(lines=(line(base_quantity=1, base_unit="WEE"),))
    assert "pour 1 semaine" in texts(weekly)


def test_the_totals_go_from_the_lines_to_what_is_due_step_by_step() -> None:
    document = invoice(
        allowances=[DocumentAllowance(id="a", percent="10", reason="Fidélité", vat="20")],
        charges=[DocumentCharge(id="c", amount="35", vat="20")],
        prepaid="500",
        rounding_amount="-0.02",
    )
    said = texts(document)
    start = said.index("Total des lignes HT")
    assert [
        "Total des lignes HT", "1 350,00 €", "Fidélité (10 %)", "-135,00 €", "Frais", "35,00 €",
        "Total HT", "1 250,00 €", "Total TVA", "250,00 €", "Total TTC", "1 500,00 €",
        "Déjà réglé", "-500,00 €", "Arrondi", "-0,02 €", "Net à payer", "999,98 €",
    ] == said[start : start + 18]  # fmt: skip


def test_with_several_rates_an_allowance_says_which_it_lowers() -> None:
    allowance = DocumentAllowance(id="a", amount="10", reason="Geste", vat="10")
    assert "Geste, TVA 10 %" in texts(invoice(allowances=[allowance]))


def test_vat_in_the_accounting_currency_has_its_rate_and_source() -> None:
    rate = ExchangeRate(rate="0.8612", source="BCE", on=DAY)
    said = " ".join(texts(invoice(currency="USD", tax_currency="EUR", exchange=rate)))
    assert "TVA en EUR : 232,52 € (1 USD = 0,8612 EUR, BCE, 30 novembre 2026)" in said


def test_the_documents_own_words_for_an_exemption_come_first() -> None:
    own = attrs.evolve(FRANCHISE, reason="Petite entreprise")
    said = texts(invoice(lines=(line(vat=own),)).evolve(mentions=()))
    assert "Petite entreprise" in said
    assert "TVA non applicable, art. 293 B" not in said


def test_local_taxes_of_spain_are_called_by_their_name() -> None:
    assert {"IGIC 7%", "IPSI 4%"} <= set(
        texts(invoice(language="en", lines=(line(vat=VAT("L", "7")), line(vat=VAT("M", "4")))))
    )


def test_an_iban_stands_in_groups_of_four_and_another_account_as_it_is() -> None:
    transfers = everything(Invoice).payment
    assert transfers
    assert "FR76 3000 6000 0112 3456 7890 189" == beside(invoice(payment=transfers), "IBAN")
    other = attrs.evolve(transfers.transfers[0], account="0012345")
    national = PaymentInstructions(transfers=[other])
    assert "0012345" == beside(invoice(payment=national), "N° de compte")


@pytest.mark.parametrize("means", MEANS)
def test_the_means_of_payment_have_a_name(means: str) -> None:
    for language in LANGUAGES:
        document = invoice(payment=PaymentInstructions(means=means), language=language)
        say = labels(language)
        assert say(MEANS[means]) == beside(document, say("Means of payment"))


def test_a_payee_stands_with_the_payment() -> None:
    payee = Payee(name="Factor SA", registration=Identifier("123456782", "0002"))
    assert "Factor SA · SIREN 123456782" == beside(invoice(payee=payee), "À régler à")


def test_a_document_without_instructions_has_no_payment_block() -> None:
    assert "Règlement" not in texts(invoice())


def test_discount_and_late_rate_are_said_once() -> None:
    """A mention or note with the subject code of the same thing words it better."""
    terms = Terms(days=30, discount_percent="2", discount_days=1, late_rate="12.4")
    bare = attrs.evolve(invoice(terms=terms), mentions=())
    own = ["Escompte de 2 % pour paiement sous 1 jour", "Pénalités de retard : 12,4 % par an"]
    assert own == [text for text in texts(bare) if text in own]
    for subject, left in (("AAB", own[1:]), ("PMD", own[:1])):
        mention = Mention(id="m", text="Words", law="L", subject=subject)
        assert left == [t for t in texts(attrs.evolve(bare, mentions=(mention,))) if t in own]
        noted = attrs.evolve(bare, notes=(Note(text="Words", subject=subject),))
        assert left == [text for text in texts(noted) if text in own]


def test_the_operation_is_said_once() -> None:
    """A French document of the reform says it in a legal mention; another one among its facts."""
    bare = attrs.evolve(invoice(operation="services"), mentions=())
    assert "Prestation de services" == beside(bare, "Opération")
    mention = Mention(id="fr-operation-services", text="Words", law="L")
    assert "Opération" not in texts(attrs.evolve(bare, mentions=(mention,)))


def test_the_brands_words_stand_in_the_footer_or_at_the_end() -> None:
    brand = everything(Invoice).brand
    assert brand
    sheet = laid_out(invoice(brand=brand))
    assert box(sheet, "Merci").y > 270
    wordy = attrs.evolve(brand, footer="Merci beaucoup. " * 60)
    boxes = [one for one in laid_out(invoice(brand=wordy)).boxes if one.text.startswith("Merci")]
    assert boxes
    assert all(one.y < 270 for one in boxes)
