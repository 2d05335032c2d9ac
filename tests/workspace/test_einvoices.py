"""Electronic invoices at the desk: archived at first use like pages, with attached files; drafts are previews."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import attrs
import pikepdf
import pytest

from multibill.documents import Line
from multibill.errors import InvalidDefinition, PreflightFailed, Tampered
from multibill.formats import cii
from multibill.formats.einvoice import read
from multibill.formats.facturx.extraction import embedded
from multibill.formats.terms import terms
from multibill.storage.memory import MemoryStorage
from multibill.workspace.files import blob_of
from multibill.workspace.rendering import Rendering
from tests.office import LOGO, Office

FORMATS = {
    "facturx": ("F2026-00001.pdf", "application/pdf"),
    "cii": ("F2026-00001.xml", "application/xml"),
    "ubl": ("F2026-00001.xml", "application/xml"),
}
every_format = pytest.mark.parametrize("format", FORMATS)
FILE: dict[str, Any] = {"filename": "sheet.csv", "mime": "text/csv"}


def made(office: Office, format: str, document: Any) -> Rendering:
    found: Rendering = getattr(office.bob.invoices, format)(document)
    return found


@every_format
def test_an_issued_invoice_is_archived_once_and_always_the_same_bytes(
    office: Office, format: str
) -> None:
    issued = office.issued()
    first = made(office, format, issued)
    office.clock.advance(days=400)
    assert first == made(office, format, issued.id)
    assert FORMATS[format] == (first.name, first.media_type)
    assert hashlib.sha256(first.data).hexdigest() == first.sha256
    (entry,) = [entry for entry in office.journal() if entry.action == "render"]
    assert (format, first.sha256) == tuple(entry.changes[0].after[n] for n in ("format", "sha256"))
    assert terms(issued) == terms(read(first.data).document)
    assert office.verify()


def test_the_formats_of_one_invoice_stand_side_by_side(office: Office) -> None:
    issued = office.issued()
    assert made(office, "cii", issued).data == embedded(made(office, "facturx", issued).data)
    assert 4 == len({made(office, name, issued).sha256 for name in (*FORMATS, "pdf")})
    assert 4 == len([entry for entry in office.journal() if entry.action == "render"])


@every_format
def test_attached_files_are_part_of_it(office: Office, format: str) -> None:
    draft = office.ann.invoices.attach(office.draft(), b"day;hours", **FILE).document
    issued = office.bob.invoices.issue(
        office.bob.invoices.approve(office.ann.invoices.submit(draft))
    )
    found = read(made(office, format, issued).data)
    assert {hashlib.sha256(b"day;hours").hexdigest(): b"day;hours"} == found.files
    assert [attrs.evolve(item, id="a0001") for item in issued.attachments] == list(
        found.document.attachments
    )


@every_format
def test_a_missing_file_is_never_left_out_in_silence(office: Office, format: str) -> None:
    if not isinstance(office.storage, MemoryStorage):
        return
    draft = office.ann.invoices.attach(office.draft(), b"day;hours", **FILE).document
    storage: Any = office.storage
    del storage._tenants[office.tenant].blobs[blob_of(hashlib.sha256(b"day;hours").hexdigest())]
    with pytest.raises(Tampered):
        made(office, format, draft)


@every_format
def test_a_draft_is_a_preview_that_nobody_can_book(office: Office, format: str) -> None:
    draft = office.draft()
    preview = made(office, format, draft)
    ending = FORMATS[format][0].rpartition(".")[2]
    assert f"draft-{draft.id}.{ending}" == preview.name
    assert [] == [entry for entry in office.journal() if entry.action == "render"]
    if format == "facturx":
        with pikepdf.open(io.BytesIO(preview.data)) as pdf:
            assert [] == list(pdf.attachments)
        assert b"ConformanceLevel" not in preview.data
    else:
        assert b"<!-- A draft: it has no number and is no invoice. -->" in preview.data
        assert read(preview.data).document.number is None


@every_format
def test_what_a_format_cannot_say_is_found_before_the_issue(office: Office, format: str) -> None:
    tiny = Line(id="a", name="Pixel", quantity="1", unit_price="0.001", vat="20")
    draft = office.draft(lines=[tiny], currency="TND")
    plain = {finding.rule for finding in office.ann.invoices.preflight(draft)}
    found = office.ann.invoices.preflight(draft, format=format)
    assert "BR-DEC-18" in {finding.rule for finding in found} - plain
    assert sorted(f.severity for f in found) == [f.severity for f in found]
    if format != "facturx":
        with pytest.raises(PreflightFailed, match="BR-DEC-18"):
            made(office, format, draft)
    issued = office.issued(lines=[tiny], currency="TND")
    assert found
    assert () == office.ann.invoices.preflight(issued)
    assert {f.rule for f in office.ann.invoices.preflight(issued, format=format)} <= {
        f.rule for f in found
    }
    with pytest.raises(PreflightFailed, match="BR-DEC-18"):
        made(office, format, issued)
    assert [] == [entry for entry in office.journal() if entry.action == "render"]


def test_an_ordinary_draft_can_be_said_in_every_format(office: Office) -> None:
    draft = office.draft(lines=[LOGO])
    plain = office.ann.invoices.preflight(draft)
    for format in (*FORMATS, "pdf"):
        assert plain == office.ann.invoices.preflight(draft, format=format)


def test_an_unknown_format_is_named(office: Office) -> None:
    with pytest.raises(InvalidDefinition, match="one of pdf, facturx, cii, ubl"):
        office.ann.invoices.preflight(office.draft(), format="docx")


def test_a_credit_note_has_its_formats_and_an_offer_has_none(office: Office) -> None:
    credit = office.bob.invoices.credit(office.issued(), reason="cancelled")
    preview = office.bob.credit_notes.ubl(credit)
    assert b"<CreditNote " in preview.data
    assert b"CrossIndustryInvoice" in office.bob.credit_notes.cii(credit).data
    quote = office.ann.quotes.draft(seller="studio", buyer="acme", lines=[LOGO])
    with pytest.raises(PreflightFailed, match="BR-CL-01"):
        office.ann.quotes.ubl(quote)


def test_the_xml_is_what_the_writer_writes(office: Office) -> None:
    issued = office.issued()
    assert cii.write(issued) == made(office, "cii", issued).data
