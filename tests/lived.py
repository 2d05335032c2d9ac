"""A tenant that has lived: every kind of record, action and row that the library writes, in one small journal."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from multibill.billing import Billing
from multibill.documents import Invoice, Line
from multibill.errors import PreflightFailed
from multibill.records import Actor, Custom
from multibill.testing import acme, opened
from multibill.workspace import Workspace

FIELDS = (
    Custom("project", str, kind="invoice", indexed=True),
    Custom("deadline", date, kind="invoice", indexed=True),
    Custom("urgent", bool, kind="invoice", indexed=True),
    Custom("contract", str, kind="invoice", part="content"),
    Custom("segment", str, kind="customer", indexed=True),
)
LINES = [
    Line(id="a", name="Logo design", quantity=3, unit="DAY", unit_price="450", vat="20"),
    Line(id="b", name="Hosting « été » 🧾", quantity="1.5", unit_price="90", vat="10"),
]


def office(billing: Billing, tenant: str, name: str, *roles: str, **said: Any) -> Workspace:
    """The tenant as somebody of the office sees it; a manager when no role is named."""
    known = {"teams": {"web"}, "on_behalf_of": said.pop("on_behalf_of", None)}
    return billing.workspace(tenant, actor=Actor(name, roles=roles or {"manager"}, **known), **said)


def lived(billing: Billing, tenant: str = "t1") -> dict[str, Invoice]:
    """The tenant provisioned and used for a month; ``billing`` needs ``fields=FIELDS``. Its documents by name."""
    opened(billing, tenant)
    ann, bob = office(billing, tenant, "ann"), office(billing, tenant, "bob", reason="month end")
    cat = office(billing, tenant, "cat", on_behalf_of="dan")
    ann.customers.save(
        acme(custom={"segment": "agency"}, language="en"), reason="asked for English"
    )
    custom = {"project": "P7", "deadline": date(2026, 12, 24), "urgent": True, "contract": "C-1"}
    draft = ann.invoices.draft(
        seller="studio",
        buyer="acme",
        key="2026-11:acme",
        lines=LINES,
        custom=custom,
        request_id="r1",
    )
    moved = {"/lines/b/after": None, "/tags/à relancer": True}
    ann.invoices.edit(draft.id, base=1, changes=moved, request_id="r2")
    cat.invoices.edit(draft.id, base=1, changes={"/lines/a/quantity": "4", "/custom/project": "P8"})
    ann.invoices.submit(draft.id, reason="ready")
    bob.invoices.refuse(draft.id, comment="the hosting is too dear")
    ann.invoices.edit(draft.id, base=4, changes={"/lines/b": None})
    ann.invoices.submit(draft.id)
    bob.invoices.approve(draft.id, comment="fine")
    empty = _without_lines(billing, tenant)
    issued = bob.invoices.issue(draft.id, request_id="r1")
    bob.invoices.pdf(issued)
    tagged = bob.invoices.edit(
        issued.id, base=issued.version, changes={"/tags/sent": True}
    ).document
    _settled(ann, bob, tagged)
    gone = ann.invoices.draft(seller="studio", buyer="acme", lines=LINES[:1])
    gone = ann.invoices.discard(gone)
    tagged = bob.invoices.get(tagged.id)
    return {"issued": tagged, "empty": empty, "discarded": gone}


def _settled(ann: Workspace, bob: Workspace, issued: Invoice) -> None:
    """Paid in part, credited in part, one payment taken back."""
    bob.payments.record("acme", "100", on=date(2026, 12, 1), settles=[issued], request_id="bank:1")
    wrong = bob.payments.record(
        "acme", "20.50", on=date(2026, 12, 2), settles=[issued], method="transfer", reference="x"
    )
    bob.payments.reverse(wrong, reason="not ours")
    note = ann.invoices.credit(issued, lines={"a": 1}, reason="one day less")
    note = bob.credit_notes.approve(ann.credit_notes.submit(note))
    bob.credit_notes.issue(note)


def _without_lines(billing: Billing, tenant: str) -> Invoice:
    """A draft that a colleague approved and the preflight refused."""
    ann, bob = office(billing, tenant, "ann"), office(billing, tenant, "bob")
    draft = ann.invoices.submit(ann.invoices.draft(seller="studio", buyer="acme"))
    draft = bob.invoices.approve(draft)
    with pytest.raises(PreflightFailed):
        bob.invoices.issue(draft)
    return draft
