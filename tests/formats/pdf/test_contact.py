"""Samples side by side: each within its frame, small, and in its own colours."""

from __future__ import annotations

import hashlib

import pytest

from multibill.documents import Brand
from multibill.errors import InvalidValue
from multibill.formats.pdf import contact_sheet
from multibill.formats.pdf.faces import MM
from multibill.formats.pdf.style import HEIGHT, WIDTH
from multibill.i18n import LANGUAGES
from tests.formats.pdf.reading import pages, texts
from tests.formats.pdf.samples import credit_note, draft, invoice, lines, picture

LOGO = picture(30, 10)
IMAGES = {hashlib.sha256(LOGO).hexdigest(): LOGO}
BRAND = Brand(template="b", colour="#ffd200", logo=next(iter(IMAGES)))
SAMPLES = [invoice(language=language) for language in LANGUAGES]


def test_four_stand_on_a_page_in_order() -> None:
    made = contact_sheet(SAMPLES, {}, title="Pages", language="en")
    assert 2 == len(pages(made))
    titles = ["Invoice", "Facture", "Rechnung", "Factura", "Fattura"]
    found = [shown for shown in texts(made) if shown.text in titles]
    assert titles == [shown.text for shown in found]
    corners = [(shown.page, shown.x * MM > WIDTH / 2, shown.y * MM < HEIGHT / 2) for shown in found]
    assert corners == [
        (1, False, False), (1, True, False), (1, False, True), (1, True, True), (2, False, False)
    ]  # fmt: skip


def test_all_stays_on_the_page_and_only_first_pages_are_shown() -> None:
    many = [draft(lines=lines(90)), credit_note(brand=BRAND)]
    shown = texts(contact_sheet(many, IMAGES, title="Pages", language="fr"))
    assert all(0 < text.x * MM < WIDTH and 0 < text.y * MM < HEIGHT for text in shown)
    assert "Item 1" in {text.text for text in shown}
    assert "Item 90" not in {text.text for text in shown}


def test_logos_are_drawn_and_bytes_stay_the_same() -> None:
    made = contact_sheet([invoice(brand=BRAND)], IMAGES, title="Pages", language="fr")
    assert b"/Subtype /Image" in made
    assert made == contact_sheet([invoice(brand=BRAND)], IMAGES, title="Pages", language="fr")


def test_a_language_that_does_not_ship_is_refused() -> None:
    with pytest.raises(InvalidValue, match="'pl' is not a language"):
        contact_sheet([invoice(language="pl")], {}, title="Pages", language="pl")
