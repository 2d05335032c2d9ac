"""Crediting: a draft credit note from what remains of an invoice. ``linking`` holds it to that when it is issued."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from multibill.documents import CreditNote, Document, Note, Reference
from multibill.documents.complete import completed
from multibill.errors import InvalidValue
from multibill.money import Money
from multibill.ports import Loaded, UnitOfWork
from multibill.settlement import by_amount, by_lines, in_full
from multibill.workspace.desk import Call, Desk, Request, answered, readable
from multibill.workspace.drafting import OPENING
from multibill.workspace.identifying import identified
from multibill.workspace.kinds import Kind
from multibill.workspace.preceding import refitted
from multibill.workspace.revising import allowed, facts, retold, revision, write
from multibill.workspace.seeing import refuse_showing
from multibill.workspace.settling import Settled, positive, settled
from multibill.workspace.steps import Seen, named

Quantity = Decimal | int | str
Quantities = Mapping[str, Quantity] | Mapping[str | None, Quantity]
TYPES = {"386": "503", "389": "261"}
"""A prepayment and a self-billed invoice are credited by a type of their own (UNTDID 1001)."""

COPIED = (
    *("seller_ref", "buyer_ref", "base_currency", "team", "seller", "buyer", "currency", "terms"),
    *("tax_currency", "exchange", "buyer_reference", "project", "contract", "purchase_order"),
    *("sales_order", "object_id", "buyer_accounting", "process", "operation", "vat_options"),
    *("tax_representative", "delivery", "delivery_date", "period", "language", "template", "brand"),
)
"""What a credit note says as its invoice said it, whatever the registers say by now."""

GOODWILL = {
    "fr": "Geste commercial",
    "en": "Goodwill",
    "de": "Kulanz",
    "es": "Gesto comercial",
    "it": "Gesto commerciale",
}


def credit(
    desk: Desk,
    kind: Kind,
    document: Seen,
    *,
    lines: Quantities | None,
    amount: Money | Quantity | None,
    reason: str | None,
    request_id: str | None,
) -> CreditNote:
    """A draft credit note on an issued invoice: all that remains, quantities of lines, or an amount with VAT.

    Raises OverCredited, Denied, WrongState, NotFound, InvalidValue.
    """
    if kind.name != "invoice":
        raise InvalidValue("only an invoice can be credited")
    if lines is not None and amount is not None:
        raise InvalidValue("credit lines or an amount, not both", path="/amount")
    if not isinstance(lines, Mapping | None):
        raise InvalidValue("lines= maps ids of lines to quantities: {line.id: 1}", path="/lines")
    wanted = None if lines is None else {str(id): q for id, q in lines.items()}
    said = None if wanted is None else {id: str(q) for id, q in wanted.items()}
    request = Request.of(request_id, "credit", named(document), said, str(amount), reason)
    notes = desk.kinds["credit_note"]

    def case(uow: UnitOfWork) -> Document:
        if done := answered(desk, uow, request):
            return retold(desk, uow, notes, done.record)
        loaded = readable(desk, uow, kind.name, named(document), "credit")
        allowed(desk, "credit", loaded)
        original = settled(desk, uow, loaded)
        figures = _figures(original, wanted, amount, reason)
        note = _drafted(desk, original, figures, reason)
        made = revision(desk, uow, None, completed(note, desk.today()), OPENING)
        desk.require("draft", "document", facts(None, made), "a new credit note")
        refuse_showing(desk, loaded, made, {*COPIED, *figures})
        _refuse_naming(desk, kind, loaded)
        return write(desk, uow, made, Call("credit", reason, request))

    return cast("CreditNote", desk.written(case))


def _refuse_naming(desk: Desk, kind: Kind, loaded: Loaded) -> None:
    """Raise Denied for whoever does not see the number or the date of the invoice: a credit note names both."""
    sight = desk.sight(kind, loaded.row)
    for path in ("/number", "/issue_date"):
        if sight.covers(path):
            raise sight.denied(path)


def _figures(
    original: Settled,
    lines: Mapping[str, Quantity] | None,
    amount: Money | Quantity | None,
    reason: str | None,
) -> dict[str, Any]:
    document, left = original.document, original.left
    if lines is not None:
        return by_lines(document, left, lines)
    if amount is None:
        return in_full(document, left)
    wanted = amount if isinstance(amount, Money) else _money(amount, document.currency)
    if wanted.currency != document.currency:
        raise InvalidValue(
            f"{wanted} cannot be credited on an invoice in {document.currency}", path="/amount"
        )
    name = (reason or "").strip() or GOODWILL.get(document.language[:2], GOODWILL["en"])
    return by_amount(document, left, positive(wanted), name)


def _money(amount: Quantity, currency: str) -> Money:
    try:
        return Money(cast("Decimal", amount), currency)
    except InvalidValue as error:
        raise error.at("/amount") from None


def _drafted(
    desk: Desk, original: Settled, figures: dict[str, Any], reason: str | None
) -> CreditNote:
    invoice = original.document
    notes = (Note(text=reason),) if reason and reason.strip() else ()
    named = identified({**figures, "notes": notes}, desk.new_id)
    note = CreditNote(
        id=desk.new_id(),
        version=1,
        type_code=TYPES.get(invoice.type_code, "381"),
        owner=desk.actor.id,
        credit_of=invoice.id,
        preceding=(_reference(invoice),),
        **{name: getattr(invoice, name) for name in COPIED},
        **figures | named,
    )
    return refitted(note, original)


def _reference(invoice: Document) -> Reference:
    return Reference(id=invoice.id, number=invoice.number or "", issue_date=invoice.issue_date)
