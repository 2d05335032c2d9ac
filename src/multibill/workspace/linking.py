"""What register entries name of each other: an entry that names what is not there is refused when it is saved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from multibill.errors import InvalidValue
from multibill.ports import UnitOfWork
from multibill.records import BankAccount, Register, Seller, Template
from multibill.workspace.desk import Desk
from multibill.workspace.snapshots import Registry

R = TypeVar("R", bound=Register)


def linked(desk: Desk, uow: UnitOfWork, entry: R) -> R:
    """The entry, which was just put, once all that it names is found, whoever may read that.

    Raises InvalidValue with the path of what is missing, or is another seller's.
    """
    registry = Registry(desk, uow)
    if isinstance(entry, Seller):
        _seller(registry, entry)
    elif isinstance(entry, BankAccount | Template):
        _of_seller(registry, entry.seller)
    if isinstance(entry, Template) and entry.seller is not None:
        _still_shown(entry, map(desk.kinds["seller"].stored, uow.records("seller")))
    return entry


def _seller(registry: Registry, entry: Seller) -> None:
    for kind, id in (("template", entry.template), ("account", entry.account)):
        found = registry.find(kind, id) if id is not None else None
        if id is not None and (found is None or found.seller not in (None, entry.id)):
            raise InvalidValue(
                f"there is no {kind} {id!r} for seller {entry.id!r}; save it first, or name another",
                path=f"/{kind}",
            )


def _of_seller(registry: Registry, id: str | None) -> None:
    if id is not None and registry.find("seller", id) is None:
        raise InvalidValue(f"there is no seller {id!r}; save it first", path="/seller")


def _still_shown(entry: Template, sellers: Iterable[Seller]) -> None:
    for seller in sellers:
        if seller.template == entry.id and seller.id != entry.seller:
            raise InvalidValue(
                f"documents of seller {seller.id!r} look like {entry.id!r}; give that seller another one first",
                path="/seller",
            )
