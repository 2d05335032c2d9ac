"""The hybrid file: what PDF/A-3 and Factur-X want of it, the same bytes every time, with the very XML inside."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys

import pikepdf
import pytest

from multibill.documents import Attachment, Brand, Document
from multibill.errors import PreflightFailed
from multibill.formats import cii
from multibill.formats.facturx import FacturX
from multibill.formats.facturx.extraction import embedded
from tests.documents.ordinary import ON, credit_note, invoice, line
from tests.formats.pdf.samples import picture

FX = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
LOGO = picture(60, 20)
FILE = b"day;hours"
FILES = {hashlib.sha256(data).hexdigest(): data for data in (LOGO, FILE)}
SHEET = Attachment(
    id="a",
    reference="TS",
    filename="ts.csv",
    mime="text/csv",
    sha256=hashlib.sha256(FILE).hexdigest(),
)
SAMPLES: dict[str, Document] = {
    "plain": invoice(number="F1", phase="issued"),
    "credit note": credit_note(number="A1", phase="issued"),
    "with logo and file": invoice(
        number="F2",
        phase="issued",
        brand=Brand(template="b", logo=hashlib.sha256(LOGO).hexdigest()),
        attachments=[SHEET],
    ),
    "Greek and Polish": invoice(number="F3", phase="issued", lines=[line(name="Λογότυπο, żółć")]),
}
every_sample = pytest.mark.parametrize("name", SAMPLES)


@every_sample
def test_the_xml_inside_is_the_one_that_is_written(name: str) -> None:
    document = SAMPLES[name]
    assert cii.write(document, FILES) == embedded(FacturX().render(document, FILES))


@every_sample
def test_the_file_is_associated_and_described(name: str) -> None:
    with pikepdf.open(io.BytesIO(FacturX().render(SAMPLES[name], FILES))) as pdf:
        assert ["factur-x.xml"] == [spec.filename for spec in pdf.attachments.values()]
        (spec,) = pdf.Root.AF
        assert ("/Alternative", "factur-x.xml") == (str(spec.AFRelationship), str(spec.UF))
        assert "/text/xml" == str(spec.EF.F.Subtype)
        with pdf.open_metadata() as metadata:
            assert ("3", "B") == (metadata["pdfaid:part"], metadata["pdfaid:conformance"])
            said = [metadata[f"{{{FX}}}{key}"] for key in ("DocumentFileName", "DocumentType")]
            said += [metadata[f"{{{FX}}}{key}"] for key in ("Version", "ConformanceLevel")]
    assert ["factur-x.xml", "INVOICE", "1.0", "EN 16931"] == said


PROGRAM = """
import hashlib
from multibill.formats.facturx import FacturX
from tests.formats.einvoice.test_facturx import FILES, SAMPLES
for document in SAMPLES.values():
    print(hashlib.sha256(FacturX().render(document, FILES)).hexdigest())
"""


@pytest.mark.parametrize("seed", ["1", "2"])
def test_every_process_makes_the_same_bytes(seed: str) -> None:
    import os

    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Pacific/Apia", "LC_ALL": "C"}
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, check=True
    )
    here = [FacturX().render(each, FILES) for each in SAMPLES.values()]
    assert [hashlib.sha256(data).hexdigest() for data in here] == done.stdout.decode().split()


def test_a_draft_carries_nothing_to_book() -> None:
    data = FacturX().render(invoice())
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert 0 == len(pdf.attachments)
    assert FX.encode() not in data


def test_what_the_xml_cannot_say_is_found_first() -> None:
    tiny = invoice(
        number="F1", issue_date=ON, phase="issued", currency="TND", lines=[line(unit_price="0.001")]
    )
    assert FacturX().findings(tiny)
    with pytest.raises(PreflightFailed):
        FacturX().render(tiny)
