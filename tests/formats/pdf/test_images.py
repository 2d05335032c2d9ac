"""The logo and the payment code: what is drawn, what is left out, what a bank's application reads."""

from __future__ import annotations

import hashlib
import re
from decimal import Decimal
from io import BytesIO
from typing import Any

import attrs
import pytest
import segno
from hypothesis import given, settings, strategies as st
from PIL import Image

from multibill.documents import Brand, CreditTransfer, Document, Payee, PaymentInstructions, Quote
from multibill.formats.pdf import PdfRenderer, images
from multibill.formats.pdf.images import DENSITY, logo, payment_code, transfer
from multibill.formats.pdf.layout import laid_out
from multibill.formats.pdf.style import CODE, LOGO
from multibill.money import Money
from tests.formats.pdf.reading import objects
from tests.formats.pdf.samples import credit_note, draft, invoice, line, picture

IBAN = "FR7630006000011234567890189"
FILES = {
    "png with alpha": picture(300, 100),
    "png": picture(300, 100, (31, 120, 90)),
    "grey png": picture(300, 100, (31,)),
    "jpeg": picture(300, 100, (31, 120, 90), "JPEG"),
    "grey jpeg": picture(300, 100, (31,), "JPEG"),
    "one pixel": picture(1, 1),
    "thin": picture(2000, 1),
}
BROKEN = {
    "nothing": b"",
    "text": b"no image",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "gif": picture(10, 10, (1, 2, 3), "GIF"),
    "half a png": FILES["png"][: len(FILES["png"]) // 2],
    "half a jpeg": FILES["jpeg"][:200],
    "png without pixels": FILES["png"][:40],
    "a wrong checksum": FILES["png"].replace(b"IHDR", b"IHDX"),
}


def branded(data: bytes, **given: Any) -> tuple[Document, dict[str, bytes]]:
    """An invoice with this logo, and the images that its rendering gets."""
    name = hashlib.sha256(data).hexdigest()
    return invoice(brand=Brand(template="b", logo=name), **given), {name: data}


def drawn(pdf: bytes) -> list[bytes]:
    """The pictures in a file, without their masks."""
    found = [body for body in objects(pdf).values() if b"/Subtype /Image" in body]
    masks = {int(n) for body in found for n in re.findall(rb"/SMask (\d+) 0 R", body)}
    return [b for n, b in objects(pdf).items() if b"/Subtype /Image" in b and n not in masks]


@pytest.mark.parametrize("data", FILES.values(), ids=FILES.keys())
def test_a_logo_is_drawn_within_its_frame_and_keeps_its_shape(data: bytes) -> None:
    document, known = branded(data)
    read = logo(data)
    assert read
    assert read.w <= LOGO[0] + 1e-9
    assert read.h <= LOGO[1] + 1e-9
    with Image.open(BytesIO(data)) as original:
        assert read.w / read.h == pytest.approx(original.width / original.height)
    pdf = PdfRenderer().render(document, known)
    assert 1 == len(drawn(pdf))
    assert pdf == PdfRenderer().render(document, known)
    assert not re.search(rb"/DeviceCMYK|/Indexed", pdf)


def test_what_shows_through_stays_so_and_what_does_not_needs_no_mask() -> None:
    for data, masks in ((picture(9, 9), 1), (picture(9, 9, (1, 2, 3, 255)), 0)):
        document, known = branded(data)
        assert masks == PdfRenderer().render(document, known).count(b"/SMask")


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN.keys())
def test_a_logo_that_cannot_be_read_is_left_out(data: bytes) -> None:
    """What the law wants is in the text: an issued invoice comes out whatever became of a picture."""
    document, known = branded(data)
    assert logo(data) is None
    assert PdfRenderer().render(document) == PdfRenderer().render(document, known)


@settings(max_examples=60)
@given(st.sampled_from(["png", "jpeg"]), st.integers(0, 400), st.binary(max_size=8))
def test_a_damaged_logo_breaks_nothing(name: str, place: int, junk: bytes) -> None:
    data = FILES[name]
    document, known = branded(data[:place] + junk + data[place + len(junk) :])
    assert PdfRenderer().render(document, known).startswith(b"%PDF-")


def test_a_missing_logo_is_left_out_and_another_ones_bytes_are_not_taken() -> None:
    document, _ = branded(FILES["png"])
    other = {hashlib.sha256(FILES["jpeg"]).hexdigest(): FILES["jpeg"]}
    assert (
        [] == drawn(PdfRenderer().render(document)) == drawn(PdfRenderer().render(document, other))
    )
    assert [] == drawn(PdfRenderer().render(invoice(), other))


def test_a_logo_larger_than_print_needs_is_made_smaller() -> None:
    read = logo(picture(6000, 1500))
    assert read
    assert read.pixels["w"] <= LOGO[0] * DENSITY
    document, known = branded(picture(6000, 1500))
    assert len(PdfRenderer().render(document, known)) < 60_000


def test_a_bomb_is_no_logo(monkeypatch: pytest.MonkeyPatch) -> None:
    logo.cache_clear()
    monkeypatch.setattr(images, "LARGEST", 30_000)
    assert logo(picture(300, 100, (1,))) is not None
    assert logo(picture(300, 101, (1,))) is None
    logo.cache_clear()


def paid_by(account: str = IBAN, **given: Any) -> PaymentInstructions:
    said = {"holder": "Studio Été SARL", "bic": "AGRIFRPP", **given}
    return PaymentInstructions(transfers=[CreditTransfer(id="a", account=account, **said)])


def payload(document: Document) -> list[str]:
    """The lines that the code of a document holds."""
    said = transfer(document)
    assert said
    return said.decode().split("\n")


def test_the_code_holds_a_transfer_as_the_european_payments_council_writes_it() -> None:
    """EPC069-12: service tag, version, UTF-8, SCT, BIC, name, IBAN, amount, purpose, reference, text."""
    document = invoice(payment=paid_by(), lines=(line(unit_price="450.10"),))
    assert [
        "BCD", "002", "1", "SCT", "AGRIFRPP", "Studio Été SARL", IBAN, "EUR1620.36", "", "",
        "F2026-00001",
    ] == payload(document)  # fmt: skip


def test_the_code_says_what_to_quote_and_pays_the_payee() -> None:
    payment = attrs.evolve(paid_by(holder=None, bic=None), remittance="Quote\nthis")
    document = invoice(payment=payment, payee=Payee(name="Factor SA"))
    said = payload(document)
    assert ("", "Factor SA", "Quote this") == (said[4], said[5], said[10])


def test_only_an_issued_invoice_in_euros_with_something_due_and_an_iban_has_a_code() -> None:
    due = invoice(payment=paid_by())
    without = {
        "credit note": credit_note(payment=paid_by()),
        "quote": invoice(Quote, type_code="310", payment=paid_by()),
        "draft": draft(payment=paid_by()),
        "dollars": invoice(payment=paid_by(), currency="USD"),
        "paid": invoice(payment=paid_by(), prepaid="1620"),
        "overpaid": invoice(payment=paid_by(), prepaid="1700"),
        "no payment": invoice(),
        "no account": invoice(payment=PaymentInstructions(means="48")),
        "another account": invoice(payment=paid_by("12345678")),
        "wrong digits": invoice(payment=paid_by(IBAN[:-1] + "0")),
        "more than a code may hold": invoice(payment=paid_by(holder="Ω" * 70), number="Ж" * 140),
    }
    assert payment_code(due)
    assert "" == payload(invoice(payment=paid_by(bic="ABC")))[4]
    assert {} == {name: one for name, one in without.items() if payment_code(one)}


def test_the_code_is_the_one_of_level_m_that_a_reader_expects() -> None:
    """Against segno itself, which tests its codes with readers: same text, same level, same mask."""
    document = invoice(payment=paid_by())
    expected = segno.make_qr(transfer(document) or "", error="m", boost_error=False, mask=2)
    assert "M" == expected.error
    assert int(expected.version) <= 13
    assert [[bool(cell) for cell in row] for row in expected.matrix] == [
        [*row] for row in payment_code(document) or ()
    ]


def test_what_is_due_rules_not_a_sum() -> None:
    right = invoice(payment=paid_by())
    wrong = attrs.evolve(right, totals=attrs.evolve(right.totals, payable=Money("1.23", "EUR")))
    assert "EUR1.23" == payload(wrong)[7]
    assert Decimal(1620) == right.totals.payable.amount


def test_the_code_is_drawn_as_squares_of_one_size_in_ink() -> None:
    """Read back from the page: the rectangles cover exactly the dark modules."""
    document = invoice(payment=paid_by())
    (code,) = laid_out(document).pictures
    assert (CODE, CODE) == (code.w, code.h)
    modules = payment_code(document)
    assert modules
    side = CODE / len(modules)
    dark = {(row, at) for row, cells in enumerate(modules) for at, on in enumerate(cells) if on}
    assert dark == squares(PdfRenderer().render(document), code.x, code.y, side, len(modules))


def squares(pdf: bytes, x: float, y: float, side: float, count: int) -> set[tuple[int, int]]:
    """The modules that small rectangles of a page cover."""
    from multibill.formats.pdf.faces import MM
    from multibill.formats.pdf.style import HEIGHT
    from tests.formats.pdf.reading import pages, reference, stream

    known = objects(pdf)
    content = stream(known[reference(known[pages(pdf)[0]], b"Contents")])
    found = set()
    for match in re.finditer(rb"([\d.]+) ([\d.]+) ([\d.]+) (-?[\d.]+) re f", content):
        left, top, w, h = (float(part) * MM for part in match.groups())
        if abs(abs(h) - side) < 0.05 and left > x - 0.1:
            row, start = round((HEIGHT - top - y) / side), round((left - x) / side)
            found |= {(row, start + step) for step in range(round(w / side))}
    assert {row for row, _ in found} <= set(range(count))
    return found
