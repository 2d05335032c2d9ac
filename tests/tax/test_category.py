"""The VAT of a line: the categories, a rate below 100, one object for equal ones."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from multibill.errors import InvalidValue
from multibill.tax import CATEGORIES, VAT, vat
from multibill.tax.category import shared
from multibill.testing import strategies


def test_the_categories_are_those_of_the_standard_that_we_compute() -> None:
    assert ["S", "Z", "E", "AE", "K", "G", "O", "L", "M"] == list(CATEGORIES)
    assert {"S", "L", "M"} == {code for code, category in CATEGORIES.items() if not category.zero}
    unreasoned = {code for code, category in CATEGORIES.items() if not category.reason}
    assert {"S", "Z", "L", "M"} == unreasoned
    assert {"L", "M"} == {code for code, category in CATEGORIES.items() if category.local}


def test_a_bare_rate_is_the_standard_category() -> None:
    assert {VAT("S", "20")} == {vat("20"), vat(20), vat(Decimal(20)), vat(VAT("S", "20.0"))}


@pytest.mark.parametrize("rate", ["-0.1", "100", "1e1", "NaN", "20%", None, 5.5, True, [], {}])
def test_what_is_no_rate_is_refused(rate: Any) -> None:
    with pytest.raises(InvalidValue):
        vat(rate)


@pytest.mark.parametrize("value", [1.0, True])
def test_an_equal_number_of_another_type_is_refused_also_after_the_right_one(value: Any) -> None:
    """1 == 1.0 == True: a cache that does not look at types would let the float in."""
    assert VAT("S", 1) == vat(1)
    with pytest.raises(InvalidValue):
        vat(value)


@pytest.mark.parametrize("code", ["X", "s", "", None, 1, []])
def test_an_unknown_category_is_refused_with_those_that_exist(code: Any) -> None:
    with pytest.raises(InvalidValue, match="one of S, Z, E, AE, K, G, O, L, M"):
        VAT(code)


def test_a_rate_is_never_minus_zero() -> None:
    assert not VAT("Z", "-0").rate.is_signed()


def test_equal_vats_are_one_object_and_hash_alike() -> None:
    assert shared("S", "20", None) is shared("S", "20", None)
    assert hash(VAT("S", "20")) == hash(VAT("S", "20.00"))


@given(strategies.vats())
def test_every_vat_is_its_own_value(value: VAT) -> None:
    assert value is vat(value)
    assert value == VAT(value.category, value.rate, value.exemption, reason=value.reason)
