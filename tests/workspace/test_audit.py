"""The audit finds whatever was altered around the library: every column of every row of every table, by raw SQL."""

# ruff: noqa: S608 - the tables these tests spoil are their own

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, Table, text

from multibill.errors import Denied, Tampered
from multibill.records import Actor
from multibill.storage.memory import MemoryStorage
from multibill.storage.sql import SqlStorage
from multibill.storage.sql.tables import Tables
from multibill.testing import memory_billing
from multibill.workspace import Report
from tests.lived import FIELDS, lived, office
from tests.office import Office
from tests.worlds import billing_on, careless, folder, migrated

AUDITOR = Actor("auditor", roles={"admin"})
TENANT = "lived"
NAMES = ("document", "record", "vat", "author", "custom", "key", "counter", "blob", "head")
TABLES: dict[str, Table] = {name: getattr(Tables(), name) for name in NAMES}


class Spoiled:
    """A lived-in tenant in a file, whose rows can be altered for a moment."""

    def __init__(self) -> None:
        self.storage = SqlStorage(careless(migrated(folder() / "spoiled.db")))
        self.billing = billing_on(self.storage, fields=FIELDS)
        self.documents = lived(self.billing, TENANT)
        with self.connected() as connection:
            self.rows = {
                name: [dict(row) for row in connection.execute(table.select()).mappings()]
                for name, table in TABLES.items()
            }

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        with self.storage._engine.connect() as connection:
            yield connection
            connection.rollback()

    def report(self, statement: str, **values: Any) -> Report:
        """What the audit says after a statement, which is undone afterwards."""
        with self.connected() as connection:
            assert connection.execute(text(statement), values).rowcount == 1
            return self.billing.workspace(TENANT, actor=AUDITOR, session=connection).audit.verify()


@pytest.fixture(scope="module")
def spoiled() -> Spoiled:
    return Spoiled()


def where(table: Table) -> str:
    return " AND ".join(f"{column.name} = :old_{column.name}" for column in table.primary_key)


def keys(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    return {f"old_{column.name}": row[column.name] for column in table.primary_key}


def others(value: Any) -> list[Any]:
    """Something else than this value, of its type, and nothing at all."""
    match value:
        case None:
            return ["x"]
        case int():
            return [value + 1, -value - 1, None]
        case bytes():
            return [value[:-1] + bytes([value[-1] ^ 1]), b"", None]
    return [f"{value}x", value[1:], value.swapcase(), None]


@pytest.mark.parametrize("name", NAMES)
def test_every_table_of_a_lived_in_tenant_has_rows_to_spoil(spoiled: Spoiled, name: str) -> None:
    assert spoiled.rows[name]


@pytest.mark.parametrize(
    ("name", "column"),
    [(name, column.name) for name, table in TABLES.items() for column in table.c],
    ids=lambda part: part,
)
def test_an_altered_column_is_found(spoiled: Spoiled, name: str, column: str) -> None:
    """In the first and the last row of the table that have a value there."""
    table = TABLES[name]
    rows = [row for row in spoiled.rows[name] if row[column] is not None] or spoiled.rows[name]
    update = f"UPDATE {table.name} SET {column} = :value WHERE {where(table)}"
    for row in (rows[0], rows[-1]):
        for value in others(row[column]):
            if value != row[column] and (value is not None or table.c[column].nullable):
                report = spoiled.report(update, value=value, **keys(table, row))
                assert report.faults, (row, value)


@pytest.mark.parametrize("text", [":value || ' '", "' ' || :value"])
@pytest.mark.parametrize("column", ["content", "envelope"])
@pytest.mark.parametrize("name", ["document", "record"])
def test_white_space_around_a_stored_text_is_found(
    spoiled: Spoiled, name: str, column: str, text: str
) -> None:
    """The library writes none, so somebody else did."""
    table, row = TABLES[name], spoiled.rows[name][0]
    update = f"UPDATE {table.name} SET {column} = {text} WHERE {where(table)}"
    assert spoiled.report(update, value=row[column], **keys(table, row)).faults


@pytest.mark.parametrize("name", NAMES)
def test_a_deleted_row_is_found(spoiled: Spoiled, name: str) -> None:
    table = TABLES[name]
    for row in spoiled.rows[name]:
        report = spoiled.report(
            f"DELETE FROM {table.name} WHERE {where(table)}", **keys(table, row)
        )
        assert report.faults, row


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("blob", "head")])
def test_an_inserted_row_is_found(spoiled: Spoiled, name: str) -> None:
    """A copy under another key; for what stands alone in its table by what the journal never said."""
    table = TABLES[name]
    last = [*table.primary_key][-1].name
    row = {**spoiled.rows[name][0], last: "new"}
    row |= {"number": "F2026-00099"} if name == "document" else {}
    columns = ", ".join(row)
    values = ", ".join(f":{column}" for column in row)
    report = spoiled.report(f"INSERT INTO {table.name} ({columns}) VALUES ({values})", **row)
    assert report.faults, row


def test_the_first_lie_names_the_table_and_the_row(spoiled: Spoiled) -> None:
    id = spoiled.documents["issued"].id
    report = spoiled.report("UPDATE multibill_vat SET tax = tax + 1 WHERE document = :id", id=id)
    (fault,) = report.faults
    assert ("vat", f"{id}/S-20", "tax is not what the journal says") == (
        fault.table,
        fault.row,
        fault.message,
    )
    assert str(report).endswith(f"verified: vat {id}/S-20: tax is not what the journal says")
    assert not report


def test_altered_archived_bytes_are_found_by_the_audit_and_by_whoever_reads_them(
    spoiled: Spoiled,
) -> None:
    issued = spoiled.documents["issued"]
    spoil = "UPDATE multibill_blob SET data = CAST(data || 'x' AS BLOB)"
    report = spoiled.report(spoil)
    assert ["the archived bytes were altered"] == [fault.message for fault in report.faults]
    with spoiled.connected() as connection:
        connection.execute(text(spoil))
        ws = spoiled.billing.workspace(
            TENANT, actor=Actor("bob", roles={"manager"}), session=connection
        )
        with pytest.raises(Tampered):
            ws.invoices.pdf(issued)


def test_a_number_out_of_turn_is_found_though_every_proof_holds() -> None:
    """A counter that was moved around the library, before the library used it."""
    house = Office(MemoryStorage())
    house.issued()
    assert isinstance(house.storage, MemoryStorage)
    counters = house.storage._tenants[house.tenant].counters
    (key,) = counters
    counters[key] = (5, date(2026, 11, 1))
    house.bob.invoices.issue(house.approved(), on=date(2026, 11, 2))
    messages = [fault.message for fault in house.verify().faults]
    assert "number F2026-00005 stands where F2026-00002 was due" in messages
    assert "F2026-00005 is dated before the number it follows" in messages


def test_nothing_is_wrong_with_what_the_library_wrote(spoiled: Spoiled) -> None:
    report = spoiled.billing.workspace(TENANT, actor=AUDITOR).audit.verify()
    assert () == report.faults
    assert report
    assert (
        str(report)
        == f"{report.positions} changesets and {report.records} records verified: all true"
    )


def test_progress_is_told_and_ends_at_the_last_position(spoiled: Spoiled) -> None:
    told: list[tuple[int, int]] = []
    auditor = spoiled.billing.workspace(TENANT, actor=AUDITOR).audit
    report = auditor.verify(lambda done, total: told.append((done, total)))
    assert (report.positions, report.positions) == told[-1]


def test_who_may_not_verify_is_denied() -> None:
    billing = memory_billing(fields=FIELDS)
    lived(billing)
    with pytest.raises(Denied, match="may not verify the journal"):
        office(billing, "t1", "eve", "sales").audit.verify()


def test_a_tenant_that_has_just_been_founded_is_true() -> None:
    billing = memory_billing()
    billing.provision("t1", by=Actor.service("setup"))
    report = billing.workspace("t1", actor=AUDITOR).audit.verify()
    assert (0, 0, ()) == (report.positions, report.records, report.faults)
