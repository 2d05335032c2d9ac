"""Who sells, what this is, who buys, and the facts of the document: everything above the lines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from multibill.documents import Document, Reference
from multibill.formats.pdf.grid import Grid, Slot
from multibill.formats.pdf.page import Column
from multibill.formats.pdf.style import (
    ADDRESS,
    ASIDE,
    BODY,
    BODY_TEXT,
    BUYER,
    DRAFT,
    HALF,
    LEFT,
    NUMBER,
    SELLER,
    SMALL,
    SOFT_TEXT,
    TITLE,
    WINDOW,
)
from multibill.formats.pdf.wrap import wrap
from multibill.i18n import Labels, format_country, format_date
from multibill.parties import Identifier, Party

TITLES = {
    "380": "Invoice",
    "381": "Credit note",
    "384": "Corrected invoice",
    "386": "Prepayment invoice",
}
"""UNTDID 1001 code -> title; anything else is an invoice."""

AFTER_CITY = frozenset({"AU", "CA", "GB", "IE", "IN", "NZ", "US"})
"""Where the postcode follows the city (UPU addressing guides)."""

FACT_LABEL = 30.0


def title(document: Document, say: Labels) -> str:
    """What kind of document this is, in its language."""
    return say(TITLES[document.type_code if document.type_code in TITLES else "380"])


def heading(column: Column, document: Document, say: Labels) -> None:
    """Draw all that stands above the lines, and leave the column below it."""
    seller, aside = column.beside(LEFT, HALF), column.beside(ASIDE, HALF)
    _seller(seller, document)
    _title(aside, document, say)
    left, right = _from(seller, WINDOW), _from(aside, WINDOW)
    _facts(left, document, say)
    _buyer(right, document)
    column.below(left, right)
    column.y += 8
    if column.page == 1:
        column.y = max(column.y, BODY)


def _from(column: Column, y: float) -> Column:
    """Leave the column where it is, or further down if it has not come so far."""
    if column.page == 1 and column.y < y - 3:
        column.y = y
    else:
        column.skip(5)
    return column


def _seller(column: Column, document: Document) -> None:
    seller = document.seller
    column.paragraph(seller.name, SELLER)
    column.skip(0.8)
    if seller.trading_name != seller.name:
        column.paragraph(seller.trading_name, SMALL)
    for line in address(seller, document):
        column.paragraph(line, SMALL)


def _title(column: Column, document: Document, say: Labels) -> None:
    column.paragraph(title(document, say), TITLE)
    column.skip(0.8)
    if document.number is None:
        column.paragraph(say("DRAFT"), DRAFT)
    else:
        column.paragraph(document.number, NUMBER)


def _buyer(column: Column, document: Document) -> None:
    buyer = document.buyer
    column.paragraph(buyer.name, BUYER)
    if buyer.trading_name != buyer.name:
        column.paragraph(buyer.trading_name, ADDRESS)
    for line in address(buyer, document):
        column.paragraph(line, ADDRESS)


def address(party: Party, document: Document) -> list[str]:
    """The lines of an address; the country when the document crosses a border."""
    at = party.address
    if at is None:
        return []
    city = [at.city, at.postcode] if at.country in AFTER_CITY else [at.postcode, at.city]
    abroad = document.seller.country != document.buyer.country
    country = format_country(at.country, document.language) if abroad else None
    lines = [at.line1, at.line2, at.line3, " ".join(filter(None, city)), at.subdivision, country]
    return [line for line in lines if line]


def _facts(column: Column, document: Document, say: Labels) -> None:
    slots = (Slot(FACT_LABEL), Slot(HALF - FACT_LABEL - 3))
    grid = Grid(column, slots, gap=3, pad=0.25, ruled=False)
    for label, value in facts(document, say):
        cells = wrap(label, SOFT_TEXT, slots[0].w), wrap(value, BODY_TEXT, slots[1].w)
        grid.row(*cells)


def facts(document: Document, say: Labels) -> Iterator[tuple[str, str]]:
    """The facts that the document states: label and value."""
    days = (
        (say("Issue date"), document.issue_date),
        (say("Due date"), document.due_date),
        (say("Delivery date"), document.delivery_date),
    )
    for label, day in days:
        if day:
            yield label, _day(day, document)
    if period := _period(document, say):
        yield say("Period"), period
    texts = (
        (say("Purchase order"), document.purchase_order),
        (say("Your reference"), document.buyer_reference),
    )
    yield from ((label, text) for label, text in texts if text)
    for reference in document.preceding:
        yield say("Corrects invoice"), _reference(reference, document, say)
    yield from _buyer_identifiers(document.buyer, say)


def _period(document: Document, say: Labels) -> str | None:
    start, end = (document.period.start, document.period.end) if document.period else (None, None)
    days = {name: _day(day, document) for name, day in (("start", start), ("end", end)) if day}
    if start and end:
        return say("{start} to {end}", **days)
    if start:
        return say("from {start}", **days)
    return say("until {end}", **days) if end else None


def _day(day: date, document: Document) -> str:
    """The day, which no line end tears."""
    return format_date(day, document.language).replace(" ", "\N{NO-BREAK SPACE}")


def _reference(reference: Reference, document: Document, say: Labels) -> str:
    if reference.issue_date is None:
        return reference.number
    day = _day(reference.issue_date, document)
    return say("{number} of {date}", number=reference.number, date=day)


def _buyer_identifiers(buyer: Party, say: Labels) -> Iterator[tuple[str, str]]:
    known = buyer.registration
    if known:
        names = {"0002": say("Customer SIREN"), "0009": say("Customer SIRET")}
        yield _named(known, names, say("Customer no.")), known.value
    if buyer.vat_id:
        yield say("Customer VAT no."), buyer.vat_id


def _named(identifier: Identifier, names: dict[str, str], other: str) -> str:
    return names.get(identifier.scheme or "", other)


def legal_line(document: Document, say: Labels) -> str:
    """Who the seller is in law, in one line for the foot of each page (article R123-237 Code de commerce)."""
    seller = document.seller
    parts = [seller.name, seller.legal]
    if seller.registration:
        names = {"0002": say("SIREN"), "0009": say("SIRET")}
        name = _named(seller.registration, names, say("Registration no."))
        parts.append(f"{name} {seller.registration.value}")
    if seller.vat_id:
        parts.append(f"{say('VAT no.')} {seller.vat_id}")
    return " · ".join(filter(None, parts))
