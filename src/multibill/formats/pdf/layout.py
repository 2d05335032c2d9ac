"""From a document to a sheet: the order of the parts, and what stands on every page. Draws nothing itself."""

from __future__ import annotations

from multibill.documents import Document
from multibill.documents.totals import PENDING
from multibill.errors import InvalidValue
from multibill.formats.pdf.closing import draw_closing
from multibill.formats.pdf.faces import drawable, width
from multibill.formats.pdf.facts import legal_line, title
from multibill.formats.pdf.heading import heading
from multibill.formats.pdf.images import Logo
from multibill.formats.pdf.lines import draw_lines
from multibill.formats.pdf.page import Column, Sheet
from multibill.formats.pdf.payment import draw_payment
from multibill.formats.pdf.style import (
    BAR,
    FOOT,
    FOOT_LINES,
    FOOTER,
    FULL,
    LEFT,
    RIGHT,
    RULE,
    SMALL,
    TOP,
)
from multibill.formats.pdf.totals import draw_totals, explained
from multibill.formats.pdf.wrap import Line, wrap
from multibill.i18n import Labels, labels

FOOT_WIDTH = FULL - 32
"""The page number stands to the right of it."""


def laid_out(document: Document, logo: Logo | None = None) -> Sheet:
    """The sheet of a document: every text with its place.

    Raises InvalidValue when the document has no totals or nets, or its language does not ship.
    """
    if document.totals is PENDING:
        raise InvalidValue("the document has no totals; make it again without them", path="/totals")
    say = labels(document.language)
    sheet = Sheet(mark=say("DRAFT") if document.number is None else None)
    column = Column(sheet, 1, TOP)
    foot, rest = _foot(document, say)
    heading(column, document, say, logo)
    draw_lines(column, document, document.totals, say)
    draw_totals(column, document, document.totals, say)
    draw_payment(column, document, say)
    said = {title(document, say), *explained(document.totals, document.language, say)}
    draw_closing(column, document, rest, said, say)
    _frame(sheet, document, foot, say)
    return sheet


def _foot(document: Document, say: Labels) -> tuple[list[Line], list[str]]:
    """The lines of the footer, and what is too long for it: the seller in law first, then the brand's words."""
    lines: list[Line] = []
    rest = []
    words = document.brand.footer if document.brand else None
    for text in filter(None, (legal_line(document, say), words)):
        more = wrap(text, FOOTER, FOOT_WIDTH)
        if len(lines) + len(more) <= FOOT_LINES:
            lines += more
        else:
            rest.append(text)
    return lines, rest


def name(document: Document, say: Labels) -> str:
    """What the document is called: its title with its number, or that it is a draft."""
    return f"{title(document, say)} {document.number or say('DRAFT')}"


def _frame(sheet: Sheet, document: Document, foot: list[Line], say: Labels) -> None:
    """The head of each later page and the foot of every page."""
    sheet.bar((1, TOP - 5), LEFT, 18, 1.1, BAR)
    head = _head(document, say)
    for page in range(1, sheet.pages + 1):
        if page > 1:
            sheet.text((page, TOP - 1), LEFT, head, SMALL)
            sheet.bar((page, TOP + 4.4), LEFT, FULL, 0.15, RULE)
        sheet.bar((page, FOOT), LEFT, FULL, 0.15, RULE)
        for index, (text, style) in enumerate(foot):
            sheet.text((page, FOOT + 2 + index * style.leading), LEFT, text, style)
        number = say("Page {page} of {pages}", page=page, pages=sheet.pages)
        sheet.text((page, FOOT + 2), RIGHT, number, FOOTER, "R")


def _head(document: Document, say: Labels) -> str:
    """What tells the page's document: as much of title, number and seller as one line holds."""
    whole = name(document, say)
    said = [f"{whole} · {document.seller.name}", whole, title(document, say)]
    return next(text for text in map(drawable, said) if width(text, SMALL) <= FULL)
