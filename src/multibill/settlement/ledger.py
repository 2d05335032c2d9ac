"""The settlement of one document: which payments and credit notes took how much from which VAT row. Pure values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Self

import attrs

from multibill.clock import day
from multibill.codec import Tree, decimal_text
from multibill.documents import Document
from multibill.money import Money, decimal
from multibill.money.amount import total
from multibill.settlement.balance import Credited
from multibill.settlement.split import Rows, less, owed, split, taken_from, whole

STATES = ("open", "part-paid", "paid", "written-off")


@attrs.frozen(kw_only=True)
class WriteOff:
    """What of an invoice was given up, per VAT row; since when and why."""

    rows: Rows
    on: date = attrs.field(converter=day)
    reason: str

    @classmethod
    def of(cls, tree: Tree, code: str) -> Self:
        """The write-off in a stored tree."""
        return cls(rows=_in(tree["rows"], code), on=tree["on"], reason=tree["reason"])

    @property
    def tree(self) -> Tree:
        """The stored form."""
        return {"rows": _out(self.rows), "on": self.on.isoformat(), "reason": self.reason}


@attrs.frozen(kw_only=True)
class Settlement:
    """What was settled of a document, beside it and with versions of its own.

    ``payments`` and ``credits`` are what each took from the debt, per VAT row; ``credited`` what each credit note
    takes back of lines and rows, applied to the debt or not; ``written_off`` what was given up. A credit note's own
    says where it went: ``uses`` off which invoices, ``refunds`` back to the customer.
    """

    document: str
    currency: str
    payments: Mapping[str, Rows] = attrs.field(factory=dict)
    credits: Mapping[str, Rows] = attrs.field(factory=dict)
    credited: Mapping[str, Credited] = attrs.field(factory=dict)
    written_off: WriteOff | None = None
    uses: Mapping[str, Money] = attrs.field(factory=dict)
    refunds: Mapping[str, Money] = attrs.field(factory=dict)

    @classmethod
    def of(cls, tree: Tree) -> Self:
        """The settlement in a stored tree."""
        code = tree["currency"]
        notes = {id: Credited.of(told, code) for id, told in tree.get("credited", {}).items()}
        lost = WriteOff.of(tree["written_off"], code) if "written_off" in tree else None
        return cls(
            document=tree["document"],
            currency=code,
            payments=_rows_in(tree.get("payments", {}), code),
            credits=_rows_in(tree.get("credits", {}), code),
            credited=notes,
            written_off=lost,
            uses=_in(tree.get("uses", {}), code),
            refunds=_in(tree.get("refunds", {}), code),
        )

    @property
    def tree(self) -> Tree:
        """The stored form: decimals beside one currency, no empty maps."""
        told: Tree = {"document": self.document, "currency": self.currency}
        told["payments"] = {id: _out(rows) for id, rows in self.payments.items()}
        told["credits"] = {id: _out(rows) for id, rows in self.credits.items()}
        told["credited"] = {id: found.tree for id, found in self.credited.items()}
        told["written_off"] = self.written_off.tree if self.written_off else {}
        told["uses"], told["refunds"] = _out(self.uses), _out(self.refunds)
        return {name: value for name, value in told.items() if value}

    def left(self, document: Document) -> dict[str, Money]:
        """What remains to be paid of the document per row."""
        rows = owed(document)
        lost = (self.written_off.rows,) if self.written_off else ()
        for taken in (*self.payments.values(), *self.credits.values(), *lost):
            rows = less(rows, taken)
        return rows

    def due(self, document: Document) -> Money:
        """What is due of an invoice, or what a credit note still has to give; never below zero."""
        if document.sign < 0:
            went = (*self.uses.values(), *self.refunds.values())
            rest = document.totals.payable - total(went, self.currency)
        else:
            rest = whole(self.left(document), self.currency)
        return max(rest, Money(0, self.currency))

    def unpaid(self, document: Document) -> Money:
        """What is due and what was given up: so much of an invoice a credit note can take off."""
        lost = whole(self.written_off.rows, self.currency) if self.written_off else None
        return self.due(document) + lost if lost else self.due(document)

    def paying(self, document: Document, by: str, amount: Money) -> Settlement:
        """With an amount of a payment, at most what is due, spread over the rows."""
        before = self.payments.get(by, {})
        return self._with("payments", by, _joined(before, split(amount, self.left(document))))

    def without(self, payment: str) -> Settlement:
        """Without what a payment gave."""
        kept = {id: rows for id, rows in self.payments.items() if id != payment}
        return attrs.evolve(self, payments=kept)

    def crediting(self, document: Document, by: str, note: Rows, amount: Money) -> Settlement:
        """With an amount of a credit note, at most what is unpaid: off what is due, then off what was written off."""
        first = min(amount, self.due(document))
        told = self._credited(document, by, note, first) if first else self
        lost, rest = told.written_off, amount - first
        if lost is None or not rest:
            return told
        freed = told.reinstated()._credited(document, by, note, rest)
        left = {key: part for key, part in freed.left(document).items() if part}
        return attrs.evolve(freed, written_off=attrs.evolve(lost, rows=left) if left else None)

    def _credited(self, document: Document, by: str, note: Rows, amount: Money) -> Settlement:
        """The note's own rows first, then whatever remains."""
        left, before = self.left(document), self.credits.get(by, {})
        if amount == whole(left, self.currency):
            return self._with("credits", by, _joined(before, split(amount, left)))
        own = taken_from(left, less(note, before))
        rest = amount - whole(own, self.currency)
        if rest.amount < 0:
            own = split(amount, own)
        taken = own if rest.amount <= 0 else _joined(own, split(rest, less(left, own)))
        return self._with("credits", by, _joined(before, taken))

    def giving_up(self, document: Document, on: date, reason: str) -> Settlement:
        """With all that is due written off, beside what was before."""
        before = self.written_off.rows if self.written_off else {}
        lost = WriteOff(rows=_joined(before, self.left(document)), on=on, reason=reason)
        return attrs.evolve(self, written_off=lost)

    def reinstated(self) -> Settlement:
        """Without the write-off: what was given up is due again."""
        return attrs.evolve(self, written_off=None)

    def using(self, invoice: str, amount: Money) -> Settlement:
        """A credit note's own settlement, with an amount that went to an invoice."""
        used = self.uses.get(invoice, Money(0, self.currency)) + amount
        return attrs.evolve(self, uses={**self.uses, invoice: used}) if amount else self

    def refunding(self, refund: str, amount: Money) -> Settlement:
        """A credit note's own settlement, with an amount that was paid back."""
        return attrs.evolve(self, refunds={**self.refunds, refund: amount})

    def not_refunding(self, refund: str) -> Settlement:
        """The same without a refund that came back."""
        kept = {id: amount for id, amount in self.refunds.items() if id != refund}
        return attrs.evolve(self, refunds=kept)

    def _with(self, side: str, by: str, rows: Rows) -> Settlement:
        known: Mapping[str, Rows] = getattr(self, side)
        changed: Any = {side: {**known, by: rows}}
        return attrs.evolve(self, **changed) if rows else self


def standing(document: Document, settled: Settlement | None) -> tuple[str | None, Money | None]:
    """How an issued invoice or credit note stands, and what is still due of it; nothing for any other.

    A credit note is ``paid`` when all of it went somewhere: off its invoice, off another, or back to the customer.
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
    known = settled or Settlement(document=document.id, currency=document.currency)
    if not (due := known.due(document)):
        return "written-off" if known.written_off else "paid", due
    return "open" if due == payable else "part-paid", due


def _joined(one: Rows, other: Rows) -> dict[str, Money]:
    sums = dict(one)
    for key, amount in other.items():
        sums[key] = sums[key] + amount if key in sums else amount
    return {key: amount for key, amount in sums.items() if amount}


def _rows_in(tree: Tree, code: str) -> dict[str, Rows]:
    return {id: _in(rows, code) for id, rows in tree.items()}


def _in(tree: Tree, code: str) -> Rows:
    return {key: Money(decimal(amount), code) for key, amount in tree.items()}


def _out(rows: Rows) -> Tree:
    return {key: decimal_text(amount.amount) for key, amount in rows.items()}
