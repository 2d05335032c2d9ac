"""Named consumers of the feed: at least once, in order, one at a time. Their place is delivery state, not journaled."""

from __future__ import annotations

from collections.abc import Collection
from typing import Self

from multibill.errors import InvalidValue, WrongState
from multibill.history.chain import micros
from multibill.ids import key
from multibill.ports import Delivery, UnitOfWork
from multibill.query import Expression
from multibill.workspace.desk import Desk
from multibill.workspace.feed import Feed
from multibill.workspace.sifting import FeedEvent, Stretch, position_of


class Consumer(Feed):
    """A feed whose place is kept under a name: ``with ws.consumer("webhooks") as inbox``, then ``inbox.ack(event)``.

    Whoever holds the lease gets the events; another under the same name gets none, or waits in ``live()``, until the
    lease is given back or has run out. What was not acknowledged is handed out again: at least once, in order.
    """

    def __init__(
        self,
        desk: Desk,
        name: str,
        conditions: Collection[Expression] = (),
        *,
        lease: float,
        start: int = 0,
        kinds: Collection[str] | str | None = None,
    ) -> None:
        super().__init__(desk, conditions, position=start, kinds=kinds)
        if not lease > 0:
            raise InvalidValue("lease must be seconds above zero")
        desk.require("consume", "journal", {}, "the journal")
        self.name = key(name, "consumer")
        self._lease = int(lease * 1_000_000)
        self._owner = desk.random(16).hex()
        self._start = start
        self._until = 0
        self._stored = self._handed = self._done = start

    @property
    def held(self) -> bool:
        """Whether this one holds the lease, as far as it knows."""
        return self._until > self._now

    def ack(self, event: FeedEvent) -> None:
        """This event and all before it are done: they are never handed out again under this name.

        Raises WrongState when the lease ran out and another took it: they were handed out again there.
        """
        self._done = max(self._done, position_of(self.desk.tenant, event.cursor))
        self._keep(self.desk.written(self._renewed))

    def release(self) -> None:
        """Give the lease back, with what was acknowledged; leaving ``with`` does it."""
        if self._until:
            self._until = 0
            self.desk.written(self._released)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def next(self) -> Stretch:
        """What follows, for the one that holds the lease; nothing for any other."""
        if not self._holds():
            return Stretch((), self.position, last=True)
        found = super().next()
        if found.events:
            self._handed = found.events[-1][0]
        return found

    def _holds(self) -> bool:
        """Renewed when half is over, or to keep how far it got: not at each look, for a write wakes every reader."""
        if self._until - self._now > self._lease / 2 and self._reached <= self._stored:
            return True
        taken = None if self.desk.read(self._elsewhere) else self.desk.written(self._taken)
        if taken is None:
            return False
        found, kept = taken
        if found.owner != self._owner:
            self.position = self._handed = self._done = kept.position
        self._keep(kept)
        return True

    def _keep(self, delivery: Delivery) -> None:
        self._until, self._stored = delivery.until or 0, delivery.position

    @property
    def _reached(self) -> int:
        """Where the next one would begin: what was acknowledged, and behind it what could not be seen."""
        return self.position if self._done >= self._handed else self._done

    @property
    def _now(self) -> int:
        return micros(self.desk.clock.now())

    def _found(self, uow: UnitOfWork) -> Delivery:
        return uow.delivery(self.name) or Delivery(name=self.name, position=self._start)

    def _elsewhere(self, uow: UnitOfWork) -> bool:
        """Whether another holds the lease."""
        found = self._found(uow)
        return found.owner not in (None, self._owner) and (found.until or 0) > self._now

    def _taken(self, uow: UnitOfWork) -> tuple[Delivery, Delivery] | None:
        """The row as it was found and as it is kept; None when another was faster."""
        if self._elsewhere(uow):
            return None
        found = self._found(uow)
        return found, self._leased(uow, found)

    def _renewed(self, uow: UnitOfWork) -> Delivery:
        found = self._found(uow)
        if found.owner != self._owner:
            raise WrongState(
                f"the lease of consumer {self.name!r} ran out and another took it; begin again"
            )
        return self._leased(uow, found)

    def _leased(self, uow: UnitOfWork, found: Delivery) -> Delivery:
        mine = found.owner == self._owner
        position = max(found.position, self._reached) if mine else found.position
        until = self._now + self._lease
        kept = Delivery(name=self.name, position=position, owner=self._owner, until=until)
        uow.deliver(kept)
        return kept

    def _released(self, uow: UnitOfWork) -> None:
        found = self._found(uow)
        if found.owner == self._owner:
            position = max(found.position, self._reached)
            uow.deliver(Delivery(name=self.name, position=position))
