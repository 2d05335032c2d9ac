"""Replay: the journal read forward into the rows that every table should hold. Pure; compares nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from multibill.codec import Tree
from multibill.documents import Document
from multibill.documents.complete import completed
from multibill.errors import MultibillError
from multibill.history import Changeset, apply, at
from multibill.model import replaced
from multibill.numbering import Counter, Pattern
from multibill.ports import Row
from multibill.records import Record
from multibill.settlement import Settlement, standing
from multibill.workflow import Review, material_digest
from multibill.workspace.conflicts import KIND as CONFLICT, KeptChange, kept_of
from multibill.workspace.desk import Desk
from multibill.workspace.issuing import SERIES
from multibill.workspace.kinds import Kind, summary, vat_rows
from multibill.workspace.revising import review_of


class Replay:
    """The state of a tenant as its journal tells it, one changeset after the other."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.bodies: dict[tuple[str, str], Tree] = {}
        self.versions: dict[tuple[str, str], int] = {}
        self.about: dict[tuple[str, str], str] = {}
        self.authors: set[tuple[str, str]] = set()
        self.keys: dict[tuple[str, str], tuple[str, str]] = {}
        self.counters: dict[Counter, tuple[int, date]] = {}
        self._made: tuple[str, int] | None = None

    def take(self, entry: Changeset) -> Iterator[str]:
        """Apply one changeset; what in it contradicts the entries before."""
        key = (entry.kind, entry.record)
        before = self.bodies.get(key)
        if entry.version != self.versions.get(key, 0) + 1:
            yield f"{entry.kind} {entry.record} jumps to version {entry.version}"
        for change in entry.changes:
            if at(before, change.path) != change.before:
                yield f"{change.path or 'the record'} was not what the entry says it was before"
        try:
            self.bodies[key] = apply(before, entry.changes) or {}
        except (TypeError, AttributeError):
            yield "its changes cannot be applied"
            return
        self.versions[key], self.about[key] = entry.version, entry.about
        kind = self._desk.kinds.get(entry.kind)
        if kind is not None and issubclass(kind.cls, Document):
            yield from self._document(kind, entry, self.bodies[key])
        elif entry.kind == CONFLICT and entry.action == "accept":
            self._accepted(entry.about, kept_of(Record(*key, entry.version, self.bodies[key], {})))

    def _document(self, kind: Kind, entry: Changeset, body: Tree) -> Iterator[str]:
        draft = body["phase"] == "draft"
        if draft and any(kind.material(change.path) for change in entry.changes):
            self.authors |= {(entry.record, person) for person in entry.persons}
            self._made = entry.record, entry.version
        if entry.action == "draft" and "key" in body:
            self.keys["draft", body["key"]] = (entry.record, entry.fingerprint or "")
        if entry.action == "issue":
            yield from self._number(kind, body)

    def _accepted(self, document: str, kept: KeptChange) -> None:
        """Who made the accepted change is an author of the version that has it, beside who accepted it."""
        if self._made == (document, kept.applied):
            self.authors |= {(document, person) for person in kept.persons}

    def _number(self, kind: Kind, body: Tree) -> Iterator[str]:
        """The next number of its series, by the pattern the seller had then."""
        try:
            seller = body["seller_ref"]
            day = date.fromisoformat(body["issue_date"])
            pattern = Pattern(self.bodies["seller", seller]["series"][kind.name])
        except (KeyError, ValueError, MultibillError) as error:
            yield f"its number cannot be checked: {error}"
            return
        counter = Counter(seller, kind.name, SERIES, pattern.period(day))
        n, last = self.counters.get(counter, (1, day))
        self.counters[counter] = (n + 1, day)
        if body.get("number") != pattern.number(n, day):
            yield f"number {body.get('number')} stands where {pattern.number(n, day)} was due"
        if day < last:
            yield f"{body.get('number')} is dated before the number it follows"

    def expected(self, table: str) -> Iterator[Row]:
        """The rows that a table should hold."""
        if table == "record":
            yield from map(self._record_row, self.bodies)
        elif table == "author":
            yield from ({"document": d, "person": p} for d, p in self.authors)
        elif table == "key":
            for (verb, text), (record, found) in self.keys.items():
                yield {"verb": verb, "text": text, "record": record, "fingerprint": found}
        elif table == "counter":
            for key, (n, last) in self.counters.items():
                yield {
                    "seller": key.seller,
                    "kind": key.kind,
                    "series": key.series,
                    "period": key.period,
                    "next": n,
                    "last": last,
                }
        elif table == "custom":
            yield from self._custom_rows()
        else:
            yield from self._document_rows(table)

    def _record_row(self, key: tuple[str, str]) -> Row:
        kind = self._desk.kinds.get(key[0])
        body = self.bodies[key]
        version = self.versions[key]
        record = kind.record(key[1], version, body) if kind else Record(*key, version, body, {})
        return {
            "kind": key[0],
            "id": key[1],
            "version": version,
            "about": self.about[key],
            "content": record.content,
            "envelope": record.envelope,
        }

    def _custom_rows(self) -> Iterator[Row]:
        for (name, id), body in self.bodies.items():
            if kind := self._desk.kinds.get(name):
                for field in kind.indexed(body):
                    value = body["custom"][field]
                    yield {"kind": name, "record": id, "name": field, "value": value}

    def _document_rows(self, table: str) -> Iterator[Row]:
        reviews = defaultdict(list)
        authors: dict[str, set[str]] = defaultdict(set)
        for document, person in self.authors:
            authors[document].add(person)
        for (name, id), body in self.bodies.items():
            if name == "review":
                reviews[body["document"]].append(review_of(Record(name, id, 1, body, {})))
        for (name, id), body in self.bodies.items():
            kind = self._desk.kinds.get(name)
            if kind is not None and issubclass(kind.cls, Document):
                record = kind.record(id, self.versions[name, id], body)
                state = self._state(kind, record, reviews[id], frozenset(authors[id]))
                yield from self._rows_of(table, kind, record, state)

    def _state(
        self, kind: Kind, record: Record, reviews: list[Review], authors: frozenset[str]
    ) -> str:
        base: str = record.envelope["state"]
        since = record.envelope["since"]
        if record.envelope["phase"] != "draft":
            return base
        digest = material_digest(record.content, kind.map)
        return self._desk.workflow.state(base, since, digest, reviews, authors)

    def _rows_of(self, table: str, kind: Kind, record: Record, state: str) -> Iterator[Row]:
        document = self._shown(kind, record)
        if table == "vat":
            if document.phase != "issued":
                return
            yield from ({"document": record.id, **row} for row in vat_rows(document))
            return
        yield summary(document, state)

    def _shown(self, kind: Kind, record: Record) -> Document:
        document: Document = kind.stored(record, state=record.envelope["state"])
        if document.phase != "issued":
            return completed(document, self._desk.today())
        body = self.bodies.get(("settlement", record.id))
        state, due = standing(document, Settlement.of(body) if body else None)
        return replaced(document, settlement=state, due=due)
