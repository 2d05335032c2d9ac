"""Processes that migrate and are killed at each statement in turn, or that all start at once. Run as a program.

A process of its own forks them, because a test process has threads. Prints what became of the databases as JSON.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import alembic.config
from sqlalchemy import Engine, NullPool, create_engine, event

from multibill.storage import migrations
from tests.storage.migrations.shape import Shape, shape

Run = Callable[[Path], None]
RACERS = 4


def alone(database: Path) -> None:
    """``migrate`` in a transaction of its own."""
    with opened(database).begin() as connection:
        migrations.migrate(connection)


def hosted(database: Path) -> None:
    """The ``alembic`` command in a host's project, which stands in the working directory."""
    os.environ["DATABASE"] = f"sqlite:///{database}"
    sys.modules.pop("app", None)
    with contextlib.redirect_stdout(sys.stderr):
        alembic.config.main(argv=["upgrade", "multibill@head"])


def opened(database: Path) -> Engine:
    return create_engine(f"sqlite:///{database}", poolclass=NullPool)


def die_at(number: int) -> None:
    """Kill this process before its so-many-th statement that changes anything."""
    statements = itertools.count(1)

    def count(*arguments: object) -> None:
        statement = str(arguments[2]).strip()
        if not statement.startswith(("PRAGMA", "SELECT")) and next(statements) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count)


def child(work: Callable[[], None]) -> int:
    """The id of a process that does the work and ends with 0, or with 1 on any error."""
    if pid := os.fork():
        return pid
    code = 1
    try:
        work()
        code = 0
    finally:
        os._exit(code)


def killed(run: Run, folder: Path) -> Iterator[tuple[Shape, Shape]]:
    """What each killed process left behind, and what the next run made of it, until one comes through."""
    for number in itertools.count(1):
        database = folder / f"{number}.db"

        def work(number: int = number, database: Path = database) -> None:
            die_at(number)
            run(database)

        _, status = os.waitpid(child(work), 0)
        left = shape(opened(database))
        if not os.WIFSIGNALED(status):
            return
        run(database)
        yield left, shape(opened(database))


def raced(folder: Path) -> list[int]:
    """How the processes ended that all began at the same moment."""
    gate, open_gate = os.pipe()

    def work() -> None:
        os.close(open_gate)
        os.read(gate, 1)
        alone(folder / "raced.db")

    pids = [child(work) for _ in range(RACERS)]
    os.close(open_gate)
    return [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]


if __name__ == "__main__":
    verb, place = sys.argv[1], Path(sys.argv[2])
    runs: dict[str, Run] = {"alone": alone, "hosted": hosted}
    results = raced(place) if verb == "raced" else list(killed(runs[verb], place))
    sys.stdout.write(json.dumps(results))
