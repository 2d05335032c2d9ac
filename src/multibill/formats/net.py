"""Prices that include VAT, said without it: EN 16931 knows net prices and bases only (BT-146, BT-148, BT-93, BT-137).

The amounts of lines, allowances and charges are net in the totals already; nothing is computed twice.
"""

from __future__ import annotations

from decimal import Decimal, localcontext

from multibill.codec import decimal_text
from multibill.documents import Document
from multibill.formats.table import Terms
from multibill.money import ARITHMETIC
from multibill.money.rounding import QUANTA
from multibill.tax import VAT

PRICE = Decimal("0.000001")
"""What a price is rounded to: more decimals are refused by French platforms."""
HUNDRED = Decimal(100)
BASES = (("allowances", "BT-93", "BT-137"), ("charges", "BT-100", "BT-142"))


def without_vat(document: Document, found: Terms) -> None:
    """Take the VAT out of prices and bases, in place."""
    with localcontext(ARITHMETIC):
        cent = QUANTA[document.currency]
        for line, said in zip(document.lines, found.get("lines", ()), strict=True):
            _prices(said, line.vat)
            for name, _, base in BASES:
                for item in said.get(name, ()):
                    _shrink(item, base, line.vat, cent)
        for name, base, _ in BASES:
            for owner, item in zip(getattr(document, name), found.get(name, ()), strict=True):
                _shrink(item, base, owner.vat, cent)


def _prices(said: Terms, vat: VAT) -> None:
    """The unit price, and the gross price whose discount leads to it."""
    _shrink(said, "BT-146", vat, PRICE)
    if "BT-148" in said:
        _shrink(said, "BT-148", vat, PRICE)
        discount = Decimal(said["BT-148"]) - Decimal(said["BT-146"])
        said["BT-147"] = decimal_text(max(discount, Decimal(0)))


def _shrink(said: Terms, term: str, vat: VAT, quantum: Decimal) -> None:
    if term in said:
        net = Decimal(said[term]) * HUNDRED / (HUNDRED + vat.rate)
        said[term] = decimal_text(net.quantize(quantum))
