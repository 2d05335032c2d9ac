"""Provisioning: a tenant and its sellers, once and again without harm. The only use case before any tenant exists."""

from __future__ import annotations

from collections.abc import Sequence

from multibill.permissions import Policy, Rights, permit
from multibill.ports import UnitOfWork
from multibill.records import Actor, Seller
from multibill.workspace.desk import Desk
from multibill.workspace.registers import save

SETUP = Policy(permit("provision", on="save", of="seller"))
"""What provisioning runs under; journaled like any other policy."""


def provision(desk: Desk, sellers: Sequence[Seller]) -> None:
    """Found the tenant and save its sellers; what is already so is left alone."""

    def case(uow: UnitOfWork) -> None:
        uow.found()
        for seller in sellers:
            save(desk, uow, desk.kinds["seller"], seller)

    desk.written(case)


def setup_rights(by: Actor) -> Rights:
    """The rights of whoever provisions."""
    return Rights(SETUP, by)
