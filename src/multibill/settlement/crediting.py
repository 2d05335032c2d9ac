"""The figures of a credit note, taken from what remains of its invoice, so that all of them together equal it.

The last credit of a line takes its residue net, the last of a VAT row its residue VAT (an adjustment of the row).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import attrs

from multibill.documents import (
    Allowance,
    Charge,
    Document,
    DocumentAllowance,
    DocumentCharge,
    Line,
)
from multibill.documents.totals import HUNDRED, ZERO
from multibill.errors import InvalidValue, OverCredited
from multibill.money import ARITHMETIC, Money, decimal, half_up
from multibill.settlement.balance import Balance, Row
from multibill.settlement.fitting import within
from multibill.settlement.split import between, split
from multibill.tax import VAT

Fields = dict[str, Any]
Adjusted = DocumentAllowance | DocumentCharge
ONE = Decimal(1)


@attrs.frozen
class Part:
    """A line of a credit note and the net that it comes to."""

    line: Line
    net: Decimal


ALREADY = {
    "fr": "Déjà crédité",
    "en": "Already credited",
    "de": "Bereits gutgeschrieben",
    "es": "Ya abonado",
    "it": "Già accreditato",
}
"""Why a credit in full is less than the lines that remain: amounts were credited before without naming lines."""


def in_full(original: Document, left: Balance) -> Fields:
    """Everything that remains: each line's rest, each allowance's and charge's, less what was credited as an amount."""
    parts = _parts(original, left, {id: quantity for id, (quantity, _) in left.lines.items()})
    fields = _fields(original, left, parts)
    for vat, gap in _gaps(original, left, parts, fields).items():
        cls, side = (DocumentAllowance, "allowances") if gap > 0 else (DocumentCharge, "charges")
        reason = ALREADY.get(original.language[:2], ALREADY["en"])
        id = f"already-{_key(vat)}"
        more = (*fields[side], cls(id=id, amount=abs(gap), vat=vat, reason=reason))
        fields[side] = tuple(sorted(more, key=lambda item: item.id or ""))
    return fields


def by_lines(original: Document, left: Balance, wanted: Mapping[str, Any]) -> Fields:
    """These quantities of these lines, with their share of the document's allowances and charges.

    Raises OverCredited for more than remains of a line.
    """
    quantities = {id: _quantity(original.line(id), left, asked) for id, asked in wanted.items()}
    return _fields(original, left, _parts(original, left, quantities))


def by_amount(original: Document, left: Balance, amount: Money, name: str) -> Fields:
    """An amount with VAT, spread over the rates by what remains of each; one line a rate. Raises OverCredited."""
    rows = {key: taxable + tax for key, (taxable, tax) in left.rows.items()}
    gross = sum(rows.values(), Money(ZERO, amount.currency))
    if amount > gross:
        raise OverCredited(
            f"{amount} is more than the {gross} that can still be credited", path="/amount"
        )
    vats = {_key(vat): vat for vat in original.vats}
    lines, extra = [], {}
    for key, share in split(amount, rows).items():
        vat = vats[key]
        taxable, tax = _apart(share, left.rows[key], vat.rate)
        sign = -1 if taxable.amount < 0 else 1
        lines.append(Line(name=name, quantity=sign, unit_price=abs(taxable.amount), vat=vat))
        if difference := tax.amount - _tax(taxable, vat.rate):
            extra[key] = difference
    return {"lines": tuple(lines), "vat_adjustments": extra}


def _parts(original: Document, left: Balance, quantities: Mapping[str, Decimal]) -> list[Part]:
    wanted = [line for line in original.lines if line.id in quantities]
    found = [_part(original, line, left, quantities[line.id or ""]) for line in wanted]
    return [part for part in found if part.net or part.line.quantity]


def _part(original: Document, line: Line, left: Balance, quantity: Decimal) -> Part:
    """So much of a line, priced so that it comes to its share of the line's net exactly."""
    rest, net = left.lines[line.id or ""]
    whole = original.totals.nets[line.id or ""]
    if quantity != rest:
        net = within(_share(whole, quantity, line.quantity, original.currency), net)
    plain = original.rounding == "currency"
    if plain and quantity == line.quantity and net == whole:
        return Part(line, net)
    bare = line.evolve(
        quantity=quantity, allowances=(), charges=(), gross_price=None, price_discount=None
    )
    as_priced = half_up(_priced(bare), original.currency)
    if plain and as_priced == net and not (line.allowances or line.charges):
        return Part(bare, net)
    return Part(_costing(line, bare, net), net)


def _costing(line: Line, bare: Line, net: Decimal) -> Line:
    """The line at a price that comes to the net; free, with an allowance or charge, where that would be below zero."""
    if net * bare.quantity > 0:
        per = {"base_quantity": abs(bare.quantity), "base_unit": None}
        return bare.evolve(unit_price=abs(net), **per)
    free = bare.evolve(unit_price=ZERO)
    if not net:
        return free
    cls, side = (Charge, "charges") if net > 0 else (Allowance, "allowances")
    said = [item.reason for item in (*line.allowances, *line.charges) if item.reason]
    return free.evolve(**{side: (cls(amount=abs(net), reason=said[0] if said else line.name),)})


def _priced(line: Line) -> Decimal:
    product = ARITHMETIC.multiply(line.quantity, line.unit_price)
    return ARITHMETIC.divide(product, line.base_quantity or ONE)


def _fields(original: Document, left: Balance, parts: Sequence[Part]) -> Fields:
    """Lines, with the document's allowances and charges in proportion to them."""
    shares = list(_shares(original, left, parts))
    return {
        "lines": tuple(part.line for part in parts),
        "allowances": tuple(item for item in shares if isinstance(item, DocumentAllowance)),
        "charges": tuple(item for item in shares if isinstance(item, DocumentCharge)),
    }


def _shares(original: Document, left: Balance, parts: Sequence[Part]) -> Iterator[Adjusted]:
    """Each item's share: as the lines of its VAT go, or all lines where it has none; the last takes the rest."""
    now = {part.line.id: part.net for part in parts}
    items: list[Adjusted] = [*original.allowances, *original.charges]
    for item in sorted(items, key=lambda item: item.id or ""):
        alike = [line for line in original.lines if _key(line.vat) == _key(item.vat)]
        lines = alike or original.lines
        amount = rest = left.amounts[item.id or ""]
        if any(now.get(line.id, ZERO) != left.lines[line.id or ""][1] for line in lines):
            taken = sum((now.get(line.id, ZERO) for line in lines), ZERO)
            whole = sum((original.totals.nets[line.id or ""] for line in lines), ZERO)
            total = original.totals.amounts[item.id or ""]
            amount = within(_share(total, taken, whole, original.currency), rest)
        if amount:
            yield _sized(item, amount)


def _sized(item: Adjusted, amount: Decimal) -> Adjusted:
    """The item at a fixed amount; one below zero turns to the other side, whose reason codes are others (UNTDID)."""
    if amount > 0:
        return attrs.evolve(item, amount=amount, percent=None, base=None)
    cls = DocumentCharge if isinstance(item, DocumentAllowance) else DocumentAllowance
    reason = item.reason or item.reason_code
    return cls(id=item.id, amount=abs(amount), vat=item.vat, reason=reason)


def _gaps(
    original: Document, left: Balance, parts: Sequence[Part], fields: Fields
) -> dict[VAT, Decimal]:
    """What lines, allowances and charges come to beyond what remains of their row."""
    sums = {key: taxable.amount.copy_negate() for key, (taxable, _) in left.rows.items()}
    found = [(part.line.vat, part.net) for part in parts]
    found += [(item.vat, -item.amount) for item in fields["allowances"]]
    found += [(item.vat, item.amount) for item in fields["charges"]]
    for vat, amount in found:
        sums[_key(vat)] += amount
    return {vat: gap for vat in original.vats if (gap := sums.pop(_key(vat), ZERO))}


def _quantity(line: Line, left: Balance, asked: Any) -> Decimal:
    try:
        quantity = decimal(asked)
    except InvalidValue as error:
        raise error.at(f"/lines/{line.id}") from None
    rest = left.lines[line.id or ""][0]
    if within(quantity, rest) != quantity:
        raise OverCredited(
            f"{quantity:f} is more than the {rest:f} that remains of {line.name!r}",
            path=f"/lines/{line.id}",
        )
    return quantity


def _share(whole: Decimal, part: Decimal, of: Decimal, currency: str) -> Decimal:
    """A part's share of an amount, rounded; nothing where there is nothing to share by."""
    if not of:
        return ZERO
    return half_up(ARITHMETIC.divide(ARITHMETIC.multiply(whole, part), of), currency)


def _apart(gross: Money, left: Row, rate: Decimal) -> Row:
    """An amount with VAT as taxable amount and tax, neither above what remains."""
    taxable, tax = left
    if gross == taxable + tax:
        return left
    share = ARITHMETIC.divide(ARITHMETIC.multiply(gross.amount, rate), HUNDRED + rate)
    found = between(Money(half_up(share, gross.currency), gross.currency), tax)
    found = max(found, gross - taxable) if gross.amount > 0 else min(found, gross - taxable)
    if gross - found == taxable:  # the last of the base would bring all of the tax with it
        found += Money.from_minor(1 if tax.amount > 0 else -1, gross.currency)
    return gross - found, found


def _tax(taxable: Money, rate: Decimal) -> Decimal:
    exact = ARITHMETIC.divide(ARITHMETIC.multiply(taxable.amount, rate), HUNDRED)
    return half_up(exact, taxable.currency)


def _key(vat: VAT) -> str:
    """The VAT row that a line belongs to."""
    rate = f"{vat.category}-{vat.rate.normalize(ARITHMETIC):f}"
    return f"{rate}-{vat.exemption}" if vat.exemption else rate
