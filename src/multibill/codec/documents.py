"""The wire form of documents and registers: what their classes do not say themselves, and the draft's stored form."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from multibill.codec.canonical import Tree, decimal_text
from multibill.codec.converter import FAILURES, Wire, fields, flat
from multibill.documents import Totals, VatTotal
from multibill.documents.totals import row_order
from multibill.errors import InvalidInput, InvalidValue, MultibillError
from multibill.ids import key
from multibill.money import Money
from multibill.money.currencies import EXPONENTS
from multibill.tax import VAT
from multibill.tax.category import shared

SUMS = ("lines", "net", "vat", "gross", "payable")
TOTALS = frozenset({*SUMS, "currency", "breakdown", "nets"})
ROW = frozenset({"category", "rate", "exemption", "taxable", "tax"})
VATS = frozenset({"category", "rate", "exemption"})
MONEY = frozenset({"amount", "currency"})
RATES = {str, int, float}
"""What a bare rate may be written as; a float is refused with the reason why."""


def _totals_out(totals: Totals) -> Tree:
    """Amounts as plain decimals beside one currency, rows by their key."""
    tree: Tree = {name: decimal_text(getattr(totals, name).amount) for name in SUMS}
    tree["currency"] = totals.payable.currency
    tree["breakdown"] = {row.key: _row_out(row) for row in totals.breakdown}
    tree["nets"] = {line: decimal_text(net) for line, net in totals.nets.items()}
    return tree


def _row_out(row: VatTotal) -> Tree:
    tree = {
        "category": row.category,
        "rate": decimal_text(row.rate),
        "taxable": decimal_text(row.taxable.amount),
        "tax": decimal_text(row.tax.amount),
    }
    return tree if row.exemption is None else {**tree, "exemption": row.exemption}


def _totals_in(tree: Any, _: Any) -> Totals:
    fields(tree, TOTALS)
    code, trees = tree["currency"], tree["breakdown"]
    lines, net, vat, gross, payable = (_amount_in(tree, name, code) for name in SUMS)
    rows: list[VatTotal] = []
    problems: list[MultibillError] = []
    for name in fields(trees):
        try:
            rows.append(_row_in(name, trees[name], code))
        except FAILURES as error:
            problems += flat(error, f"/breakdown/{name}", VatTotal)
    if problems:
        raise InvalidInput(problems)
    rows.sort(key=row_order)
    nets = _nets_in(tree["nets"], code)
    return Totals(lines, net, vat, gross, payable, tuple(rows), nets)


def _row_in(key: str, tree: Any, code: str) -> VatTotal:
    fields(tree, ROW)
    vat = shared(tree["category"], tree["rate"], tree.get("exemption"))
    amounts = _amount_in(tree, "taxable", code), _amount_in(tree, "tax", code)
    row = VatTotal(vat.category, vat.rate, vat.exemption, *amounts)
    if row.key != key:
        raise InvalidValue(f"this row is {row.key!r}")
    return row


def _nets_in(trees: Any, code: str) -> dict[str, Decimal]:
    nets: dict[str, Decimal] = {}
    problems: list[MultibillError] = []
    for line in fields(trees):
        try:
            nets[key(line)] = _amount_in(trees, line, code).amount
        except FAILURES as error:
            problems += flat(error, "/nets", Totals)
    if problems:
        raise InvalidInput(problems)
    return nets


def _amount_in(tree: Tree, name: str, code: str) -> Money:
    amount = tree[name]
    try:
        return Money(amount, code)
    except InvalidValue as error:
        raise error.at(f"/{name}" if code in EXPONENTS else "/currency") from None


def _vat_out(vat: VAT) -> Tree:
    tree = {"category": vat.category, "rate": decimal_text(vat.rate)}
    if vat.exemption is not None:
        tree["exemption"] = vat.exemption
    return tree


def _vat_in(tree: Any, _: Any) -> VAT:
    """A VAT from its map, or from a bare rate, which is how people write it."""
    if type(tree) in RATES:
        return shared("S", tree, None)
    fields(tree, VATS)
    return shared(tree["category"], tree.get("rate", "0"), tree.get("exemption"))


def _money_out(money: Money) -> Tree:
    return {"amount": decimal_text(money.amount), "currency": money.currency}


def _money_in(tree: Any, _: Any) -> Money:
    fields(tree, MONEY)
    return Money(tree["amount"], tree["currency"])


WIRE = Wire(
    hooks=(
        (Totals, _totals_out, _totals_in),
        (VAT, _vat_out, _vat_in),
        (Money, _money_out, _money_in),
    )
)
