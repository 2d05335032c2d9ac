"""Records: what one write path, one journal and one permission check handle, whatever its kind."""

from __future__ import annotations

from multibill.records.accounts import BankAccount, Proposal
from multibill.records.actor import Actor
from multibill.records.companies import Customer, Seller
from multibill.records.custom import Custom, typed
from multibill.records.items import Item
from multibill.records.members import Member
from multibill.records.record import Record
from multibill.records.register import Register
from multibill.records.registers import REGISTERS
from multibill.records.templates import Template

__all__ = [
    "REGISTERS",
    "Actor",
    "BankAccount",
    "Custom",
    "Customer",
    "Item",
    "Member",
    "Proposal",
    "Record",
    "Register",
    "Seller",
    "Template",
    "typed",
]
