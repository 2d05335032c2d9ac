"""What is drawn for a text, how wide it is, and where its lines end."""

from __future__ import annotations

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from hypothesis import given, strategies as st

from multibill.formats.pdf.faces import FONTS, UNKNOWN, advances, drawable, file, runs, width
from multibill.formats.pdf.fonts.cut import LATIN, WIDE
from multibill.formats.pdf.style import BODY_BOLD, BODY_TEXT, SMALL, Style
from multibill.formats.pdf.wrap import DOT, wrap

styles = st.sampled_from([BODY_TEXT, BODY_BOLD, SMALL])
anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)
widths = st.floats(1, 200)


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Łódź Ωμέγα Жук Đà Nẵng", "Łódź Ωμέγα Жук Đà Nẵng"),
        ("1\N{NARROW NO-BREAK SPACE}234,50\N{NO-BREAK SPACE}€ – « … » × “x” • ½ m²",) * 2,
        ("soft\u00adhyphen zero\u200bwidth \u202eevil\ufeff", "softhyphen zerowidth evil"),
        ("日本 🙂", f"{UNKNOWN}{UNKNOWN} {UNKNOWN}"),
        ("a\tb\u3000c\u2003d", "a b c d"),
        ("−5 ﬁn Ｆｕｌｌ ⅓", "–5 fin Full 1⁄3"),
        ("10⁶ ①", f"10{UNKNOWN} {UNKNOWN}"),
        ("❤\ufe0f", UNKNOWN),
        ("ㄱ", UNKNOWN),
    ],
)
def test_what_a_font_cannot_draw_shows_or_has_a_double(text: str, drawn: str) -> None:
    """A raised six is no plain six: ten to the sixth is not one hundred and six."""
    assert drawn == drawable(text)


@given(anything)
def test_whatever_is_drawable_has_a_width_and_a_font(text: str) -> None:
    drawn = drawable(text)
    assert drawable(drawn) == drawn
    assert width(drawn, BODY_TEXT) >= 0
    parts = list(runs(drawn, bold=True))
    assert drawn == "".join(part for _, part in parts)
    assert all(set(part) <= advances(family, True).keys() for family, part in parts)


@given(anything, styles, widths)
def test_every_line_fits_unless_it_is_one_character(text: str, style: Style, limit: float) -> None:
    for line, _ in wrap(text, style, limit):
        assert width(line, style) <= limit + 1e-6 or len(line) == 1


@given(anything, styles, widths)
def test_nothing_but_white_space_is_lost(text: str, style: Style, limit: float) -> None:
    """Save the dot between two parts that stand on two lines: see below."""
    text = text.replace(DOT.rstrip(" "), "")

    def bare(text: str) -> str:
        return "".join(drawable(text).split())

    lines = [line for line, _ in wrap(text, style, limit)]
    assert "".join(map(bare, text.splitlines())) == "".join(map(bare, lines))


@given(st.lists(st.sampled_from(["a", "", " ", "\u200b"]), max_size=12))
def test_empty_lines_stand_alone_and_only_between_others(parts: list[str]) -> None:
    lines = [line for line, _ in wrap("\n".join(parts), BODY_TEXT, 50)]
    assert "\n\n\n" not in "\n".join(lines)
    assert lines == [] or (lines[0] and lines[-1])
    assert parts.count("a") == lines.count("a")


def test_a_dot_between_parts_goes_where_a_line_ends_between_them() -> None:
    parts = DOT.join(["Ada", "Bob", "Eve"])
    assert [parts] == [line for line, _ in wrap(parts, BODY_TEXT, 50)]
    two = [line for line, _ in wrap(parts, BODY_TEXT, width(f"Ada{DOT}Bob{DOT}", BODY_TEXT))]
    assert ["Ada\N{NO-BREAK SPACE}· Bob", "Eve"] == two


@pytest.mark.parametrize(
    "text", ["taux de 12 %", "un prix : 40", "la somme de 40 €", "dit « oui »"]
)
def test_no_line_ends_before_a_sign_that_belongs_to_the_word(text: str) -> None:
    """As French and German set them, with a space before."""
    for limit in range(22, 70):
        lines = [line for line, _ in wrap(text, BODY_TEXT, limit / 2)]
        assert [line for line in lines if line[0] in "%:€»" or line[-1] == "«"] == []


def test_lines_break_at_spaces_and_keep_line_ends() -> None:
    lines = wrap("one two three\nfour", BODY_TEXT, width("one two", BODY_TEXT) + 0.1)
    assert ["one two", "three", "four"] == [line for line, _ in lines]


def test_a_line_is_filled_as_far_as_it_goes_and_no_further() -> None:
    whole = width("one two", BODY_TEXT)
    assert ["one two"] == [line for line, _ in wrap("one two", BODY_TEXT, whole + 0.01)]
    assert ["one two", "three"] == [
        line for line, _ in wrap("one two three", BODY_TEXT, whole + 0.01)
    ]
    assert ["one", "two"] == [line for line, _ in wrap("one two", BODY_TEXT, whole - 0.01)]


def test_no_break_spaces_hold_a_figure_together() -> None:
    figure = "1\N{NARROW NO-BREAK SPACE}350,00\N{NO-BREAK SPACE}€"
    lines = wrap(f"about {figure}", BODY_TEXT, width(f"about {figure}", BODY_TEXT) - 1)
    assert ["about", figure] == [line for line, _ in lines]


def test_a_word_that_is_too_long_is_rather_broken_after_a_mark() -> None:
    lines = wrap(
        "https://example.com/a-long/way", BODY_TEXT, width("https://example.com/a-lo", BODY_TEXT)
    )
    assert ["https://example.com/a-", "long/way"] == [line for line, _ in lines]


def test_nothing_makes_no_line() -> None:
    assert [] == wrap(None, BODY_TEXT, 10) == wrap("", BODY_TEXT, 10) == wrap("\n\n", BODY_TEXT, 10)


@pytest.mark.parametrize("bold", [False, True])
def test_the_cut_fonts_draw_what_the_script_promises(bold: bool) -> None:
    """Noto Sans has no few of the code points; those that matter on an invoice are named."""
    latin, wide = (set(map(ord, advances(family, bold))) for family in ("latin", "wide"))
    assert latin <= LATIN
    assert wide <= WIDE
    assert wide & latin == {0x20}
    assert len(LATIN - latin) <= 2
    needed = "€œŒŸșȚ«»–—’“”…•°²³½×±№™\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{REPLACEMENT CHARACTER}"
    assert set(map(ord, needed)) <= latin
    assert set(map(ord, "ΑΩαωάЖжЯяҐґЇĐằợẞ₴₽")) <= wide | latin


@pytest.mark.parametrize("bold", [False, True])
def test_figures_are_of_one_width(bold: bool) -> None:
    assert len({advances("latin", bold)[digit] for digit in "0123456789"}) == 1


@pytest.mark.parametrize("family", ["latin", "wide"])
@pytest.mark.parametrize("bold", [False, True])
def test_the_font_files_are_small_and_may_be_embedded(family: str, bold: bool) -> None:
    path = file(family, bold=bold)
    assert path.stat().st_size < {"latin": 26_000, "wide": 60_000}[family]
    with TTFont(path) as font:
        assert font["OS/2"].fsType == 0
        assert {"GSUB", "GPOS", "fpgm"} & set(font.keys()) == set()
        assert "Google" in font["name"].getDebugName(0)


def test_the_licence_stands_beside_the_fonts() -> None:
    licence = (FONTS / "OFL.txt").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1 - 26 February 2007" in licence
    assert "Copyright 2015 Google LLC" in licence
