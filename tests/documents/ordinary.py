"""An ordinary valid invoice and credit note, one with everything set, and how to break a value past its own checks."""

from __future__ import annotations

from copy import copy as copy_of
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

import attrs

from multibill.documents import (
    Allowance,
    Attachment,
    Attribute,
    Brand,
    Card,
    Charge,
    Classification,
    CreditNote,
    CreditTransfer,
    Delivery,
    DirectDebit,
    Document,
    DocumentAllowance,
    DocumentCharge,
    ExchangeRate,
    Invoice,
    ItemDetails,
    Line,
    Note,
    Payee,
    PaymentInstructions,
    Period,
    Quote,
    Reference,
    TaxRepresentative,
    Terms,
)
from multibill.documents.complete import completed
from multibill.documents.order import spread
from multibill.money import Money
from multibill.parties import Address, Contact, Identifier, Party
from multibill.tax import VAT
from multibill.testing.strategies import ACME, STUDIO

T = TypeVar("T")
D = TypeVar("D", bound=Document)

ON = date(2026, 11, 30)
DUE = date(2026, 12, 30)
TRAINING = VAT("E", exemption="VATEX-FR-CGI261-4")
PORT = VAT("S", "20")
EXPORT = VAT("G", exemption="VATEX-EU-G", reason="Export")
FRANCHISE = VAT("E", exemption="VATEX-FR-FRANCHISE")
GERMAN = Party(
    name="Muster GmbH",
    registration=Identifier("HRB 86891"),
    vat_id="DE136695976",
    address=Address("Hauptstr. 1", "10115", "Berlin", "DE"),
)
AMERICAN = Party(name="Acme Inc.", address=Address("1 Main St", "10001", "New York", "US"))


def line(id: str | None = "l1", **changes: Any) -> Line:
    """Three days of work at 450 EUR, with VAT at 20 %."""
    said: dict[str, Any] = {
        "name": "Logo design",
        "quantity": 3,
        "unit": "DAY",
        "unit_price": "450",
    }
    return Line(id=id, **{**said, "vat": "20", **changes})


def invoice(**changes: Any) -> Invoice:
    """An invoice of 1620 EUR that breaks no rule, with changes."""
    said: dict[str, Any] = {
        "id": "i1",
        "issue_date": ON,
        "due_date": DUE,
        "seller": STUDIO,
        "buyer": ACME,
        "lines": [line()],
    }
    return completed(Invoice(**{**said, **changes}), ON)


def credit_note(**changes: Any) -> CreditNote:
    """A credit note of 540 EUR that breaks no rule, with changes."""
    said: dict[str, Any] = {
        "id": "c1",
        "issue_date": ON,
        "seller": STUDIO,
        "buyer": ACME,
        "lines": [line(quantity=1)],
        "preceding": [Reference(id="i1", number="F2026-00001", issue_date=ON)],
    }
    return completed(CreditNote(**{**said, **changes}), ON)


def twenty_lines() -> Invoice:
    """An ordinary invoice of twenty lines at two rates."""
    places = spread(20)
    lines = [
        line(f"l{n:02}", order=places[n], quantity=n + 1, vat="20" if n % 3 else "5.5")
        for n in range(20)
    ]
    return invoice(lines=lines)


def tampered(value: T, **changes: Any) -> T:
    """A copy of a frozen value with attributes that its class would have refused or computed."""
    copy = copy_of(value)
    for name, change in changes.items():
        object.__setattr__(copy, name, change)
    return copy


def everything(cls: type[D]) -> D:
    """A document with every field set, as it could stand after issue."""
    places = spread(4)
    special: dict[str, Any] = {"valid_until": date(2026, 12, 31)} if cls is Quote else {}
    special |= {"credit_of": "01930000-0000-7000-8000-00000000000c"} if cls is CreditNote else {}
    document = cls(
        **special,
        id="01930000-0000-7000-8000-00000000000d",
        version=7,
        phase="issued",
        state="approved",
        settlement="part-paid",
        due=Money("540.00", "EUR"),
        owner="ann",
        team="web",
        assignee="bob",
        seller_ref="studio",
        buyer_ref="acme",
        key="2026-11:acme",
        tags=frozenset({"urgent", "à relancer"}),
        costs={"01930000-0000-7000-8000-000000000001": Decimal("310.5")},
        custom={"project": "P7", "hours": 3, "billable": True},
        number="F2026-00001",
        issue_date=ON,
        currency="EUR",
        due_date=DUE,
        terms=Terms(
            days=30,
            end_of_month=True,
            text="30 jours fin de mois",
            discount_percent="2",
            discount_days=10,
            late_rate="12.4",
        ),
        tax_currency="PLN",
        exchange=ExchangeRate(rate="4.2531", source="BCE", on=date(2026, 11, 27)),
        tax_point_date=date(2026, 11, 29),
        tax_point_code="3",
        project="P-7",
        contract="C-2026-1",
        sales_order="SO-3",
        receiving_advice="RA-4",
        despatch_advice="DA-5",
        tender="LOT-6",
        object_id=Identifier("0612345678", "AWV"),
        buyer_accounting="401-ACME",
        process="S1",
        operation="services",
        vat_options={"debits", "group"},
        payee=Payee(
            name="Factor SA",
            identifier=Identifier("12345678200010", "0009"),
            registration=Identifier("123456782", "0002"),
        ),
        tax_representative=TaxRepresentative(
            name="Fisc SARL", vat_id="FR11123456782", address=full_address()
        ),
        delivery=Delivery(
            name="Acme, quai 4",
            location=Identifier("3020000000000", "0088"),
            address=full_address(),
        ),
        payment=PaymentInstructions(
            means="58",
            text="Virement SEPA",
            remittance="F2026-00001",
            transfers=[
                CreditTransfer(
                    id="main",
                    account="FR7630006000011234567890189",
                    holder="Studio Été SARL",
                    bic="AGRIFRPP",
                )
            ],
            card=Card(number="****4242", holder="A. Martin"),
            debit=DirectDebit(
                mandate="M-1", creditor="FR12ZZZ123456", account="FR7610107001011234567890129"
            ),
        ),
        allowances=[
            DocumentAllowance(
                id="a1",
                percent="10",
                base="1000",
                vat=VAT("E", exemption="VATEX-FR-CGI261-4", reason="Formation"),
                reason="Fidélité",
                reason_code="95",
            ),
            DocumentAllowance(id="a2", amount="20", vat="20", reason="Retard"),
        ],
        charges=[
            DocumentCharge(id="c1", amount="12.50", vat=PORT, reason="Port", reason_code="FC"),
            DocumentCharge(id="c2", percent="1", base="100", vat=EXPORT, reason="Emballage"),
        ],
        attachments=[
            Attachment(
                id="sheet",
                reference="TS-11",
                description="Feuille de temps",
                url="https://studio.example/ts-11",
                filename="ts-11.csv",
                mime="text/csv",
                sha256="0" * 64,
            )
        ],
        prepaid="100.10",
        rounding_amount="0.03",
        cash_unit="0.05",
        vat_adjustments={"S-20": Decimal("0.01")},
        rounding="precise",
        brand=Brand(template="studio", version=3, colour="#1f4e79", logo="1" * 64, footer="Merci"),
        buyer_reference="REF-7",
        purchase_order="PO-12",
        delivery_date=date(2026, 11, 28),
        period=Period(date(2026, 11, 1), date(2026, 11, 30)),
        seller=full_party("Studio Été SARL", "FR11123456782"),
        buyer=full_party("Acme SAS", "FR14987654324"),
        lines=[
            line(
                "l1",
                order=places[0],
                description="Logo,\nthree drafts",
                gross_price="500",
                price_discount="50",
                base_quantity="1",
                base_unit="DAY",
                allowances=[
                    Allowance(
                        id="l1a", percent="5", base="1000", reason="Volume", reason_code="71"
                    ),
                    Allowance(id="l1b", amount="1.10", reason="Geste"),
                ],
                charges=[
                    Charge(id="l1c", amount="2", reason="Express", reason_code="ABL"),
                    Charge(id="l1d", percent="1", base="10", reason="Divers"),
                ],
                period=Period(date(2026, 11, 2), date(2026, 11, 20)),
                note="Livré",
                object_id=Identifier("0612345678", "AWV"),
                order_line="10",
                buyer_accounting="623",
                item=ItemDetails(
                    seller_id="SKU-7",
                    buyer_id="ART-9",
                    standard_id=Identifier("3020000000017", "0160"),
                    classifications=[Classification("82141504", "MP", "24.0")],
                    origin="FR",
                    attributes=[Attribute("format", "SVG"), Attribute("couleur", "bleu")],
                ),
            ),
            line("l2", order=places[1], unit_price="0.0333", quantity="1000", base_quantity="7"),
            line("l3", order=places[2], vat=attrs.evolve(TRAINING, reason="Formation")),
            line("l4", order=places[3], quantity="-1", unit_price="90.5", vat="5.5"),
        ],
        notes=[Note(id="n1", text="Merci « beaucoup » \u2066\U0001f600\u2069", subject="AAI")],
        preceding=[Reference(id="i0", number="F2026-00000", issue_date=date(2026, 11, 2))],
        language="fr",
        template="studio/3",
    )
    return completed(document, ON)


def lawful(document: D) -> D:
    """Without what excludes something else that is set: a day and a code for the tax point (BR-CO-03)."""
    return completed(document.evolve(tax_point_code=None, totals=document.totals), ON)


def full_party(name: str, vat_id: str) -> Party:
    """A party with every field set."""
    return Party(
        name=name,
        siren=vat_id[4:],
        trading_name="L'Atelier",
        identifiers=[Identifier("12345678200010", "0009"), Identifier("FR-77")],
        vat_id=vat_id,
        tax_registration="FR-TAX-1",
        endpoint=Identifier(vat_id[4:], "0225"),
        contact=Contact(name="Compta", phone="+33 1 23 45 67 89", email="compta@studio.example"),
        legal="SARL, capital 10 000 EUR, RCS Paris",
        address=full_address(),
    )


def full_address() -> Address:
    """An address with every field set."""
    return Address(
        "12 rue Oberkampf",
        "75011",
        "Paris",
        "FR",
        line2="Bâtiment B",
        line3="3e étage",
        subdivision="Île-de-France",
    )


def euros(amount: str) -> Money:
    """So many euros."""
    return Money(Decimal(amount), "EUR")
