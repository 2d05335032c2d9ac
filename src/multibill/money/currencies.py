"""ISO 4217 as dated data: codes, minor units, withdrawals. Formatting belongs to i18n.

Source: ISO 4217:2015, list one and list three, state of 2026-01-01. Other lists (CLDR) give cash digits.
"""

from __future__ import annotations

from datetime import date

from multibill.errors import InvalidValue

TWO = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW
CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF
IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK
MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP
SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER
ZAR ZMW ZWG
"""
ZERO = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
THREE = "BHD IQD JOD KWD LYD OMR TND"
FOUR = "CLF UYW"

WITHDRAWN = {
    "ANG": (2, date(2025, 3, 31)),
    "BGN": (2, date(2026, 1, 1)),
    "CUC": (2, date(2021, 6, 30)),
    "HRK": (2, date(2023, 1, 1)),
    "SLL": (2, date(2024, 4, 1)),
    "ZWL": (2, date(2024, 9, 1)),
}

EXPONENTS: dict[str, int] = {
    **{code: 2 for code in TWO.split()},
    **{code: 0 for code in ZERO.split()},
    **{code: 3 for code in THREE.split()},
    **{code: 4 for code in FOUR.split()},
    **{code: digits for code, (digits, _) in WITHDRAWN.items()},
}


def currency(code: str) -> str:
    """The code, if ISO 4217 knows it (withdrawn ones too: old documents keep theirs).

    >>> currency("EUR")
    'EUR'
    >>> currency("eur")
    Traceback (most recent call last):
    multibill.errors.InvalidValue: 'eur' is not an ISO 4217 currency code such as 'EUR'
    """
    if isinstance(code, str) and code in EXPONENTS:
        return code
    raise InvalidValue(f"{code!r} is not an ISO 4217 currency code such as 'EUR'")


def exponent(code: str) -> int:
    """Digits of the minor unit: 2 for EUR, 0 for JPY, 3 for TND.

    >>> exponent("JPY"), exponent("TND")
    (0, 3)
    """
    return EXPONENTS[currency(code)]


def circulates(code: str, on: date) -> bool:
    """Whether the currency was not yet withdrawn on that day.

    >>> circulates("BGN", date(2025, 12, 31)), circulates("BGN", date(2026, 1, 1))
    (True, False)
    """
    withdrawn = WITHDRAWN.get(currency(code))
    return withdrawn is None or on < withdrawn[1]
