"""The sheet: what is drawn where, as plain values that a test can measure. Knows no document and no PDF."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import attrs

from multibill.formats.pdf.faces import width
from multibill.formats.pdf.images import Logo, Modules
from multibill.formats.pdf.style import BOTTOM, LEFT, RESUME, RIGHT, Colour, Style
from multibill.formats.pdf.wrap import Line, wrap

Align = Literal["L", "R"]
At = tuple[int, float]
"""Page, and millimetres from its top."""

WHOLE = 5
"""Lines of a paragraph that stay together."""


@attrs.frozen
class Box:
    """One line of text: its page (from 1), upper left corner, width and height in millimetres."""

    page: int
    x: float
    y: float
    w: float
    h: float
    text: str
    style: Style


@attrs.frozen
class Bar:
    """A filled rectangle below the text: a rule or a tinted ground."""

    page: int
    x: float
    y: float
    w: float
    h: float
    colour: Colour


@attrs.frozen
class Picture:
    """A logo or a code that fills a rectangle."""

    page: int
    x: float
    y: float
    w: float
    h: float
    content: Logo | Modules


@attrs.define
class Sheet:
    """All that is drawn, on as many pages as it takes; ``mark`` is written across each page."""

    boxes: list[Box] = attrs.field(factory=list)
    bars: list[Bar] = attrs.field(factory=list)
    pictures: list[Picture] = attrs.field(factory=list)
    pages: int = 1
    mark: str | None = None

    def text(self, at: At, x: float, text: str, style: Style, align: Align = "L") -> None:
        """One line of drawable text that begins, or with ``align="R"`` ends, at ``x``."""
        if text:
            w = width(text, style)
            left = x - w if align == "R" else x
            self.boxes.append(Box(at[0], left, at[1], w, style.leading, text, style))

    def picture(self, at: At, x: float, w: float, h: float, content: Logo | Modules) -> None:
        """A logo or a code, from its upper left corner."""
        self.pictures.append(Picture(at[0], x, at[1], w, h, content))

    def bar(self, at: At, x: float, w: float, h: float, colour: Colour) -> None:
        """A rule or a tinted ground."""
        self.bars.append(Bar(at[0], x, at[1], w, h, colour))


@attrs.define
class Column:
    """A place that text flows down: it goes on at the top of the next page when one is full."""

    sheet: Sheet
    page: int
    y: float
    x: float = LEFT
    w: float = RIGHT - LEFT

    @property
    def here(self) -> At:
        """Page and height of the next line."""
        return self.page, self.y

    def turn(self) -> None:
        """Go to the top of the next page."""
        self.page, self.y = self.page + 1, RESUME
        self.sheet.pages = max(self.sheet.pages, self.page)

    def keep(self, height: float) -> None:
        """Turn the page if so much does not fit on this one any more."""
        if self.y + height > BOTTOM and self.y > RESUME:
            self.turn()

    def lines(self, lines: Iterable[Line]) -> None:
        """Set lines one below the other."""
        for text, style in lines:
            self.keep(style.leading)
            self.sheet.text(self.here, self.x, text, style)
            self.y += style.leading

    def paragraph(self, text: str | None, style: Style) -> None:
        """Set a text as wide as the column; a short one is not torn by the end of a page."""
        self.block(wrap(text, style, self.w))

    def block(self, lines: Sequence[Line]) -> None:
        """Set the lines of one paragraph."""
        if len(lines) <= WHOLE:
            self.keep(sum(style.leading for _, style in lines))
        self.lines(lines)

    def skip(self, height: float) -> None:
        """Leave some room, unless a page has just begun."""
        if self.y > RESUME:
            self.y += height

    def beside(self, x: float, w: float) -> Column:
        """Another column that begins at the same height."""
        return attrs.evolve(self, x=x, w=w)

    def below(self, *others: Column) -> None:
        """Go on below the longest of these columns."""
        self.page, self.y = max(self.here, *(other.here for other in others))
