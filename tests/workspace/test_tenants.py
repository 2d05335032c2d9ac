"""Tenants and unknown ids: every verb of every door finds nothing of another tenant, whoever asks."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from multibill.errors import NotFound
from multibill.ports import Storage
from multibill.storage.memory import MemoryStorage
from multibill.testing import acme
from multibill.workspace import Documents
from multibill.workspace.payments import Payments
from multibill.workspace.registers import Registers
from tests.workspace.agency import STATES, Agency

CALLS: dict[str, Callable[[Documents[Any], Any], Any]] = {
    "get": lambda docs, d: docs.get(d.id),
    "save": lambda docs, d: docs.save(d.evolve(assignee="zoe")),
    "edit": lambda docs, d: docs.edit(d.id, base=1, changes={"/assignee": "zoe"}),
    "conflicts": lambda docs, d: docs.conflicts(d),
    "accept": lambda docs, d: docs.accept(d.id),
    "dismiss": lambda docs, d: docs.dismiss(d.id),
    "submit": lambda docs, d: docs.submit(d),
    "approve": lambda docs, d: docs.approve(d.id),
    "refuse": lambda docs, d: docs.refuse(d, comment="no"),
    "issue": lambda docs, d: docs.issue(d.id),
    "discard": lambda docs, d: docs.discard(d),
    "history": lambda docs, d: docs.history(d),
    "undo": lambda docs, d: docs.undo(d),
    "redo": lambda docs, d: docs.redo(d.id),
    "pdf": lambda docs, d: docs.pdf(d),
    "facturx": lambda docs, d: docs.facturx(d),
    "cii": lambda docs, d: docs.cii(d),
    "ubl": lambda docs, d: docs.ubl(d),
    "json": lambda docs, d: docs.json(d.id),
    "credit": lambda docs, d: docs.credit(d),
    "write_off": lambda docs, d: docs.write_off(d, reason="x"),
    "reinstate": lambda docs, d: docs.reinstate(d, reason="x"),
    "preflight": lambda docs, d: docs.preflight(d),
    "refresh": lambda docs, d: docs.refresh(d),
    "attach": lambda docs, d: docs.attach(d, b"x", filename="x.pdf", mime="application/pdf"),
    "attachment": lambda docs, d: docs.attachment(d, "x"),
    "may": lambda docs, d: docs.may("read", d),
}
WITHOUT_DOCUMENT = {"draft", "list"}


def verbs(cls: type) -> set[str]:
    return {
        name for name, _ in inspect.getmembers(cls, inspect.isfunction) if not name.startswith("_")
    }


def test_every_verb_is_held_to_the_wall() -> None:
    """A verb that is added needs its line in ``CALLS``, or a reason to stand beside it."""
    assert verbs(Documents) == CALLS.keys() | WITHOUT_DOCUMENT
    assert {"get", "history", "list", "save"} == verbs(Registers)
    doors = {name for name in vars(Agency(MemoryStorage())("ann")) if not name.startswith("_")}
    registers = {"customers", "sellers", "accounts", "items", "templates", "members"}
    others = {"invoices", "credit_notes", "quotes", "payments", "audit"}
    assert others | registers == doors


@pytest.fixture
def two(anywhere: Storage) -> tuple[Agency, Agency]:
    """Two tenants of one storage."""
    return Agency(anywhere), Agency(anywhere)


@pytest.mark.parametrize("verb", sorted(CALLS))
def test_another_tenants_documents_are_not_found_by_any_verb(
    two: tuple[Agency, Agency], verb: str
) -> None:
    """In every state, for somebody who is a manager in both; and the error is that of an id nobody ever had."""
    ours, theirs = two
    stranger = theirs("ann", "manager", "admin").invoices
    documents = [ours.standing(state) for state in STATES]
    before = ours.journal(), theirs.journal()
    for document in documents:
        with pytest.raises(NotFound) as foreign:
            CALLS[verb](stranger, document)
        with pytest.raises(NotFound) as unknown:
            CALLS[verb](stranger, document.evolve(id="nothing"))
        assert str(unknown.value) == str(foreign.value).replace(document.id, "nothing")
        assert (unknown.value.code, unknown.value.path) == (foreign.value.code, foreign.value.path)
    assert before == (ours.journal(), theirs.journal())


@pytest.mark.parametrize("verb", sorted(CALLS))
def test_a_document_that_may_not_be_read_looks_like_none(agency: Agency, verb: str) -> None:
    documents = [agency.standing(state) for state in STATES if state != "issued"]
    stranger = agency("vic", "viewer").invoices
    for document in documents:
        with pytest.raises(NotFound) as hidden:
            CALLS[verb](stranger, document)
        with pytest.raises(NotFound) as unknown:
            CALLS[verb](stranger, document.evolve(id="nothing"))
        assert str(unknown.value) == str(hidden.value).replace(document.id, "nothing")


def test_lists_registers_and_keys_end_at_the_wall(two: tuple[Agency, Agency]) -> None:
    ours, theirs = two
    ours("ann").customers.save(acme(id="secret"))
    drafts = [office.draft(key="2026-11", request_id="r1") for office in two]
    assert 2 == len({draft.id for draft in drafts})
    for office, draft in zip(two, drafts, strict=True):
        page = office("ann").invoices.list()
        assert ([draft.id], 1) == ([row.id for row in page], page.count())
        assert {office.tenant} == {entry.tenant for entry in office.journal()}
    with pytest.raises(NotFound, match="no customer 'secret' here"):
        theirs("ann").customers.get("secret")
    with pytest.raises(NotFound, match="no customer 'secret' here"):
        theirs("ann").invoices.draft(seller="studio", buyer="secret")
    assert ["acme"] == [entry.id for entry in theirs("ann").customers.list()]


def test_a_cursor_of_another_tenant_shows_nothing_of_it(two: tuple[Agency, Agency]) -> None:
    ours, theirs = two
    for _ in range(2):
        ours.draft()
    after = ours("ann").invoices.list(limit=1).next
    assert [] == list(theirs("ann").invoices.list(limit=1, after=after))


def test_numbers_are_counted_by_tenant(two: tuple[Agency, Agency]) -> None:
    assert ["F2026-00001"] * 2 == [office.standing("issued").number for office in two]


def test_payments_of_another_tenant_are_not_found_by_any_verb(two: tuple[Agency, Agency]) -> None:
    ours, theirs = two
    invoice = theirs.standing("issued")
    payment = theirs("bob").payments.record("acme", "10", on="2026-12-20")
    refund = theirs("bob").payments.refund(payment, "5", on="2026-12-20")
    door = ours("bob").payments
    calls: dict[str, Callable[[], Any]] = {
        "record": lambda: door.record("acme", "10", on="2026-12-20", settles=[invoice]),
        "allocate": lambda: door.allocate(payment, settles=[]),
        "release": lambda: door.release(payment, settles=[]),
        "refund": lambda: door.refund(payment, on="2026-12-20"),
        "reverse": lambda: door.reverse(payment, reason="no"),
        "reverse a refund": lambda: door.reverse(refund, reason="no"),
        "get": lambda: door.get(payment),
    }
    listing = {"list", "refunds", "unallocated"}
    assert verbs(Payments) | {"reverse a refund"} == calls.keys() | listing
    for call in calls.values():
        with pytest.raises(NotFound):
            call()
    assert ((), (), ()) == (door.list(), door.refunds(), door.unallocated("acme"))
