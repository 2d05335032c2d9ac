"""Who sells, what this is, who buys, where it goes, and the facts: everything above the lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from multibill.documents import Document
from multibill.formats.pdf.facts import address, contact, facts, held, named, title
from multibill.formats.pdf.grid import Cell, Grid, Slot
from multibill.formats.pdf.images import Logo
from multibill.formats.pdf.page import Column
from multibill.formats.pdf.style import (
    ADDRESS,
    ASIDE,
    BODY,
    BODY_BOLD,
    BODY_TEXT,
    BOTTOM,
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
from multibill.formats.pdf.wrap import DOT, wrap
from multibill.i18n import Labels

FACT_LABEL = 32.0
FACT_PAD = 0.25
WORTH = 8.0
"""How much higher the lines must begin for facts to move below the buyer."""


def heading(column: Column, document: Document, say: Labels, logo: Logo | None) -> None:
    """Draw all that stands above the lines, and leave the column below it."""
    seller, aside = column.beside(LEFT, HALF), column.beside(ASIDE, HALF)
    _seller(seller, document, logo)
    _title(aside, document, say)
    left, right = _from(seller, WINDOW), _from(aside, WINDOW)
    _buyer(right, document)
    _others(right, document, say)
    _facts(left, right, document, say)
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
    for line in (*address(seller.address, document), DOT.join(reach)):
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


Row = tuple[Cell, Cell]


def _facts(left: Column, right: Column, document: Document, say: Labels) -> None:
    """The facts on the left; of a long list, the last ones below what stands on the right."""
    slots = (Slot(FACT_LABEL), Slot(HALF - FACT_LABEL - 3))
    rows: list[Row] = [
        (wrap(label, SOFT_TEXT, slots[0].w), wrap(value, BODY_TEXT, slots[1].w))
        for label, value in facts(document, say)
    ]
    stay = len(rows) - _moved(left, right, rows)
    for column, part in ((left, rows[:stay]), (right, rows[stay:])):
        if part and column is right:
            _from(right, BODY)
        grid = Grid(column, slots, gap=3, pad=FACT_PAD, ruled=False)
        for cells in part:
            grid.row(*cells)


def _moved(left: Column, right: Column, rows: Sequence[Row]) -> int:
    """How many of the last facts move to the right so that the lines begin highest; none for a small gain."""
    heights = [max(map(len, row)) * BODY_TEXT.leading + 2 * FACT_PAD for row in rows]
    start = max(right.y + 5, BODY)
    ends = [
        max(left.y + sum(heights[: len(rows) - moved]), start + sum(heights[len(rows) - moved :]))
        for moved in range(len(rows))
    ]
    if not ends or left.page > 1 or right.page > 1 or min(ends) > BOTTOM:
        return 0
    return ends.index(min(ends)) if min(ends) <= ends[0] - WORTH else 0
