"""The one engine that computes: line nets, VAT breakdown, document totals. Exporters never recompute.

Rule ``currency`` (EN 16931-1, 6.4.4 and BR-CO-10 to BR-CO-17): each line net is rounded to the minor unit, VAT is
computed once per category and rate on the sum of its lines, and every total is a sum of rounded figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext

import attrs

from multibill.documents.line import Line
from multibill.errors import InvalidValue
from multibill.model import term
from multibill.money import ARITHMETIC, Money, quantum
from multibill.money.amount import LIMITS
from multibill.tax import VAT

ENGINE = "totals/1"
HUNDRED, ZERO = Decimal(100), Decimal(0)


@attrs.frozen
class VatTotal:
    """One row of the VAT breakdown (BG-23)."""

    category: str = attrs.field(metadata=term("BT-118"))
    rate: Decimal = attrs.field(metadata=term("BT-119"))
    exemption: str | None = attrs.field(metadata=term("BT-121"))
    taxable: Money = attrs.field(metadata=term("BT-116"))
    tax: Money = attrs.field(metadata=term("BT-117"))

    @property
    def key(self) -> str:
        """What tells the row apart in paths: ``S-20``, ``E-0-VATEX-FR-FRANCHISE``."""
        rate = f"{self.category}-{self.rate.normalize(ARITHMETIC):f}"
        return f"{rate}-{self.exemption}" if self.exemption else rate


@attrs.frozen
class Totals:
    """The document totals (BG-22) with their VAT breakdown, all in the document's currency."""

    lines: Money = attrs.field(metadata=term("BT-106"))
    net: Money = attrs.field(metadata=term("BT-109"))
    vat: Money = attrs.field(metadata=term("BT-110"))
    gross: Money = attrs.field(metadata=term("BT-112"))
    payable: Money = attrs.field(metadata=term("BT-115"))
    breakdown: tuple[VatTotal, ...] = attrs.field(default=(), metadata=term())


_NOTHING = Money(ZERO, "EUR")

PENDING = Totals(_NOTHING, _NOTHING, _NOTHING, _NOTHING, _NOTHING)
"""Stands for totals that are still to be computed; no document is handed out with it."""


def compute(lines: Sequence[Line], currency: str) -> tuple[list[Decimal], Totals]:
    """Each line's net (BT-131) in line order, and the totals, under the rule ``currency``.

    Raises InvalidValue when a figure leaves the range that storage can hold exactly.

    >>> nets, totals = compute([Line(name="Logo", quantity=3, unit_price="450", vat="20")], "EUR")
    >>> totals.payable
    Money('1620.00', 'EUR')
    """
    unit = quantum(currency)
    zero = ZERO.quantize(unit)
    groups: dict[VAT, Decimal] = {}
    nets = []
    with localcontext(ARITHMETIC):
        for line in lines:
            net = line.quantity * line.unit_price
            if line.base_quantity is not None:
                net /= line.base_quantity
            net = net.quantize(unit, ROUND_HALF_UP) or zero  # never minus zero
            nets.append(net)
            vat = line.vat
            known = groups.get(vat)
            groups[vat] = net if known is None else known + net
        if nets:
            _storable(currency, max(nets), min(nets))
        return nets, _totals(groups, unit, currency)


def _storable(currency: str, *figures: Decimal) -> None:
    """Refuse what could not be read back, also where large figures cancel out in the totals."""
    limit = LIMITS[currency]
    for figure in figures:
        if not -limit < figure < limit:
            raise InvalidValue(f"an amount reaches {limit:f} and cannot be stored", path="/lines")


def _totals(groups: dict[VAT, Decimal], unit: Decimal, currency: str) -> Totals:
    of = Money.of
    zero = net = tax = ZERO.quantize(unit)
    rows = []
    for vat, taxable in groups.items():
        due = (taxable * vat.rate / HUNDRED).quantize(unit, ROUND_HALF_UP) or zero
        _storable(currency, taxable)
        amounts = of(taxable, currency), of(due, currency)
        rows.append(VatTotal(vat.category, vat.rate, vat.exemption, *amounts))
        net += taxable
        tax += due
    gross = net + tax
    _storable(currency, net, gross)
    if len(rows) > 1:
        rows.sort(key=lambda row: row.key)
    sums = of(net, currency), of(tax, currency), of(gross, currency)
    return Totals(sums[0], sums[0], sums[1], sums[2], sums[2], tuple(rows))
