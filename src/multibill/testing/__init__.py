"""For hosts and adapter authors: a billing in memory, factories, a contract, machines, strategies.

Production code imports nothing from here. ``contract`` needs pytest, ``strategies`` and ``machine`` need hypothesis;
name those modules to import them.
"""

from __future__ import annotations

from multibill.testing.billing import SeededBytes, memory_billing
from multibill.testing.factories import acme, opened, studio
from multibill.testing.reading import journal_of, rows_of

__all__ = [
    "SeededBytes",
    "acme",
    "journal_of",
    "memory_billing",
    "opened",
    "rows_of",
    "studio",
]
