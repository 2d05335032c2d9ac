"""What is written passes the official rules (invariant 15): a matrix of lawful documents, in both syntaxes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from multibill.documents.checks import check
from multibill.formats import cii, ubl
from multibill.formats.einvoice import read
from multibill.formats.official import Validator
from multibill.formats.terms import terms
from tests.documents.ordinary import ON
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
