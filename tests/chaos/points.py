"""The named points of one write, in the order of docs/explanation/write.md, and a trap that kills its process there.

The witness sees each statement at the driver and keeps one shared byte: whether this process has a writing transaction
open. Its supervisor reads the byte after the process is gone.
"""

from __future__ import annotations

import os
import re
import signal
import sqlite3
from collections.abc import Mapping
from mmap import mmap
from typing import Any

import attrs
from sqlalchemy import Engine, event

OUTSIDE, WAITING, OPEN, COMMITTING = range(4)
STATES = ("outside", "waiting for the lock", "between BEGIN and COMMIT", "in the middle of COMMIT")
IN_TRANSACTION = (OPEN, COMMITTING)

WRITING = re.compile("BEGIN IMMEDIATE|INSERT|UPDATE|DELETE")
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
    """Sees every statement of this process, from ``listen`` to the end of its life."""

    def __init__(self, shared: bytearray | mmap, slot: int, trap: Trap | None) -> None:
        self._shared, self._slot, self._trap = shared, slot, trap
        self._verb, self._calls = "", 0
        self._before = _compiled(BEFORE)
        self._after = _compiled(AFTER)

    def listen(self) -> None:
        """Watch all connections to come. Only for a process of its own: there is no way back."""
        watched = watched_by(self)

        def connecting(_: Any, __: Any, ___: Any, options: dict[str, Any]) -> None:
            options["factory"] = watched

        event.listen(Engine, "do_connect", connecting)

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

    @property
    def state(self) -> int:
        """Where this process stands towards the database's one write lock."""
        return self._shared[2 * self._slot]

    @state.setter
    def state(self, state: int) -> None:
        self._shared[2 * self._slot] = state

    def sending(self, statement: str) -> None:
        """A statement is about to be sent."""
        if self.state == OUTSIDE and WRITING.match(statement):
            self.state = WAITING
        self._seen(self._before, statement)

    def sent(self, statement: str) -> None:
        """A statement has been carried out."""
        if self.state == WAITING and WRITING.match(statement):
            self.state = OPEN
        self._seen(self._after, statement)

    def committing(self) -> None:
        """COMMIT is about to be sent."""
        if self.state == OPEN:
            self.reached(COMMIT)
            self.state = COMMITTING

    def committed(self) -> None:
        """COMMIT has been carried out."""
        if self.state == COMMITTING:
            self.state = OUTSIDE
            self.reached(COMMITTED)

    def rolled_back(self) -> None:
        """There is no transaction any more."""
        self.state = OUTSIDE

    def _seen(self, points: list[tuple[str, re.Pattern[str]]], statement: str) -> None:
        if self.state == OPEN:
            for point, text in points:
                if text.match(statement):
                    self.reached(point)


def watched_by(witness: Witness) -> type[sqlite3.Connection]:
    """The driver's own connection, telling the witness what passes through it.

    SQLAlchemy's cursor events would miss what is read from the driver's cursor directly.
    """

    class Cursor(sqlite3.Cursor):
        """Tells of each statement before and after."""

        def execute(self, sql: str, *values: Any) -> Any:
            witness.sending(sql)
            found = super().execute(sql, *values)
            witness.sent(sql)
            return found

        def executemany(self, sql: str, *values: Any) -> Any:
            witness.sending(sql)
            found = super().executemany(sql, *values)
            witness.sent(sql)
            return found

    class Connection(sqlite3.Connection):
        """Tells of the end of each transaction."""

        def cursor(self, factory: Any = Cursor) -> Any:
            return super().cursor(factory)

        def commit(self) -> None:
            witness.committing()
            super().commit()
            witness.committed()

        def rollback(self) -> None:
            super().rollback()
            witness.rolled_back()

    return Connection


def _compiled(points: Mapping[str, str]) -> list[tuple[str, re.Pattern[str]]]:
    return [(name, re.compile(text, re.DOTALL)) for name, text in points.items()]
