"""The storages that a property must hold on: memory, and SQLite in a file. A migrated file is made once and copied."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from multibill import presets
from multibill.billing import Billing
from multibill.clock import FrozenClock
from multibill.storage.sql import SqlStorage
from multibill.storage.sql.engines import opened as engine_of
from multibill.testing import SeededBytes, memory_billing
from multibill.testing.billing import NOON

Open = Callable[..., Billing]


@cache
def template() -> Path:
    """An empty, migrated SQLite file; removed when the process ends."""
    folder = tempfile.TemporaryDirectory(prefix="multibill-tests-")
    path = Path(folder.name) / "template.db"
    storage = SqlStorage(engine_of(f"sqlite:///{path}"))
    storage.migrate()
    storage.close()
    FOLDERS.append(folder)
    return path


FOLDERS: list[tempfile.TemporaryDirectory[str]] = []


def migrated(path: Path) -> Path:
    """A fresh file with every table at this path."""
    shutil.copy(template(), path)
    return path


def sqlite_billing(path: Path, **options: Any) -> Billing:
    """A Billing over a fresh file, with the clock and the random bytes of ``memory_billing``."""
    known = {"policy": presets.agency(), "clock": FrozenClock(NOON), "random": SeededBytes()}
    given = {name: value for name, value in options.items() if value is not None}
    return Billing.open(f"sqlite:///{migrated(path)}", **known | given)


def openers(folder: Path) -> Iterator[tuple[str, Open]]:
    """Each storage by name, with a function that opens a Billing on it: the options of ``memory_billing``."""
    yield "memory", memory_billing
    yield "sqlite", lambda **options: sqlite_billing(folder / "billing.db", **options)


def billings(folder: Path, **options: Any) -> Iterator[Billing]:
    """One Billing on each storage, otherwise alike."""
    for _, open_ in openers(folder):
        yield open_(**options)
