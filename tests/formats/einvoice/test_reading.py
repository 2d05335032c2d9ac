"""Reading files from outside: every way to write XML, and every way to attack who reads it."""

from __future__ import annotations

import io
import re
import zlib
from hashlib import sha256
from typing import Any

import pikepdf
import pytest
from fpdf import FPDF

from multibill.documents import (
    Attachment,
    CreditTransfer,
    Document,
    Invoice,
    PaymentInstructions,
)
from multibill.errors import InvalidInput, InvalidValue, MissingExtra
from multibill.formats import cii, extras, reading, ubl
from multibill.formats.einvoice import read
from multibill.formats.facturx import FacturX
from multibill.formats.facturx.extraction import embedded
from multibill.formats.reading import DEPTH, parsed
from multibill.formats.terms import terms
from tests.documents.ordinary import everything, invoice, lawful, line, twenty_lines

SYNTAXES: dict[str, Any] = {"cii": cii.write, "ubl": ubl.write}
DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>'


@pytest.fixture(params=SYNTAXES)
def xml(request: pytest.FixtureRequest) -> bytes:
    """An invoice with everything, in one syntax."""
    data = SYNTAXES[request.param](document())
    assert isinstance(data, bytes)
    return data


def document() -> Document:
    return lawful(everything(Invoice)).evolve(attachments=())


def same(data: bytes) -> None:
    """Nothing was lost, nothing changed."""
    found = read(data)
    assert () == found.unmapped
    assert terms(document()) == terms(found.document)


def test_comments_and_instructions_say_nothing(xml: bytes) -> None:
    text = re.sub(rb">(?=[^<]+</)", b"><!-- here --><?and there?>", xml.removeprefix(DECLARATION))
    same(b"<!-- first -->" + text + b"<!-- last -->")


def test_texts_may_be_quoted_in_bulk(xml: bytes) -> None:
    same(re.sub(rb">([^<&]+)</", rb"><![CDATA[\1]]></", xml))


def test_indentation_says_nothing(xml: bytes) -> None:
    same(xml.replace(b"><", b">\r\n\t <").replace(b">\r\n\t </", b"></"))


def test_prefixes_are_anybodys_choice(xml: bytes) -> None:
    text = xml.decode()
    for number, prefix in enumerate(("rsm", "ram", "udt", "qdt", "cac", "cbc")):
        text = re.sub(rf"(<|</|xmlns:){prefix}(?=[:=])", rf"\1n{number}", text)
    same(text.encode())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig"])
def test_every_encoding_with_its_mark_is_read(xml: bytes, encoding: str) -> None:
    name = "UTF-8" if encoding == "utf-8-sig" else "UTF-16"
    text = xml.decode().replace('encoding="UTF-8"', f'encoding="{name}"')
    same((b"\xff\xfe" if encoding == "utf-16-le" else b"") + text.encode(encoding))


def test_latin_1_is_read(xml: bytes) -> None:
    text = xml.decode().replace('encoding="UTF-8"', 'encoding="ISO-8859-1"')
    same(text.encode("latin-1", errors="xmlcharrefreplace"))


def test_what_has_no_home_is_listed_with_its_place() -> None:
    data = ubl.write(invoice(number="F1")).replace(
        b"<cbc:ID>", b'<cbc:UUID at="x">42<b>7</b> tail</cbc:UUID><cbc:ID>', 1
    )
    found = {(lost.path, lost.text) for lost in read(data).unmapped}
    place = "/Invoice/cbc:UUID"
    assert {
        (place, "42"),
        (f"{place}/@at", "x"),
        (f"{place}/b", "7"),
        (f"{place}/b", "tail"),
    } == found


def test_what_no_field_can_hold_is_listed() -> None:
    data = cii.write(invoice()).replace(b">20261230<", b">20261399<")
    data = data.replace(b'unitCode="DAY"', b'unitCode="a day"')
    found = read(data)
    assert {("/lines/l1/unit", "a day"), ("/due_date", "2026-13-99")} == {
        (lost.path, lost.text) for lost in found.unmapped
    }
    assert ("C62", None) == (found.document.lines[0].unit, found.document.due_date)


def test_a_broken_attachment_is_listed() -> None:
    item = Attachment(
        id="a", reference="r", filename="a.csv", mime="text/csv", sha256=sha256(b"x").hexdigest()
    )
    data = cii.write(invoice(attachments=[item]), {str(item.sha256): b"x"})
    found = read(data.replace(b">eA==<", b">e*A==<"))
    assert {} == found.files
    assert "e*A==" in {lost.text for lost in found.unmapped}


@pytest.mark.parametrize(
    "missing", [b"cbc:RegistrationName", b"cbc:InvoiceTypeCode", b"cbc:PriceAmount"]
)
def test_what_a_document_cannot_do_without_is_said(missing: bytes) -> None:
    data = re.sub(rb"<%b.*?</%b>" % (missing, missing), b"", ubl.write(invoice()))
    with pytest.raises((InvalidInput, InvalidValue)):
        read(data)


BOMB = b"".join(
    b'<!ENTITY e%d "%b">' % (n, b"&e%d;" % (n - 1) * 10 if n else b"ha" * 10) for n in range(12)
)
HOSTILE = {
    "no bytes": b"",
    "no XML": b"{}",
    "another root": b"<Order xmlns='urn:oasis:names:specification:ubl:schema:xsd:Order-2'/>",
    "another namespace": b"<Invoice xmlns='urn:x'/>",
    "no namespace": b"<Invoice/>",
    "half a file": ubl.write(invoice())[:900],
    "an unknown encoding": b"<?xml version='1.0' encoding='x-none'?><a/>",
    "bytes that are not of the encoding": DECLARATION + b"<a>\xff</a>",
    "a zero byte": b"<a>\0</a>",
    "an entity bomb": b"<!DOCTYPE a [" + BOMB + b"]><a>&e11;</a>",
    "an entity bomb in an attribute": b"<!DOCTYPE a [" + BOMB + b"]><a b='&e11;'/>",
    "an external entity": b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
    "an external document type": b"<!DOCTYPE a SYSTEM 'http://127.0.0.1:9/a.dtd'><a/>",
    "a document type in UTF-16": '<!DOCTYPE a [<!ENTITY x "y">]><a/>'.encode("utf-16"),
    "a deep nest": b"<a>" * 100_000 + b"</a>" * 100_000,
    "too many tags": b"<a>" + b"<b/>" * 2_000_001 + b"</a>",
    "too large": b"<a>" + b" " * reading.LARGEST + b"</a>",
    "half a PDF": FacturX().render(invoice())[:5000],
    "no PDF at all": b"%PDF-1.7\n",
    "a PDF without invoice": bytes(FPDF().output()),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused(name: str) -> None:
    with pytest.raises(InvalidValue):
        read(HOSTILE[name])


def test_a_real_invoice_with_a_document_type_is_refused(xml: bytes) -> None:
    root = b"Invoice" if b"<Invoice " in xml else b"rsm:CrossIndustryInvoice"
    declared = xml.replace(DECLARATION, DECLARATION + b"<!DOCTYPE " + root + b">")
    with pytest.raises(InvalidValue, match="document type declaration"):
        read(declared)


def test_a_second_number_of_one_account_is_listed() -> None:
    transfer = CreditTransfer(account="FR7630006000011234567890189")
    data = cii.write(invoice(payment=PaymentInstructions(means="58", transfers=[transfer])))
    data = data.replace(
        b"</ram:IBANID>", b"</ram:IBANID><ram:ProprietaryID>44421800</ram:ProprietaryID>"
    )
    found = read(data)
    assert ["44421800"] == [lost.text for lost in found.unmapped]
    assert found.document.payment is not None
    assert [transfer.account] == [each.account for each in found.document.payment.transfers]


def test_elements_are_not_followed_for_ever() -> None:
    deep = b"<x>" * DEPTH + b"1" + b"</x>" * DEPTH
    data = ubl.write(invoice()).replace(b"<cbc:ID>", deep + b"<cbc:ID>", 1)
    with pytest.raises(InvalidValue, match="nested"):
        read(data)


def test_a_document_type_hides_in_no_encoding_of_a_large_file() -> None:
    """The parser's own limits are lifted for large files only where no document type can be."""
    padding = " " * reading.HUGE
    for encoding in ("utf-16", "utf-7", "utf-16-le"):
        text = f"<?xml version='1.0' encoding='{encoding}'?><!DOCTYPE a [{BOMB.decode()}]>"
        with pytest.raises(InvalidValue):
            parsed(f"{text}<a b='&e11;'>{padding}</a>".encode(encoding))


def test_an_attached_file_of_ten_megabytes_is_read() -> None:
    data = bytes(range(256)) * 40960
    item = Attachment(
        id="a", reference="r", filename="a.bin", mime="image/png", sha256=sha256(data).hexdigest()
    )
    found = read(cii.write(invoice(attachments=[item]), {str(item.sha256): data}))
    assert {item.sha256: data} == found.files


def with_files(**files: bytes) -> bytes:
    """A PDF that carries these."""
    page = FPDF()
    page.add_page()
    with pikepdf.open(io.BytesIO(bytes(page.output()))) as pdf:
        for number, (name, data) in enumerate(files.items()):
            file = name.replace("_", ".").replace("facturx", "factur-x")
            pdf.attachments[f"{number}"] = pikepdf.AttachedFileSpec(pdf, data, filename=file)
        found = io.BytesIO()
        pdf.save(found)
    return found.getvalue()


def test_the_invoice_in_a_pdf_is_found_by_its_name() -> None:
    xml = cii.write(invoice())
    assert xml == embedded(with_files(facturx_xml=xml, other_xml=b"<a/>"))


def test_two_invoices_in_a_pdf_are_refused() -> None:
    xml = cii.write(invoice())
    with pytest.raises(InvalidValue, match="more than one"):
        read(with_files(facturx_xml=xml, xrechnung_xml=xml))


def test_an_embedded_file_is_not_inflated_for_ever() -> None:
    small = with_files(facturx_xml=b"<a/>")
    with pikepdf.open(io.BytesIO(small)) as pdf:
        (spec,) = pdf.attachments.values()
        stream = spec.obj.EF.F
        stream.write(zlib.compress(b" " * 5_000_000, 9), filter=pikepdf.Name.FlateDecode)
        if "/UF" in spec.obj.EF:
            spec.obj.EF.UF = stream
        found = io.BytesIO()
        pdf.save(found, compress_streams=False)
    assert 100_000 > len(found.getvalue())
    with pytest.raises(InvalidValue, match="larger than"):
        embedded(found.getvalue(), 1_000_000)
    assert 5_000_000 == len(embedded(found.getvalue()))


def test_an_encrypted_pdf_is_refused() -> None:
    with pikepdf.open(io.BytesIO(with_files(facturx_xml=b"<a/>"))) as pdf:
        found = io.BytesIO()
        pdf.save(found, encryption=pikepdf.Encryption(owner="x", user="y"))
    with pytest.raises(InvalidValue, match="cannot be read"):
        read(found.getvalue())


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda _: None)
    with pytest.raises(MissingExtra, match=r"pip install 'multibill\[einvoice\]'"):
        read(cii.write(invoice()))


def test_lines_of_others_keep_their_ids() -> None:
    names = ["Zeitschrift [...]", "10", "ünit/1"]
    data = ubl.write(invoice(lines=[line(f"l{n}", order=order) for n, order in enumerate("bcd")]))
    for n, name in enumerate(names):
        data = data.replace(b">l%d<" % n, f">{name}<".encode())
    found = read(data)
    assert () == found.unmapped
    assert names == [said["BT-126"] for said in terms(found.document)["lines"]]
    assert names == re.findall(
        "<cbc:ID>([^<]*)</cbc:ID><cbc:Invoiced", ubl.write(found.document).decode()
    )


def test_both_syntaxes_of_one_document_read_to_the_same() -> None:
    one, other = (read(write(twenty_lines())).document for write in SYNTAXES.values())
    assert one == other
