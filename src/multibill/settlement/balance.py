"""What credit notes have taken back of a document, and what can still be credited: per line and per VAT row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Self

import attrs

from multibill.codec import Tree, decimal_text
from multibill.documents import Document
from multibill.documents.totals import ZERO
from multibill.money import ARITHMETIC, Money, decimal

Row = tuple[Money, Money]
"""Taxable amount and tax of a VAT row."""

Part = tuple[Decimal, Decimal]
"""Quantity and net amount of a line."""


@attrs.frozen(kw_only=True)
class Credited:
    """What one credit note takes back: per VAT row, per line of the invoice, per allowance or charge of the document.

    Lines, allowances and charges are those whose ids stand in the invoice; everything stands in the rows.
    """

    rows: Mapping[str, Row]
    lines: Mapping[str, Part]
    amounts: Mapping[str, Decimal]

    @classmethod
    def of(cls, tree: Tree, code: str) -> Self:
        """What stands in a stored tree."""
        rows = {
            key: (Money(decimal(row["taxable"]), code), Money(decimal(row["tax"]), code))
            for key, row in tree.get("rows", {}).items()
        }
        lines = {
            id: (decimal(line["quantity"]), decimal(line["net"]))
            for id, line in tree.get("lines", {}).items()
        }
        amounts = {id: decimal(amount) for id, amount in tree.get("amounts", {}).items()}
        return cls(rows=rows, lines=lines, amounts=amounts)

    @property
    def tree(self) -> Tree:
        """The stored form."""
        told: Tree = {
            "rows": {
                key: {"taxable": decimal_text(taxable.amount), "tax": decimal_text(tax.amount)}
                for key, (taxable, tax) in self.rows.items()
            },
            "lines": {
                id: {"quantity": decimal_text(quantity), "net": decimal_text(net)}
                for id, (quantity, net) in self.lines.items()
            },
            "amounts": {id: decimal_text(amount) for id, amount in self.amounts.items()},
        }
        return {name: value for name, value in told.items() if value}


@attrs.frozen(kw_only=True)
class Balance:
    """What remains of a document to be credited, by the same keys."""

    rows: Mapping[str, Row]
    lines: Mapping[str, Part]
    amounts: Mapping[str, Decimal]

    def row(self, key: str, currency: str) -> Row:
        """Taxable amount and tax that remain of a row; nothing of one that the document has not."""
        nothing = Money(ZERO, currency)
        return self.rows.get(key, (nothing, nothing))

    @property
    def empty(self) -> bool:
        """Whether nothing remains."""
        return not any(taxable or tax for taxable, tax in self.rows.values())


def figures(document: Document) -> Credited:
    """Everything that a document says, by the keys under which it is credited."""
    totals = document.totals
    items = [item.id for item in (*document.allowances, *document.charges)]
    return Credited(
        rows={row.key: (row.taxable, row.tax) for row in totals.breakdown},
        lines={
            line.id: (line.quantity, totals.nets[line.id])
            for line in document.lines
            if line.id is not None
        },
        amounts={id: totals.amounts[id] for id in items if id is not None},
    )


def credited(note: Document, original: Document) -> Credited:
    """What a credit note takes back of its original; an allowance below zero comes back as a charge, and vice versa."""
    told, known = figures(note), figures(original)
    turned = {item.id for item in note.charges} & {item.id for item in original.allowances}
    turned |= {item.id for item in note.allowances} & {item.id for item in original.charges}
    return Credited(
        rows=told.rows,
        lines={id: part for id, part in told.lines.items() if id in known.lines},
        amounts={
            id: amount.copy_negate() if id in turned else amount
            for id, amount in told.amounts.items()
            if id in known.amounts
        },
    )


def balance(original: Document, before: Iterable[Credited]) -> Balance:
    """What remains of a document after the credit notes so far."""
    whole = figures(original)
    rows, lines, amounts = dict(whole.rows), dict(whole.lines), dict(whole.amounts)
    for taken in before:
        for key, (taxable, tax) in taken.rows.items():
            rows[key] = rows[key][0] - taxable, rows[key][1] - tax
        for id, (quantity, net) in taken.lines.items():
            less = ARITHMETIC.subtract
            lines[id] = less(lines[id][0], quantity), less(lines[id][1], net)
        for id, amount in taken.amounts.items():
            amounts[id] = ARITHMETIC.subtract(amounts[id], amount)
    return Balance(rows=rows, lines=lines, amounts=amounts)
