"""How to pay: a known means, the account that it needs, digits that check, no full card number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from multibill.documents.checks.codes import MEANS
from multibill.documents.checks.finding import Place, among, blank, rule
from multibill.documents.document import Document

TRANSFERS = frozenset({"30", "58"})
"""Means that are credit transfers (BR-61)."""

SEPA = frozenset({"58", "59"})
"""Means that know accounts by their IBAN alone (Regulation 260/2012, annex)."""


@lru_cache(maxsize=1024)
def valid_iban(number: str) -> bool:
    """Whether the digits of an IBAN check, its country's form included.

    >>> valid_iban("FR7630006000011234567890189"), valid_iban("FR7630006000011234567890188")
    (True, False)
    """
    from stdnum import iban

    return iban.is_valid(number)


@lru_cache(maxsize=1024)
def valid_bic(code: str) -> bool:
    """Whether a BIC has the form of one (ISO 9362).

    >>> valid_bic("AGRIFRPP"), valid_bic("AGRI")
    (True, False)
    """
    from stdnum import bic

    return bic.is_valid(code)


def accounts(document: Document) -> Iterator[tuple[str, str]]:
    """Every account that is said, and where."""
    if document.payment is None:
        return
    for transfer in document.payment.transfers:
        if not blank(transfer.account):
            yield among("/payment/transfers", transfer, "account"), transfer.account
    debit = document.payment.debit
    if debit and debit.account:
        yield "/payment/debit/account", debit.account


def no_means(document: Document, _: date) -> Iterator[Place]:
    """Finds instructions that do not say by what means."""
    if document.payment and blank(document.payment.means):
        yield "/payment/means", {}


def unknown_means(document: Document, _: date) -> Iterator[Place]:
    """Finds means that UNTDID 4461 does not list."""
    means = document.payment.means if document.payment else None
    if not blank(means) and means not in MEANS:
        yield "/payment/means", {"code": means}


def no_account(document: Document, _: date) -> Iterator[Place]:
    """Finds accounts without number."""
    for transfer in document.payment.transfers if document.payment else ():
        if blank(transfer.account):
            yield among("/payment/transfers", transfer, "account"), {}


def no_transfer(document: Document, _: date) -> Iterator[Place]:
    """Finds credit transfers that name no account."""
    payment = document.payment
    if payment and payment.means in TRANSFERS and not payment.transfers:
        yield "/payment/transfers", {"code": payment.means}


def long_card(document: Document, _: date) -> Iterator[Place]:
    """Finds card numbers of more than ten characters: more than may be shown."""
    card = document.payment.card if document.payment else None
    if card and len(card.number.replace(" ", "")) > 10:
        yield "/payment/card/number", {}


def false_ibans(document: Document, _: date) -> Iterator[Place]:
    """Finds IBANs whose digits do not check, and accounts for SEPA that are no IBAN."""
    sepa = document.payment is not None and document.payment.means in SEPA
    for path, number in accounts(document):
        if (sepa or re.match("[A-Z]{2}[0-9]{2}", number)) and not valid_iban(number):
            yield path, {"number": f"…{number[-4:]}"}


def false_bics(document: Document, _: date) -> Iterator[Place]:
    """Finds BICs that have not the form of one."""
    for transfer in document.payment.transfers if document.payment else ():
        if transfer.bic is not None and not valid_bic(transfer.bic):
            yield among("/payment/transfers", transfer, "bic"), {"code": transfer.bic}


PAYING = (
    rule(
        "BR-49",
        no_means,
        en=("the payment instructions name no means", "give one, such as 58 for a SEPA transfer"),
        fr=("le moyen de paiement n'est pas indiqué", "indiquez-en un, 58 pour un virement SEPA"),
        needs="payment",
    ),
    rule(
        "BR-50",
        no_account,
        en=("a credit transfer names no account", "give the IBAN, or remove it"),
        fr=("un virement ne nomme pas de compte", "indiquez l'IBAN, ou retirez-le"),
        needs="payment",
    ),
    rule(
        "BR-51",
        long_card,
        law="EN 16931-1:2017; PCI DSS 3.4",
        severity="warning",
        en=("the card number is too long", "leave at most the last four to six digits"),
        fr=(
            "le numéro de carte est trop long",
            "laissez au plus les quatre à six derniers chiffres",
        ),
        needs="payment",
    ),
    rule(
        "BR-61",
        no_transfer,
        en=(
            "means {code} is a credit transfer, and no account is named",
            "give the account, or choose another means",
        ),
        fr=(
            "le moyen {code} est un virement, et aucun compte n'est nommé",
            "indiquez le compte, ou choisissez un autre moyen",
        ),
        needs="payment",
    ),
    rule(
        "BR-CL-16",
        unknown_means,
        law="EN 16931-1:2017; UNTDID 4461",
        en=("{code} is no payment means of UNTDID 4461", "take one, such as 58"),
        fr=("{code} n'est pas un moyen de paiement UNTDID 4461", "prenez-en un, par exemple 58"),
        needs="payment",
    ),
    rule(
        "MB-BIC",
        false_bics,
        law="EN 16931-1:2017, BT-86; ISO 9362",
        en=("{code} is no BIC", "give its 8 or 11 characters, or leave it out"),
        fr=("{code} n'est pas un BIC", "indiquez ses 8 ou 11 caractères, ou retirez-le"),
        needs="payment",
    ),
    rule(
        "MB-IBAN",
        false_ibans,
        law="EN 16931-1:2017, BT-84, BT-91; ISO 13616",
        en=(
            "the account {number} is no IBAN that checks",
            "copy it again from the bank's document",
        ),
        fr=(
            "le compte {number} n'est pas un IBAN juste",
            "recopiez-le depuis le relevé de la banque",
        ),
        needs="payment",
    ),
)
