"""Figures, dates and units as each language writes them."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Context, Decimal, localcontext

import pytest
from hypothesis import given, strategies as st

from multibill.errors import InvalidValue
from multibill.i18n import (
    LANGUAGES,
    format_country,
    format_date,
    format_decimal,
    format_money,
    format_percent,
    format_price,
    format_quantity,
    format_unit,
)
from multibill.money import Money
from multibill.money.currencies import EXPONENTS

NB, THIN = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"

finite = st.decimals(
    min_value=-(10**15) + 1, max_value=10**15 - 1, allow_nan=False, allow_infinity=False, places=12
)


def read_back(shown: str, language: str) -> Decimal:
    """The number that a formatted text stands for, worked out without Babel."""
    point = "." if language == "en" else ","
    kept = "".join(c for c in shown if c.isdigit() or c in {point, "-"})
    return Decimal(kept.replace(",", "."))


@pytest.mark.parametrize(
    ("language", "money", "shown"),
    [
        ("fr", Money("1234567.50", "EUR"), f"1{THIN}234{THIN}567,50{NB}€"),
        ("en", Money("1234567.50", "EUR"), "€1,234,567.50"),
        ("fr", Money("-12", "EUR"), f"-12,00{NB}€"),
        ("en", Money("-12", "GBP"), "-£12.00"),
        ("fr", Money("5", "JPY"), f"5{NB}JPY"),
        ("fr", Money("5", "TND"), f"5,000{NB}TND"),
        ("en", Money("0.5", "UYW"), f"UYW{NB}0.5000"),
        ("en", Money("-12", "PLN"), f"-PLN{NB}12.00"),
        ("de", Money("1234.5", "EUR"), f"1.234,50{NB}€"),
        ("es", Money("1234.5", "EUR"), f"1.234,50{NB}€"),
        ("it", Money("1234.5", "EUR"), f"1.234,50{NB}€"),
    ],
)
def test_money_is_written_with_all_places_of_its_currency(
    language: str, money: Money, shown: str
) -> None:
    assert shown == format_money(money, language)


@pytest.mark.parametrize("code", EXPONENTS)
def test_the_places_come_from_iso_4217_for_every_currency(code: str) -> None:
    """CLDR gives cash digits for some (the Tunisian dinar has three, the Iraqi dinar none)."""
    digits = EXPONENTS[code]
    assert format_money(Money(1, code), "en").endswith("1." + digits * "0" if digits else "1")


@given(finite, st.sampled_from(list(LANGUAGES)))
def test_a_price_keeps_every_digit(price: Decimal, language: str) -> None:
    assert read_back(format_price(price, "TND", 3, language), language) == price


@given(finite, st.sampled_from(list(LANGUAGES)))
def test_a_quantity_keeps_every_digit(quantity: Decimal, language: str) -> None:
    assert read_back(format_quantity(quantity, "MTK", language).split(NB)[0], language) == quantity


@given(finite, st.sampled_from(list(LANGUAGES)), st.integers(1, 28))
def test_the_hosts_decimal_context_changes_nothing(
    value: Decimal, language: str, precision: int
) -> None:
    plain = format_decimal(value, language)
    with localcontext(Context(prec=precision, traps=[])):
        assert plain == format_decimal(value, language)


def test_a_price_finer_than_the_currency_is_shown_whole_and_a_round_one_with_its_places() -> None:
    assert f"0,0125{NB}€" == format_price(Decimal("0.0125"), "EUR", 2, "fr")
    assert f"450,00{NB}€" == format_price(Decimal(450), "EUR", 2, "fr")


def test_zero_has_no_sign() -> None:
    assert f"0,00{NB}MOP" == format_money(Money.of(Decimal("-0.00"), "MOP"), "fr")
    assert "0" == format_decimal(Decimal("-0"), "fr")


@pytest.mark.parametrize(
    ("language", "quantity", "shown"),
    [
        ("fr", "0", "jour"), ("fr", "1", "jour"), ("fr", "1.5", "jour"), ("fr", "2", "jours"),
        ("fr", "-1", "jour"), ("fr", "1000000", "jours"),
        ("en", "0", "days"), ("en", "1", "day"), ("en", "1.5", "days"),
        ("en", "-1", "day"), ("en", "1000", "days"),
    ],
)  # fmt: skip
def test_a_unit_agrees_with_its_quantity_as_the_language_counts(
    language: str, quantity: str, shown: str
) -> None:
    assert shown == format_quantity(Decimal(quantity), "DAY", language).split(NB)[1]


def test_zeros_after_the_point_do_not_make_a_plural() -> None:
    """CLDR counts 1.00 as several in English; a quantity is what it is worth."""
    assert f"1{NB}year" == format_quantity(Decimal("1.00"), "ANN", "en")


def test_a_unit_without_a_name_is_its_symbol_or_its_code() -> None:
    assert ("kg", "H85") == (format_unit("KGM", 2, "fr"), format_unit("H85", 2, "fr"))


def test_percentages_keep_their_places() -> None:
    assert (f"5,5{NB}%", f"20{NB}%") == (
        format_percent(Decimal("5.5"), "fr"),
        format_percent(Decimal("20.00"), "fr"),
    )
    assert "2.125%" == format_percent(Decimal("2.125"), "en")


def test_the_first_of_a_month_is_an_ordinal_where_the_language_writes_so() -> None:
    first, eleventh = date(2026, 12, 1), date(2026, 12, 11)
    written = {
        "fr": "1er décembre 2026",
        "en": "1 December 2026",
        "de": "1. Dezember 2026",
        "es": "1 de diciembre de 2026",
        "it": "1º dicembre 2026",
    }
    assert written == {language: format_date(first, language) for language in LANGUAGES}
    assert "11 décembre 2026" == format_date(eleventh, "fr")


def test_dates_have_their_month_in_words() -> None:
    assert "3 février 2026" == format_date(date(2026, 2, 3), "fr")
    assert "3 February 2026" == format_date(date(2026, 2, 3), "en")


def test_countries_have_names_and_unknown_ones_keep_their_code() -> None:
    assert ("Grèce", "Greece", "QQ") == (
        format_country("GR", "fr"),
        format_country("GR", "en"),
        format_country("QQ", "fr"),
    )


def test_every_formatter_refuses_an_unknown_language() -> None:
    for formatted in (
        lambda: format_money(Money("1", "EUR"), "xx"),
        lambda: format_decimal(Decimal(1), "xx"),
        lambda: format_percent(Decimal(1), "xx"),
        lambda: format_date(date(2026, 1, 1), "xx"),
        lambda: format_unit("DAY", 1, "xx"),
        lambda: format_country("FR", "xx"),
    ):
        with pytest.raises(InvalidValue, match="one of en, fr"):
            formatted()


def test_importing_the_room_loads_no_babel() -> None:
    program = "import multibill.i18n, sys; print('babel' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
