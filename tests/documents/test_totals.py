"""The one engine: exact, independent of order, its parts sum to the whole (invariant 1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, strategies as st

from multibill.documents import Line, Totals
from multibill.documents.computing import compute
from multibill.errors import InvalidValue
from multibill.money import Money, exponent
from multibill.tax import VAT
from multibill.testing import strategies
from tests.documents.ordinary import FRANCHISE, TRAINING, euros, line

CODES = st.sampled_from(["EUR", "JPY", "TND", "UYW"])
SOME_LINES = strategies.unique_lines(max_size=12).map(list)
EXTREME = st.builds(
    Line,
    name=st.just("extreme"),
    quantity=strategies.decimals(-9, 9, 12),
    unit_price=strategies.decimals(0, 10**9, 12),
    base_quantity=st.none() | strategies.decimals(1, 999, 12),
    vat=strategies.decimals(0, 99, 12).map(lambda rate: VAT("S", rate)),
)


def half_away(exact: Fraction) -> int:
    """The nearest whole number, halves away from zero, by integers alone."""
    sign = -1 if exact < 0 else 1
    return sign * ((2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator))


def recomputed(lines: Sequence[Line], code: str) -> tuple[list[int], dict[object, tuple[int, int]]]:
    """Nets, and taxable and tax by VAT, in minor units: the standard said again in fractions."""
    scale, nets, taxable = 10 ** exponent(code), [], Counter[VAT]()
    for sold in lines:
        price = Fraction(sold.quantity) * Fraction(sold.unit_price)
        net = half_away(scale * price / Fraction(sold.base_quantity or 1))
        nets.append(net)
        taxable[sold.vat] += net
    tax = {
        vat: half_away(Fraction(sum_) * Fraction(vat.rate) / 100) for vat, sum_ in taxable.items()
    }
    return nets, {vat: (taxable[vat], tax[vat]) for vat in taxable}


def rows(totals: Totals) -> dict[object, tuple[int, int]]:
    return {
        VAT(row.category, row.rate, row.exemption): (row.taxable.minor, row.tax.minor)
        for row in totals.breakdown
    }


def minor(nets: Iterable[Decimal], code: str) -> list[int]:
    return [Money(net, code).minor for net in nets]


def many(count: int, **changes: Any) -> list[Line]:
    return [line(f"l{n}", **changes) for n in range(count)]


@given(SOME_LINES | st.lists(EXTREME, max_size=5), CODES)
def test_invariant_1_totals_equal_a_recomputation_in_fractions(
    lines: list[Line], code: str
) -> None:
    totals = compute(lines, code)
    expected_nets, expected_rows = recomputed(lines, code)
    assert expected_nets == minor(totals.nets.values(), code)
    assert expected_rows == rows(totals)


@given(SOME_LINES, CODES)
def test_invariant_1_each_net_stands_under_its_lines_id(lines: list[Line], code: str) -> None:
    expected = {sold.id: net for sold, net in zip(lines, recomputed(lines, code)[0], strict=True)}
    assert expected == {id: Money(net, code).minor for id, net in compute(lines, code).nets.items()}


@given(SOME_LINES, CODES)
def test_invariant_1_parts_sum_to_the_whole(lines: list[Line], code: str) -> None:
    totals = compute(lines, code)
    assert sum(minor(totals.nets.values(), code)) == totals.lines.minor == totals.net.minor
    assert sum(row.taxable.minor for row in totals.breakdown) == totals.net.minor
    assert sum(row.tax.minor for row in totals.breakdown) == totals.vat.minor
    assert totals.net.minor + totals.vat.minor == totals.gross.minor == totals.payable.minor


@given(st.data(), CODES)
def test_invariant_1_the_order_of_lines_changes_no_total(data: st.DataObject, code: str) -> None:
    lines = data.draw(SOME_LINES)
    shuffled = data.draw(st.permutations(lines))
    assert compute(lines, code) == compute(shuffled, code)


def test_invariant_1_three_hundred_lines_of_a_third_lose_no_cent() -> None:
    """Each line is rounded to 0.33 (BR-CO-10 sums what is printed); VAT is rounded once a rate, not once a line."""
    totals = compute(many(300, quantity=1, unit_price="1", base_quantity=3), "EUR")
    assert [Decimal("0.33")] * 300 == list(totals.nets.values())
    sums = totals.net, totals.vat, totals.gross
    assert (euros("99.00"), euros("19.80"), euros("118.80")) == sums


@given(SOME_LINES, CODES, st.integers(1, 9))
def test_invariant_1_the_hosts_own_decimal_precision_changes_no_total(
    lines: list[Line], code: str, precision: int
) -> None:
    expected = compute(lines, code)
    keys = [row.key for row in expected.breakdown]
    with localcontext() as context:
        context.prec = precision
        again = compute(lines, code)
        assert expected == again
        assert keys == [row.key for row in again.breakdown]


@pytest.mark.parametrize(
    ("quantity", "price", "rate", "net", "vat"),
    [
        ("1", "0.005", "0", "0.01", "0.00"),
        ("-1", "0.005", "0", "-0.01", "0.00"),
        ("1", "0.0049", "0", "0.00", "0.00"),
        ("1", "2.50", "5", "2.50", "0.13"),
        ("-1", "2.50", "5", "-2.50", "-0.13"),
        ("-1", "1710.50", "19", "-1710.50", "-325.00"),
        ("1", "1710.50", "19", "1710.50", "325.00"),
    ],
)
def test_halves_are_rounded_away_from_zero_on_both_sides(
    quantity: str, price: str, rate: str, net: str, vat: str
) -> None:
    totals = compute([line(quantity=quantity, unit_price=price, vat=rate)], "EUR")
    assert (euros(net), euros(vat)) == (totals.net, totals.vat)


def test_currencies_without_and_with_three_minor_digits_round_to_their_own() -> None:
    lines = [line(quantity="1", unit_price="100.4995", vat="7.5")]
    yen, dinar = compute(lines, "JPY"), compute(lines, "TND")
    assert (Money(100, "JPY"), Money(8, "JPY")) == (yen.net, yen.vat)
    assert (Money("100.500", "TND"), Money("7.538", "TND")) == (dinar.net, dinar.vat)


@given(SOME_LINES, CODES)
def test_no_figure_is_ever_minus_zero(lines: list[Line], code: str) -> None:
    tiny = [
        line(None, quantity="-0.001", unit_price="0.01", vat="5.5"),
        line(None, quantity="-0.1", vat="0.01"),
    ]
    totals = compute([*lines, *tiny], code)
    sums = [totals.lines, totals.net, totals.vat, totals.gross, totals.payable]
    taxes = [money for row in totals.breakdown for money in (row.taxable, row.tax)]
    figures = [*totals.nets.values(), *(money.amount for money in (*sums, *taxes))]
    assert [] == [figure for figure in figures if not figure and figure.is_signed()]


def test_one_rate_has_one_row_however_it_is_written() -> None:
    written = ["20", "20.00", VAT("S", 20)]
    totals = compute([line(f"l{n}", vat=vat) for n, vat in enumerate(written)], "EUR")
    assert ["S-20"] == [row.key for row in totals.breakdown]


def test_each_category_rate_and_reason_has_its_row_lowest_rate_first() -> None:
    vats = ["5.5", "20", FRANCHISE, TRAINING, VAT("AE")]
    totals = compute([line(f"l{n}", vat=vat) for n, vat in enumerate(vats)], "EUR")
    expected = ["AE-0", "E-0-VATEX-FR-CGI261-4", "E-0-VATEX-FR-FRANCHISE", "S-5.5", "S-20"]
    assert expected == [row.key for row in totals.breakdown]


def test_nothing_sold_is_nothing_owed() -> None:
    totals = compute([], "EUR")
    assert ({}, ()) == (totals.nets, totals.breakdown)
    assert {euros("0.00")} == {totals.lines, totals.net, totals.vat, totals.gross, totals.payable}


@pytest.mark.parametrize(
    "lines",
    [
        [line(quantity="99999999999", unit_price="99999999999")],
        [line(quantity=-99999999999, unit_price="99999999999")],
        [line(quantity=9 * 10**14, unit_price=1, vat="20")],
        many(2, quantity=10**14, unit_price="9", vat="0"),
    ],
    ids=["one line", "a negative line", "the VAT on top", "the sum"],
)
def test_figures_that_storage_cannot_hold_are_refused(lines: list[Line]) -> None:
    with pytest.raises(InvalidValue, match="cannot be stored") as refused:
        compute(lines, "EUR")
    assert "/lines" == refused.value.path


def test_large_figures_that_cancel_out_are_refused_all_the_same() -> None:
    """The lines and rows could not be read back, though every total is small."""
    large = [
        line(None, quantity=sign * 10**8, unit_price=10**9, vat=vat)
        for sign, vat in ((1, "20"), (-1, "10"))
    ]
    with pytest.raises(InvalidValue, match="cannot be stored"):
        compute(large, "EUR")
    rows_only = [
        line(None, quantity=sign * 9 * 10**14, unit_price=1, vat=vat)
        for sign, vat in ((1, "0"), (-1, "1"))
    ]
    with pytest.raises(InvalidValue, match="cannot be stored"):
        compute([*rows_only, *rows_only], "EUR")


def test_an_unknown_currency_is_refused() -> None:
    with pytest.raises(InvalidValue, match="ISO 4217"):
        compute([line()], "XXX")
