"""Billing: the composition root. Opens, migrates, checks and provisions; the only module that picks adapters."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self, cast

from multibill.clock import Clock, SystemClock
from multibill.errors import InvalidDefinition, InvalidValue, UnknownTenant
from multibill.ids import key
from multibill.permissions import Policy, Rights
from multibill.ports import Random, Renderer, Storage, Waker
from multibill.records import Actor, BankAccount, Custom, Item, Member, Seller, Template
from multibill.workflow import Workflow
from multibill.workspace import Desk, Workspace, kinds
from multibill.workspace.listing import check_policy
from multibill.workspace.provisioning import provision, setup_rights

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlalchemy.orm import Session

    from multibill.storage.sql import SqlStorage

Policies = Policy | Callable[[str], Policy]


class Billing:
    """multibill over one database: ``Billing.open("sqlite:///agency.db", policy=...)`` or ``Billing(engine, ...)``.

    Args:
        engine: a SQLAlchemy engine of the host's; multibill never disposes it.
        policy: a Policy, or a function from tenant to Policy.
        workflow: how drafts become documents; submit, one approval, issue when left out.
        fields: the host's custom fields.
        clock: where the time comes from.
        prefix: put before every table name.
        schema: database schema of the tables, where there are schemas.
        random: a source of unpredictable bytes.
        waker: how live feeds hear of changes; within the process, and from other processes on a SQLite file, when left
            out. Without any hint a feed looks once a second.
    """

    def __init__(
        self,
        engine: Engine | Storage,
        *,
        policy: Policies,
        workflow: Workflow | None = None,
        fields: Iterable[Custom] = (),
        clock: Clock | None = None,
        prefix: str = "multibill_",
        schema: str | None = None,
        random: Random = os.urandom,
        waker: Waker | None = None,
    ) -> None:
        self._storage = _storage(engine, prefix, schema)
        self._policy = policy
        self._workflow = workflow or Workflow()
        self._kinds = kinds(fields)
        if isinstance(policy, Policy):
            check_policy(policy, self._kinds)
        elif not callable(policy):
            raise InvalidDefinition(
                "policy= takes a Policy, such as presets.agency(), or a function of the tenant"
            )
        self._clock = clock or SystemClock()
        if self._clock.now().tzinfo is None:
            raise InvalidDefinition(
                "the clock tells a time without a zone; let it return datetime.now(UTC)"
            )
        self._random = random
        self._waker = waker or _waker(self._storage)
        self._own: Engine | None = None
        self._known: set[str] = set()
        self._policies_seen: set[tuple[str, str]] = set()
        self._renderers: dict[str, Renderer] = Renderers()

    @classmethod
    def open(cls, url: str, **options: Any) -> Billing:
        """multibill over a database of its own: ``sqlite:///agency.db`` (write-ahead log, full sync).

        Takes the same options as ``Billing``. Creates no table: call ``migrate()``. As a context manager it closes.
        """
        from multibill.storage.sql.engines import opened

        billing = cls(engine := opened(url), **options)
        billing._own = engine
        return billing

    def migrate(self) -> None:
        """Bring the tables to this version's revision. Never happens by itself."""
        self._sql().migrate()

    def check(self) -> None:
        """Raise SchemaMismatch unless the database is at this version's revision."""
        self._sql().check()

    def close(self) -> None:
        """Dispose of the engine that ``open`` made; the host's own is the host's to dispose."""
        if self._own is not None:
            self._own.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def provision(
        self,
        tenant: str,
        *,
        by: Actor,
        sellers: Sequence[Seller] = (),
        accounts: Sequence[BankAccount] = (),
        templates: Sequence[Template] = (),
        items: Sequence[Item] = (),
        members: Sequence[Member] = (),
        logos: Mapping[str, bytes] | None = None,
    ) -> None:
        """Found a tenant with its registers; running it again changes only what differs.

        Args:
            accounts: bank accounts; they are confirmed at once, for this is the host's own set-up.
            logos: the bytes of images by id of a template among those given.

        Raises InvalidValue for an entry that names another which is neither given nor there already.
        """
        provision(
            self._desk(key(tenant, "tenant"), by, setup_rights(by), None, None),
            sellers,
            accounts=accounts,
            templates=templates,
            items=items,
            members=members,
            logos=logos,
        )

    def workspace(
        self,
        tenant: str,
        *,
        actor: Actor,
        session: Session | Connection | None = None,
        reason: str | None = None,
    ) -> Workspace:
        """One tenant as one actor sees it.

        Args:
            session: the host's Session or Connection: everything joins its transaction, and commits and rolls back
                with it.
            reason: stands in every journal entry made through this workspace.

        Raises UnknownTenant for a tenant nobody provisioned.
        """
        if not isinstance(actor, Actor):
            raise InvalidValue(f"actor= takes an Actor, not {actor!r:.60}")
        policy = self._policy(tenant) if callable(self._policy) else self._policy
        if callable(self._policy):
            check_policy(policy, self._kinds)
        desk = self._desk(key(tenant, "tenant"), actor, Rights(policy, actor), session, reason)
        self._expect(desk)
        return Workspace(desk)

    def _expect(self, desk: Desk) -> None:
        if desk.tenant not in self._known:
            if desk.read(lambda uow: uow.head()) is None:
                raise UnknownTenant(
                    f"tenant {desk.tenant!r} is not provisioned; call billing.provision first"
                )
            if desk.bind is None:
                self._known.add(desk.tenant)

    def _desk(
        self, tenant: str, actor: Actor, rights: Rights, bind: object, reason: str | None
    ) -> Desk:
        return Desk(
            tenant=tenant,
            actor=actor,
            rights=rights,
            reason=reason,
            storage=self._storage,
            bind=bind,
            clock=self._clock,
            random=self._random,
            kinds=self._kinds,
            workflow=self._workflow,
            renderers=self._renderers,
            policies_seen=self._policies_seen,
            waker=self._waker,
            hint=self._hint(tenant, bind),
        )

    def behind(self, consumer: str) -> Sequence[str]:
        """The tenants, by id, in which something happened that the consumer of this name has not done yet.

        One query, however many tenants: what a worker asks before it opens a workspace in each of them.
        """
        return self._storage.behind(key(consumer, "consumer"))

    def _hint(self, tenant: str, bind: object) -> Callable[[], None]:
        """What tells readers that something was committed: at once, or after the commit of the host's session."""
        if bind is None:
            return lambda: self._waker.wake(tenant)
        from multibill.storage.sql.hints import after_commit

        return lambda: after_commit(bind, tenant, self._waker)

    def _sql(self) -> SqlStorage:
        from multibill.storage.sql import SqlStorage

        if not isinstance(self._storage, SqlStorage):
            raise InvalidDefinition(
                f"{type(self._storage).__name__} has no tables to migrate or check"
            )
        return self._storage


class Renderers(dict[str, Renderer]):
    """The renderers by format, each loaded at its first use."""

    def __missing__(self, format: str) -> Renderer:
        if format not in FORMATS:
            raise InvalidDefinition(f"there is no format {format!r}; one of {', '.join(FORMATS)}")
        self[format] = FORMATS[format]()
        return self[format]


def _waker(storage: Storage) -> Waker:
    from multibill.live import FileWaker, ProcessWaker

    file = getattr(storage, "file", None)
    return ProcessWaker() if file is None else FileWaker(file)


def _pdf() -> Renderer:
    from multibill.formats.pdf import PdfRenderer

    return PdfRenderer()


def _facturx() -> Renderer:
    from multibill.formats.facturx import FacturX

    return FacturX()


def _cii() -> Renderer:
    from multibill.formats.xml import XmlRenderer

    return XmlRenderer("cii")


def _ubl() -> Renderer:
    from multibill.formats.xml import XmlRenderer

    return XmlRenderer("ubl")


FORMATS: Mapping[str, Callable[[], Renderer]] = {
    "pdf": _pdf,
    "facturx": _facturx,
    "cii": _cii,
    "ubl": _ubl,
}


def _storage(engine: Engine | Storage, prefix: str, schema: str | None) -> Storage:
    if hasattr(engine, "unit"):
        return cast("Storage", engine)
    if isinstance(engine, str) or not hasattr(engine, "dialect"):
        raise InvalidDefinition("Billing takes an engine; for a URL write Billing.open(url, ...)")
    from multibill.storage.sql import SqlStorage

    return SqlStorage(engine, prefix=prefix, schema=schema)
