"""One transaction over one tenant: the unit of work in SQL. The only writer of rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine.interfaces import DBAPICursor

from multibill.codec import canonical
from multibill.documents import KINDS
from multibill.errors import UnknownTenant
from multibill.history import GENESIS, Changeset, sealed
from multibill.numbering import Counter
from multibill.ports import (
    Delivery,
    Loaded,
    Lost,
    Mark,
    Query,
    Row,
    StateMark,
    Write,
    number_taken,
)
from multibill.records import Record
from multibill.storage.sql.rows import (
    changeset_of,
    changeset_values,
    custom_values,
    document_values,
    record_of,
    summary_of,
)
from multibill.storage.sql.selecting import Selection
from multibill.storage.sql.statements import Statement, Statements
from multibill.storage.sql.stored import stored_rows
from multibill.storage.sql.tables import Tables

BATCH = 1000


class SqlBlobs:
    """``Blobs`` in a table, inside the unit's transaction."""

    def __init__(self, cursor: DBAPICursor, statements: Statements) -> None:
        self._cursor = cursor
        self._statements = statements

    def get(self, tenant: str, key: str) -> bytes | None:
        """The bytes, or None."""
        row = self._statements.blob.row(self._cursor, tenant=tenant, key=key)
        return None if row is None else bytes(row["data"])

    def put(self, tenant: str, key: str, data: bytes) -> bytes:
        """Keep the bytes unless there are some; the bytes that are kept."""
        self._statements.insert_blob.run(self._cursor, tenant=tenant, key=key, data=data)
        return self.get(tenant, key) or b""


class SqlUnit:
    """``UnitOfWork`` over one tenant's rows."""

    def __init__(
        self,
        tenant: str,
        connection: Connection,
        cursor: DBAPICursor,
        tables: Tables,
        statements: Statements,
        *,
        write: bool,
    ) -> None:
        self.tenant = tenant
        self.blobs = SqlBlobs(cursor, statements)
        self._connection = connection
        self._cursor = cursor
        self._tables = tables
        self._do = statements
        self._write = write
        self._taken = connection.dialect.loaded_dbapi.IntegrityError

    def load(self, kind: str, id: str, facts: Collection[str] = ()) -> Loaded | None:
        """A record by kind and id, locked when the unit writes."""
        if kind not in KINDS:
            found = self._first(self._do.load_record, kind=kind, id=id)
            return None if found is None else Loaded(record_of(found, kind), {})
        statement = self._do.lock_document if self._write else self._do.load_document
        found = self._first(statement, id=id)
        if found is None or found["kind"] != kind:
            return None
        row = summary_of(found)
        if "authors" in facts:
            people = self._do.authors.rows(self._cursor, tenant=self.tenant, document=id)
            row["authors"] = frozenset(person["person"] for person in people)
        return Loaded(record_of(found, kind), row)

    def records(self, kind: str, about: str | None = None) -> Sequence[Record]:
        """All records of a kind, or those about one document, by id."""
        if about is None:
            found = self._do.records.rows(self._cursor, tenant=self.tenant, kind=kind)
        else:
            found = self._do.records_about.rows(
                self._cursor, tenant=self.tenant, kind=kind, about=about
            )
        return [record_of(row, kind) for row in found]

    def select(self, query: Query) -> Sequence[Row]:
        """Summaries that definitely meet the condition, in order."""
        selection = Selection(self._tables, self.tenant, query)
        found = self._connection.execute(selection.page())
        return [selection.row(row._asdict()) for row in found]

    def count(self, query: Query) -> int:
        """How many documents definitely meet the condition."""
        selection = Selection(self._tables, self.tenant, query)
        return int(self._connection.execute(selection.count()).scalar_one())

    def keyed(self, verb: str, text: str) -> tuple[str, str] | None:
        """The record and fingerprint of a business key."""
        found = self._first(self._do.keyed, verb=verb, text=text)
        return None if found is None else (found["record"], found["fingerprint"])

    def answered(self, actor: str, request_id: str) -> Changeset | None:
        """The changeset that a request id made."""
        asked = {"tenant": self.tenant, "actor": actor, "request_id": request_id}
        found = self._do.answered.tuples(self._cursor, **asked)
        return changeset_of(self.tenant, found[0]) if found else None

    def next_number(self, counter: Counter) -> tuple[int, date | None]:
        """The next number of a counter, from 1, and its series' last date; the counter stays locked."""
        key = _counter(counter)
        found = self._first(self._do.counter, **key)
        if found is None:
            found = {"next": 1, **(self._first(self._do.last, **key) or {})}
        last = found.get("last")
        return found["next"], date.fromisoformat(last) if last else None

    def take(self, counter: Counter, number: int, on: date) -> None:
        """Use up a number."""
        moved = {"next": number + 1, "last": on.isoformat()}
        key = {"tenant": self.tenant, **_counter(counter)}
        if number == 1:
            self._new(self._do.insert_counter, **key, **moved)
        else:
            bound = {f"b_{name}": value for name, value in key.items()}
            self._do.move_counter.run(self._cursor, **bound, **moved)

    def append(self, write: Write) -> Changeset:
        """Write a version with its projections, then the head and the changeset."""
        if write.record.kind in KINDS:
            self._put_document(write)
        else:
            self._put_record(write)
        self._project(write)
        head = self._first(self._do.lock_head)
        if head is None:
            raise UnknownTenant(
                f"tenant {self.tenant!r} is not provisioned; call billing.provision first"
            )
        changeset = sealed(write.entry, head["position"] + 1, bytes(head["chain"]))
        self._new(self._do.insert_changeset, **changeset_values(changeset))
        moved = {"position": changeset.position, "chain": changeset.chain}
        self._do.move_head.run(self._cursor, b_tenant=self.tenant, **moved)
        return changeset

    def _put_document(self, write: Write) -> None:
        values = document_values(write.record, write.projection.summary or {})
        if write.expected == 0:
            self._new(self._do.insert_document, tenant=self.tenant, **values)
            return
        bound = {"b_tenant": self.tenant, "b_id": write.record.id, "expected": write.expected}
        try:
            self._hit(self._do.update_document.run(self._cursor, **bound, **values))
        except self._taken as error:
            raise number_taken(values["number"]) from error

    def _put_record(self, write: Write) -> None:
        record = write.record
        values = {
            "version": record.version,
            "about": write.entry.about,
            "content": canonical(record.content),
            "envelope": canonical(record.envelope),
        }
        key = {"tenant": self.tenant, "kind": record.kind, "id": record.id}
        if write.expected == 0:
            self._new(self._do.insert_record, **key, **values)
        else:
            bound = {f"b_{name}": value for name, value in key.items()}
            self._hit(
                self._do.update_record.run(self._cursor, **bound, **values, expected=write.expected)
            )
        if write.mark is not None:
            self._hit(self._mark(write.mark))

    def _mark(self, mark: Mark) -> int:
        """Columns of a document that another record decides; how many rows were hit."""
        key = {"b_tenant": self.tenant, "b_id": mark.document}
        if isinstance(mark, StateMark):
            said = {"b_version": mark.version, "state": mark.state}
            return self._do.mark_state.run(self._cursor, **key, **said)
        told = {"settlement": mark.settlement, "due_minor": mark.due.minor}
        return self._do.mark_settlement.run(self._cursor, **key, **told)

    def _project(self, write: Write) -> None:
        made, kind, id = write.projection, write.record.kind, write.record.id
        if made.key is not None:
            key = {
                "verb": made.key.verb,
                "text": made.key.text,
                "fingerprint": made.key.fingerprint,
            }
            self._new(self._do.insert_key, tenant=self.tenant, record=id, **key)
        for person in sorted(made.authors):
            self._do.add_author.run(self._cursor, tenant=self.tenant, document=id, person=person)
        if made.vat:
            self._do.clear_vat.run(self._cursor, tenant=self.tenant, document=id)
            rows = [
                {"tenant": self.tenant, "document": id, **row, "rate": str(row["rate"])}
                for row in made.vat
            ]
            self._do.insert_vat.run_many(self._cursor, rows)
        if made.custom is not None:
            self._do.clear_custom.run(self._cursor, tenant=self.tenant, kind=kind, record=id)
            values = custom_values(kind, id, made.custom)
            self._do.insert_custom.run_many(
                self._cursor, [{"tenant": self.tenant, **row} for row in values]
            )

    def journal(
        self, after: int = 0, *, about: str | None = None, limit: int | None = None
    ) -> Iterator[Changeset]:
        """Changesets after a position, in order, read in batches."""
        left = limit
        while left is None or left > 0:
            batch = self._batch(after, about, BATCH if left is None else min(BATCH, left))
            yield from batch
            if len(batch) < BATCH:
                return
            after = batch[-1].position
            left = None if left is None else left - len(batch)

    def _batch(self, after: int, about: str | None, limit: int) -> list[Changeset]:
        values: dict[str, Any] = {"tenant": self.tenant, "after": after, "limit": limit}
        if about is None:
            found = self._do.journal.tuples(self._cursor, **values)
        else:
            found = self._do.journal_about.tuples(self._cursor, **values, about=about)
        return [changeset_of(self.tenant, row, exact=about is None) for row in found]

    def head(self) -> tuple[int, bytes] | None:
        """The last position and its chain hash."""
        found = self._first(self._do.head)
        return None if found is None else (found["position"], bytes(found["chain"]))

    def found(self) -> None:
        """Make the tenant's head row; nothing when there is one."""
        self._do.found.run(self._cursor, tenant=self.tenant, position=0, chain=GENESIS)

    def delivery(self, name: str) -> Delivery | None:
        """How far a consumer got; its row is locked when the unit writes."""
        statement = self._do.lock_delivery if self._write else self._do.delivery
        found = self._first(statement, name=name)
        if found is None:
            return None
        return Delivery(
            name=name, position=found["position"], owner=found["owner"], until=found["until"]
        )

    def deliver(self, delivery: Delivery) -> None:
        """Keep how far a consumer got."""
        key = {"tenant": self.tenant, "name": delivery.name}
        said = {
            "position": delivery.position,
            "owner": delivery.owner,
            "until": delivery.until,
        }
        bound = {f"b_{name}": value for name, value in key.items()}
        if not self._do.move_delivery.run(self._cursor, **bound, **said):
            self._new(self._do.insert_delivery, **key, **said)

    def rows(self, table: str) -> Sequence[Row]:
        """Every stored row of a projection in the neutral form."""
        return stored_rows(self._connection, self._tables, self.tenant, table)

    def _first(self, statement: Statement, **values: Any) -> dict[str, Any] | None:
        return statement.row(self._cursor, tenant=self.tenant, **values)

    def _new(self, statement: Statement, **values: Any) -> None:
        """An insert; somebody else's row under the same key means that the call starts over."""
        try:
            statement.run(self._cursor, **values)
        except self._taken as error:
            raise Lost from error

    def _hit(self, rows: int) -> None:
        if rows != 1:
            raise Lost


def _counter(counter: Counter) -> dict[str, str]:
    return {
        "seller": counter.seller,
        "kind": counter.kind,
        "series": counter.series,
        "period": counter.period,
    }
