"""The accounts that a document may name: those that a second person confirmed for its seller (see ``BankAccount``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial

from multibill.documents import CreditTransfer, Document
from multibill.documents.checks.finding import Check, Place, among, rule
from multibill.records import BankAccount

WHAT = {
    "account": {"en": "the account", "fr": "le compte"},
    "holder": {"en": "the account holder", "fr": "le titulaire"},
    "bic": {"en": "the BIC", "fr": "le BIC"},
}


def names_accounts(document: Document) -> bool:
    """Whether the seller's customer is asked to pay into accounts.

    Not where the money goes to the buyer, as by a credit note: an account there is the buyer's. What was paid before
    and how much is rounded, which whoever drafts can say, make no difference. Factoring and
    self-billing make no difference, or either would be the way round: the factor's account, and the supplier's, are
    accounts of the seller's register like any other.
    """
    payment = document.payment
    return bool(payment and payment.transfers and document.sign * document.totals.gross.amount >= 0)


def confirmed_only(accounts: Sequence[BankAccount]) -> Check:
    """The rule MB-ACCOUNT: a document's transfers name confirmed accounts of its seller.

    Args:
        accounts: every confirmed account of the house. Where there is none at all it keeps no such register, and the
            rule only warns; with the first one it binds all sellers, so that a new seller is no way round.
    """
    return rule(
        "MB-ACCOUNT",
        partial(_unconfirmed, accounts),
        law="four eyes on bank accounts; EN 16931-1:2017, BT-84, BT-85, BT-86",
        severity="error" if accounts else "warning",
        en=(
            "{what} {said} is not what a second person confirmed for the seller",
            "refresh the draft, name a confirmed account of the seller, or have this one saved and confirmed",
        ),
        fr=(
            "{what} {said} n'a pas été confirmé pour le vendeur par une seconde personne",
            "actualisez le brouillon, nommez un compte confirmé du vendeur, ou faites confirmer celui-ci",
        ),
        needs="payment",
    )


def _unconfirmed(accounts: Iterable[BankAccount], document: Document, _: date) -> Iterator[Place]:
    own = [account for account in accounts if account.seller == document.seller_ref]
    for transfer in document.payment.transfers if document.payment else ():
        for name, said in _unknown(transfer, own):
            place = among("/payment/transfers", transfer, name)
            yield place, {"what": WHAT[name], "said": said}


def _unknown(transfer: CreditTransfer, own: Iterable[BankAccount]) -> Iterator[tuple[str, str]]:
    """What of a transfer stands in no account: the number, or what is said beside it, which need not be said."""
    same = [account for account in own if account.account == transfer.account]
    if not same:
        yield "account", f"…{transfer.account[-4:]}"
        return
    # a national number is only an account together with its bank
    for name, said in (("holder", transfer.holder), ("bic", transfer.bic)):
        if said is not None and said not in {getattr(account, name) for account in same}:
            yield name, said
