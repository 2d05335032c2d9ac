"""Invariant 11: any flipped, deleted, swapped or inserted journal byte is found by ``audit.verify()``.

In memory the stored changesets are replaced field by field; on SQLite the rows are altered by raw SQL, column by
column and byte by byte, in a transaction that is rolled back afterwards.
"""

# ruff: noqa: S608 - the tables these tests read and spoil are their own

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import combinations
from typing import Any

import attrs
import pytest
from hypothesis import given, settings, strategies as st
from sqlalchemy import Connection, text

from multibill.billing import Billing
from multibill.history import GENESIS, Change, Changeset, link
from multibill.history.chain import leaf
from multibill.records import Actor
from multibill.storage.memory import MemoryStorage, MemoryTenant
from multibill.storage.sql import SqlStorage
from multibill.storage.sql.tables import Tables
from multibill.testing import memory_billing
from multibill.workspace import Report
from tests.lived import FIELDS, lived
from tests.worlds import billing_on, careless, folder, migrated

AUDITOR = Actor("auditor", roles={"admin"})


def verified(billing: Billing, name: str = "t1", session: Any = None) -> Report:
    return billing.workspace(name, actor=AUDITOR, session=session).audit.verify()


# --- in memory: any field of any changeset --------------------------------------------------------


class Memory:
    """A lived-in tenant in dictionaries, whose journal can be altered for a moment."""

    def __init__(self) -> None:
        self.billing = memory_billing(fields=FIELDS)
        lived(self.billing)
        storage = self.billing._storage
        assert isinstance(storage, MemoryStorage)
        self.data: MemoryTenant = storage._tenants["t1"]
        self.journal = dict(self.data.journal)

    @contextmanager
    def with_journal(self, journal: dict[int, Changeset]) -> Iterator[Report]:
        self.data.journal = journal
        try:
            yield verified(self.billing)
        finally:
            self.data.journal = dict(self.journal)

    def found(self, journal: dict[int, Changeset]) -> bool:
        with self.with_journal(journal) as report:
            return not report

    def altered(self, place: int, **changes: Any) -> dict[int, Changeset]:
        return {**self.journal, place: attrs.evolve(self.journal[place], **changes)}


@pytest.fixture(scope="module")
def memory() -> Memory:
    return Memory()


def others(value: Any) -> Iterator[Any]:
    """Values that are not this one: near it, of another type, or nothing."""
    match value:
        case bool():
            yield from (not value, int(value), str(value).lower(), None)
        case int():
            yield from (value + 1, -value - 1, str(value), None)
        case str():
            yield from (value + "x", value.swapcase() if value != value.swapcase() else "", None)
            yield from (value[:-1], f" {value}")
        case bytes():
            yield from (
                value[:-1],
                b"",
                value[:-1] + bytes([value[-1] ^ 1]),
                bytes([value[0] ^ 128]) + value[1:],
            )
        case tuple():
            yield from ((*value, "x"), ("",), value[1:] if value else ("manager",))
        case None:
            yield from ("x", "", 0)


def values(tree: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every single value of a tree with its path."""
    if isinstance(tree, dict):
        for name, below in tree.items():
            yield from values(below, f"{path}/{name}")
    else:
        yield path, tree


def replaced(tree: Any, path: str, value: Any) -> Any:
    """The tree with another value at a path; None leaves the name there, with nothing."""
    if path == "":
        return value
    head, _, rest = path[1:].partition("/")
    return {**tree, head: replaced(tree[head], f"/{rest}" if rest else "", value)}


def alterations(changes: tuple[Change, ...]) -> Iterator[tuple[Change, ...]]:
    """The changes of an entry, told otherwise."""
    for index, change in enumerate(changes):
        before, after = changes[:index], changes[index + 1 :]
        yield (*before, *after)
        yield (*before, change, change, *after)
        yield (*before, Change(change.path, change.after, change.before), *after)
        yield (*before, attrs.evolve(change, path=f"{change.path}x"), *after)
        yield (*before, change, Change("/nothing", None, None), *after)
        for side in ("before", "after"):
            for path, value in values(getattr(change, side)):
                for other in others(value):
                    told = replaced(getattr(change, side), path, other)
                    yield (*before, attrs.evolve(change, **{side: told}), *after)
        yield from regrouped(before, change, after)
    for one, other in combinations(range(len(changes)), 2):
        swapped = list(changes)
        swapped[one], swapped[other] = swapped[other], swapped[one]
        yield tuple(swapped)


def regrouped(before: Any, change: Change, after: Any) -> Iterator[tuple[Change, ...]]:
    """The same values under other paths: one item as its parts, one part as an item."""
    if isinstance(change.after, dict) and change.before is None:
        parts = [
            Change(f"{change.path}/{name}", None, value)
            for name, value in sorted(change.after.items())
        ]
        yield (*before, *parts, *after)
    above, _, name = change.path.rpartition("/")
    if above:
        sides = [None if side is None else {name: side} for side in (change.before, change.after)]
        yield (*before, Change(above, *sides), *after)


@pytest.mark.parametrize(
    "field",
    [attribute.name for attribute in attrs.fields(Changeset) if attribute.name != "changes"],
)
def test_invariant_11_every_field_is_under_the_proof(memory: Memory, field: str) -> None:
    """First, last and an entry between: whatever the field says instead, the audit sees it."""
    for position in (1, len(memory.journal) // 2, len(memory.journal)):
        value = getattr(memory.journal[position], field)
        for other in others(value):
            assert memory.found(memory.altered(position, **{field: other})), (
                position,
                field,
                other,
            )


@settings(max_examples=250)
@given(data=st.data())
def test_invariant_11_every_change_is_under_the_proof(memory: Memory, data: st.DataObject) -> None:
    """A value, a path, the order, the grouping: no change can be told otherwise."""
    position = data.draw(st.sampled_from(sorted(memory.journal)))
    original = memory.journal[position].changes
    told = data.draw(st.sampled_from([*alterations(original)]))
    assert memory.found(memory.altered(position, changes=told)) or told == original


def test_invariant_11_an_unaltered_journal_is_true(memory: Memory) -> None:
    assert () == verified(memory.billing).faults


def test_invariant_11_a_deleted_entry_is_found(memory: Memory) -> None:
    """Taken out, whether or not the ones behind it move up."""
    for position in memory.journal:
        rest = {p: entry for p, entry in memory.journal.items() if p != position}
        assert memory.found(rest), position
        closed = dict(enumerate(rest.values(), start=1))
        assert memory.found({p: attrs.evolve(e, position=p) for p, e in closed.items()}), position


def test_invariant_11_a_missing_entry_is_named_as_missing(memory: Memory) -> None:
    rest = {p: entry for p, entry in memory.journal.items() if p != 3}
    with memory.with_journal(rest) as report:
        first = report.faults[0]
    assert ("journal", "position 4") == (first.table, first.row)
    assert "a row is missing or was put in" in first.message


def test_invariant_11_an_entry_with_a_proof_made_for_it_is_found_by_those_behind(
    memory: Memory,
) -> None:
    """Who alters one entry and seals it anew would have to seal all that follow, and the head."""
    for position in [*memory.journal][:-1]:
        entry = attrs.evolve(memory.journal[position], reason="nothing to see here")
        previous = memory.journal[position - 1].chain if position > 1 else GENESIS
        chain = link(previous, leaf(entry, position))
        assert memory.found(memory.altered(position, reason=entry.reason, chain=chain)), position


def test_invariant_11_swapped_entries_are_found(memory: Memory) -> None:
    """Neighbours and strangers, with their places or with their places kept."""
    for one, other in [*combinations(memory.journal, 2)][::5]:
        swapped = {**memory.journal, one: memory.journal[other], other: memory.journal[one]}
        assert memory.found(swapped), (one, other)
        assert memory.found({p: attrs.evolve(e, position=p) for p, e in swapped.items()}), (
            one,
            other,
        )


def test_invariant_11_an_inserted_entry_is_found(memory: Memory) -> None:
    """Anywhere, a copy or one made up."""
    entries = [*memory.journal.values()]
    for place in range(len(entries) + 1):
        for new in (
            entries[0],
            entries[place - 1],
            attrs.evolve(entries[-1], actor="eve", seed=bytes(16)),
        ):
            told = [*entries[:place], new, *entries[place:]]
            numbered = {p: attrs.evolve(e, position=p) for p, e in enumerate(told, start=1)}
            assert memory.found(numbered), place


# --- on SQLite: any column, any byte --------------------------------------------------------------


class Sqlite:
    """A lived-in tenant in a file, whose rows can be altered for a moment."""

    def __init__(self) -> None:
        self.storage = SqlStorage(careless(migrated(folder() / "tampered.db")))
        self.billing = billing_on(self.storage, fields=FIELDS)
        self.tenant = "lived"
        lived(self.billing, self.tenant)
        with self.connected() as connection:
            rows = connection.execute(
                text(f"SELECT * FROM {TABLE} WHERE tenant = :t"), {"t": self.tenant}
            )
            self.rows = {row["position"]: dict(row) for row in rows.mappings()}

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        with self.storage._engine.connect() as connection:
            yield connection
            connection.rollback()

    def found(self, *statements: str, **values: Any) -> bool:
        """Whether the audit sees what these statements do; they are undone afterwards."""
        with self.connected() as connection:
            touched = [
                connection.execute(text(statement), {"t": self.tenant, **values}).rowcount
                for statement in statements
            ]
            assert all(touched), "the statement changed nothing"
            return not verified(self.billing, self.tenant, connection)


TABLE = "multibill_changeset"


@pytest.fixture(scope="module")
def sqlite() -> Sqlite:
    return Sqlite()


COLUMNS = [column.name for column in Tables().changeset.c]


@pytest.mark.parametrize("column", COLUMNS)
def test_invariant_11_every_column_is_under_the_proof(sqlite: Sqlite, column: str) -> None:
    """Set to something else, to nothing, or to what it already means."""
    update = f"UPDATE {TABLE} SET {column} = :value WHERE tenant = :t AND position = :p"
    for position in (1, len(sqlite.rows) // 2, len(sqlite.rows) - 1):
        row = sqlite.rows[position]
        tried = ["elsewhere", ""] if column == "tenant" else [*others(row[column])]
        if column == "record" and row["record"] is None:
            tried.append(row["about"])
        nullable = sqlite.storage.tables.changeset.c[column].nullable
        for value in tried:
            taken = column == "position" and value in sqlite.rows
            if (value is not None or nullable) and f"{value}" != f"{row[column]}" and not taken:
                assert sqlite.found(update, value=value, p=position), (position, value)


@settings(max_examples=120)
@given(data=st.data())
def test_invariant_11_a_flipped_byte_is_found(sqlite: Sqlite, data: st.DataObject) -> None:
    """One bit of one byte of any text or bytes in the journal."""
    position = data.draw(st.sampled_from(sorted(sqlite.rows)))
    row = sqlite.rows[position]
    column = data.draw(
        st.sampled_from([name for name in COLUMNS if isinstance(row[name], str | bytes)])
    )
    value = row[column].encode() if isinstance(row[column], str) else row[column]
    index = data.draw(st.integers(0, len(value) - 1))
    flipped = bytearray(value)
    flipped[index] ^= 1 << data.draw(st.integers(0, 7))
    kind = "BLOB" if isinstance(row[column], bytes) else "TEXT"
    update = (
        f"UPDATE {TABLE} SET {column} = CAST(:value AS {kind}) WHERE tenant = :t AND position = :p"
    )
    assert sqlite.found(update, value=bytes(flipped), p=position)


@settings(max_examples=80)
@given(data=st.data())
def test_invariant_11_an_inserted_byte_is_found(sqlite: Sqlite, data: st.DataObject) -> None:
    """Also a space between two values, which says nothing else."""
    position = data.draw(st.sampled_from(sorted(sqlite.rows)))
    changes = sqlite.rows[position]["changes"]
    index = data.draw(st.integers(0, len(changes)))
    inserted = (
        changes[:index]
        + data.draw(st.sampled_from([" ", "\n", "0", ",", '"', "}", "x"]))
        + changes[index:]
    )
    update = f"UPDATE {TABLE} SET changes = :value WHERE tenant = :t AND position = :p"
    assert sqlite.found(update, value=inserted, p=position)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"Logo design"', '"Logo\\u0020design"'),
        ('"Logo design"', '"Logo design","name":"Logo design"'),
        ('[["",null,', '[["","",'),
        ('[["",null,', '[["",{},'),
        ("true", "1"),
    ],
)
def test_invariant_11_the_same_said_in_other_bytes_is_found(
    sqlite: Sqlite, old: str, new: str
) -> None:
    """A text that reads the same is another text: escaped, repeated, empty instead of absent."""
    position = next(
        p for p, row in sqlite.rows.items() if old in row["changes"] and row["kind"] == "invoice"
    )
    told = sqlite.rows[position]["changes"].replace(old, new, 1)
    update = f"UPDATE {TABLE} SET changes = :value WHERE tenant = :t AND position = :p"
    assert sqlite.found(update, value=told, p=position)


def test_invariant_11_a_deleted_row_is_found(sqlite: Sqlite) -> None:
    delete = f"DELETE FROM {TABLE} WHERE tenant = :t AND position = :p"
    close = f"UPDATE {TABLE} SET position = position - 1 WHERE tenant = :t AND position > :p"
    for position in sqlite.rows:
        assert sqlite.found(delete, p=position), position
        if position < len(sqlite.rows):
            assert sqlite.found(delete, close, p=position), position


def test_invariant_11_swapped_rows_are_found(sqlite: Sqlite) -> None:
    move = f"UPDATE {TABLE} SET position = :{{}} WHERE tenant = :t AND position = :{{}}"
    steps = [
        move.format(*names) for names in (("away", "one"), ("one", "other"), ("other", "away"))
    ]
    for one, other in [*combinations(sqlite.rows, 2)][::7]:
        assert sqlite.found(*steps, one=one, other=other, away=10_000), (one, other)


def test_invariant_11_an_inserted_row_is_found(sqlite: Sqlite) -> None:
    names = [name for name in COLUMNS if name not in ("position", "request_id")]
    copied = ", ".join(names)
    insert = (
        f"INSERT INTO {TABLE} (position, {copied}) "
        f"SELECT :new, {copied} FROM {TABLE} WHERE tenant = :t AND position = :p"
    )
    for position in sqlite.rows:
        assert sqlite.found(insert, p=position, new=len(sqlite.rows) + 1), position
        assert sqlite.found(insert, p=position, new=0), position


def test_invariant_11_a_moved_head_is_found(sqlite: Sqlite) -> None:
    for assignment in (
        "position = position + 1",
        "position = position - 1",
        "chain = zeroblob(32)",
    ):
        assert sqlite.found(f"UPDATE multibill_head SET {assignment} WHERE tenant = :t"), assignment
    assert sqlite.found("DELETE FROM multibill_head WHERE tenant = :t")


def test_invariant_11_an_unaltered_table_is_true(sqlite: Sqlite) -> None:
    assert () == verified(sqlite.billing, sqlite.tenant).faults
