"""Workspace: one tenant as one actor sees it. Every door is here; whatever reads a tenant goes through one."""

from __future__ import annotations

from collections.abc import Collection

from multibill.documents import CreditNote, Invoice, Quote
from multibill.query import Expression
from multibill.records import Actor, Customer, Item, Member, Seller
from multibill.workspace.accounts import Accounts
from multibill.workspace.audit import Audit
from multibill.workspace.consumers import Consumer
from multibill.workspace.desk import Desk
from multibill.workspace.documents import Documents
from multibill.workspace.feed import Feed
from multibill.workspace.payments import Payments
from multibill.workspace.registers import Registers
from multibill.workspace.sifting import cursor_at, position_of
from multibill.workspace.templates import Templates


class Workspace:
    """What one actor may see and do in one tenant; get it from ``billing.workspace(tenant, actor=...)``."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.invoices: Documents[Invoice] = Documents(desk, desk.kinds["invoice"])
        self.credit_notes: Documents[CreditNote] = Documents(desk, desk.kinds["credit_note"])
        self.quotes: Documents[Quote] = Documents(desk, desk.kinds["quote"])
        self.customers: Registers[Customer] = Registers(desk, desk.kinds["customer"])
        self.sellers: Registers[Seller] = Registers(desk, desk.kinds["seller"])
        self.accounts = Accounts(desk, desk.kinds["account"])
        self.items: Registers[Item] = Registers(desk, desk.kinds["item"])
        self.templates = Templates(desk, desk.kinds["template"])
        self.members: Registers[Member] = Registers(desk, desk.kinds["member"])
        self.payments = Payments(desk)
        self.audit = Audit(desk)

    def feed(
        self,
        *conditions: Expression,
        after: str | None = None,
        kinds: Collection[str] | str | None = None,
        limit: int | None = None,
    ) -> Feed:
        """Every change that the actor may see, in the order of the journal, after a place in it.

        Rights are those of the moment of reading. ``feed.live()`` goes on waiting for what comes.

        Args:
            conditions: only what is about documents that meet them now: ``Doc.team == "web"``.
            after: an ``event.cursor``, a ``feed.cursor`` or ``ws.cursor()``; from the beginning when left out.
            kinds: only these kinds of record: ``{"invoice", "payment"}``.
            limit: at most so many events an iteration.

        Raises InvalidValue for what is no cursor of this tenant, Tampered where the journal has a hole.
        """
        position = position_of(self.tenant, after)
        return Feed(self._desk, conditions, position=position, kinds=kinds, limit=limit)

    def cursor(self) -> str:
        """The end of the journal now: take it, load a page, then follow ``feed(after=...)`` and miss nothing."""
        position, _ = self._desk.read(lambda uow: uow.head()) or (0, b"")
        return cursor_at(self.tenant, position)

    def consumer(
        self,
        name: str,
        *conditions: Expression,
        kinds: Collection[str] | str | None = None,
        lease: float = 30.0,
        start: str | None = None,
    ) -> Consumer:
        """A feed whose place is kept under a name in the database: at least once, in order, one process at a time.

        Args:
            lease: seconds after which another may take over from one that neither reads nor acknowledges.
            start: where a name that is new begins; with the first entry of the journal when left out.

        Raises Denied unless the actor may ``consume`` the journal.
        """
        place = position_of(self.tenant, start)
        return Consumer(self._desk, name, conditions, lease=lease, start=place, kinds=kinds)

    @property
    def tenant(self) -> str:
        """The tenant's id."""
        return self._desk.tenant

    @property
    def actor(self) -> Actor:
        """Who this workspace acts for."""
        return self._desk.actor
