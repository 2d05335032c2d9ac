"""Writers wait for each other, and one that cannot wait leaves nothing behind: Retryable means as if never called."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from multibill import Billing, FrozenClock, Retryable, presets
from tests.chaos.agency import MANAGER, TENANT, TODAY, VERBS, Office, call, founded, opened, url_of
from tests.chaos.books import File
from tests.chaos.hosts import DONE, HostOffice, host_rows, host_table

LONGER = 6
"""Seconds; more than the five that Python's driver waits when it is told nothing."""

HOLD = f"""
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep({LONGER})
connection.execute("COMMIT")
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "agency.db"
    founded(url_of(path))
    return path


@pytest.fixture
def hasty(path: Path) -> Iterator[HostOffice]:
    """An office in a host's application that waits for no lock."""
    office = HostOffice(create_engine(url_of(path), connect_args={"timeout": 0.01}))
    yield office
    office.close()


def lived(office: Office, verbs: list[str]) -> str:
    """One invoice after these calls; its id."""
    id = ""
    for verb in verbs:
        answer = call(office, verb, "w", id)
        id = id or answer
    return id


def dump(path: Path) -> list[str]:
    """Every row of every table."""
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


@contextmanager
def locked(path: Path, *statements: str) -> Iterator[None]:
    """Somebody else's transaction, open as long as this lasts."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement).fetchone()
        yield
        connection.execute("ROLLBACK")


@pytest.mark.slow
def test_a_process_that_must_wait_is_served_when_the_lock_is_free(path: Path) -> None:
    office = Office(opened(url_of(path)))
    id = lived(office, ["draft", "submit", "approve"])
    with subprocess.Popen([sys.executable, "-c", HOLD, path], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert b"held\n" == other.stdout.readline()
        start = time.perf_counter()
        number = call(office, "issue", "w", id)
    assert number == "F2026-00001"
    assert time.perf_counter() - start > LONGER - 1
    office.close()


@pytest.mark.parametrize("verb", VERBS)
def test_a_call_that_finds_the_lock_taken_leaves_nothing_and_can_be_made_again(
    verb: str, path: Path, hasty: HostOffice
) -> None:
    hasty.verbs = VERBS
    before_it = list(VERBS)[: list(VERBS).index(verb)]
    id = lived(hasty, before_it)
    before = dump(path)
    with locked(path, "BEGIN IMMEDIATE"), pytest.raises(Retryable):
        call(hasty, verb, "w", id)
    assert before == dump(path)
    call(hasty, verb, "w", id)
    assert 1 == File(path).stands(verb, "w", id)


def test_a_host_that_goes_on_after_retryable_commits_its_own_work_and_nothing_of_ours(
    path: Path, hasty: HostOffice
) -> None:
    host_table(path)
    hasty.verbs = VERBS
    id = lived(hasty, ["draft", "submit", "approve"])
    position = File(path).position()
    engine = create_engine(url_of(path), connect_args={"timeout": 0.01})
    with Session(engine) as session, session.begin():
        bob = hasty.billing.workspace(TENANT, actor=MANAGER, session=session)
        with locked(path, "BEGIN IMMEDIATE"), pytest.raises(Retryable):
            bob.invoices.issue(id, request_id="w:issue")
        session.execute(DONE, {"name": "w", "number": None})
    assert {"w": None} == host_rows(path)
    assert position == File(path).position()
    assert "F2026-00001" == call(hasty, "issue", "w", id)
    engine.dispose()


def test_a_commit_that_a_reader_keeps_out_leaves_nothing_and_takes_no_number(
    tmp_path: Path,
) -> None:
    """Without a write-ahead log a reader can make the very COMMIT fail."""
    path = tmp_path / "plain.db"
    founded(url_of(path))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    engine = create_engine(url_of(path), connect_args={"timeout": 0.01})
    office = Office(Billing(engine, policy=presets.agency(), clock=FrozenClock(TODAY)))
    id = lived(office, ["draft", "submit", "approve"])
    before = dump(path)
    with locked(path, "BEGIN", "SELECT * FROM multibill_head"), pytest.raises(Retryable):
        call(office, "issue", "w", id)
    assert before == dump(path)
    assert "F2026-00001" == call(office, "issue", "w", id)
    engine.dispose()
