"""Figures, dates, units and countries as the reader's language writes them. Never rounds, never computes.

Money brings its own number of places (ISO 4217, kept in multibill.money); Babel's table of currency digits is
not asked. Zero has no sign. A host's decimal context does not count: the precision here exceeds every figure.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Context, Decimal, localcontext
from functools import lru_cache
from typing import TYPE_CHECKING

from multibill.i18n.catalogue import labels
from multibill.i18n.languages import locale
from multibill.i18n.units import SYMBOLS, UNITS

if TYPE_CHECKING:
    from babel.numbers import NumberPattern

    from multibill.money import Money

LETTERS = re.compile("(?<=[A-Za-z])(?=[0-9])")
"""Where a currency of letters meets a figure: a space belongs there (UTS 35, currencySpacing)."""
EXACT = Context(prec=60)
FIRST = {"fr": "1er", "it": "1º"}
"""The first of a month is an ordinal number there; CLDR does not say so."""
MOST = 12
"""Decimal places that a quantity or a price may have."""


def format_money(money: Money, language: str) -> str:
    """The amount with all places of its currency, and the currency's sign.

    >>> from multibill.money import Money
    >>> format_money(Money("1234.50", "EUR"), "fr"), format_money(Money("1234.50", "EUR"), "en")
    ('1\\u202f234,50\\xa0€', '€1,234.50')
    >>> format_money(Money("5", "JPY"), "en"), format_money(Money("-5", "TND"), "fr")
    ('JP¥5', '-5,000\\xa0TND')
    """
    return format_price(money.amount, money.currency, places(money.amount), language)


@lru_cache(maxsize=4096)
def format_price(price: Decimal, currency: str, least: int, language: str) -> str:
    """A unit price with every place that it has, at least ``least``: prices may be finer than the currency.

    >>> (
    ...     format_price(Decimal("0.0125"), "EUR", 2, "fr"),
    ...     format_price(Decimal("450"), "EUR", 2, "fr"),
    ... )
    ('0,0125\\xa0€', '450,00\\xa0€')
    """
    with localcontext(EXACT):
        pattern = _pattern("currency", language, least)
        shown = pattern.apply(price + 0, locale(language), currency=currency, currency_digits=False)
        return LETTERS.sub("\N{NO-BREAK SPACE}", shown)


def format_decimal(value: Decimal, language: str, least: int = 0) -> str:
    """A number with every place that it has, at least ``least``.

    >>> format_decimal(Decimal("1234.50"), "fr"), format_decimal(Decimal("1234.50"), "en", 2)
    ('1\\u202f234,5', '1,234.50')
    """
    with localcontext(EXACT):
        return str(_pattern("decimal", language, least).apply(value + 0, locale(language)))


@lru_cache(maxsize=256)
def format_percent(percent: Decimal, language: str) -> str:
    """A rate given in percent.

    >>> format_percent(Decimal("5.5"), "fr"), format_percent(Decimal("20.00"), "en")
    ('5,5\\xa0%', '20%')
    """
    with localcontext(EXACT):
        share = percent.scaleb(-2) + 0
        return str(_pattern("percent", language, 0).apply(share, locale(language)))


def format_date(day: date, language: str) -> str:
    """The day with the month in words, so that no reader can take it for another.

    >>> format_date(date(2026, 12, 1), "fr"), format_date(date(2026, 12, 1), "en")
    ('1er décembre 2026', '1 December 2026')
    """
    from babel.dates import format_date as babel_date

    said = babel_date(day, format="long", locale=locale(language))
    return FIRST[language] + said[1:] if day.day == 1 and language in FIRST else said


def format_moment(moment: datetime, language: str) -> str:
    """The day and the minute, in the time zone of the instant, which is named.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 30, 12, tzinfo=UTC)
    >>> format_moment(noon, "fr"), format_moment(noon, "en")
    ('30 nov. 2026, 12:00 UTC', '30 Nov 2026, 12:00 UTC')
    """
    from babel.dates import format_date as babel_date, format_time

    known = locale(language)
    time = format_time(moment, "short", moment.tzinfo, locale=known)
    return f"{babel_date(moment, 'medium', known)}, {time} {moment.tzname()}"


def format_unit(code: str, quantity: Decimal | int, language: str) -> str:
    """The name of a unit (UN/ECE Recommendation 20 and 21) as it follows that quantity; else the code itself.

    >>> format_unit("DAY", 3, "fr"), format_unit("DAY", 1, "en"), format_unit("KGM", 2, "fr")
    ('jours', 'day', 'kg')
    >>> format_unit("H85", 2, "fr")
    'H85'
    """
    if code in UNITS:
        return labels(language).counted(*UNITS[code], quantity)
    return SYMBOLS.get(code, code)


@lru_cache(maxsize=4096)
def format_quantity(quantity: Decimal, unit: str, language: str) -> str:
    """Quantity and unit, held together by a no-break space.

    >>> format_quantity(Decimal("1.50"), "HUR", "fr"), format_quantity(Decimal("1.50"), "HUR", "en")
    ('1,5\\xa0heure', '1.5\\xa0hours')
    """
    shown = quantity.normalize(EXACT)
    return (
        f"{format_decimal(shown, language)}\N{NO-BREAK SPACE}{format_unit(unit, shown, language)}"
    )


def format_country(code: str, language: str) -> str:
    """The name of a country (ISO 3166-1 alpha-2); a code that CLDR has no name for stays as it is.

    >>> format_country("DE", "fr"), format_country("DE", "en"), format_country("QQ", "en")
    ('Allemagne', 'Germany', 'QQ')
    """
    return str(locale(language).territories.get(code, code))


def places(amount: Decimal) -> int:
    """The decimal places that an amount is written with.

    >>> places(Decimal("1.50")), places(Decimal("5"))
    (2, 0)
    """
    exponent = amount.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


@lru_cache(maxsize=128)
def _pattern(kind: str, language: str, least: int) -> NumberPattern:
    """The locale's pattern, with our number of decimal places in the place of its own."""
    from babel.numbers import parse_pattern

    known = locale(language)
    patterns = {
        "currency": known.currency_formats["standard"],
        "decimal": known.decimal_formats[None],
        "percent": known.percent_formats[None],
    }
    pattern = parse_pattern(patterns[kind].pattern)
    pattern.frac_prec = (least, max(least, MOST))
    return pattern
