"""The one engine that computes: line nets, allowances, charges, VAT breakdown, totals. Exporters never recompute.

Rule ``currency`` (EN 16931-1, 6.4.4 and BR-CO-10 to BR-CO-17): each amount is rounded to the minor unit, VAT is
computed once per category and rate on the sum of its lines, and every total is a sum of rounded figures.
Rule ``precise``: lines are summed exactly and rounded once per rate. Rule ``included``: prices contain the VAT, the
gross is exact and the VAT is taken out of it once per rate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

import attrs

from multibill.documents.adjustments import Adjustment, DocumentAllowance, DocumentCharge
from multibill.documents.line import Line
from multibill.documents.parts import ExchangeRate
from multibill.documents.totals import (
    HUNDRED,
    ZERO,
    Totals,
    VatTotal,
    adjustment_names,
    names,
    row_order,
)
from multibill.errors import InvalidValue
from multibill.money import ARITHMETIC, Money, quantum
from multibill.money.amount import LIMITS
from multibill.tax import VAT

ENGINE = "totals/1"
ROUNDING = ("currency", "precise", "included")
NO_ADJUSTMENTS: Mapping[str, Decimal] = {}
Row = tuple[str, Decimal, str | None]
"""What a row of the VAT breakdown is grouped by: category, rate, exemption."""


@attrs.frozen(kw_only=True)
class Basis:
    """What totals follow from, beside lines and currency: adjustments of the document, payments made, rounding.

    ``vat_adjustments`` are minor units that a row of the breakdown takes beyond rate times base, so that credit notes
    sum to their invoice; by row key.
    """

    rule: str = "currency"
    allowances: Sequence[DocumentAllowance] = ()
    charges: Sequence[DocumentCharge] = ()
    prepaid: Decimal | None = None
    rounding_amount: Decimal | None = None
    cash_unit: Decimal | None = None
    tax_currency: str | None = None
    exchange: ExchangeRate | None = None
    vat_adjustments: Mapping[str, Decimal] = NO_ADJUSTMENTS


PLAIN = Basis()
ONE = Decimal(1)


@attrs.define
class _Part:
    """A line, allowance or charge of the document on its way into the totals: signed, exact, then rounded."""

    name: str
    vat: VAT
    sign: int
    exact: Decimal
    rounded: Decimal


def compute(lines: Sequence[Line], currency: str, basis: Basis = PLAIN) -> Totals:
    """The totals, with what each line, allowance and charge comes to.

    Raises InvalidValue when a figure leaves the range that storage can hold exactly.

    >>> compute([Line(name="Logo", quantity=3, unit_price="450", vat="20")], "EUR").payable
    Money('1620.00', 'EUR')
    """
    with localcontext(ARITHMETIC):
        if basis is PLAIN and not any(line.allowances or line.charges for line in lines):
            return _plain(lines, currency)
        return _Sheet(currency, basis).totals(lines)


def _plain(lines: Sequence[Line], currency: str) -> Totals:
    """Rule ``currency`` for lines alone, which is what most documents are."""
    unit = quantum(currency)
    zero = ZERO.quantize(unit)
    nets: list[Decimal] = []
    groups: dict[int, tuple[VAT, list[Decimal]]] = {}
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
    sums: dict[Row, tuple[Decimal, str | None]] = {}
    for vat, found in groups.values():
        row = vat.category, vat.rate, vat.exemption
        before, reason = sums.get(row, (ZERO, None))
        sums[row] = sum(found, before), reason or vat.reason
    rows = [
        _row(row, taxable, taxable * row[1] / HUNDRED, reason, currency)
        for row, (taxable, reason) in sums.items()
    ]
    return _summed(rows, dict(zip(names(lines), nets, strict=True)), currency)


def _row(row: Row, taxable: Decimal, tax: Decimal, reason: str | None, currency: str) -> VatTotal:
    unit, of = quantum(currency), Money.of
    due = tax.quantize(unit, ROUND_HALF_UP) or ZERO.quantize(unit)
    return VatTotal(*row, of(taxable, currency), of(due, currency), reason)


def _summed(rows: list[VatTotal], nets: dict[str, Decimal], currency: str) -> Totals:
    of = Money.of
    net = tax = ZERO.quantize(quantum(currency))
    for row in rows:
        net += row.taxable.amount
        tax += row.tax.amount
    gross = net + tax
    _storable(currency, (net, gross, *(row.taxable.amount for row in rows), *nets.values()))
    rows.sort(key=row_order)
    sums = of(net, currency), of(tax, currency), of(gross, currency)
    return Totals(
        lines=sums[0],
        net=sums[0],
        vat=sums[1],
        gross=sums[2],
        payable=sums[2],
        breakdown=tuple(rows),
        nets=nets,
    )


def _storable(currency: str, figures: Sequence[Decimal]) -> None:
    """Refuse what could not be read back, also where large figures cancel out in the totals."""
    limit = LIMITS[currency]
    if not -limit < min(figures) <= max(figures) < limit:
        raise InvalidValue(f"an amount reaches {limit:f} and cannot be stored", path="/lines")


class _Sheet:
    """The working sheet of one computation, whatever the rule: parts, their groups, the totals."""

    def __init__(self, currency: str, basis: Basis) -> None:
        self.currency = currency
        self.basis = basis
        self.unit = quantum(currency)
        self.amounts: dict[str, Decimal] = {}

    def totals(self, lines: Sequence[Line]) -> Totals:
        """All figures of a document with these lines."""
        parts = [self._line(line, name) for line, name in zip(lines, names(lines), strict=True)]
        found = sum((part.exact for part in parts), ZERO)
        less = [self._part(item, name, -1, found) for item, name in _named(self.basis.allowances)]
        more = [self._part(item, name, 1, found) for item, name in _named(self.basis.charges)]
        rows = self._rows([*parts, *less, *more])
        for part in (*less, *more):
            self._keep(part.name, part.rounded)
        return self._closed(parts, less, more, rows)

    def _line(self, line: Line, name: str) -> _Part:
        gross = line.quantity * line.unit_price
        if line.base_quantity is not None:
            gross /= line.base_quantity
        gross = self._step(gross)
        exact = gross
        for items, sign in ((line.allowances, -1), (line.charges, 1)):
            for item, known in _named(items, name):
                amount = self._step(_size(item, gross))
                included = self.basis.rule == "included"
                self._keep(known, _without(amount, line.vat) if included else amount)
                exact += sign * amount
        return _Part(name, line.vat, 1, exact, self._rounded(exact))

    def _part(self, item: Any, name: str, sign: int, lines: Decimal) -> _Part:
        amount = self._rounded(_size(item, lines))
        return _Part(name, item.vat, sign, amount, amount)

    def _step(self, amount: Decimal) -> Decimal:
        """An intermediate amount: rounded at once, or kept exact under ``precise``."""
        return amount if self.basis.rule == "precise" else self._rounded(amount)

    def _rounded(self, amount: Decimal) -> Decimal:
        return amount.quantize(self.unit, ROUND_HALF_UP) or ZERO.quantize(self.unit)

    def _keep(self, name: str, amount: Decimal) -> None:
        """What an allowance or charge comes to, without VAT."""
        if name in self.amounts:
            raise InvalidValue(
                f"two allowances or charges have the id {name!r}; leave the id of a new one out"
            )
        self.amounts[name] = self._rounded(amount)

    def _rows(self, parts: list[_Part]) -> list[VatTotal]:
        """The VAT breakdown; each part's ``rounded`` becomes its share of its row's taxable amount."""
        groups: dict[Row, list[_Part]] = {}
        for part in parts:
            vat = part.vat
            groups.setdefault((vat.category, vat.rate, vat.exemption), []).append(part)
        return [self._total(row, found) for row, found in groups.items()]

    def _total(self, row: Row, parts: list[_Part]) -> VatTotal:
        exact = sum((part.sign * part.exact for part in parts), ZERO)
        if self.basis.rule == "included":
            tax = self._rounded(exact * row[1] / (HUNDRED + row[1]))
            taxable = exact - tax
            self._share(parts, [_without(part.exact, part.vat) for part in parts], taxable)
        else:
            tax = self._rounded(exact * row[1] / HUNDRED)
            lines = [part for part in parts if part.sign == 1 and part.exact != part.rounded]
            if lines:
                whole = self._rounded(sum((part.exact for part in lines), ZERO))
                self._share(lines, [part.exact for part in lines], whole)
            taxable = sum((part.sign * part.rounded for part in parts), ZERO)
        reason = next((part.vat.reason for part in parts if part.vat.reason), None)
        made = _row(row, taxable, tax, reason, self.currency)
        extra = self.basis.vat_adjustments.get(made.key)
        return made if extra is None else attrs.evolve(made, tax=made.tax + self._money(extra))

    def _share(self, parts: list[_Part], exact: list[Decimal], whole: Decimal) -> None:
        """Round the parts so that they sum to the whole: the units left go where rounding erred most."""
        for part, amount in zip(parts, exact, strict=True):
            part.rounded = self._rounded(amount)
        missing = whole - sum((part.sign * part.rounded for part in parts), ZERO)
        step = self.unit if missing > 0 else -self.unit
        errors = [
            (part.sign * (amount - part.rounded), place)
            for place, (part, amount) in enumerate(zip(parts, exact, strict=True))
        ]
        errors.sort(key=lambda error: (-error[0] if missing > 0 else error[0], error[1]))
        for _, place in errors[: int(abs(missing) / self.unit)]:
            parts[place].rounded += parts[place].sign * step

    def _closed(
        self, lines: list[_Part], less: list[_Part], more: list[_Part], rows: list[VatTotal]
    ) -> Totals:
        basis, money = self.basis, self._money
        nets = {part.name: part.rounded for part in lines}
        net = sum((row.taxable.amount for row in rows), ZERO)
        vat = sum((row.tax.amount for row in rows), ZERO)
        gross = net + vat
        rounding = self._rounding(gross)
        payable = gross - (basis.prepaid or ZERO) + (rounding or ZERO)
        taxables = [row.taxable.amount for row in rows]
        figures = [net, gross, payable, *taxables, *nets.values(), *self.amounts.values()]
        _storable(self.currency, figures)
        return Totals(
            lines=money(_sum(lines)),
            allowances=money(_sum(less)) if less else None,
            charges=money(_sum(more)) if more else None,
            net=money(net),
            vat=money(vat),
            tax=self._tax(vat),
            gross=money(gross),
            prepaid=None if basis.prepaid is None else money(basis.prepaid),
            rounding=None if rounding is None else money(rounding),
            payable=money(payable),
            breakdown=tuple(sorted(rows, key=row_order)),
            nets=nets,
            amounts=self.amounts,
        )

    def _rounding(self, gross: Decimal) -> Decimal | None:
        """The rounding amount (BT-114): as given, or up or down to what can be paid in cash."""
        basis = self.basis
        if basis.cash_unit is None:
            return basis.rounding_amount
        due = gross - (basis.prepaid or ZERO)
        return (due / basis.cash_unit).quantize(ONE, ROUND_HALF_UP) * basis.cash_unit - due

    def _tax(self, vat: Decimal) -> Money | None:
        """The VAT in the accounting currency (BT-111), once a rate is known."""
        code, exchange = self.basis.tax_currency, self.basis.exchange
        if code is None or exchange is None or code == self.currency:
            return None
        return Money.of((vat * exchange.rate).quantize(quantum(code), ROUND_HALF_UP), code)

    def _money(self, amount: Decimal) -> Money:
        return Money.of(self._rounded(amount), self.currency)


def _size(item: Adjustment, base: Decimal) -> Decimal:
    """What an allowance or charge comes to before rounding: its amount, or its percentage of its base."""
    if item.amount is not None:
        return item.amount
    return (base if item.base is None else item.base) * (item.percent or ZERO) / HUNDRED


def _without(gross: Decimal, vat: VAT) -> Decimal:
    """An amount without the VAT it contains."""
    return gross * HUNDRED / (HUNDRED + vat.rate)


def _named(items: Sequence[Adjustment], owner: str = "") -> Iterable[tuple[Any, str]]:
    return zip(items, adjustment_names(items, owner), strict=True)


def _sum(parts: Sequence[_Part]) -> Decimal:
    return sum((part.rounded for part in parts), ZERO)
