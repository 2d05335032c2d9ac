"""Invariant 1: totals equal a recomputation; parts sum to the whole; allocation loses no cent."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import assume, given, strategies as st

from multibill.documents import (
    Allowance,
    Basis,
    Charge,
    DocumentAllowance,
    DocumentCharge,
    ExchangeRate,
    Line,
    Totals,
)
from multibill.documents.computing import ROUNDING, compute
from multibill.errors import InvalidValue
from multibill.money import Money, allocation, exponent
from multibill.money.amount import LIMITS
from multibill.tax import VAT
from multibill.testing import strategies
from tests.documents.ordinary import ON, line
from tests.documents.reckoning import handed_out, keyed, nearest, reckoned, shown

Sold = tuple[list[Line], str, Basis]

CODES = st.sampled_from(["EUR", "JPY", "TND", "UYW"])
RULES = st.sampled_from(ROUNDING)
FEW_VATS = st.sampled_from(
    [
        VAT("S", "20"),
        VAT("S", "5.5"),
        VAT("S", "20.00"),
        VAT("E", reason="Formation"),
        VAT("E", reason="Assurance"),
        VAT("E", exemption="VATEX-FR-FRANCHISE"),
        VAT("L", "7.125"),
    ]
)
"""Few, so that lines meet in one row."""

SIZES = st.one_of(
    st.builds(lambda amount: {"amount": amount}, strategies.decimals(0, 99, 4)),
    st.builds(lambda percent: {"percent": percent}, strategies.decimals(0, 120, 3)),
    st.builds(
        lambda percent, base: {"percent": percent, "base": base},
        strategies.decimals(0, 120, 3),
        strategies.decimals(0, 999, 3),
    ),
)
SMALL = st.builds(
    Line,
    name=st.just("small"),
    quantity=strategies.decimals(-9, 9, 1),
    unit_price=strategies.decimals(0, 9, 3),
    base_quantity=st.none() | st.sampled_from([Decimal(n) for n in (3, 6, 7, 1000)]),
    vat=FEW_VATS,
)
"""Small prices, where halves and thirds abound."""

EXTREME = st.builds(
    Line,
    name=st.just("extreme"),
    quantity=strategies.decimals(-9, 9, 12),
    unit_price=strategies.decimals(0, 10**9, 12),
    base_quantity=st.none() | strategies.decimals(1, 999, 12),
    vat=strategies.decimals(0, 99, 12).map(lambda rate: VAT("S", rate)),
)


def sizes(cls: Any, share: bool = False, **more: Any) -> st.SearchStrategy[Any]:
    """Up to two allowances or charges of a class; or those alone that are a share of the line."""
    size = SIZES.filter(lambda size: list(size) == ["percent"]) if share else SIZES
    one = st.builds(lambda size, known: cls(**size, **known), size, st.fixed_dictionaries(more))
    return st.lists(one, max_size=2)


@st.composite
def lines(draw: st.DrawFn, share: bool = False) -> list[Line]:
    """Lines with ids of their own and, some of them, allowances and charges."""
    found = []
    for place, one in enumerate(draw(st.lists(SMALL, max_size=6))):
        more: dict[str, Any] = {"id": f"{draw(st.sampled_from('abc'))}{place}"}
        if draw(st.booleans()):
            more |= {
                "allowances": draw(sizes(Allowance, share)),
                "charges": draw(sizes(Charge, share)),
            }
        found.append(attrs.evolve(one, **more))
    return found


@st.composite
def bases(draw: st.DrawFn, code: str) -> Basis:
    """All that totals follow from beside the lines."""
    some = st.none() | strategies.decimals(0, 500, 4)
    coin = st.sampled_from([1, 5, 50, 100]).map(lambda n: Decimal(n).scaleb(-exponent(code)))
    exchange = st.builds(
        ExchangeRate,
        rate=st.integers(1, 10**9).map(lambda n: Decimal(n).scaleb(-6)),
        source=st.just("ECB"),
        on=st.just(ON),
    )
    return Basis(
        rule=draw(RULES),
        allowances=draw(sizes(DocumentAllowance, vat=FEW_VATS)),
        charges=draw(sizes(DocumentCharge, vat=FEW_VATS)),
        prepaid=draw(some),
        rounding_amount=draw(some),
        cash_unit=draw(st.none() | coin),
        tax_currency=draw(st.none() | CODES),
        exchange=draw(st.none() | exchange),
        vat_adjustments=draw(
            st.dictionaries(
                st.sampled_from(["S-20", "E-0", "L-7.125"]),
                strategies.decimals(-1, 1, exponent(code)),
                max_size=2,
            )
        ),
    )


@st.composite
def sold(draw: st.DrawFn) -> Sold:
    """Lines, a currency, and the rest."""
    code = draw(CODES)
    return draw(lines()), code, draw(bases(code))


@given(sold())
def test_totals_equal_a_recomputation_in_whole_numbers(sold: Sold) -> None:
    assert reckoned(*sold) == shown(compute(*sold))


@given(strategies.unique_lines(max_size=12), CODES, RULES)
def test_so_do_those_of_any_lines(lines: tuple[Line, ...], code: str, rule: str) -> None:
    basis = Basis(rule=rule)
    assert reckoned(lines, code, basis) == shown(compute(lines, code, basis))


@given(sold())
def test_parts_sum_to_the_whole(sold: Sold) -> None:
    lines, _, basis = sold
    totals = compute(*sold)
    found = shown(totals)
    of_document = [[item.id for item in items] for items in (basis.allowances, basis.charges)]
    assert [[None] * len(names) for names in of_document] == of_document
    less, more = (
        sum(amount for name, amount in found["amounts"].items() if name.startswith(start))
        for start in ("#documentallowance", "#documentcharge")
    )
    assert len(lines) == len(found["nets"])
    assert sum(found["nets"].values()) == found["lines"]
    assert (less, more) == (found["allowances"], found["charges"])
    assert found["lines"] - less + more == found["net"]
    assert sum(taxable for taxable, _ in found["rows"].values()) == found["net"]
    assert sum(tax for _, tax in found["rows"].values()) == found["vat"]
    assert found["net"] + found["vat"] == found["gross"]
    assert found["gross"] - found["prepaid"] + found["rounding"] == found["payable"]


@given(sold())
def test_each_row_sums_its_lines_allowances_and_charges(sold: Sold) -> None:
    lines, _, basis = sold
    found = shown(compute(*sold))
    sums: dict[str, int] = dict.fromkeys(found["rows"], 0)
    for one in lines:
        sums[row_of(one.vat)] += found["nets"][one.id]
    given: list[tuple[str, int, Sequence[DocumentAllowance | DocumentCharge]]] = [
        ("allowance", -1, basis.allowances),
        ("charge", 1, basis.charges),
    ]
    for kind, sign, items in given:
        for place, item in enumerate(items):
            sums[row_of(item.vat)] += sign * found["amounts"][f"#document{kind}{place}"]
    assert {row: taxable for row, (taxable, _) in found["rows"].items()} == sums


def row_of(vat: VAT) -> str:
    return keyed((vat.category, f"{vat.rate.normalize():f}", vat.exemption))


@given(sold())
def test_where_prices_include_the_vat_their_sum_is_the_gross(sold: Sold) -> None:
    """Said of each line alone, by no rate and no row: each price, allowance and charge as it is printed."""
    lines, code, basis = sold
    basis = attrs.evolve(basis, rule="included", allowances=(), charges=())
    scale, prices = 10 ** exponent(code), 0
    for one in lines:
        exact = Fraction(one.quantity) * Fraction(one.unit_price) / Fraction(one.base_quantity or 1)
        price = rounded(exact * scale)
        prices += price
        for sign, items in ((-1, one.allowances), (1, one.charges)):
            prices += sign * sum(rounded(asked(item, price, scale)) for item in items)
    assert prices == shown(compute(lines, code, basis))["gross"]


def rounded(exact: Fraction) -> int:
    return nearest((exact.numerator, exact.denominator))


def asked(item: Any, price: int, scale: int) -> Fraction:
    if item.amount is not None:
        return Fraction(item.amount) * scale
    base = price if item.base is None else Fraction(item.base) * scale
    return base * Fraction(item.percent) / 100


@given(st.data(), sold())
def test_moving_lines_moves_no_cent(data: st.DataObject, sold: Sold) -> None:
    lines, code, basis = sold
    assert compute(lines, code, basis) == compute(data.draw(st.permutations(lines)), code, basis)


@given(lines(share=True), CODES, RULES)
def test_what_is_returned_comes_to_the_opposite_of_what_was_sold(
    lines: list[Line], code: str, rule: str
) -> None:
    """Halves go away from zero on both sides, and what is shared is shared alike."""
    back = [attrs.evolve(one, quantity=-one.quantity) for one in lines]
    there, again = (shown(compute(some, code, Basis(rule=rule))) for some in (lines, back))
    assert negated(there) == again


def negated(figures: Any) -> Any:
    if isinstance(figures, dict):
        return {name: negated(value) for name, value in figures.items()}
    if isinstance(figures, tuple):
        return tuple(negated(value) for value in figures)
    return figures if isinstance(figures, str) else -figures


@given(lines(), CODES, st.sampled_from(["precise", "included"]))
def test_a_share_stays_within_a_unit_of_what_is_exact(
    lines: list[Line], code: str, rule: str
) -> None:
    """And a line that is whole already gives and takes nothing."""
    plain = [attrs.evolve(one, allowances=(), charges=()) for one in lines]
    found = shown(compute(plain, code, Basis(rule=rule)))["nets"]
    for one in plain:
        exact = Fraction(one.quantity) * Fraction(one.unit_price) * 10 ** exponent(code)
        exact /= Fraction(one.base_quantity or 1)
        if rule == "included":
            exact = rounded(exact) / (1 + Fraction(one.vat.rate) / 100)
        assert abs(found[one.id] - exact) < 1


@pytest.mark.parametrize(
    ("rule", "sums", "nets"),
    [
        ("currency", (9900, 1980, 11880), {33}),
        ("precise", (10000, 2000, 12000), {33, 34}),
        ("included", (8250, 1650, 9900), {27, 28}),
    ],
)
def test_three_hundred_lines_of_a_third_lose_no_cent(
    rule: str, sums: tuple[int, int, int], nets: set[int]
) -> None:
    """VAT is rounded once a rate, not once a line."""
    thirds = [line(f"l{n}", quantity=1, unit_price="1", base_quantity=3) for n in range(300)]
    found = shown(compute(thirds, "EUR", Basis(rule=rule)))
    assert sums == (found["net"], found["vat"], found["gross"])
    assert nets == set(found["nets"].values())
    assert sum(found["nets"].values()) == found["net"]


@given(st.lists(EXTREME, max_size=5), CODES, st.data())
def test_figures_are_exact_up_to_the_largest_and_refused_beyond(
    lines: list[Line], code: str, data: st.DataObject
) -> None:
    factor = data.draw(st.sampled_from([1, 10, 1000, 10**5]))
    large = [attrs.evolve(one, quantity=one.quantity * factor) for one in lines]
    basis = attrs.evolve(data.draw(bases(code)), exchange=None)
    expected = reckoned(large, code, basis)
    limit = int(LIMITS[code] * 10 ** exponent(code))
    try:
        found = shown(compute(large, code, basis))
    except InvalidValue:
        assert largest(expected) >= limit or largest(priced(large, code)) >= limit
    else:
        assert expected == found
        assert largest(found) < limit


def largest(figures: Any) -> int:
    if isinstance(figures, dict):
        return max(map(largest, figures.values()), default=0)
    if isinstance(figures, tuple):
        return max(map(largest, figures))
    return 0 if isinstance(figures, str) else abs(figures)


def priced(lines: Sequence[Line], code: str) -> Any:
    """What the lines come to by themselves."""
    return reckoned(lines, code)


def test_the_largest_amount_is_held_and_the_next_is_refused() -> None:
    for code, places in (("EUR", 2), ("JPY", 0), ("TND", 3), ("UYW", 4)):
        top = LIMITS[code] - Decimal(1).scaleb(-places)
        totals = compute([line(quantity=1, unit_price=top, vat=VAT("Z"))], code)
        assert Money(top, code) == totals.payable
        for rule in ROUNDING:
            over = [line(f"l{n}", quantity=1, unit_price=top, vat=VAT("Z")) for n in range(2)]
            with pytest.raises(InvalidValue, match="cannot be stored"):
                compute(over, code, Basis(rule=rule))


@given(sold(), st.integers(1, 9))
def test_the_hosts_own_decimal_precision_changes_no_total(sold: Sold, precision: int) -> None:
    expected = compute(*sold)
    keys = [row.key for row in expected.breakdown]
    with localcontext() as context:
        context.prec = precision
        again = compute(*sold)
        assert expected == again
        assert keys == [row.key for row in again.breakdown]


@given(sold())
def test_no_figure_is_ever_minus_zero(sold: Sold) -> None:
    some, code, basis = sold
    tiny = [
        line(None, quantity="-0.001", unit_price="0.01", vat="5.5"),
        line(None, quantity="-0.1", unit_price="0.1", vat="0.01"),
    ]
    figures = figures_of(compute([*some, *tiny], code, basis))
    assert [] == [figure for figure in figures if not figure and figure.is_signed()]


def figures_of(totals: Totals) -> list[Decimal]:
    """Every figure as the engine wrote it."""
    sums = [value for value in attrs.astuple(totals, recurse=False) if isinstance(value, Money)]
    taxes = [money for row in totals.breakdown for money in (row.taxable, row.tax)]
    own = [money.amount for money in (*sums, *taxes)]
    return [*own, *totals.nets.values(), *totals.amounts.values()]


@given(sold())
def test_every_figure_has_the_places_of_its_currency(sold: Sold) -> None:
    places = exponent(sold[1])
    totals = attrs.evolve(compute(*sold), tax=None)
    assert {-places} >= {figure.as_tuple().exponent for figure in figures_of(totals)}


@given(
    st.data(),
    CODES,
    st.lists(st.integers(0, 10**9) | strategies.decimals(0, 99, 6), min_size=1, max_size=30),
)
def test_allocation_loses_no_cent(
    data: st.DataObject, code: str, weights: list[int | Decimal]
) -> None:
    assume(any(weights))
    whole = data.draw(strategies.money(code))
    parts = allocation.allocate(whole, weights)
    assert whole.minor == sum(part.minor for part in parts)
    total = sum(map(Fraction, weights))
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part.minor - whole.minor * Fraction(weight) / total) < 1


def test_the_recomputation_itself_hands_out_one_unit_at_a_time() -> None:
    thirds = [(name, (1, 3)) for name in "cab"]
    assert [0, 1, 0] == handed_out(thirds, 1)
    assert [1, 2, 2] == handed_out(thirds, 5)
    assert [0, 0, 0] == handed_out(thirds, 0)
    assert [0, 2] == handed_out([("a", (-1, 2)), ("b", (1, 2))], 2)
