"""Writers that are killed, and tails that read what they commit: by polling, live with lost hints, and as a consumer.

Run as a program: python3 -m tests.chaos.tails --kills 60 --seed 7. Every process but the supervisor may be killed.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from random import Random, SystemRandom
from tempfile import TemporaryDirectory

import attrs

from multibill import (
    Actor,
    Billing,
    Consumer,
    FeedEvent,
    Line,
    Retryable,
    Workspace,
    WrongState,
    presets,
)
from multibill.live import FileWaker
from multibill.testing import journal_of
from tests.chaos.agency import TENANT, founded, url_of

VIEWS = {
    "boss": Actor("boss", roles={"manager"}),
    "web": Actor("kim", roles={"sales"}, teams={"web"}),
}
"""A reader of everything, and one of a team."""

WRITERS, LEASE, FEW = 3, 0.5, 5
CONSUMERS = 2
PAUSE = 0.15


class Lossy(FileWaker):
    """Loses most of what it hears."""

    def wake_all(self) -> None:
        if time.monotonic_ns() % 4 == 0:
            super().wake_all()


def opened(path: Path) -> Billing:
    """With the machine's own clock, by which a lease runs out."""
    return Billing.open(url_of(path), policy=presets.agency(), waker=Lossy(str(path)))


def write(path: Path, _: Path, seed: int) -> None:
    """Drafts and edits without end, in two teams."""
    random = Random(seed)  # noqa: S311 - the order of teams, no secret
    desk = opened(path).workspace(TENANT, actor=Actor(f"w{seed}", roles={"manager"}))
    while True:
        with suppress(Retryable):
            once(desk, random.choice(["web", "print"]))


def once(desk: Workspace, team: str) -> None:
    """One draft and one edit of it."""
    lines = [Line(name="Work", unit_price="90", vat="20")]
    made = desk.invoices.draft(seller="studio", buyer="acme", team=team, lines=lines)
    desk.invoices.edit(made.id, base=1, changes={"/due_date": "2027-01-31"})


class Notes:
    """One cursor a line, each written whole; a torn last line was never written."""

    def __init__(self, path: Path) -> None:
        path.touch()
        self._path = path
        whole = path.read_bytes()
        os.truncate(path, whole.rfind(b"\n") + 1)
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND)

    def add(self, cursor: str) -> None:
        """In the kernel's hands when this returns."""
        os.write(self._file, f"{cursor}\n".encode())

    def all(self) -> list[str]:
        """Every cursor noted so far."""
        return self._path.read_text("utf-8").split()

    @property
    def last(self) -> str | None:
        """Where the reader goes on."""
        return next(reversed(self.all()), None)


def desk_of(path: Path, view: str) -> Workspace:
    """The tenant as a view sees it."""
    return opened(path).workspace(TENANT, actor=VIEWS[view])


def poll(path: Path, notes: Path, _: int) -> None:
    """Reads again and again, each time from the last cursor that was noted."""
    book, desk = Notes(notes), desk_of(path, notes.stem.split("-")[1])
    after = book.last
    while True:
        feed = desk.feed(after=after)
        for event in feed:
            book.add(event.cursor)
        after = feed.cursor
        time.sleep(0.02)


def follow(path: Path, notes: Path, _: int) -> None:
    """Live, from the last cursor that was noted."""
    book, desk = Notes(notes), desk_of(path, notes.stem.split("-")[1])
    for event in desk.feed(after=book.last).live(poll=0.1):
        book.add(event.cursor)


def consume(path: Path, notes: Path, _: int) -> None:
    """Takes a few events, then notes them, then acknowledges them; may be killed in between, or lose its lease."""
    book = Notes(notes)
    desk = opened(path).workspace(TENANT, actor=Actor("robot", roles={"admin"}))
    while True:
        with suppress(WrongState, Retryable), desk.consumer("tails", lease=LEASE) as inbox:
            taken: list[FeedEvent] = []
            for event in inbox.live(poll=0.05, timeout=LEASE):
                taken.append(event)
                if len(taken) == FEW:
                    settle(book, inbox, taken)
            settle(book, inbox, taken)


def settle(book: Notes, inbox: Consumer, taken: list[FeedEvent]) -> None:
    """Note what was taken, then say so."""
    for event in taken:
        book.add(event.cursor)
    if taken:
        inbox.ack(taken[-1])
        taken.clear()


Work = Callable[[Path, Path, int], None]


@attrs.define
class Post:
    """A place that a process always stands at, with the notes that it goes on from."""

    name: str
    work: Work
    pid: int = 0
    born: int = 0


POSTS: dict[str, Work] = {
    **{f"writer-{n}": write for n in range(WRITERS)},
    **{f"poll-{view}": poll for view in VIEWS},
    **{f"follow-{view}": follow for view in VIEWS},
    **{f"consume-{n}": consume for n in range(CONSUMERS)},
}


class Supervisor:
    """Keeps every post manned and kills whom the seed says."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.path = folder, folder / "agency.db"
        self._random = Random(seed)  # noqa: S311 - kills that can be asked for again by their seed
        self.posts = [Post(name, work) for name, work in POSTS.items()]

    def run(self, kills: int) -> None:
        """So many kills; then the writers end, and the readers get time to see the rest."""
        try:
            for post in self.posts:
                self._man(post)
            for _ in range(kills):
                time.sleep(self._random.expovariate(1 / PAUSE))
                post = self._random.choice(self.posts + 2 * self.posts[-CONSUMERS:])
                self._end(post)
                self._man(post)
            for post in self.posts[:WRITERS]:
                self._end(post)
            self._wait()
        finally:
            for post in self.posts:
                self._end(post)

    def _man(self, post: Post) -> None:
        post.born += 1
        seed = self._random.getrandbits(32)
        post.pid = os.fork()
        if post.pid == 0:
            try:
                post.work(self.path, self.folder / f"{post.name}.notes", seed)
            finally:
                with (self.folder / f"{post.name}.{post.born}.crash").open("w") as file:
                    traceback.print_exc(file=file)
                os._exit(1)

    def _end(self, post: Post) -> None:
        if post.pid:
            os.kill(post.pid, signal.SIGKILL)
            os.waitpid(post.pid, 0)
            post.pid = 0

    def _wait(self) -> None:
        """Until the notes stand still for longer than any lease and look."""
        before, still = -1, 0
        while still < 4:
            time.sleep(LEASE)
            size = sum(file.stat().st_size for file in self.folder.glob("*.notes"))
            still, before = (still + 1, size) if size == before else (0, size)


def problems(folder: Path, deaths: int) -> Iterator[str]:
    """What the notes say against what the journal holds."""
    for crash in folder.glob("*.crash"):
        yield f"{crash.stem} ended by itself: {crash.read_text('utf-8')[-500:]}"
    billing = opened(folder / "agency.db")
    journal = journal_of(billing, TENANT)
    if [entry.position for entry in journal] != [*range(1, len(journal) + 1)]:
        yield "the positions have holes"
    for view, actor in VIEWS.items():
        due = [event.cursor for event in billing.workspace(TENANT, actor=actor).feed()]
        for way in ("poll", "follow"):
            told = Notes(folder / f"{way}-{view}.notes").all()
            if told != due:
                yield f"{way}-{view}: {len(told)} told, {len(due)} due"
    robot = billing.workspace(TENANT, actor=Actor("robot", roles={"admin"}))
    due = [event.cursor for event in robot.feed()]
    taken = Counter(consumed(folder))
    if taken.keys() != set(due):
        yield f"consumer: {len(taken)} taken, {len(due)} due"
    if (again := taken.total() - len(taken)) > FEW * deaths:
        yield f"consumer: {again} taken again after {deaths} deaths"
    for n in range(CONSUMERS):
        yield from _order(f"consume-{n}", Notes(folder / f"consume-{n}.notes").all(), due)
    if TENANT in billing.behind("tails"):
        yield "the consumer is behind"


def consumed(folder: Path) -> Iterator[str]:
    """The cursors that the consumer's processes noted, one after the other."""
    for n in range(CONSUMERS):
        yield from Notes(folder / f"consume-{n}.notes").all()


def _order(name: str, told: list[str], due: list[str]) -> Iterator[str]:
    """Nobody goes back further than to what was noted and not acknowledged."""
    place = {cursor: n for n, cursor in enumerate(due)}
    for before, after in pairwise(told):
        if place.get(after, 0) <= place.get(before, 0) - FEW:
            yield f"{name} went back from {place.get(before)} to {place.get(after)}"


def _loaded(path: Path) -> None:
    """Everything that a process loads once, so that forks find it there and get to work at once."""
    billing = opened(path)
    once(billing.workspace(TENANT, actor=VIEWS["boss"]), "web")
    assert list(billing.workspace(TENANT, actor=VIEWS["boss"]).feed().live(timeout=0))
    billing.close()


def main() -> int:
    """The figures as JSON; 1 when there is a problem."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=None, help="drawn and printed when left out")
    asked = parser.parse_args()
    seed = SystemRandom().getrandbits(32) if asked.seed is None else asked.seed
    sys.stderr.write(f"seed {seed}\n")
    with TemporaryDirectory(prefix="tails-") as name:
        folder = Path(name)
        founded(url_of(folder / "agency.db"))
        _loaded(folder / "agency.db")
        supervisor = Supervisor(folder, seed)
        supervisor.run(asked.kills)
        found = list(problems(folder, asked.kills))
        events, taken = len(Notes(folder / "poll-boss.notes").all()), Counter(consumed(folder))
    sys.stdout.write(
        json.dumps(
            {"seed": seed, "events": events, "again": taken.total() - len(taken), "problems": found}
        )
        + "\n"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
