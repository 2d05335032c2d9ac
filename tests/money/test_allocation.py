"""Splitting an amount: the parts sum to it, each within one minor unit of its exact share (invariant 1)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, strategies as st

from multibill.errors import InvalidValue
from multibill.money import Money, allocate
from multibill.testing import strategies

WEIGHTS = st.lists(
    st.integers(0, 10**6) | strategies.decimals(0, 1000, 6), min_size=1, max_size=12
).filter(any)


@given(strategies.money(), WEIGHTS)
def test_invariant_1_allocation_loses_no_cent(amount: Money, weights: list[Any]) -> None:
    parts = allocate(amount, weights)
    assert len(weights) == len(parts)
    assert amount.minor == sum(part.minor for part in parts)
    assert {amount.currency} == {part.currency for part in parts}


@given(strategies.money(), WEIGHTS)
def test_invariant_1_each_part_is_within_one_minor_unit_of_its_share(
    amount: Money, weights: list[Any]
) -> None:
    whole = sum(map(Fraction, weights))
    for part, weight in zip(allocate(amount, weights), weights, strict=True):
        assert abs(part.minor - amount.minor * Fraction(weight) / whole) < 1


@given(strategies.money(), WEIGHTS)
def test_a_negative_amount_is_split_like_its_opposite(amount: Money, weights: list[Any]) -> None:
    assert [-part for part in allocate(amount, weights)] == allocate(-amount, weights)


@given(strategies.money("EUR"), WEIGHTS)
def test_no_part_has_another_sign_and_no_weight_gets_nothing_for_nothing(
    amount: Money, weights: list[Any]
) -> None:
    for part, weight in zip(allocate(amount, weights), weights, strict=True):
        assert part.minor * amount.minor >= 0
        assert weight or not part


def test_the_cents_left_go_to_the_largest_remainders_and_the_earlier_among_equals() -> None:
    parts = allocate(Money("0.05", "EUR"), [Decimal("0.3"), Decimal("0.4"), Decimal("0.3")])
    assert [2, 2, 1] == [part.minor for part in parts]
    assert [34, 33, 33] == [part.minor for part in allocate(Money("1.00", "EUR"), [1, 1, 1])]


def test_a_currency_without_minor_unit_is_split_in_whole_units() -> None:
    assert [Money(34, "JPY"), Money(33, "JPY"), Money(33, "JPY")] == allocate(
        Money(100, "JPY"), [1, 1, 1]
    )


@pytest.mark.parametrize(
    "weights", [[], [0], [0, Decimal(0)], [-1, 2], [Decimal("NaN")], [Decimal("Infinity"), 1]]
)
def test_weights_that_share_nothing_out_are_refused(weights: list[Any]) -> None:
    with pytest.raises(InvalidValue, match="weights"):
        allocate(Money("1.00", "EUR"), weights)
