"""The wire form of documents and registers: what their classes do not say themselves, and the draft's stored form."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, TypeVar

from multibill.codec.canonical import Tree, decimal_text
from multibill.codec.converter import Wire
from multibill.documents import Document, Totals, VatTotal
from multibill.model import model_map
from multibill.money import Money
from multibill.tax import VAT
from multibill.tax.category import shared

D = TypeVar("D", bound=Document)

SUMS = ("lines", "net", "vat", "gross", "payable")


def _totals_out(totals: Totals) -> Tree:
    """Amounts as plain decimals beside one currency, rows by their key."""
    tree: Tree = {name: decimal_text(getattr(totals, name).amount) for name in SUMS}
    tree["currency"] = totals.payable.currency
    tree["breakdown"] = {row.key: _row_out(row) for row in totals.breakdown}
    return tree


def _row_out(row: VatTotal) -> Tree:
    tree = {
        "category": row.category,
        "rate": decimal_text(row.rate),
        "taxable": decimal_text(row.taxable.amount),
        "tax": decimal_text(row.tax.amount),
    }
    return tree if row.exemption is None else {**tree, "exemption": row.exemption}


def _totals_in(tree: Tree, _: Any) -> Totals:
    code = tree["currency"]
    rows = (tree["breakdown"][key] for key in sorted(tree["breakdown"]))
    return Totals(
        *(Money(tree[name], code) for name in SUMS), tuple(_row_in(row, code) for row in rows)
    )


def _row_in(row: Tree, code: str) -> VatTotal:
    amounts = Money(row["taxable"], code), Money(row["tax"], code)
    return VatTotal(row["category"], Decimal(row["rate"]), row.get("exemption"), *amounts)


def _vat_out(vat: VAT) -> Tree:
    tree = {"category": vat.category}
    if vat.rate:
        tree["rate"] = decimal_text(vat.rate)
    if vat.exemption is not None:
        tree["exemption"] = vat.exemption
    return tree


def _vat_in(tree: Any, _: Any) -> VAT:
    """A VAT from its map, or from a bare rate, which is how people write it."""
    if type(tree) is not dict:
        return shared("S", tree, None)
    if unknown := tree.keys() - {"category", "rate", "exemption"}:
        from multibill.codec.converter import unknown_field

        raise unknown_field(min(unknown), ("category", "rate", "exemption"))
    return shared(tree["category"], tree.get("rate", "0"), tree.get("exemption"))


def _money_out(money: Money) -> Tree:
    return {"amount": decimal_text(money.amount), "currency": money.currency}


def _money_in(tree: Any, _: Any) -> Money:
    return Money(tree["amount"], tree["currency"])


WIRE = Wire(
    hooks=(
        (Totals, _totals_out, _totals_in),
        (VAT, _vat_out, _vat_in),
        (Money, _money_out, _money_in),
    )
)


def draft_tree(tree: Tree, cls: type[Document]) -> Tree:
    """The tree of a draft as it is stored: without what follows from the rest.

    A draft stores what people said; an issue freezes what it means.
    """
    stored = {name: value for name, value in tree.items() if name not in model_map(cls).derived}
    if lines := stored.get("lines"):
        for line in lines.values():
            line.pop("net", None)
    return stored
