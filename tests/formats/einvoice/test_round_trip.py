"""What is written in a syntax is read back as the same value, and nothing of it is without a home (invariant 15)."""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256
from typing import Any

import attrs
import pytest

from multibill.documents import Allowance, CreditNote, Document, DocumentAllowance, Invoice
from multibill.formats import cii, ubl
from multibill.formats.einvoice import read
from multibill.formats.facturx import FacturX
from multibill.formats.terms import terms
from multibill.parties import Identifier
from tests.documents.ordinary import DUE, credit_note, everything, invoice, lawful, line

SYNTAXES: dict[str, Any] = {"cii": cii.write, "ubl": ubl.write}


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("cls", [Invoice, CreditNote])
def test_a_document_with_everything_survives(syntax: str, cls: type[Document]) -> None:
    document = with_file(lawful(everything(cls)))
    found = read(SYNTAXES[syntax](document, FILES))
    assert () == found.unmapped
    assert FILES == found.files
    assert terms(document) == terms(found.document)


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_due_date_of_a_credit_note_needs_no_payment_instructions(syntax: str) -> None:
    found = read(SYNTAXES[syntax](credit_note(due_date=DUE, payment=None)))
    assert (DUE, None) == (found.document.due_date, found.document.payment)


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_texts_of_markup_survive(syntax: str) -> None:
    name = "<a href=\"x\">R&D</a> ]]> 'q'\t\u00a0\u2028 end\r\n2"
    document = invoice(lines=[line(name=name, object_id=Identifier("1 & 2", "AWV"))])
    (found,) = read(SYNTAXES[syntax](document)).document.lines
    assert (document.lines[0].name, Identifier("1 & 2", "AWV")) == (found.name, found.object_id)


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_prices_with_vat_are_written_without_it(syntax: str) -> None:
    gross = line(
        unit_price="12",
        gross_price="18",
        price_discount="6",
        quantity=2,
        allowances=[Allowance(id="a", percent="10", base="24", reason="x")],
    )
    document = invoice(
        lines=[gross],
        rounding="included",
        allowances=[DocumentAllowance(id="b", percent="5", base="12", vat="20", reason="x")],
    )
    found = read(SYNTAXES[syntax](document)).document
    (one,), (own,) = found.lines, terms(found)["lines"]
    assert ("10", "15", "5") == (own["BT-146"], own["BT-148"], own["BT-147"])
    assert Decimal(20) == one.allowances[0].base
    assert Decimal(10) == found.allowances[0].base
    assert document.totals == attrs.evolve(found.totals, amounts=document.totals.amounts)
    assert one.net == 2 * one.unit_price - Decimal(own["allowances"][0]["BT-136"])


def test_the_xml_in_a_factur_x_is_the_one_that_is_written() -> None:
    document = attrs.evolve(invoice(), number="F2026-00001", phase="issued")
    data = FacturX().render(document)
    assert data == FacturX().render(document)
    assert terms(document) == terms(read(data).document)


FILES = {sha256(b"day;hours").hexdigest(): b"day;hours"}


def with_file(document: Document) -> Document:
    (digest,) = FILES
    files = tuple(attrs.evolve(item, sha256=digest) for item in document.attachments)
    return document.evolve(attachments=files)
