"""VAT by rate and what the document comes to, side by side below the lines. Adds nothing up."""

from __future__ import annotations

from collections.abc import Iterator

from multibill.documents import Document, Totals
from multibill.documents.totals import VatTotal
from multibill.formats.pdf.faces import width
from multibill.formats.pdf.facts import day, held
from multibill.formats.pdf.grid import Grid, Slot
from multibill.formats.pdf.item import amount, called
from multibill.formats.pdf.lines import vat_rate
from multibill.formats.pdf.page import Column, Sheet
from multibill.formats.pdf.style import (
    ASIDE,
    BAND,
    BODY_TEXT,
    BOTTOM,
    DUE,
    FINE,
    HALF,
    HEAD,
    LEFT,
    RESUME,
    SMALL,
    SOFT_TEXT,
)
from multibill.formats.pdf.wrap import wrap
from multibill.i18n import Labels, format_decimal, format_money
from multibill.money import Money
from multibill.tax import EXEMPTIONS

REASONS = {
    "E": "Exempt",
    "AE": "Reverse charge",
    "K": "Intra-Community supply",
    "G": "Export",
    "O": "Outside the scope of VAT",
}
"""VAT category -> what it is called where a rate of zero would say too little."""

GAP = 4.0
INSET = 3.0


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
    columns = [*zip(heads, *rows, strict=True)]
    wide = [max(map(_natural, texts)) for texts in columns]
    tight = [max(map(_natural, (*head.split(), *texts))) for head, *texts in columns]
    names = [_named(row, document.language, say) for row in totals.breakdown]
    least = max(
        map(_natural, (say("VAT rate"), *(word for name in names for word in name.split())))
    )
    beside = least + sum(tight) + 2 * GAP <= HALF
    if beside and least + sum(wide) + 2 * GAP > HALF:
        wide = tight
    left = column.beside(LEFT, HALF if beside else column.w)
    right = column.beside(ASIDE, HALF)
    rate = Slot(left.w - sum(wide) - 2 * GAP, "L", say("VAT rate"))
    grid = Grid(left, (rate, Slot(wide[0], "R", heads[0]), Slot(wide[1], "R", heads[1])), gap=GAP)
    for row, name, amounts in zip(totals.breakdown, names, rows, strict=True):
        cells = [[(text, BODY_TEXT)] for text in amounts]
        reason = wrap(_reason(row, name, document.language), FINE, left.w)  # below the amounts
        grid.row(wrap(name, BODY_TEXT, rate.w) + reason, *cells)
    if totals.tax:
        left.skip(1.5)
        left.paragraph(_accounted(document, totals.tax, say), SMALL)
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


def _named(row: VatTotal, language: str, say: Labels) -> str:
    """The rate, or the category where there is none."""
    if row.category in REASONS:
        return say(REASONS[row.category])
    return vat_rate(row.category, row.rate, language)


def _reason(row: VatTotal, name: str, language: str) -> str:
    """Why there is no tax: the document's own words, or those of the code; nothing where the name says it all."""
    if row.category not in REASONS:
        return ""
    code = row.exemption or ""
    known = EXEMPTIONS.get(code)
    reason = row.reason or (known.text.get(language, code) if known else code)
    return reason if reason != name else ""


def explained(totals: Totals, language: str, say: Labels) -> Iterator[str]:
    """What stands beside the amounts of VAT, as words of the law may stand there."""
    for row in totals.breakdown:
        name = _named(row, language, say)
        yield from (name, _reason(row, name, language))


def _accounted(document: Document, tax: Money, say: Labels) -> str:
    """The VAT in the currency of its accounting (directive 2006/112/EC art. 230), with the rate and its source."""
    language, rate = document.language, document.exchange
    said = say(
        "VAT in {currency}: {amount}", currency=tax.currency, amount=format_money(tax, language)
    )
    if rate is None:
        return said
    one = f"1\N{NO-BREAK SPACE}{document.currency} = {format_decimal(rate.rate, language)}"
    return (
        f"{said} ({one}\N{NO-BREAK SPACE}{tax.currency}, {rate.source}, {day(rate.on, document)})"
    )


def _totals(column: Column, document: Document, totals: Totals, say: Labels) -> None:
    language = document.language
    payable = format_money(totals.payable, language)
    rows = [*_sums(document, totals, say)]
    amounts = [width(text, BODY_TEXT) for _, text in rows] + [width(payable, DUE)]
    figure = min(max(amounts) + 0.01, HALF * 0.7)
    slots = (Slot(HALF - figure - GAP - 2 * INSET), Slot(figure, "R"))
    grid = Grid(column, slots, gap=GAP, pad=0.9, inset=INSET, ruled=False)
    for label, value in rows:
        grid.row(wrap(label, SOFT_TEXT, slots[0].w), wrap(value, BODY_TEXT, slots[1].w))
    column.skip(1)
    due = Grid(column, slots, gap=GAP, pad=2, inset=INSET, ruled=False)
    last = wrap(_last(document, totals, say), DUE, slots[0].w)
    due.row(last, wrap(payable, DUE, slots[1].w), fill=BAND)


def _last(document: Document, totals: Totals, say: Labels) -> str:
    """What the last figure is: an offer asks for nothing."""
    if document.sign == 0 and totals.payable == totals.gross:
        return say("Total incl. VAT")
    return say("Amount due") if document.sign >= 0 else say("Amount credited")


def _sums(document: Document, totals: Totals, say: Labels) -> Iterator[tuple[str, str]]:
    """From the lines to what is due, each step that the document has."""

    def money(value: Money) -> str:
        return format_money(value, document.language)

    if document.allowances or document.charges:
        yield say("Sum of lines excl. VAT"), money(totals.lines)
    groups = (document.allowances, -1), (document.charges, 1)
    for items, sign in groups:
        for item in items:
            name = called(item, sign, document, say)
            if len(totals.breakdown) > 1:
                rate = vat_rate(item.vat.category, item.vat.rate, document.language)
                name = f"{name}, {held(say('VAT'), rate)}"
            yield name, amount(item, sign, document)
    yield say("Total excl. VAT"), money(totals.net)
    yield say("Total VAT"), money(totals.vat)
    if document.sign or totals.payable != totals.gross:
        yield say("Total incl. VAT"), money(totals.gross)
    if totals.prepaid:
        yield say("Already paid"), money(Money.of(-totals.prepaid.amount, totals.prepaid.currency))
    if totals.rounding:
        yield say("Rounding"), money(totals.rounding)
