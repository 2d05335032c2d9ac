"""Documents to draw: completed invoices and credit notes of two French sellers, and texts that do harm."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import attrs
from PIL import Image

from multibill.documents import CreditNote, Document, Invoice, Line, Terms
from multibill.documents.complete import completed
from multibill.parties import Address, Party
from multibill.tax import VAT

DAY = date(2026, 11, 30)
PARIS = Address("12 rue Oberkampf", "75011", "Paris", "FR")
STUDIO = Party(
    name="Studio SARL",
    siren="123456782",
    vat_id="FR11123456782",
    legal="SARL, capital 10 000 EUR, RCS Paris",
    address=PARIS,
)
ACME = Party(
    name="Acme SAS",
    siren="987654324",
    vat_id="FR14987654324",
    address=Address("3 cours Lafayette", "69003", "Lyon", "FR", line2="Bâtiment C"),
)
BERLIN = Party(
    name="Müller & Söhne GmbH",
    vat_id="DE811907980",
    address=Address("Hauptstraße 7", "10115", "Berlin", "DE"),
)

HOSTILE = {
    "bidi": "safe \u202eelddot\u202c name \u2066x\u2069",
    "zero width": "in\u200bvis\u200dible\ufeff\u00ad",
    "one word": "x" * 20_000,
    "one wide word": "W" * 3_000,
    "address of a page": "https://example.com/" + "way/" * 400,
    "empty lines": "first\n\n\n\n\n" + "\n" * 500 + "last\n\n",
    "spaces": "   wide \t gap" + " " * 800 + "end   ",
    "scripts": "Ωμέγα Жук Łódź Đà Nẵng 中文 مرحبا שלום 🙂",
    "marks": "e\u0301 q\u0303\u0323 \u0489",
    "pdf": "(a) \\ ) ET Q /F1 <</x>> endstream",
    "xml": "<rdf:li> & ]]> \"'",
    "only invisible": "\u200b\u200e",
    "line separators": "a\u2028b\u2029c\x85d",
}


def line(**given: Any) -> Line:
    """A line of 3 days at 450 with 20 %."""
    usual = {"name": "Logo design", "quantity": 3, "unit": "DAY", "unit_price": "450", "vat": "20"}
    return Line(**{**usual, **given})


def done(document: Document) -> Document:
    """The document with line ids, nets, totals and mentions."""
    lines = [attrs.evolve(line, id=line.id or f"l{n}") for n, line in enumerate(document.lines)]
    return completed(document.evolve(lines=lines), DAY)


def invoice(cls: type[Document] = Invoice, **given: Any) -> Document:
    """An issued invoice with one line, in French."""
    usual: dict[str, Any] = {
        "id": "i1",
        "number": "F2026-00001",
        "issue_date": DAY,
        "due_date": date(2026, 12, 30),
        "terms": Terms(days=30),
        "seller": STUDIO,
        "buyer": ACME,
        "lines": (line(),),
    }
    return done(cls(**{**usual, **given}))


def credit_note(**given: Any) -> Document:
    """A credit note, in French."""
    usual = {"number": "A2026-00007", "terms": None, "due_date": None, "lines": (line(quantity=1),)}
    return invoice(CreditNote, **{**usual, **given})


def draft(**given: Any) -> Document:
    """An invoice without number or dates."""
    return invoice(**{"number": None, "issue_date": None, "due_date": None, **given})


def lines(count: int) -> tuple[Line, ...]:
    """So many different lines; each third has a description of two lines of text."""
    long = "Three proposals, two rounds of corrections, source files and all variants in colour, black and white."
    return tuple(
        line(
            name=f"Item {n}",
            description=None if n % 3 else long,
            quantity=n % 7 + 1,
            unit=("DAY", "HUR", "C62")[n % 3],
            vat=("20", "10", "5.5")[n % 3],
        )
        for n in range(1, count + 1)
    )


def picture(
    w: int, h: int, colour: tuple[int, ...] = (31, 120, 90, 128), format: str = "PNG"
) -> bytes:
    """An image file of one colour; with four figures, the last is how opaque it is."""
    mode = {1: "L", 3: "RGB", 4: "RGBA"}[len(colour)]
    file = BytesIO()
    Image.new(mode, (w, h), colour if len(colour) > 1 else colour[0]).save(file, format)
    return file.getvalue()


FRANCHISE = VAT("E", exemption="VATEX-FR-FRANCHISE")
REVERSE = VAT("AE", exemption="VATEX-EU-AE")
