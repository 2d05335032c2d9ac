"""A document's next version, whatever the verb: completed, compared, checked, written. Steps 2 to 7 of the write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from multibill.codec import WIRE, Tree
from multibill.documents import Document
from multibill.documents.complete import completed
from multibill.errors import WrongState
from multibill.history import Change, diff
from multibill.model import replaced
from multibill.ports import Loaded, Projection, Row, UnitOfWork
from multibill.records import Record
from multibill.workflow import Review, material_digest
from multibill.workspace.desk import Call, Desk, known, readable
from multibill.workspace.kinds import SETTLED, STAGE, Kind, summary, vat_rows

NOBODY: frozenset[str] = frozenset()


@attrs.frozen(kw_only=True)
class Revision:
    """A computed next version, not yet allowed and not yet written."""

    kind: Kind
    record: Record
    document: Document
    summary: Row
    changes: tuple[Change, ...]
    material: bool


def stage_of(record: Record) -> Tree:
    """What verbs keep of a document: phase, state of the last transition, the version that entered it."""
    return {name: record.envelope[name] for name in STAGE}


def told(row: Row) -> dict[str, Any]:
    """The facts of a document that its summary row holds: state, settlement, what is due."""
    return {"state": row["state"], **{name: row[name] for name in SETTLED}}


def whole(desk: Desk, record: Record, row: Row) -> Document:
    """The document of a stored record, for verbs to work on: a draft is completed, an issued one is as frozen."""
    document: Document = desk.kinds[record.kind].stored(record, **told(row))
    return document if document.phase == "issued" else completed(document, desk.today())


def present(desk: Desk, record: Record, row: Row) -> Document:
    """The document of a stored record as it is handed out: without what this actor does not see of it."""
    kind = desk.kinds[record.kind]
    sight = desk.sight(kind, row)
    if sight.clear:
        return whole(desk, record, row)
    seen = kind.record(record.id, record.version, sight.tree(record.body))
    return replaced(whole(desk, seen, row), hidden=sight.covered)


def retold(desk: Desk, uow: UnitOfWork, kind: Kind, id: str) -> Document:
    """The answer to a request that was already carried out: what stands now, under today's rights."""
    loaded = readable(desk, uow, kind.name, id)
    return present(desk, loaded.record, loaded.row)


def revision(
    desk: Desk,
    uow: UnitOfWork,
    loaded: Loaded | None,
    document: Document,
    stage: Tree,
    *,
    before: Document | None = None,
) -> Revision:
    """The next version of a document: its stored form, its changes, its summary row.

    Args:
        document: the completed document with its new version.
        stage: the phase, the state of the last transition and the version that entered it.
        before: the loaded document, where the new one was made from it.
    """
    kind = desk.kinds[document.kind]
    stored = loaded.record.body if loaded else None
    shared = stored if before is not None and stored is not None else {}
    body = kind.body(document, before, shared) | stage
    record = kind.record(document.id, document.version, body)
    changes = diff(stored, body, kind.collections)
    draft = stage["phase"] == "draft"
    material = draft and any(kind.material(change.path) for change in changes)
    state = shown_state(desk, uow, record, made_by=desk.actor.persons if material else NOBODY)
    if document.state != state:
        document = replaced(document, state=state)
    return Revision(
        kind=kind,
        record=record,
        document=document,
        summary=summary(document, state),
        changes=changes,
        material=material,
    )


def facts(desk: Desk, loaded: Loaded | None, made: Revision) -> Row:
    """What conditions see of the next version: its summary, its custom fields, its authors."""
    before = loaded.row.get("authors", frozenset()) if loaded else frozenset()
    authors = before | desk.actor.persons if made.material else before
    return {**made.summary, **made.kind.custom_facts(made.record.body), "authors": authors}


def shown_state(
    desk: Desk,
    uow: UnitOfWork,
    record: Record,
    *,
    also: Sequence[Review] = (),
    made_by: frozenset[str] = NOBODY,
) -> str:
    """The state a stored document shows, given its reviews and authors and those about to be written."""
    base: str = record.envelope["state"]
    if base != desk.workflow.reviewable or record.envelope["phase"] != "draft":
        return base
    digest = material_digest(record.content, desk.kinds[record.kind].map)
    reviews = [review_of(found) for found in uow.records("review", about=record.id)]
    stands = uow.load(record.kind, record.id, {"authors"})
    authors = stands.row["authors"] | made_by if stands else made_by
    return desk.workflow.state(base, record.envelope["since"], digest, (*reviews, *also), authors)


def review_of(record: Record) -> Review:
    """The review in a stored record."""
    return WIRE.stored(record.content, Review)


def described(desk: Desk, loaded: Loaded) -> str:
    """How a decision names the document: by its number, or by its id and buyer while the actor sees none."""
    kind, row = loaded.record.kind.replace("_", " "), loaded.row
    sight = desk.sight(desk.kinds[loaded.record.kind], row)
    number = sight.value("/number", row["number"])
    buyer = sight.value("/buyer/name", row["buyer.name"])
    return f"{kind} {number}" if number else f"{kind} {row['id']} for {buyer}"


def allowed(desk: Desk, action: str, loaded: Loaded, made: Revision | None = None) -> None:
    """Step 4 and 5: the actor may do this to the document as it was and as it will be, and the workflow lets it.

    Raises Denied or WrongState.
    """
    name = described(desk, loaded)
    desk.require(action, "document", loaded.row, name)
    if made is not None:
        desk.require(action, "document", facts(desk, loaded, made), name)
    if not desk.workflow.lets(action, loaded.row):
        standing = f"phase {loaded.row['phase']}, state {loaded.row['state']}"
        needed = desk.workflow.guard(action)
        raise WrongState(f"{action} is not possible now ({standing}); it needs {needed}")


def write(desk: Desk, uow: UnitOfWork, made: Revision, call: Call) -> Document:
    """Step 7 for a document: body, projections, journal entry; the new document as it is handed out."""
    return handed(desk, uow, written(desk, uow, made, call))


def written(desk: Desk, uow: UnitOfWork, made: Revision, call: Call) -> Document:
    """The same for a verb that goes on with it: the whole document."""
    projection = Projection(
        summary=made.summary,
        vat=vat_rows(made.document) if call.action == "issue" else (),
        authors=desk.actor.persons if made.material else frozenset(),
        custom=made.kind.custom_rows(made.record.body),
        key=call.key,
    )
    desk.append(uow, made.record, made.changes, call, projection=projection)
    return made.document


def handed(desk: Desk, uow: UnitOfWork, document: Document) -> Document:
    """A whole document as it is handed out: without what this actor does not see of it."""
    if not desk.rights.veils:
        return document
    stands = known(desk, uow, document.kind, document.id, {"authors"})
    return document if stands is None else present(desk, stands.record, stands.row)
