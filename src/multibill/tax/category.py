"""VAT categories (UNTDID 5305 as EN 16931 uses it) and the VAT of a line: category, rate, exemption reason."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

import attrs

from multibill.errors import InvalidValue
from multibill.model import optional_text
from multibill.money import decimal


@attrs.frozen
class Category:
    """One VAT category: its code, what it is, whether its rate is zero and needs a reason.

    A ``local`` one is a tax of Spain's own in VAT's place: any rate from zero on, never a reason.
    """

    code: str
    name: str
    zero: bool
    reason: bool
    local: bool = False


CATEGORIES = {
    category.code: category
    for category in (
        Category("S", "standard or reduced rate", zero=False, reason=False),
        Category("Z", "zero rated", zero=True, reason=False),
        Category("E", "exempt", zero=True, reason=True),
        Category("AE", "reverse charge", zero=True, reason=True),
        Category("K", "intra-Community supply", zero=True, reason=True),
        Category("G", "export outside the EU", zero=True, reason=True),
        Category("O", "outside the scope of VAT", zero=True, reason=True),
        Category("L", "Canary Islands tax (IGIC)", zero=False, reason=False, local=True),
        Category("M", "tax of Ceuta and Melilla (IPSI)", zero=False, reason=False, local=True),
    )
}


def _category(code: str) -> str:
    if isinstance(code, str) and code in CATEGORIES:
        return code
    raise InvalidValue(f"{code!r} is not a VAT category; one of {', '.join(CATEGORIES)}")


def _rate(value: Decimal | int | str) -> Decimal:
    rate = decimal(value)
    if 0 <= rate < 100:
        return rate.copy_abs()
    raise InvalidValue(f"a VAT rate of {rate} % is not between 0 and 100")


@attrs.frozen(cache_hash=True)
class VAT:
    """The VAT of a line: ``VAT("S", "20")``, ``VAT("E", exemption="VATEX-FR-FRANCHISE")``.

    ``exemption`` is a code of the VATEX list (BT-121), ``reason`` words of the host's own (BT-120).

    >>> VAT("S", "20").rate
    Decimal('20')
    """

    category: str = attrs.field(converter=_category)
    rate: Decimal = attrs.field(default=Decimal(0), converter=_rate)
    exemption: str | None = attrs.field(default=None, converter=optional_text)
    reason: str | None = attrs.field(default=None, converter=optional_text, kw_only=True)


def vat(value: VAT | str | int | Decimal) -> VAT:
    """A VAT; a bare rate means the standard category.

    >>> vat("5.5").rate
    Decimal('5.5')
    """
    if isinstance(value, VAT):
        return value
    try:
        return shared("S", value, None)
    except TypeError as error:
        raise InvalidValue(f"{value!r} is no VAT rate such as '20', and no VAT") from error


@lru_cache(maxsize=512, typed=True)  # typed: 1 must not answer for True or 1.0
def shared(
    category: str, rate: str | int | Decimal, exemption: str | None, reason: str | None = None
) -> VAT:
    """One VAT object for equal ones: documents hold thousands of lines and few rates."""
    return VAT(category, rate, exemption, reason=reason)
