"""The one engine that computes: line nets, VAT breakdown, document totals. Exporters never recompute.

Rule ``currency`` (EN 16931-1, 6.4.4 and BR-CO-10 to BR-CO-17): each line net is rounded to the minor unit, VAT is
computed once per category and rate on the sum of its lines, and every total is a sum of rounded figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
    nets: Mapping[str, Decimal] = attrs.field(factory=dict, hash=False, metadata=term("BT-131"))


def row_order(row: VatTotal) -> tuple[str, Decimal, str]:
    """Where a row stands in the breakdown."""
    return row.category, row.rate, row.exemption or ""


_NOTHING = Money(ZERO, "EUR")

PENDING = Totals(_NOTHING, _NOTHING, _NOTHING, _NOTHING, _NOTHING)
"""Stands for totals that are still to be computed; no document is handed out with it."""


def compute(lines: Sequence[Line], currency: str) -> Totals:
    """The totals, each line's net (BT-131) by line id included, under the rule ``currency``.

    Raises InvalidValue when a figure leaves the range that storage can hold exactly.

    >>> compute([Line(name="Logo", quantity=3, unit_price="450", vat="20")], "EUR").payable
    Money('1620.00', 'EUR')
    """
    unit = quantum(currency)
    zero = ZERO.quantize(unit)
    nets: list[Decimal] = []
    groups: dict[int, tuple[VAT, list[Decimal]]] = {}
    with localcontext(ARITHMETIC):
        for line in lines:
            net = line.quantity * line.unit_price
            if line.base_quantity is not None:
                net /= line.base_quantity
            net = net.quantize(unit, ROUND_HALF_UP) or zero  # never minus zero
            nets.append(net)
            vat = line.vat
            group = groups.get(id(vat))
            if group is None:
                groups[id(vat)] = vat, [net]
            else:
                group[1].append(net)
        named = dict(zip(names(lines), nets, strict=True))
        return _totals(_summed(groups.values()), named, currency)


def names(lines: Sequence[Line]) -> list[str]:
    """What each line's net is kept under: its id, or its place while it has none."""
    ids = [line.id for line in lines]
    return [known or f"#{place}" for place, known in enumerate(ids)] if None in ids else ids  # type: ignore[return-value]


def _summed(groups: Iterable[tuple[VAT, list[Decimal]]]) -> dict[VAT, Decimal]:
    """The sum of each VAT; lines mostly share one object for equal ones, but need not."""
    sums: dict[VAT, Decimal] = {}
    for vat, nets in groups:
        sums[vat] = sum(nets, sums.get(vat, ZERO))
    return sums


def _storable(currency: str, figures: Sequence[Decimal]) -> None:
    """Refuse what could not be read back, also where large figures cancel out in the totals."""
    limit = LIMITS[currency]
    if not -limit < min(figures) <= max(figures) < limit:
        raise InvalidValue(f"an amount reaches {limit:f} and cannot be stored", path="/lines")


def _totals(groups: dict[VAT, Decimal], nets: dict[str, Decimal], currency: str) -> Totals:
    of, unit = Money.of, quantum(currency)
    zero = net = tax = ZERO.quantize(unit)
    rows = []
    for vat, taxable in groups.items():
        due = (taxable * vat.rate / HUNDRED).quantize(unit, ROUND_HALF_UP) or zero
        amounts = of(taxable, currency), of(due, currency)
        rows.append(VatTotal(vat.category, vat.rate, vat.exemption, *amounts))
        net += taxable
        tax += due
    gross = net + tax
    _storable(currency, (net, gross, *groups.values(), *nets.values()))
    rows.sort(key=row_order)
    sums = of(net, currency), of(tax, currency), of(gross, currency)
    return Totals(sums[0], sums[0], sums[1], sums[2], sums[2], tuple(rows), nets)
