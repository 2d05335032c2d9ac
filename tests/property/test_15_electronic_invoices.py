"""Invariant 15: a written invoice passes the official rules of its format; read back, it is the same value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
import pytest
from hypothesis import given, settings, strategies as st

from multibill.documents import Document, Invoice
from multibill.documents.complete import completed
from multibill.errors import PreflightFailed
from multibill.formats import cii, ubl
from multibill.formats.einvoice import read
from multibill.formats.official import Validator
from multibill.formats.preflight import unsaid
from multibill.formats.terms import terms
from multibill.parties import Identifier
from multibill.testing import strategies
from multibill.testing.strategies import ACME, ACME_ABROAD, STUDIO
from tests.documents.ordinary import ON

SYNTAXES: dict[str, Any] = {"cii": cii.write, "ubl": ubl.write}


@pytest.mark.parametrize("syntax", SYNTAXES)
@given(document=strategies.invoices() | strategies.credit_notes())
def test_whatever_is_drawn_survives_or_is_refused_with_reasons(
    syntax: str, document: Document
) -> None:
    findings = unsaid(document, terms(document), syntax)
    if findings:
        with pytest.raises(PreflightFailed) as refused:
            SYNTAXES[syntax](document)
        assert findings == refused.value.findings
    else:
        found = read(SYNTAXES[syntax](document))
        assert () == found.unmapped
        assert terms(document) == terms(found.document)


@pytest.fixture(scope="module")
def official() -> Iterator[Validator]:
    with Validator() as validator:
        yield validator


def reached(document: Invoice, buyer: Any) -> Invoice:
    """The invoice to a professional, with the addresses and the billing mode that French platforms ask for."""
    seller = attrs.evolve(STUDIO, endpoint=Identifier("123456782", "0225"))
    buyer = attrs.evolve(buyer, endpoint=Identifier("987654324", "0225"))
    changed = document.evolve(seller=seller, buyer=buyer, process="S1", number="F2026-00001")
    return completed(changed, document.issue_date or ON)


@pytest.mark.slow
@pytest.mark.parametrize("syntax", SYNTAXES)
def test_what_can_be_issued_passes_the_official_rules(syntax: str, official: Validator) -> None:
    @settings(max_examples=200)
    @given(strategies.issuable(), st.sampled_from([ACME, ACME_ABROAD]))
    def passes(document: Invoice, buyer: Any) -> None:
        invoice = reached(document, buyer)
        if not unsaid(invoice, terms(invoice), syntax):
            verdict = official.check(SYNTAXES[syntax](invoice))
            assert "valid" == verdict.outcome, str(verdict)

    passes()
