"""Invoices and credit notes of every kind: types by VAT categories by whatever changes the figures. All are lawful."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import cycle
from typing import Any

import attrs

from multibill.documents import (
    Allowance,
    Attachment,
    Charge,
    CreditNote,
    CreditTransfer,
    Delivery,
    Document,
    DocumentAllowance,
    DocumentCharge,
    ExchangeRate,
    Invoice,
    PaymentInstructions,
    Period,
    Reference,
    Terms,
)
from multibill.documents.complete import completed
from multibill.parties import Address, Contact, Identifier, Party
from multibill.tax import VAT
from tests.documents.ordinary import DUE, ON, line

FRENCH = Party(
    name="Studio SARL",
    siren="123456782",
    vat_id="FR11123456782",
    endpoint=Identifier("123456782", "0225"),
    legal="SARL, capital 10 000 EUR, RCS Paris",
    address=Address("12 rue Oberkampf", "75011", "Paris", "FR"),
)
BUYER = Party(
    name="Acme SAS",
    siren="987654324",
    vat_id="FR14987654324",
    endpoint=Identifier("987654324", "0225"),
    address=Address("3 cours Lafayette", "69003", "Lyon", "FR"),
)
ABROAD = Party(
    name="Acme NV",
    vat_id="BE0428759497",
    registration=Identifier("0428759497", "0208"),
    endpoint=Identifier("0428759497", "0208"),
    address=Address("Meir 1", "2000", "Antwerpen", "BE"),
)
FAR = Party(
    name="Acme Inc.",
    registration=Identifier("123456789", "0060"),
    endpoint=Identifier("info@acme.example", "EM"),
    address=Address("1 Main St", "10001", "New York", "US"),
)
GERMAN = Party(
    name="Muster GmbH",
    registration=Identifier("HRB 86891"),
    vat_id="DE136695976",
    endpoint=Identifier("rechnung@muster.example", "EM"),
    contact=Contact(name="Buchhaltung", phone="+49 30 1234", email="rechnung@muster.example"),
    address=Address("Hauptstr. 1", "10115", "Berlin", "DE"),
)
SPANISH = Party(
    name="Ejemplo SL",
    vat_id="ESB12345674",
    registration=Identifier("B12345674"),
    address=Address("Calle Mayor 1", "35001", "Las Palmas", "ES"),
)

CATEGORIES: dict[str, dict[str, Any]] = {
    "S": {"vat": VAT("S", "20")},
    "S reduced": {"vat": VAT("S", "5.5"), "seller": GERMAN},
    "Z": {"vat": VAT("Z"), "seller": GERMAN},
    "E": {"vat": VAT("E", exemption="VATEX-FR-CGI261-4")},
    "franchise": {"vat": VAT("E", exemption="VATEX-FR-FRANCHISE")},
    "AE": {"vat": VAT("AE", exemption="VATEX-EU-AE"), "buyer": ABROAD},
    "K": {"vat": VAT("K", exemption="VATEX-EU-IC"), "buyer": ABROAD, "delivery": True},
    "G": {"vat": VAT("G", exemption="VATEX-EU-G"), "buyer": FAR, "delivery": True},
    "O": {"vat": VAT("O", exemption="VATEX-EU-O"), "buyer": FAR},
    "L": {"vat": VAT("L", "7"), "seller": SPANISH, "buyer": SPANISH},
    "M": {"vat": VAT("M", "4"), "seller": SPANISH, "buyer": SPANISH},
}
TYPES = ("380", "381", "326", "384", "386", "389", "261", "503")


def _shapes(vat: VAT) -> dict[str, dict[str, Any]]:
    """What changes the figures, or says more."""
    off = DocumentAllowance(
        id="a1", percent="10", base="100", vat=vat, reason="Remise", reason_code="95"
    )
    on = DocumentCharge(id="c1", amount="12.50", vat=vat, reason="Port", reason_code="FC")
    line_off = Allowance(id="la", percent="5", base="1000", reason="Volume", reason_code="71")
    line_on = Charge(id="lc", amount="2", reason="Express", reason_code="ABL")
    gross = line("l1", vat=vat, unit_price="450", gross_price="500", price_discount="50")
    tiny = [
        line(f"l{n}", vat=vat, quantity="0.5", unit_price="0.33", order=o)
        for n, o in enumerate("bcd")
    ]
    euros = {"tax_currency": "EUR", "exchange": ExchangeRate(rate="0.0061", source="BCE", on=ON)}
    rate = ExchangeRate(rate="4.2531", source="BCE", on=date(2026, 11, 27))
    transfer = CreditTransfer(
        id="t", account="FR7630006000011234567890189", holder="Studio", bic="AGRIFRPP"
    )
    other = CreditTransfer(id="u", account="44421800")
    return {
        "plain": {},
        "half cents": {"lines": tiny},
        "allowance": {"allowances": [off]},
        "charge": {"charges": [on]},
        "both": {"allowances": [off], "charges": [on]},
        "line allowance": {"lines": [line("l1", vat=vat, allowances=[line_off])]},
        "line charge": {"lines": [line("l1", vat=vat, charges=[line_on])]},
        "prepaid": {"prepaid": "100.10"},
        "rounding": {"cash_unit": "0.05", "lines": tiny},
        "tax currency": {"tax_currency": "PLN", "exchange": rate},
        "no decimals": {"currency": "JPY", **euros, "lines": [line("l1", vat=vat, unit_price="33333", quantity="1.5")]},
        "three decimals": {"currency": "TND", **euros, "lines": [line("l1", vat=vat, unit_price="100", quantity="3")]},
        "precise": {"rounding": "precise", "lines": tiny},
        "with VAT": {"rounding": "included", "lines": tiny},
        "gross price": {"lines": [gross, line("l2", vat=vat, quantity="-1", unit_price="90.5", order="c")]},
        "transfer": {"payment": PaymentInstructions(means="58", transfers=[transfer], remittance="F1")},
        "accounts": {"payment": PaymentInstructions(means="30", text="Virement", transfers=[transfer, other])},
        "tax point": {"tax_point_code": "432"},
        "much": {
            "buyer_reference": "REF-7",
            "purchase_order": "PO-12",
            "sales_order": "SO-3",
            "contract": "C-1",
            "project": "P-7",
            "period": Period(date(2026, 11, 1), date(2026, 11, 30)),
            "attachments": [Attachment(id="a", reference="TS-11", description="DOCUMENT_ANNEXE")],
            "terms": Terms(days=30, text="30 jours"),
        },
    }  # fmt: skip


def matrix() -> Iterator[tuple[str, Document]]:
    """Each category with each shape, the types in turn; then each type with the plainest of each category."""
    types = cycle(TYPES)
    for category in CATEGORIES:
        for shape in _shapes(VAT("Z")):
            code = next(types)
            yield f"{code} / {category} / {shape}", _made(code, category, shape)
        for code in TYPES:
            yield f"{code} / {category} / of each type", _made(code, category, "both")


def _made(code: str, category: str, shape: str) -> Document:
    said = CATEGORIES[category]
    seller, buyer = said.get("seller", FRENCH), said.get("buyer", BUYER)
    if code == "326" and seller is FRENCH:
        seller = GERMAN  # French platforms refuse the type (BR-FR-04)
    if category == "O":
        seller = attrs.evolve(seller, vat_id=None)
    credit = code in {"381", "261", "503"}
    fields: dict[str, Any] = {
        "id": "i1",
        "phase": "issued",
        "type_code": code,
        "number": "F2026-00001",
        "issue_date": ON,
        "seller": seller,
        "buyer": buyer,
        "lines": [line("l1", vat=said["vat"])],
        "process": "S1",
        "operation": "services",
        "preceding": [Reference(id="i0", number="F2026-00000", issue_date=date(2026, 11, 2))]
        if credit or code == "384"
        else [],
        **({} if credit else {"due_date": DUE}),
        **_shapes(said["vat"])[shape],
    }
    if said.get("delivery"):
        fields |= {"delivery_date": ON, "delivery": Delivery(name="Acme", address=buyer.address)}
    return completed((CreditNote if credit else Invoice)(**fields), ON)
