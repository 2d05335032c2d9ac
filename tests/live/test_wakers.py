"""Wake-ups: an ear hears what was said since its last wait, on a thread or in a task; files are watched."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic

import pytest

from multibill.live import FileWaker, PollingWaker, ProcessWaker
from multibill.ports import Waker

LONG = 30.0
"""Seconds that no test waits unless a wake-up was lost."""

SOON = 5.0

INSERT = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("INSERT INTO t VALUES (1)")
connection.commit()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A SQLite file with a table."""
    with closing(sqlite3.connect(tmp_path / "some.db")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE t (n INTEGER)")
    return tmp_path / "some.db"


@pytest.fixture(params=["process", "file"])
def waker(request: pytest.FixtureRequest, path: Path) -> Iterator[Waker]:
    yield ProcessWaker() if request.param == "process" else FileWaker(str(path))
    assert [] == watchers()


def watchers() -> list[threading.Thread]:
    return [t for t in threading.enumerate() if t.name == "multibill-wake-ups"]


def insert(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO t VALUES (1)")


class TestOnAThread:
    def test_what_was_said_before_the_wait_is_heard(self, waker: Waker) -> None:
        with waker.listening("t1") as ear:
            waker.wake("t1")
            assert ear.wait(LONG) < SOON

    def test_what_is_said_during_the_wait_is_heard(self, waker: Waker) -> None:
        with waker.listening("t1") as ear:
            threading.Timer(0.1, waker.wake, ["t1"]).start()
            assert 0.05 < ear.wait(LONG) < SOON

    def test_what_was_heard_is_heard_once(self, waker: Waker) -> None:
        with waker.listening("t1") as ear:
            waker.wake("t1")
            waker.wake("t1")
            ear.wait(LONG)
            assert ear.wait(0.05) >= 0.04

    def test_another_tenant_is_not_heard(self, waker: Waker) -> None:
        with waker.listening("t1") as ear:
            waker.wake("t2")
            assert ear.wait(0.05) >= 0.04

    def test_everybody_who_listens_hears(self, waker: Waker) -> None:
        with waker.listening("t1") as one, waker.listening("t1") as other:
            waker.wake("t1")
            assert one.wait(LONG) + other.wait(LONG) < SOON

    def test_whoever_left_is_not_told(self, waker: Waker) -> None:
        with waker.listening("t1") as ear:
            pass
        waker.wake("t1")
        assert ear.wait(LONG) < SOON, "a closed ear never waits"


class TestInATask:
    def test_what_was_said_before_the_wait_is_heard(self, waker: Waker) -> None:
        async def case() -> float:
            with waker.listening("t1") as ear:
                waker.wake("t1")
                return await ear.waiting(LONG)

        assert asyncio.run(case()) < SOON

    def test_what_another_thread_says_is_heard(self, waker: Waker) -> None:
        async def case() -> float:
            with waker.listening("t1") as ear:
                threading.Timer(0.1, waker.wake, ["t1"]).start()
                return await ear.waiting(LONG)

        assert 0.05 < asyncio.run(case()) < SOON

    def test_nothing_said_is_the_timeout(self, waker: Waker) -> None:
        async def case() -> float:
            with waker.listening("t1") as ear:
                await ear.waiting(0.01)
                return await ear.waiting(0.05)

        assert asyncio.run(case()) >= 0.04

    def test_a_thousand_tasks_wait_without_a_thread(self, waker: Waker) -> None:
        async def one() -> float:
            with waker.listening("t1") as ear:
                return await ear.waiting(LONG)

        async def case() -> tuple[int, list[float]]:
            before = threading.active_count()
            tasks = [asyncio.create_task(one()) for _ in range(1000)]
            await asyncio.sleep(0.1)
            more = threading.active_count() - before
            waker.wake("t1")
            return more, await asyncio.gather(*tasks)

        threads, waited = asyncio.run(case())
        assert threads <= 1, "the one that watches the file"
        assert max(waited) < SOON

    def test_a_loop_that_is_closed_meanwhile_harms_nobody(self, waker: Waker) -> None:
        async def begun() -> None:
            await ear.waiting(LONG)

        with waker.listening("t1") as ear:
            loop = asyncio.new_event_loop()
            task = loop.create_task(begun())
            loop.call_later(0.05, loop.stop)
            loop.run_forever()
            tell = ear._tell  # type: ignore[attr-defined]
            task.cancel()
            loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
            loop.close()
            ear._tell = tell  # type: ignore[attr-defined]
            waker.wake("t1")
            assert ear.wait(LONG) < SOON


class TestOnAFile:
    def test_a_commit_of_another_connection_is_heard(self, path: Path) -> None:
        with FileWaker(str(path)).listening("t1") as ear:
            insert(path)
            assert ear.wait(LONG) < SOON
            assert ear.wait(0.1) >= 0.09, "once"

    def test_a_commit_of_another_process_is_heard(self, path: Path) -> None:
        with FileWaker(str(path)).listening("t1") as ear:
            subprocess.run([sys.executable, "-c", INSERT, str(path)], check=True)
            assert ear.wait(LONG) < SOON

    def test_nothing_committed_is_nothing_heard(self, path: Path) -> None:
        with FileWaker(str(path)).listening("t1") as ear, closing(sqlite3.connect(path)) as other:
            other.execute("SELECT * FROM t").fetchall()
            other.execute("INSERT INTO t VALUES (1)")
            assert ear.wait(0.2) >= 0.19
            other.rollback()

    def test_one_thread_watches_for_all_and_only_while_somebody_listens(self, path: Path) -> None:
        waker = FileWaker(str(path))
        for _ in range(2):
            with waker.listening("t1"), waker.listening("t2"):
                assert 1 == len(watchers())
            assert [] == watchers()

    def test_a_file_that_cannot_be_watched_leaves_hints_within_the_process(
        self, tmp_path: Path
    ) -> None:
        waker = FileWaker(str(tmp_path / "no" / "such.db"))
        with waker.listening("t1") as ear:
            assert [] == watchers()
            waker.wake("t1")
            assert ear.wait(LONG) < SOON

    @pytest.mark.parametrize("mode", ["WAL", "DELETE"])
    def test_the_watch_keeps_nobody_from_writing(self, path: Path, mode: str) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"PRAGMA journal_mode = {mode}")
        with (
            closing(sqlite3.connect(path, timeout=SOON, isolation_level=None)) as other,
            FileWaker(str(path)).listening("t1") as ear,
        ):
            ear.wait(0.1)
            other.execute("BEGIN EXCLUSIVE")
            other.execute("INSERT INTO t VALUES (1)")
            ear.wait(0.1)
            other.execute("COMMIT")
            start = monotonic()
            while ear.wait(LONG) > SOON:
                continue
            assert monotonic() - start < SOON


def test_polling_hears_nothing() -> None:
    waker = PollingWaker()
    with waker.listening("t1") as ear:
        waker.wake("t1")
        assert ear.wait(0.05) >= 0.04
