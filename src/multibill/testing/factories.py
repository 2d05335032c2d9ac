"""A French seller, a French customer, and a tenant that has both: what most tests begin with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs

from multibill.billing import Billing
from multibill.documents import Terms
from multibill.parties import Address, Party
from multibill.permissions import Policy, Rights, permit
from multibill.ports import UnitOfWork
from multibill.records import Actor, Customer, Register, Seller
from multibill.workspace.registers import save

SETUP = Policy(
    permit("setup", on="save", of="seller"), permit("setup-customers", on="save", of="customer")
)
"""What ``opened`` writes under, whatever policy the billing has."""


def studio(**changes: Any) -> Seller:
    """A seller in Paris with a series for invoices and one for credit notes; the id is ``studio``.

    >>> studio(series={"invoice": "F{year}{month}-{n}"}).series["invoice"]
    'F{year}{month}-{n}'
    """
    seller = Seller(
        "studio",
        Party(
            name="Studio SARL",
            siren="123456782",
            vat_id="FR11123456782",
            legal="SARL, capital 10 000 EUR, RCS Paris",
            address=Address("12 rue Oberkampf", "75011", "Paris", "FR"),
        ),
        timezone="Europe/Paris",
        terms=Terms(days=30),
        series={"invoice": "F{year}-{n:05}", "credit_note": "A{year}-{n:05}"},
    )
    return attrs.evolve(seller, **changes)


def acme(**changes: Any) -> Customer:
    """A professional customer in Lyon; the id is ``acme``.

    >>> acme(language="en").language
    'en'
    """
    customer = Customer(
        "acme",
        Party(
            name="Acme SAS",
            siren="987654324",
            vat_id="FR14987654324",
            address=Address("3 cours Lafayette", "69003", "Lyon", "FR"),
        ),
    )
    return attrs.evolve(customer, **changes)


def opened(
    billing: Billing,
    tenant: str = "t1",
    *,
    sellers: Iterable[Seller] | None = None,
    customers: Iterable[Customer] | None = None,
) -> Billing:
    """The same billing, with the tenant provisioned: ``studio()`` and ``acme()`` when nothing else is given.

    Writes the registers under rights of its own, so that any policy can be under test.

    >>> from multibill.testing import memory_billing
    >>> billing = opened(memory_billing())
    >>> billing.workspace("t1", actor=Actor("ann", roles={"sales"})).customers.get(
    ...     "acme"
    ... ).party.name
    'Acme SAS'
    """
    setup = Actor.service("setup")
    billing.provision(tenant, by=setup)
    desk = billing._desk(tenant, setup, Rights(SETUP, setup), None, None)
    entries: list[Register] = [studio()] if sellers is None else [*sellers]
    entries += [acme()] if customers is None else [*customers]

    def case(uow: UnitOfWork) -> None:
        for entry in entries:
            save(desk, uow, desk.kinds[entry.kind], entry)

    desk.written(case)
    return billing
