"""Provisioning: a tenant and its registers, once and again without harm. The only use case before any tenant exists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from multibill.errors import InvalidValue
from multibill.permissions import Policy, Rights, permit
from multibill.ports import UnitOfWork
from multibill.records import Actor, BankAccount, Item, Member, Seller, Template
from multibill.workspace import accounts as banking, registers, templates as looks
from multibill.workspace.desk import Desk
from multibill.workspace.linking import linked

SETUP = Policy(
    permit("provision", on="save", of="seller"),
    permit("provision-accounts", on="save", of="account"),
    permit("provision-items", on="save", of="item"),
    permit("provision-members", on="save", of="member"),
    permit("provision-templates", on="save", of="template"),
)
"""What provisioning runs under; journaled like any other policy."""


def provision(
    desk: Desk,
    sellers: Sequence[Seller] = (),
    *,
    accounts: Sequence[BankAccount] = (),
    templates: Sequence[Template] = (),
    items: Sequence[Item] = (),
    members: Sequence[Member] = (),
    logos: Mapping[str, bytes] | None = None,
) -> None:
    """Found the tenant and save its registers; what is already so is left alone. Accounts are confirmed at once.

    Entries may name each other, in any order. Raises InvalidValue for one that names what is not there.
    """
    images = {**(logos or {})}
    if unknown := sorted(images.keys() - {template.id for template in templates}):
        raise InvalidValue(f"there is no template {unknown[0]!r} among those given", path="/logos")

    def case(uow: UnitOfWork) -> None:
        uow.found()
        for template in templates:
            looks.save(desk, uow, desk.kinds["template"], template, logo=images.get(template.id))
        for entry in (*sellers, *items, *members):
            registers.save(desk, uow, desk.kinds[entry.kind], entry)
        for account in accounts:
            banking.settle(desk, uow, desk.kinds["account"], account)
        for named in (*templates, *sellers, *accounts):
            linked(desk, uow, named)

    desk.written(case)


def setup_rights(by: Actor) -> Rights:
    """The rights of whoever provisions."""
    return Rights(SETUP, by)
