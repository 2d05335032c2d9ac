"""Wake-ups between the threads and tasks of one process, and the waker of those who do without."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from multibill.live.ear import Ear


class ProcessWaker:
    """``Waker`` for readers and writers that share a process.

    >>> waker = ProcessWaker()
    >>> with waker.listening("t1") as ear:
    ...     waker.wake("t1")
    ...     ear.wait(60) < 1
    True
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._ears: list[tuple[str, Ear]] = []

    def wake(self, tenant: str) -> None:
        """Tell those who listen to this tenant."""
        for wanted, ear in self._listeners():
            if wanted == tenant:
                ear.hear()

    def wake_all(self) -> None:
        """Tell everybody."""
        for _, ear in self._listeners():
            ear.hear()

    @contextmanager
    def listening(self, tenant: str) -> Iterator[Ear]:
        """An ear that hears from now on."""
        ear = Ear()
        with self._lock:
            self._ears.append((tenant, ear))
        try:
            yield ear
        finally:
            with self._lock:
                self._ears.remove((tenant, ear))
            ear.close()

    def _listeners(self) -> list[tuple[str, Ear]]:
        with self._lock:
            return list(self._ears)


class PollingWaker(ProcessWaker):
    """``Waker`` that tells nobody: every reader looks by itself, as often as it was told to."""

    def wake(self, tenant: str) -> None:
        """Nobody hears it."""
