"""Every public method of every door: nothing of another tenant, and nothing for somebody without rights.

The methods are found by introspection: a new one without a case here fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import attrs
import pytest

from multibill.errors import Denied, NotFound
from multibill.ports import Storage
from multibill.records import BankAccount, Item, Member, Template
from multibill.testing import acme, studio
from multibill.workspace import Workspace
from tests.workspace.agency import LINES, Agency

Case = Callable[[Any, Any, str], Any]
"""A call of a method of a door, with a document or entry of somebody's and its id."""

DOCUMENTS: dict[str, Case] = {
    "draft": lambda door, *_: door.draft(seller="studio", buyer="other", lines=LINES),
    "get": lambda door, _, key: door.get(key),
    "list": lambda door, *_: door.list(),
    "save": lambda door, seen, _: door.save(seen.evolve(buyer_reference="PO")),
    "edit": lambda door, _, key: door.edit(key, base=1, changes={"/buyer_reference": "PO"}),
    "refresh": lambda door, _, key: door.refresh(key),
    "attach": lambda door, _, key: door.attach(key, b"x", filename="x.csv", mime="text/csv"),
    "attachment": lambda door, _, key: door.attachment(key, "x"),
    "submit": lambda door, _, key: door.submit(key),
    "approve": lambda door, _, key: door.approve(key),
    "refuse": lambda door, _, key: door.refuse(key, comment="no"),
    "issue": lambda door, _, key: door.issue(key),
    "credit": lambda door, _, key: door.credit(key),
    "undo": lambda door, _, key: door.undo(key),
    "redo": lambda door, _, key: door.redo(key),
    "conflicts": lambda door, _, key: door.conflicts(key),
    "accept": lambda door, _, key: door.accept(key),
    "dismiss": lambda door, _, key: door.dismiss(key),
    "write_off": lambda door, _, key: door.write_off(key, reason="gone"),
    "reinstate": lambda door, _, key: door.reinstate(key, reason="paid"),
    "preflight": lambda door, _, key: door.preflight(key),
    "discard": lambda door, _, key: door.discard(key),
    "history": lambda door, _, key: door.history(key),
    "pdf": lambda door, _, key: door.pdf(key),
    "json": lambda door, _, key: door.json(key),
    "facturx": lambda door, _, key: door.facturx(key),
    "cii": lambda door, _, key: door.cii(key),
    "ubl": lambda door, _, key: door.ubl(key),
    "may": lambda door, _, key: door.may("read", key),
}
REGISTERS: dict[str, Case] = {
    "get": lambda door, _, key: door.get(key),
    "list": lambda door, *_: door.list(),
    "save": lambda door, entry, _: door.save(entry),
    "history": lambda door, _, key: door.history(key),
}
CASES: dict[str, dict[str, Case]] = {
    "Documents": DOCUMENTS,
    "Registers": REGISTERS,
    "Accounts": REGISTERS
    | {
        "confirm": lambda door, _, key: door.confirm(key),
        "reject": lambda door, _, key: door.reject(key),
    },
    "Templates": REGISTERS | {"logo": lambda door, _, key: door.logo(key)},
    "Payments": {
        "record": lambda door, *_: door.record("other", "1", on=date(2026, 12, 1)),
        "allocate": lambda door, _, key: door.allocate(key, settles=[]),
        "reverse": lambda door, _, key: door.reverse(key, reason="no"),
        "release": lambda door, _, key: door.release(key, settles=[]),
        "refund": lambda door, _, key: door.refund(key, on=date(2026, 12, 1)),
        "refunds": lambda door, *_: door.refunds(),
        "get": lambda door, _, key: door.get(key),
        "list": lambda door, *_: door.list(),
        "unallocated": lambda door, *_: door.unallocated("other"),
    },
    "Audit": {"verify": lambda door, *_: door.verify()},
}
OF_INVOICES = {"credit", "write_off", "reinstate"}
OWN = {"Registers.save", "Accounts.save", "Templates.save", "Audit.verify"}
"""What speaks of the tenant's own in any tenant: a key is the host's, and each tenant has its own entry under it."""


def methods(ws: Workspace) -> Iterator[tuple[str, str, str]]:
    """Each door of a workspace by name, with its class and each of its public methods."""
    for name, door in vars(ws).items():
        for method in dir(door) if not name.startswith("_") else ():
            if not method.startswith("_") and callable(getattr(door, method)):
                yield name, type(door).__name__, method


ENTRIES: dict[str, Any] = {
    "customers": attrs.evolve(acme(), id="other"),
    "sellers": attrs.evolve(studio(), id="other"),
    "accounts": BankAccount("other", "FR7630006000011234567890189", seller="studio"),
    "items": Item("other", "Other", unit_price="1", vat="20"),
    "templates": Template("other"),
    "members": Member("other", "Other"),
}


class Place:
    """A tenant with one of everything, and what it is called."""

    def __init__(self, storage: Storage) -> None:
        self.agency = Agency(storage)
        admin, bob = self.agency("adm", "admin", "manager"), self.agency("bob")
        for name, entry in ENTRIES.items():
            getattr(admin, name).save(entry)
        issued = self.agency.standing("issued", buyer="other")
        note = bob.invoices.credit(issued, lines={"c": 1})
        payment = bob.payments.record("other", "5", on=date(2026, 12, 1))
        draft = self.agency.draft(buyer="other")
        self.seen: dict[str, Any] = {
            "invoices": draft,
            "credit_notes": note,
            "quotes": draft,
            "payments": payment,
        }
        self.seen |= {name: getattr(admin, name).get("other") for name in ENTRIES}
        self.seen["audit"] = draft
        edit = bob.invoices.edit
        edit(draft.id, base=draft.version, changes={"/buyer_reference": "A"})
        met: Any = {
            "base": draft.version,
            "changes": {"/buyer_reference": "B"},
            "on_conflict": "keep",
        }
        (self.kept,) = edit(draft.id, **met).conflicts

    def told(self, ws: Workspace, name: str, method: str) -> Any:
        """What a workspace answers, asked about what stands in this place."""
        seen, door = self.seen[name], getattr(ws, name)
        call = CASES[type(door).__name__][method]
        if method in OF_INVOICES or (name, method) == ("quotes", "save"):
            door = ws.invoices  # no other door takes what there is
        id = self.kept.id if method in ("accept", "dismiss") else seen.id
        try:
            return call(door, seen, id)
        except (NotFound, Denied) as error:
            return type(error)


@pytest.fixture
def place(anywhere: Storage) -> Place:
    """A tenant with one of everything."""
    return Place(anywhere)


def empty(answer: Any) -> bool:
    """Whether nothing was told: an empty page or tuple."""
    return hasattr(answer, "__len__") and len(answer) == 0


def test_every_public_method_has_a_case(place: Place) -> None:
    found = {(kind, method) for _, kind, method in methods(place.agency("bob"))}
    assert found == {(kind, method) for kind, cases in CASES.items() for method in cases}


def test_what_another_tenant_has_is_not_there(place: Place, anywhere: Storage) -> None:
    """For somebody with every role, asked with the other tenant's ids; and nothing changes over there."""
    stranger = Agency(anywhere)("adm", "admin", "manager")
    before = place.agency.journal()
    for name, kind, method in methods(stranger):
        if f"{kind}.{method}" in OWN:
            continue
        answer = place.told(stranger, name, method)
        if method in ("list", "unallocated", "refunds"):
            ids = {each.id for each in answer}
            assert (name, method, set()) == (name, method, ids & {place.seen[name].id})
        else:
            assert (name, method, NotFound) == (name, method, answer)
    assert before == place.agency.journal()


def test_somebody_without_rights_is_told_nothing_and_changes_nothing(place: Place) -> None:
    nobody = place.agency("eve", "janitor")
    before = place.agency.journal()
    for name, _, method in methods(nobody):
        answer = place.told(nobody, name, method)
        told = answer in (NotFound, Denied) or empty(answer)
        assert (name, method, True) == (name, method, told)
    assert before == place.agency.journal()


def test_the_cases_are_calls_that_succeed_for_whoever_may(place: Place) -> None:
    """Else a refusal would prove nothing."""
    known: dict[str, Any] = {}
    for name, _, method in methods(place.agency("bob")):
        if name == "invoices" and method in ("get", "list", "json", "history", "may", "preflight"):
            known[method] = place.told(place.agency("bob"), name, method)
    assert [] == [method for method, answer in known.items() if answer in (NotFound, Denied)]
