"""The agency that verbs are tested in."""

from __future__ import annotations

from tests.workspace.agency import agency

__all__ = ["agency"]
