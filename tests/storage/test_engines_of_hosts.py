"""Engines as hosts have them: in memory with threads, in AUTOCOMMIT, with a driver that begins by itself, mapped."""

from __future__ import annotations

import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from multibill import Actor, Billing, Line, presets
from multibill.errors import InvalidDefinition
from multibill.storage.sql.storage import begin
from multibill.testing import opened

LINES = [Line(name="Logo", unit_price="100", vat="20")]


def ready(billing: Billing) -> Billing:
    """A tenant ``t1`` with a seller and a customer on freshly made tables."""
    billing.migrate()
    return opened(billing, "t1")


def test_threads_take_turns_on_a_database_in_memory() -> None:
    billing = ready(Billing.open("sqlite://", policy=presets.agency()))
    ws = billing.workspace("t1", actor=Actor("ann", roles={"manager"}))

    def drafts(_: int) -> None:
        for _ in range(10):
            ws.invoices.draft(seller="studio", buyer="acme", lines=LINES)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(drafts, range(8)))
    assert 80 == ws.invoices.list().count()
    assert () == billing.workspace("t1", actor=Actor("x", roles={"admin"})).audit.verify().faults


def test_a_transaction_of_sqlalchemys_is_begun_for_the_drivers_own_cursor(tmp_path: Path) -> None:
    """Without it ``Connection.commit()`` does nothing where the driver begins by itself, as psycopg does."""
    with create_engine(f"sqlite:///{tmp_path / 'a.db'}").connect() as connection:
        connection.connection.cursor().execute("BEGIN")
        begin(connection, write=True)
        assert connection.in_transaction()


def test_a_mapped_schema_is_refused(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'a.db'}")
    ready(Billing(engine, policy=presets.agency()))
    mapped = engine.execution_options(schema_translate_map={None: "other"})
    with pytest.raises(InvalidDefinition, match="schema_translate_map"):
        Billing(mapped, policy=presets.agency()).workspace("t1", actor=Actor("ann"))


if sys.version_info >= (3, 12):

    def test_what_is_written_through_a_driver_that_begins_by_itself_stays(tmp_path: Path) -> None:
        path = tmp_path / "a.db"
        engine = create_engine(f"sqlite:///{path}", connect_args={"autocommit": False})
        ws = ready(Billing(engine, policy=presets.agency())).workspace(
            "t1", actor=Actor("ann", roles={"manager"})
        )
        ws.invoices.draft(seller="studio", buyer="acme", lines=LINES)
        with sqlite3.connect(path) as other:
            assert [(1,)] == other.execute("select count(*) from multibill_document").fetchall()
