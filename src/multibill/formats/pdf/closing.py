"""What stands below the lines: VAT by rate, totals, payment terms, notes, legal mentions. Adds nothing up."""

from __future__ import annotations

from collections.abc import Sequence

from multibill.documents import Document, Terms, Totals
from multibill.documents.totals import VatTotal
from multibill.formats.pdf.faces import width
from multibill.formats.pdf.grid import Cell, Grid, Slot
from multibill.formats.pdf.lines import vat_rate
from multibill.formats.pdf.page import WHOLE, Column, Sheet
from multibill.formats.pdf.style import (
    ASIDE,
    BODY_BOLD,
    BODY_TEXT,
    BOTTOM,
    DUE,
    FINE,
    HALF,
    HEAD,
    LEFT,
    RESUME,
    SOFT_TEXT,
    TINT,
)
from multibill.formats.pdf.wrap import wrap
from multibill.i18n import Labels, format_money
from multibill.tax import EXEMPTIONS

REASONS = {
    "E": "Exempt",
    "AE": "Reverse charge",
    "K": "Intra-Community supply",
    "G": "Export",
    "O": "Outside the scope of VAT",
}
"""VAT category -> what it is called where a rate of zero would say too little."""

RATE = 30.0
"""What the rate and its reason need at least."""
GAP = 4.0
INSET = 3.0
LOOSE = 0.6


def draw_totals(column: Column, document: Document, totals: Totals, say: Labels) -> None:
    """VAT and totals, on one page where they fit."""
    column.skip(6)
    trial = Column(Sheet(), 1, RESUME + 1)
    _both(trial, document, totals, say)
    column.keep(trial.y - RESUME - 1 if trial.page == 1 else BOTTOM - RESUME)
    _both(column, document, totals, say)


def _both(column: Column, document: Document, totals: Totals, say: Labels) -> None:
    """VAT on the left, totals on the right; amounts too wide for that have VAT above the totals."""
    heads = say("Base"), say("VAT amount")
    rows = [_amounts(row, document.language) for row in totals.breakdown]
    wide = [max(map(_natural, texts)) for texts in zip(heads, *rows, strict=True)]
    beside = RATE + sum(wide) + 2 * GAP <= HALF
    left = column.beside(LEFT, HALF if beside else column.w)
    right = column.beside(ASIDE, HALF)
    rate = Slot(left.w - sum(wide) - 2 * GAP, "L", say("VAT rate"))
    grid = Grid(left, (rate, Slot(wide[0], "R", heads[0]), Slot(wide[1], "R", heads[1])), gap=GAP)
    for row, amounts in zip(totals.breakdown, rows, strict=True):
        cells = [[(text, BODY_TEXT)] for text in amounts]
        grid.row(_rate(row, document.language, rate.w, say), *cells)
    if not beside:
        left.skip(4)
        right.below(left)
    _totals(right, document, totals, say)
    column.below(left, right)


def _amounts(row: VatTotal, language: str) -> tuple[str, str]:
    return format_money(row.taxable, language), format_money(row.tax, language)


def _natural(text: str) -> float:
    """As wide as the text is, as a head or as an amount."""
    return max(width(text, BODY_TEXT), width(text, HEAD)) + 0.01


def _rate(row: VatTotal, language: str, w: float, say: Labels) -> Cell:
    """The rate, or why there is none: the category, then the reason in the document's language."""
    if row.category not in REASONS:
        return wrap(vat_rate(row.category, row.rate, language), BODY_TEXT, w)
    name, code = say(REASONS[row.category]), row.exemption or ""
    known = EXEMPTIONS.get(code)
    reason = known.text.get(language, code) if known else code
    return wrap(name, BODY_TEXT, w) + (wrap(reason, FINE, w) if reason != name else [])


def _totals(column: Column, document: Document, totals: Totals, say: Labels) -> None:
    last = say("Amount due") if document.sign > 0 else say("Amount credited")
    rows = [
        (say("Total excl. VAT"), totals.net),
        (say("Total VAT"), totals.vat),
        (say("Total incl. VAT"), totals.gross),
    ]
    payable = format_money(totals.payable, document.language)
    amount = width(payable, DUE) + 0.01
    slots = (Slot(HALF - amount - GAP - 2 * INSET), Slot(amount, "R"))
    grid = Grid(column, slots, gap=GAP, inset=INSET, ruled=False)
    for label, money in rows:
        value = format_money(money, document.language)
        grid.row(wrap(label, SOFT_TEXT, slots[0].w), [(value, BODY_TEXT)])
    column.skip(1)
    due = Grid(column, slots, gap=GAP, pad=2, inset=INSET, ruled=False)
    due.row(wrap(last, DUE, slots[0].w), [(payable, DUE)], fill=TINT)


def draw_closing(column: Column, document: Document, legal: str | None, say: Labels) -> None:
    """Terms, notes and mentions as the document has them; ``legal`` is a legal line too long for the footer."""
    if document.terms:
        _section(column, say("Payment terms"), [terms_text(document.terms, say)])
    if document.notes:
        _section(column, say("Notes"), [note.text for note in document.notes])
    mentions = [mention.text for mention in document.mentions] + ([legal] if legal else [])
    if mentions:
        column.skip(5)
        for text in mentions:
            column.paragraph(text, FINE)
            column.skip(0.8)


def _section(column: Column, title: str, texts: Sequence[str]) -> None:
    column.skip(5)
    first = len(wrap(texts[0], BODY_TEXT, column.w))
    below = first if first <= WHOLE else 2
    column.keep(BODY_BOLD.leading + LOOSE + below * BODY_TEXT.leading)
    column.paragraph(title, BODY_BOLD)
    for text in texts:
        column.skip(LOOSE)
        column.paragraph(text, BODY_TEXT)


def terms_text(terms: Terms, say: Labels) -> str:
    """The terms in the seller's words (BT-20), or else the number of days in the document's language."""
    if terms.text:
        return terms.text
    if terms.days == 0 and not terms.end_of_month:
        return say("Payment on receipt")
    if terms.end_of_month:
        said = say.counted(
            "{days} day from the issue date, end of month",
            "{days} days from the issue date, end of month",
            terms.days,
        )
    else:
        said = say.counted(
            "{days} day from the issue date", "{days} days from the issue date", terms.days
        )
    return said.format(days=terms.days)
