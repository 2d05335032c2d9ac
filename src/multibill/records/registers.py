"""The one table from register kind to class. Each class lives in a module of its own."""

from __future__ import annotations

from collections.abc import Mapping

from multibill.records.accounts import BankAccount
from multibill.records.companies import Customer, Seller
from multibill.records.items import Item
from multibill.records.members import Member
from multibill.records.register import Register
from multibill.records.templates import Template

REGISTERS: Mapping[str, type[Register]] = {
    cls.kind: cls for cls in (Customer, Seller, BankAccount, Item, Template, Member)
}
