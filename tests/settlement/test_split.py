"""Payments fall on VAT rows by largest remainder; the last one takes what each row has left."""

from __future__ import annotations

from hypothesis import given, strategies as st

from multibill.documents import Invoice, Line
from multibill.money import Money
from multibill.money.amount import total
from multibill.settlement.split import owed, split
from multibill.testing import acme, studio


def euros(minor: int) -> Money:
    return Money.from_minor(minor, "EUR")


rows = st.dictionaries(
    st.sampled_from("abcde"), st.integers(0, 10**6).map(euros), min_size=1
).filter(lambda found: any(found.values()))


@given(rows, st.data())
def test_parts_sum_to_the_payment_and_no_row_gets_more_than_it_has(
    left: dict[str, Money], data: st.DataObject
) -> None:
    whole = total(left.values(), "EUR")
    amount = euros(data.draw(st.integers(1, whole.minor)))
    parts = split(amount, left)
    assert amount == total(parts.values(), "EUR")
    assert all(euros(0) < part <= left[key] for key, part in parts.items())


@given(rows, st.lists(st.integers(1, 10**6), max_size=5))
def test_payments_in_any_steps_end_with_each_row_at_zero(
    left: dict[str, Money], steps: list[int]
) -> None:
    rest = dict(left)
    for step in [*steps, 10**8]:
        amount = min(euros(step), total(rest.values(), "EUR"))
        if amount:
            parts = split(amount, rest)
            rest = {key: part - parts.get(key, euros(0)) for key, part in rest.items()}
    assert {euros(0)} == set(rest.values())


def test_a_row_below_zero_takes_its_part_with_the_last_payment() -> None:
    left = {"S-20": euros(12000), "S-10": euros(-2000)}
    assert {"S-20": euros(4000)} == split(euros(4000), left)
    assert left == split(euros(10000), left)


def document(**said: object) -> Invoice:
    lines = [
        Line(id="a", name="Work", unit_price="100", vat="20"),
        Line(id="b", name="Book", unit_price="50", vat="5.5"),
    ]
    known = {"id": "i", "seller": studio().party, "buyer": acme().party, "lines": lines}
    return Invoice(**known | said)  # type: ignore[arg-type]


def test_what_is_owed_is_the_amount_with_vat_per_row() -> None:
    assert {"S-20": euros(12000), "S-5.5": euros(5275)} == owed(document())


def test_what_was_prepaid_and_cash_rounding_are_spread_over_the_rows() -> None:
    for said in ({"prepaid": "100"}, {"cash_unit": "0.50"}, {"rounding_amount": "0.02"}):
        found = document(**said)
        assert found.totals.payable == total(owed(found).values(), "EUR")
