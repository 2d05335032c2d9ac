"""The fonts as numbers: what each character measures, which file draws it, and what to draw when none does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from unicodedata import category, decomposition, normalize

from multibill.formats.pdf.style import Style

FONTS = Path(__file__).with_name("fonts")
MM = 25.4 / 72
"""Millimetres in a point."""

UNKNOWN = "\N{REPLACEMENT CHARACTER}"
ALIKE = {"\N{MINUS SIGN}": "\N{EN DASH}", "\N{HYPHENATION POINT}": "\N{MIDDLE DOT}"}
SAME_MEANING = ("<compat>", "<wide>", "<narrow>", "<font>", "<fraction>", "<noBreak>")


def file(family: str, *, bold: bool) -> Path:
    """The font file of a family (``latin`` or ``wide``)."""
    return FONTS / f"{family}-{'bold' if bold else 'regular'}.ttf"


@lru_cache(maxsize=8)
def advances(family: str, bold: bool) -> Mapping[str, int]:
    """Character -> its width in thousandths of the type size."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    with TTFont(file(family, bold=bold), lazy=True) as font:
        widths = font["hmtx"].metrics
        return {chr(code): widths[glyph][0] for code, glyph in font.getBestCmap().items()}


@lru_cache(maxsize=2)
def all_advances(bold: bool) -> Mapping[str, int]:
    """The widths of both families; the second is read only when a text needs it."""
    return {**advances("wide", bold), **advances("latin", bold)}


def drawable(text: str) -> str:
    """The text with nothing in it that the fonts cannot draw.

    What is alike stands in for what is missing, invisible characters go (a reader sees the stored order,
    whatever a bidirectional override says), white space is a space, and all else shows as U+FFFD.

    >>> drawable("Łódź\\u200b, −5 °C, \\u202eevil, 中"), drawable("ﬁn\\u3000½")
    ('Łódź, –5 °C, evil, \\ufffd', 'fin ½')
    """
    if advances("latin", False).keys() >= set(text):
        return text
    return "".join(map(_drawn, text))


@lru_cache(maxsize=4096)
def _drawn(character: str) -> str:
    if character in advances("latin", False) or character in all_advances(False):
        return "" if category(character) == "Cf" else character
    if character.isspace():
        return " "
    if category(character) in {"Cf", "Cc"} or "\ufe00" <= character <= "\ufe0f":
        return ""
    alike = ALIKE.get(character) or _same_meaning(character)
    return alike if alike and all_advances(False).keys() >= set(alike) else UNKNOWN


def _same_meaning(character: str) -> str:
    said = decomposition(character)
    return normalize("NFKC", character) if said.startswith(SAME_MEANING) else ""


def units(text: str, *, bold: bool) -> int:
    """The width of a drawable text in thousandths of the type size."""
    try:
        return sum(map(advances("latin", bold).__getitem__, text))
    except KeyError:
        return sum(map(all_advances(bold).__getitem__, text))


def width(text: str, style: Style) -> float:
    """The width of a drawable text in millimetres."""
    return units(text, bold=style.bold) * style.size * MM / 1000


def runs(text: str, *, bold: bool) -> Iterator[tuple[str, str]]:
    """The text cut where the font changes: pairs of family and part.

    >>> list(runs("Ada Ωmega", bold=False))
    [('latin', 'Ada '), ('wide', 'Ω'), ('latin', 'mega')]
    """
    latin = advances("latin", bold)
    if latin.keys() >= set(text):
        yield "latin", text
        return
    for inside, part in groupby(text, latin.__contains__):
        yield "latin" if inside else "wide", "".join(part)
