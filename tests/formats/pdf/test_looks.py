"""Templates and the brand's colour: text on it and in it stays legible, whatever the colour."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given, strategies as st

from multibill.documents import Brand
from multibill.errors import InvalidValue
from multibill.formats.pdf.layout import laid_out
from multibill.formats.pdf.looks import (
    BLUE,
    LEGIBLE,
    PLAIN,
    WHITE,
    contrast,
    darkened,
    legible_on,
    look,
    rgb,
)
from multibill.formats.pdf.style import ACCENT, ALERT, BAND, BAR, INK, ON_BAND, SOFT
from tests.formats.pdf.samples import invoice

colours = st.tuples(*[st.integers(0, 255)] * 3)


@given(colours)
def test_text_on_any_ground_and_in_any_colour_is_legible(colour: tuple[int, int, int]) -> None:
    assert contrast(legible_on(colour), colour) >= LEGIBLE
    assert contrast(darkened(colour), WHITE) >= LEGIBLE


@given(colours)
def test_a_colour_that_can_be_read_on_white_stays_as_it_is(colour: tuple[int, int, int]) -> None:
    assert (darkened(colour) == colour) == (contrast(colour, WHITE) >= LEGIBLE)


def test_contrast_is_that_of_the_guidelines() -> None:
    """#767676 on white is the well-known lightest grey that passes WCAG at 4.5."""
    assert 4.54 == pytest.approx(contrast(rgb("#767676"), WHITE), abs=0.01)
    assert contrast(rgb("#777777"), WHITE) < LEGIBLE


def test_the_brands_colour_is_the_ground_of_what_is_due_and_the_bar() -> None:
    yellow = look(invoice(brand=Brand(template="b", colour="#ffd200")))
    assert (255, 210, 0) == yellow[BAND] == yellow[BAR]
    assert yellow[INK] == yellow[ON_BAND]
    assert yellow[BAND] != yellow[ACCENT]
    assert BLUE == look(invoice())[BAND] == look(invoice(brand=Brand(template="b")))[BAND]
    assert WHITE == look(invoice())[ON_BAND]


def test_the_plain_template_keeps_the_colour_to_the_bar() -> None:
    brand = Brand(template="b", colour="#ffd200")
    plain = look(invoice(brand=brand, template=PLAIN))
    assert [BAR] == [name for name, colour in plain.items() if colour == (255, 210, 0)]
    assert contrast(plain[ON_BAND], plain[BAND]) >= LEGIBLE


def test_a_sellers_own_template_is_drawn_with_its_brand() -> None:
    brand = Brand(template="studio", version=3, colour="#112233")
    assert (17, 34, 51) == look(invoice(brand=brand, template="studio/3"))[BAND]
    for template in ("studio/4", "studio"):
        with pytest.raises(InvalidValue, match=f"/template: '{template}' is not a template"):
            look(invoice(brand=brand, template=template))


def test_every_colour_that_a_page_uses_has_a_value() -> None:
    document = attrs.evolve(invoice(brand=Brand(template="b", colour="#ffd200")), number=None)
    sheet, known = laid_out(document), look(document)
    used = {box.style.colour for box in sheet.boxes} | {bar.colour for bar in sheet.bars}
    assert {ALERT, SOFT, BAND, BAR, INK} <= used <= set(known)
