"""multibill: the billing core that an application embeds when more than one person touches its invoices."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multibill import presets as presets
    from multibill.billing import Billing as Billing
    from multibill.clock import FrozenClock as FrozenClock, SystemClock as SystemClock
    from multibill.documents import (
        Allowance as Allowance,
        Attachment as Attachment,
        Attribute as Attribute,
        Brand as Brand,
        Card as Card,
        Charge as Charge,
        Classification as Classification,
        CreditNote as CreditNote,
        CreditTransfer as CreditTransfer,
        Delivery as Delivery,
        DirectDebit as DirectDebit,
        DocumentAllowance as DocumentAllowance,
        DocumentCharge as DocumentCharge,
        ExchangeRate as ExchangeRate,
        Invoice as Invoice,
        ItemDetails as ItemDetails,
        Line as Line,
        Note as Note,
        Payee as Payee,
        PaymentInstructions as PaymentInstructions,
        Period as Period,
        Quote as Quote,
        TaxRepresentative as TaxRepresentative,
        Terms as Terms,
        Totals as Totals,
    )
    from multibill.documents.checks import Finding as Finding
    from multibill.errors import (
        Conflict as Conflict,
        Denied as Denied,
        Frozen as Frozen,
        InvalidDefinition as InvalidDefinition,
        InvalidInput as InvalidInput,
        InvalidValue as InvalidValue,
        KeyReused as KeyReused,
        MissingExtra as MissingExtra,
        MultibillError as MultibillError,
        NotFound as NotFound,
        OverCredited as OverCredited,
        PreflightFailed as PreflightFailed,
        Retryable as Retryable,
        SchemaMismatch as SchemaMismatch,
        Stale as Stale,
        Tampered as Tampered,
        UndoConflict as UndoConflict,
        UnknownTenant as UnknownTenant,
        WrongState as WrongState,
    )
    from multibill.history import Change as Change
    from multibill.model import Masked as Masked
    from multibill.money import Money as Money
    from multibill.parties import (
        Address as Address,
        Contact as Contact,
        Identifier as Identifier,
        Party as Party,
    )
    from multibill.permissions import (
        Decision as Decision,
        Obstacle as Obstacle,
        Policy as Policy,
        WhyNot as WhyNot,
        forbid as forbid,
        hide as hide,
        mask as mask,
        permit as permit,
        read_only as read_only,
    )
    from multibill.query import Me as Me
    from multibill.query.doc import Doc as Doc
    from multibill.records import (
        Actor as Actor,
        BankAccount as BankAccount,
        Custom as Custom,
        Customer as Customer,
        Item as Item,
        Member as Member,
        Proposal as Proposal,
        Seller as Seller,
        Template as Template,
    )
    from multibill.settlement import Payment as Payment, Refund as Refund, Surplus as Surplus
    from multibill.tax import VAT as VAT
    from multibill.workflow import Transition as Transition, Workflow as Workflow
    from multibill.workspace import (
        Consumer as Consumer,
        Event as Event,
        Feed as Feed,
        FeedEvent as FeedEvent,
        History as History,
        KeptChange as KeptChange,
        Page as Page,
        Rendering as Rendering,
        Report as Report,
        Saved as Saved,
        Workspace as Workspace,
    )

HOMES = {
    "billing": "Billing",
    "clock": "FrozenClock SystemClock",
    "documents.checks": "Finding",
    "documents": (
        "Allowance Attachment Attribute Brand Card Charge Classification "
        "CreditNote CreditTransfer Delivery DirectDebit DocumentAllowance "
        "DocumentCharge ExchangeRate Invoice ItemDetails "
        "Line Note Payee PaymentInstructions Period Quote TaxRepresentative Terms Totals"
    ),
    "errors": (
        "Conflict Denied Frozen InvalidDefinition InvalidInput InvalidValue KeyReused MissingExtra "
        "MultibillError NotFound OverCredited PreflightFailed Retryable SchemaMismatch Stale Tampered "
        "UndoConflict UnknownTenant WrongState"
    ),
    "history": "Change",
    "model": "Masked",
    "money": "Money",
    "parties": "Address Contact Identifier Party",
    "permissions": "Decision Obstacle Policy WhyNot forbid hide mask permit read_only",
    "query": "Me",
    "query.doc": "Doc",
    "records": "Actor BankAccount Custom Customer Item Member Proposal Seller Template",
    "settlement": "Payment Refund Surplus",
    "tax": "VAT",
    "workflow": "Transition Workflow",
    "workspace": (
        "Consumer Event Feed FeedEvent History KeptChange Page Rendering Report Saved Workspace"
    ),
}
_HOME = {name: home for home, names in HOMES.items() for name in names.split()}

__version__ = "0.1.0"

__all__ = sorted([*_HOME, "__version__", "presets"])  # noqa: PLE0605


def __getattr__(name: str) -> object:
    """Find a public name where it lives, at its first use (PEP 562)."""
    if name == "presets":
        return import_module("multibill.presets")
    if name not in _HOME:
        raise AttributeError(f"module 'multibill' has no attribute {name!r}")
    value = getattr(import_module(f"multibill.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
