"""Number patterns such as ``F{year}-{n:05}``: checked when built, so that issuing cannot fail on them."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

import attrs

from multibill.errors import InvalidDefinition

TOKEN = re.compile(r"\{(?:(year|yy|month)|n(?::0([0-9]+))?)\}")
ALLOWED = re.compile(r"[A-Za-z0-9+_/-]{1,35}")


SPACE = {"year": 4, "yy": 2, "month": 2}
ROOM = 6
"""Digits that a pattern keeps free for its counter at least: a number may not outgrow BR-FR-01 within a period."""


def _longest(token: re.Match[str]) -> str:
    # a width beyond any use is as wrong as one just too wide, and is not written out
    width = SPACE[token[1]] if token[1] else max(int((token[2] or "0")[:3]), ROOM)
    return "0" * width


def _checked(text: str) -> str:
    if not isinstance(text, str):
        raise InvalidDefinition(f"{text!r} is not a number pattern such as 'F{{year}}-{{n:05}}'")
    _refuse_unsound(text)
    return text


@lru_cache(maxsize=256)  # a seller's few patterns are read again at every issue
def _refuse_unsound(text: str) -> None:
    counters = re.findall(r"\{n(?::0\d+)?\}", text)
    if len(counters) != 1 or not ALLOWED.fullmatch(TOKEN.sub(_longest, text)):
        raise InvalidDefinition(
            f"the number pattern {text!r} needs {{n}} or {{n:05}} exactly once, may use {{year}}, {{yy}}, {{month}}, "
            f"and otherwise letters, digits and + - _ / (35 characters at most, {ROOM} of them for the counter)"
        )
    if "{month}" in text and "{year}" not in text and "{yy}" not in text:
        raise InvalidDefinition(
            f"the number pattern {text!r} has a month but no year, so numbers would repeat"
        )


@attrs.frozen
class Pattern:
    """A number pattern with ``{year}``, ``{yy}``, ``{month}`` and one ``{n}`` or ``{n:05}``.

    The counter starts again with each year or month the pattern shows.

    >>> Pattern("F{year}-{n:05}").number(1, date(2026, 11, 30))
    'F2026-00001'
    >>> Pattern("F{year}-{n:05}").period(date(2026, 11, 30))
    '2026'
    """

    text: str = attrs.field(converter=_checked)

    def number(self, n: int, on: date) -> str:
        """The n-th number of the period that the day falls in; at most 35 characters (BR-FR-01)."""
        year, yy, month = f"{on.year:04}", f"{on.year % 100:02}", f"{on.month:02}"
        return self.text.format(n=n, year=year, yy=yy, month=month)

    def period(self, on: date) -> str:
        """The period whose counter gives the number: a year, a month, or the empty text for ever."""
        if "{month}" in self.text:
            return f"{on.year:04}-{on.month:02}"
        return f"{on.year:04}" if "{year}" in self.text or "{yy}" in self.text else ""
