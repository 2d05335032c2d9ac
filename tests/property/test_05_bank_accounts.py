"""Invariant 5 for bank accounts: no history has one person both propose and confirm what a document shows of one.

Read from the journal: who put number, holder or BIC there, who confirmed it, which documents took it, and that nothing
is issued to an account that is not confirmed at that moment, typed by hand or not. Only the host's set-up may confirm
what it brings.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import event, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from multibill.documents import CreditTransfer, Invoice, PaymentInstructions
from multibill.errors import (
    Conflict,
    Denied,
    Frozen,
    InvalidValue,
    PreflightFailed,
    Stale,
    WrongState,
)
from multibill.history import Changeset, apply
from multibill.ports import Storage
from multibill.records import Actor, BankAccount, Proposal
from multibill.storage.memory import MemoryStorage
from multibill.testing import studio
from multibill.workflow import Workflow
from multibill.workspace import Workspace
from tests.office import LOGO, Office
from tests.worlds import sqlite_storage

NUMBERS = ("FR7630006000011234567890189", "DE89370400440532013000", "0815")
TYPED = "typed"
"""The id of an account that somebody typed."""
ORDINARY = (Denied, InvalidValue, Stale, WrongState)
REFUSED = (PreflightFailed, WrongState)
SETUP = "service:setup"

people = st.sampled_from(["zoe", "yan", "max"])
actors = st.tuples(people, st.none() | people).map(
    lambda two: Actor(
        two[0], roles={"admin", "manager"}, on_behalf_of=None if two[0] == two[1] else two[1]
    )
)
ids = st.sampled_from(["main", "main", "other"])


DETAILS = ("account", "holder", "bic")
"""What a second person confirms."""


def details(tree: Any) -> tuple[Any, ...]:
    return tuple(tree.get(name) for name in DETAILS)


class Reader:
    """Reads a journal on its own, and says what in it goes against the invariant."""

    def __init__(self) -> None:
        self.bodies: dict[tuple[str, str], Any] = {}
        self.behind: dict[tuple[str, str], frozenset[str]] = {}
        self.confirmed: set[tuple[str, Any]] = set()

    def broken(self, journal: list[Changeset]) -> Iterator[str]:
        for entry in journal:
            key = (entry.kind, entry.record)
            before = self.bodies.get(key)
            after = self.bodies[key] = apply(before, entry.changes) or {}
            if entry.kind == "account":
                yield from self.account(entry, before or {}, after)
            elif entry.kind == "invoice":
                yield from self.invoice(entry, after.get("payment", {}).get("transfers", {}))

    def account(self, entry: Changeset, before: Any, after: Any) -> Iterator[str]:
        """Whoever last put a detail into a proposal stands behind it, and is not who confirms it."""
        for name, was, shown in zip(DETAILS, details(before), details(after), strict=True):
            if was != shown and entry.actor != SETUP:
                if entry.action != "confirm" or shown != before["pending"].get(name):
                    yield f"{entry.position}: {entry.action} made {shown} the {name}"
                elif entry.persons & self.behind[entry.record, name]:
                    yield f"{entry.position}: {entry.persons} proposed {name} {shown} too"
            standing = before.get("pending", before).get(name)
            if "pending" in after and after["pending"].get(name) != standing:
                self.behind[entry.record, name] = entry.persons
        if after.get("account"):
            self.confirmed.add((entry.record, after["account"]))

    def invoice(self, entry: Changeset, transfers: Any) -> Iterator[str]:
        """What a draft took was confirmed at some time; what is issued is confirmed now, once anything is."""
        for id, transfer in transfers.items():
            if id != TYPED and (id, transfer["account"]) not in self.confirmed:
                yield f"{entry.position}: shows {transfer['account']}, which nobody confirmed"
        bodies = [body for (kind, _), body in self.bodies.items() if kind == "account"]
        now = {details(body) for body in bodies if body.get("account")}
        if entry.action == "issue" and now:
            for transfer in transfers.values():
                if not any(told(details(transfer), account) for account in now):
                    yield f"{entry.position}: issued with {details(transfer)}, which stands nowhere"


def told(said: tuple[Any, ...], account: tuple[Any, ...]) -> bool:
    """Whether a transfer says nothing else than an account; holder and BIC need not be said."""
    return all(part in (None, known) for part, known in zip(said, account, strict=True))


class Register(RuleBasedStateMachine):
    """Three admins, acting for each other, on two accounts."""

    @staticmethod
    def storage() -> Storage:
        return MemoryStorage()

    @initialize()
    def begin(self) -> None:
        self.office = Office(self.storage(), workflow=Workflow(approvals=0))
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
        forged = Proposal(account=NUMBERS[back], by={"nobody"})
        value: Any = {"account": NUMBERS[back], "pending": forged}.get(field, f"x{back}")
        with suppress(*ORDINARY):
            self.told(self.ws(actor).accounts.save(known.evolve(**{field: value})))

    @rule(actor=actors, id=ids, name=st.sampled_from(DETAILS), back=st.integers(0, 1))
    def amend(self, actor: Actor, id: str, name: str, back: int) -> None:
        """What is proposed, with one detail said otherwise."""
        known = self.seen[id][-1] if self.seen[id] else None
        if known and known.pending:
            said = dict(zip(DETAILS, known.pending.details, strict=True))
            said[name] = NUMBERS[back] if name == "account" else f"X{back}"
            with suppress(*ORDINARY):
                self.told(self.ws(actor).accounts.save(known.evolve(**said)))

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

    @invariant()
    def invariant_5_nobody_confirms_what_they_proposed(self) -> None:
        if hasattr(self, "office"):
            assert [] == list(Reader().broken(self.office.journal()))

    def teardown(self) -> None:
        if hasattr(self, "office"):
            assert () == self.office.verify().faults


class Bank(Register):
    """The same, with documents drafted, refreshed, typed into and issued between."""

    @rule(actor=actors)
    def draft(self, actor: Actor) -> None:
        made = self.ws(actor).invoices.draft(seller="studio", buyer="acme", lines=[LOGO])
        payment = made.payment
        shown = {t.account for t in payment.transfers} if payment else set()
        standing = self.ws(Actor("zoe", roles={"admin"})).accounts.list()
        assert {account.account for account in standing if account.account} == shown
        self.drafts.append(made)

    @rule(actor=actors)
    def refresh(self, actor: Actor) -> None:
        if self.drafts:
            with suppress(WrongState):
                self.drafts.append(self.ws(actor).invoices.refresh(self.drafts[-1].id))

    @rule(
        actor=actors,
        number=st.sampled_from(NUMBERS),
        bic=st.sampled_from([None, "AGRIFRPP"]),
        edit=st.booleans(),
    )
    def type(self, actor: Actor, number: str, bic: Any, edit: bool) -> None:
        """An account by hand: in a new draft, or in one that has the seller's."""
        transfer = CreditTransfer(id=TYPED, account=number, bic=bic)
        typed = PaymentInstructions(transfers=[transfer])
        door = self.ws(actor).invoices
        if edit and self.drafts and self.drafts[-1].payment:
            with suppress(Conflict, WrongState, Frozen):
                changes = {f"/payment/transfers/{TYPED}": {"account": number}}
                self.drafts.append(door.edit(self.drafts[-1].id, base=1, changes=changes).document)
        else:
            ask: Any = {"seller": "studio", "buyer": "acme", "lines": [LOGO], "payment": typed}
            self.drafts.append(door.draft(**ask))

    @rule(actor=actors, back=st.integers(0, 2))
    def issue(self, actor: Actor, back: int) -> None:
        """What is issued names nothing but accounts that are confirmed at that moment."""
        if not self.drafts:
            return
        draft = self.drafts[-1 - back % len(self.drafts)]
        door = self.ws(actor).invoices
        errors = {f.rule for f in door.preflight(draft) if f.severity == "error"}
        event(f"issue: {sorted(errors)}")
        with pytest.raises(REFUSED) if errors else suppress(WrongState):
            door.issue(draft.id)


class OnSqlite(Bank):
    """The same on tables."""

    @staticmethod
    def storage() -> Storage:
        return sqlite_storage()


def case(machine: type[Register], examples: int) -> Any:
    walks = settings(max_examples=examples, stateful_step_count=25, deadline=None, print_blob=True)
    return type(f"{machine.__name__}Case", (machine.TestCase,), {"settings": walks})


TestInvariant05ProposalsOnMemory = case(Register, 60)
TestInvariant05BankAccountsOnMemory = case(Bank, 30)
TestInvariant05BankAccountsOnSqlite = case(OnSqlite, 10)


@pytest.mark.slow
class TestInvariant05BankAccountsAtLength(case(OnSqlite, 200)):  # type: ignore[misc]
    """The same, for longer."""
