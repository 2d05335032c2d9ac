"""What the strategies draw is the whole model: a property over documents leaves no field out."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import Phase, given, settings

from multibill.codec import WIRE
from multibill.documents import Line, Quote
from multibill.testing import strategies

GIVEN = {
    "version", "phase", "state", "number", "assignee", "seller_ref", "buyer_ref", "key",
    "base_currency", "custom", "template", "hidden", "settlement", "due",
    "mentions",
}  # fmt: skip
"""What the desk gives a record, and what follows from the rest."""


def fields(cls: Any) -> set[str]:
    return {attribute.name for attribute in attrs.fields(cls) if attribute.init}


@pytest.mark.slow
def test_every_field_of_a_document_and_its_lines_is_drawn() -> None:
    """Each of some hundred documents sets a few; together they leave none out."""
    seen: set[str] = set()
    seen_of_lines: set[str] = set()

    @settings(max_examples=800, derandomize=True, phases=[Phase.generate], database=None)
    @given(strategies.quotes())
    def look(document: Any) -> None:
        tree = WIRE.tree(document)
        seen.update(tree)
        for sold in tree.get("lines", {}).values():
            seen_of_lines.update(sold)

    look()
    assert fields(Quote) - GIVEN == seen - GIVEN
    assert fields(Line) - {"id"} == seen_of_lines
