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
OPTIONAL = ("allowances", "charges", "prepaid", "rounding")
FIGURES = ("nets", "amounts")
TOTALS = frozenset({*SUMS, *OPTIONAL, *FIGURES, "currency", "breakdown", "tax"})
ROW = frozenset({"category", "rate", "exemption", "reason", "taxable", "tax"})
VATS = frozenset({"category", "rate", "exemption", "reason"})
MONEY = frozenset({"amount", "currency"})
RATES = {str, int, float}
"""What a bare rate may be written as; a float is refused with the reason why."""


def _totals_out(totals: Totals) -> Tree:
    """Amounts as plain decimals beside one currency, rows by their key."""
    tree: Tree = {name: decimal_text(getattr(totals, name).amount) for name in SUMS}
    for name in OPTIONAL:
        if (amount := getattr(totals, name)) is not None:
            tree[name] = decimal_text(amount.amount)
    if totals.tax is not None:
        tree["tax"] = _money_out(totals.tax)
    tree["currency"] = totals.payable.currency
    tree["breakdown"] = {row.key: _row_out(row) for row in totals.breakdown}
    for name in FIGURES:
        if figures := getattr(totals, name):
            tree[name] = {item: decimal_text(amount) for item, amount in figures.items()}
    return tree


def _row_out(row: VatTotal) -> Tree:
    tree = {
        "category": row.category,
        "rate": decimal_text(row.rate),
        "taxable": decimal_text(row.taxable.amount),
        "tax": decimal_text(row.tax.amount),
    }
    return tree | _said(row)


def _said(value: VatTotal | VAT) -> Tree:
    """Why no VAT is due, in code and words, where that is said."""
    known = {"exemption": value.exemption, "reason": value.reason}
    return {name: text for name, text in known.items() if text is not None}


def _totals_in(tree: Any, _: Any = None) -> Totals:
    fields(tree, TOTALS)
    code, trees = tree["currency"], tree["breakdown"]
    known: Tree = {name: _amount_in(tree, name, code) for name in SUMS}
    known |= {name: _amount_in(tree, name, code) for name in OPTIONAL if name in tree}
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
    known |= {name: _figures_in(tree[name], name, code) for name in FIGURES if name in tree}
    return Totals(**known, tax=_tax_in(tree.get("tax")), breakdown=tuple(rows))


def _tax_in(tree: Any) -> Money | None:
    if tree is None:
        return None
    try:
        return _money_in(tree)
    except FAILURES as error:
        raise InvalidInput(flat(error, "/tax", Money)) from None


def _row_in(key: str, tree: Any, code: str) -> VatTotal:
    fields(tree, ROW)
    vat = shared(tree["category"], tree["rate"], tree.get("exemption"), tree.get("reason"))
    amounts = _amount_in(tree, "taxable", code), _amount_in(tree, "tax", code)
    row = VatTotal(vat.category, vat.rate, vat.exemption, *amounts, vat.reason)
    if row.key != key:
        raise InvalidValue(f"this row is {row.key!r}")
    return row


def _figures_in(trees: Any, name: str, code: str) -> dict[str, Decimal]:
    figures: dict[str, Decimal] = {}
    problems: list[MultibillError] = []
    for item in fields(trees):
        try:
            figures[key(item)] = _amount_in(trees, item, code).amount
        except FAILURES as error:
            problems += flat(error, f"/{name}", Totals)
    if problems:
        raise InvalidInput(problems)
    return figures


def _amount_in(tree: Tree, name: str, code: str) -> Money:
    amount = tree[name]
    try:
        return Money(amount, code)
    except InvalidValue as error:
        raise error.at(f"/{name}" if code in EXPONENTS else "/currency") from None


def _vat_out(vat: VAT) -> Tree:
    tree = {"category": vat.category, "rate": decimal_text(vat.rate)}
    return tree if vat.exemption is vat.reason is None else tree | _said(vat)


def _vat_in(tree: Any, _: Any = None) -> VAT:
    """A VAT from its map, or from a bare rate, which is how people write it."""
    if type(tree) in RATES:
        return shared("S", tree, None)
    fields(tree, VATS)
    rate = tree.get("rate", "0")
    return shared(tree["category"], rate, tree.get("exemption"), tree.get("reason"))


def _money_out(money: Money) -> Tree:
    return {"amount": decimal_text(money.amount), "currency": money.currency}


def _money_in(tree: Any, _: Any = None) -> Money:
    fields(tree, MONEY)
    return Money(tree["amount"], tree["currency"])


WIRE = Wire(
    hooks=(
        (Totals, _totals_out, _totals_in),
        (VAT, _vat_out, _vat_in),
        (Money, _money_out, _money_in),
    )
)
