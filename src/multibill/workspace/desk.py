"""The desk: everything one actor's calls share, and the one write path's common steps.

Each use case is a function over a unit of work; ``written`` runs it, again from the start when another writer
was faster. No SQL, no I/O, no clock and no randomness of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

import attrs

from multibill.clock import Clock
from multibill.codec import canonical, sha256
from multibill.errors import Denied, InvalidValue, KeyReused, NotFound, Retryable
from multibill.history import Change, Changeset, Entry
from multibill.history.chain import micros
from multibill.ids import is_key, uuid7
from multibill.model import optional_text
from multibill.permissions import Decision, Rights, Sight, path_to
from multibill.ports import (
    Key,
    Loaded,
    Lost,
    Mark,
    Projection,
    Random,
    Renderer,
    Row,
    Storage,
    UnitOfWork,
    Waker,
    Write,
)
from multibill.query import ANYTHING, Expression
from multibill.records import Actor, Record
from multibill.workflow import Workflow
from multibill.workspace.kinds import Kind

T = TypeVar("T")

ATTEMPTS = 5
NOTHING = Projection()
SEED = 16
REQUEST_ID = 128


def _request_id(value: str) -> str:
    if isinstance(value, str) and 0 < len(value) <= REQUEST_ID and value.isprintable():
        return value
    raise InvalidValue(
        f"a request id is 1 to {REQUEST_ID} printable characters", path="/request_id"
    )


def _reason(value: str | None) -> str | None:
    try:
        return optional_text(value)
    except InvalidValue as error:
        raise error.at("/reason") from None


@attrs.frozen
class Request:
    """A request id with the fingerprint of what was asked, so that a retry is told from a mix-up."""

    id: str = attrs.field(converter=_request_id)
    fingerprint: str

    @classmethod
    def of(cls, id: str | None, verb: str, *parts: object) -> Request | None:
        """The request of a call; None when the caller gave no id."""
        return None if id is None else cls(id, fingerprint(verb, *parts))


@attrs.frozen
class Call:
    """What one call of a verb says about itself: the action, why, which request, on which base, under which key."""

    action: str
    reason: str | None = attrs.field(default=None, converter=_reason)
    request: Request | None = None
    base: int | None = None
    key: Key | None = None


@attrs.frozen(kw_only=True)
class Desk:
    """One tenant, one actor, one transaction to join or none, and the ports."""

    tenant: str
    actor: Actor
    rights: Rights
    reason: str | None = attrs.field(converter=_reason)
    storage: Storage
    bind: object
    clock: Clock
    random: Random
    kinds: Mapping[str, Kind]
    workflow: Workflow
    renderers: Mapping[str, Renderer]
    policies_seen: set[tuple[str, str]]
    waker: Waker
    hint: Callable[[], None]

    def read(self, case: Callable[[UnitOfWork], T]) -> T:
        """Run a reading use case in one unit of work."""
        with self.storage.unit(self.tenant, write=False, bind=self.bind) as uow:
            return case(uow)

    def written(self, case: Callable[[UnitOfWork], T]) -> T:
        """Run a writing use case; five times at most when another writer was faster, then Retryable."""
        for _ in range(ATTEMPTS):
            kept = False
            try:
                with self.storage.unit(self.tenant, write=True, bind=self.bind) as uow:
                    result = case(uow)
                kept = True
                self.hint()
                return result
            except Lost:
                continue
            finally:
                if not kept:  # the entry that was seen may be this unit's own, and gone with it
                    self.policies_seen.discard(self._adoption)
        raise Retryable("other writers were faster five times; nothing was changed, try again")

    def today(self) -> date:
        """Today in UTC, for what a draft would say; legal dates use the seller's zone."""
        return self.clock.now().date()

    def new_id(self) -> str:
        """A fresh UUIDv7."""
        return uuid7(int(self.clock.now().timestamp() * 1000), self.random)

    def sight(self, kind: Kind, row: Row) -> Sight:
        """Which fields of a document with this row the actor sees and may set."""
        return self.rights.sight(kind.fields, row)

    def require(self, action: str, of: str, row: Mapping[str, Any], resource: str) -> None:
        """Raise Denied, with the decision in it, unless the action is allowed on the row."""
        if not self.rights.allows(action, of, row):
            decision = self.decided(action, of, row, resource)
            raise Denied(decision.summary(), decision=decision)

    def decided(
        self,
        action: str,
        of: str,
        row: Row,
        resource: str,
        guard: Expression = ANYTHING,
    ) -> Decision:
        """The decision on an action, which explains itself without what the actor does not see."""
        covered = frozenset[str]()
        if of == "document" and self.rights.veils:
            kind = self.kinds[row["kind"]]
            sight = self.sight(kind, row)
            names = {*row, *(f"custom.{name}" for name in kind.indexed_types)}
            covered = frozenset(name for name in names if sight.covers(path_to(name)))
        return self.rights.decide(action, of, row, resource, guard, covered=covered)

    def append(
        self,
        uow: UnitOfWork,
        record: Record,
        changes: Sequence[Change],
        call: Call,
        *,
        about: str | None = None,
        projection: Projection = NOTHING,
        mark: Mark | None = None,
    ) -> Changeset:
        """Step 7: the record's new version and its journal entry, under this actor's name."""
        self._adopt_policy(uow)
        made = self._write(record, changes, call, about=about, projection=projection, mark=mark)
        return uow.append(made)

    def _write(
        self,
        record: Record,
        changes: Sequence[Change],
        call: Call,
        *,
        about: str | None = None,
        projection: Projection = NOTHING,
        mark: Mark | None = None,
    ) -> Write:
        asked = call.request or call.key
        entry = Entry(
            tenant=self.tenant,
            kind=record.kind,
            record=record.id,
            version=record.version,
            about=about or record.id,
            action=call.action,
            actor=self.actor.id,
            on_behalf_of=self.actor.on_behalf_of,
            roles=tuple(sorted(self.actor.roles)),
            reason=call.reason or self.reason,
            recorded=micros(self.clock.now()),
            request_id=call.request.id if call.request else None,
            fingerprint=asked.fingerprint if asked else None,
            policy=self.rights.policy.fingerprint,
            base=call.base,
            changes=tuple(changes),
            seed=self.random(SEED),
        )
        expected = record.version - 1
        return Write(
            record=record, expected=expected, entry=entry, projection=projection, mark=mark
        )

    def _adopt_policy(self, uow: UnitOfWork) -> None:
        """The policy's text is journaled when it decides for the first time in a tenant."""
        policy = self.rights.policy
        if self._adoption in self.policies_seen:
            return
        if uow.load("policy", policy.fingerprint) is None:
            body = policy.to_wire()
            record = Record("policy", policy.fingerprint, 1, body, {})
            uow.append(self._write(record, (Change("", None, body),), Call("adopt")))
        elif self.bind is None:
            self.policies_seen.add(self._adoption)

    @property
    def _adoption(self) -> tuple[str, str]:
        return self.tenant, self.rights.policy.fingerprint


def fingerprint(verb: str, *parts: object) -> str:
    """16 hexadecimal digits of what was asked; InvalidValue for what JSON cannot say."""
    try:
        return sha256(canonical([verb, *parts]))[:16]
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidValue(f"this cannot be written as JSON: {error}") from error


def answered(desk: Desk, uow: UnitOfWork, request: Request | None) -> Changeset | None:
    """The changeset that this request has already made; KeyReused when it asked for something else."""
    if request is None:
        return None
    found = uow.answered(desk.actor.id, request.id)
    if found is not None and found.fingerprint != request.fingerprint:
        raise KeyReused(
            f"request id {request.id!r} was already used for another call; use a new one"
        )
    return found


def known(
    desk: Desk, uow: UnitOfWork, kind: str, id: str, needed: Collection[str]
) -> Loaded | None:
    """A document with what rules ask for: its summary, its indexed custom fields, ``authors`` when needed."""
    loaded = uow.load(kind, id, needed)
    custom = desk.kinds[kind].custom_facts(loaded.record.body) if loaded else None
    if loaded is None or not custom:
        return loaded
    return Loaded(loaded.record, {**loaded.row, **custom})


def readable(desk: Desk, uow: UnitOfWork, kind: str, id: str, *actions: str) -> Loaded:
    """The document, if this actor may read it, with what the rules on these actions ask for.

    Raises NotFound when there is none, or none that this actor may see: both look the same.
    """
    asked = (desk.rights.needs(action, "document") for action in ("read", *actions))
    needed = frozenset[str]().union(*asked) & {"authors"}
    loaded = known(desk, uow, kind, id, needed) if is_key(id) else None
    if loaded is not None and desk.rights.allows("read", "document", loaded.row):
        return loaded
    raise NotFound(f"no {kind.replace('_', ' ')} {id!r} here")
