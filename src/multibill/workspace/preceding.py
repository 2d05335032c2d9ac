"""What a credit note credits, whoever drafted it, and the binding check when it is issued.

A note credits the invoice that it was drafted from, or the issued invoice of ours that it names as preceding.
"""

from __future__ import annotations

from multibill.documents import CreditNote, Document
from multibill.documents.checks import Finding
from multibill.errors import Denied, InvalidValue, MultibillError, NotFound, OverCredited
from multibill.model import replaced
from multibill.ports import Loaded, Query, UnitOfWork
from multibill.query import all_of
from multibill.query.doc import Doc
from multibill.settlement import fitted
from multibill.workspace.desk import Desk, readable
from multibill.workspace.kinds import Kind
from multibill.workspace.revising import allowed
from multibill.workspace.settling import Settled, settled
from multibill.workspace.steps import Seen, named

REFUSING = (OverCredited, InvalidValue)
"""What keeps a credit note from being issued: too much of an invoice, or not this invoice."""

LAW = "EN 16931-1:2017, BG-3"
WORDS = {"fr": "l'avoir ne correspond pas à ce qui reste de sa facture"}
REMEDY = {
    "en": "credit what remains of one invoice",
    "fr": "créditez ce qui reste d'une seule facture",
}


def credited_id(desk: Desk, uow: UnitOfWork, note: Document) -> str | None:
    """The invoice that a credit note credits; None for any other document, and for a note that names none of ours.

    Raises InvalidValue for one that names several: which of them it would take from is nowhere said.
    """
    if not isinstance(note, CreditNote):
        return None
    found = _named(desk, uow, note) | ({note.credit_of} if note.credit_of else set())
    if len(found) > 1:
        raise InvalidValue(
            f"a credit note credits one invoice and this one names {len(found)}; draft one for each",
            path="/preceding",
        )
    return next(iter(found), None)


def _named(desk: Desk, uow: UnitOfWork, note: CreditNote) -> set[str]:
    """The issued invoices of the note's seller that it names, by number or by id."""
    if not note.preceding:
        return set()
    numbers = Doc.number.in_({reference.number.strip() for reference in note.preceding})
    ids = Doc.id.in_({reference.id for reference in note.preceding})
    ours = all_of(
        Doc.kind == "invoice", Doc.phase == "issued", Doc.seller_ref == (note.seller_ref or "")
    )
    rows = uow.select(Query(where=ours & (numbers | ids), me=desk.rights.me))
    return {row["id"] for row in rows}


def locked(desk: Desk, kind: Kind, document: Seen) -> tuple[tuple[str, str], ...]:
    """What an issue locks, (kind, id) by id: the document, and the invoice that a credit note credits.

    Read before anything is locked; an invoice that the note names only since then is locked after it.
    """
    own = (kind.name, named(document))
    if kind.name != "credit_note":
        return (own,)

    def case(uow: UnitOfWork) -> str | None:
        loaded = readable(desk, uow, *own)
        try:
            return credited_id(desk, uow, kind.stored(loaded.record))
        except REFUSING:
            return None

    of = desk.read(case)
    return tuple(sorted((own, *([("invoice", of)] if of else [])), key=lambda pair: pair[1]))


def credited_by(desk: Desk, uow: UnitOfWork, note: Document) -> Settled | None:
    """The invoice that a credit note credits, as it stands; None for a document that credits none of ours.

    Raises InvalidValue for a note that names several, Denied and NotFound for whoever links what she may not credit.
    """
    of = credited_id(desk, uow, note)
    if of is None:
        return None
    if isinstance(note, CreditNote) and note.credit_of is None:
        allowed(desk, "credit", _readable(desk, uow, of))
    loaded = uow.load("invoice", of)
    if loaded is None:
        raise NotFound(f"no invoice {of!r} here")
    return settled(desk, uow, loaded)


def previewed(desk: Desk, uow: UnitOfWork, note: Document) -> Settled | None:
    """The same for a preview: None for whoever may not read that invoice, or not link it."""
    of = credited_id(desk, uow, note)
    if of is None:
        return None
    try:
        _readable(desk, uow, of)
        return credited_by(desk, uow, note)
    except (Denied, NotFound):
        return None


def _readable(desk: Desk, uow: UnitOfWork, id: str) -> Loaded:
    """The invoice, if this actor may read it; NotFound says no more than the note does."""
    try:
        return readable(desk, uow, "invoice", id, "credit")
    except NotFound:
        raise NotFound("you may not credit an invoice that it names", path="/preceding") from None


def linked(note: Document, original: Settled | None) -> Document:
    """The document to be issued: a credit note fitted to its invoice, any other as it is.

    Raises OverCredited, and InvalidValue for an invoice to somebody else or in another currency.
    """
    if original is None or not isinstance(note, CreditNote):
        return note
    if note.buyer_ref != original.document.buyer_ref:
        raise InvalidValue(
            f"the invoice that it names is to another customer than {note.buyer_ref}; name theirs",
            path="/preceding",
        )
    return refitted(replaced(note, credit_of=original.document.id), original)


def refitted(note: CreditNote, original: Settled) -> CreditNote:
    """The credit note with the VAT adjustments and the cash rounding that fit what remains of the original now.

    Raises OverCredited where it takes more than remains, or nothing at all.
    """
    if note.currency != original.document.currency:
        raise InvalidValue(
            f"the invoice is in {original.document.currency}; credit it in that currency",
            path="/currency",
        )
    fields = fitted(note, original.document, original.left)
    if any(getattr(note, name) != value for name, value in fields.items()):
        note = note.evolve(**fields)
    if note.totals.gross.amount <= 0:
        raise OverCredited("nothing remains to be credited here", path="/lines")
    return note


def refitted_document(document: Document, original: Settled | None) -> Document:
    """A credit note fitted to its invoice, any other document as it is."""
    if original is None or not isinstance(document, CreditNote):
        return document
    return refitted(document, original)


def finding_of(error: MultibillError) -> Finding:
    """What the preflight says of a credit note that does not fit its invoice."""
    words = {"en": error.message, **WORDS}
    return Finding(error.code, "error", error.path or "", words, REMEDY, law=LAW)
