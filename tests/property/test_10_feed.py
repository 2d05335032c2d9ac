"""Invariant 10: positions run 1..n without holes; every reader sees all that it may, once, in order, hints lost or not.

Random lives of a tenant under readers with different rights, who stop and resume anywhere; then writers and live
readers on threads, whose wake-ups are dropped, doubled and early. What may be seen is asked of ``get``, not of the
feed.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from multibill.documents import Invoice
from multibill.errors import NotFound
from multibill.history import Changeset
from multibill.live import ProcessWaker
from multibill.ports import Storage
from multibill.workspace import FeedEvent, Workspace
from tests.office import Office
from tests.worlds import storages

READERS: dict[str, dict[str, Any]] = {
    "boss": {"roles": ["manager"]},
    "kim": {"roles": ["sales"], "teams": {"web"}},
    "pat": {"roles": ["sales", "viewer"], "teams": {"print"}},
    "vic": {"roles": ["viewer"]},
    "eve": {"roles": []},
}
OFFICE = {"boss"}
"""Who may read payments and verify the journal."""

TEAMS = st.sampled_from(["web", "print"])
STEPS = st.one_of(
    st.tuples(st.just("draft"), TEAMS),
    st.tuples(st.just("move"), st.integers(0, 9), TEAMS),
    st.tuples(st.just("carry"), st.integers(0, 9)),
    st.tuples(st.just("pay"), st.integers(0, 9)),
    st.tuples(st.just("read"), st.sampled_from([*READERS]), st.none() | st.integers(1, 4)),
)


def workspace(office: Office, name: str) -> Workspace:
    known = READERS[name]
    return office.as_(name, *known["roles"], teams=known.get("teams", ()))


class World:
    """A tenant, its documents, and how far each reader is: told by the feed, and known from the journal."""

    def __init__(self, storage: Storage) -> None:
        self.office = Office(storage)
        self.ids: list[str] = []
        self.cursors: dict[str, str | None] = dict.fromkeys(READERS)
        self.places = dict.fromkeys(READERS, 0)

    def do(self, verb: str, *said: Any) -> None:
        getattr(self, verb)(*said)

    def draft(self, team: str) -> None:
        self.ids.append(self.office.draft(team=team).id)

    def some(self, n: int) -> Invoice | None:
        return self.office.bob.invoices.get(self.ids[n % len(self.ids)]) if self.ids else None

    def move(self, n: int, team: str) -> None:
        if invoice := self.some(n):
            changes = {"/team": team}
            self.office.bob.invoices.edit(invoice.id, base=invoice.version, changes=changes)

    def carry(self, n: int) -> None:
        """One step further in its life."""
        steps: dict[str, Callable[[Invoice], object]] = {
            "draft": self.office.ann.invoices.submit,
            "submitted": self.office.cat.invoices.approve,
            "approved": self.office.bob.invoices.issue,
            "issued": self.office.bob.invoices.pdf,
        }
        if (invoice := self.some(n)) and invoice.state in steps:
            steps[invoice.state](invoice)

    def pay(self, n: int) -> None:
        invoice = self.some(n)
        if invoice and invoice.phase == "issued":
            self.office.bob.payments.record("acme", "10", on="2026-12-01", settles=[invoice])

    def read(self, name: str, limit: int | None) -> None:
        """The reader goes on; what it is told is what the journal and ``get`` say it must be told."""
        feed = workspace(self.office, name).feed(after=self.cursors[name], limit=limit)
        told = list(feed)
        due = self.due(name)[:limit]
        assert [said(entry) for entry in due] == [heard(event) for event in told]
        self.cursors[name] = feed.cursor
        journal = self.office.journal()
        self.places[name] = due[-1].position if len(due) == limit else len(journal)

    def due(self, name: str) -> list[Changeset]:
        """What the reader has not been told of and may see now."""
        seen = {id for id in self.ids if readable(workspace(self.office, name), id)}
        journal = self.office.journal()[self.places[name] :]
        return [entry for entry in journal if allowed(name, entry, seen)]

    def end(self) -> None:
        for name in READERS:
            self.read(name, None)
            assert [] == list(workspace(self.office, name).feed(after=self.cursors[name]))
        journal = self.office.journal()
        assert [*range(1, len(journal) + 1)] == [entry.position for entry in journal]


def readable(ws: Workspace, id: str) -> bool:
    try:
        ws.invoices.get(id)
    except NotFound:
        return False
    return True


def allowed(name: str, entry: Changeset, seen: set[str]) -> bool:
    if entry.kind in ("customer", "seller"):
        return bool(READERS[name]["roles"])
    if entry.kind in ("payment", "policy"):
        return name in OFFICE
    return entry.about in seen


def said(entry: Changeset) -> tuple[object, ...]:
    return entry.kind, entry.record, entry.version, entry.action


def heard(event: FeedEvent) -> tuple[object, ...]:
    return event.kind, event.id, event.version, event.action


@settings(max_examples=25)
@given(st.lists(STEPS, max_size=25))
def test_invariant_10_each_reader_sees_all_that_it_may_once_and_in_order(
    steps: list[tuple[Any, ...]],
) -> None:
    for _, storage in storages():
        world = World(storage)
        for step in steps:
            world.do(*step)
        world.end()


class Unreliable(ProcessWaker):
    """Drops half of all hints, doubles some, and gives some that mean nothing."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._random = random.Random(seed)  # noqa: S311 - hints that can be lost again by their seed

    def wake(self, tenant: str) -> None:
        for _ in range(self._random.choice([0, 0, 1, 2])):
            super().wake(tenant)


class Tail(threading.Thread):
    """Follows the feed until a look that began after everything was committed."""

    def __init__(self, ws: Workspace, done: threading.Event) -> None:
        super().__init__()
        self.events: list[FeedEvent] = []
        self._live = ws.feed().live(poll=0.03, stop=self._stopped)
        self._done, self._last = done, False
        self.start()

    def run(self) -> None:
        self.events.extend(self._live)

    def _stopped(self) -> bool:
        over, self._last = self._last, self._done.is_set()
        return over


@pytest.mark.parametrize("seed", range(2))
def test_invariant_10_holds_for_live_readers_whose_hints_are_lost_doubled_or_early(
    anywhere: Storage, seed: int
) -> None:
    waker = Unreliable(seed)
    office, done = Office(anywhere, waker=waker), threading.Event()

    def write(team: str) -> None:
        for _ in range(15):
            office.draft(team=team)
            waker.wake_all()

    tails = {name: Tail(workspace(office, name), done) for name in READERS}
    writers = [threading.Thread(target=write, args=[team]) for team in ("web", "print", "web")]
    for writer in writers:
        writer.start()
    for thread in writers:
        thread.join()
    done.set()
    for tail in tails.values():
        tail.join(30)
        assert not tail.is_alive()
    journal = office.journal()
    assert [*range(1, len(journal) + 1)] == [entry.position for entry in journal]
    for name, tail in tails.items():
        assert list(workspace(office, name).feed()) == tail.events
    assert len(tails["boss"].events) == len(journal) == 3 + 1 + 45
    assert not tails["eve"].events
