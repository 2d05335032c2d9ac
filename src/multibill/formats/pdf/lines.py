"""The lines of the document as a grid over as many pages as they take, with sums carried over."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import attrs

from multibill.documents import Document, Line, Totals
from multibill.errors import InvalidValue
from multibill.formats.pdf.faces import drawable, width
from multibill.formats.pdf.grid import Cell, Grid, Slot
from multibill.formats.pdf.item import item
from multibill.formats.pdf.page import Column
from multibill.formats.pdf.style import BODY_TEXT, HEAD, SMALL, Style
from multibill.formats.pdf.wrap import wrap
from multibill.i18n import Labels, format_money, format_percent, format_price, format_quantity
from multibill.money import Money, exponent

BOUNDS = ((17.0, 34.0), (23.0, 36.0), (11.0, 22.0), (23.0, 36.0))
"""What quantity, price, VAT and net take at least and at most; what is wider is broken into lines."""
GAP = 4.0
HEADED = 30.0
"""What the head of a column may claim to stand on one line."""
LOCAL = {"L": "IGIC", "M": "IPSI"}
"""Taxes that stand in the place of VAT in the Canary Islands, Ceuta and Melilla."""


@attrs.define
class Running:
    """The net of the lines drawn so far."""

    sum: Money
    language: str
    words: tuple[str, str]

    def __call__(self) -> tuple[str, str, str]:
        """What the end of a page says."""
        return *self.words, format_money(self.sum, self.language)


def draw_lines(column: Column, document: Document, totals: Totals, say: Labels) -> None:
    """Draw every line; InvalidValue names the first that has no net."""
    rows = [_figures(line, document, say) for line in document.lines]
    slots = _slots(column, rows, totals, document, say)
    words = say("Carried over"), say("Brought forward")
    running = Running(Money(Decimal(0), document.currency), document.language, words)
    grid = Grid(column, slots, gap=GAP, carry=running)
    if not document.lines:
        grid.open()
    for index, (line, figures) in enumerate(zip(document.lines, rows, strict=True), 1):
        texts = item(line, document, say, slots[0].w)
        cells = (_cell(said, slot) for said, slot in zip(figures, slots[1:], strict=True))
        net = Money(net_of(line), document.currency)

        def begun(net: Money = net) -> None:
            running.sum += net

        grid.row(texts, *cells, last=index == len(rows), begun=begun)


def net_of(line: Line) -> Decimal:
    """The net that the document states for a line; InvalidValue when it states none."""
    if line.net is None:
        raise InvalidValue(
            "the line has no net; make the document again without its totals",
            path=f"/lines/{line.id}/net",
        )
    return line.net


Figure = tuple[tuple[str, Style], ...]


def _figures(line: Line, document: Document, say: Labels) -> tuple[Figure, Figure, Figure, Figure]:
    """Quantity, unit price, VAT and net, as they are written."""
    language, currency = document.language, document.currency
    price: Figure = (
        (format_price(line.unit_price, currency, exponent(currency), language), BODY_TEXT),
    )
    single = line.base_quantity == 1 and line.base_unit in {None, line.unit}
    if line.base_quantity is not None and not single:
        base = format_quantity(line.base_quantity, line.base_unit or line.unit, language)
        price += ((say("per {quantity}", quantity=base), SMALL),)
    return (
        ((format_quantity(line.quantity, line.unit, language), BODY_TEXT),),
        price,
        ((vat_rate(line.vat.category, line.vat.rate, language), BODY_TEXT),),
        ((format_money(Money(net_of(line), currency), language), BODY_TEXT),),
    )


def vat_rate(category: str, rate: Decimal, language: str) -> str:
    """The rate of a line; what is outside the scope of VAT has none (BR-O-05), and Spain's local taxes a name."""
    percent = format_percent(rate, language)
    if category in LOCAL:
        return f"{LOCAL[category]} {percent}"
    return "\N{EN DASH}" if category == "O" else percent


def _cell(figure: Figure, slot: Slot) -> Cell:
    return [line for text, style in figure for line in wrap(text, style, slot.w)]


def _slots(
    column: Column,
    rows: Sequence[Sequence[Figure]],
    totals: Totals,
    document: Document,
    say: Labels,
) -> tuple[Slot, ...]:
    """As wide as the figures need, within bounds; the rest is for the item."""
    included = document.rounding == "included"
    price = say("Unit price incl. VAT") if included else say("Unit price excl. VAT")
    heads = [say("Quantity"), price, say("VAT"), say("Amount excl. VAT")]
    figures = [
        {part for row in rows for part in row[place]} | {("", BODY_TEXT)} for place in range(4)
    ]
    figures[3].add((format_money(totals.lines, document.language), BODY_TEXT))
    widths = [
        min(most, max(least, min(width(head, HEAD) + 0.01, HEADED), *map(_natural, parts)))
        for head, parts, (least, most) in zip(heads, figures, BOUNDS, strict=True)
    ]
    item = column.w - sum(widths) - GAP * len(widths)
    numbers = [Slot(w, "R", head) for w, head in zip(widths, heads, strict=True)]
    return Slot(item, "L", say("Description")), *numbers


def _natural(part: tuple[str, Style]) -> float:
    text, style = part
    return width(drawable(text), style) + 0.01
