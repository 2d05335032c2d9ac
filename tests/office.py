"""One tenant with a seller, a customer and people in it: what tests of the desk begin with."""

from __future__ import annotations

from typing import Any

from multibill.billing import Billing
from multibill.clock import FrozenClock
from multibill.documents import Invoice, Line
from multibill.history import Changeset
from multibill.ports import Row, Storage
from multibill.records import Actor
from multibill.testing import journal_of, opened, rows_of
from multibill.testing.billing import NOON
from multibill.workspace import Report, Workspace
from tests.worlds import billing_on, tenant

LOGO = Line(id="a", name="Logo", quantity=2, unit="DAY", unit_price="450", vat="20")
HOSTING = Line(id="b", name="Hosting", unit_price="90", vat="20")


class Office:
    """A tenant on a storage, and its people: ``office.ann.invoices.draft(...)``. Everybody is a manager.

    ``as_`` gives anybody else. The clock stands at noon on 2026-11-30 until it is moved.
    """

    def __init__(self, storage: Storage, **options: Any) -> None:
        self.clock = FrozenClock(NOON)
        self.storage = storage
        self.tenant = tenant()
        self.billing: Billing = opened(
            billing_on(storage, clock=self.clock, **options), self.tenant
        )

    def as_(
        self, name: str, *roles: str, teams: Any = (), on_behalf_of: str | None = None, **said: Any
    ) -> Workspace:
        """The tenant as somebody sees it."""
        actor = Actor(name, roles=roles, teams=teams, on_behalf_of=on_behalf_of)
        return self.billing.workspace(self.tenant, actor=actor, **said)

    @property
    def ann(self) -> Workspace:
        """A manager, who drafts."""
        return self.as_("ann", "manager")

    @property
    def bob(self) -> Workspace:
        """Another, who reviews."""
        return self.as_("bob", "manager")

    @property
    def cat(self) -> Workspace:
        """A third one."""
        return self.as_("cat", "manager")

    def draft(self, **said: Any) -> Invoice:
        """A draft of ann's with one line."""
        known = {"seller": "studio", "buyer": "acme", "lines": [LOGO]}
        made: Invoice = self.ann.invoices.draft(**known | said)
        return made

    def approved(self, **said: Any) -> Invoice:
        """A draft of ann's that bob approved."""
        return self.bob.invoices.approve(self.ann.invoices.submit(self.draft(**said)))

    def issued(self, **said: Any) -> Invoice:
        """An invoice of ann's that bob approved and issued."""
        return self.bob.invoices.issue(self.approved(**said))

    def journal(self) -> list[Changeset]:
        """The whole journal."""
        return journal_of(self.billing, self.tenant)

    def rows(self, table: str) -> list[Row]:
        """Every stored row of a projection."""
        return rows_of(self.billing, table, self.tenant)

    def verify(self) -> Report:
        """The audit's report."""
        return self.as_("auditor", "admin").audit.verify()
