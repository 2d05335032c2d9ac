"""The one engine by example: rows, refusals, coins. Its golden cases and invariant 1 have files of their own."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from multibill.documents import (
    Allowance,
    Basis,
    Charge,
    CreditNote,
    DocumentAllowance,
    DocumentCharge,
    ExchangeRate,
    Invoice,
    Line,
)
from multibill.documents.computing import ROUNDING, compute
from multibill.errors import InvalidValue
from multibill.money import Money
from multibill.tax import VAT
from tests.documents.ordinary import FRANCHISE, ON, TRAINING, euros, invoice, line


def many(count: int, **changes: Any) -> list[Line]:
    return [line(f"l{n}", **changes) for n in range(count)]


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


@pytest.mark.parametrize("rule", ROUNDING)
def test_so_are_lines_that_their_charges_make_too_large(rule: str) -> None:
    more = [Charge(amount=9 * 10**14)]
    less = [Allowance(amount=9 * 10**14)]
    large = [
        line("l1", quantity=9 * 10**14, unit_price=1, vat="0", charges=more),
        line("l2", quantity=-9 * 10**14, unit_price=1, vat="0", allowances=less),
    ]
    with pytest.raises(InvalidValue, match="cannot be stored"):
        compute(large, "EUR", Basis(rule=rule))


def test_an_unknown_currency_is_refused() -> None:
    with pytest.raises(InvalidValue, match="ISO 4217"):
        compute([line()], "XXX")


@pytest.mark.parametrize("rule", ROUNDING)
@pytest.mark.parametrize(
    ("changes", "basis"),
    [
        ({"charges": [Charge(amount=9 * 10**14)]}, {}),
        ({"allowances": [Allowance(amount=9 * 10**14)]}, {}),
        ({}, {"charges": [DocumentCharge(amount=9 * 10**14, vat="0")]}),
        ({}, {"charges": [DocumentCharge(percent=1000, vat="0")]}),
        ({}, {"rounding_amount": Decimal(9 * 10**14)}),
        ({"quantity": -9 * 10**13}, {"prepaid": Decimal(99 * 10**13)}),
        ({"quantity": 10**14, "unit_price": 1}, {"allowances": [
            DocumentAllowance(amount=9 * 10**14, vat="0"),
            DocumentAllowance(amount=9 * 10**14, vat="0"),
        ]}),
    ],
    ids=["charge", "allowance", "freight", "percent", "rounding", "prepaid", "both"],
)  # fmt: skip
def test_no_other_figure_can_grow_past_storage_either(
    rule: str, changes: dict[str, Any], basis: dict[str, Any]
) -> None:
    sold = {"quantity": 9 * 10**14, "unit_price": 1, "vat": "0", **changes}
    if "allowances" in changes:
        sold["quantity"] = -(9 * 10**14)
    with pytest.raises(InvalidValue, match="cannot be stored"):
        compute([line(**sold)], "EUR", Basis(rule=rule, **basis))


def test_vat_that_the_accounting_currency_cannot_hold_is_refused() -> None:
    rate = ExchangeRate(rate=10**9, source="ECB", on=ON)
    sold = [line(quantity=10**9, unit_price=1)]
    with pytest.raises(InvalidValue, match="cannot be stored"):
        compute(sold, "EUR", Basis(tax_currency="JPY", exchange=rate))


@pytest.mark.parametrize(("code", "coin"), [("EUR", "0.025"), ("JPY", "0.05"), ("EUR", "0.001")])
def test_a_coin_that_the_currency_does_not_have_is_refused(code: str, coin: str) -> None:
    with pytest.raises(InvalidValue, match="no coin") as refused:
        compute([line()], code, Basis(cash_unit=Decimal(coin)))
    assert "/cash_unit" == refused.value.path


def test_coins_decide_where_a_rounding_amount_is_given_too() -> None:
    basis = Basis(cash_unit=Decimal("0.05"), rounding_amount=Decimal(9))
    totals = compute([line(quantity=1, unit_price="10.02", vat="0")], "EUR", basis)
    assert (euros("-0.02"), euros("10.00")) == (totals.rounding, totals.payable)


@pytest.mark.parametrize("rule", ROUNDING)
def test_two_allowances_or_charges_with_one_id_are_refused(rule: str) -> None:
    """Anywhere in the document: their amounts are kept under their ids."""
    own = line(allowances=[Allowance(id="x", amount=1)])
    for twice in (
        ([own], Basis(rule=rule, charges=[DocumentCharge(id="x", amount=1, vat="20")])),
        ([own, own.evolve(id="l2")], Basis(rule=rule)),
    ):
        with pytest.raises(InvalidValue, match="have the id 'x'"):
            compute(twice[0], "EUR", twice[1])


@pytest.mark.parametrize("rule", ROUNDING)
def test_two_lines_with_one_id_are_refused(rule: str) -> None:
    """Their nets are kept under their ids, so one of them would be lost."""
    with pytest.raises(InvalidValue, match="two lines have one id"):
        compute([line(), line(), line(None)], "EUR", Basis(rule=rule))


@pytest.mark.parametrize("rule", ROUNDING)
def test_a_row_says_every_reason_of_its_lines_whatever_their_order(rule: str) -> None:
    said = ["Formation", "Assurance", None, "Formation"]
    lines = [line(f"l{n}", vat=VAT("E", reason=reason)) for n, reason in enumerate(said)]
    for order in (lines, lines[::-1]):
        (row,) = compute(order, "EUR", Basis(rule=rule)).breakdown
        assert "Assurance; Formation" == row.reason


def test_an_adjustment_of_a_row_that_is_not_there_adds_nothing() -> None:
    adjusted = Basis(vat_adjustments={"S-10": Decimal("0.01")})
    assert compute([line()], "EUR", adjusted) == compute([line()], "EUR")


def test_lines_allowances_and_charges_show_what_they_come_to() -> None:
    document = invoice(
        lines=[line(allowances=[Allowance(percent="10")], charges=[Charge(amount="5")])],
        allowances=[DocumentAllowance(percent="2", vat="20")],
        charges=[DocumentCharge(amount="12.5", vat="20")],
    )
    (only,) = document.lines
    shown = only.net, only.allowances[0].total, only.charges[0].total
    assert (Decimal("1220.00"), Decimal("135.00"), Decimal("5.00")) == shown
    others = document.allowances[0].total, document.charges[0].total
    assert (Decimal("24.40"), Decimal("12.50")) == others


def test_credit_notes_of_each_line_sum_to_their_invoice() -> None:
    """getlago/lago-api #2643: 334.99 was credited as 335.00; the last one takes the residue."""
    prices = ["68.33", "57.50", "85.00", "68.33"]
    sold = [line(f"l{n}", quantity=1, unit_price=price) for n, price in enumerate(prices)]
    whole = invoice(lines=sold)
    credits = [_credit(whole, sold[n], "0.00" if n < 3 else "-0.01") for n in range(4)]
    assert euros("334.99") == whole.totals.gross
    assert euros("334.99") == sum(credit.totals.gross for credit in credits)
    assert whole.totals.vat == sum(credit.totals.vat for credit in credits)


def _credit(whole: Invoice, one: Line, adjusted: str) -> CreditNote:
    return CreditNote(
        id=f"c-{one.id}",
        seller=whole.seller,
        buyer=whole.buyer,
        lines=[one],
        vat_adjustments={"S-20": Decimal(adjusted)},
    )
