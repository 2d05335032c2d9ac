"""Invoice, CreditNote, Quote: one frozen value each, content and envelope side by side, told apart by the map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, localcontext
from typing import Any, ClassVar, Self, TypeVar

import attrs

from multibill.documents.adjustments import (
    DOCUMENT_ALLOWANCE,
    DOCUMENT_CHARGE,
    Adjustment,
    DocumentAllowance,
    DocumentCharge,
)
from multibill.documents.computing import PLAIN, ROUNDING, Basis, compute
from multibill.documents.converters import (
    not_negative,
    optional_day,
    optional_key,
    optional_not_negative,
    optional_positive,
)
from multibill.documents.line import Line
from multibill.documents.parts import (
    Attachment,
    Brand,
    Delivery,
    ExchangeRate,
    Mention,
    Note,
    Payee,
    Period,
    Reference,
    TaxRepresentative,
    Terms,
)
from multibill.documents.payment import PaymentInstructions
from multibill.documents.totals import PENDING, Totals, adjustment_names, names
from multibill.documents.types import type_code
from multibill.errors import InvalidValue
from multibill.ids import key as identifier
from multibill.model import (
    computed,
    envelope,
    fact,
    instance_of,
    label,
    language,
    many,
    means,
    optional_text,
    replaced,
    said,
    term,
    text,
    told_apart,
)
from multibill.money import ARITHMETIC, Money, currency, decimal
from multibill.money.amount import optional_decimal
from multibill.parties import Identifier, Party
from multibill.parties.party import BUYER, SELLER
from multibill.tax import VAT

A = TypeVar("A", bound=Adjustment)
OPERATIONS = ("goods", "services", "mixed")
"""What is supplied: the category of operation of CGI annexe II art. 242 nonies A, I, 8° bis."""


def _rounding(rule: str) -> str:
    if rule in ROUNDING:
        return rule
    raise InvalidValue(f"{rule!r} is not a rounding rule; one of {', '.join(ROUNDING)}")


def _version(_: object, __: object, value: object) -> None:
    if type(value) is not int:
        raise InvalidValue(f"{value!r} is not the number of a version", path="/version")


def _lines(values: Iterable[Line]) -> tuple[Line, ...]:
    return told_apart(Line, values, "lines")


def _notes(values: Iterable[Note]) -> tuple[Note, ...]:
    return told_apart(Note, values, "notes")


def _references(values: Iterable[Reference]) -> tuple[Reference, ...]:
    return told_apart(Reference, values, "preceding")


def _attachments(values: Iterable[Attachment]) -> tuple[Attachment, ...]:
    return told_apart(Attachment, values, "attachments")


def _allowances(values: Iterable[DocumentAllowance]) -> tuple[DocumentAllowance, ...]:
    return told_apart(DocumentAllowance, values, "allowances")


def _charges(values: Iterable[DocumentCharge]) -> tuple[DocumentCharge, ...]:
    return told_apart(DocumentCharge, values, "charges")


VAT_OPTIONS = ("debits", "group")
"""``debits``: CGI annexe II art. 242 nonies A, I, 11° bis; ``group``: member of an assujetti unique, CGI art. 256 C."""


def _optional_currency(code: str | None) -> str | None:
    return None if code is None else currency(code)


def _operation(value: str | None) -> str | None:
    if value is None or value in OPERATIONS:
        return value
    raise InvalidValue(f"{value!r} is no operation; one of {', '.join(OPERATIONS)}")


def vat_options(values: Iterable[str]) -> frozenset[str]:
    """What the seller has opted for: ``debits`` (VAT due when invoiced), ``group`` (member of a VAT group).

    >>> vat_options({"debits"}) == {"debits"}
    True
    """
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise InvalidValue(f"write a set such as {{'debits'}}, not {values!r}")
    found = frozenset(values)
    if unknown := found - set(VAT_OPTIONS):
        raise InvalidValue(f"{min(unknown)!r} is no VAT option; one of {', '.join(VAT_OPTIONS)}")
    return found


def _decimals(values: Mapping[str, Decimal]) -> Mapping[str, Decimal]:
    return {name: decimal(amount) for name, amount in values.items()} if values else {}


def _costs(values: Mapping[str, Decimal | int | str]) -> Mapping[str, Decimal]:
    if not isinstance(values, Mapping):
        raise InvalidValue("costs are a map from the id of a line to a decimal")
    return {identifier(line): _cost(line, cost) for line, cost in values.items()}


def _cost(line: str, cost: Decimal | int | str) -> Decimal:
    try:
        return not_negative(cost)
    except InvalidValue as error:
        raise InvalidValue(f"the cost of line {line}: {error.message}") from None


def _mentions(values: Iterable[Mention]) -> tuple[Mention, ...]:
    return many(Mention, values)


def _labels(values: Iterable[str]) -> frozenset[str]:
    return frozenset(map(label, values))


@attrs.frozen(kw_only=True)
class Document:
    """What every commercial document has: the law's content, the team's envelope, the record's facts.

    Content is named after EN 16931 (see each field's BT in the model map), is hashed and approved, and is frozen
    at issue. ``totals``, ``mentions`` and each line's ``net`` follow from the rest. The envelope is never printed.
    ``costs`` holds what one unit of a line costs, by line id, in the document's currency; see ``margin``.
    ``settlement`` (``open``, ``part-paid``, ``paid``, ``written-off``) and ``due`` are facts of an issued document
    that follow from payments and credit notes.
    """

    kind: ClassVar[str]

    id: str = attrs.field(converter=identifier, metadata=fact(indexed=True))
    version: int = attrs.field(default=0, validator=_version, metadata=fact())
    phase: str = attrs.field(default="draft", converter=identifier, metadata=fact(indexed=True))
    state: str = attrs.field(default="draft", converter=identifier, metadata=fact(indexed=True))
    settlement: str | None = attrs.field(default=None, metadata=fact(indexed=True))
    due: Money | None = attrs.field(default=None, metadata=fact())
    hidden: frozenset[str] = attrs.field(default=frozenset(), metadata=fact())

    owner: str | None = attrs.field(
        default=None, converter=optional_key, metadata=envelope(indexed=True)
    )
    team: str | None = attrs.field(
        default=None, converter=optional_key, metadata=envelope(indexed=True)
    )
    assignee: str | None = attrs.field(
        default=None, converter=optional_key, metadata=envelope(indexed=True, merge="last")
    )
    seller_ref: str | None = attrs.field(
        default=None,
        converter=optional_key,
        metadata=envelope(indexed=True, fixed=True, label="seller record"),
    )
    buyer_ref: str | None = attrs.field(
        default=None,
        converter=optional_key,
        metadata=envelope(indexed=True, fixed=True, label="buyer record"),
    )
    key: str | None = attrs.field(
        default=None, converter=optional_key, metadata=envelope(fixed=True, label="business key")
    )
    tags: frozenset[str] = attrs.field(default=frozenset(), converter=_labels, metadata=envelope())
    base_currency: str = attrs.field(
        default="EUR", converter=currency, metadata=envelope(fixed=True, label="seller's currency")
    )
    costs: Mapping[str, Decimal] = attrs.field(
        factory=dict,
        converter=_costs,
        hash=False,
        metadata=envelope(sensitive="margin", label="unit cost"),
    )
    custom: Mapping[str, Any] = attrs.field(factory=dict, hash=False, metadata=envelope())

    number: str | None = attrs.field(default=None, metadata=term("BT-1", indexed=True, fixed=True))
    issue_date: date | None = attrs.field(
        default=None, converter=optional_day, metadata=term("BT-2", indexed=True, fixed=True)
    )
    type_code: str = attrs.field(metadata=term("BT-3", feeds=True))
    currency: str = attrs.field(
        default="EUR", converter=currency, metadata=term("BT-5", indexed=True, feeds=True)
    )
    due_date: date | None = attrs.field(
        default=None, converter=optional_day, metadata=term("BT-9", unit="due", indexed=True)
    )
    terms: Terms | None = attrs.field(
        default=None,
        validator=instance_of(Terms, optional=True),
        metadata=means({"text": "BT-20"}, unit="due", feeds=True),
    )
    tax_currency: str | None = attrs.field(
        default=None,
        converter=_optional_currency,
        metadata=term("BT-6", unit="tax_currency", feeds=True),
    )
    exchange: ExchangeRate | None = attrs.field(
        default=None,
        validator=instance_of(ExchangeRate, optional=True),
        metadata=term(unit="tax_currency", feeds=True),
    )
    tax_point_date: date | None = attrs.field(
        default=None, converter=optional_day, metadata=term("BT-7", unit="tax_point")
    )
    tax_point_code: str | None = attrs.field(
        default=None, converter=optional_text, metadata=term("BT-8", unit="tax_point")
    )
    buyer_reference: str | None = attrs.field(
        default=None, converter=optional_text, metadata=term("BT-10")
    )
    project: str | None = attrs.field(default=None, converter=optional_text, metadata=term("BT-11"))
    contract: str | None = attrs.field(
        default=None, converter=optional_text, metadata=term("BT-12")
    )
    purchase_order: str | None = attrs.field(
        default=None, converter=optional_text, metadata=term("BT-13")
    )
    sales_order: str | None = attrs.field(
        default=None, converter=optional_text, metadata=term("BT-14")
    )
    receiving_advice: str | None = attrs.field(
        default=None, converter=optional_text, metadata=term("BT-15")
    )
    despatch_advice: str | None = attrs.field(
        default=None, converter=optional_text, metadata=term("BT-16")
    )
    tender: str | None = attrs.field(default=None, converter=optional_text, metadata=term("BT-17"))
    object_id: Identifier | None = attrs.field(
        default=None,
        validator=instance_of(Identifier, optional=True),
        metadata=means({"value": "BT-18", "scheme": "BT-18-1"}),
    )
    buyer_accounting: str | None = attrs.field(
        default=None, converter=optional_text, metadata=term("BT-19")
    )
    process: str | None = attrs.field(
        default=None, converter=optional_text, metadata=term("BT-23", label="business process")
    )
    operation: str | None = attrs.field(
        default=None, converter=_operation, metadata=term(feeds=True)
    )
    vat_options: frozenset[str] = attrs.field(
        default=frozenset(), converter=vat_options, metadata=term(label="VAT options", feeds=True)
    )
    payee: Payee | None = attrs.field(
        default=None, validator=instance_of(Payee, optional=True), metadata=term()
    )
    tax_representative: TaxRepresentative | None = attrs.field(
        default=None, validator=instance_of(TaxRepresentative, optional=True), metadata=term()
    )
    delivery: Delivery | None = attrs.field(
        default=None,
        converter=said,
        validator=instance_of(Delivery, optional=True),
        metadata=term(),
    )
    delivery_date: date | None = attrs.field(
        default=None, converter=optional_day, metadata=term("BT-72")
    )
    period: Period | None = attrs.field(
        default=None,
        validator=instance_of(Period, optional=True),
        metadata=means({"start": "BT-73", "end": "BT-74"}, unit="period"),
    )
    seller: Party = attrs.field(validator=instance_of(Party), metadata=means(SELLER, fixed=True))
    buyer: Party = attrs.field(validator=instance_of(Party), metadata=means(BUYER))
    lines: tuple[Line, ...] = attrs.field(default=(), converter=_lines, metadata=term())
    notes: tuple[Note, ...] = attrs.field(default=(), converter=_notes, metadata=term())
    preceding: tuple[Reference, ...] = attrs.field(
        default=(), converter=_references, metadata=term()
    )
    payment: PaymentInstructions | None = attrs.field(
        default=None, validator=instance_of(PaymentInstructions, optional=True), metadata=term()
    )
    allowances: tuple[DocumentAllowance, ...] = attrs.field(
        default=(), converter=_allowances, metadata=means(DOCUMENT_ALLOWANCE)
    )
    charges: tuple[DocumentCharge, ...] = attrs.field(
        default=(), converter=_charges, metadata=means(DOCUMENT_CHARGE)
    )
    attachments: tuple[Attachment, ...] = attrs.field(
        default=(), converter=_attachments, metadata=term()
    )
    prepaid: Decimal | None = attrs.field(
        default=None,
        converter=optional_not_negative,
        metadata=term(label="paid before", feeds=True),
    )
    rounding_amount: Decimal | None = attrs.field(
        default=None, converter=optional_decimal, metadata=term(unit="cash", feeds=True)
    )
    cash_unit: Decimal | None = attrs.field(
        default=None, converter=optional_positive, metadata=term(unit="cash", feeds=True)
    )
    vat_adjustments: Mapping[str, Decimal] = attrs.field(
        factory=dict, converter=_decimals, hash=False, metadata=term(fixed=True, feeds=True)
    )
    rounding: str = attrs.field(default="currency", converter=_rounding, metadata=term(feeds=True))
    language: str = attrs.field(
        default="fr", converter=language, metadata=term(material=False, feeds=True)
    )
    template: str = attrs.field(
        default="standard/1", converter=text, metadata=term(material=False, fixed=True)
    )
    brand: Brand | None = attrs.field(
        default=None,
        validator=instance_of(Brand, optional=True),
        metadata=term(material=False, fixed=True),
    )

    totals: Totals = attrs.field(
        default=PENDING, validator=instance_of(Totals), metadata=computed()
    )
    mentions: tuple[Mention, ...] = attrs.field(
        default=(), converter=_mentions, metadata=computed()
    )
    rule_versions: str | None = attrs.field(
        default=None, converter=optional_text, metadata=computed()
    )

    def __attrs_post_init__(self) -> None:
        """Compute the totals where none were frozen, and show what each line, allowance and charge comes to."""
        type_code(self.kind, self.type_code)
        if self.totals is PENDING:
            object.__setattr__(self, "totals", compute(self.lines, self.currency, _basis(self)))
        totals = self.totals
        shown = [
            line.showing(totals.nets.get(name))
            for line, name in zip(self.lines, names(self.lines), strict=True)
        ]
        if totals.amounts:
            shown = [
                _priced(line, name, totals) for line, name in zip(shown, names(shown), strict=True)
            ]
            object.__setattr__(self, "allowances", _shown(self.allowances, "", totals))
            object.__setattr__(self, "charges", _shown(self.charges, "", totals))
        object.__setattr__(self, "lines", tuple(shown))

    def evolve(self, **changes: Any) -> Self:
        """The same document with other attributes, its totals included; nothing is written until ``save``.

        Raises InvalidValue when a value is not what its field needs.
        """
        if self.phase != "issued":
            changes = {"totals": PENDING, **changes}
        return attrs.evolve(self, **changes)

    def line(self, id: str | None) -> Line:
        """The line with this id; InvalidValue when there is none."""
        for line in self.lines:
            if line.id == id:
                return line
        raise InvalidValue(f"the document has no line {id!r}", path=f"/lines/{id}")

    def with_line(self, line: Line | str | None, **changes: Any) -> Self:
        """With one line changed (``with_line(id, quantity=4)``), or added at the end (``with_line(Line(...))``).

        A line that the document already has, by id, is changed in its place.
        """
        given = line if isinstance(line, Line) else self.line(line)
        changed = given.evolve(**changes)
        if changed.id is None or all(own.id != changed.id for own in self.lines):
            return self.evolve(lines=(*self.lines, changed))
        return self.evolve(
            lines=tuple(changed if own.id == changed.id else own for own in self.lines)
        )

    def without_line(self, id: str | None) -> Self:
        """Without the line with this id; InvalidValue when there is none."""
        gone = self.line(id)
        return self.evolve(lines=tuple(line for line in self.lines if line is not gone))

    @property
    def margin(self) -> Money | None:
        """The total without VAT less what the lines cost; None while a line has no cost, or costs are hidden.

        A cost is for as many units as the line's price is.
        """
        if not self.lines or any(line.id not in self.costs for line in self.lines):
            return None
        with localcontext(ARITHMETIC):
            spent = sum(line.units * self.costs[line.id or ""] for line in self.lines)
            return Money.rounded(self.totals.net.amount - spent, self.currency)

    @property
    def vats(self) -> tuple[VAT, ...]:
        """Every VAT that lines, allowances and charges use, once each object."""
        # Thousands of lines share few VAT objects: telling these apart by identity compares nothing.
        found = {id(line.vat): line.vat for line in self.lines}
        found |= {id(item.vat): item.vat for item in self.allowances}
        found |= {id(item.vat): item.vat for item in self.charges}
        return tuple(found.values())

    @property
    def sign(self) -> int:
        """What the amounts do to the buyer's debt: +1 adds to it, -1 takes from it."""
        return 1


def _basis(document: Document) -> Basis:
    """What the totals follow from beside the lines; most documents have nothing of it."""
    said = document.prepaid, document.rounding_amount, document.cash_unit, document.tax_currency
    groups = document.allowances or document.charges or document.vat_adjustments
    if document.rounding == "currency" and not groups and said == (None, None, None, None):
        return PLAIN
    return Basis(
        rule=document.rounding,
        allowances=document.allowances,
        charges=document.charges,
        prepaid=document.prepaid,
        rounding_amount=document.rounding_amount,
        cash_unit=document.cash_unit,
        tax_currency=document.tax_currency,
        exchange=document.exchange,
        vat_adjustments=document.vat_adjustments,
    )


def _priced(line: Line, name: str, totals: Totals) -> Line:
    """The line with what its allowances and charges come to."""
    if not line.allowances and not line.charges:
        return line
    allowances = _shown(line.allowances, name, totals)
    charges = _shown(line.charges, name, totals)
    return replaced(line, allowances=allowances, charges=charges)


def _shown(items: tuple[A, ...], owner: str, totals: Totals) -> tuple[A, ...]:
    found = adjustment_names(items, owner)
    return tuple(
        item.showing(totals.amounts.get(name)) for item, name in zip(items, found, strict=True)
    )


@attrs.frozen(kw_only=True)
class Invoice(Document):
    """An invoice: commercial (UNTDID 1001 code 380), partial 326, corrected 384, prepayment 386, self-billed 389."""

    kind: ClassVar[str] = "invoice"
    type_code: str = attrs.field(default="380", metadata=term("BT-3", feeds=True))


@attrs.frozen(kw_only=True)
class CreditNote(Document):
    """A credit note (381; 503 on a prepayment invoice): amounts are positive and take from what the buyer owes."""

    kind: ClassVar[str] = "credit_note"
    type_code: str = attrs.field(default="381", metadata=term("BT-3", feeds=True))
    credit_of: str | None = attrs.field(
        default=None,
        converter=optional_key,
        metadata=envelope(fixed=True, label="credited document"),
    )

    @property
    def sign(self) -> int:
        """A credit note takes from the buyer's debt."""
        return -1


@attrs.frozen(kw_only=True)
class Quote(Document):
    """An offer (310): what the work would cost, until when it stands. It asks for no payment yet."""

    kind: ClassVar[str] = "quote"
    type_code: str = attrs.field(default="310", metadata=term("BT-3", feeds=True))
    valid_until: date | None = attrs.field(
        default=None, converter=optional_day, metadata=term(label="valid until")
    )

    @property
    def sign(self) -> int:
        """An offer changes no debt."""
        return 0


KINDS: Mapping[str, type[Document]] = {cls.kind: cls for cls in (Invoice, CreditNote, Quote)}
