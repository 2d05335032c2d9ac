"""Rounding: half away from zero, to the currency's own minor unit, whatever context the host has set."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given

from multibill.money import exponent, half_up
from multibill.testing import strategies

EXACT = strategies.decimals(-(10**9), 10**9, 6)


@pytest.mark.parametrize(
    ("amount", "code", "expected"),
    [
        ("0.005", "EUR", "0.01"),
        ("-0.005", "EUR", "-0.01"),
        ("0.0049", "EUR", "0.00"),
        ("2.345", "EUR", "2.35"),
        ("-2.345", "EUR", "-2.35"),
        ("2.5", "JPY", "3"),
        ("-2.5", "JPY", "-3"),
        ("0.5", "JPY", "1"),
        ("1.0005", "TND", "1.001"),
        ("-1.0005", "TND", "-1.001"),
        ("1.00005", "UYW", "1.0001"),
        ("7", "EUR", "7.00"),
    ],
)
def test_halves_go_away_from_zero(amount: str, code: str, expected: str) -> None:
    assert expected == str(half_up(Decimal(amount), code))


@given(EXACT, strategies.currencies())
def test_the_result_is_the_nearest_minor_unit(amount: Decimal, code: str) -> None:
    scale = 10 ** exponent(code)
    off = abs(Fraction(half_up(amount, code)) - Fraction(amount)) * scale
    assert off <= Fraction(1, 2)
    if off == Fraction(1, 2):
        assert abs(half_up(amount, code)) > abs(amount)


@given(EXACT, strategies.currencies())
def test_rounding_is_symmetric_and_done_once(amount: Decimal, code: str) -> None:
    rounded = half_up(amount, code)
    assert -rounded == half_up(-amount, code)
    assert rounded == half_up(rounded, code)


def test_the_hosts_own_rounding_mode_changes_nothing() -> None:
    with localcontext() as context:
        context.prec, context.rounding = 3, ROUND_DOWN
        assert "1234567.89" == str(half_up(Decimal("1234567.885"), "EUR"))
