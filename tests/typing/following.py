"""The feed's part of the contract: read by the type checkers, run by tests/design."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from multibill import Doc, FeedEvent, Workspace


def read(ann: Workspace, cursor: str | None) -> Iterator[FeedEvent]:
    """Complete, ordered, filtered by what ann may see."""
    yield from ann.feed(after=cursor)


def wait(ann: Workspace, cursor: str | None) -> Iterator[FeedEvent]:
    """``.live()`` waits."""
    yield from ann.feed(Doc.team == "web", after=cursor, kinds={"invoice"}).live(timeout=0)


async def stream(ann: Workspace, cursor: str | None) -> AsyncIterator[FeedEvent]:
    """``async for`` too."""
    async for event in ann.feed(after=cursor).live(timeout=0):
        yield event


def deliver(robot: Workspace) -> Iterator[str]:
    """A consumer takes and acknowledges."""
    with robot.consumer("webhooks", lease=30) as inbox:
        for event in inbox:
            inbox.ack(event)
            yield event.cursor
