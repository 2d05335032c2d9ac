"""A document as it stood: its content at a version, with the state and the settlement that it had by then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from multibill.codec import Tree
from multibill.documents import Document
from multibill.documents.complete import completed
from multibill.history import Changeset, apply
from multibill.model import replaced
from multibill.permissions import Sight
from multibill.records import Record
from multibill.settlement import Settlement, standing
from multibill.workflow import material_digest
from multibill.workspace.conflicts import KIND as CONFLICT, kept_of
from multibill.workspace.desk import Desk
from multibill.workspace.kinds import Kind
from multibill.workspace.revising import review_of


def earlier(
    desk: Desk, kind: Kind, sight: Sight, record: Record, log: Sequence[Changeset]
) -> Document:
    """The document of an earlier record, as far as it is seen: a draft completed, an issued one as frozen.

    Args:
        log: all that had been written about the document by then; a draft has the mentions of its last day in it.
    """
    state = _state(desk, kind, record, log)
    document: Document = kind.stored(record, state=state)
    seen = document
    if not sight.clear:
        shown = kind.record(record.id, record.version, sight.tree(record.body))
        covered = sight.hidden | sight.masked.keys()
        seen = replaced(kind.stored(shown, state=state), hidden=covered)
    if seen.phase != "issued":
        return completed(seen, _day(record, log))
    settlement, due = standing(document, _settled(log))
    return replaced(seen, settlement=settlement, due=due)


def _day(record: Record, log: Sequence[Changeset]) -> date:
    """When the version was written."""
    return next(e.recorded_at.date() for e in reversed(log) if e.kind == record.kind)


def _state(desk: Desk, kind: Kind, record: Record, log: Sequence[Changeset]) -> str:
    """The state that the document showed, given the reviews and the authors by then."""
    base, since = str(record.envelope["state"]), record.envelope["since"]
    if base != desk.workflow.reviewable or record.envelope["phase"] != "draft":
        return base
    given = (e for e in log if e.kind == "review")
    reviews = [review_of(Record("review", e.record, 1, e.changes[0].after, {})) for e in given]
    digest = material_digest(record.content, kind.map)
    return desk.workflow.state(base, since, digest, reviews, _authors(kind, log))


def _authors(kind: Kind, log: Sequence[Changeset]) -> frozenset[str]:
    """Who had made a material change by then, those among them whose kept change somebody accepted."""
    made = {e.version: e.persons for e in log if e.kind == kind.name and _material(kind, e)}
    kept: dict[str, Tree] = {}
    for entry in log:
        if entry.kind == CONFLICT:
            kept[entry.record] = apply(kept.get(entry.record), entry.changes) or {}
    changes = (kept_of(Record(CONFLICT, id, 1, body, {})) for id, body in kept.items())
    accepted = (each.persons for each in changes if each.applied in made)
    return frozenset[str]().union(*made.values(), *accepted)


def _material(kind: Kind, entry: Changeset) -> bool:
    return any(kind.material(change.path) for change in entry.changes)


def _settled(log: Sequence[Changeset]) -> Settlement | None:
    """The settlement that these entries made."""
    tree: Tree | None = None
    for entry in log:
        if entry.kind == "settlement":
            tree = apply(tree, entry.changes)
    return Settlement.of(tree) if tree else None
