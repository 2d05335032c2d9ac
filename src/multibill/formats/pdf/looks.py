"""The templates of this renderer and the brand's colour in them: what the names of colours stand for. Knows no page."""

from __future__ import annotations

from collections.abc import Mapping

from multibill.documents import Document
from multibill.errors import InvalidValue
from multibill.formats.pdf.style import ACCENT, ALERT, BAND, BAR, GHOST, INK, ON_BAND, RULE, SOFT

RGB = tuple[int, int, int]
Look = Mapping[str, RGB]

WHITE: RGB = (255, 255, 255)
BLACK: RGB = (0, 0, 0)
NEUTRAL: Look = {
    INK: (28, 35, 43),
    SOFT: (92, 102, 112),
    ALERT: (176, 42, 32),
    RULE: (208, 214, 220),
    GHOST: (240, 236, 235),
}
BLUE: RGB = (24, 66, 110)
"""Where no brand says otherwise."""
GREY: RGB = (236, 239, 242)

STANDARD, PLAIN = "standard/1", "plain/1"
TEMPLATES = (STANDARD, PLAIN)
"""``plain`` keeps the brand's colour to one bar: for office printers, and for those who like it quiet."""

LEGIBLE = 4.5
"""The least contrast of text on its ground (WCAG 2.2, 1.4.3)."""


def look(document: Document) -> Look:
    """What each colour is on this document's pages; InvalidValue for a template that is not here.

    A document made with a seller's own template names that (``studio/3``) and brings its brand along: it is drawn
    like the standard one.
    """
    brand = document.brand
    own = f"{brand.template}/{brand.version}" if brand else STANDARD
    if document.template not in {*TEMPLATES, own}:
        raise InvalidValue(
            f"{document.template!r} is not a template of this renderer; use {' or '.join(TEMPLATES)}",
            path="/template",
        )
    colour = rgb(brand.colour) if brand and brand.colour else BLUE
    if document.template == PLAIN:
        ink = NEUTRAL[INK]
        return {**NEUTRAL, ACCENT: ink, BAND: GREY, ON_BAND: ink, BAR: colour}
    text = legible_on(colour)
    return {**NEUTRAL, ACCENT: darkened(colour), BAND: colour, ON_BAND: text, BAR: colour}


def rgb(colour: str) -> RGB:
    """Red, green and blue of a colour such as ``#1f4e79``.

    >>> rgb("#1f4e79")
    (31, 78, 121)
    """
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue


def contrast(one: RGB, other: RGB) -> float:
    """The contrast of two colours, from 1 to 21 (WCAG 2.2, relative luminance).

    >>> contrast((0, 0, 0), (255, 255, 255))
    21.0
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: RGB) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def legible_on(ground: RGB) -> RGB:
    """White where it can be read on this ground, else ink, else black.

    >>> legible_on((24, 66, 110)), legible_on((255, 220, 0))
    ((255, 255, 255), (28, 35, 43))
    """
    for text in (WHITE, NEUTRAL[INK]):
        if contrast(text, ground) >= LEGIBLE:
            return text
    return BLACK


def darkened(colour: RGB) -> RGB:
    """The colour, or as much of it as can be read on white.

    >>> darkened((24, 66, 110)), darkened((255, 220, 0))
    ((24, 66, 110), (132, 114, 0))
    """
    for part in range(100, 0, -4):
        red, green, blue = (value * part // 100 for value in colour)
        if contrast((red, green, blue), WHITE) >= LEGIBLE:
            return red, green, blue
    return BLACK
