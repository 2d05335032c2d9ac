"""Pages of an invoice against bare fpdf2 that draws as many texts in the same fonts, CPU, fonts loaded.

The targets are milliseconds: 30 for the first page with logo and payment code, 10 for each further page.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

from _table import Table, by_turns
from fpdf import FPDF
from PIL import Image

from multibill.documents import (
    Brand,
    CreditTransfer,
    Document,
    Invoice,
    Line,
    PaymentInstructions,
    Terms,
)
from multibill.documents.complete import completed
from multibill.formats.pdf import PdfRenderer
from multibill.formats.pdf.faces import file
from multibill.formats.pdf.layout import laid_out
from multibill.parties import Address, Party

FIRST, FURTHER = 30_000, 10_000
"""Microseconds."""
CALLS, ON = 5, date(2026, 11, 30)
RENDERER = PdfRenderer()


def logo() -> bytes:
    """A PNG with alpha, as large as designers send them."""
    found = BytesIO()
    Image.new("RGBA", (1200, 400), (31, 120, 90, 128)).save(found, "PNG")
    return found.getvalue()


LOGO = logo()
IMAGES = {hashlib.sha256(LOGO).hexdigest(): LOGO}


def invoice(count: int, *, dressed: bool) -> Document:
    """An issued invoice of so many lines; dressed, it has a logo and a payment code."""
    transfer = CreditTransfer(id="a", account="FR7630006000011234567890189", bic="AGRIFRPP")
    extra: dict[str, Any] = {
        "brand": Brand(template="b", colour="#1f785a", logo=next(iter(IMAGES))),
        "payment": PaymentInstructions(means="58", transfers=[transfer]),
    }
    place = Address("12 rue Oberkampf", "75011", "Paris", "FR")
    document = Invoice(
        id="i",
        number="F2026-00001",
        issue_date=ON,
        terms=Terms(days=30),
        seller=Party("Studio SARL", siren="123456782", vat_id="FR11123456782", address=place),
        buyer=Party("Acme SAS", siren="987654324", vat_id="FR14987654324", address=place),
        lines=[
            Line(id=f"l{n}", name=f"Item {n}", quantity=n % 7 + 1, unit_price="450", vat="20")
            for n in range(count)
        ],
        **(extra if dressed else {}),
    )
    return completed(document, ON)


def ours(document: Document) -> Callable[[], int]:
    """Render the document."""

    def work() -> int:
        for _ in range(CALLS):
            RENDERER.render(document, IMAGES)
        return CALLS

    return work


def floor(document: Document) -> Callable[[], int]:
    """The same texts as cells of fpdf2, a page for a page, without a thought about where they stand."""
    sheet = laid_out(document)
    pages = [[box for box in sheet.boxes if box.page == n + 1] for n in range(sheet.pages)]

    def work() -> int:
        for _ in range(CALLS):
            pdf = FPDF(enforce_compliance="PDF/A-3B")
            pdf.set_auto_page_break(False)
            pdf.add_font("latin", "", file("latin", bold=False))
            pdf.add_font("latin", "B", file("latin", bold=True))
            for boxes in pages:
                pdf.add_page()
                for box in boxes:
                    pdf.set_xy(box.x, box.y)
                    pdf.set_font("latin", "B" if box.style.bold else "", box.style.size)
                    pdf.cell(box.w, box.h, box.text)
            pdf.output()
        return CALLS

    return work


def main() -> None:
    """Measure one page bare and dressed, and what each further page adds."""
    one, dressed, many = (
        invoice(10, dressed=False),
        invoice(10, dressed=True),
        invoice(300, dressed=False),
    )
    further = laid_out(many).pages - 1
    works = (floor(one), ours(one), floor(dressed), ours(dressed), floor(many), ours(many))
    bare, plain, bare_dressed, full, bare_many, whole = by_turns(*works)
    table = Table(f"pdf: 10 lines on one page, 300 on {further + 1}")
    table.row("first page", plain, bare, FIRST / bare)
    table.row("first page with logo and code", full, bare_dressed, FIRST / bare_dressed)
    each = (bare_many - bare) / further
    table.row("each further page", (whole - plain) / further, each, FURTHER / each)
    table.close()


if __name__ == "__main__":
    main()
