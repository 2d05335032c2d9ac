"""Rows and columns that run over pages, with a repeated head and carried sums. Knows no document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest

import attrs

from multibill.formats.pdf.page import Align, Column
from multibill.formats.pdf.style import (
    BAR,
    BODY_BOLD,
    BOTTOM,
    HEAD,
    RULE,
    SOFT_TEXT,
    Colour,
)
from multibill.formats.pdf.wrap import Line, wrap

KEEP = 45.0
"""A row up to this height stays on one page; a taller one may go on overleaf, with two lines at least."""
PAD = 1.3
HAIR = 0.15
HEAD_RULE = 1.2
"""From the head to its rule."""

Cell = Sequence[Line]


@attrs.frozen
class Slot:
    """One column of a grid: width in millimetres, alignment, head."""

    w: float
    align: Align = "L"
    head: str = ""


@attrs.define
class Grid:
    """A table in a column of the sheet. ``carry`` gives the words and the sum for the end of a page."""

    column: Column
    slots: Sequence[Slot]
    gap: float = 4.0
    pad: float = PAD
    inset: float = 0.0
    ruled: bool = True
    carry: Callable[[], tuple[str, str, str]] | None = None
    rows: int = 0
    opened: bool = False

    @property
    def foot(self) -> float:
        """What the sum at the end of a page takes."""
        return SOFT_TEXT.leading + 2 * self.pad if self.carry else 0.0

    def open(self) -> None:
        """Draw the head: at the first row, and again on each further page."""
        self.opened = True
        heads = [wrap(slot.head, HEAD, slot.w) for slot in self.slots]
        deep = max(map(len, heads))
        if not deep:
            return
        self._band([[("", HEAD)] * (deep - len(head)) + head for head in heads])
        self.column.y += HEAD_RULE
        self._rule(0.4, BAR)

    def row(
        self,
        *cells: Cell,
        last: bool = True,
        fill: Colour | None = None,
        begun: Callable[[], None] | None = None,
    ) -> None:
        """Draw one row; ``begun`` is called when its page is certain, before its first line.

        Unless it is the ``last``, room stays below it for the carried sum; a torn row needs that room too.
        """
        height = sum(map(_deepest, zip_longest(*cells))) + 2 * self.pad
        limit = BOTTOM - (0.0 if last and height <= KEEP else self.foot)
        self._place(height, limit)
        if begun:
            begun()
        if fill:
            self.column.sheet.bar(self.column.here, self.column.x, self.column.w, height, fill)
        self.rows += 1
        self.column.y += self.pad
        self._band(cells, limit)
        self.column.y += self.pad
        if self.ruled:
            self._rule(HAIR, RULE)

    def _place(self, height: float, limit: float) -> None:
        """Turn the page before a row that would be torn, and see that it has its head."""
        head = 0.0 if self.opened else self._head()
        least = height if height <= KEEP else KEEP / 2
        if self.column.y + head + least > limit:
            self.turn()
        if not self.opened:
            self.open()

    def _head(self) -> float:
        deep = max(len(wrap(slot.head, HEAD, slot.w)) for slot in self.slots)
        return deep * HEAD.leading + HEAD_RULE if deep else 0.0

    def turn(self) -> None:
        """Close this page with the sum so far, and open the next one with it."""
        carried = self.carry() if self.carry and self.rows else None
        if carried:
            self._sum(carried[0], carried[2])
        self.column.turn()
        if self.opened:
            self.open()
        if carried:
            self._sum(carried[1], carried[2])
            self._rule(HAIR, RULE)

    def _sum(self, words: str, amount: str) -> None:
        self.column.y += self.pad
        sheet, at = self.column.sheet, self.column.here
        sheet.text(at, self.column.x + self.column.w, amount, BODY_BOLD, "R")
        sheet.text(at, sheet.boxes[-1].x - self.gap, words, SOFT_TEXT, "R")
        self.column.y += SOFT_TEXT.leading + self.pad

    def _band(self, cells: Sequence[Cell], limit: float = BOTTOM) -> None:
        bands = [*zip_longest(*cells)]
        heights = [*map(_deepest, bands)]
        for place, (band, height) in enumerate(zip(bands, heights, strict=True)):
            least = sum(heights[place:]) if place == len(bands) - 2 else height
            if self.column.y + least > limit:
                self.turn()
                self.column.y += self.pad
            x = self.column.x + self.inset
            for slot, line in zip(self.slots, band, strict=True):
                if line:
                    (text, style), edge = line, x if slot.align == "L" else x + slot.w
                    self.column.sheet.text(self.column.here, edge, text, style, slot.align)
                x += slot.w + self.gap
            self.column.y += height

    def _rule(self, thickness: float, colour: Colour) -> None:
        self.column.sheet.bar(self.column.here, self.column.x, self.column.w, thickness, colour)


def _deepest(band: Sequence[Line | None]) -> float:
    return max(line[1].leading for line in band if line)
