"""Which counter a document takes its number from, and which days it may bear."""

from __future__ import annotations

from datetime import date

import attrs

from multibill.errors import InvalidValue


@attrs.frozen
class Counter:
    """The key of one counter: seller, kind of document, name of the series, period."""

    seller: str
    kind: str
    series: str
    period: str


def day_of_issue(on: date | None, today: date, last: date | None) -> date:
    """The issue date: today, or a day between the series' last date and today (CGI ann. II art. 242 nonies A, 7°).

    >>> day_of_issue(None, date(2026, 11, 30), None)
    datetime.date(2026, 11, 30)
    >>> day_of_issue(date(2026, 11, 1), date(2026, 11, 30), date(2026, 11, 15))
    Traceback (most recent call last):
    multibill.errors.InvalidValue: /issue_date: 2026-11-01 is before 2026-11-15, the last date of this series; ...
    """
    chosen = on or today
    if chosen > today:
        raise InvalidValue(
            f"{chosen} lies after {today}, today at the seller's", path="/issue_date"
        )
    if last is not None and chosen < last:
        raise InvalidValue(
            f"{chosen} is before {last}, the last date of this series; numbers follow dates",
            path="/issue_date",
        )
    return chosen
