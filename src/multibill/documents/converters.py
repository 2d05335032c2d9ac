"""What attributes of documents let in beside texts: days, keys, unit codes, positive numbers."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from multibill.clock import day
from multibill.errors import InvalidValue
from multibill.ids import key
from multibill.money import decimal


def optional_key(value: str | None) -> str | None:
    """Like ids.key(); None waits for the desk to make one."""
    return None if value is None else key(value)


def optional_day(value: date | str | None) -> date | None:
    """Like clock.day(); None stays None."""
    return None if value is None else day(value)


def unit_code(value: str) -> str:
    """A code of UN/ECE Recommendation 20 or 21 (BR-CL-23), by its form: two or three capitals and figures.

    >>> unit_code("DAY")
    'DAY'
    >>> unit_code("day")
    Traceback (most recent call last):
    multibill.errors.InvalidValue: 'day' is no UN/ECE unit code; write DAY, HUR, C62 for one, or another of them
    """
    if isinstance(value, str) and re.fullmatch("[A-Z0-9]{2,3}", value):
        return str(value)
    raise InvalidValue(
        f"{value!r} is no UN/ECE unit code; write DAY, HUR, C62 for one, or another of them"
    )


def positive(value: Decimal | int | str) -> Decimal:
    """A decimal above zero."""
    number = decimal(value)
    if number > 0:
        return number
    raise InvalidValue(f"{number} must be above zero")


def optional_positive(value: Decimal | int | str | None) -> Decimal | None:
    """A decimal above zero; None stays None."""
    return None if value is None else positive(value)


def not_negative(value: Decimal | int | str) -> Decimal:
    """A decimal from zero up."""
    number = decimal(value)
    if number >= 0:
        return number.copy_abs()
    raise InvalidValue(f"{number} must not be below zero")


def optional_not_negative(value: Decimal | int | str | None) -> Decimal | None:
    """A decimal from zero up; None stays None."""
    return None if value is None else not_negative(value)


def optional_percent(value: Decimal | int | str | None) -> Decimal | None:
    """A percentage from 0 to 1000; None stays None."""
    percent = optional_not_negative(value)
    if percent is not None and percent > 1000:
        raise InvalidValue(f"{percent} % is more than 1000 %")
    return percent


def optional_unit(value: str | None) -> str | None:
    """Like unit_code(); None stays None."""
    return None if value is None else unit_code(value)
