"""Working on one document at once: rebase by merge unit, conflicts. Pure; knows no storage and no permission."""

from __future__ import annotations

from multibill.collaboration.rebase import Overlap, rebase

__all__ = ["Overlap", "rebase"]
