"""Change, diff, replay and proofs over plain trees. Knows no document, no permission and no storage."""

from __future__ import annotations

from multibill.history.chain import GENESIS, Changeset, Entry, link, sealed
from multibill.history.change import Change, apply, at, diff, revert, rewound

__all__ = [
    "GENESIS",
    "Change",
    "Changeset",
    "Entry",
    "apply",
    "at",
    "diff",
    "link",
    "revert",
    "rewound",
    "sealed",
]
