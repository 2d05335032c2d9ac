"""multibill: the billing core that an application embeds when more than one person touches its invoices."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multibill import presets as presets
    from multibill.billing import Billing as Billing
    from multibill.clock import FrozenClock as FrozenClock
    from multibill.clock import SystemClock as SystemClock
    from multibill.documents import CreditNote as CreditNote
    from multibill.documents import Invoice as Invoice
    from multibill.documents import Line as Line
    from multibill.documents import Note as Note
    from multibill.documents import Period as Period
    from multibill.documents import Terms as Terms
    from multibill.documents import Totals as Totals
    from multibill.errors import Conflict as Conflict
    from multibill.errors import Denied as Denied
    from multibill.errors import Frozen as Frozen
    from multibill.errors import InvalidDefinition as InvalidDefinition
    from multibill.errors import InvalidInput as InvalidInput
    from multibill.errors import InvalidValue as InvalidValue
    from multibill.errors import KeyReused as KeyReused
    from multibill.errors import MissingExtra as MissingExtra
    from multibill.errors import MultibillError as MultibillError
    from multibill.errors import NotFound as NotFound
    from multibill.errors import PreflightFailed as PreflightFailed
    from multibill.errors import Retryable as Retryable
    from multibill.errors import SchemaMismatch as SchemaMismatch
    from multibill.errors import Stale as Stale
    from multibill.errors import Tampered as Tampered
    from multibill.errors import UnknownTenant as UnknownTenant
    from multibill.errors import WrongState as WrongState
    from multibill.history import Change as Change
    from multibill.money import Money as Money
    from multibill.parties import Address as Address
    from multibill.parties import Identifier as Identifier
    from multibill.parties import Party as Party
    from multibill.permissions import Decision as Decision
    from multibill.permissions import Policy as Policy
    from multibill.permissions import forbid as forbid
    from multibill.permissions import permit as permit
    from multibill.query import Me as Me
    from multibill.query.doc import Doc as Doc
    from multibill.records import Actor as Actor
    from multibill.records import Custom as Custom
    from multibill.records import Customer as Customer
    from multibill.records import Seller as Seller
    from multibill.tax import VAT as VAT
    from multibill.workflow import Transition as Transition
    from multibill.workflow import Workflow as Workflow
    from multibill.workspace import History as History
    from multibill.workspace import Page as Page
    from multibill.workspace import Rendering as Rendering
    from multibill.workspace import Report as Report
    from multibill.workspace import Saved as Saved
    from multibill.workspace import Workspace as Workspace

HOMES = {
    "billing": "Billing",
    "clock": "FrozenClock SystemClock",
    "documents": "CreditNote Invoice Line Note Period Terms Totals",
    "errors": (
        "Conflict Denied Frozen InvalidDefinition InvalidInput InvalidValue KeyReused MissingExtra MultibillError "
        "NotFound PreflightFailed Retryable SchemaMismatch Stale Tampered UnknownTenant WrongState"
    ),
    "history": "Change",
    "money": "Money",
    "parties": "Address Identifier Party",
    "permissions": "Decision Policy forbid permit",
    "query": "Me",
    "query.doc": "Doc",
    "records": "Actor Custom Customer Seller",
    "tax": "VAT",
    "workflow": "Transition Workflow",
    "workspace": "History Page Rendering Report Saved Workspace",
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
