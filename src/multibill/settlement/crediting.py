"""The figures of a credit note, taken from what remains of its invoice, so that all of them together equal it.

The last credit of a line takes its residue net, the last of a VAT row its residue VAT (an adjustment of the row).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import attrs

from multibill.documents import Document, DocumentAllowance, DocumentCharge, Line
from multibill.documents.adjustments import Adjustment
from multibill.documents.totals import HUNDRED, ZERO, VatTotal
from multibill.errors import InvalidValue, OverCredited
from multibill.money import ARITHMETIC, Money, decimal, half_up
from multibill.settlement.balance import Balance, Row
from multibill.settlement.split import between, split
from multibill.tax import VAT

Fields = dict[str, Any]
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
    untouched = left.rows == {row.key: (row.taxable, row.tax) for row in original.totals.breakdown}
    if untouched and original.totals.rounding is not None:
        fields["rounding_amount"] = original.totals.rounding.amount
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


def fitted(note: Document, left: Balance) -> dict[str, Decimal]:
    """The adjustments that make a credit note's VAT fit what remains of each row: the last one takes the rest.

    Raises OverCredited, with its path, where the note takes more than remains of a line or a row.
    """
    for id, net in note.totals.nets.items():
        rest = left.lines[id][1] if id in left.lines else net
        if _within(net, rest) != net:
            raise OverCredited(
                f"{net} is more than the {rest} that remains of this line", path=f"/lines/{id}"
            )
    plain = note.evolve(vat_adjustments={}) if note.vat_adjustments else note
    found = {}
    for row in plain.totals.breakdown:
        taxable, tax = left.row(row.key, note.currency)
        if between(row.taxable, taxable) != row.taxable:
            raise _too_much(row, taxable)
        asked = row.tax + Money(note.vat_adjustments.get(row.key, ZERO), note.currency)
        due = tax if row.taxable == taxable else between(asked, tax)
        if difference := due.amount - row.tax.amount:
            found[row.key] = difference
    return found


def _parts(original: Document, left: Balance, quantities: Mapping[str, Decimal]) -> list[Part]:
    found = (
        _part(original, line, left, quantities.get(line.id or "", ZERO)) for line in original.lines
    )
    return [part for part in found if part is not None]


def _part(original: Document, line: Line, left: Balance, quantity: Decimal) -> Part | None:
    """So much of a line, priced so that it comes to its share of the line's net exactly; None for nothing."""
    if not quantity:
        return None
    rest, net = left.lines[line.id or ""]
    whole = original.totals.nets[line.id or ""]
    if quantity != rest:
        net = _within(_share(whole, quantity, line.quantity, original.currency), net)
    plain = original.rounding == "currency"
    if plain and quantity == line.quantity and net == whole:
        return Part(line, net)
    bare = line.evolve(
        quantity=quantity, allowances=(), charges=(), gross_price=None, price_discount=None
    )
    as_priced = half_up(_priced(bare), original.currency)
    if plain and as_priced == net and not (line.allowances or line.charges):
        return Part(bare, net)
    price = net if quantity > 0 else net.copy_negate()
    return Part(bare.evolve(unit_price=price, base_quantity=abs(quantity), base_unit=None), net)


def _priced(line: Line) -> Decimal:
    product = ARITHMETIC.multiply(line.quantity, line.unit_price)
    return ARITHMETIC.divide(product, line.base_quantity or ONE)


def _fields(original: Document, left: Balance, parts: Sequence[Part]) -> Fields:
    """Lines, with the document's allowances and charges in proportion to them."""
    return {
        "lines": tuple(part.line for part in parts),
        "allowances": tuple(_shares(original, original.allowances, left, parts)),
        "charges": tuple(_shares(original, original.charges, left, parts)),
    }


def _shares(
    original: Document, items: Iterable[Any], left: Balance, parts: Sequence[Part]
) -> Iterable[Adjustment]:
    """Each item's share: as the lines of its VAT go, or all lines where it has none; the last takes the rest."""
    now = {part.line.id: part.net for part in parts}
    for item in items:
        alike = [line for line in original.lines if _key(line.vat) == _key(item.vat)]
        lines = alike or original.lines
        amount = rest = left.amounts[item.id]
        if any(now.get(line.id, ZERO) != left.lines[line.id or ""][1] for line in lines):
            taken = sum((now.get(line.id, ZERO) for line in lines), ZERO)
            whole = sum((original.totals.nets[line.id or ""] for line in lines), ZERO)
            total = original.totals.amounts[item.id]
            amount = _within(_share(total, taken, whole, original.currency), rest)
        if amount:
            yield attrs.evolve(item, amount=amount, percent=None, base=None)


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


def _too_much(row: VatTotal, rest: Money) -> OverCredited:
    return OverCredited(
        f"{row.taxable} at {row.rate.normalize(ARITHMETIC):f} % is more than the {rest} without VAT"
        " that can still be credited at this rate",
        path="/lines",
    )


def _quantity(line: Line, left: Balance, asked: Any) -> Decimal:
    try:
        quantity = decimal(asked)
    except InvalidValue as error:
        raise error.at(f"/lines/{line.id}") from None
    rest = left.lines[line.id or ""][0]
    if _within(quantity, rest) != quantity:
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


def _within(amount: Decimal, bound: Decimal) -> Decimal:
    """The amount kept between zero and the bound."""
    return max(min(ZERO, bound), min(amount, max(ZERO, bound)))


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
