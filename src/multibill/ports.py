"""What the desk needs from adapters: storage, blobs, a renderer, a waker. Protocols and plain values; no code of use.

A storage adapter passes ``multibill.testing.contract.StorageContract`` with nothing extra.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import Any, Protocol, TypeVar

import attrs

from multibill.documents import Document
from multibill.documents.checks import Finding
from multibill.errors import InvalidDefinition
from multibill.history import Changeset, Entry
from multibill.money import Money
from multibill.numbering import Counter
from multibill.query import ANYTHING, Expression
from multibill.records import Record

T = TypeVar("T")

Row = Mapping[str, Any]
"""A document's summary by flat name: what conditions read and list pages show. Money is Money, dates are dates."""


@attrs.frozen
class Loaded:
    """A stored record, and for a document its summary row (with ``authors`` when asked for)."""

    record: Record
    row: Row


@attrs.frozen(kw_only=True)
class Query:
    """A page of document summaries: a condition for one actor, an order, a place to go on from, marks.

    ``custom`` names the indexed custom fields, with their types, that conditions may use and rows show.
    ``where`` and ``marks`` are rules, on what stands there. ``asked`` is the actor's own condition: a name in
    ``lifted`` is unknown to it, to the order and to the place but where that expression definitely holds. Rows show
    every value; the desk covers them.
    """

    where: Expression = ANYTHING
    asked: Expression = ANYTHING
    lifted: Mapping[str, Expression] = attrs.field(factory=dict)
    me: Mapping[str, object]
    order: tuple[tuple[str, bool], ...] = (("id", False),)
    after: tuple[Any, ...] | None = None
    limit: int | None = None
    marks: Mapping[str, Expression] = attrs.field(factory=dict)
    custom: Mapping[str, type] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Key:
    """A business key: unique by (tenant, verb, text), with the fingerprint of the input it came with."""

    verb: str
    text: str
    fingerprint: str


@attrs.frozen(kw_only=True)
class Projection:
    """What is stored of a record beside its body, all of it derivable from the journal.

    ``vat`` replaces what stands there unless it is empty; it comes with the issue. So does ``custom``, None where the
    host declared no indexed field.
    """

    summary: Row | None = None
    vat: tuple[Row, ...] = ()
    authors: frozenset[str] = frozenset()
    custom: Mapping[str, Any] | None = None
    key: Key | None = None


@attrs.frozen(kw_only=True)
class StateMark:
    """A review's effect on its document: the state it now shows, if it still stands at that version."""

    document: str
    version: int
    state: str


@attrs.frozen(kw_only=True)
class SettlementMark:
    """What a settlement makes of its document: how it stands and what is due; the document's version stays as it is."""

    document: str
    settlement: str
    due: Money


Mark = StateMark | SettlementMark


@attrs.frozen(kw_only=True)
class Write:
    """One new version of one record with its journal entry; ``expected`` 0 inserts."""

    record: Record
    expected: int
    entry: Entry
    projection: Projection = Projection()
    mark: Mark | None = None


@attrs.frozen(kw_only=True)
class Delivery:
    """How far a consumer of the journal got, and who holds its lease until when (microseconds since 1970, UTC).

    Delivery is no part of what is billed: it stands in no journal entry, and the audit does not ask for it.
    """

    name: str
    position: int = 0
    owner: str | None = None
    until: int | None = None


class Lost(Exception):
    """The compare-and-set found another version; the desk goes back to the start and tries again."""


def number_taken(number: str) -> InvalidDefinition:
    """The error of ``append`` for a number that the seller has already given to a document of this kind."""
    return InvalidDefinition(
        f"{number} is taken: the seller's new pattern repeats numbers of an earlier one; change its fixed part",
        path="/number",
    )


class Blobs(Protocol):
    """Bytes under a unique key, written once."""

    def get(self, tenant: str, key: str) -> bytes | None:
        """The bytes, or None."""

    def put(self, tenant: str, key: str, data: bytes) -> bytes:
        """Keep the bytes under the key unless there are some; the bytes that are kept."""


class UnitOfWork(Protocol):
    """One transaction over one tenant. ``append`` is the only writer of records and journal."""

    @property
    def tenant(self) -> str:
        """The tenant's id."""

    @property
    def blobs(self) -> Blobs:
        """Bytes kept in this transaction."""

    def load(self, kind: str, id: str, facts: Collection[str] = ()) -> Loaded | None:
        """A record by kind and id; a document is locked when the unit writes. ``facts`` may ask for ``authors``."""

    def records(self, kind: str, about: str | None = None) -> Sequence[Record]:
        """All records of a kind, or those about one document, by id."""

    def select(self, query: Query) -> Sequence[Row]:
        """Document summaries that definitely meet the condition, with ``marks`` as booleans by name."""

    def count(self, query: Query) -> int:
        """How many documents definitely meet the condition."""

    def keyed(self, verb: str, text: str) -> tuple[str, str] | None:
        """The record and fingerprint that a business key was used for, or None."""

    def answered(self, actor: str, request_id: str) -> Changeset | None:
        """The changeset that a request id has already made, or None."""

    def next_number(self, counter: Counter) -> tuple[int, date | None]:
        """The next number of a counter, from 1, and the last date over all periods of its series; it stays locked."""

    def take(self, counter: Counter, number: int, on: date) -> None:
        """Use up the number that ``next_number`` gave."""

    def append(self, write: Write) -> Changeset:
        """Write a version with its projections, then the head and the changeset.

        Raises Lost, and InvalidDefinition (``number_taken``) for a number that the seller has given before.
        """

    def journal(
        self, after: int = 0, *, about: str | None = None, limit: int | None = None
    ) -> Iterator[Changeset]:
        """Changesets after a position, in order; of one document when asked."""

    def head(self) -> tuple[int, bytes] | None:
        """The last position and its chain hash; None for a tenant nobody provisioned."""

    def found(self) -> None:
        """Make the tenant's head row; nothing when there is one."""

    def delivery(self, name: str) -> Delivery | None:
        """How far a consumer got; None for a new one. The row is locked when the unit writes."""

    def deliver(self, delivery: Delivery) -> None:
        """Keep how far a consumer got and who holds its lease. Raises Lost when another unit has just made the row."""

    def rows(self, table: str) -> Sequence[Row]:
        """Every stored row of a projection (``TABLES``) in a neutral form, dates as ISO 8601 text; for the audit."""


TABLES = ("summary", "vat", "author", "custom", "key", "counter", "record")


class Storage(Protocol):
    """Where records, journal and counters live."""

    def unit(
        self, tenant: str, *, write: bool, bind: object = None
    ) -> AbstractContextManager[UnitOfWork]:
        """A unit of work: in the host's transaction when ``bind`` is its session or connection, else in its own."""

    def behind(self, consumer: str) -> Sequence[str]:
        """The tenants, by id, whose journal goes on after what this consumer did; one query for all."""


class Ear(Protocol):
    """One reader that waits for hints about a tenant."""

    def wait(self, seconds: float) -> float:
        """Wait until something was heard since the last wait, or so many seconds; how many it were."""

    async def waiting(self, seconds: float) -> float:
        """The same for a task; no thread waits."""

    def aside(self, call: Callable[[], T]) -> Awaitable[T]:
        """What a blocking call answers, run beside the event loop."""


class Waker(Protocol):
    """Hints that a journal may have grown. One that is lost, early or doubled does no harm: the reader looks itself.

    The order that loses no time is: listen, then read, then wait.
    """

    def wake(self, tenant: str) -> None:
        """Something may have been committed in this tenant."""

    def listening(self, tenant: str) -> AbstractContextManager[Ear]:
        """An ear that hears from now on; closing it ends every wait."""


class Renderer(Protocol):
    """Turns a document into bytes of one format. Prints what the document says and chooses nothing."""

    @property
    def format(self) -> str:
        """The format's name: ``pdf``, ``facturx``."""

    @property
    def version(self) -> str:
        """What decides the bytes beside the document: the layout and its version."""

    @property
    def media_type(self) -> str:
        """The bytes' media type; its second part is the file's ending."""

    @property
    def attaches(self) -> bool:
        """Whether the bytes of attached files become part of it."""

    def findings(self, document: Document) -> tuple[Finding, ...]:
        """What the format cannot say of the document: ``render`` would refuse it."""

    def render(self, document: Document, images: Mapping[str, bytes] = ...) -> bytes:
        """The bytes; the same for the same document and images.

        ``images`` are the brand's logo and, where the format ``attaches`` them, attached files, by their SHA-256.
        Raises PreflightFailed with what ``findings`` finds.
        """


class Random(Protocol):
    """A source of unpredictable bytes."""

    def __call__(self, size: int, /) -> bytes:
        """So many random bytes."""
