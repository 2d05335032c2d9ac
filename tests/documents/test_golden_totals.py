"""Golden totals: real invoices with the totals they state, bugs that other systems had, cases worked out by hand.

The code makes none of these files and `--update-golden` rewrites none: what is expected comes from each case's source.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.documents.golden_totals import case_input, cases, differences, engine
from tests.documents.reckoning import reckoned

CASES = cases()
every_case = pytest.mark.parametrize("name", CASES)


@every_case
def test_totals_are_what_the_source_says(name: str) -> None:
    assert {} == differences(CASES[name], engine)


@every_case
def test_whole_numbers_alone_come_to_the_same(name: str) -> None:
    """The second method, which the properties compare with, is itself held to the sources."""
    assert {} == differences(CASES[name], reckoned)


def test_every_rule_and_every_kind_of_figure_has_its_cases() -> None:
    bases = [case_input(case)[2] for case in CASES.values()]
    assert {"currency", "precise", "included"} == {basis.rule for basis in bases}
    said = {name for case in CASES.values() for name in case["input"]}
    assert said == {
        "currency", "rounding", "lines", "allowances", "charges", "prepaid", "rounding_amount",
        "cash_unit", "tax_currency", "exchange", "vat_adjustments",
    }  # fmt: skip
    assert len(CASES) >= 150


def test_every_case_names_its_source_and_states_what_is_to_pay() -> None:
    poor = [
        name
        for name, case in CASES.items()
        if len(case["source"]) < 15 or "payable" not in case["expected"]
    ]
    assert [] == poor


@pytest.mark.parametrize("figure", ["net", "vat", "gross", "payable", "rows", "nets"])
def test_a_case_fails_by_each_figure_that_is_off(figure: str) -> None:
    case = CASES["odoo-265433-yen-halves-currency"]
    wanted: dict[str, Any] = {"rows": {"S-10": ["202", "20"]}, **case["expected"]}
    other: dict[str, Any] = {"rows": {"S-10": ["202", "21"]}, "nets": {"1": "100"}}
    wrong = {**case, "expected": {**wanted, figure: other.get(figure, "1")}}
    assert {figure} == differences(wrong).keys()
