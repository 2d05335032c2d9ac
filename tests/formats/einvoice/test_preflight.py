"""What a syntax cannot say is found before anything is written, with its rule and its place."""

from __future__ import annotations

from typing import Any

import pytest

from multibill.documents import Allowance, Document, Note, Quote
from multibill.errors import PreflightFailed
from multibill.formats import cii, ubl
from multibill.formats.preflight import unsaid
from multibill.formats.terms import terms
from multibill.parties import Party
from tests.documents.ordinary import ON, invoice, line

SYNTAXES: dict[str, Any] = {"cii": cii.write, "ubl": ubl.write}


def found(document: Document, syntax: str) -> set[tuple[str, str]]:
    """Rules and places, the same from the preflight and from the refused writer."""
    findings = unsaid(document, terms(document), syntax)
    if findings:
        with pytest.raises(PreflightFailed) as refused:
            SYNTAXES[syntax](document)
        assert findings == refused.value.findings
    else:
        assert SYNTAXES[syntax](document)
    return {(finding.rule, finding.path) for finding in findings}


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_an_ordinary_invoice_can_be_said(syntax: str) -> None:
    assert set() == found(invoice(), syntax)


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_an_offer_is_no_electronic_invoice(syntax: str) -> None:
    quote = Quote(id="q", seller=Party("Studio"), buyer=Party("Acme"))
    assert {("BR-CL-01", "/type_code")} == found(quote, syntax)


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_amounts_have_two_decimals_whatever_the_currency(syntax: str) -> None:
    assert set() == found(invoice(currency="TND"), syntax)
    broken = invoice(currency="TND", lines=[line(unit_price="0.001", quantity=1)])
    rules = {rule for rule, _ in found(broken, syntax)}
    assert {"BR-DEC-09", "BR-DEC-12", "BR-DEC-14", "BR-DEC-18", "BR-DEC-19", "BR-DEC-23"} == rules


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_base_has_two_decimals(syntax: str) -> None:
    allowance = Allowance(id="a", percent="1", base="10.005", reason="x")
    document = invoice(lines=[line(allowances=[allowance])])
    assert {("BR-DEC-25", "/lines/l1/allowances")} == found(document, syntax)


def test_cii_says_the_tax_point_in_the_breakdown() -> None:
    document = invoice(lines=[], tax_point_date=ON)
    assert {("BR-CO-18", "/totals/breakdown")} == found(document, "cii")
    assert set() == found(document, "ubl")


def test_ubl_says_the_subject_of_a_note_in_its_text() -> None:
    assert set() == found(invoice(notes=[Note(text="#ABC# x", subject="AAI")]), "ubl")
    document = invoice(notes=[Note(text="#ABC# x")])
    assert {("MB-UBL-NOTE", "/notes")} == found(document, "ubl")
    assert set() == found(document, "cii")


def test_ubl_has_a_word_for_no_order() -> None:
    document = invoice(purchase_order="NA", sales_order="SO-1")
    assert {("MB-UBL-ORDER", "/purchase_order")} == found(document, "ubl")
    assert set() == found(document, "cii")
