"""Payments and refunds as values, and what is left over of them. Plain values; no storage, no rights."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, ClassVar, Literal, Self

import attrs

from multibill.clock import day
from multibill.codec import Tree, decimal_text
from multibill.errors import InvalidValue
from multibill.ids import key
from multibill.model import optional_text
from multibill.money import Money, decimal
from multibill.money.amount import total


def _positive(value: Money) -> Money:
    if value.amount > 0:
        return value
    raise InvalidValue(f"{value} is nothing that was paid; give an amount above zero")


@attrs.frozen(kw_only=True)
class Payment:
    """Money that a customer paid on a day, and which documents it settles.

    ``allocations`` names the documents that the reader may see, ``refunds`` what was paid back; ``unallocated`` is what
    stands to the customer's credit. A reversed payment keeps its amount and has the reason in ``reversed``; it settles
    nothing any more.
    """

    kind: ClassVar[str] = "payment"

    id: str = attrs.field(converter=key)
    version: int = 1
    customer: str = attrs.field(converter=key)
    amount: Money = attrs.field(converter=_positive)
    on: date = attrs.field(converter=day)
    method: str | None = attrs.field(default=None, converter=optional_text)
    reference: str | None = attrs.field(default=None, converter=optional_text)
    allocations: Mapping[str, Money] = attrs.field(factory=dict, hash=False)
    refunds: Mapping[str, Money] = attrs.field(factory=dict, hash=False)
    unallocated: Money
    reversed: str | None = None

    @classmethod
    def made(cls, **fields: Any) -> Self:
        """A payment that settles nothing yet."""
        return cls(unallocated=fields["amount"], **fields)

    @classmethod
    def of(cls, id: str, version: int, tree: Tree) -> Self:
        """The payment in a stored tree."""
        code = tree["currency"]
        amount = Money(decimal(tree["amount"]), code)
        given, back = (_in(tree.get(name, {}), code) for name in ("allocations", "refunds"))
        plain = {name: tree.get(name) for name in ("method", "reference", "reversed")}
        free = amount - total((*given.values(), *back.values()), code)
        return cls(
            id=id,
            version=version,
            customer=tree["customer"],
            amount=amount,
            on=tree["on"],
            allocations=given,
            refunds=back,
            unallocated=free - free if plain["reversed"] is not None else free,
            **plain,
        )

    @property
    def tree(self) -> Tree:
        """The stored form."""
        told: Tree = {
            "customer": self.customer,
            "amount": decimal_text(self.amount.amount),
            "currency": self.amount.currency,
            "on": self.on.isoformat(),
            "method": self.method,
            "reference": self.reference,
            "reversed": self.reversed,
            "allocations": _out(self.allocations),
            "refunds": _out(self.refunds),
        }
        return {name: value for name, value in told.items() if value not in (None, {})}

    def giving(self, document: str, amount: Money) -> Self:
        """With an amount that goes to a document."""
        known = self.allocations.get(document)
        given = {**self.allocations, document: amount if known is None else known + amount}
        return attrs.evolve(self, allocations=given, unallocated=self.unallocated - amount)

    def releasing(self, documents: Collection[str]) -> Self:
        """Without what it gave to these documents."""
        kept = {doc: part for doc, part in self.allocations.items() if doc not in documents}
        gone = total(self.allocations.values(), self.amount.currency)
        gone -= total(kept.values(), self.amount.currency)
        return attrs.evolve(self, allocations=kept, unallocated=self.unallocated + gone)

    def refunding(self, refund: str, amount: Money) -> Self:
        """With an amount that was paid back."""
        back = {**self.refunds, refund: amount}
        return attrs.evolve(self, refunds=back, unallocated=self.unallocated - amount)

    def not_refunding(self, refund: str) -> Self:
        """Without a refund that came back."""
        kept = {id: amount for id, amount in self.refunds.items() if id != refund}
        free = self.unallocated + self.refunds[refund]
        return attrs.evolve(self, refunds=kept, unallocated=free)

    def taken_back(self, reason: str) -> Self:
        """Reversed: every allocation is gone, and nothing stands to the customer's credit."""
        nothing = self.amount - self.amount
        return attrs.evolve(self, allocations={}, unallocated=nothing, reversed=reason)


SOURCES = ("payment", "credit_note")


@attrs.frozen(kw_only=True)
class Refund:
    """Money paid back to a customer on a day, out of what was left of a payment or of a credit note.

    ``source`` says of which of the two, ``of`` is its id. One that came back keeps its amount and has the reason in
    ``reversed``.
    """

    kind: ClassVar[str] = "refund"

    id: str = attrs.field(converter=key)
    version: int = 1
    customer: str = attrs.field(converter=key)
    source: Literal["payment", "credit_note"] = attrs.field(validator=attrs.validators.in_(SOURCES))
    of: str = attrs.field(converter=key)
    amount: Money = attrs.field(converter=_positive)
    on: date = attrs.field(converter=day)
    method: str | None = attrs.field(default=None, converter=optional_text)
    reference: str | None = attrs.field(default=None, converter=optional_text)
    reversed: str | None = None

    @classmethod
    def stored(cls, id: str, version: int, tree: Tree) -> Self:
        """The refund in a stored tree."""
        said = {name: value for name, value in tree.items() if name not in ("amount", "currency")}
        amount = Money(decimal(tree["amount"]), tree["currency"])
        return cls(id=id, version=version, amount=amount, **said)

    @property
    def tree(self) -> Tree:
        """The stored form."""
        told: Tree = {
            "customer": self.customer,
            "source": self.source,
            "of": self.of,
            "amount": decimal_text(self.amount.amount),
            "currency": self.amount.currency,
            "on": self.on.isoformat(),
            "method": self.method,
            "reference": self.reference,
            "reversed": self.reversed,
        }
        return {name: value for name, value in told.items() if value is not None}


def _in(tree: Tree, code: str) -> dict[str, Money]:
    return {id: Money(decimal(part), code) for id, part in tree.items()}


def _out(parts: Mapping[str, Money]) -> Tree:
    return {id: decimal_text(part.amount) for id, part in parts.items()}


@attrs.frozen(kw_only=True)
class Surplus:
    """What stands to a customer's credit: the rest of a payment, or of a credit note.

    ``ws.payments.allocate`` and ``ws.payments.refund`` take it.
    """

    kind: Literal["payment", "credit_note"]
    id: str
    amount: Money
    on: date | None
    name: str | None
