"""Who sells, what this is, who buys, where it goes, and the facts: everything above the lines."""

from __future__ import annotations

from collections.abc import Iterable

from multibill.documents import Document
from multibill.formats.pdf.facts import address, contact, facts, held, named, title
from multibill.formats.pdf.grid import Grid, Slot
from multibill.formats.pdf.images import Logo
from multibill.formats.pdf.page import Column
from multibill.formats.pdf.style import (
    ADDRESS,
    ASIDE,
    BODY,
    BODY_BOLD,
    BODY_TEXT,
    BUYER,
    DRAFT,
    HALF,
    HEAD,
    LEFT,
    NUMBER,
    SELLER,
    SMALL,
    SOFT_TEXT,
    TITLE,
    WINDOW,
)
from multibill.formats.pdf.wrap import wrap
from multibill.i18n import Labels

FACT_LABEL = 32.0


def heading(column: Column, document: Document, say: Labels, logo: Logo | None) -> None:
    """Draw all that stands above the lines, and leave the column below it."""
    seller, aside = column.beside(LEFT, HALF), column.beside(ASIDE, HALF)
    _seller(seller, document, logo)
    _title(aside, document, say)
    left, right = _from(seller, WINDOW), _from(aside, WINDOW)
    _facts(left, document, say)
    _buyer(right, document)
    _others(right, document, say)
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


def _seller(column: Column, document: Document, logo: Logo | None) -> None:
    seller = document.seller
    if logo:
        column.sheet.picture(column.here, column.x, logo.w, logo.h, logo)
        column.y += logo.h + 2.5
    column.paragraph(seller.name, BODY_BOLD if logo else SELLER)
    column.skip(0.8)
    if seller.trading_name != seller.name:
        column.paragraph(seller.trading_name, SMALL)
    reach = contact(seller.contact) if seller.contact else []
    for line in (*address(seller.address, document), " · ".join(reach)):
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
    for line in address(buyer.address, document):
        column.paragraph(line, ADDRESS)


def _others(column: Column, document: Document, say: Labels) -> None:
    """Where it goes and who answers for the seller's VAT, below the window of the envelope."""
    if said := document.delivery:
        place = [named(said.location, say("No."))] if said.location else []
        lines = [said.name, *address(said.address, document), *place]
        _block(column, say("Delivery address"), [line for line in lines if line])
    if agent := document.tax_representative:
        number = held(say("VAT no."), agent.vat_id)
        _block(
            column,
            say("Tax representative"),
            [agent.name, *address(agent.address, document), number],
        )


def _block(column: Column, head: str, lines: Iterable[str]) -> None:
    _from(column, BODY)
    column.keep(HEAD.leading + 3 * SMALL.leading)
    column.paragraph(head, HEAD)
    column.skip(0.6)
    for line in lines:
        column.paragraph(line, SMALL)


def _facts(column: Column, document: Document, say: Labels) -> None:
    slots = (Slot(FACT_LABEL), Slot(HALF - FACT_LABEL - 3))
    grid = Grid(column, slots, gap=3, pad=0.25, ruled=False)
    for label, value in facts(document, say):
        cells = wrap(label, SOFT_TEXT, slots[0].w), wrap(value, BODY_TEXT, slots[1].w)
        grid.row(*cells)
