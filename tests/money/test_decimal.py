"""What counts as a decimal: exact, finite, bounded; everything else is refused with a sentence, never half taken."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given, strategies as st

from multibill.errors import InvalidValue
from multibill.money import decimal
from multibill.money.amount import LIMIT, optional_decimal, places

HOSTILE: list[Any] = [
    "NaN",
    "sNaN",
    "Infinity",
    "-inf",
    "1e999999",
    "1E3",
    "1_000",
    "1,5",
    "1 000",
    " 1",
    "1\n",
    "",
    ".",
    "+",
    "--1",
    "1.2.3",
    "0x10",
    "١٢٣",
    "1٣1",
    "１２",
    "½",
    "1\x00",
    "\ud800",
    "9" * 16,
    "9" * 5000,
    "0" * 40 + "1",
    "0." + "0" * 12 + "1",
    "1" + "0" * 15,
    Decimal("NaN"),
    Decimal("sNaN"),
    Decimal("-Infinity"),
    Decimal("1E+15"),
    Decimal("1E+999999"),
    Decimal("1E-13"),
    Decimal("1E-999999"),
    10**15,
    -(10**15),
    10**5000,
    1.5,
    float("nan"),
    float("inf"),
    True,
    False,
    None,
    b"1",
    [1],
    {},
    (0, (1,), 0),
    1j,
]


@pytest.mark.parametrize(
    "value", HOSTILE, ids=lambda value: ascii(value)[:24] if not isinstance(value, int) else "int"
)
def test_what_is_no_exact_bounded_decimal_is_refused(value: Any) -> None:
    with pytest.raises(InvalidValue):
        decimal(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("450", Decimal(450)),
        ("-0.5", Decimal("-0.5")),
        ("+5", Decimal(5)),
        (".5", Decimal("0.5")),
        ("5.", Decimal(5)),
        ("0.000000000001", Decimal("1E-12")),
        ("999999999999999.999999999999", Decimal("999999999999999.999999999999")),
        (3, Decimal(3)),
        (-(10**15) + 1, Decimal(-999999999999999)),
        (Decimal("1E+3"), Decimal(1000)),
    ],
)
def test_plain_numbers_are_taken_exactly(value: Any, expected: Decimal) -> None:
    assert expected == decimal(value)


def test_a_float_is_told_how_to_be_exact() -> None:
    with pytest.raises(InvalidValue, match=r"0\.1 is a float and not exact; write '0\.1'"):
        decimal(0.1)  # type: ignore[arg-type]


@given(st.decimals(-LIMIT + 1, LIMIT - 1, places=12), st.integers(1, 40))
def test_text_round_trips_whatever_precision_the_host_has_set(
    value: Decimal, precision: int
) -> None:
    with localcontext() as context:
        context.prec = precision
        assert value == decimal(f"{value:f}") == decimal(value)


@given(st.text(max_size=45))
def test_any_text_is_a_decimal_or_refused(text: str) -> None:
    try:
        number = decimal(text)
    except InvalidValue:
        return
    assert number.is_finite()
    assert text.isascii()


def test_none_stays_none_where_a_number_is_optional() -> None:
    assert (None, Decimal(2)) == (optional_decimal(None), optional_decimal("2"))


@pytest.mark.parametrize(("value", "expected"), [("1.50", 2), ("1E+3", 0), ("0", 0), ("NaN", 0)])
def test_places_are_those_that_are_written(value: str, expected: int) -> None:
    assert expected == places(Decimal(value))
