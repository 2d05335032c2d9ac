"""How a document is to be paid (BG-16): credit transfer, card, direct debit. What was paid lives elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable

import attrs

from multibill.documents.converters import optional_key
from multibill.errors import InvalidValue
from multibill.model import Masked, instance_of, optional_text, said, term, text, told_apart


def means_code(value: str) -> str:
    """A payment means of UNTDID 4461, by its form: ``58`` SEPA credit transfer, ``30``, ``59``, ``48``, ``10``.

    >>> means_code("58")
    '58'
    """
    if isinstance(value, str) and re.fullmatch("[1-9][0-9]?|ZZZ", value):
        return str(value)
    raise InvalidValue(
        f"{value!r} is no payment means of UNTDID 4461; write 58 for a SEPA credit transfer"
    )


def account_number(value: str) -> str:
    """An account number without spaces, in capitals; whether an IBAN is right is for the checks to say.

    >>> account_number("fr76 3000 6000 0112 3456 7890 189")
    'FR7630006000011234567890189'
    """
    if isinstance(value, Masked):
        return value
    number = "".join(text(value).split()).upper()
    if 0 < len(number) <= 64:
        return number
    raise InvalidValue("an account number is 1 to 64 characters")


def _optional_account(value: str | None) -> str | None:
    return None if value is None or value == "" else account_number(value)


@attrs.frozen(kw_only=True)
class CreditTransfer:
    """An account to pay into (BG-17): IBAN or national number, holder, BIC.

    >>> CreditTransfer(account="FR76 3000 6000 0112 3456 7890 189").account
    'FR7630006000011234567890189'
    """

    id: str | None = attrs.field(default=None, converter=optional_key)
    account: str = attrs.field(converter=account_number, metadata=term("BT-84", sensitive="bank"))
    holder: str | None = attrs.field(
        default=None, converter=optional_text, metadata=term("BT-85", sensitive="bank")
    )
    bic: str | None = attrs.field(
        default=None, converter=_optional_account, metadata=term("BT-86", sensitive="bank")
    )


@attrs.frozen(kw_only=True)
class Card:
    """A payment card (BG-18): the last four to six digits of its number, as PCI DSS allows, and its holder."""

    number: str = attrs.field(metadata=term("BT-87", sensitive="bank"))
    holder: str | None = attrs.field(
        default=None, converter=optional_text, metadata=term("BT-88", sensitive="bank")
    )

    @number.validator
    def _short(self, _: object, value: str) -> None:
        if isinstance(value, Masked):
            return
        if not isinstance(value, str) or not re.fullmatch("[0-9*Xx ]{0,19}[0-9]{4,6}", value):
            raise InvalidValue("write the last 4 to 6 digits of the card, such as '****4242'")
        if sum(map(str.isdigit, value)) > 10:
            raise InvalidValue("a full card number must not be stored (PCI DSS 3.4)")


@attrs.frozen(kw_only=True)
class DirectDebit:
    """A direct debit (BG-19): mandate, creditor identifier, the account that is debited."""

    mandate: str | None = attrs.field(
        default=None, converter=optional_text, metadata=term("BT-89", sensitive="bank")
    )
    creditor: str | None = attrs.field(
        default=None, converter=optional_text, metadata=term("BT-90", sensitive="bank")
    )
    account: str | None = attrs.field(
        default=None, converter=_optional_account, metadata=term("BT-91", sensitive="bank")
    )


def _transfers(values: Iterable[CreditTransfer]) -> tuple[CreditTransfer, ...]:
    return told_apart(CreditTransfer, values, "transfers")


@attrs.frozen(kw_only=True)
class PaymentInstructions:
    """How to pay (BG-16): the means (UNTDID 4461), what to quote, and the accounts, card or mandate.

    >>> PaymentInstructions(
    ...     means="58", transfers=[CreditTransfer(account="FR7630006000011234567890189")]
    ... ).means
    '58'
    """

    means: str = attrs.field(default="30", converter=means_code, metadata=term("BT-81"))
    text: str | None = attrs.field(default=None, converter=optional_text, metadata=term("BT-82"))
    remittance: str | None = attrs.field(
        default=None, converter=optional_text, metadata=term("BT-83")
    )
    transfers: tuple[CreditTransfer, ...] = attrs.field(
        default=(), converter=_transfers, metadata=term()
    )
    card: Card | None = attrs.field(
        default=None, validator=instance_of(Card, optional=True), metadata=term()
    )
    debit: DirectDebit | None = attrs.field(
        default=None,
        converter=said,
        validator=instance_of(DirectDebit, optional=True),
        metadata=term(),
    )
