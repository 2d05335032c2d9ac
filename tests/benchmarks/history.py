"""The past of an invoice against a bare patch log: SQLite, WAL and NORMAL on both sides, CPU.

The work: an invoice of 20 lines, 50 single-field edits, each committed on its own; then read the whole history, make
version 25 again, compare version 10 with version 40. The floor keeps one JSON patch row an edit through SQLAlchemy
Core, without current state, rights, totals or proof. Every answer of ours is checked before it is measured.
"""

from __future__ import annotations

import copy
import json
import tempfile
from collections.abc import Callable
from typing import Any

import attrs
import edit
from _table import Table, by_turns
from edit import EDITS, LINES, engine, path, value
from sqlalchemy import Engine, select, text

from multibill import Actor, Billing, presets
from multibill.collaboration import rebase
from multibill.history import GENESIS, Change, Changeset, diff, link
from multibill.history.chain import leaf
from multibill.storage.sql import SqlStorage

REPEATS = 10
VERIFIED = 150_000
"""Changesets a second whose proof is to be verified."""
Tree = dict[str, Any]


class Floor(edit.Floor):
    """The patch log, read back: history, an old version, the difference of two."""

    def __init__(self, made: Engine) -> None:
        super().__init__(made)
        self.created = 1000

    def create(self) -> int:
        """New documents, one row each."""
        for _ in range(edit.INVOICES):
            self.created += 1
            values = {"id": self.created, "body": json.dumps(body())}
            with self.engine.begin() as connection:
                connection.execute(self.document.insert(), values)
        return edit.INVOICES

    def fill(self) -> None:
        """The document that is read back, with its 50 patches."""
        with self.engine.begin() as connection:
            connection.execute(self.document.insert(), {"id": 0, "body": json.dumps(body())})
        for version in range(EDITS):
            patch = [
                {"op": "replace", "path": path(version), "old": "1", "value": value(version, 1)}
            ]
            row = {"doc_id": 0, "version": version + 1, "actor": "ann", "at": "2026-11-30T10:00:00"}
            with self.engine.begin() as connection:
                connection.execute(self.change.insert(), {**row, "patch": json.dumps(patch)})

    def rows(self, first: int, last: int) -> Any:
        """The patches after a version up to another one."""
        t = self.change.c
        asked = select(t.version, t.actor, t.at, t.patch).where(
            t.doc_id == 0, t.version > first, t.version <= last
        )
        with self.engine.connect() as connection:
            return connection.execute(asked.order_by(t.version)).all()

    def history(self) -> list[Any]:
        """Version, path, before and after of each edit."""
        return [
            (row.version, op["path"], op["old"], op["value"])
            for row in self.rows(0, EDITS)
            for op in json.loads(row.patch)
        ]

    def at(self, version: int) -> Tree:
        """The whole document at a version."""
        asked = select(self.document.c.body).where(self.document.c.id == 0)
        with self.engine.connect() as connection:
            found: Tree = json.loads(connection.execute(asked).scalar_one())
        for row in self.rows(0, version):
            for op in json.loads(row.patch):
                *above, name = op["path"].split("/")[1:]
                there = found
                for step in above:
                    there = there[step]
                there[name] = op["value"]
        return found

    def diff(self, first: int, last: int) -> Tree:
        """The net changes between two versions."""
        net: Tree = {}
        for row in self.rows(first, last):
            for op in json.loads(row.patch):
                known = net.get(op["path"])
                net[op["path"]] = (known[0] if known else op["old"], op["value"])
        return {name: pair for name, pair in net.items() if pair[0] != pair[1]}


class Multibill(edit.Multibill):
    """The same through ``ws.invoices``."""

    def __init__(self, made: Engine) -> None:
        super().__init__(made)
        self.engine = made
        self.storage = SqlStorage(made)
        billing = Billing(made, policy=presets.agency())
        self.auditor = billing.workspace("t42", actor=Actor("bob", roles={"manager"}))
        first = self.drafts[0]
        self.told = {"lines": first.lines, "notes": first.notes}
        self.id = first.id
        self.versions = {first.version: first}

    def create(self) -> int:
        """New drafts."""
        lines = [attrs.evolve(line, order=None) for line in self.told["lines"]]
        for _ in range(edit.INVOICES):
            self.ws.invoices.draft(
                seller="studio", buyer="acme", lines=lines, notes=self.told["notes"]
            )
        return edit.INVOICES

    def fill(self) -> None:
        """The draft that is read back, with its 50 edits."""
        for number in range(EDITS):
            changes = {path(number): value(number, 1)}
            saved = self.ws.invoices.edit(self.id, base=number + 1, changes=changes)
            self.versions[saved.document.version] = self.drafts[0] = saved.document

    def history(self) -> list[Any]:
        """Version, path, before and after of each edit."""
        return [
            (event.version, change.path, change.before, change.after)
            for event in self.ws.invoices.history(self.id)
            for change in event.changes
        ]

    def at(self, version: int) -> Any:
        """The whole invoice at a version."""
        return self.ws.invoices.history(self.id).at(version=version)

    def diff(self, first: int, last: int) -> Any:
        """The net changes between two versions."""
        return self.ws.invoices.history(self.id).diff(first, last)

    def journal(self) -> list[Changeset]:
        """Everything that was written."""
        with self.storage.unit("t42", write=False) as uow:
            return list(uow.journal())

    def audit(self) -> int:
        """Proofs, replay, projections and counters; how many changesets."""
        report = self.auditor.audit.verify()
        assert report
        return report.positions

    def check(self) -> None:
        """Every answer is right."""
        assert len(self.history()) == EDITS + 1
        for version, document in self.versions.items():
            assert document == self.at(version), version
        (old, new), net = (self.at(11), self.at(41)), list(self.diff(11, 41))
        assert {change.path for change in net} == {path(n) for n in range(10, 40)}
        assert old.lines != new.lines


def proved(entries: list[Changeset]) -> int:
    """The link of each entry computed once more."""
    for entry in entries:
        link(GENESIS, leaf(entry, entry.position))
    return len(entries)


def body() -> Tree:
    """A document of 20 lines as the floor keeps it."""
    line = {"unit_price": "100.50", "vat": {"category": "S", "rate": "20"}, "quantity": "1"}
    lines = {f"l{n}": {**line, "name": f"Prestation {n} du mois"} for n in range(LINES)}
    head = {"currency": "EUR", "due_date": "2026-12-30", "buyer": {"name": "Acme SAS"}}
    return {**head, "notes": {"n": {"text": "Merci de votre confiance"}}, "lines": lines}


def long(lines: int) -> Tree:
    """A body of many lines."""
    made = body()
    one = made["lines"]["l0"]
    made["lines"] = {f"l{n}": {**one, "name": f"Prestation {n}"} for n in range(lines)}
    return made


def two() -> tuple[Tree, Tree]:
    """Two bodies of 200 lines: 21 fields changed, a line new, one gone."""
    old = long(200)
    new = copy.deepcopy(old)
    for n in range(0, 200, 20):
        new["lines"][f"l{n}"] |= {"quantity": "99", "name": f"Prestation {n} bis"}
    new["notes"]["n"]["text"] = "autre"
    new["lines"]["new"] = {**old["lines"]["l1"], "name": "Acompte"}
    del new["lines"]["l121"]
    return old, new


def changes(first: int) -> list[Change]:
    """A hundred single-field edits of a document of 200 lines."""
    return [Change(f"/lines/l{n}/quantity", "1", f"{n}") for n in range(first, first + 100)]


def size(made: Engine) -> int:
    """Bytes of the database once its log is written back."""
    with made.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        return int(pages * connection.execute(text("PRAGMA page_size")).scalar_one())


def often(work: Callable[[], object], times: int = REPEATS) -> Callable[[], int]:
    """The work so many times."""

    def turns() -> int:
        for _ in range(times):
            work()
        return times

    return turns


def main() -> None:
    """Measure and print."""
    table = Table("history: CPU, SQLite NORMAL, 20 lines, 50 edits")
    with tempfile.TemporaryDirectory() as folder:
        floor, ours = Floor(engine(folder, "floor.db")), Multibill(engine(folder, "ours.db"))
        floor.fill()
        ours.fill()
        ours.check()
        for name, target, work in (
            ("create", 5.0, lambda side: side.create),
            ("history of 50 edits", 1.3, lambda side: often(side.history)),
            ("version 25", 1.3, lambda side: often(lambda: side.at(25))),
            ("diff of 10 and 40", 1.3, lambda side: often(lambda: side.diff(10, 40))),
            ("edit", 8.0, lambda side: side.edits),
        ):
            base, spent = by_turns(work(floor), work(ours))
            table.row(name, spent, base, target)
        before, done = size(ours.engine), ours.edits()
        entries = [entry for entry in ours.journal() if entry.action == "edit"]
        (spent,) = by_turns(lambda: proved(entries))
        table.row("proof of an edit, limit 6.7 us", spent, 1e6 / VERIFIED, 1.0)
        (spent,) = by_turns(ours.audit)
        table.row("whole audit, a changeset", spent, 1e6 / VERIFIED, None)
        table.row("bytes an edit, limit 220", (size(ours.engine) - before) / done, 220, 1.0)
    old, new = two()
    (spent,) = by_turns(often(lambda: diff(old, new, {"lines", "notes"}), 200))
    table.row("diff of two 200-line invoices, limit 400 us", spent, 400, 1.0)
    mine, theirs = changes(0), changes(100)
    (spent,) = by_turns(often(lambda: rebase(mine, theirs, lambda name: name), 20))
    table.row("rebase of 100 edits over 100, limit 8000 us", spent, 8000, 1.0)
    table.close()


if __name__ == "__main__":
    main()
