"""Cut Noto Sans down to what invoices write; run by hand when the set of characters changes.

    python -m multibill.formats.pdf.fonts.cut NotoSans-Regular.ttf NotoSans-Bold.ttf

The sources stand in Debian's package fonts-noto-core. The same source gives the same bytes with one fontTools.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset  # type: ignore[import-untyped]

LATIN = {
    *range(0x20, 0x7F),  # Basic Latin
    *range(0xA0, 0x180),  # Latin-1 Supplement, Latin Extended-A
    *range(0x218, 0x21C),  # the Romanian comma below
    *range(0x2010, 0x2016),  # hyphens and dashes
    *range(0x2018, 0x201F),  # quotation marks
    *(0x2009, 0x200A, 0x202F),  # thin, hair and narrow no-break space
    *(0x2020, 0x2021, 0x2022, 0x2026, 0x2030),  # daggers, bullet, ellipsis, per mille
    *(0x2032, 0x2033, 0x2039, 0x203A, 0x2044),  # primes, single guillemets, fraction slash
    *(0x20AC, 0x2116, 0x2122, 0xFFFD),  # euro, numero, trade mark, replacement character
}
WIDE = {
    *(0x18F, 0x192, 0x259, 0x1A0, 0x1A1, 0x1AF, 0x1B0),  # Azerbaijani, florin, Vietnamese
    *range(0x1CD, 0x1DD),  # Pinyin
    *range(0x300, 0x316),  # combining marks, for what has no code point of its own
    *(0x31B, 0x323, 0x324, 0x325, 0x326, 0x327, 0x328),
    *range(0x370, 0x400),  # Greek
    *range(0x400, 0x500),  # Cyrillic
    *range(0x1E80, 0x1E86),  # Welsh
    *(0x1E9E, *range(0x1EA0, 0x1EFA)),  # capital sharp s, Vietnamese
    *range(0x20A6, 0x20AC),  # currency signs
    *range(0x20AD, 0x20C1),
    0x20,  # fpdf2 2.8.5 wants a space in every font
}

UNUSED = ["GDEF", "GPOS", "GSUB", "MATH", "gasp"]  # layout tables: text is drawn glyph by glyph


def cut(source: Path, characters: set[int], target: Path) -> None:
    """Write the part of the font that draws these code points, without hints and layout tables."""
    options = subset.Options()
    options.hinting, options.layout_features, options.notdef_outline = False, [], True
    options.glyph_names = True  # reading them is quicker than deriving them from the code points
    options.drop_tables += UNUSED
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    full = font["name"].getBestFullName()
    font["name"].setName(f"{full} {target.stem.split('-')[0]}", 4, 3, 1, 0x409)
    subset.save_font(font, str(target), options)


def main(*sources: str) -> None:
    """Cut both sets of characters from each source, beside this file."""
    for source in map(Path, sources):
        weight = source.stem.rsplit("-", 1)[1].lower()
        for name, characters in (("latin", LATIN), ("wide", WIDE)):
            cut(source, characters, Path(__file__).with_name(f"{name}-{weight}.ttf"))


if __name__ == "__main__":
    main(*sys.argv[1:])
