"""The file itself: the texts that a viewer finds, PDF/A-3B, metadata, and the same bytes every time."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from datetime import date
from xml.etree import ElementTree as ET

import attrs
import pytest

from multibill.documents import Document, Note
from multibill.errors import InvalidValue
from multibill.formats.pdf import PdfRenderer
from multibill.formats.pdf.faces import MM, width
from multibill.formats.pdf.layout import laid_out
from multibill.formats.pdf.style import HEIGHT
from multibill.parties import Party
from multibill.ports import Renderer
from tests.architecture.source import ROOT
from tests.formats.pdf.reading import objects, pages, stream, texts
from tests.formats.pdf.samples import (
    HOSTILE,
    STUDIO,
    credit_note,
    draft,
    invoice,
    line,
    lines,
)

DC = "{http://purl.org/dc/elements/1.1/}"
XMP = "{http://ns.adobe.com/xap/1.0/}"
PDFA = "{http://www.aiim.org/pdfa/ns/id/}"

ANYWHERE = """
import hashlib
from multibill.formats.pdf import PdfRenderer
from tests.formats.pdf.samples import HOSTILE, draft, lines
document = draft(lines=lines(30), buyer_reference=HOSTILE["scripts"])
print(hashlib.sha256(PdfRenderer().render(document)).hexdigest())
"""


def rendered(document: Document) -> bytes:
    return PdfRenderer().render(document)


def metadata(pdf: bytes) -> ET.Element:
    (body,) = (body for body in objects(pdf).values() if b"/Type /Metadata" in body)
    return ET.fromstring(stream(body).decode("utf-8"))  # noqa: S314 - what we have just written


def said(element: ET.Element, tag: str) -> str:
    found = element.find(f".//{tag}")
    assert found is not None
    return "".join(found.itertext()).strip()


def test_it_is_a_renderer() -> None:
    renderer: Renderer = PdfRenderer()
    assert ("pdf", "standard/1", "application/pdf") == (
        renderer.format,
        renderer.version,
        renderer.media_type,
    )


SAMPLES = {
    "invoice": invoice(),
    "pages": invoice(lines=lines(60)),
    "credit note": credit_note(language="en"),
    "scripts": invoice(buyer=Party(HOSTILE["scripts"]), lines=(line(name=HOSTILE["pdf"]),)),
}


@pytest.mark.parametrize("document", SAMPLES.values(), ids=SAMPLES.keys())
def test_a_viewer_finds_every_text_of_the_sheet_at_its_place(document: Document) -> None:
    """In reading order; where the font changes within a line, the parts follow one another."""
    sheet = laid_out(document)
    found = texts(rendered(document))
    assert "".join(box.text for box in sheet.boxes if box.page == 1) == "".join(
        shown.text for shown in found if shown.page == 1
    )
    places = {(shown.page, round(shown.x * MM), shown.text) for shown in found}
    whole = {(b.page, round(b.x), b.text) for b in sheet.boxes if b.text.isascii()}
    assert whole - places == set()
    assert sheet.pages == len(pages(rendered(document)))
    assert all(0 < shown.y * MM < HEIGHT for shown in found)


def test_a_part_in_another_font_begins_where_the_last_one_ends() -> None:
    document = invoice(buyer=Party("Ada Ωmega"))
    (name,) = (box for box in laid_out(document).boxes if box.text == "Ada Ωmega")
    found = {shown.text: shown.x * MM for shown in texts(rendered(document))}
    assert found["Ω"] == pytest.approx(name.x + width("Ada ", name.style), abs=0.01)
    assert found["mega"] == pytest.approx(name.x + width("Ada Ω", name.style), abs=0.01)


def test_the_baseline_lies_within_the_line_of_its_text() -> None:
    shown = {text.text: HEIGHT - text.y * MM for text in texts(rendered(invoice()))}
    for box in laid_out(invoice()).boxes:
        if box.text.isascii() and box.text.isalpha():
            assert box.y + box.h / 2 < shown[box.text] < box.y + box.h


def test_a_draft_has_the_mark_on_every_page() -> None:
    unfinished = draft(lines=lines(40))
    found = texts(rendered(unfinished))
    for page in range(1, laid_out(unfinished).pages + 1):
        assert next(shown.text for shown in found if shown.page == page) == "BROUILLON"


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_drawn_in_every_part(text: str) -> None:
    short = text[:400]
    pdf = rendered(
        invoice(
            number=short,
            seller=attrs.evolve(STUDIO, name=short),
            lines=(line(name=short, description=short),),
            notes=(Note(text=short),),
        )
    )
    assert len(texts(pdf)) > 10
    assert ET.tostring(metadata(pdf))


def test_the_same_document_gives_the_same_bytes() -> None:
    document = invoice(lines=lines(30), buyer_reference=HOSTILE["scripts"])
    assert rendered(document) == rendered(document)


def test_neither_hash_seed_nor_time_zone_nor_locale_nor_the_clock_counts() -> None:
    def digest(**env: str) -> str:
        surroundings = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", **env}
        command = [sys.executable, "-c", ANYWHERE]
        done = subprocess.run(
            command, env=surroundings, cwd=ROOT, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    here = draft(lines=lines(30), buyer_reference=HOSTILE["scripts"])
    expected = hashlib.sha256(rendered(here)).hexdigest()
    assert expected == digest(PYTHONHASHSEED="1", TZ="Asia/Tokyo", LC_ALL="C")
    assert expected == digest(PYTHONHASHSEED="2", TZ="America/Lima", LANG="fr_FR.UTF-8")


def test_another_document_gives_another_file_id() -> None:
    def id(document: Document) -> bytes:
        found = re.search(rb"/ID \[<([0-9A-F]{32})>", rendered(document))
        assert found
        return found[1]

    assert id(invoice()) == id(invoice())
    assert id(invoice()) != id(invoice(number="F2026-00002"))


def test_the_metadata_say_what_it_is_whose_and_when_and_that_it_is_pdf_a_3b() -> None:
    found = metadata(rendered(invoice()))
    assert ("3", "B") == (said(found, f"{PDFA}part"), said(found, f"{PDFA}conformance"))
    assert "Facture F2026-00001" == said(found, f"{DC}title")
    assert "Studio SARL" == said(found, f"{DC}creator")
    assert "fr" == said(found, f"{DC}language")
    dates = {said(found, f"{XMP}{name}") for name in ("CreateDate", "ModifyDate")}
    assert dates == {"2026-11-30T00:00:00+00:00"}


def test_the_metadata_of_a_draft_do_not_depend_on_the_day() -> None:
    found = metadata(rendered(draft()))
    assert "2000-01-01T00:00:00+00:00" == said(found, f"{XMP}CreateDate")
    assert "Facture BROUILLON" == said(found, f"{DC}title")


def test_names_are_escaped_in_the_metadata() -> None:
    found = metadata(rendered(invoice(seller=Party("A & B <GmbH>"))))
    assert "A & B <GmbH>" == said(found, f"{DC}creator")


def test_what_pdf_a_asks_for_is_there() -> None:
    """Fonts embedded, an output intent, a file id, no information dictionary that could differ (ISO 19005-3)."""
    pdf = rendered(invoice())
    assert pdf.startswith(b"%PDF-1.7\n%")
    assert pdf.count(b"/FontFile2") == 2
    assert re.search(rb"/OutputIntents \[", pdf)
    assert re.search(rb"/ID \[<", pdf)
    assert b"/Info " not in pdf.rsplit(b"trailer", 1)[1]
    assert b"/Lang (fr)" in pdf
    assert not re.search(rb"/(JavaScript|Launch|URI|Encrypt)\b", pdf)


def test_the_second_set_of_characters_is_embedded_only_where_it_is_needed() -> None:
    assert rendered(invoice()).count(b"/FontFile2") == 2
    assert rendered(invoice(buyer_reference="Ωμέγα")).count(b"/FontFile2") == 3


def test_one_page_stays_small() -> None:
    assert len(rendered(invoice())) < 22 * 1024
    assert len(rendered(invoice(lines=lines(300)))) < 60 * 1024


def test_another_template_is_refused() -> None:
    with pytest.raises(InvalidValue, match="/template: 'fancy/9' is not a template"):
        rendered(attrs.evolve(invoice(), template="fancy/9"))


def test_the_document_is_the_only_source() -> None:
    """What a rendering does not print leaves no trace in the file: owner, team, tags, internal ids."""
    plain = invoice()
    team = attrs.evolve(plain, owner="ann", team="web", tags=frozenset({"x"}), version=9, state="y")
    assert rendered(plain) == rendered(team)


def test_the_issue_date_is_in_the_bytes() -> None:
    other = attrs.evolve(invoice(), issue_date=date(2026, 12, 1))
    assert rendered(invoice()) != rendered(other)


def test_importing_the_format_loads_no_fpdf() -> None:
    program = (
        "import multibill.formats.pdf, sys; print({'fpdf', 'fontTools', 'babel'} & {*sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"
