"""For hosts and adapter authors: a billing in memory, factories, a contract, machines, strategies.

Production code imports nothing from here. ``StorageContract`` needs pytest, ``InvoicingMachine`` and the module
``strategies`` need hypothesis; each is loaded when it is named.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from multibill.testing.billing import SeededBytes, memory_billing
from multibill.testing.factories import acme, opened, studio
from multibill.testing.reading import journal_of, rows_of

if TYPE_CHECKING:
    from multibill.testing.contract import StorageContract
    from multibill.testing.machine import InvoicingMachine

HOMES = {"InvoicingMachine": "machine", "StorageContract": "contract"}

__all__ = [
    "InvoicingMachine",
    "SeededBytes",
    "StorageContract",
    "acme",
    "journal_of",
    "memory_billing",
    "opened",
    "rows_of",
    "studio",
]


def __getattr__(name: str) -> object:
    """What needs a package that only tests have, found when it is first named (PEP 562)."""
    if name not in HOMES:
        raise AttributeError(f"module 'multibill.testing' has no attribute {name!r}")
    return getattr(import_module(f"multibill.testing.{HOMES[name]}"), name)
