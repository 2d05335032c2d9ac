"""The official rules, run as they are published: which apply to a file, what they say, and when nobody can say."""

from __future__ import annotations

from multibill.formats.official.rules import RuleSet, available
from multibill.formats.official.validator import Validator
from multibill.formats.official.verdict import Failure, Outcome, Verdict

__all__ = ["Failure", "Outcome", "RuleSet", "Validator", "Verdict", "available"]
