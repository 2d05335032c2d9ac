"""The first tables: the journal and its head, documents and records, what follows from them, consumers, bytes."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Index, LargeBinary, String, Table, Text

from multibill.storage.migrations.steps import Steps

revision = "multibill_0001"
down_revision = None
branch_labels = ("multibill",)
depends_on = None


def upgrade(steps: Steps | None = None, **_: object) -> None:
    """Make the tables; left alone, under a host's Alembic, takes prefix and schema from its context."""
    steps = steps or Steps(op.get_context())
    if steps.passed(revision):
        return
    for table in tables(steps):
        steps.create(table)
    steps.stands_at(revision)


def downgrade(steps: Steps | None = None, **_: object) -> None:
    """Drop the tables with every invoice in them."""
    steps = steps or Steps(op.get_context())
    for table in reversed(tables(steps)):
        steps.drop(table)
    steps.stands_at(down_revision)


def tables(steps: Steps) -> list[Table]:
    """Every table of this revision."""
    return [
        steps.table(
            "head", key("tenant"), number("position"), data("chain"), sqlite_with_rowid=False
        ),
        changeset(steps),
        document(steps),
        record(steps),
        *projections(steps),
        steps.table("blob", key("tenant"), key("key", 128), data("data"), sqlite_with_rowid=True),
    ]


def changeset(steps: Steps) -> Table:
    """The journal."""
    table = steps.table(
        "changeset",
        key("tenant"),
        Column("position", BigInteger, primary_key=True, autoincrement=False),
        number("format"),
        number("schema"),
        text("kind"),
        text("about", 128),
        number("version"),
        text("action"),
        text("actor"),
        number("recorded"),
        text("record", 128, nullable=True),
        text("on_behalf_of", nullable=True),
        text("roles", 1000, nullable=True),
        prose("reason", nullable=True),
        text("origin", nullable=True),
        number("happened", nullable=True),
        text("request_id", 128, nullable=True),
        text("fingerprint", 16, nullable=True),
        text("policy", 16, nullable=True),
        number("base", nullable=True),
        prose("changes"),
        data("seed"),
        data("chain"),
        sqlite_with_rowid=True,
    )
    c = table.c
    Index(steps.name("ix_changeset_about"), c.tenant, c.about, c.position)
    Index(
        steps.name("ux_changeset_request"),
        c.tenant,
        c.actor,
        c.request_id,
        unique=True,
        sqlite_where=c.request_id.is_not(None),
        postgresql_where=c.request_id.is_not(None),
    )
    return table


def document(steps: Steps) -> Table:
    """Documents: the body and the columns that conditions and lists read."""
    table = steps.table(
        "document",
        key("tenant"),
        key("id"),
        number("version"),
        text("phase"),
        text("state"),
        text("settlement", nullable=True),
        text("owner", nullable=True),
        text("team", nullable=True),
        text("assignee", nullable=True),
        text("seller_ref", nullable=True),
        text("buyer_ref", nullable=True),
        text("number", nullable=True),
        text("issue_date", 10, nullable=True),
        text("currency", 3),
        text("due_date", 10, nullable=True),
        text("kind"),
        prose("buyer_name", nullable=True),
        text("value_currency", 3, nullable=True),
        number("value_minor", nullable=True),
        number("payable_minor"),
        number("due_minor", nullable=True),
        text("digest"),
        prose("content"),
        prose("envelope"),
    )
    c = table.c
    Index(
        steps.name("ux_document_number"),
        c.tenant,
        c.seller_ref,
        c.kind,
        c.number,
        unique=True,
        sqlite_where=c.number.is_not(None),
        postgresql_where=c.number.is_not(None),
    )
    Index(
        steps.name("ix_document_issued"),
        c.tenant,
        c.issue_date,
        c.id,
        sqlite_where=c.issue_date.is_not(None),
        postgresql_where=c.issue_date.is_not(None),
    )
    Index(
        steps.name("ix_document_settlement"),
        c.tenant,
        c.settlement,
        c.due_date,
        c.id,
        sqlite_where=c.settlement.is_not(None),
        postgresql_where=c.settlement.is_not(None),
    )
    return table


def record(steps: Steps) -> Table:
    """Registers and what stands beside a document: everything that is no document."""
    table = steps.table(
        "record",
        key("tenant"),
        key("kind"),
        key("id", 128),
        number("version"),
        text("about", 128),
        prose("content"),
        prose("envelope"),
        sqlite_with_rowid=True,
    )
    Index(steps.name("ix_record_about"), table.c.tenant, table.c.kind, table.c.about)
    return table


def projections(steps: Steps) -> list[Table]:
    """Small rows that live in SQLite's primary key itself."""
    return [
        steps.table(
            "vat",
            key("tenant"),
            key("document"),
            key("row", 128),
            text("category", 8),
            text("rate", 32),
            text("currency", 3),
            number("taxable"),
            number("tax"),
            sqlite_with_rowid=False,
        ),
        steps.table(
            "author",
            key("tenant"),
            key("document"),
            key("person", 128),
            sqlite_with_rowid=False,
        ),
        steps.table(
            "custom",
            key("tenant"),
            key("kind"),
            key("record"),
            key("name"),
            prose("text", nullable=True),
            number("number", nullable=True),
            sqlite_with_rowid=False,
        ),
        steps.table(
            "key",
            key("tenant"),
            key("verb"),
            key("text"),
            text("record"),
            text("fingerprint", 16),
            sqlite_with_rowid=False,
        ),
        steps.table(
            "counter",
            key("tenant"),
            key("seller"),
            key("kind"),
            key("series"),
            key("period", 16),
            number("next"),
            text("last", 10, nullable=True),
            sqlite_with_rowid=False,
        ),
        steps.table(
            "consumer",
            key("tenant"),
            key("name"),
            number("position"),
            text("owner", nullable=True),
            number("until", nullable=True),
            sqlite_with_rowid=False,
        ),
    ]


def key(name: str, size: int = 64) -> Column[str]:
    """A text of the primary key."""
    return Column(name, String(size), primary_key=True)


def text(name: str, size: int = 64, *, nullable: bool = False) -> Column[str]:
    """A short text."""
    return Column(name, String(size), nullable=nullable)


def prose(name: str, *, nullable: bool = False) -> Column[str]:
    """A text of any length."""
    return Column(name, Text, nullable=nullable)


def number(name: str, *, nullable: bool = False) -> Column[int]:
    """Counts, positions, minor units, instants."""
    return Column(name, BigInteger, nullable=nullable)


def data(name: str) -> Column[bytes]:
    """Bytes."""
    return Column(name, LargeBinary, nullable=False)
