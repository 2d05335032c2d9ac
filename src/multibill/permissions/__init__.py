"""Who may do what: policies as data, one condition for a check and for a list. Any forbid wins; default deny."""

from __future__ import annotations

from multibill.permissions.decision import Decision
from multibill.permissions.policy import Policy
from multibill.permissions.rights import Rights
from multibill.permissions.rules import Rule, forbid, permit

__all__ = ["Decision", "Policy", "Rights", "Rule", "forbid", "permit"]
