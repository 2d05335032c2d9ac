"""Bank accounts of sellers, as values: what is confirmed, and what somebody proposed. Who may confirm is the desk's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

import attrs

from multibill.documents.payment import account_number
from multibill.errors import InvalidValue
from multibill.ids import key
from multibill.model import instance_of, optional_text, term
from multibill.records.register import Register


def _optional_number(value: str | None) -> str | None:
    return None if value is None or value == "" else account_number(value)


def _persons(values: Iterable[str]) -> frozenset[str]:
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise InvalidValue(f"write a set of persons, not {values!r}")
    return frozenset(map(key, values))


@attrs.frozen(kw_only=True)
class Proposal:
    """What a bank account would become, and the persons who stand behind that: none of them may confirm it."""

    account: str = attrs.field(converter=account_number, metadata=term(sensitive="bank"))
    holder: str | None = attrs.field(
        default=None, converter=optional_text, metadata=term(sensitive="bank")
    )
    bic: str | None = attrs.field(
        default=None, converter=_optional_number, metadata=term(sensitive="bank")
    )
    by: frozenset[str] = attrs.field(converter=_persons, metadata=term())

    @property
    def details(self) -> tuple[str | None, ...]:
        """Number, holder and BIC."""
        return self.account, self.holder, self.bic


@attrs.frozen
class BankAccount(Register):
    """An account that customers pay into: ``BankAccount("main", "FR76 3000 ...", seller="studio")``.

    ``account`` is the IBAN or national number, ``holder`` and ``bic`` say more of it; ``name`` is only for the team.
    These three are what a second person confirmed: a new or changed one stands in ``pending`` until then, and
    ``account`` is None until a first one is confirmed.

    >>> BankAccount("main", "fr76 3000 6000 0112 3456 7890 189", seller="studio").account
    'FR7630006000011234567890189'
    """

    kind: ClassVar[str] = "account"
    account: str | None = attrs.field(
        default=None, converter=_optional_number, metadata=term("BT-84", sensitive="bank")
    )
    seller: str = attrs.field(kw_only=True, converter=key, metadata=term())
    holder: str | None = attrs.field(
        default=None,
        kw_only=True,
        converter=optional_text,
        metadata=term("BT-85", sensitive="bank"),
    )
    bic: str | None = attrs.field(
        default=None,
        kw_only=True,
        converter=_optional_number,
        metadata=term("BT-86", sensitive="bank"),
    )
    name: str | None = attrs.field(
        default=None, kw_only=True, converter=optional_text, metadata=term()
    )
    pending: Proposal | None = attrs.field(
        default=None,
        kw_only=True,
        validator=instance_of(Proposal, optional=True),
        metadata=term(fixed=True),
    )

    @property
    def details(self) -> tuple[str | None, ...]:
        """Number, holder and BIC: what a second person confirms."""
        return self.account, self.holder, self.bic
