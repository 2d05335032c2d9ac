"""Following the feed: waits without holding anything, hears of commits, survives lost hints, ends when it should."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from multibill.errors import InvalidValue, Retryable
from multibill.live import FileWaker, PollingWaker, ProcessWaker
from multibill.ports import Storage
from multibill.storage.memory import MemoryStorage
from multibill.storage.sql import SqlStorage
from multibill.testing import acme
from multibill.workspace import Feed, FeedEvent
from tests.office import LOGO, Office
from tests.worlds import careless, migrated

LONG = 30.0
SOON = 5.0


class Following(MemoryStorage):
    """Does something once, as soon as a unit that only reads has ended."""

    then: Callable[[], object] | None = None

    @contextmanager
    def unit(self, tenant: str, *, write: bool, bind: object = None) -> Iterator[Any]:
        with super().unit(tenant, write=write, bind=bind) as uow:
            yield uow
        if not write and self.then is not None:
            then, self.then = self.then, None
            then()


class Reader(threading.Thread):
    """Follows a feed on a thread of its own and keeps what it is told, with the times."""

    def __init__(self, feed: Feed, **asked: Any) -> None:
        super().__init__()
        self.events: list[FeedEvent] = []
        self.times: list[float] = []
        self._live = feed.live(**asked)
        self.start()

    def run(self) -> None:
        for event in self._live:
            self.events.append(event)
            self.times.append(monotonic())


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[SqlStorage]:
    storage = SqlStorage(careless(migrated(tmp_path / "live.db")))
    yield storage
    storage._engine.dispose()


def followed(office: Office, act: Callable[[], object], **asked: Any) -> float:
    """Seconds from an act to its event on another thread, which waits for nothing but a hint."""
    reader = Reader(
        office.ann.feed(after=office.ann.cursor(), limit=1, kinds="invoice"), poll=LONG, **asked
    )
    sleep(0.2)
    start = monotonic()
    act()
    reader.join(2 * LONG)
    return reader.times[0] - start


class TestWakeUps:
    def test_a_commit_of_our_own_is_told_at_once(self, office: Office) -> None:
        assert followed(office, office.draft) < SOON

    def test_what_is_committed_before_the_wait_is_not_waited_for(self, office: Office) -> None:
        now = office.ann.cursor()
        draft = office.draft()
        (event,) = office.ann.feed(after=now, limit=1, kinds="invoice").live(poll=LONG)
        assert draft.id == event.id

    def test_what_is_committed_right_after_a_look_is_not_waited_for(self) -> None:
        """It listens first, then reads, then waits: nothing falls between the two."""
        storage = Following()
        office = Office(storage)
        now = office.ann.cursor()
        storage.then = office.draft
        start = monotonic()
        (event,) = office.ann.feed(after=now, limit=1, kinds="invoice").live(poll=LONG)
        assert "draft" == event.action
        assert monotonic() - start < SOON

    @pytest.mark.parametrize("scoped", [False, True])
    def test_a_commit_of_a_hosts_session_is_told_at_once(
        self, sqlite: SqlStorage, scoped: bool
    ) -> None:
        """By its one listener: this waker does not look at the file."""
        office = Office(sqlite, waker=ProcessWaker())
        made = sessionmaker(sqlite._engine)
        sessions: Any = scoped_session(made) if scoped else made

        def act() -> None:
            session = sessions if scoped else made()
            ws = office.as_("ann", "manager", session=session)
            ws.customers.save(
                acme(language="en")
            )  # SQLite's driver begins at a write, not at a savepoint
            with session.begin_nested():
                ws.invoices.draft(seller="studio", buyer="acme", lines=[LOGO])
            sleep(0.2)
            session.commit()
            session.close()

        assert 0.2 < followed(office, act) < SOON

    def test_a_commit_of_a_bare_connection_is_told_by_the_file(self, sqlite: SqlStorage) -> None:
        office = Office(sqlite)

        def act() -> None:
            with sqlite._engine.begin() as connection:
                ws = office.as_("ann", "manager", session=connection)
                ws.invoices.draft(seller="studio", buyer="acme", lines=[LOGO])

        assert followed(office, act) < SOON

    def test_a_session_has_one_listener_however_often_it_is_used(self, sqlite: SqlStorage) -> None:
        heard: list[str] = []

        class Counting(ProcessWaker):
            def wake(self, tenant: str) -> None:
                heard.append(tenant)

        office = Office(sqlite, waker=Counting())
        heard.clear()
        with Session(sqlite._engine) as session:
            for _ in range(3):
                ws = office.as_("ann", "manager", session=session)
                ws.invoices.draft(seller="studio", buyer="acme", lines=[LOGO])
            assert [] == heard
            session.commit()
        assert [office.tenant] == heard

    def test_a_rollback_tells_nobody(self, sqlite: SqlStorage) -> None:
        heard: list[str] = []

        class Counting(ProcessWaker):
            def wake(self, tenant: str) -> None:
                heard.append(tenant)

        office = Office(sqlite, waker=Counting())
        heard.clear()
        with Session(sqlite._engine) as session:
            ws = office.as_("ann", "manager", session=session)
            ws.invoices.draft(seller="studio", buyer="acme", lines=[LOGO])
            session.rollback()
        assert [] == heard

    def test_without_any_hint_it_looks_by_itself(self, anywhere: Storage) -> None:
        office = Office(anywhere, waker=PollingWaker())
        reader = Reader(
            office.ann.feed(after=office.ann.cursor(), limit=3, kinds="invoice"), poll=0.02
        )
        drafts = [office.draft().id for _ in range(3)]
        reader.join(LONG)
        assert drafts == [event.id for event in reader.events]

    def test_each_storage_has_its_waker(self, sqlite: SqlStorage) -> None:
        assert isinstance(Office(sqlite).billing._waker, FileWaker)
        memory = Office(MemoryStorage()).billing._waker
        assert isinstance(memory, ProcessWaker)
        assert not isinstance(memory, FileWaker)


class TestWaiting:
    def test_it_holds_no_connection_while_it_waits_or_hands_out(self, sqlite: SqlStorage) -> None:
        office = Office(sqlite)
        pool: Any = sqlite._engine.pool
        reader = Reader(office.ann.feed(), poll=LONG, timeout=1.0)
        sleep(0.4)
        assert 0 == pool.checkedout()
        reader.join(LONG)
        for _ in office.ann.feed():
            assert 0 == pool.checkedout()

    def test_it_ends_after_a_time_without_an_event_and_can_go_on(self, office: Office) -> None:
        feed = office.ann.feed(after=office.ann.cursor(), kinds="invoice")
        start = monotonic()
        assert [] == list(feed.live(timeout=0.2, poll=0.05))
        assert 0.15 < monotonic() - start < SOON
        draft = office.draft()
        assert [draft.id] == [event.id for event in feed.live(timeout=0)]

    def test_an_event_begins_the_time_anew(self, office: Office) -> None:
        reader = Reader(office.ann.feed(after=office.ann.cursor(), kinds="invoice"), timeout=0.5)
        for _ in range(4):
            sleep(0.25)
            office.draft()
        reader.join(LONG)
        assert 4 == len(reader.events)

    def test_what_may_not_be_seen_does_not_count_as_an_event(self, office: Office) -> None:
        reader = Reader(office.as_("eve").feed(), timeout=0.4)
        start = monotonic()
        while reader.is_alive() and monotonic() - start < SOON:
            office.draft()
            sleep(0.05)
        assert not reader.is_alive()
        assert [] == reader.events

    def test_it_ends_when_it_is_told_to(self, office: Office) -> None:
        over = threading.Event()
        reader = Reader(office.ann.feed(), poll=0.05, stop=over.is_set)
        sleep(0.2)
        assert reader.is_alive()
        over.set()
        reader.join(SOON)
        assert not reader.is_alive()

    @pytest.mark.parametrize("asked", [{"poll": 0}, {"poll": -1}, {"timeout": -1}])
    def test_times_that_are_none_are_refused(self, office: Office, asked: Any) -> None:
        with pytest.raises(InvalidValue):
            office.ann.feed().live(**asked)

    def test_rights_are_those_of_each_look(self, office: Office) -> None:
        """A document that moves into sight is told of from then on; one that moves out is not."""
        draft = office.draft(team="web")
        pat = office.as_("pat", "sales", teams={"print"})
        reader = Reader(pat.feed(after=pat.cursor(), kinds="invoice"), timeout=0.5)
        moved = office.bob.invoices.edit(draft.id, base=1, changes={"/team": "print"}).document
        sleep(0.2)
        office.bob.invoices.edit(draft.id, base=moved.version, changes={"/team": "web"})
        reader.join(LONG)
        assert [("edit", 2)] == [(e.action, e.version) for e in reader.events]


class Busy(MemoryStorage):
    """Gives way to others at each of the next so many units that only read."""

    times = 0

    def unit(self, tenant: str, *, write: bool, bind: object = None) -> Any:
        if not write and self.times:
            self.times -= 1
            raise Retryable("busy")
        return super().unit(tenant, write=write, bind=bind)


class TestABusyDatabase:
    def test_it_looks_again(self) -> None:
        storage = Busy()
        office = Office(storage)
        feed, whole = office.ann.feed(), list(office.ann.feed())
        storage.times = 4
        assert whole == list(feed.live(poll=0.01, timeout=0.2))
        storage.times = 4
        assert [] == list(feed.live(poll=0.01, timeout=0.2))

    def test_it_does_not_look_for_ever(self) -> None:
        storage = Busy()
        feed = Office(storage).ann.feed()
        storage.times = 5
        with pytest.raises(Retryable):
            list(feed.live(poll=0.01, timeout=1))


class TestBesideAnEventLoop:
    def test_it_tells_the_same(self, office: Office) -> None:
        office.issued()

        async def read() -> list[FeedEvent]:
            return [event async for event in office.ann.feed()]

        assert list(office.ann.feed()) == asyncio.run(read())

    def test_a_limit_holds(self, office: Office) -> None:
        async def read(feed: Feed) -> list[FeedEvent]:
            return [event async for event in feed]

        feed = office.ann.feed(limit=2)
        whole = list(office.ann.feed())
        assert whole[:2] == asyncio.run(read(feed))
        assert whole[2:4] == asyncio.run(read(feed))

    def test_it_waits_and_the_loop_goes_on(self, office: Office) -> None:
        async def read(told: list[str]) -> None:
            feed = office.ann.feed(after=office.ann.cursor(), limit=1, kinds="invoice")
            told.extend([event.id async for event in feed.live(poll=LONG)])

        async def case() -> tuple[str, list[str], int]:
            told: list[str] = []
            task, ticks = asyncio.create_task(read(told)), 0
            for _ in range(20):
                await asyncio.sleep(0.01)
                ticks += 1
            draft = await asyncio.to_thread(office.draft)
            await asyncio.wait_for(task, SOON)
            return draft.id, told, ticks

        id, told, ticks = asyncio.run(case())
        assert ([id], 20) == (told, ticks)

    def test_cancelled_it_leaves_no_ear_and_no_thread_that_waits(self, office: Office) -> None:
        waker: Any = office.billing._waker

        async def read() -> None:
            async for _ in office.ann.feed().live(poll=LONG):
                pass

        async def case() -> tuple[int, int]:
            task = asyncio.create_task(read())
            await asyncio.sleep(0.3)
            listening = len(waker._ears)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            assert task.cancelled()
            return listening, len(waker._ears)

        start = monotonic()
        assert (1, 0) == asyncio.run(case())
        assert monotonic() - start < SOON, "closing the loop joins its threads"
        assert not [t for t in threading.enumerate() if t.name == "multibill-wake-ups"]

    def test_many_readers_wait_while_few_threads_exist(self, office: Office) -> None:
        async def read() -> str:
            async for event in office.ann.feed(after=now, limit=1, kinds="invoice").live(poll=LONG):
                return event.id
            return ""

        async def case() -> tuple[str, set[str]]:
            tasks = [asyncio.create_task(read()) for _ in range(100)]
            await asyncio.sleep(0.5)
            draft = await asyncio.to_thread(office.draft)
            return draft.id, set(await asyncio.wait_for(asyncio.gather(*tasks), LONG))

        now = office.ann.cursor()
        id, told = asyncio.run(case())
        assert {id} == told
