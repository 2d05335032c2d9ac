"""Breaking text into lines that fit a width. Everything is kept: a word that is too long is broken, never cut off."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from multibill.formats.pdf.faces import MM, advances, all_advances, drawable
from multibill.formats.pdf.style import Style

AFTER = frozenset("-/_.,:;@&?=+\N{EN DASH}\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}")
"""Where a word that fits no line is rather broken."""

DOT = "\N{NO-BREAK SPACE}· "
"""Stands between parts side by side; a line that ends between two of them does not end with it."""
HELD = re.compile(" (?=[:;!?%€»](?: |$))|(?<=«) ")
"""Spaces at which no line ends: French sets them before high punctuation, most languages before a sign of a unit."""

Line = tuple[str, Style]


def wrap(text: str | None, style: Style, width: float) -> list[Line]:
    """The text as lines no wider than ``width`` millimetres; line ends are kept, runs of empty lines become one.

    >>> from multibill.formats.pdf.style import BODY_TEXT
    >>> [line for line, _ in wrap("Logo design\\n\\n\\nand stationery", BODY_TEXT, 20)]
    ['Logo design', '', 'and', 'stationery']
    """
    limit = width / (style.size * MM / 1000)
    lines: list[Line] = []
    for paragraph in _paragraphs(text or ""):
        lines += [(line, style) for line in _filled(paragraph, style, limit)]
    return lines


def _paragraphs(text: str) -> list[str]:
    kept: list[str] = []
    for line in text.splitlines():
        shown = drawable(line).rstrip()
        if shown or (kept and kept[-1]):
            kept.append(shown)
    return kept if not kept or kept[-1] else kept[:-1]


def _filled(paragraph: str, style: Style, limit: float) -> Iterator[str]:
    known = advances("latin", style.bold)
    widths = known if known.keys() >= set(paragraph) else all_advances(style.bold)
    if sum(map(widths.__getitem__, paragraph)) <= limit:
        yield paragraph
        return
    line, used, space = "", 0, widths[" "]
    held = HELD.sub("\N{NO-BREAK SPACE}", paragraph)
    for word in _pieces(held, widths, limit):
        size = sum(map(widths.__getitem__, word))
        if line and used + space + size > limit:
            yield line.removesuffix(DOT.rstrip(" "))
            line, used = word, size
        else:
            line, used = (f"{line} {word}", used + space + size) if line else (word, size)
    if line:
        yield line


def _pieces(paragraph: str, widths: Mapping[str, int], limit: float) -> Iterator[str]:
    """The words; a word that no line can hold comes in pieces."""
    for word in filter(None, paragraph.split(" ")):
        start = at = used = 0
        while at < len(word):
            used += widths[word[at]]
            at += 1
            if used > limit and at - start > 1:
                at = _break(word, start, at - 1)
                yield word[start:at]
                start, used = at, 0
        yield word[start:]


def _break(word: str, start: int, end: int) -> int:
    """The last good place in the second half of what fits, or its end."""
    for place in range(end, (start + end) // 2, -1):
        if word[place - 1] in AFTER:
            return place
    return end
