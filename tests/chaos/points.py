"""The named points of one write, in the order of DESIGN section 3, and a trap that kills its own process at one.

The witness sees the statements through SQLAlchemy's public events and keeps one shared byte: whether this process has
a writing transaction open. Its supervisor reads the byte after the process is gone.
"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Mapping
from mmap import mmap
from typing import Any

import attrs
from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import Pool

OUTSIDE, WAITING, OPEN, COMMITTING = range(4)
STATES = ("outside", "waiting for the lock", "between BEGIN and COMMIT", "in the middle of COMMIT")
IN_TRANSACTION = (OPEN, COMMITTING)

WRITES = re.compile("INSERT|UPDATE|DELETE")
HEAD = "SELECT .*FROM multibill_head"
COUNTER = "SELECT .*FROM multibill_counter"
RECORDS = "multibill_(document|record)"

BEFORE = {
    "5 decided": f"{COUNTER}|INSERT INTO ({RECORDS}|multibill_blob)|UPDATE {RECORDS}",
    "7 projections written": HEAD,
}
"""Point -> the statement that is about to be sent there."""

AFTER = {
    "1 joined": "BEGIN IMMEDIATE|SAVEPOINT",
    "1 loaded": f"SELECT .*FROM {RECORDS}",
    "6 counter locked": COUNTER,
    "6 counter moved": "(INSERT INTO|UPDATE) multibill_counter",
    "7 document written": f"(INSERT INTO|UPDATE) {RECORDS}",
    "7 head locked": HEAD,
    "7 changeset written": "INSERT INTO multibill_changeset",
    "7 head moved": "UPDATE multibill_head",
    "7 savepoint released": "RELEASE SAVEPOINT",
    "host wrote": "INSERT .*INTO job",
}
"""Point -> the statement that has just been answered there."""

COMMIT, COMMITTED, ANSWERED = "7 before commit", "8 committed", "8 answered, not acknowledged"

STEPS = (
    "1 joined",
    "1 loaded",
    "5 decided",
    "7 document written",
    "7 projections written",
    "7 head locked",
    "7 changeset written",
    "7 head moved",
    COMMIT,
    COMMITTED,
    ANSWERED,
)
NUMBERED = ("6 counter locked", "6 counter moved")
JOINED = ("host wrote", "7 savepoint released")

OWN: Mapping[str, tuple[str, ...]] = {
    "draft": STEPS,
    "submit": STEPS,
    "approve": STEPS,
    "issue": (*STEPS, *NUMBERED),
    "archive": STEPS,
}
"""Verb -> the points that it passes in a transaction of its own."""

HOSTED: Mapping[str, tuple[str, ...]] = {"issue": (*STEPS, *NUMBERED, *JOINED)}
"""The same in a host's transaction."""


@attrs.frozen
class Trap:
    """Where a writer is to die: at a point of the ``turn``-th call of a verb.

    A call that only repeats an answer passes few points; then the next one counts.
    """

    verb: str
    point: str
    turn: int


def traps(passed: Mapping[str, tuple[str, ...]]) -> list[Trap]:
    """One trap for every point of every verb."""
    return [Trap(verb, point, 1) for verb, points in passed.items() for point in points]


class Witness:
    """Watches this process's statements for ``listen`` to the end of its life."""

    def __init__(self, shared: bytearray | mmap, slot: int, trap: Trap | None) -> None:
        self._shared, self._slot, self._trap = shared, slot, trap
        self._verb, self._calls = "", 0
        before, after = BEFORE.items(), AFTER.items()
        self._before = [(name, re.compile(text, re.DOTALL)) for name, text in before]
        self._after = [(name, re.compile(text, re.DOTALL)) for name, text in after]

    def listen(self) -> None:
        """Hear every engine and pool of this process. Only for a process of its own: there is no way back."""
        event.listen(Engine, "before_cursor_execute", self._sending)
        event.listen(Engine, "after_cursor_execute", self._sent)
        event.listen(Engine, "commit", self._committing)
        event.listen(Pool, "checkin", self._returned)

    def calling(self, verb: str) -> None:
        """The next statements belong to a call of this verb."""
        self._verb = verb
        if self._trap is not None and verb == self._trap.verb:
            self._calls += 1

    def reached(self, point: str) -> None:
        """Die here if the trap is set here, at its turn or the first call after it that comes by."""
        trap = self._trap
        if trap and (trap.verb, trap.point) == (self._verb, point) and self._calls >= trap.turn:
            self._shared[2 * self._slot + 1] = 1
            os.kill(os.getpid(), signal.SIGKILL)

    def _stands(self) -> int:
        return self._shared[2 * self._slot]

    def _now(self, state: int) -> None:
        self._shared[2 * self._slot] = state

    def _sending(self, _: Connection, __: Any, statement: str, *___: Any) -> None:
        if self._stands() == OUTSIDE and _writing(statement):
            self._now(WAITING)
        for point, text in self._before:
            if text.match(statement) and self._stands() == OPEN:
                self.reached(point)

    def _sent(self, _: Connection, __: Any, statement: str, *___: Any) -> None:
        if self._stands() == WAITING and _writing(statement):
            self._now(OPEN)
        for point, text in self._after:
            if text.match(statement) and self._stands() == OPEN:
                self.reached(point)

    def _committing(self, _: Connection) -> None:
        if self._stands() == OPEN:
            self.reached(COMMIT)
            self._now(COMMITTING)

    def _returned(self, *_: Any) -> None:
        committed = self._stands() == COMMITTING
        self._now(OUTSIDE)
        if committed:
            self.reached(COMMITTED)


def _writing(statement: str) -> bool:
    return statement == "BEGIN IMMEDIATE" or WRITES.match(statement) is not None
