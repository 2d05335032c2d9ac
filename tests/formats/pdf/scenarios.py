"""The documents that the pages are judged by, each in any language: name -> language -> document."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import attrs

from multibill.documents import (
    Allowance,
    Brand,
    Charge,
    CreditNote,
    CreditTransfer,
    Delivery,
    Document,
    DocumentAllowance,
    DocumentCharge,
    ExchangeRate,
    Invoice,
    Note,
    PaymentInstructions,
    Period,
    Quote,
    Reference,
    Terms,
)
from multibill.parties import Address, Party
from multibill.tax import VAT
from tests.documents.ordinary import everything
from tests.formats.pdf.samples import (
    ACME,
    BERLIN,
    DAY,
    FRANCHISE,
    REVERSE,
    STUDIO,
    credit_note,
    draft,
    invoice,
    line,
    lines,
)

PAY = PaymentInstructions(
    means="58",
    transfers=[
        CreditTransfer(id="a", account="FR7630006000011234567890189", holder="Studio", bic="AGRIFRPP")
    ],
)  # fmt: skip
LONG = (
    "Société européenne de conseil, de développement et d’accompagnement des collectivités"
    " territoriales et des établissements publics du bassin rhodanien"
)
WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
RED = Brand(template="b", colour="#c83c28", footer="Studio, des marques qui durent")
ATHENS = Party(
    "Παπαδόπουλος & Υιοί Ε.Π.Ε.",
    vat_id="EL123456783",
    address=Address("Οδός Ερμού 12", "105 63", "Αθήνα", "GR"),
)
WARSAW = Party(
    "Żółć Łódź sp. z o.o.",
    vat_id="PL5260250995",
    address=Address("ul. Świętokrzyska 14", "00-050", "Warszawa", "PL"),
)
NEW_YORK = Party(
    "Big Apple Inc.", address=Address("5 Fifth Avenue", "10001", "New York", "US", subdivision="NY")
)
BEFORE = (Reference(id="r", number="F2026-00001", issue_date=date(2026, 11, 1)),)


def _long_names(language: str) -> Document:
    place = Address(LONG, "69003", "Lyon", "FR", line2="Bâtiment C")
    buyer = attrs.evolve(ACME, name=LONG, trading_name=WORD, address=place)
    return invoice(
        language=language,
        number="FACT-2026-LYON-SERVICES-0000000000123",
        seller=attrs.evolve(STUDIO, name=LONG),
        buyer=buyer,
        lines=(line(name=LONG, description=LONG * 3), line(name=WORD)),
        payment=PAY,
    )


def _adjusted(language: str) -> Document:
    less, more = Allowance(id="a", percent="10"), Charge(id="c", amount="12.5")
    item = line(allowances=[less], charges=[more], gross_price="500", price_discount="50")
    return invoice(
        language=language,
        lines=(item, line(name="Hosting", unit="MON", quantity=12, unit_price="9.9", vat="10")),
        allowances=[DocumentAllowance(id="x", percent="5", base="1000", vat="20")],
        charges=[DocumentCharge(id="y", amount="15", vat="20", reason="Port")],
        prepaid="100",
        terms=Terms(days=30, discount_percent="2", discount_days=10, late_rate="12.4"),
        payment=PAY,
    )


def _untaxed(language: str, price: str = "450") -> Document:
    """Every reason for no tax at once, below a delivery address."""
    vats = [VAT("K", exemption="VATEX-EU-IC"), VAT("E", exemption="VATEX-FR-CGI261-4")]
    vats += [VAT("G", exemption="VATEX-EU-G"), VAT("O", exemption="VATEX-EU-O")]
    return invoice(
        language=language,
        buyer=BERLIN,
        lines=tuple(line(vat=vat, unit_price=price) for vat in vats),
        delivery=Delivery(name="Lager Nord", address=BERLIN.address),
        operation="goods",
    )


SCENARIOS: dict[str, Callable[[str], Document]] = {
    "one line": lambda language: invoice(language=language, payment=PAY, operation="services"),
    "twelve lines": lambda language: invoice(language=language, lines=lines(12), payment=PAY),
    "many lines": lambda language: invoice(language=language, lines=lines(120), payment=PAY),
    "long names": _long_names,
    "brand": lambda language: invoice(language=language, lines=lines(6), payment=PAY, brand=RED),
    "plain": lambda language: invoice(
        language=language, lines=lines(6), payment=PAY, brand=RED, template="plain/1"
    ),
    "discount": _adjusted,
    "reverse charge": lambda language: invoice(
        language=language,
        buyer=BERLIN,
        lines=(line(vat=REVERSE),),
        operation="services",
        payment=PAY,
    ),
    "no tax": _untaxed,
    "no tax on billions": lambda language: _untaxed(language, "1234567890.12"),
    "franchise": lambda language: invoice(
        language=language, lines=(line(vat=FRANCHISE),), seller=attrs.evolve(STUDIO, vat_id=None)
    ),
    "dollars": lambda language: invoice(
        language=language,
        buyer=NEW_YORK,
        lines=lines(3),
        currency="USD",
        tax_currency="EUR",
        exchange=ExchangeRate(rate="0.8612", source="BCE", on=DAY),
    ),
    "dinars": lambda language: invoice(
        language=language,
        currency="TND",
        lines=(line(unit_price="123456.789"), line(quantity="0.125")),
    ),
    "other scripts": lambda language: invoice(
        language=language,
        seller=ATHENS,
        buyer=WARSAW,
        lines=(
            line(name="Σχεδιασμός λογότυπου", description="Trzy propozycje"),
            line(name="Дизайн"),
        ),
    ),
    "quote": lambda language: invoice(
        Quote,
        language=language,
        type_code="310",
        number="D1",
        due_date=None,
        valid_until=date(2026, 12, 31),
    ),
    "credit note": lambda language: credit_note(
        language=language, preceding=BEFORE, notes=(Note(text="Less"),)
    ),
    "corrected": lambda language: invoice(language=language, type_code="384", preceding=BEFORE),
    "deposit": lambda language: invoice(
        language=language, type_code="386", payment=PAY, operation="services"
    ),
    "credit on a deposit": lambda language: credit_note(
        language=language, type_code="503", preceding=BEFORE
    ),
    "final": lambda language: invoice(
        language=language,
        preceding=BEFORE,
        prepaid="486",
        payment=PAY,
        period=Period(date(2026, 11, 1), date(2026, 11, 30)),
    ),
    "self-billed": lambda language: invoice(language=language, type_code="389"),
    "self-billed credit": lambda language: credit_note(
        language=language, type_code="261", preceding=BEFORE
    ),
    "draft": lambda language: draft(
        language=language, lines=lines(5), operation="mixed", vat_options={"debits", "group"}
    ),
    "maximal invoice": lambda language: attrs.evolve(everything(Invoice), language=language),
    "maximal credit note": lambda language: attrs.evolve(everything(CreditNote), language=language),
    "maximal quote": lambda language: attrs.evolve(everything(Quote), language=language),
}
