"""The doors to the registers. Documents keep their snapshots whatever is saved here."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from multibill.documents import KINDS
from multibill.errors import InvalidDefinition, InvalidValue, NotFound, Stale
from multibill.history import diff
from multibill.ids import is_key
from multibill.numbering import Pattern
from multibill.permissions.sight import CLEAR
from multibill.ports import Loaded, Projection, UnitOfWork
from multibill.records import Register, Seller
from multibill.workspace.desk import Call, Desk
from multibill.workspace.kinds import Kind
from multibill.workspace.linking import linked
from multibill.workspace.past import History, told

R = TypeVar("R", bound=Register)


class Registers(Generic[R]):
    """One register: ``ws.customers.save(Customer("acme", party))``, ``ws.customers.get("acme")``."""

    def __init__(self, desk: Desk, kind: Kind) -> None:
        self._desk = desk
        self._kind = kind

    def get(self, id: str) -> R:
        """The entry; NotFound when there is none, or none that the actor may see."""
        return self._desk.read(lambda uow: self._get(uow, id))

    def list(self) -> tuple[R, ...]:
        """All entries by id; empty for an actor who may see none."""
        if not self._desk.rights.allows("read", self._kind.name, {}):
            return ()
        records = self._desk.read(lambda uow: uow.records(self._kind.name))
        return tuple(self._kind.stored(record) for record in records)

    def save(self, entry: R, *, reason: str | None = None) -> R:
        """The entry as it now stands. A value with a version must be the latest (Stale otherwise).

        A new value without one (version 0) creates or replaces. Raises InvalidValue for naming what is not there.
        """

        def case(uow: UnitOfWork) -> R:
            return linked(self._desk, uow, save(self._desk, uow, self._kind, entry, reason))

        return self._desk.written(case)

    def history(self, id: str) -> History[R]:
        """Everything that happened to the entry: who, what, when, why; blame, differences, old versions."""

        def case(uow: UnitOfWork) -> History[R]:
            loaded = found(self._desk, uow, self._kind, id)
            return told(self._desk, uow, self._kind, loaded, CLEAR)

        return self._desk.read(case)

    def _get(self, uow: UnitOfWork, id: str) -> R:
        entry: R = entry_of(self._desk, uow, self._kind, id)
        return entry


def entry_of(desk: Desk, uow: UnitOfWork, kind: Kind, id: str) -> Any:
    """A register entry that the actor may read; NotFound otherwise."""
    return kind.stored(found(desk, uow, kind, id).record)


def found(desk: Desk, uow: UnitOfWork, kind: Kind, id: str) -> Loaded:
    """The stored register entry, if the actor may read it; NotFound otherwise."""
    loaded = uow.load(kind.name, id) if is_key(id) else None
    if loaded is None or not desk.rights.allows("read", kind.name, {}):
        raise NotFound(f"no {kind.name} {id!r} here")
    return loaded


def save(desk: Desk, uow: UnitOfWork, kind: Kind, entry: R, reason: str | None = None) -> R:
    """One register entry, compared with what stands and written with its journal entry."""
    may_save(desk, kind, entry)
    checked_series(entry)
    return put(desk, uow, kind, entry, Call("save", reason))


def may_save(desk: Desk, kind: Kind, entry: Register) -> None:
    """Raise Denied unless the actor may save entries of this kind, InvalidValue for one of another kind."""
    if not isinstance(entry, kind.cls):
        raise InvalidValue(f"this register takes a {kind.cls.__name__}, not {entry!r:.60}")
    desk.require("save", kind.name, {}, f"{kind.name} {entry.id}")


def put(desk: Desk, uow: UnitOfWork, kind: Kind, entry: R, call: Call) -> R:
    """The entry's next version, where it differs from what stands. Raises Stale."""
    loaded = uow.load(kind.name, entry.id)
    stands = loaded.record.version if loaded else 0
    if entry.version not in (0, stands):
        raise Stale(
            f"you saw version {entry.version} of {entry.id}, it stands at {stands}", current=stands
        )
    body = kind.body(entry)
    changes = diff(loaded.record.body if loaded else None, body, kind.collections)
    if changes:
        stands += 1
        record = kind.record(entry.id, stands, body)
        projection = Projection(custom=kind.custom_rows(body))
        desk.append(uow, record, changes, call, projection=projection)
    saved: R = kind.value(kind.record(entry.id, stands, body))
    return saved


def checked_series(entry: Register) -> None:
    """Raise InvalidDefinition for a number pattern that could never work."""
    if isinstance(entry, Seller):
        if not entry.series:
            raise InvalidDefinition(
                f"seller {entry.id!r} needs a series, such as invoice='F{{year}}-{{n:05}}'"
            )
        for kind, text in entry.series.items():
            if kind not in KINDS:
                raise InvalidDefinition(
                    f"there are no documents of kind {kind!r}; series are for {', '.join(KINDS)}"
                )
            Pattern(text)
        if len(set(entry.series.values())) < len(entry.series):
            raise InvalidDefinition(
                f"two series of seller {entry.id!r} have one pattern and would give each number twice; "
                "begin each with letters of its own"
            )
