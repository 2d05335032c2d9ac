"""The way of a document: states and transitions as data, approvals bound to content, the preflight before issue."""

from __future__ import annotations

from multibill.workflow.accounts import names_accounts
from multibill.workflow.approvals import Review, material_digest
from multibill.workflow.preflight import preflight
from multibill.workflow.states import Transition, Workflow

__all__ = ["Review", "Transition", "Workflow", "material_digest", "names_accounts", "preflight"]
