"""ISO 4217 as our own dated data: codes, minor units, withdrawals."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from multibill.errors import InvalidValue
from multibill.money import currency, exponent, quantum
from multibill.money.currencies import EXPONENTS, WITHDRAWN, circulates


def test_minor_units_are_those_of_the_standard() -> None:
    """ISO 4217 list one, not CLDR: CLDR gives no decimals to ALL, IQD, MGA, RSD and others."""
    digits = {
        "EUR": 2,
        "JPY": 0,
        "ISK": 0,
        "TND": 3,
        "IQD": 3,
        "MGA": 2,
        "ALL": 2,
        "CLF": 4,
        "UYW": 4,
    }
    assert digits == {code: exponent(code) for code in digits}


def test_every_code_has_three_capitals_and_zero_to_four_digits() -> None:
    assert [] == [
        code for code in EXPONENTS if not (len(code) == 3 and code.isascii() and code.isupper())
    ]
    assert {0, 2, 3, 4} == set(EXPONENTS.values())


def test_the_lists_name_no_code_twice() -> None:
    """180 codes in use or withdrawn since 2020; a code in two lists would be lost in one of them."""
    from multibill.money.currencies import FOUR, THREE, TWO, ZERO

    listed = [*TWO.split(), *ZERO.split(), *THREE.split(), *FOUR.split(), *WITHDRAWN]
    assert sorted(set(listed)) == sorted(listed)
    assert set(listed) == set(EXPONENTS)


@pytest.mark.parametrize(
    "code", ["eur", "EU", "EURO", "", "XXX", "XAU", "€", "EUR ", None, 978, True, [], {}]
)
def test_what_is_no_currency_is_refused(code: Any) -> None:
    with pytest.raises(InvalidValue, match="ISO 4217"):
        currency(code)


def test_withdrawn_currencies_stay_readable_but_no_longer_circulate() -> None:
    assert "HRK" == currency("HRK")
    days = date(2022, 12, 31), date(2023, 1, 1)
    assert (True, False) == tuple(circulates("HRK", day) for day in days)
    assert circulates("EUR", date(1999, 1, 1))


def test_a_quantum_is_one_minor_unit() -> None:
    assert ["0.01", "1", "0.001"] == [str(quantum(code)) for code in ("EUR", "JPY", "TND")]
