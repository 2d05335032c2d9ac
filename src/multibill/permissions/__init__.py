"""Who may do what: policies as data, one condition for a check and for a list. Any forbid wins; default deny."""

from __future__ import annotations

from multibill.permissions.covering import covering
from multibill.permissions.decision import Decision, Obstacle, WhyNot
from multibill.permissions.policy import Policy
from multibill.permissions.rights import Rights
from multibill.permissions.rules import Rule, forbid, permit
from multibill.permissions.sight import CLEAR, Sight, path_to
from multibill.permissions.veils import Veil, hide, mask, read_only

__all__ = [
    "CLEAR",
    "Decision",
    "Obstacle",
    "Policy",
    "Rights",
    "Rule",
    "Sight",
    "Veil",
    "WhyNot",
    "covering",
    "forbid",
    "hide",
    "mask",
    "path_to",
    "permit",
    "read_only",
]
