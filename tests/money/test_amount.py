"""Money: exact in one currency, refuses to mix or to lose a digit, and is what storage can hold."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given, strategies as st

from multibill.errors import InvalidValue
from multibill.money import Money, exponent
from multibill.money.amount import total
from multibill.testing import strategies

BIGINT = 2**63
SMALL = st.integers(-(10**12), 10**12)


def euros(cents: int) -> Money:
    return Money.from_minor(cents, "EUR")


def test_an_amount_has_its_currencys_own_places() -> None:
    assert "10.50 EUR" == str(Money("10.5", "EUR"))
    assert "Money('7', 'JPY')" == repr(Money(7, "JPY"))
    assert "Money('1.500', 'TND')" == repr(Money("1.5", "TND"))


def test_more_places_are_refused_with_the_way_to_round() -> None:
    with pytest.raises(InvalidValue, match=r"Money\.rounded\('1\.005', 'EUR'\)"):
        Money("1.005", "EUR")
    assert Money("1.01", "EUR") == Money.rounded("1.005", "EUR")
    assert Money("-1.01", "EUR") == Money.rounded("-1.005", "EUR")


@given(strategies.money())
def test_minor_units_are_whole_fit_a_bigint_and_come_back(money: Money) -> None:
    assert -BIGINT <= money.minor < BIGINT
    assert money == Money.from_minor(money.minor, money.currency)


@pytest.mark.parametrize("code", ["JPY", "EUR", "TND", "UYW"])
def test_what_a_bigint_could_not_hold_is_refused(code: str) -> None:
    places = exponent(code)
    largest = Decimal(10) ** (18 - max(places, 3)) - Decimal(1).scaleb(-places)
    assert Money(largest, code).minor < BIGINT
    for amount in (largest + Decimal(1).scaleb(-places), -largest - 1):
        with pytest.raises(InvalidValue):
            Money(amount, code)


@given(SMALL, SMALL)
def test_adding_and_subtracting_is_integer_arithmetic(one: int, other: int) -> None:
    assert one + other == (euros(one) + euros(other)).minor
    assert one - other == (euros(one) - euros(other)).minor
    assert -one == (-euros(one)).minor
    assert abs(one) == abs(euros(one)).minor
    assert (one < other) == (euros(one) < euros(other))
    assert (one >= other) == (euros(one) >= euros(other))
    assert bool(one) == bool(euros(one))


@given(SMALL, SMALL, st.integers(1, 12))
def test_the_hosts_own_decimal_precision_loses_no_digit(
    one: int, other: int, precision: int
) -> None:
    money, second = euros(one), euros(other)
    expected = money + second, money - second, -money, abs(money), money * 3, euros(one)
    with localcontext() as context:
        context.prec = precision
        again = money + second, money - second, -money, abs(money), money * 3, euros(one)
        assert expected == again
        assert [known.minor for known in expected] == [known.minor for known in again]


@given(SMALL, strategies.decimals(-1000, 1000, 6))
def test_multiplying_rounds_half_away_from_zero_once(cents: int, factor: Decimal) -> None:
    exact = abs(cents) * abs(int(factor.scaleb(6)))
    expected = (2 * exact + 10**6) // (2 * 10**6)
    assert expected == abs(euros(cents) * factor).minor == abs(factor * euros(cents)).minor


def test_multiplying_by_a_float_is_refused() -> None:
    with pytest.raises(InvalidValue, match="float"):
        euros(100) * 0.2  # type: ignore[operator]


@pytest.mark.parametrize("other", [Money("1", "USD"), 1, Decimal(1), "1", None])
def test_only_money_of_the_same_currency_mixes(other: Any) -> None:
    for mixed in (lambda: euros(1) + other, lambda: euros(1) - other, lambda: euros(1) < other):
        with pytest.raises(InvalidValue):
            mixed()


def test_equal_amounts_of_two_currencies_differ() -> None:
    assert Money("1", "EUR") != Money("1", "USD")
    assert Money("1", "EUR") == Money("1.00", "EUR")
    assert hash(Money("1", "EUR")) == hash(Money("1.00", "EUR"))


def test_there_is_one_zero() -> None:
    assert (
        "0.00 EUR"
        == str(Money("-0", "EUR"))
        == str(-Money("0", "EUR"))
        == str(-euros(5) + euros(5))
    )


@pytest.mark.parametrize("code", [None, "eur", "XXX", 978])
def test_an_unknown_currency_is_refused(code: Any) -> None:
    with pytest.raises(InvalidValue, match="ISO 4217"):
        Money("1", code)


@given(st.lists(SMALL, max_size=20))
def test_a_total_names_its_currency_for_the_list_may_be_empty(amounts: list[int]) -> None:
    assert sum(amounts) == total(map(euros, amounts), "EUR").minor
    assert "EUR" == total([], "EUR").currency


def test_a_total_refuses_another_currency() -> None:
    with pytest.raises(InvalidValue, match="cannot be mixed"):
        total([euros(1), Money("1", "USD")], "EUR")
