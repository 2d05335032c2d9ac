"""Snapshots: what a document copies from the registers, so that later changes there touch it no more."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import attrs

from multibill.documents import CreditTransfer, PaymentInstructions
from multibill.errors import NotFound
from multibill.history import rewound
from multibill.ids import is_key
from multibill.ports import UnitOfWork
from multibill.records import BankAccount, Customer, Seller, Template
from multibill.workspace.desk import Desk
from multibill.workspace.kinds import Kind

SEPA = frozenset(
    [
        "AD",
        "AL",
        "AT",
        "BE",
        "BG",
        "CH",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GB",
        "GI",
        "GR",
        "HR",
        "HU",
        "IE",
        "IS",
        "IT",
        "LI",
        "LT",
        "LU",
        "LV",
        "MC",
        "MD",
        "ME",
        "MK",
        "MT",
        "NL",
        "NO",
        "PL",
        "PT",
        "RO",
        "RS",
        "SE",
        "SI",
        "SK",
        "SM",
        "VA",
    ]
)
"""First two letters of IBANs that SEPA credit transfers reach (EPC409-09)."""


@attrs.frozen
class Registry:
    """The registers as they stand, or as they stood right after a position of the journal."""

    desk: Desk
    uow: UnitOfWork
    at: int | None = None

    def named(self, kind: str, id: str) -> Any:
        """An entry that the actor may read; NotFound otherwise."""
        found = self.find(kind, id) if self.desk.rights.allows("read", kind, {}) else None
        if found is None:
            raise NotFound(f"no {kind} {id!r} here")
        return found

    def find(self, kind: str, id: str) -> Any:
        """An entry, whoever may read it: a document shows it to those who may read the document; None without one."""
        loaded = self.uow.load(kind, id) if is_key(id) else None
        if loaded is None:
            return None
        known = self.desk.kinds[kind]
        if self.at is None:
            return known.stored(loaded.record)
        own = (e for e in self.uow.journal(self.at, about=id) if (e.kind, e.record) == (kind, id))
        later = list(own)
        body = rewound(loaded.record.body, [entry.changes for entry in reversed(later)])
        version = later[0].version - 1 if later else loaded.record.version
        return None if body is None else known.stored(known.record(id, version, body))

    def accounts(self, seller: Seller) -> list[BankAccount]:
        """The seller's confirmed accounts by id, or the one that its documents show."""
        named = seller.account
        ids = [named] if named else [record.id for record in self.uow.records("account")]
        found = (self.find("account", id) for id in ids)
        own = [account for account in found if account and account.seller == seller.id]
        if named and not own:
            raise NotFound(f"seller {seller.id!r} has no account {named!r}")
        return [account for account in own if account.account is not None]

    def template(self, seller: Seller) -> Template | None:
        """The template of the seller's documents, where it names one; NotFound when it is not there for this seller."""
        if seller.template is None:
            return None
        found: Template | None = self.find("template", seller.template)
        if found is None or found.seller not in (None, seller.id):
            raise NotFound(f"no template {seller.template!r} for seller {seller.id!r} here")
        return found


def snapshot(
    registry: Registry, kind: Kind, seller: str, buyer: str, said: Mapping[str, Any]
) -> dict[str, Any]:
    """What a document copies from the registers.

    Args:
        said: attributes that the document has of its own: its language and currency decide what is copied.

    Raises NotFound for a seller or buyer that the actor may not read, and for what the seller names and is not there.
    """
    of: Seller = registry.named("seller", seller)
    to: Customer = registry.named("customer", buyer)
    template = registry.template(of)
    language = to.language or (template.language if template else None) or of.language
    values: dict[str, Any] = {
        "seller": of.party,
        "seller_ref": of.id,
        "buyer": to.party,
        "buyer_ref": to.id,
        "terms": to.terms or of.terms,
        "language": language,
        "currency": of.currency,
        "base_currency": of.currency,
        "vat_options": of.vat_options,
        "operation": of.operation,
        "delivery": to.delivery,
        "buyer_reference": to.buyer_reference,
    }
    final = {**values, **said}
    values["brand"] = template.brand(final["language"]) if template else None
    # Directive 2006/112/EC art. 230: VAT is also stated in the seller's currency, where that is another one.
    values["tax_currency"] = of.tax_currency if of.tax_currency != final["currency"] else None
    if kind.name != "credit_note":
        values["payment"] = instructions(registry.accounts(of), final["currency"])
    return values


def instructions(accounts: list[BankAccount], currency: str) -> PaymentInstructions | None:
    """How to pay into these accounts: a SEPA credit transfer where all of them are in its reach and it is euros."""
    if not accounts:
        return None
    transfers = [
        CreditTransfer(id=a.id, account=a.account or "", holder=a.holder, bic=a.bic)
        for a in accounts
    ]
    sepa = currency == "EUR" and all(_sepa(transfer.account) for transfer in transfers)
    return PaymentInstructions(means="58" if sepa else "30", transfers=transfers)


def _sepa(account: str) -> bool:
    return bool(re.fullmatch("[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", account)) and account[:2] in SEPA
