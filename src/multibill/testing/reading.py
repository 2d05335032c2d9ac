"""What is stored, read past every permission: for tests that hold the library to its journal."""

from __future__ import annotations

from multibill.billing import Billing
from multibill.history import Changeset
from multibill.ports import Row


def journal_of(billing: Billing, tenant: str = "t1") -> list[Changeset]:
    """Every changeset of a tenant, in order.

    >>> from multibill.testing import memory_billing, opened
    >>> [entry.action for entry in journal_of(opened(memory_billing()))]
    ['adopt', 'save', 'save']
    """
    with billing._storage.unit(tenant, write=False) as uow:
        return list(uow.journal())


def rows_of(billing: Billing, table: str, tenant: str = "t1") -> list[Row]:
    """Every stored row of one of ``ports.TABLES``, in the neutral form.

    >>> from multibill.testing import memory_billing, opened
    >>> sorted(row["kind"] for row in rows_of(opened(memory_billing()), "record"))
    ['customer', 'policy', 'seller']
    """
    with billing._storage.unit(tenant, write=False) as uow:
        return list(uow.rows(table))
