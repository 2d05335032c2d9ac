"""A payment as a value, and what is left over of one. Plain values; no storage, no rights."""

from __future__ import annotations

from collections.abc import Mapping
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

    ``allocations`` names the documents that the reader may see; ``unallocated`` is what stands to the customer's
    credit. A reversed payment keeps its amount and has the reason in ``reversed``; it settles nothing any more.
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
        given = {
            doc: Money(decimal(part), code) for doc, part in tree.get("allocations", {}).items()
        }
        plain = {name: tree.get(name) for name in ("method", "reference", "reversed")}
        free = amount - total(given.values(), code)
        return cls(
            id=id,
            version=version,
            customer=tree["customer"],
            amount=amount,
            on=tree["on"],
            allocations=given,
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
            "allocations": {
                doc: decimal_text(part.amount) for doc, part in self.allocations.items()
            },
        }
        return {name: value for name, value in told.items() if value not in (None, {})}

    def giving(self, document: str, amount: Money) -> Self:
        """With an amount that goes to a document."""
        known = self.allocations.get(document)
        given = {**self.allocations, document: amount if known is None else known + amount}
        return attrs.evolve(self, allocations=given, unallocated=self.unallocated - amount)

    def taken_back(self, reason: str) -> Self:
        """Reversed: every allocation is gone, and nothing stands to the customer's credit."""
        nothing = self.amount - self.amount
        return attrs.evolve(self, allocations={}, unallocated=nothing, reversed=reason)


@attrs.frozen(kw_only=True)
class Surplus:
    """What stands to a customer's credit: the rest of a payment, or of a credit note; ``allocate`` takes its ``id``."""

    kind: Literal["payment", "credit_note"]
    id: str
    amount: Money
    on: date | None
    name: str | None
