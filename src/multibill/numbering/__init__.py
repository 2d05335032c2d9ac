"""Series and patterns: what a number looks like and when its counter starts again. Counts nothing itself."""

from __future__ import annotations

from multibill.numbering.pattern import Pattern
from multibill.numbering.series import Counter, day_of_issue

__all__ = ["Counter", "Pattern", "day_of_issue"]
