"""The settlement of one document: which payments and credit notes took how much from which VAT row. Pure values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import attrs

from multibill.codec import Tree, decimal_text
from multibill.documents import Document
from multibill.money import Money, decimal
from multibill.money.amount import total
from multibill.settlement.balance import Credited
from multibill.settlement.split import Rows, less, owed, split, taken_from, whole

STATES = ("open", "part-paid", "paid", "written-off")


@attrs.frozen(kw_only=True)
class Settlement:
    """What was settled of a document, beside it and with versions of its own.

    ``payments`` and ``credits`` are what each took from the debt, per VAT row; ``credited`` what each credit note
    takes back of lines and rows, applied to the debt or not; ``uses`` where a credit note itself went.
    """

    document: str
    currency: str
    payments: Mapping[str, Rows] = attrs.field(factory=dict)
    credits: Mapping[str, Rows] = attrs.field(factory=dict)
    credited: Mapping[str, Credited] = attrs.field(factory=dict)
    uses: Mapping[str, Money] = attrs.field(factory=dict)

    @classmethod
    def of(cls, tree: Tree) -> Self:
        """The settlement in a stored tree."""
        code = tree["currency"]
        sides = {name: _rows_in(tree.get(name, {}), code) for name in ("payments", "credits")}
        notes = {id: Credited.of(told, code) for id, told in tree.get("credited", {}).items()}
        uses = {id: Money(decimal(amount), code) for id, amount in tree.get("uses", {}).items()}
        return cls(document=tree["document"], currency=code, credited=notes, uses=uses, **sides)

    @property
    def tree(self) -> Tree:
        """The stored form: decimals beside one currency, no empty maps."""
        told: Tree = {"document": self.document, "currency": self.currency}
        told["payments"] = {id: _out(rows) for id, rows in self.payments.items()}
        told["credits"] = {id: _out(rows) for id, rows in self.credits.items()}
        told["credited"] = {id: found.tree for id, found in self.credited.items()}
        told["uses"] = _out(self.uses)
        return {name: value for name, value in told.items() if value}

    def left(self, document: Document) -> dict[str, Money]:
        """What remains to be paid of the document per row."""
        rows = owed(document)
        for taken in (*self.payments.values(), *self.credits.values()):
            rows = less(rows, taken)
        return rows

    def due(self, document: Document) -> Money:
        """What is due of an invoice, or what a credit note still has to give; never below zero."""
        if document.sign < 0:
            rest = document.totals.payable - total(self.uses.values(), self.currency)
        else:
            rest = whole(self.left(document), self.currency)
        return max(rest, Money(0, self.currency))

    def paying(self, document: Document, by: str, amount: Money) -> Settlement:
        """With an amount of a payment, at most what is due, spread over the rows."""
        before = self.payments.get(by, {})
        return self._with("payments", by, _joined(before, split(amount, self.left(document))))

    def without(self, payment: str) -> Settlement:
        """Without what a payment gave."""
        kept = {id: rows for id, rows in self.payments.items() if id != payment}
        return attrs.evolve(self, payments=kept)

    def crediting(self, document: Document, by: str, note: Rows, amount: Money) -> Settlement:
        """With an amount of a credit note, at most what is due: its own rows first, then whatever remains."""
        left, before = self.left(document), self.credits.get(by, {})
        if amount == whole(left, self.currency):
            return self._with("credits", by, _joined(before, split(amount, left)))
        own = taken_from(left, less(note, before))
        rest = amount - whole(own, self.currency)
        if rest.amount < 0:
            own = split(amount, own)
        taken = own if rest.amount <= 0 else _joined(own, split(rest, less(left, own)))
        return self._with("credits", by, _joined(before, taken))

    def using(self, invoice: str, amount: Money) -> Settlement:
        """A credit note's own settlement, with an amount that went to an invoice."""
        used = self.uses.get(invoice, Money(0, self.currency)) + amount
        return attrs.evolve(self, uses={**self.uses, invoice: used}) if amount else self

    def _with(self, side: str, by: str, rows: Rows) -> Settlement:
        known: Mapping[str, Rows] = getattr(self, side)
        changed: Any = {side: {**known, by: rows}}
        return attrs.evolve(self, **changed) if rows else self


def standing(document: Document, settled: Settlement | None) -> tuple[str | None, Money | None]:
    """How an issued invoice or credit note stands, and what is still due of it; nothing for any other.

    A credit note is ``paid`` when all of it went somewhere: off its invoice, or off another.
    """
    return issued_standing(document, settled) if document.phase == "issued" else (None, None)


def issued_standing(
    document: Document, settled: Settlement | None
) -> tuple[str | None, Money | None]:
    """The same of a document that is issued, or about to be; nothing for one that changes no debt."""
    if not document.sign:
        return None, None
    payable = document.totals.payable
    if settled is None and payable.amount > 0 and payable == document.totals.gross:
        return "open", payable  # nothing was taken, before or since
    due = (settled or Settlement(document=document.id, currency=document.currency)).due(document)
    if not due:
        return "paid", due
    return "open" if due == payable else "part-paid", due


def _joined(one: Rows, other: Rows) -> dict[str, Money]:
    sums = dict(one)
    for key, amount in other.items():
        sums[key] = sums[key] + amount if key in sums else amount
    return {key: amount for key, amount in sums.items() if amount}


def _rows_in(tree: Tree, code: str) -> dict[str, Rows]:
    return {
        id: {key: Money(decimal(amount), code) for key, amount in rows.items()}
        for id, rows in tree.items()
    }


def _out(rows: Rows) -> Tree:
    return {key: decimal_text(amount.amount) for key, amount in rows.items()}
