"""The audit: the journal's proofs hold, and everything stored is what the journal says. The first lie is named.

Everything is derived once more by replay and compared with the stored rows of each table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping

import attrs

from multibill.codec import Tree
from multibill.documents import KINDS
from multibill.errors import MultibillError, Tampered
from multibill.history import GENESIS, Changeset, link
from multibill.history.chain import FORMAT, leaf
from multibill.ports import Row, UnitOfWork
from multibill.workspace.desk import Desk
from multibill.workspace.files import blob_of
from multibill.workspace.replay import Replay

Progress = Callable[[int, int], None]

LIMIT = 100
"""Faults that a report lists at most; the first is what matters."""

LOWEST = -(2**63)

UNREADABLE = (MultibillError, LookupError, ValueError, TypeError, AttributeError, ArithmeticError)
"""What reading altered values may raise: an audit reports it and goes on."""

IDENTITY: Mapping[str, tuple[str, ...]] = {
    "record": ("kind", "id"),
    "summary": ("id",),
    "vat": ("document", "row"),
    "author": ("document", "person"),
    "custom": ("kind", "record", "name"),
    "key": ("verb", "text"),
    "counter": ("seller", "kind", "series", "period"),
}


@attrs.frozen
class Fault:
    """One thing that is not as the journal says: the table, the row, what is wrong."""

    table: str
    row: str
    message: str

    def __str__(self) -> str:
        return f"{self.table} {self.row}: {self.message}"


@attrs.frozen
class Report:
    """What the audit saw; true when nothing is wrong."""

    positions: int
    records: int
    faults: tuple[Fault, ...]

    def __bool__(self) -> bool:
        return not self.faults

    def __str__(self) -> str:
        seen = f"{self.positions} changesets and {self.records} records verified"
        return f"{seen}: all true" if self else f"{seen}: {self.faults[0]}"


class Audit:
    """``ws.audit.verify()``: proofs, replay, projections, counters and archived bytes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def verify(self, progress: Progress | None = None) -> Report:
        """The report on this tenant.

        Args:
            progress: called with (changesets done, changesets in all) now and then.

        Raises Denied when the actor may not verify.
        """
        self._desk.require("verify", "journal", {}, "the journal")
        try:
            return self._desk.read(lambda uow: _verify(self._desk, uow, progress or _silent))
        except Tampered as error:
            return Report(0, 0, (Fault("database", error.path or "", error.message),))


def _silent(*_: int) -> None:
    """No progress is shown unless somebody asks."""


def _verify(desk: Desk, uow: UnitOfWork, progress: Progress) -> Report:
    position, chain = uow.head() or (0, GENESIS)
    replay = Replay(desk)
    faults: list[Fault] = []
    previous = GENESIS
    done = 0
    for entry in _entries(uow, faults):
        faults += _proof(entry, done + 1, previous)
        faults += _retold(entry, replay)
        previous, done = entry.chain, done + 1
        if len(faults) >= LIMIT:
            return Report(done, len(replay.bodies), tuple(faults[:LIMIT]))
        if done % 1000 == 0:
            progress(done, position)
    if (done, previous) != (position, chain):
        faults.append(
            Fault(
                "head",
                desk.tenant,
                f"stands at position {position}, the journal ends at {done} or otherwise",
            )
        )
    faults += _projections(uow, replay)
    faults += _blobs(desk, uow, replay)
    progress(done, position)
    return Report(done, len(replay.bodies), tuple(faults[:LIMIT]))


def _entries(uow: UnitOfWork, faults: list[Fault]) -> Iterator[Changeset]:
    """The journal, from the lowest position on that a row can have, up to the first row that cannot even be read."""
    try:
        yield from uow.journal(LOWEST)
    except Tampered as error:
        faults.append(Fault("journal", error.path or "", error.message))


def _proof(entry: Changeset, position: int, previous: bytes) -> Iterator[Fault]:
    where = f"position {entry.position}"
    if entry.position != position:
        yield Fault(
            "journal", where, f"position {position} was expected: a row is missing or was put in"
        )
    if entry.format != FORMAT:
        yield Fault("journal", where, f"format {entry.format} is not known to this version")
        return
    try:
        sealed = link(previous, leaf(entry, entry.position))
    except (KeyError, ValueError, TypeError):
        sealed = b""
    if sealed != entry.chain:
        yield Fault(
            "journal", where, "its proof does not hold: this row, or the one before it, was altered"
        )


def _retold(entry: Changeset, replay: Replay) -> Iterator[Fault]:
    where = f"position {entry.position}"
    try:
        yield from (Fault("journal", where, lie) for lie in replay.take(entry))
    except UNREADABLE as error:
        yield Fault("journal", where, f"it cannot be replayed: {error!r}")


def _projections(uow: UnitOfWork, replay: Replay) -> Iterator[Fault]:
    for table, names in IDENTITY.items():
        try:
            stored = {_key(row, names): row for row in uow.rows(table)}
        except UNREADABLE as error:
            yield Fault(table, "", f"a row cannot be read: {error}")
            continue
        try:
            expected = {_key(row, names): row for row in replay.expected(table)}
        except UNREADABLE as error:
            yield Fault("journal", "", f"what it says of the table {table} cannot be: {error!r}")
            continue
        for key in sorted(stored.keys() | expected.keys()):
            yield from _compared(table, key, stored.get(key), expected.get(key))


def _key(row: Row, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in names)


def _compared(
    table: str, key: tuple[str, ...], stored: Row | None, expected: Row | None
) -> Iterator[Fault]:
    where = "/".join(key)
    if stored is None or expected is None:
        yield Fault(table, where, "is missing" if stored is None else "stands in no journal entry")
        return
    for name in sorted(stored.keys() | expected.keys()):
        if stored.get(name) != expected.get(name):
            yield Fault(table, where, f"{name} is not what the journal says")


def _blobs(desk: Desk, uow: UnitOfWork, replay: Replay) -> Iterator[Fault]:
    """Kept bytes that are missing or altered: archived renderings, logos, attachments."""
    for key, digest in sorted(_digests(replay)):
        data = uow.blobs.get(desk.tenant, key)
        if data is None:
            yield Fault("blob", key, "the archived bytes are missing")
        elif hashlib.sha256(data).hexdigest() != digest:
            yield Fault("blob", key, "the archived bytes were altered")


def _digests(replay: Replay) -> set[tuple[str, str]]:
    """Every key of bytes that a record names, with the digest that the bytes should have."""
    found = set()
    for (kind, id), body in replay.bodies.items():
        if kind == "rendering":
            found.add((id, str(body.get("sha256"))))
        files = [{"sha256": body.get("logo")}] if kind == "template" else []
        if kind in KINDS:
            files = [{"sha256": _part(body, "brand").get("logo")}]
            files += [item for item in _part(body, "attachments").values() if type(item) is dict]
        digests = (item.get("sha256") for item in files)
        found |= {(blob_of(digest), digest) for digest in digests if type(digest) is str}
    return found


def _part(body: Tree, name: str) -> Tree:
    """A map in a body that was perhaps altered."""
    found = body.get(name)
    return found if type(found) is dict else {}
