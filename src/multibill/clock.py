"""Time as an argument: the clock port, a frozen clock for tests, and the wire form of instants.

Instants are aware UTC datetimes; legal dates are plain dates in the seller's time zone.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Protocol

from multibill.errors import InvalidValue


class Clock(Protocol):
    """Anything that tells the time as an aware datetime."""

    def now(self) -> datetime:
        """The present instant, with a time zone."""


class SystemClock:
    """The machine's own clock, in UTC."""

    def now(self) -> datetime:
        """The present instant in UTC."""
        return datetime.now(UTC)


class FrozenClock:
    """A clock that stands still until it is moved; for tests and reproducible demonstrations.

    >>> clock = FrozenClock("2026-12-31T23:30:00Z")
    >>> clock.advance(minutes=30)
    >>> clock.now().isoformat()
    '2027-01-01T00:00:00+00:00'
    """

    def __init__(self, at: str | datetime) -> None:
        self._now = instant(at)

    def now(self) -> datetime:
        """The instant this clock stands at."""
        return self._now

    def advance(self, **delta: float) -> None:
        """Move forward by the given timedelta arguments (days, hours, minutes, seconds ...)."""
        self._now += timedelta(**delta)


def instant(value: str | datetime) -> datetime:
    """An aware UTC datetime from ISO 8601 text or an aware datetime.

    >>> instant("2026-11-30T10:00:00+01:00").isoformat()
    '2026-11-30T09:00:00+00:00'
    """
    try:
        parsed = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError as error:
        raise InvalidValue(
            f"{value!r} is not an ISO 8601 instant such as 2026-11-30T09:00:00Z"
        ) from error
    if not isinstance(parsed, datetime) or parsed.tzinfo is None:
        raise InvalidValue(f"{value!r} needs a time zone; write 2026-11-30T09:00:00Z")
    try:
        return parsed.astimezone(UTC)
    except OverflowError as error:
        raise InvalidValue(f"{value!r} lies outside the years 1 to 9999") from error


def instant_text(value: datetime) -> str:
    """The wire form: UTC, microseconds, ``Z``.

    >>> instant_text(instant("2026-11-30T10:00:00+01:00"))
    '2026-11-30T09:00:00.000000Z'
    """
    # strftime("%Y") does not pad years below 1000 on every platform
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def day(value: str | date) -> date:
    """A plain date from ISO 8601 text or a date; a datetime is refused, for its zone is not the seller's.

    >>> day("2026-11-30")
    datetime.date(2026, 11, 30)
    """
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise InvalidValue(f"{value!r} is not a date such as 2026-11-30") from error
    if isinstance(value, datetime) or not isinstance(value, date):
        raise InvalidValue(
            f"{value!r} is not a plain date; write date(2026, 11, 30) or '2026-11-30'"
        )
    return value


def today(clock: Clock, zone: tzinfo) -> date:
    """The calendar day that the clock shows in a seller's time zone.

    >>> from zoneinfo import ZoneInfo
    >>> today(FrozenClock("2026-12-31T23:30:00Z"), ZoneInfo("Europe/Paris"))
    datetime.date(2027, 1, 1)
    """
    return clock.now().astimezone(zone).date()
