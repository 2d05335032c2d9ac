"""One edit through the public API against a bare patch row, SQLite, WAL and NORMAL on both sides, CPU.

The work: an invoice of 20 lines, 50 single-field edits, each committed on its own. The floor keeps one JSON patch
row an edit through SQLAlchemy Core, without current state, rights, totals or proof.
"""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from _table import Table, by_turns
from sqlalchemy import (
    Column,
    Engine,
    Integer,
    MetaData,
    Table as SqlTable,
    Text,
    create_engine,
    event,
)

from multibill import Actor, Address, Billing, Customer, Line, Note, Party, Seller, presets

LINES, EDITS, INVOICES, TARGET = 20, 50, 4, 9.0


def engine(folder: str, name: str) -> Engine:
    """An engine on a file with the settings both sides use."""
    made = create_engine(f"sqlite:///{Path(folder) / name}")

    @event.listens_for(made, "connect")
    def configure(connection: object, _: object) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]

    return made


class Floor:
    """One row for the document, one insert of a JSON patch row an edit."""

    def __init__(self, made: Engine) -> None:
        self.engine = made
        tables = MetaData()
        self.document = SqlTable(
            "doc", tables, Column("id", Integer, primary_key=True), Column("body", Text)
        )
        self.change = SqlTable(
            "change",
            tables,
            Column("doc_id", Integer, primary_key=True),
            Column("version", Integer, primary_key=True),
            Column("actor", Text),
            Column("at", Text),
            Column("patch", Text),
        )
        tables.create_all(made)
        self.next = 0

    def edits(self) -> int:
        """So many invoices, each edited 50 times."""
        for _ in range(INVOICES):
            self.next += 1
            for version in range(EDITS):
                patch = [
                    {
                        "op": "replace",
                        "path": "/lines/3/quantity",
                        "value": str(version),
                        "old": "1",
                    }
                ]
                with self.engine.begin() as connection:
                    values = {
                        "doc_id": self.next,
                        "version": version,
                        "actor": "ann",
                        "at": datetime.now(UTC).isoformat(),
                        "patch": json.dumps(patch),
                    }
                    connection.execute(self.change.insert(), values)
        return INVOICES * EDITS


class Multibill:
    """The same edits through ``ws.invoices.edit``: state, journal, rights, totals, chain."""

    def __init__(self, made: Engine) -> None:
        billing = Billing(made, policy=presets.agency())
        billing.migrate()
        address = Address("12 rue Oberkampf", "75011", "Paris", "FR")
        studio = Party("Studio SARL", siren="123456782", vat_id="FR11123456782", address=address)
        seller = Seller(
            "studio", studio, timezone="Europe/Paris", series={"invoice": "F{year}-{n:05}"}
        )
        billing.provision("t42", by=Actor.service("setup"), sellers=[seller])
        self.ws = billing.workspace("t42", actor=Actor("ann", roles={"sales"}, teams={"web"}))
        self.ws.customers.save(
            Customer("acme", Party("Acme SAS", siren="987654324", address=address))
        )
        lines = [
            Line(
                id=f"l{n}",
                name=f"Prestation {n} du mois",
                quantity=1 + n % 7,
                unit_price=f"{100 + n}.50",
                vat="20",
            )
            for n in range(LINES)
        ]
        notes = [Note(id="n", text="Merci de votre confiance")]
        self.drafts = [
            self.ws.invoices.draft(seller="studio", buyer="acme", lines=lines, notes=notes)
            for _ in range(INVOICES)
        ]
        self.round = 0

    def edits(self) -> int:
        """The same drafts edited on, each value new."""
        self.round += 1
        for index in range(INVOICES):
            for edit in range(EDITS):
                draft = self.drafts[index]
                changes = {path(edit): value(edit, self.round)}
                saved = self.ws.invoices.edit(draft.id, base=draft.version, changes=changes)
                self.drafts[index] = saved.document
        return INVOICES * EDITS


def path(edit: int) -> str:
    """Quantity, price, name, note and due date by turns, over all lines."""
    line = f"/lines/l{edit * 7 % LINES}"
    fields = (
        f"{line}/quantity",
        f"{line}/unit_price",
        f"{line}/name",
        "/notes/n/text",
        "/due_date",
    )
    return fields[edit % 5]


def value(edit: int, turn: int) -> str:
    """A value that was not there before."""
    values = (
        f"{10 + edit + turn}",
        f"{200 + edit}.{10 + turn}",
        f"Prestation {edit} {turn}",
        f"Note {edit} {turn}",
        f"20{27 + turn}-03-{1 + edit % 28:02}",
    )
    return values[edit % 5]


def main() -> None:
    """Measure and print."""
    table = Table("edit: CPU per committed edit, SQLite NORMAL, 20 lines")
    with tempfile.TemporaryDirectory() as folder:
        floor, ours = Floor(engine(folder, "floor.db")), Multibill(engine(folder, "ours.db"))
        base, spent = by_turns(floor.edits, ours.edits)
        table.row("edit through the public API", spent, base, TARGET)
        table.close()


if __name__ == "__main__":
    main()
