"""The reference of business terms says what the tables say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.terms_page import page

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "terms.md"


def test_the_page_is_what_the_tables_make(request: pytest.FixtureRequest) -> None:
    """After a change, ``--update-golden`` writes it anew."""
    if request.config.getoption("--update-golden"):
        PAGE.write_text(page(), "utf-8")
    assert PAGE.read_text("utf-8") == page()


def test_every_term_has_both_places() -> None:
    assert [] == re.findall(r"^\| BT.*``.*$", page(), re.MULTILINE)
