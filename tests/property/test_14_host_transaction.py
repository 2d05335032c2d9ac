"""Invariant 14, SQLite, sync: a host's rollback leaves nothing behind, a host's commit leaves both.

The host did nothing, read or wrote before calling us; through a Session or a Connection; on its own plain engine or on
one that the library opened. Every table is read by the standard library's own driver, before and after.
"""

# ruff: noqa: S608 - the tables these tests read and spoil are their own

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from multibill.billing import Billing
from multibill.clock import FrozenClock
from multibill.documents import Line
from multibill.errors import (
    Conflict,
    Denied,
    MultibillError,
    NotFound,
    PreflightFailed,
    Stale,
    WrongState,
)
from multibill.presets import agency
from multibill.records import Actor
from multibill.storage.sql.engines import opened as engine_of
from multibill.testing import opened
from multibill.testing.billing import NOON
from multibill.workspace import Workspace
from tests.interrupted import Interrupted, PowerCut
from tests.worlds import migrated

LINES = [Line(id="a", name="Logo", quantity=2, unit="DAY", unit_price="450", vat="20")]
Bind = Session | Connection


class Host:
    """An application with a table of its own in the same file."""

    def __init__(self, path: Path, engine: Engine) -> None:
        self.path, self.engine = path, engine
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE project (name TEXT PRIMARY KEY)")
            connection.execute("INSERT INTO project VALUES ('old')")
            connection.commit()
        self.source = Interrupted()
        self.billing = Billing(engine, policy=agency(), clock=FrozenClock(NOON), random=self.source)
        opened(self.billing)
        self.draft = self.workspace("ann").invoices.draft(
            seller="studio", buyer="acme", lines=LINES
        )
        self.empty = self.workspace("ann").invoices.draft(seller="studio", buyer="acme")
        for id in (self.draft.id, self.empty.id):
            self.workspace("ann").invoices.submit(id)
            self.workspace("bob").invoices.approve(id)

    def workspace(self, name: str, session: Bind | None = None, *roles: str) -> Workspace:
        actor = Actor(name, roles=set(roles) or {"manager"}, teams={"web"})
        return self.billing.workspace("t1", actor=actor, session=session)

    def tables(self) -> dict[str, list[Any]]:
        """Every row of every table, ours and the host's, through another driver."""
        with closing(sqlite3.connect(self.path)) as connection:
            names = [
                row[0]
                for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            ]
            return {
                name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr)
                for name in names
            }

    @contextmanager
    def session(self, kind: str) -> Iterator[Bind]:
        """What the host hands us: it ends as the host ends it, and is closed."""
        if kind == "Session":
            with Session(self.engine) as session:
                yield session
        else:
            with self.engine.connect() as connection:
                yield connection


@pytest.fixture(params=["plain engine", "our engine"])
def host(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Host]:
    path = migrated(tmp_path / "host.db")
    url = f"sqlite:///{path}"
    engine = create_engine(url) if request.param == "plain engine" else engine_of(url)
    yield Host(path, engine)
    engine.dispose()


def nothing(bind: Bind) -> None:
    """The host goes straight to us."""


def read(bind: Bind) -> None:
    assert ["old"] == list(bind.execute(text("SELECT name FROM project")).scalars())


def wrote(bind: Bind) -> None:
    bind.execute(text("INSERT INTO project VALUES ('before')"))


BEFORE: list[Callable[[Bind], None]] = [nothing, read, wrote]
KINDS = ["Session", "Connection"]

VERBS: dict[str, Callable[[Host, Bind | None], Any]] = {
    "issue": lambda host, bind: host.workspace("bob", bind).invoices.issue(
        host.draft.id, request_id="r1"
    ),
    "draft": lambda host, bind: host.workspace("ann", bind).invoices.draft(
        seller="studio", buyer="acme", lines=LINES, key="k1"
    ),
    "edit": lambda host, bind: host.workspace("ann", bind).invoices.edit(
        host.draft.id, base=2, changes={"/lines/a/quantity": "9", "/tags/urgent": True}
    ),
    "refuse": lambda host, bind: host.workspace("bob", bind).invoices.refuse(
        host.draft.id, comment="no"
    ),
    "render": lambda host, bind: host.workspace("bob", bind).invoices.pdf(
        host.workspace("bob", bind).invoices.issue(host.draft.id)
    ),
    "provision": lambda host, bind: host.workspace("root", bind, "admin").sellers.save(
        host.workspace("root", bind, "admin").sellers.get("studio").evolve(language="en")
    ),
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("kind", KINDS)
def test_invariant_14_a_rollback_leaves_nothing_and_a_commit_leaves_both(
    host: Host, kind: str, before: Callable[[Bind], None], verb: str
) -> None:
    start = host.tables()
    with host.session(kind) as bind:
        before(bind)
        VERBS[verb](host, bind)
        bind.execute(text("INSERT INTO project VALUES ('after')"))
        bind.rollback()
    assert start == host.tables()
    with host.session(kind) as bind:
        before(bind)
        VERBS[verb](host, bind)
        bind.execute(text("INSERT INTO project VALUES ('after')"))
        bind.commit()
    end = host.tables()
    assert {("old",), ("after",)} <= set(end["project"])
    assert (("before",) in end["project"]) is (before is wrote)
    assert len(end["multibill_changeset"]) > len(start["multibill_changeset"])
    assert host.workspace("root", None, "admin").audit.verify()


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("kind", KINDS)
def test_invariant_14_nothing_is_seen_from_outside_before_the_commit(
    host: Host, kind: str, before: Callable[[Bind], None]
) -> None:
    start = host.tables()
    with host.session(kind) as bind:
        before(bind)
        VERBS["issue"](host, bind)
        assert start == host.tables()
        bind.rollback()


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("kind", KINDS)
def test_invariant_14_a_call_that_only_reads_leaves_nothing_either_way(
    host: Host, kind: str, before: Callable[[Bind], None]
) -> None:
    start = host.tables()
    for end in ("rollback", "commit"):
        with host.session(kind) as bind:
            before(bind)
            ws = host.workspace("bob", bind)
            assert 2 == len(ws.invoices.list())
            assert ws.invoices.get(host.draft.id).lines
            getattr(bind, end)()
        written = (
            {**start, "project": [("before",), ("old",)]}
            if end == "commit" and before is wrote
            else start
        )
        assert written == host.tables()


def _conflict(host: Host, bind: Bind) -> None:
    ann = host.workspace("ann", bind).invoices
    now = ann.get(host.draft.id)
    ann.save(now.evolve(owner="cat"))
    ann.save(now.evolve(owner="dan"))


REFUSED: dict[str, tuple[type[MultibillError], Callable[[Host, Bind], Any]]] = {
    "denied": (
        Denied,
        lambda host, bind: host.workspace("ann", bind).invoices.approve(host.draft.id),
    ),
    "not found": (
        NotFound,
        lambda host, bind: host.workspace("bob", bind).invoices.issue("nothing"),
    ),
    "wrong state": (
        WrongState,
        lambda host, bind: host.workspace("bob", bind).invoices.submit(host.draft.id),
    ),
    "stale": (Stale, lambda host, bind: host.workspace("bob", bind).invoices.issue(host.draft)),
    "conflict": (Conflict, _conflict),
}


@pytest.mark.parametrize("refusal", REFUSED)
@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("kind", KINDS)
def test_invariant_14_a_refusal_leaves_the_hosts_transaction_as_it_was(
    host: Host, kind: str, before: Callable[[Bind], None], refusal: str
) -> None:
    """What the host wrote before stands, what it writes afterwards too, and further calls of ours join."""
    error, call = REFUSED[refusal]
    with host.session(kind) as bind:
        before(bind)
        with pytest.raises(error):
            call(host, bind)
        bind.execute(text("INSERT INTO project VALUES ('after')"))
        VERBS["issue"](host, bind)
        bind.commit()
    end = host.tables()
    assert (("before",) in end["project"]) is (before is wrote)
    assert ("after",) in end["project"]
    assert "F2026-00001" == host.workspace("bob").invoices.get(host.draft.id).number
    assert host.workspace("root", None, "admin").audit.verify()


@pytest.mark.parametrize("verb", ["issue", "draft", "refuse"])
@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("kind", KINDS)
def test_invariant_14_a_call_that_broke_half_way_leaves_only_what_is_the_hosts(
    host: Host, kind: str, before: Callable[[Bind], None], verb: str
) -> None:
    """The number was taken, the key was used, the row was written: a host that goes on and commits keeps none of it."""
    start, draws = host.tables(), {"issue": 0, "draft": 1, "refuse": 1}
    with host.session(kind) as bind:
        before(bind)
        host.source.left = draws[verb]
        with pytest.raises(PowerCut):
            VERBS[verb](host, bind)
        bind.execute(text("INSERT INTO project VALUES ('after')"))
        bind.commit()
    more = [("before",)] if before is wrote else []
    assert {**start, "project": [("after",), *more, ("old",)]} == host.tables()
    VERBS[verb](host, None)
    assert host.workspace("root", None, "admin").audit.verify()


@pytest.mark.parametrize("end", ["rollback", "commit"])
@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("kind", KINDS)
def test_invariant_14_a_failed_preflight_leaves_its_refusal_with_the_host(
    host: Host, kind: str, before: Callable[[Bind], None], end: str
) -> None:
    """The refusal entry is part of the host's transaction, kept or gone with it; no number is taken."""
    start = host.tables()
    with host.session(kind) as bind:
        before(bind)
        with pytest.raises(PreflightFailed):
            host.workspace("bob", bind).invoices.issue(host.empty.id)
        getattr(bind, end)()
    after = host.tables()
    assert [] == after["multibill_counter"]
    more = len(after["multibill_changeset"]) - len(start["multibill_changeset"])
    assert (1 if end == "commit" else 0) == more
    if end == "rollback":
        assert start == after


@pytest.mark.parametrize("kind", KINDS)
def test_invariant_14_the_host_may_use_a_savepoint_of_its_own(host: Host, kind: str) -> None:
    start = host.tables()
    with host.session(kind) as bind:
        wrote(bind)
        nested = bind.begin_nested()
        VERBS["issue"](host, bind)
        nested.rollback()
        bind.commit()
    assert {**start, "project": [("before",), ("old",)]} == host.tables()


class Base(DeclarativeBase):
    """The host's own mapping."""


class Project(Base):
    """The host's own table."""

    __tablename__ = "project"
    name: Mapped[str] = mapped_column(primary_key=True)


@pytest.mark.parametrize("end", ["rollback", "commit"])
def test_invariant_14_objects_that_the_host_has_not_flushed_yet_share_our_fate(
    host: Host, end: str
) -> None:
    start = host.tables()
    with Session(host.engine) as session:
        session.add(Project(name="pending"))
        VERBS["issue"](host, session)
        session.add(Project(name="later"))
        getattr(session, end)()
    after = host.tables()
    if end == "rollback":
        assert start == after
    else:
        assert [("later",), ("old",), ("pending",)] == after["project"]
        assert len(start["multibill_changeset"]) + 1 == len(after["multibill_changeset"])


def test_invariant_14_the_block_of_a_host_commits_and_rolls_back_with_us(host: Host) -> None:
    """``with Session(engine) as session, session.begin():``, as the README writes it."""
    start = host.tables()
    with pytest.raises(ZeroDivisionError):
        _issued_in_a_block_that_fails(host)
    assert start == host.tables()
    with Session(host.engine) as session, session.begin():
        VERBS["issue"](host, session)
    assert start != host.tables()
    with pytest.raises(ZeroDivisionError):
        _rendered_in_a_block_that_fails(host)
    assert [] == host.tables()["multibill_blob"]


def _issued_in_a_block_that_fails(host: Host) -> None:
    with Session(host.engine) as session, session.begin():
        VERBS["issue"](host, session)
        raise ZeroDivisionError


def _rendered_in_a_block_that_fails(host: Host) -> None:
    with host.engine.begin() as connection:
        host.workspace("bob", connection).invoices.pdf(host.draft.id)
        raise ZeroDivisionError
