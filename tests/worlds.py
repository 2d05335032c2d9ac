"""The storages that a property must hold on: memory, and SQLite in a file. A migrated file is made once and copied."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, create_engine, event

from multibill import presets
from multibill.billing import Billing
from multibill.clock import FrozenClock
from multibill.ports import Storage
from multibill.storage.memory import MemoryStorage
from multibill.storage.sql import SqlStorage
from multibill.testing import SeededBytes, opened
from multibill.testing.billing import NOON
from multibill.testing.machine import Office

KEPT: list[tempfile.TemporaryDirectory[str]] = []
TENANTS = count(1)


@cache
def folder() -> Path:
    """A folder for this process; removed when it ends."""
    KEPT.append(tempfile.TemporaryDirectory(prefix="multibill-tests-"))
    return Path(KEPT[-1].name)


@cache
def template() -> Path:
    """An empty SQLite file with every table."""
    path = folder() / "template.db"
    engine = create_engine(f"sqlite:///{path}")
    SqlStorage(engine).migrate()
    engine.dispose()
    return path


def migrated(path: Path) -> Path:
    """A fresh file with every table at this path."""
    shutil.copy(template(), path)
    return path


def careless(path: Path) -> Engine:
    """An engine that does not wait for the disk: what is tested there would not survive a power loss, and need not."""
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def _configured(connection: Any, _: object) -> None:
        connection.execute("PRAGMA journal_mode=memory")
        connection.execute("PRAGMA synchronous=off")

    return engine


@cache
def sqlite_storage() -> SqlStorage:
    """One SQLite file for all that is content with a tenant of its own."""
    return SqlStorage(careless(migrated(folder() / "shared.db")))


def storages() -> Iterator[tuple[str, Storage]]:
    """Each storage by name."""
    yield "memory", MemoryStorage()
    yield "sqlite", sqlite_storage()


def tenant() -> str:
    """A tenant that no other test has had."""
    return f"tenant-{next(TENANTS)}"


def billing_on(storage: Storage, **options: Any) -> Billing:
    """A Billing with the policy, the clock and the random bytes of ``memory_billing``, unless told otherwise."""
    known = {"policy": presets.agency(), "clock": FrozenClock(NOON), "random": SeededBytes()}
    given = {name: value for name, value in options.items() if value is not None}
    return Billing(storage, **known | given)  # type: ignore[arg-type]


def on_sqlite(machine: type[Office]) -> type[Office]:
    """The same state machine on SQLite: another tenant in each walk."""

    class OnSqlite(machine):  # type: ignore[valid-type, misc]
        """The machine, on tables."""

        storage = staticmethod(sqlite_storage)

        def __init__(self) -> None:
            self.tenant = tenant()
            super().__init__()

    OnSqlite.__name__ = OnSqlite.__qualname__ = f"{machine.__name__}OnSqlite"
    return OnSqlite


def case(machine: type[Office], examples: int, count: int = 25) -> Any:
    """The pytest class of a state machine: so many walks of at most so many steps."""
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    walks = settings(
        max_examples=examples,
        stateful_step_count=count,
        deadline=None,
        suppress_health_check=checks,
        print_blob=True,
    )
    return type(f"{machine.__name__}Case", (machine.TestCase,), {"settings": walks})


__all__ = [
    "billing_on",
    "careless",
    "case",
    "folder",
    "migrated",
    "on_sqlite",
    "opened",
    "sqlite_storage",
    "storages",
    "tenant",
]
