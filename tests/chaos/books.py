"""After the storm: in-doubt calls are asked again, then everything that was noted is held against what is stored."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from decimal import Decimal
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import attrs

from multibill import Invoice, Line, MultibillError, NotFound
from multibill.formats.pdf import PdfRenderer
from tests.chaos.agency import ACTORS, TENANT, VERBS, Office, call, lines, vat_of
from tests.chaos.notes import Call, Ledger

REDRAWN = 10
"""Archived renderings that are drawn once more and compared byte by byte; all others by their digest."""

STATES = {"draft": "draft", "submit": "submitted", "approve": "approved", "issue": "issued"}
"""The last call of an invoice's life -> the state it must show."""

KEYED = "SELECT 1 FROM multibill_key WHERE tenant = ? AND verb = 'draft' AND text = ?"
RENDERED = "SELECT 1 FROM multibill_record WHERE tenant = ? AND kind = 'rendering' AND id = ?"
REQUESTED = "SELECT 1 FROM multibill_changeset WHERE tenant = ? AND actor = ? AND request_id = ?"


class File:
    """The SQLite file, seen without the library."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def rows(self, sql: str, *values: str) -> list[tuple]:
        """The rows of one statement."""
        with closing(sqlite3.connect(self._path)) as connection:
            return connection.execute(sql, values).fetchall()

    def position(self) -> int:
        """Where the tenant's journal stands."""
        found = self.rows("SELECT position FROM multibill_head WHERE tenant = ?", TENANT)
        return int(found[0][0])

    def stands(self, verb: str, name: str, id: str) -> int:
        """How many rows bear witness that the call was carried out: 0 or, if all is well, 1."""
        if verb == "draft":
            return len(self.rows(KEYED, TENANT, name))
        if verb == "archive":
            return len(self.rows(RENDERED, TENANT, f"{id}.pdf"))
        return len(self.rows(REQUESTED, TENANT, ACTORS[verb], f"{name}:{verb}"))


@attrs.define
class Resolved:
    """What became of the in-doubt calls: stood already, or were carried out by being asked again."""

    stood: int = 0
    made: int = 0
    problems: list[str] = attrs.field(factory=list)


def resolve(office: Office, file: File, ledger: Ledger) -> Resolved:
    """Ask every in-doubt call again, twice: it is answered from what stands, or carried out once."""
    done = Resolved()
    for verb, name in ledger.doubtful:
        try:
            _ask_again(office, file, ledger, (verb, name), done)
        except MultibillError as error:
            done.problems.append(f"{verb} {name}: asked again, it says {error!r}")
    return done


def _ask_again(office: Office, file: File, ledger: Ledger, asked: Call, done: Resolved) -> None:
    (verb, name), id = asked, ledger.asked[asked]
    stood, before = file.stands(verb, name, id), file.position()
    first = call(office, verb, name, id)
    between = file.position()
    again = call(office, verb, name, id)
    if (first, between) != (again, file.position()):
        done.problems.append(f"{verb} {name}: answered {first}, then {again}")
    if between - before != 1 - stood:
        done.problems.append(f"{verb} {name}: {stood} stood, {between - before} were made")
    done.stood += stood
    done.made += between - before
    ledger.answers[asked].add(first)


def audited(office: Office, file: File, ledger: Ledger, founded: int) -> list[str]:
    """Everything that is not as it should be; ``founded`` is where the journal stood before the first call."""
    documents = dict(_documents(office, ledger))
    return [
        *_answers(ledger),
        *_numbers(file, documents),
        *_acknowledged(ledger, documents),
        *_once(file, ledger, founded),
        *_whole(ledger, documents),
        *_archived(file, ledger, documents),
        *_proved(office, file),
    ]


def _documents(office: Office, ledger: Ledger) -> Iterator[tuple[str, Invoice]]:
    """What stands of every draft that was answered, by name; one that is not there is lost."""
    for (verb, name), ids in ledger.answers.items():
        if verb == "draft":
            try:
                yield name, office.bob.invoices.get(min(ids))
            except NotFound:
                continue


def _answers(ledger: Ledger) -> Iterator[str]:
    for (verb, name), found in ledger.answers.items():
        if len(found) > 1:
            yield f"{verb} {name} was answered in two ways: {sorted(found)}"


def _numbers(file: File, documents: dict[str, Invoice]) -> Iterator[str]:
    """1 to n, each once, and every one of them on a document that somebody asked for."""
    sql = "SELECT number FROM multibill_document WHERE number IS NOT NULL ORDER BY number"
    stored = [number for (number,) in file.rows(sql)]
    due = [f"F2026-{n:05}" for n in range(1, len(stored) + 1)]
    if stored != due:
        doubled = [number for number, times in Counter(stored).items() if times > 1]
        yield f"numbers: missing {sorted({*due} - {*stored})[:5]}, doubled {doubled[:5]}"
    asked = sorted(document.number for document in documents.values() if document.number)
    if stored != asked:
        yield f"numbers on documents that nobody asked for: {sorted({*stored} - {*asked})[:5]}"
    ((count,),) = file.rows("SELECT count(*) FROM multibill_document")
    if count != len({document.id for document in documents.values()}):
        yield f"{count} documents are stored, {len(documents)} were asked for"


def _acknowledged(ledger: Ledger, documents: dict[str, Invoice]) -> Iterator[str]:
    """Whatever a user was told is so."""
    for (verb, name), found in ledger.answers.items():
        document = documents.get(name)
        told = min(found)
        if document is None:
            yield f"{verb} {name} was answered, its draft is lost"
        elif verb == "issue" and document.number != told:
            yield f"{name} was told {told}, it bears {document.number}"
        elif verb not in {"archive", "issue"} and document.id != told:
            yield f"{verb} {name} was told {told}, its id is {document.id}"


def _once(file: File, ledger: Ledger, founded: int) -> Iterator[str]:
    """The journal holds one entry for each call, at positions without holes, and nothing else."""
    sql = "SELECT position FROM multibill_changeset WHERE tenant = ? ORDER BY position"
    positions = [position for (position,) in file.rows(sql, TENANT)]
    if positions != list(range(1, len(positions) + 1)) or positions[-1] != file.position():
        holes = [left for left, right in pairwise(positions) if right != left + 1]
        yield f"positions end at {positions[-1]}, the head at {file.position()}; holes after {holes[:5]}"
    if len(positions) != founded + len(ledger.asked):
        yield f"{len(positions) - founded} entries for {len(ledger.asked)} calls"
    for (verb, name), about in ledger.asked.items():
        if (times := file.stands(verb, name, about)) != 1:
            yield f"{verb} {name} stands {times} times"


def _whole(ledger: Ledger, documents: dict[str, Invoice]) -> Iterator[str]:
    """Each document has all of its lines, its state, and when issued its totals, dates and mentions."""
    for name, document in documents.items():
        last = [verb for verb in VERBS if verb in STATES and (verb, name) in ledger.answers][-1]
        if document.state != STATES[last]:
            yield f"{name} is {document.state} after {last}"
        if _said(document.lines) != _said(lines(name)):
            yield f"{name} has other lines than were drafted"
        totals, vat = document.totals, vat_of(name)
        assert totals is not None
        rows = {row.rate: (row.taxable.amount, row.tax.amount) for row in totals.breakdown}
        if rows != vat:
            yield f"{name}: the VAT does not follow from the lines"
        gross = sum((net + tax for net, tax in vat.values()), Decimal(0))
        if totals.payable.amount != gross:
            yield f"{name}: {totals.payable} is to be paid where {gross} is due"
        if document.number and not (
            document.issue_date and document.due_date and document.mentions
        ):
            yield f"{name} was issued half-written"


def _said(found: Iterable[Line]) -> list[tuple]:
    return [(line.name, line.quantity, line.unit, line.unit_price, line.vat) for line in found]


def _archived(file: File, ledger: Ledger, documents: dict[str, Invoice]) -> Iterator[str]:
    """Every rendering that was handed out is archived, byte for byte; drawing it again gives the same."""
    blobs = dict(file.rows("SELECT key, data FROM multibill_blob WHERE tenant = ?", TENANT))
    told = {
        name: min(found)
        for (verb, name), found in ledger.answers.items()
        if verb == "archive" and name in documents
    }
    for name, digest in told.items():
        data = blobs.pop(f"{documents[name].id}.pdf", b"")
        if sha256(data).hexdigest() != digest:
            yield f"{name}: the archived bytes are not those that were handed out"
    if blobs:
        yield f"{len(blobs)} archived renderings that nobody asked for"
    for name in sorted(told)[:REDRAWN]:
        again = PdfRenderer().render(documents[name])
        if sha256(again).hexdigest() != told[name]:
            yield f"{name}: drawing it again gives other bytes"


def _proved(office: Office, file: File) -> Iterator[str]:
    report = office.bob.audit.verify()
    if not report:
        yield from map(str, report.faults)
    ((said,),) = file.rows("PRAGMA integrity_check")
    if said != "ok":
        yield f"PRAGMA integrity_check: {said}"


def doubted(ledger: Ledger) -> list[Call]:
    """Calls that a writer died in and another one asked again while the storm went on."""
    return [call for call, times in ledger.times.items() if times > 1]
