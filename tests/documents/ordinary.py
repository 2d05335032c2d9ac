"""An ordinary valid invoice and credit note, one with everything set, and how to break a value past its own checks."""

from __future__ import annotations

from copy import copy as copy_of
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from multibill.documents import (
    CreditNote,
    Invoice,
    Line,
    Note,
    Period,
    Reference,
    Terms,
)
from multibill.documents.complete import completed
from multibill.documents.order import spread
from multibill.money import Money
from multibill.parties import Address, Identifier, Party
from multibill.tax import VAT
from multibill.testing.strategies import ACME, STUDIO

T = TypeVar("T")
D = TypeVar("D", Invoice, CreditNote)

ON = date(2026, 11, 30)
DUE = date(2026, 12, 30)
TRAINING = VAT("E", exemption="VATEX-FR-CGI261-4")
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
    document = cls(
        id="01930000-0000-7000-8000-00000000000d",
        version=7,
        phase="issued",
        state="approved",
        owner="ann",
        team="web",
        assignee="bob",
        seller_ref="studio",
        buyer_ref="acme",
        key="2026-11:acme",
        tags=frozenset({"urgent", "à relancer"}),
        custom={"project": "P7", "hours": 3, "billable": True},
        number="F2026-00001",
        issue_date=ON,
        currency="EUR",
        due_date=DUE,
        terms=Terms(days=30, end_of_month=True, text="30 jours fin de mois"),
        buyer_reference="REF-7",
        purchase_order="PO-12",
        delivery_date=date(2026, 11, 28),
        period=Period(date(2026, 11, 1), date(2026, 11, 30)),
        seller=full_party("Studio Été SARL", "FR11123456782"),
        buyer=full_party("Acme SAS", "FR14987654324"),
        lines=[
            line("l1", order=places[0], description="Logo,\nthree drafts"),
            line("l2", order=places[1], unit_price="0.0333", quantity="1000", base_quantity="7"),
            line("l3", order=places[2], vat=TRAINING),
            line("l4", order=places[3], quantity="-1", unit_price="90.5", vat="5.5"),
        ],
        notes=[Note(id="n1", text="Merci « beaucoup » \u2066\U0001f600\u2069", subject="AAI")],
        preceding=[Reference(id="i0", number="F2026-00000", issue_date=date(2026, 11, 2))],
        language="fr",
        template="studio/3",
    )
    return completed(document, ON)


def full_party(name: str, vat_id: str) -> Party:
    """A party with every field set."""
    address = Address(
        "12 rue Oberkampf",
        "75011",
        "Paris",
        "FR",
        line2="Bâtiment B",
        line3="3e étage",
        subdivision="Île-de-France",
    )
    return Party(
        name=name,
        siren=vat_id[4:],
        trading_name="L'Atelier",
        vat_id=vat_id,
        legal="SARL, capital 10 000 EUR, RCS Paris",
        address=address,
    )


def euros(amount: str) -> Money:
    """So many euros."""
    return Money(Decimal(amount), "EUR")
