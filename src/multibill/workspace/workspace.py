"""Workspace: one tenant as one actor sees it. Every door is here; whatever reads a tenant goes through one."""

from __future__ import annotations

from multibill.documents import CreditNote, Invoice, Quote
from multibill.records import Actor, Customer, Item, Member, Seller
from multibill.workspace.accounts import Accounts
from multibill.workspace.audit import Audit
from multibill.workspace.desk import Desk
from multibill.workspace.documents import Documents
from multibill.workspace.payments import Payments
from multibill.workspace.registers import Registers
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

    @property
    def tenant(self) -> str:
        """The tenant's id."""
        return self._desk.tenant

    @property
    def actor(self) -> Actor:
        """Who this workspace acts for."""
        return self._desk.actor
