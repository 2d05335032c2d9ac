"""From journal entries to what one actor may see of them; a stretch of the journal, proved to be whole."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import attrs

from multibill.clock import instant_text
from multibill.documents import KINDS as DOCUMENTS, Document
from multibill.errors import InvalidDefinition, InvalidValue, Tampered
from multibill.history import Change, Changeset
from multibill.model import model_map
from multibill.permissions import Sight
from multibill.ports import Row, UnitOfWork
from multibill.query import Expression, check, names
from multibill.query.doc import Doc
from multibill.workspace.desk import Desk
from multibill.workspace.kinds import STAGE
from multibill.workspace.links import LINKS, MONEY, PAID, unlinked
from multibill.workspace.listing import TYPES, selected
from multibill.workspace.past import ATTACHED

BESIDE = frozenset({*ATTACHED, "conflict"})
"""Kinds of record that belong to a document and are seen with it."""

DIGESTS = ("digest", "sha256", "size")
"""What reviews and renderings keep of the whole document: whoever guesses what is hidden could check it by them."""

QUIET = frozenset({*STAGE, *model_map(Document).derived})
"""What verbs and computations write into a document beside what people do to it."""


@attrs.frozen(kw_only=True)
class FeedEvent:
    """One change as its reader may see it: a version of one record, by whom, when, why, and what of it is visible.

    ``about`` is the document (or the register entry, or a payment's customer) that it belongs to. An event without
    ``changes`` says that a change happened, and no more. ``cursor`` is the place right after it.
    """

    cursor: str
    kind: str
    id: str
    about: str
    version: int
    action: str
    actor: str
    on_behalf_of: str | None
    at: datetime
    reason: str | None
    changes: tuple[Change, ...] = attrs.field(repr=False)

    def __str__(self) -> str:
        who = f"{self.actor} for {self.on_behalf_of}" if self.on_behalf_of else self.actor
        why = f" ({self.reason})" if self.reason else ""
        what = f"{self.action} {self.kind.replace('_', ' ')} "
        what += f"of {self.about}" if self.kind in BESIDE else self.id
        return f"{self.at:%Y-%m-%d %H:%M} {who}: {what}{why}{self._detail()}"

    def _detail(self) -> str:
        told = () if self.kind in BESIDE else self.changes
        return "".join(
            f"\n    {c.path}: {_shown(c.before)} -> {_shown(c.after)}"
            for c in told
            if c.path and c.path.split("/")[1] not in QUIET
        )

    @property
    def tree(self) -> dict[str, Any]:
        """The event as plain values, for JSON: an instant as text, each change as ``[path, before, after]``."""
        plain = attrs.asdict(self, recurse=False)
        changes = [[change.path, change.before, change.after] for change in self.changes]
        return {**plain, "at": instant_text(self.at), "changes": changes}


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return f"{len(value)} fields"
    return "nothing" if value is None else str(value)


@attrs.frozen
class Stretch:
    """Some events with their positions, where the stretch ends, and whether the journal ended there too."""

    events: tuple[tuple[int, FeedEvent], ...]
    position: int
    last: bool


@attrs.frozen
class Sieve:
    """What a reader asked for: kinds of record, and conditions on the document an event is about."""

    kinds: frozenset[str] | None
    conditions: tuple[Expression, ...]
    documents: tuple[str, ...]

    @classmethod
    def of(
        cls,
        desk: Desk,
        conditions: Collection[Expression] = (),
        kinds: Collection[str] | str | None = None,
    ) -> Sieve:
        """The sieve; InvalidDefinition for a condition that no kind of document has the fields for."""
        wanted = None if kinds is None else frozenset({kinds} if isinstance(kinds, str) else kinds)
        known = {*desk.kinds, *BESIDE, *MONEY, "policy"}
        if unknown := sorted((wanted or frozenset()) - known):
            raise InvalidValue(f"no kind {unknown[0]!r}; one of {', '.join(sorted(known))}")
        return cls(wanted, tuple(conditions), _suiting(desk, conditions))

    def seen(
        self, desk: Desk, uow: UnitOfWork, entries: Sequence[Changeset]
    ) -> Iterator[tuple[int, FeedEvent]]:
        """The entries that the actor may see, each as far as the actor sees it; one query a kind of document."""
        asked = [e for e in entries if self.kinds is None or e.kind in self.kinds]
        view = View(desk, uow, self._rows(desk, uow, asked), _linked_rows(desk, uow, asked))
        for entry in asked:
            if view.shows(entry, only_documents=bool(self.conditions)):
                yield entry.position, _event(entry, view.changes(entry))

    def _rows(self, desk: Desk, uow: UnitOfWork, entries: Sequence[Changeset]) -> dict[str, Row]:
        beside = {entry.about for entry in entries if entry.kind in BESIDE}
        found: dict[str, Row] = {}
        for kind in self.documents:
            ids = {entry.about for entry in entries if entry.kind == kind}
            ids |= beside - found.keys()
            found |= _readable(desk, uow, kind, ids, self.conditions)
        return found


def _suiting(desk: Desk, conditions: Collection[Expression]) -> tuple[str, ...]:
    """The kinds of document that have every custom field that the conditions name."""
    refused = None
    found = []
    for kind in DOCUMENTS:
        types = {name: TYPES[type] for name, type in desk.kinds[kind].indexed_types.items()}
        try:
            for condition in conditions:
                check(condition, types)
        except InvalidDefinition as error:
            refused = error
        else:
            found.append(kind)
    if refused is not None and not found:
        raise refused
    return tuple(found)


@attrs.frozen
class View:
    """What one actor sees of a few entries: the documents that may be read now, by id, with their summary rows."""

    desk: Desk
    uow: UnitOfWork
    rows: Mapping[str, Row]
    linked: Collection[str]

    def shows(self, entry: Changeset, *, only_documents: bool) -> bool:
        """Whether the actor may know of the entry."""
        if entry.kind in DOCUMENTS or entry.kind in BESIDE:
            return entry.about in self.rows
        if only_documents:
            return False
        if entry.kind == "policy":
            return self.desk.rights.allows("verify", "journal", {})
        of = "payment" if entry.kind in MONEY else entry.kind
        return self.desk.rights.allows("read", of, {})

    def changes(self, entry: Changeset) -> tuple[Change, ...]:
        """What the actor sees of an entry's changes."""
        if entry.kind in DOCUMENTS:
            return self._sight(entry).changes(entry.changes)
        changes = entry.changes
        if entry.kind in BESIDE:
            changes = _beside(entry, self._sight(entry))
        if entry.kind in LINKS:
            changes = tuple(unlinked(changes, self._hidden(LINKS[entry.kind])))
        return changes

    def _sight(self, entry: Changeset) -> Sight:
        row = self.rows[entry.about]
        kind = self.desk.kinds[row["kind"]]
        if any("authors" in names(veil.when) for veil in self.desk.rights.veils):
            loaded = self.uow.load(kind.name, entry.about, {"authors"})
            row = {**row, "authors": loaded.row["authors"] if loaded else frozenset()}
        return self.desk.sight(kind, row)

    def _hidden(self, heads: Collection[str]) -> Callable[[str, str], bool]:
        pays = self.desk.rights.allows("read", "payment", {})

        def hidden(head: str, id: str) -> bool:
            return head in heads and not (pays if head in PAID else id in self.linked)

        return hidden


def _beside(entry: Changeset, sight: Sight) -> tuple[Change, ...]:
    """What is seen of a record beside its document: no finding on what is covered, no digest that proves a guess.

    A kept conflict holds values of the document, under names that no veil knows: of it, that it happened.
    """
    if sight.clear:
        return entry.changes
    if entry.kind == "conflict":
        return ()
    return tuple(
        Change(c.path, _uncovered(c.before, sight), _uncovered(c.after, sight))
        for c in entry.changes
    )


def _uncovered(value: Any, sight: Sight) -> Any:
    if not isinstance(value, dict):
        return value
    kept = {name: item for name, item in value.items() if name not in DIGESTS}
    if "findings" in kept:
        kept["findings"] = [each for each in kept["findings"] if not sight.covers(each["path"])]
    return kept


def _linked_rows(desk: Desk, uow: UnitOfWork, entries: Sequence[Changeset]) -> frozenset[str]:
    """Those documents that payments and settlements name and that the actor may read."""
    ids = set[str]()
    for entry in entries:
        if entry.kind in LINKS:
            ids |= _named(entry.changes, LINKS[entry.kind] - PAID)
    found = set[str]()
    for kind in DOCUMENTS:
        found |= _readable(desk, uow, kind, ids - found).keys()
    return frozenset(found)


def _readable(
    desk: Desk,
    uow: UnitOfWork,
    kind: str,
    ids: Collection[str],
    conditions: Collection[Expression] = (),
) -> dict[str, Row]:
    if not ids:
        return {}
    _, found = selected(desk, uow, kind, Doc.id.in_(ids), *conditions)
    return {row.values["id"]: row.values for row in found}


def _named(changes: Iterable[Change], heads: Collection[str]) -> set[str]:
    """The ids below these maps, whether a change is of the record, of the map or of one item."""
    found = set[str]()

    def note(head: str, id: str) -> bool:
        if head in heads:
            found.add(id)
        return False

    for _ in unlinked(changes, note):
        continue
    return found


def stretch(desk: Desk, uow: UnitOfWork, sieve: Sieve, after: int, limit: int) -> Stretch:
    """What follows a position: at most so many entries, sifted.

    Raises Tampered when a position is missing, InvalidValue for a place that this journal has not reached.
    """
    head, _ = uow.head() or (0, b"")
    if after > head:
        raise InvalidValue("this cursor lies beyond the journal; is this an older copy of it?")
    entries = list(uow.journal(after, limit=limit)) if after < head else []
    for expected, entry in enumerate(entries, after + 1):
        if entry.position != expected:
            raise _hole(expected)
    end = after + len(entries)
    last = len(entries) < limit
    if last and end < head:
        raise _hole(end + 1)
    return Stretch(tuple(sieve.seen(desk, uow, entries)), end, last)


def _hole(position: int) -> Tampered:
    return Tampered("the journal has a hole; run the audit", path=f"position {position}")


def _event(entry: Changeset, changes: tuple[Change, ...]) -> FeedEvent:
    return FeedEvent(
        cursor=cursor_at(entry.tenant, entry.position),
        kind=entry.kind,
        id=entry.record,
        about=entry.about,
        version=entry.version,
        action=entry.action,
        actor=entry.actor,
        on_behalf_of=entry.on_behalf_of,
        at=entry.recorded_at,
        reason=entry.reason,
        changes=changes,
    )


def cursor_at(tenant: str, position: int) -> str:
    """The opaque text of a place in a tenant's journal; half of it tells it from any other text, and tenant."""
    place = position.to_bytes(8, "big")
    mark = hashlib.sha256(b"feed\x00" + tenant.encode() + b"\x00" + place).digest()[:8]
    return base64.urlsafe_b64encode(place + mark).decode().rstrip("=")


def position_of(tenant: str, cursor: str | None) -> int:
    """The place; 0 for None. InvalidValue for a text that is none of this tenant's cursors."""
    if cursor is None:
        return 0
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except (ValueError, TypeError, AttributeError, binascii.Error):
        raw = b""
    position = int.from_bytes(raw[:8], "big")
    if cursor != cursor_at(tenant, position):
        raise InvalidValue("this is no cursor of this tenant's feed; take event.cursor")
    return position
