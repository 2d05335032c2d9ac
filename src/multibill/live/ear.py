"""An ear: one reader that waits for hints, on a thread or in a task. Knows no tenant and no database."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from threading import Event
from time import monotonic
from typing import TypeVar

T = TypeVar("T")


class Ear:
    """Remembers that something was heard until the next wait is over. ``hear`` may be called from any thread.

    >>> ear = Ear()
    >>> ear.hear()
    >>> ear.wait(60) < 1
    True
    """

    def __init__(self) -> None:
        self._heard = Event()
        self._closed = False
        self._tell: Callable[[], object] | None = None

    def hear(self) -> None:
        """Something may have happened."""
        self._heard.set()
        tell = self._tell
        if tell is not None:
            with suppress(RuntimeError):  # the task's event loop is closed
                tell()

    def close(self) -> None:
        """End every wait, the present one too."""
        self._closed = True
        self.hear()

    def wait(self, seconds: float) -> float:
        """Wait until something was heard since the last wait, or so many seconds; how many it were."""
        start = monotonic()
        self._heard.wait(seconds)
        self._forget()
        return monotonic() - start

    async def waiting(self, seconds: float) -> float:
        """The same for a task: no thread waits, and cancelling it leaves nothing behind."""
        import asyncio

        start, told = monotonic(), asyncio.Event()
        loop = asyncio.get_running_loop()
        # first the means to be told, then the look: what is heard in between is not missed
        self._tell = lambda: loop.call_soon_threadsafe(told.set)
        try:
            if not self._heard.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(told.wait(), seconds)
        finally:
            self._tell = None
        self._forget()
        return monotonic() - start

    def aside(self, call: Callable[[], T]) -> Awaitable[T]:
        """What a blocking call answers, run on a thread of the loop's default executor."""
        import asyncio

        return asyncio.to_thread(call)

    def _forget(self) -> None:
        """The next wait is a new one; what is heard from now on precedes the read that follows."""
        if not self._closed:
            self._heard.clear()
