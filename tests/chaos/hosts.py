"""A host that issues inside its own transaction: a row of its own and our invoice, both or neither."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path
from zlib import crc32

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from multibill import Billing, FrozenClock, presets
from tests.chaos.agency import MANAGER, TENANT, TODAY, VERBS, Office

TABLE = "CREATE TABLE job (name TEXT PRIMARY KEY, number TEXT)"
BEGUN = text("INSERT OR IGNORE INTO job (name) VALUES (:name)")
READ = text("SELECT number FROM job WHERE name = :name")
DONE = text("INSERT OR REPLACE INTO job (name, number) VALUES (:name, :number)")


class Regret(Exception):
    """The host changes its mind after the invoice was issued, and rolls back."""


class HostOffice(Office):
    """An office in a host's application: its engine, its session, its table; it issues with the host's work."""

    def __init__(self, engine: Engine) -> None:
        clock = FrozenClock(TODAY)
        super().__init__(Billing(engine, policy=presets.agency(), clock=clock))
        self.verbs = {**VERBS, "issue": self._issue}
        self._engine = engine

    def close(self) -> None:
        """The engine is the host's to dispose."""
        self._engine.dispose()

    def _issue(self, _: Office, name: str, id: str) -> str | None:
        if crc32(name.encode()) % 6 == 0:
            with suppress(Regret):
                self._together(name, id, regret=True)
        return self._together(name, id)

    def _together(self, name: str, id: str, *, regret: bool = False) -> str | None:
        """One transaction of the host's, which has written, read or done nothing before it comes to us."""
        with Session(self._engine) as session, session.begin():
            before = (BEGUN, READ, None)[crc32(name.encode()) % 3]
            if before is not None:
                session.execute(before, {"name": name})
            bob = self.billing.workspace(TENANT, actor=MANAGER, session=session)
            number = bob.invoices.issue(id, request_id=f"{name}:issue").number
            session.execute(DONE, {"name": name, "number": number})
            if regret:
                raise Regret
        return number


def hosted(url: str) -> HostOffice:
    """An office over an engine that the host makes as it likes; only the patience is ours."""
    return HostOffice(create_engine(url, connect_args={"timeout": 60}))


def host_table(path: Path) -> None:
    """The host's own table, beside ours."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(TABLE)


def host_rows(path: Path) -> Mapping[str, str | None]:
    """What the host's table says: the number of each job."""
    with closing(sqlite3.connect(path)) as connection:
        return dict(connection.execute("SELECT name, number FROM job"))


def issued_rows(path: Path) -> Mapping[str, str | None]:
    """What our tables say: the number of each issued document by its business key."""
    found = """
        SELECT k.text, d.number FROM multibill_document d JOIN multibill_key k
        ON k.tenant = d.tenant AND k.record = d.id WHERE d.phase = 'issued'
    """
    with closing(sqlite3.connect(path)) as connection:
        return dict(connection.execute(found))
