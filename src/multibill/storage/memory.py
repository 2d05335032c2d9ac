"""Storage in memory: the reference adapter and the double in tests. Thread-safe; gone with the process.

Takes no part in a host's transaction: what needs one uses SQLite in a file.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cmp_to_key
from threading import RLock
from typing import Any

from multibill.errors import InvalidValue, KeyReused, UnknownTenant
from multibill.history import GENESIS, Changeset, sealed
from multibill.money import Money
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
from multibill.query import Facts, Test, compile_true
from multibill.query.doc import DOCUMENT_FIELDS
from multibill.records import Record

MISSING = object()


class MemoryTenant:
    """One tenant's tables, and the undo log of the unit that is open."""

    def __init__(self) -> None:
        self.founded: dict[str, bool] = {}
        self.records: dict[tuple[str, str], Record] = {}
        self.about: dict[tuple[str, str], str] = {}
        self.summary: dict[str, Row] = {}
        self.vat: dict[tuple[str, str], Row] = {}
        self.authors: dict[str, frozenset[str]] = {}
        self.numbers: dict[tuple[str, str, str], str] = {}
        self.custom: dict[tuple[str, str, str], Any] = {}
        self.keys: dict[tuple[str, str], tuple[str, str]] = {}
        self.counters: dict[Counter, tuple[int, date | None]] = {}
        self.requests: dict[tuple[str, str], int] = {}
        self.journal: dict[int, Changeset] = {}
        self.blobs: dict[str, bytes] = {}
        self.deliveries: dict[str, Delivery] = {}
        self.undo: list[tuple[dict[Any, Any], Any, Any]] = []

    def put(self, table: dict[Any, Any], key: Any, value: Any) -> None:
        """Set or (MISSING) delete an entry, remembering what stood there."""
        self.undo.append((table, key, table.get(key, MISSING)))
        if value is MISSING:
            table.pop(key, None)
        else:
            table[key] = value

    def roll_back(self) -> None:
        """Undo everything since the unit began."""
        while self.undo:
            table, key, before = self.undo.pop()
            if before is MISSING:
                table.pop(key, None)
            else:
                table[key] = before


class MemoryStorage:
    """``Storage`` in dictionaries: one writer or reader at a time.

    >>> storage = MemoryStorage()
    >>> with storage.unit("t1", write=False) as uow:
    ...     uow.head() is None
    True
    """

    def __init__(self) -> None:
        self._lock = RLock()
        self._tenants: dict[str, MemoryTenant] = {}

    @contextmanager
    def unit(self, tenant: str, *, write: bool, bind: object = None) -> Iterator[MemoryUnit]:
        """A unit of work; an error in it leaves nothing behind."""
        if bind is not None:
            raise InvalidValue(
                "the memory adapter joins no transaction; use Billing.open('sqlite:///...')"
            )
        with self._lock:
            data = self._tenants.setdefault(tenant, MemoryTenant())
            try:
                yield MemoryUnit(tenant, data)
            except BaseException:
                data.roll_back()
                raise
            data.undo.clear()

    def behind(self, consumer: str) -> Sequence[str]:
        """The tenants whose journal goes on after what this consumer did."""
        with self._lock:
            return sorted(
                tenant
                for tenant, data in self._tenants.items()
                if len(data.journal)
                > data.deliveries.get(consumer, Delivery(name=consumer)).position
            )


class MemoryBlobs:
    """``Blobs`` of one tenant inside its unit."""

    def __init__(self, data: MemoryTenant) -> None:
        self._data = data

    def get(self, tenant: str, key: str) -> bytes | None:
        """The bytes, or None."""
        return self._data.blobs.get(key)

    def put(self, tenant: str, key: str, data: bytes) -> bytes:
        """Keep the bytes unless there are some; the bytes that are kept."""
        if key not in self._data.blobs:
            self._data.put(self._data.blobs, key, data)
        return self._data.blobs[key]


class MemoryUnit:
    """``UnitOfWork`` over one tenant's dictionaries."""

    def __init__(self, tenant: str, data: MemoryTenant) -> None:
        self.tenant = tenant
        self.blobs = MemoryBlobs(data)
        self._data = data

    def load(self, kind: str, id: str, facts: Collection[str] = ()) -> Loaded | None:
        """A record by kind and id."""
        record = self._data.records.get((kind, id))
        if record is None:
            return None
        row = self._data.summary.get(id, {})
        return Loaded(record, self._row(id) if "authors" in facts else row)

    def _row(self, id: str) -> Row:
        return {**self._data.summary[id], "authors": self._data.authors.get(id, frozenset())}

    def records(self, kind: str, about: str | None = None) -> Sequence[Record]:
        """All records of a kind, or those about one document, by id."""
        found = [
            record
            for key, record in self._data.records.items()
            if key[0] == kind and (about is None or self._data.about[key] == about)
        ]
        return sorted(found, key=lambda record: record.id)

    def select(self, query: Query) -> Sequence[Row]:
        """Summaries that definitely meet the condition, in order."""
        compare = comparison(query.order)
        place = cmp_to_key(compare)
        met = sorted(self._meeting(query), key=lambda pair: place(pair[1]))
        if query.after is not None:
            last = dict(zip((name for name, _ in query.order), query.after, strict=True))
            met = [pair for pair in met if compare(pair[1], last) > 0]
        rows = [row for row, _ in met[: query.limit]]
        marks = {name: compile_true(expr) for name, expr in query.marks.items()}
        names = (*DOCUMENT_FIELDS, "version", *(f"custom.{name}" for name in query.custom))
        return [
            {name: row.get(name) for name in names}
            | {name: test(row, query.me) for name, test in marks.items()}
            for row in rows
        ]

    def count(self, query: Query) -> int:
        """How many documents definitely meet the condition."""
        return len(self._meeting(query))

    def _meeting(self, query: Query) -> list[tuple[Row, Row]]:
        """The rows that meet both conditions, each with what the actor sees of it."""
        meets, asked = compile_true(query.where), compile_true(query.asked)
        lifted = {name: compile_true(expr) for name, expr in query.lifted.items()}
        rows = ({**self._row(id), **self._custom(id)} for id in self._data.summary)
        pairs = ((row, _seen(row, lifted, query.me)) for row in rows if meets(row, query.me))
        return [pair for pair in pairs if asked(pair[1], query.me)]

    def _custom(self, id: str) -> Row:
        kind = self._data.summary[id]["kind"]
        found = self._data.custom.items()
        return {f"custom.{name}": value for (k, d, name), value in found if (k, d) == (kind, id)}

    def keyed(self, verb: str, text: str) -> tuple[str, str] | None:
        """The record and fingerprint of a business key."""
        return self._data.keys.get((verb, text))

    def answered(self, actor: str, request_id: str) -> Changeset | None:
        """The changeset that a request id made."""
        position = self._data.requests.get((actor, request_id))
        return None if position is None else self._data.journal[position]

    def next_number(self, counter: Counter) -> tuple[int, date | None]:
        """The next number of a counter and its series' last date."""
        series = (counter.seller, counter.kind, counter.series)
        dates = [
            last
            for other, (_, last) in self._data.counters.items()
            if last and series == (other.seller, other.kind, other.series)
        ]
        return self._data.counters.get(counter, (1, None))[0], max(dates, default=None)

    def take(self, counter: Counter, number: int, on: date) -> None:
        """Use up a number."""
        self._data.put(self._data.counters, counter, (number + 1, on))

    def append(self, write: Write) -> Changeset:
        """Write a version, its projections, and the changeset at the tenant's next position."""
        if not self._data.founded:
            raise UnknownTenant(
                f"tenant {self.tenant!r} is not provisioned; call billing.provision first"
            )
        asked = (write.entry.actor, write.entry.request_id)
        if asked in self._data.requests:
            raise Lost
        self._put_record(write)
        self._project(write)
        position, chain = self.head() or (0, GENESIS)
        changeset = sealed(write.entry, position + 1, chain)
        self._data.put(self._data.journal, position + 1, changeset)
        if write.entry.request_id is not None:
            self._data.put(self._data.requests, asked, position + 1)
        return changeset

    def _put_record(self, write: Write) -> None:
        record, data = write.record, self._data
        known = data.records.get((record.kind, record.id))
        if (known.version if known else 0) != write.expected:
            raise Lost
        if write.mark is not None:
            self._mark(write.mark)
        data.put(data.records, (record.kind, record.id), record)
        data.put(data.about, (record.kind, record.id), write.entry.about)

    def _mark(self, mark: Mark) -> None:
        row = self._data.summary.get(mark.document)
        if row is None or (isinstance(mark, StateMark) and row["version"] != mark.version):
            raise Lost
        told: Row
        if isinstance(mark, StateMark):
            told = {"state": mark.state}
        else:
            told = {"settlement": mark.settlement, "due": mark.due}
        self._data.put(self._data.summary, mark.document, {**row, **told})

    def _take_number(self, id: str, summary: Row) -> None:
        number = summary["number"]
        key = (summary["seller_ref"], summary["kind"], number)
        if number is None or self._data.numbers.get(key) == id:
            return
        if key in self._data.numbers:
            raise number_taken(number)
        self._data.put(self._data.numbers, key, id)

    def _project(self, write: Write) -> None:
        data, id, kind = self._data, write.record.id, write.record.kind
        made = write.projection
        if made.key is not None:
            key = (made.key.verb, made.key.text)
            if key in data.keys:
                raise KeyReused(f"the key {made.key.text!r} is already used")
            data.put(data.keys, key, (id, made.key.fingerprint))
        if made.summary is not None:
            self._take_number(id, made.summary)
            data.put(data.summary, id, made.summary)
        for old in [key for key in data.vat if made.vat and key[0] == id]:
            data.put(data.vat, old, MISSING)
        for row in made.vat:
            data.put(data.vat, (id, row["row"]), {"document": id, **row})
        if made.authors:
            data.put(data.authors, id, data.authors.get(id, frozenset()) | made.authors)
        if made.custom is not None:
            for gone in [key for key in data.custom if key[:2] == (kind, id)]:
                data.put(data.custom, gone, MISSING)
            for name, value in made.custom.items():
                data.put(data.custom, (kind, id, name), value)

    def journal(
        self, after: int = 0, *, about: str | None = None, limit: int | None = None
    ) -> Iterator[Changeset]:
        """Changesets after a position, in order."""
        found = [
            entry
            for position, entry in self._data.journal.items()
            if position > after and about in (None, entry.about)
        ]
        return iter(found[:limit])

    def head(self) -> tuple[int, bytes] | None:
        """The last position and its chain hash."""
        if not self._data.founded:
            return None
        last = next(reversed(self._data.journal), 0)
        return (last, self._data.journal[last].chain) if last else (0, GENESIS)

    def found(self) -> None:
        """Make the tenant; an error in the unit takes it back with everything else."""
        if not self._data.founded:
            self._data.put(self._data.founded, self.tenant, True)

    def delivery(self, name: str) -> Delivery | None:
        """How far a consumer got."""
        return self._data.deliveries.get(name)

    def deliver(self, delivery: Delivery) -> None:
        """Keep how far it got."""
        self._data.put(self._data.deliveries, delivery.name, delivery)

    def rows(self, table: str) -> Sequence[Row]:
        """Every row of a projection in the neutral form."""
        return list(ROWS[table](self._data))


def _seen(row: Row, lifted: Mapping[str, Test], me: Facts) -> Row:
    """The row with what is covered unknown."""
    covered = [name for name, test in lifted.items() if not test(row, me)]
    return {**row, **dict.fromkeys(covered)} if covered else row


def comparison(order: Sequence[tuple[str, bool]]) -> Callable[[Row, Row], int]:
    """Compare two rows by the order; None comes before everything."""

    def compare(one: Row, other: Row) -> int:
        for name, descending in order:
            left, right = place(one.get(name)), place(other.get(name))
            if left != right:
                return (1 if left > right else -1) * (-1 if descending else 1)
        return 0

    return compare


def place(value: Any) -> tuple[bool, Any]:
    """Where a value stands in an order."""
    if isinstance(value, Money):
        value = value.minor
    return value is not None, value if value is not None else 0


def plain(value: Any) -> Any:
    """A custom value in the neutral form: text, whole number or boolean; a date as its ISO text."""
    return value.isoformat() if isinstance(value, date) else value


def _record_rows(data: MemoryTenant) -> Iterator[Row]:
    for (kind, id), record in data.records.items():
        yield {
            "kind": kind,
            "id": id,
            "version": record.version,
            "about": data.about[kind, id],
            "content": record.content,
            "envelope": record.envelope,
        }


ROWS: Mapping[str, Callable[[MemoryTenant], Iterator[Row]]] = {
    "record": _record_rows,
    "summary": lambda data: (
        {name: row[name] for name in (*DOCUMENT_FIELDS, "version")} for row in data.summary.values()
    ),
    "vat": lambda data: iter(data.vat.values()),
    "author": lambda data: (
        {"document": id, "person": person}
        for id, people in data.authors.items()
        for person in people
    ),
    "custom": lambda data: (
        {"kind": kind, "record": id, "name": name, "value": plain(value)}
        for (kind, id, name), value in data.custom.items()
    ),
    "key": lambda data: (
        {"verb": verb, "text": text, "record": record, "fingerprint": found}
        for (verb, text), (record, found) in data.keys.items()
    ),
    "counter": lambda data: (
        {
            "seller": key.seller,
            "kind": key.kind,
            "series": key.series,
            "period": key.period,
            "next": n,
            "last": last,
        }
        for key, (n, last) in data.counters.items()
    ),
}
