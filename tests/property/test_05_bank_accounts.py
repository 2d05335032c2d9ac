"""Invariant 5 for bank accounts: no history has one person both propose and confirm a number that a document shows.

Read from the journal: who put a number there, who confirmed it, which documents took it. Only the host's set-up may
confirm what it brings.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from multibill.documents import Invoice
from multibill.errors import Denied, InvalidValue, Stale, WrongState
from multibill.history import Changeset, apply
from multibill.ports import Storage
from multibill.records import Actor, BankAccount
from multibill.storage.memory import MemoryStorage
from multibill.testing import studio
from multibill.workspace import Workspace
from tests.office import Office
from tests.worlds import sqlite_storage

NUMBERS = ("FR7630006000011234567890189", "DE89370400440532013000", "0815")
ORDINARY = (Denied, InvalidValue, Stale, WrongState)
SETUP = "service:setup"

people = st.sampled_from(["zoe", "yan", "max"])
actors = st.tuples(people, st.none() | people).map(
    lambda two: Actor(
        two[0], roles={"admin", "manager"}, on_behalf_of=None if two[0] == two[1] else two[1]
    )
)
ids = st.sampled_from(["main", "other"])


def broken(journal: list[Changeset]) -> Iterator[str]:
    """What in a journal goes against the invariant."""
    accounts: dict[str, Any] = {}
    behind: dict[tuple[str, Any], frozenset[str]] = {}
    confirmed: set[tuple[str, Any]] = set()
    documents: dict[str, Any] = {}
    for entry in journal:
        if entry.kind == "account":
            before = accounts.get(entry.record) or {}
            after = accounts[entry.record] = apply(before or None, entry.changes) or {}
            number = after.get("pending", {}).get("account")
            if number != before.get("pending", {}).get("account") and number:
                behind[entry.record, number] = entry.persons
            shown = after.get("account")
            if shown != before.get("account"):
                key = (entry.record, shown)
                if entry.action != "confirm" and entry.actor != SETUP:
                    yield f"{entry.position}: {entry.action} made {shown} the account"
                elif entry.actor != SETUP and entry.persons & behind[key]:
                    yield f"{entry.position}: {entry.persons} proposed {shown} too"
                else:
                    confirmed.add(key)
        if entry.kind == "invoice":
            body = documents[entry.record] = apply(documents.get(entry.record), entry.changes) or {}
            for id, transfer in body.get("payment", {}).get("transfers", {}).items():
                if (id, transfer["account"]) not in confirmed:
                    yield f"{entry.position}: shows {transfer['account']}, which nobody confirmed"


class Bank(RuleBasedStateMachine):
    """Three admins, acting for each other, on two accounts; documents drafted and refreshed between."""

    @staticmethod
    def storage() -> Storage:
        return MemoryStorage()

    @initialize()
    def begin(self) -> None:
        self.office = Office(self.storage())
        self.seen: dict[str, list[BankAccount]] = {"main": [], "other": []}
        self.drafts: list[Invoice] = []

    def ws(self, actor: Actor) -> Workspace:
        return self.office.billing.workspace(self.office.tenant, actor=actor)

    def told(self, account: BankAccount) -> None:
        self.seen[account.id].append(account)

    @rule(
        actor=actors,
        id=ids,
        number=st.sampled_from(NUMBERS),
        holder=st.sampled_from([None, "Studio"]),
        bic=st.sampled_from([None, "AGRIFRPP"]),
    )
    def propose(self, actor: Actor, id: str, number: str, holder: Any, bic: Any) -> None:
        entry = BankAccount(id, number, seller="studio", holder=holder, bic=bic)
        self.told(self.ws(actor).accounts.save(entry))

    @rule(
        actor=actors,
        id=ids,
        back=st.integers(0, 2),
        field=st.sampled_from(["account", "holder", "bic", "name", "pending"]),
    )
    def change(self, actor: Actor, id: str, back: int, field: str) -> None:
        """A value that was handed out, perhaps stale, with one thing changed or forged."""
        if not self.seen[id]:
            return
        known = self.seen[id][-1 - back % len(self.seen[id])]
        value: Any = {"account": NUMBERS[back], "pending": None}.get(field, f"x{back}")
        with suppress(*ORDINARY):
            self.told(self.ws(actor).accounts.save(known.evolve(**{field: value})))

    @rule(
        actor=actors,
        id=ids,
        back=st.integers(0, 2),
        verb=st.sampled_from(["confirm", "confirm", "confirm", "reject"]),
        by_id=st.booleans(),
    )
    def decide(self, actor: Actor, id: str, back: int, verb: str, by_id: bool) -> None:
        if not self.seen[id]:
            return
        known: Any = id if by_id else self.seen[id][-1 - back % len(self.seen[id])]
        with suppress(*ORDINARY):
            self.told(getattr(self.ws(actor).accounts, verb)(known))

    @rule(number=st.sampled_from(NUMBERS), id=ids)
    def set_up(self, number: str, id: str) -> None:
        account = BankAccount(id, number, seller="studio")
        self.office.billing.provision(
            self.office.tenant, by=Actor.service("setup"), sellers=[studio()], accounts=[account]
        )
        self.told(self.ws(Actor("zoe", roles={"admin"})).accounts.get(id))

    @rule(actor=actors)
    def draft(self, actor: Actor) -> None:
        made = self.ws(actor).invoices.draft(seller="studio", buyer="acme")
        payment = made.payment
        shown = {t.account for t in payment.transfers} if payment else set()
        standing = self.ws(Actor("zoe", roles={"admin"})).accounts.list()
        assert {account.account for account in standing if account.account} == shown
        self.drafts.append(made)

    @rule(actor=actors)
    def refresh(self, actor: Actor) -> None:
        if self.drafts:
            fresh = self.ws(actor).invoices.refresh(self.drafts[-1].id)
            self.drafts.append(fresh)

    @invariant()
    def invariant_5_nobody_confirms_what_they_proposed(self) -> None:
        if hasattr(self, "office"):
            assert [] == list(broken(self.office.journal()))

    def teardown(self) -> None:
        if hasattr(self, "office"):
            assert () == self.office.verify().faults


class OnSqlite(Bank):
    """The same on tables."""

    @staticmethod
    def storage() -> Storage:
        return sqlite_storage()


def case(machine: type[Bank], examples: int) -> Any:
    walks = settings(max_examples=examples, stateful_step_count=25, deadline=None, print_blob=True)
    return type(f"{machine.__name__}Case", (machine.TestCase,), {"settings": walks})


TestInvariant05BankAccountsOnMemory = case(Bank, 40)
TestInvariant05BankAccountsOnSqlite = case(OnSqlite, 10)


@pytest.mark.slow
class TestInvariant05BankAccountsAtLength(case(OnSqlite, 200)):  # type: ignore[misc]
    """The same, for longer."""
