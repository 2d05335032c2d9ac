"""Ready-made writes: what a desk would append, without a desk. Shared by the parts of the contract."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from multibill.codec import Tree
from multibill.documents import Invoice, Line
from multibill.documents.complete import completed
from multibill.history import Change, Changeset, Entry
from multibill.money import Money
from multibill.numbering import Counter
from multibill.ports import (
    TABLES,
    Key,
    Mark,
    Projection,
    Query,
    Row,
    SettlementMark,
    StateMark,
    Storage,
    UnitOfWork,
    Write,
)
from multibill.query import Expression, always
from multibill.query.doc import DOCUMENT_FIELDS
from multibill.records import Custom, Record
from multibill.testing.factories import acme, studio
from multibill.workspace.kinds import kinds, summary, vat_rows

TENANT = "t1"
DAY = date(2026, 11, 30)
NOW = 1_796_040_000_000_000
COUNTER = Counter("studio", "invoice", "main", "2026")
FIELDS = (
    Custom("project", str, kind="invoice", indexed=True),
    Custom("seats", int, kind="invoice", indexed=True),
    Custom("urgent", bool, kind="invoice", indexed=True),
    Custom("deadline", date, kind="invoice", indexed=True),
)
INVOICE = kinds(FIELDS)["invoice"]
TYPES = INVOICE.indexed_types
SUMMARY = (*DOCUMENT_FIELDS, "version")


def found(storage: Storage, tenant: str = TENANT) -> Storage:
    """The storage, with the tenant's head row made."""
    with storage.unit(tenant, write=True) as uow:
        uow.found()
    return storage


def written(storage: Storage, *writes: Write, tenant: str = TENANT) -> list[Changeset]:
    """The writes appended, each in a unit of its own."""
    made = []
    for write in writes:
        with storage.unit(tenant, write=True) as uow:
            made.append(uow.append(write))
    return made


def entry(record: Record, tenant: str = TENANT, **said: Any) -> Entry:
    """A journal entry that makes the record what it is."""
    known: dict[str, Any] = {
        "tenant": tenant,
        "kind": record.kind,
        "record": record.id,
        "version": record.version,
        "about": record.id,
        "action": "save",
        "actor": "ann",
        "recorded": NOW,
        "changes": (Change("", None, record.body),),
        "seed": bytes(range(16)),
    }
    return Entry(**known | said)


def customer(
    id: str = "acme", version: int = 1, content: Tree | None = None, envelope: Tree | None = None
) -> Record:
    """A register entry with any content."""
    body = {"party": {"name": f"Acme {version}"}} if content is None else content
    return Record("customer", id, version, body, envelope or {})


def saved(
    record: Record,
    *,
    tenant: str = TENANT,
    expected: int | None = None,
    projection: Projection = Projection(),  # noqa: B008 - a frozen value
    mark: Mark | None = None,
    **said: Any,
) -> Write:
    """The write of a record's version."""
    return Write(
        record=record,
        expected=record.version - 1 if expected is None else expected,
        entry=entry(record, tenant, **said),
        projection=projection,
        mark=mark,
    )


def review(id: str, document: str, version: int, state: str, **said: Any) -> Write:
    """A review that lets its document show another state."""
    record = Record("review", id, 1, {"document": document, "version": version}, {})
    mark = StateMark(document=document, version=version, state=state)
    return saved(record, mark=mark, about=document, action="approve", **said)


def settlement(document: str, version: int, state: str, due: Money, **said: Any) -> Write:
    """A settlement that lets its document show how it stands and what is due."""
    record = Record("settlement", document, version, {"document": document, "version": version}, {})
    mark = SettlementMark(document=document, settlement=state, due=due)
    return saved(record, mark=mark, about=document, action="settle", **said)


def invoice(id: str = "i1", version: int = 1, **fields: Any) -> Invoice:
    """An invoice of one line, completed; ``fields`` replace what it says."""
    said: dict[str, Any] = {
        "seller": studio().party,
        "seller_ref": "studio",
        "buyer": acme().party,
        "buyer_ref": "acme",
        "owner": "ann",
        "team": "web",
        "lines": (
            Line(
                id="a", order="V01", name="Logo", quantity=3, unit="DAY", unit_price="450", vat="20"
            ),
        ),
    }
    return completed(Invoice(id=id, version=version, **said | fields), DAY)


def drafted(
    document: Invoice,
    *,
    authors: Collection[str] = (),
    key: Key | None = None,
    tenant: str = TENANT,
    expected: int | None = None,
    **said: Any,
) -> Write:
    """The write of a document's version, with every projection."""
    stage = {"phase": document.phase, "state": document.state, "since": 1}
    record = INVOICE.record(document.id, document.version, INVOICE.body(document) | stage)
    projection = Projection(
        summary=summary(document, document.state),
        vat=vat_rows(document),
        authors=frozenset(authors),
        custom=document.custom,
        key=key,
    )
    return saved(
        record, tenant=tenant, expected=expected, projection=projection, **{"action": "edit"} | said
    )


def row_of(document: Invoice, authors: Collection[str] = ()) -> Row:
    """A document's summary row, with the custom values and authors that conditions may ask for."""
    custom = {f"custom.{name}": document.custom.get(name) for name in TYPES}
    return {**summary(document, document.state), **custom, "authors": frozenset(authors)}


def custom_row(name: str, value: Any, record: str = "i1", kind: str = "invoice") -> Row:
    """An indexed custom value as ``rows("custom")`` shows it: a date is its ISO text."""
    plain = value.isoformat() if isinstance(value, date) else value
    return {"kind": kind, "record": record, "name": name, "value": plain}


def asking(
    where: Expression = always(),  # noqa: B008 - a frozen value
    *,
    me: Mapping[str, object] | None = None,
    **said: Any,
) -> Query:
    """A query by an actor ann of the team web, unless ``me`` is another."""
    known = {
        "id": "ann",
        "ids": frozenset({"ann"}),
        "teams": frozenset({"web"}),
        "roles": frozenset(),
    }
    return Query(where=where, me=known if me is None else me, custom=TYPES, **said)


def shown(row: Row, names: Sequence[str] = SUMMARY) -> dict[str, Any]:
    """A row cut down to what every adapter must show."""
    return {name: row[name] for name in names}


def ordered(rows: Sequence[Row]) -> list[Row]:
    """Rows of any table in an order that two adapters agree on."""
    return sorted(
        rows, key=lambda row: repr(sorted((name, repr(value)) for name, value in row.items()))
    )


def everything(uow: UnitOfWork) -> dict[str, Any]:
    """All that a unit of work can see, for comparing before with after."""
    seen: dict[str, Any] = {table: ordered(uow.rows(table)) for table in TABLES}
    return seen | {"journal": list(uow.journal()), "head": uow.head()}


def bumped(document: Invoice, **changes: Any) -> Invoice:
    """The document's next version."""
    return completed(document.evolve(version=document.version + 1, **changes), DAY)
