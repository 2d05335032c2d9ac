"""Wake-ups between processes on a SQLite file: one thread asks for its data version while anybody listens."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from threading import Event, Lock, Thread

from multibill.live.ear import Ear
from multibill.live.process import ProcessWaker

EVERY = 0.01
"""Seconds; one look costs some ten microseconds."""


class FileWaker(ProcessWaker):
    """``Waker`` on a SQLite file: whatever commits to it, in this process or another, wakes every reader.

    Args:
        path: of the file.
    """

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path
        self._turn = Lock()
        self._listening = 0
        self._watch: Watch | None = None

    @contextmanager
    def listening(self, tenant: str) -> Iterator[Ear]:
        """An ear that hears from now on; the first one starts the thread, the last one ends it."""
        with super().listening(tenant) as ear, self._watched():
            yield ear

    @contextmanager
    def _watched(self) -> Iterator[None]:
        with self._turn:
            if self._listening == 0:
                self._watch = Watch.on(self._path, self.wake_all)
            self._listening += 1
        try:
            yield
        finally:
            with self._turn:
                self._listening -= 1
                if self._listening == 0 and self._watch is not None:
                    self._watch.end()


class Watch:
    """One connection that never reads a table, and the thread that asks it for the data version.

    ``PRAGMA data_version`` changes when another connection has committed, whichever process it is in.
    """

    def __init__(self, connection: sqlite3.Connection, changed: Callable[[], None]) -> None:
        self._connection = connection
        self._changed = changed
        self._seen = self._version()
        self._over = Event()
        self._thread = Thread(target=self._run, name="multibill-wake-ups", daemon=True)

    @classmethod
    def on(cls, path: str, changed: Callable[[], None]) -> Watch | None:
        """A watch on the file; None where it cannot be opened, and polling has to do."""
        try:
            watch = cls(sqlite3.connect(path, timeout=0, check_same_thread=False), changed)
        except sqlite3.Error:
            return None
        watch._thread.start()
        return watch

    def end(self) -> None:
        """Stop at once and close the connection."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        with closing(self._connection):
            while not self._over.wait(EVERY):
                if (version := self._version()) != self._seen:
                    self._seen = version
                    self._changed()

    def _version(self) -> int | None:
        """None while another connection keeps every reader out: that it ends is a change too."""
        try:
            found: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
        except sqlite3.Error:
            return None
        return found
