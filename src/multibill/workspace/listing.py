"""Lists: pages of summary rows with the actor's rights inside the query. Never whole documents."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import attrs

from multibill.clock import day
from multibill.documents import KINDS as DOCUMENTS
from multibill.errors import InvalidDefinition, InvalidValue
from multibill.money import Money
from multibill.permissions import CLEAR, Policy, Sight, Veil, covering, path_to
from multibill.ports import Query, Row, UnitOfWork
from multibill.query import (
    BOOLEAN,
    DATE,
    INTEGER,
    TEXT,
    Expression,
    Type,
    all_of,
    check,
    order_keys,
)
from multibill.query.doc import DOCUMENT_FIELDS, Doc
from multibill.workspace.desk import Desk
from multibill.workspace.html import table
from multibill.workspace.kinds import Kind

LIMIT = 1000
Order = tuple[tuple[str, bool], ...]
BY_ID: Order = (("id", False),)
NOT_OURS = (ValueError, TypeError, AttributeError, RecursionError, binascii.Error)
"""What reading a cursor that somebody made up may raise."""
TYPES = {str: TEXT, int: INTEGER, bool: BOOLEAN, date: DATE}


@attrs.frozen
class SummaryRow:
    """One document in a list: ``row.number``, ``row.payable``, ``row["buyer.name"]``.

    ``row.can`` holds the actions asked for that are possible here.
    """

    values: Row = attrs.field(repr=False)
    can: frozenset[str] = frozenset()

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name not in self.values:
            raise AttributeError(name)
        return self.values[name]

    def __repr__(self) -> str:
        shown = (
            self.values["number"] or self.values["id"],
            self.values["state"],
            str(self.values["payable"]),
        )
        return f"<{' '.join(shown)}>"


@attrs.frozen
class Seen:
    """A row with what the actor sees of it."""

    values: Row
    sight: Sight

    def covers(self, name: str) -> bool:
        """Whether a field is not seen as it is."""
        return not self.sight.clear and self.sight.covers(path_to(name))


@attrs.frozen
class View:
    """How rules on fields reach into a list: where each field is seen, and which rules are lifted on a row."""

    lifted: Mapping[str, Expression]
    marks: Mapping[str, Expression]
    _desk: Desk
    _kind: Kind

    @classmethod
    def of(cls, desk: Desk, kind: Kind) -> View:
        """The view of one actor on a kind."""
        rights = desk.rights
        names = [*DOCUMENT_FIELDS, *_custom_types(kind)] if rights.veils else []
        found = {name: rights.lifted(path_to(name), kind.fields) for name in names}
        lifted = {name: where for name, where in found.items() if where is not None}
        marks = {_mark(place): ~veil.when for place, veil in enumerate(rights.veils)}
        return cls(lifted, marks if lifted else {}, desk, kind)

    def row(self, row: Row) -> Seen:
        """A selected row, with the sight that its marks give."""
        if not self.marks:
            return Seen(row, CLEAR)
        veils = self._desk.rights.veils
        down = tuple(veil for place, veil in enumerate(veils) if not row[_mark(place)])
        plain = {name: value for name, value in row.items() if name not in self.marks}
        return Seen(plain, self._desk.rights.under(down, self._kind.fields))

    def shown(self, row: Seen) -> Row:
        """What the actor sees of it."""
        if row.sight.clear:
            return row.values
        return {name: row.sight.value(path_to(name), value) for name, value in row.values.items()}


def _mark(place: int) -> str:
    return f"veil.{place}"


@attrs.frozen
class Page:
    """A page of rows: iterate it; ``next`` goes on from here (``after=page.next``), None at the end."""

    items: tuple[SummaryRow, ...]
    next: str | None
    _count: Callable[[], int] = attrs.field(repr=False, eq=False)

    def count(self) -> int:
        """How many rows the whole list has; counted only when asked, for it reads them all."""
        return self._count()

    def __iter__(self) -> Iterator[SummaryRow]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> SummaryRow:
        return self.items[index]

    def _repr_html_(self) -> str:
        rows = [[[_told(row[name])] for name in SHOWN] for row in self.items]
        return table(rows, [name.replace("_", " ") for name in SHOWN])


SHOWN = ("number", "buyer.name", "state", "issue_date", "due_date", "payable", "settlement")
"""What a notebook shows of each row."""


def _told(value: object) -> str:
    return "" if value is None else str(value)


def page(
    desk: Desk,
    kind: Kind,
    *conditions: Expression,
    order: str,
    limit: int,
    after: str | None,
    can: Collection[str],
    mark: Collection[str],
) -> Page:
    """The rows of one kind that the actor may read and do all of ``can`` to, in order.

    Raises InvalidDefinition for a field that is not indexed, InvalidValue for a limit or cursor that is not one.
    """
    if type(limit) is not int or not 1 <= limit <= LIMIT:
        raise InvalidValue(f"limit must be between 1 and {LIMIT}")
    if not isinstance(order, str):
        raise InvalidValue(f"order is text such as '-issue_date,number', not {order!r:.60}")
    keys = order_keys(order, Doc, kind.indexed_types)
    if all(name != "id" for name, _ in keys):
        keys = (*keys, ("id", order.startswith("-")))
    view = View.of(desk, kind)
    marks = {action: possible(desk, action) for action in mark}
    query = Query(
        where=listed(desk, kind, can),
        asked=asked(kind, conditions),
        lifted=view.lifted,
        me=desk.rights.me,
        order=keys,
        after=None
        if after is None
        else _opened(after, keys, DOCUMENT_FIELDS | _custom_types(kind)),
        limit=limit + 1,
        marks={**marks, **view.marks},
        custom=kind.indexed_types,
    )
    found = [view.row(row) for row in desk.read(lambda uow: uow.select(query))]
    rows = tuple(_row(view.shown(row), can, mark) for row in found[:limit])
    following = _cursor(found[limit - 1], keys) if len(found) > limit else None
    count = attrs.evolve(query, after=None, limit=None, marks={})
    return Page(rows, following, lambda: desk.read(lambda uow: uow.count(count)))


def asked(kind: Kind, conditions: Collection[Expression]) -> Expression:
    """What the caller asks of the documents of a kind."""
    types = {name: TYPES[python] for name, python in kind.indexed_types.items()}
    for condition in conditions:
        check(condition, types)
    return all_of(*conditions)


def listed(desk: Desk, kind: Kind, can: Collection[str] = ()) -> Expression:
    """What rules say of a list: the kind, the right to read, and the actions wanted."""
    return all_of(
        Doc.kind == kind.name,
        desk.rights.condition("read", "document"),
        *(possible(desk, action) for action in can),
    )


def visible(desk: Desk, uow: UnitOfWork, kind: str, ids: frozenset[str]) -> frozenset[str]:
    """Those of the documents that the actor may read."""
    return frozenset(row["id"] for row in rows(desk, uow, kind, Doc.id.in_(ids))) if ids else ids


def rows(
    desk: Desk, uow: UnitOfWork, kind: str, *conditions: Expression, order: Order = BY_ID
) -> Sequence[Row]:
    """Every summary row of a kind that meets the conditions and that the actor may read, by id, as it is seen.

    Without order (``()``) a database is free to take the index that finds them fastest.
    """
    view, found = selected(desk, uow, kind, *conditions, order=order)
    return [view.shown(row) for row in found]


def selected(
    desk: Desk, uow: UnitOfWork, kind: str, *conditions: Expression, order: Order = BY_ID
) -> tuple[View, list[Seen]]:
    """The same rows as they stand: for what rules on fields are asked of."""
    known = desk.kinds[kind]
    view = View.of(desk, known)
    query = Query(
        where=listed(desk, known),
        asked=asked(known, conditions),
        lifted=view.lifted,
        me=desk.rights.me,
        order=order,
        marks=view.marks,
        custom=known.indexed_types,
    )
    return view, [view.row(row) for row in uow.select(query)]


def check_policy(policy: Policy, kinds: Mapping[str, Kind]) -> None:
    """Raise InvalidDefinition for a rule on a custom field that the host declared for no document, or not indexed."""
    types: dict[str, Type] = {}
    for kind in kinds.values():
        types |= {name: TYPES[python] for name, python in kind.indexed_types.items()}
    conditions = {rule.name: rule.when for rule in policy.rules}
    conditions |= {veil.name: veil.when for veil in policy.veils}
    for name, when in conditions.items():
        try:
            check(when, types)
        except InvalidDefinition as error:
            raise InvalidDefinition(f"rule {name!r}: {error}") from error
    for veil in policy.veils:
        _check_veil(veil, [kind for kind in kinds.values() if kind.name in DOCUMENTS])


def _check_veil(veil: Veil, kinds: Collection[Kind]) -> None:
    """Raise InvalidDefinition for a path that no document has, or that cannot be covered."""
    found = [covering(veil, kind.fields) for kind in kinds]
    named = veil.what.startswith("/custom/") and veil.what != "/custom/*"
    known = any(veil.what in kind.fields.by_pattern for kind in kinds) if named else any(found)
    if veil.what.startswith("/") and not known:
        raise InvalidDefinition(f"rule {veil.name!r}: no document has anything at {veil.what}")


def _custom_types(kind: Kind) -> dict[str, Type]:
    return {f"custom.{name}": TYPES[python] for name, python in kind.indexed_types.items()}


def possible(desk: Desk, action: str) -> Expression:
    """Where an action is both allowed to the actor and possible in the workflow."""
    return all_of(desk.rights.condition(action, "document"), desk.workflow.guard(action))


def _row(row: Row, can: Collection[str], mark: Collection[str]) -> SummaryRow:
    values = {name: value for name, value in row.items() if name not in mark}
    held = frozenset(action for action in mark if row[action])
    return SummaryRow(values, frozenset(can) | held)


def _cursor(row: Seen, keys: tuple[tuple[str, bool], ...]) -> str:
    """An opaque place in a list: the order values of its last row, as far as the actor sees them."""
    values = [None if row.covers(name) else _plain(row.values[name]) for name, _ in keys]
    return base64.urlsafe_b64encode(json.dumps([[list(k) for k in keys], values]).encode()).decode()


def _plain(value: Any) -> Any:
    if isinstance(value, Money):
        return [str(value.amount), value.currency]
    return value.isoformat() if isinstance(value, date) else value


def _opened(
    cursor: str, keys: tuple[tuple[str, bool], ...], types: Mapping[str, Type]
) -> tuple[Any, ...]:
    try:
        made_for, values = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        ours = made_for == [list(key) for key in keys]
        if ours:
            placed = zip(keys, values, strict=True)
            return tuple(_typed(types[name], value) for (name, _), value in placed)
    except NOT_OURS as error:
        raise InvalidValue("this is not a cursor from page.next") from error
    raise InvalidValue("this cursor belongs to a list in another order")


def _typed(kind: Type, value: Any) -> Any:
    if value is None:
        return None
    if kind.name == "money":
        return Money(*value)
    return day(value) if kind.name == "date" else kind.accept(value)
