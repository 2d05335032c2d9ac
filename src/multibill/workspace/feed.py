"""The feed: every change of a tenant in the order of the journal, whole, as one actor may see it.

A reader holds a cursor, and no unit of work while it waits or hands out an event.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Iterator
from itertools import islice

import attrs

from multibill.errors import InvalidDefinition, InvalidValue, Retryable
from multibill.query import Expression
from multibill.workspace.desk import ATTEMPTS, Desk
from multibill.workspace.sifting import FeedEvent, Sieve, Stretch, cursor_at, stretch

BATCH = 250
"""Entries read in one unit of work."""

Stop = Callable[[], bool]


class Feed:
    """Events after a place in the journal, in order; iterating goes on from where it stands, up to what is committed.

    ``async for`` does the same beside the event loop. A feed is for one reader at a time.
    """

    def __init__(
        self,
        desk: Desk,
        conditions: Collection[Expression] = (),
        *,
        position: int = 0,
        kinds: Collection[str] | str | None = None,
        limit: int | None = None,
    ) -> None:
        if limit is not None and (type(limit) is not int or limit < 1):
            raise InvalidValue("limit must be a whole number above zero")
        self.desk = desk
        self.sieve = Sieve.of(desk, conditions, kinds)
        self.limit = limit
        self.position = position

    @property
    def cursor(self) -> str:
        """Complete up to here, also where nothing could be seen: keep it, and give it back as ``after=``."""
        return cursor_at(self.desk.tenant, self.position)

    def __iter__(self) -> Iterator[FeedEvent]:
        return islice(self._events(), self.limit)

    async def __aiter__(self) -> AsyncIterator[FeedEvent]:
        self._needs_own_units("async for")
        async for event in self.live(timeout=0):
            yield event

    def live(
        self, *, poll: float = 1.0, timeout: float | None = None, stop: Stop | None = None
    ) -> Live:
        """The same without an end: waits for what comes, and holds no connection while it waits.

        Args:
            poll: seconds after which it looks though nobody told it to, for hints may be lost.
            timeout: seconds without an event after which it ends; it can be called again and misses nothing.
            stop: asked before each look; true ends it.

        Raises InvalidDefinition in a host's session, whose transaction need not see what others commit.
        """
        self._needs_own_units(".live()")
        if not poll > 0 or not (timeout is None or timeout >= 0):
            raise InvalidValue("poll must be seconds above zero, timeout not below zero")
        return Live(self, poll, timeout, stop)

    def _needs_own_units(self, what: str) -> None:
        if self.desk.bind is not None:
            raise InvalidDefinition(
                f"{what} needs short transactions of its own; open the workspace without session="
            )

    def _events(self) -> Iterator[FeedEvent]:
        last = False
        while not last:
            found = self.next()
            yield from self.told(found)
            last = found.last

    def next(self) -> Stretch:
        """What follows, read in a unit of work of its own; the position stays until ``told`` moves it."""
        return self.desk.read(lambda uow: stretch(self.desk, uow, self.sieve, self.position, BATCH))

    def told(self, found: Stretch) -> Iterator[FeedEvent]:
        """The events of a stretch; the position is each one's as it is handed out, and after the last the end."""
        for position, event in found.events:
            self.position = position
            yield event
        self.position = found.position


@attrs.define
class Live:
    """A feed that waits: ``for event in feed.live()``, ``async for event in feed.live()``."""

    _feed: Feed
    _poll: float
    _timeout: float | None
    _stop: Stop | None
    _idle: float = attrs.field(default=0.0, init=False)
    _failed: int = attrs.field(default=0, init=False)

    def __iter__(self) -> Iterator[FeedEvent]:
        return islice(self._events(), self._feed.limit)

    def _events(self) -> Iterator[FeedEvent]:
        desk, self._idle = self._feed.desk, 0.0
        with desk.waker.listening(desk.tenant) as ear:
            while not self._stopped:
                found = self._look()
                yield from self._told(found)
                if found.last:
                    if self._over:
                        return
                    self._idle += ear.wait(self._patience)

    async def __aiter__(self) -> AsyncIterator[FeedEvent]:
        desk, self._idle, left = self._feed.desk, 0.0, self._feed.limit
        with desk.waker.listening(desk.tenant) as ear:
            while not self._stopped:
                found = await ear.aside(self._look)
                for event in self._told(found):
                    yield event
                    left = None if left is None else left - 1
                    if left == 0:
                        return
                if found.last:
                    if self._over:
                        return
                    self._idle += await ear.waiting(self._patience)

    def _told(self, found: Stretch) -> Iterator[FeedEvent]:
        for event in self._feed.told(found):
            self._idle = 0.0
            yield event

    def _look(self) -> Stretch:
        """What follows; nothing while the database gives way to others, but not for ever."""
        try:
            found = self._feed.next()
        except Retryable:
            self._failed += 1
            if self._failed == ATTEMPTS:
                raise
            return Stretch((), self._feed.position, last=True)
        self._failed = 0
        return found

    @property
    def _stopped(self) -> bool:
        return self._stop is not None and self._stop()

    @property
    def _over(self) -> bool:
        return self._timeout is not None and self._idle >= self._timeout

    @property
    def _patience(self) -> float:
        return self._poll if self._timeout is None else min(self._poll, self._timeout - self._idle)
