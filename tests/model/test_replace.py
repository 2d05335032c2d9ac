"""Copying a frozen value without running its converters again."""

from __future__ import annotations

import pytest
from hypothesis import given

from multibill.documents import Document
from multibill.model import replaced
from multibill.model.terms import Term
from multibill.testing import strategies
from tests.documents.ordinary import invoice


@given(strategies.invoices())
def test_a_copy_is_equal_and_another_object(document: Document) -> None:
    copy = replaced(document)
    assert copy == document
    assert copy is not document


def test_only_what_was_named_changes_and_the_original_stays() -> None:
    document = invoice()
    copy = replaced(document, number="F1")
    assert (None, "F1") == (document.number, copy.number)
    assert document == replaced(copy, number=None)


def test_an_unknown_attribute_is_an_error() -> None:
    with pytest.raises(AttributeError):
        replaced(Term("BT-1"), nothing=1)
