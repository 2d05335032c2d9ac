"""How a page looks: its measures, the names of its colours, its type. Lengths are millimetres, type sizes points.

What a colour's name stands for is the template's and the brand's business: see ``looks``.
"""

from __future__ import annotations

import attrs

Colour = str
"""A name; ``looks`` gives it red, green and blue."""

WIDTH, HEIGHT = 210.0, 297.0
LEFT, RIGHT = 20.0, 190.0
FULL = RIGHT - LEFT
TOP, BOTTOM = 15.0, 270.0
"""The body of the first page; later pages begin at RESUME, below their running head."""
RESUME = 25.0
FOOT = 274.0
"""Where the footer begins; it has room for FOOT_LINES lines."""
FOOT_LINES = 3

HALF = 80.0
ASIDE = 110.0
"""The right column. The buyer's address lies in the window of a French DL envelope (100 x 45 mm, on the right)."""
WINDOW = 50.0
BODY = 90.0
"""The earliest height at which the lines begin, below the window."""

INK, SOFT, ALERT, RULE, GHOST = "ink", "soft", "alert", "rule", "ghost"
ACCENT, BAND, ON_BAND, BAR = "accent", "band", "on band", "bar"
"""The brand's colour as text on white, as a ground, what is legible on that ground, and as a plain bar."""


@attrs.frozen(cache_hash=True)
class Style:
    """One way to set a text: size in points, weight, colour, and the height of its line in millimetres."""

    size: float
    leading: float
    bold: bool = False
    colour: Colour = INK


TITLE = Style(21, 9, bold=True, colour=ACCENT)
NUMBER = Style(11.5, 5.4, bold=True)
DRAFT = Style(11.5, 5.4, bold=True, colour=ALERT)
MARK = Style(104, 40, bold=True, colour=GHOST)
SELLER = Style(13, 6, bold=True)
BUYER = Style(10.5, 4.9, bold=True)
ADDRESS = Style(10, 4.7)
BODY_TEXT = Style(9, 4.3)
BODY_BOLD = Style(9, 4.3, bold=True)
SOFT_TEXT = Style(9, 4.3, colour=SOFT)
SMALL = Style(8, 3.9, colour=SOFT)
HEAD = Style(7.5, 3.5, bold=True, colour=ACCENT)
FINE = Style(7.5, 3.6, colour=SOFT)
FOOTER = Style(7, 3.3, colour=SOFT)
DUE = Style(12, 6, bold=True, colour=ON_BAND)
CAPTION = Style(7, 3.2, colour=SOFT)

LOGO = (62.0, 20.0)
"""The largest logo: width and height."""
CODE = 27.0
"""The side of the payment code; EPC069-12 wants at least 20 mm."""
