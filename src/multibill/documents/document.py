"""Invoice and CreditNote: one frozen value each, content and envelope side by side, told apart by the map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar, Self, TypeVar

import attrs

from multibill.documents.line import (
    Line,
    Mention,
    Note,
    Period,
    Reference,
    Terms,
    optional_day,
    optional_key,
)
from multibill.documents.totals import PENDING, Totals, compute, names
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
    term,
    text,
)
from multibill.money import currency
from multibill.parties import Party
from multibill.parties.party import BUYER, SELLER

ROUNDING = ("currency",)
Item = TypeVar("Item", Line, Note, Reference)


def _rounding(rule: str) -> str:
    if rule in ROUNDING:
        return rule
    raise InvalidValue(f"{rule!r} is not a rounding rule; one of {', '.join(ROUNDING)}")


def _version(_: object, __: object, value: object) -> None:
    if type(value) is not int:
        raise InvalidValue(f"{value!r} is not the number of a version", path="/version")


def _lines(values: Iterable[Line]) -> tuple[Line, ...]:
    return _told_apart(many(Line, values), "lines")


def _notes(values: Iterable[Note]) -> tuple[Note, ...]:
    return _told_apart(many(Note, values), "notes")


def _references(values: Iterable[Reference]) -> tuple[Reference, ...]:
    return _told_apart(many(Reference, values), "preceding")


def _told_apart(items: tuple[Item, ...], name: str) -> tuple[Item, ...]:
    """The items, if no two have one id: stored as a map from id to item, one of them would be lost."""
    ids = [item.id for item in items if item.id is not None]
    if len(set(ids)) < len(ids):
        twice = next(id for id in ids if ids.count(id) > 1)
        raise InvalidValue(
            f"{name} holds {twice!r} twice; leave the id of a new item out", path=f"/{name}/{twice}"
        )
    return items


def _mentions(values: Iterable[Mention]) -> tuple[Mention, ...]:
    return many(Mention, values)


def _labels(values: Iterable[str]) -> frozenset[str]:
    return frozenset(map(label, values))


@attrs.frozen(kw_only=True)
class Document:
    """What every commercial document has: the law's content, the team's envelope, the record's facts.

    Content is named after EN 16931 (see each field's BT in the model map), is hashed and approved, and is frozen
    at issue. ``totals``, ``mentions`` and each line's ``net`` follow from the rest. The envelope is never printed.
    """

    kind: ClassVar[str]

    id: str = attrs.field(converter=identifier, metadata=fact(indexed=True))
    version: int = attrs.field(default=0, validator=_version, metadata=fact())
    phase: str = attrs.field(default="draft", converter=identifier, metadata=fact(indexed=True))
    state: str = attrs.field(default="draft", converter=identifier, metadata=fact(indexed=True))
    hidden: frozenset[str] = attrs.field(default=frozenset(), metadata=fact())

    owner: str | None = attrs.field(
        default=None, converter=optional_key, metadata=envelope(indexed=True)
    )
    team: str | None = attrs.field(
        default=None, converter=optional_key, metadata=envelope(indexed=True)
    )
    assignee: str | None = attrs.field(
        default=None, converter=optional_key, metadata=envelope(indexed=True)
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
    custom: Mapping[str, Any] = attrs.field(factory=dict, hash=False, metadata=envelope())

    number: str | None = attrs.field(default=None, metadata=term("BT-1", indexed=True, fixed=True))
    issue_date: date | None = attrs.field(
        default=None, converter=optional_day, metadata=term("BT-2", indexed=True, fixed=True)
    )
    type_code: str = attrs.field(converter=identifier, metadata=term("BT-3", fixed=True))
    currency: str = attrs.field(
        default="EUR", converter=currency, metadata=term("BT-5", indexed=True)
    )
    due_date: date | None = attrs.field(
        default=None, converter=optional_day, metadata=term("BT-9", unit="due", indexed=True)
    )
    terms: Terms | None = attrs.field(
        default=None,
        validator=instance_of(Terms, optional=True),
        metadata=means({"text": "BT-20"}, unit="due"),
    )
    buyer_reference: str | None = attrs.field(
        default=None, converter=optional_text, metadata=term("BT-10")
    )
    purchase_order: str | None = attrs.field(
        default=None, converter=optional_text, metadata=term("BT-13")
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
    rounding: str = attrs.field(default="currency", converter=_rounding, metadata=term())
    language: str = attrs.field(default="fr", converter=language, metadata=term(material=False))
    template: str = attrs.field(
        default="standard/1", converter=text, metadata=term(material=False, fixed=True)
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
        """Compute the totals where none were frozen, and show each line its net: no document stands without."""
        if self.totals is PENDING:
            object.__setattr__(self, "totals", compute(self.lines, self.currency))
        nets = self.totals.nets
        shown = [
            line.showing(nets.get(name))
            for line, name in zip(self.lines, names(self.lines), strict=True)
        ]
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
    def sign(self) -> int:
        """What the amounts do to the buyer's debt: +1 adds to it, -1 takes from it."""
        return 1


@attrs.frozen(kw_only=True)
class Invoice(Document):
    """A commercial invoice (UNTDID 1001 code 380)."""

    kind: ClassVar[str] = "invoice"
    type_code: str = attrs.field(
        default="380", converter=identifier, metadata=term("BT-3", fixed=True)
    )


@attrs.frozen(kw_only=True)
class CreditNote(Document):
    """A credit note (UNTDID 1001 code 381): amounts are positive and take from what the buyer owes."""

    kind: ClassVar[str] = "credit_note"
    type_code: str = attrs.field(
        default="381", converter=identifier, metadata=term("BT-3", fixed=True)
    )

    @property
    def sign(self) -> int:
        """A credit note takes from the buyer's debt."""
        return -1


KINDS: Mapping[str, type[Document]] = {cls.kind: cls for cls in (Invoice, CreditNote)}
