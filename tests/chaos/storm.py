"""The supervisor: forks writers from this preloaded process, kills them, buries them, forks others in their place.

The seed decides whom it kills, after which delays and where the traps stand; how far each writer got meanwhile is the
scheduler's choice, so a seed asks for the same storm and not for the same history.
"""

from __future__ import annotations

import gc
import mmap
import os
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from random import Random

import attrs

from tests.chaos.agency import Office
from tests.chaos.points import IN_TRANSACTION, Trap, Witness, traps
from tests.chaos.writers import Task, write_forever

PAUSE = 0.08
"""Mean seconds between two kills by chance."""

EVERYBODY = 1 / 40
"""The share of strikes that take all writers at once, so that nobody is left who has the file open."""

PATIENCE = 60.0
"""Seconds without a death after which something hangs, or a trap stands where nobody ever comes by."""


class Failed(Exception):
    """A writer ended without being killed, or the storm hangs."""


@attrs.define
class Slot:
    """One writer's place: who stands there now, and the notebook that its predecessor left."""

    pid: int = 0
    born: int = 0
    trap: Trap | None = None
    notebook: Path | None = None


@attrs.define
class Tally:
    """How the writers died: the state of each, by chance or in a trap, and which traps struck how often."""

    chance: Counter[int] = attrs.field(factory=Counter)
    trapped: Counter[int] = attrs.field(factory=Counter)
    points: Counter[tuple[str, str]] = attrs.field(factory=Counter)

    @property
    def kills(self) -> int:
        """All of them."""
        return self.chance.total() + self.trapped.total()

    @property
    def open(self) -> int:
        """Those that hit a writing transaction between its BEGIN and the end of its COMMIT."""
        return sum(
            found[state] for found in (self.chance, self.trapped) for state in IN_TRANSACTION
        )

    @property
    def open_by_chance(self) -> int:
        """The same among those at random times."""
        return sum(self.chance[state] for state in IN_TRANSACTION)


class Storm:
    """``kills`` SIGKILLs over ``writers`` processes: every named point at least once, the others at random times."""

    def __init__(
        self,
        folder: Path,
        office: Callable[[], Office],
        passed: Mapping[str, tuple[str, ...]],
        *,
        kills: int,
        seed: int,
        writers: int = 8,
    ) -> None:
        self.folder = folder
        self.tally = Tally()
        self._office = office
        self._random = Random(seed)  # noqa: S311 - a storm that can be asked for again by its seed
        self._traps = self._set(traps(passed), kills)
        self._chances = max(kills - len(self._traps), writers)
        self._slots = [Slot() for _ in range(writers)]
        self._shared = mmap.mmap(-1, 2 * writers)
        self._died = time.monotonic()

    def run(self) -> Tally:
        """Strike until every kill is spent, the last ones all at once; Failed when a writer ends in another way."""
        gc.collect()
        gc.freeze()
        try:
            for slot in self._slots:
                self._fork(slot)
            while self._traps or any(slot.trap for slot in self._slots) or self._left() > 0:
                time.sleep(self._random.expovariate(1 / PAUSE))
                self._bury()
                self._strike()
            self._end()
        finally:
            self._kill(slot for slot in self._slots if slot.pid)
        return self.tally

    def _set(self, every: list[Trap], kills: int) -> list[Trap]:
        """Half of the kills, but no point left out and none favoured; some strike at a later call."""
        rounds = max(1, kills // 2 // len(every))
        found = [attrs.evolve(trap, turn=1 + turn % 2) for turn in range(rounds) for trap in every]
        self._random.shuffle(found)
        return found

    def _left(self) -> int:
        """Kills by chance to come before the last ones."""
        return self._chances - len(self._slots) - self.tally.chance.total()

    def _fork(self, slot: Slot) -> None:
        place, left = self._slots.index(slot), self._left()
        slot.born += 1
        if slot.trap is None and self._random.random() * (left + len(self._traps)) < len(
            self._traps
        ):
            slot.trap = self._traps.pop()
        predecessor = slot.notebook if self._random.random() < 0.5 else None
        slot.notebook = self.folder / f"writer-{place}.{slot.born}.notes"
        slot.notebook.touch()
        self._shared[2 * place : 2 * place + 2] = bytes(2)
        task = Task(
            office=self._office,
            notebook=slot.notebook,
            name=f"{place}.{slot.born}",
            seed=self._random.getrandbits(32),
            trap=slot.trap,
            predecessor=predecessor,
        )
        slot.pid = os.fork()
        if slot.pid == 0:
            self._live(task, Witness(self._shared, place, slot.trap))

    def _live(self, task: Task, witness: Witness) -> None:
        """The writer's whole life; it never comes back into the supervisor's code."""
        try:
            witness.listen()
            write_forever(task, witness)
        finally:
            with task.notebook.with_suffix(".crash").open("w") as file:
                traceback.print_exc(file=file)
            os._exit(1)

    def _bury(self) -> None:
        """Those that struck a trap: note where, and fork another."""
        for slot in self._slots:
            pid, status = os.waitpid(slot.pid, os.WNOHANG)
            if pid:
                self._note(slot, status)
                self._fork(slot)
        if time.monotonic() - self._died > PATIENCE:
            left = [slot.trap for slot in self._slots if slot.trap]
            raise Failed(f"nobody died for {PATIENCE:.0f} s; traps that did not strike: {left}")

    def _strike(self) -> None:
        if self._left() <= 0:
            return
        everybody = self._random.random() < EVERYBODY and self._left() > len(self._slots)
        victims = self._slots if everybody else [self._random.choice(self._slots)]
        for slot in victims:
            os.kill(slot.pid, signal.SIGKILL)
        for slot in victims:
            self._note(slot, os.waitpid(slot.pid, 0)[1])
        for slot in victims:
            self._fork(slot)

    def _end(self) -> None:
        """Let everybody get going, then kill them all at once."""
        time.sleep(5 * PAUSE)
        for slot in self._slots:
            os.kill(slot.pid, signal.SIGKILL)
        for slot in self._slots:
            self._note(slot, os.waitpid(slot.pid, 0)[1])

    def _note(self, slot: Slot, status: int) -> None:
        place, slot.pid = self._slots.index(slot), 0
        if not os.WIFSIGNALED(status) or os.WTERMSIG(status) != signal.SIGKILL:
            raise Failed(self._crash(slot))
        self._died = time.monotonic()
        state, struck = self._shared[2 * place], self._shared[2 * place + 1]
        if struck and slot.trap:
            self.tally.points[slot.trap.verb, slot.trap.point] += 1
            self.tally.trapped[state] += 1
            slot.trap = None
        else:
            self.tally.chance[state] += 1

    def _crash(self, slot: Slot) -> str:
        report = slot.notebook and slot.notebook.with_suffix(".crash")
        said = report.read_text("utf-8") if report and report.exists() else "nothing"
        return f"a writer ended by itself and said:\n{said}"

    def _kill(self, slots: Iterable[Slot]) -> None:
        for slot in slots:
            os.kill(slot.pid, signal.SIGKILL)
            os.waitpid(slot.pid, 0)
