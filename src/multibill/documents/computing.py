"""The one engine that computes: line nets, allowances, charges, VAT breakdown, totals. Exporters never recompute.

Rule ``currency`` (EN 16931-1, 6.4.4 and BR-CO-10 to BR-CO-17): each amount is rounded to the minor unit, VAT is
computed once per category and rate on the sum of its lines, and every total is a sum of rounded figures.
Rule ``precise``: lines are summed exactly and rounded once per rate. Rule ``included``: prices, allowances and charges
contain the VAT; their sum is the gross, and the VAT is taken out of it once per rate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext

import attrs

from multibill.documents.adjustments import DocumentAllowance, DocumentCharge
from multibill.documents.exact import Sheet
from multibill.documents.figures import Figures, Row, Unit, extra, named, row, unit, worth
from multibill.documents.line import Line
from multibill.documents.parts import ExchangeRate
from multibill.documents.totals import HUNDRED, ZERO, Totals, VatTotal, row_order
from multibill.errors import InvalidValue
from multibill.money import ARITHMETIC, Money
from multibill.money.amount import LIMITS
from multibill.tax import VAT

ENGINE = "totals/1"
ROUNDING = ("currency", "precise", "included")
NO_ADJUSTMENTS: Mapping[str, Decimal] = {}
ONE = Decimal(1)


@attrs.frozen(kw_only=True)
class Basis:
    """What totals follow from, beside lines and currency: adjustments of the document, payments made, rounding.

    ``vat_adjustments`` are amounts of VAT that a row of the breakdown takes beyond its rate, by row key, so that credit
    notes sum to their invoice; under ``included`` the gross stands and the taxable amount gives way.
    ``cash_unit`` is the smallest coin that is paid with; where it is given, ``rounding_amount`` follows from it.
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
Groups = dict[int, tuple[VAT, list[Decimal]]]


def compute(lines: Sequence[Line], currency: str, basis: Basis = PLAIN) -> Totals:
    """The totals, with what each line, allowance and charge comes to.

    Raises InvalidValue when a figure leaves the range that storage can hold exactly, when a coin is no multiple of the
    currency's minor unit, or when two lines, allowances or charges have one id.

    >>> compute([Line(name="Logo", quantity=3, unit_price="450", vat="20")], "EUR").payable
    Money('1620.00', 'EUR')
    """
    own = unit(currency)
    with localcontext(ARITHMETIC):
        try:
            return _totals(_figures(lines, basis, own), basis, own)
        except InvalidOperation:
            limit = LIMITS[currency]
            raise InvalidValue(
                f"an amount reaches {limit:f} and cannot be stored", path="/lines"
            ) from None


def _figures(lines: Sequence[Line], basis: Basis, unit: Unit) -> Figures:
    if basis.rule == "currency":
        figures = _rounded(lines, basis, unit)
    else:
        sheet = Sheet(unit, basis.rule == "included", basis.vat_adjustments)
        figures = sheet.figures(lines, basis.allowances, basis.charges)
    if len(figures.nets) < len(lines):
        raise InvalidValue("two lines have one id; leave the id of a new line out", path="/lines")
    return figures


def _rounded(lines: Sequence[Line], basis: Basis, unit: Unit) -> Figures:
    """Rule ``currency``: every amount is whole as soon as it is known."""
    quantize, quantum, zero = unit.quantize, unit.quantum, unit.zero
    nets: dict[str, Decimal] = {}
    amounts: dict[str, Decimal] = {}
    groups: Groups = {}
    for line in lines:
        net = line.quantity * line.unit_price
        if line.base_quantity is not None:
            net /= line.base_quantity
        net = quantize(net, quantum) or zero
        if line.allowances or line.charges:
            net = quantize(_adjusted(line, line.id or f"#{len(nets)}", net, amounts, unit), quantum)
        nets[line.id or f"#{len(nets)}"] = net
        vat = line.vat
        group = groups.get(id(vat))  # many lines share few VAT objects: identity compares nothing
        if group is None:
            groups[id(vat)] = vat, [net]
        else:
            group[1].append(net)
    found, less, more = sum(nets.values(), ZERO), ZERO, ZERO
    if basis is not PLAIN:
        less = _on_all(basis.allowances, found, groups, amounts, unit)
        more = _on_all(basis.charges, found, groups, amounts, unit)
    rows = _rows(groups, basis.vat_adjustments, unit)
    return Figures(nets, amounts, found, less, more, rows)


def _adjusted(
    line: Line, name: str, net: Decimal, amounts: dict[str, Decimal], unit: Unit
) -> Decimal:
    """The line's net after its own allowances and charges, none of which compounds another."""
    less, more = line.allowances, line.charges
    total = net
    if less:
        total -= worth(less, name, net, amounts, unit)
    if more:
        total += worth(more, name, net, amounts, unit)
    return total


def _on_all(
    items: Sequence[DocumentAllowance | DocumentCharge],
    lines: Decimal,
    groups: Groups,
    amounts: dict[str, Decimal],
    unit: Unit,
) -> Decimal:
    """What the allowances or charges of the document come to together."""
    total = worth(items, "", lines, amounts, unit)
    for item, name in named(items):
        amount = amounts[name]
        signed = -amount if isinstance(item, DocumentAllowance) else amount
        groups.setdefault(id(item.vat), (item.vat, []))[1].append(signed)
    return total


def _rows(groups: Groups, adjustments: Mapping[str, Decimal], unit: Unit) -> list[VatTotal]:
    """The VAT breakdown: the VAT of a row is its rate times the sum of its parts, rounded once (BR-CO-17)."""
    sums: dict[Row, Decimal] = {}
    reasons: dict[Row, list[str]] = {}
    for vat, parts in groups.values():
        group = vat.category, vat.rate, vat.exemption
        sums[group] = sum(parts, sums.get(group, ZERO))
        if vat.reason:
            reasons.setdefault(group, []).append(vat.reason)
    rows = []
    for group, taxable in sums.items():
        tax = taxable * group[1] / HUNDRED
        if adjustments:
            tax = unit.rounded(tax) + extra(group, adjustments, unit)
        rows.append(row(group, taxable, tax, reasons.get(group), unit))
    return rows


def _totals(figures: Figures, basis: Basis, unit: Unit) -> Totals:
    money, rows = unit.money, figures.rows
    net = vat = ZERO
    for found in rows:
        net += found.taxable.amount
        vat += found.tax.amount
    lines, gross = money(figures.lines), money(net + vat)
    rows.sort(key=row_order)
    totals = Totals(
        lines=lines,
        net=lines if basis is PLAIN else money(net),
        vat=money(vat),
        gross=gross,
        payable=gross,
        breakdown=tuple(rows),
        nets=figures.nets,
        amounts=figures.amounts,
    )
    return totals if basis is PLAIN else _closed(totals, figures, basis, unit)


def _closed(totals: Totals, figures: Figures, basis: Basis, unit: Unit) -> Totals:
    """With what only some documents have, and what that leaves to pay (BR-CO-16)."""
    prepaid = None if basis.prepaid is None else unit.money(basis.prepaid)
    due = totals.gross.amount - (ZERO if prepaid is None else prepaid.amount)
    rounding = _rounding(due, basis, unit)
    return attrs.evolve(
        totals,
        allowances=unit.money(figures.less) if basis.allowances else None,
        charges=unit.money(figures.more) if basis.charges else None,
        tax=_accounted(totals.vat.amount, basis, unit),
        prepaid=prepaid,
        rounding=rounding,
        payable=unit.money(due if rounding is None else due + rounding.amount),
    )


def _rounding(due: Decimal, basis: Basis, unit: Unit) -> Money | None:
    """The rounding amount (BT-114): as given, or up or down to what can be paid in coins."""
    coin = basis.cash_unit
    if coin is None:
        return None if basis.rounding_amount is None else unit.money(basis.rounding_amount)
    if coin % unit.quantum:
        raise InvalidValue(
            f"{coin} is no coin of {unit.code}, whose smallest part is {unit.quantum}",
            path="/cash_unit",
        )
    return unit.money((due / coin).quantize(ONE, ROUND_HALF_UP) * coin - due)


def _accounted(vat: Decimal, basis: Basis, own: Unit) -> Money | None:
    """The VAT in the accounting currency (BT-111), once a rate is known."""
    code, exchange = basis.tax_currency, basis.exchange
    if code is None or exchange is None or code == own.code:
        return None
    return unit(code).money(vat * exchange.rate)
