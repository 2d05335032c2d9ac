"""What is written in a syntax is read back as the same value, and nothing of it is without a home (invariant 15)."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import attrs
import pytest
from hypothesis import given, settings

from multibill.documents import CreditNote, Document, Invoice
from multibill.formats import cii, ubl
from multibill.formats.einvoice import read
from multibill.formats.facturx import FacturX
from multibill.formats.terms import terms
from multibill.testing import strategies
from tests.documents.ordinary import everything, invoice, lawful

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
def test_whatever_is_drawn_survives(syntax: str) -> None:
    @settings(max_examples=60)
    @given(strategies.invoices() | strategies.credit_notes())
    def survives(document: Document) -> None:
        found = read(SYNTAXES[syntax](document))
        assert terms(document) == terms(found.document)

    survives()


def test_the_xml_in_a_factur_x_is_the_one_that_is_written() -> None:
    document = attrs.evolve(invoice(), number="F2026-00001")
    data = FacturX().render(document)
    assert data == FacturX().render(document)
    assert terms(document) == terms(read(data).document)


FILES = {sha256(b"day;hours").hexdigest(): b"day;hours"}


def with_file(document: Document) -> Document:
    (digest,) = FILES
    files = tuple(attrs.evolve(item, sha256=digest) for item in document.attachments)
    return document.evolve(attachments=files)
