"""The rules of computing said a second time, in whole numbers alone: what golden cases and properties compare with.

Nothing here is shared with the engine but the values it is given: ratios of integers over one common denominator for
exact sums, one unit at a time for what rounding leaves. Results are minor units, plain ints.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from math import lcm
from typing import Any, NamedTuple

from multibill.documents import Basis, Line, Totals
from multibill.money import exponent
from multibill.tax import VAT

Ratio = tuple[int, int]
Row = tuple[str, str, str | None]
Figures = dict[str, Any]


def ratio(value: Decimal | int | None) -> Ratio:
    """Numerator and denominator, read from the digits."""
    digits = f"{value or 0:f}"
    whole, _, places = digits.partition(".")
    return int(whole + places), 10 ** len(places)


def times(*factors: Ratio) -> Ratio:
    top, bottom = 1, 1
    for numerator, denominator in factors:
        top, bottom = top * numerator, bottom * denominator
    return top, bottom


def over(value: Ratio) -> Ratio:
    return value[1], value[0]


def plus(values: Iterable[Ratio]) -> Ratio:
    """The sum over one common denominator."""
    known = list(values)
    bottom = lcm(*(denominator for _, denominator in known))
    return sum(numerator * (bottom // denominator) for numerator, denominator in known), bottom


def nearest(value: Ratio) -> int:
    """The nearest whole number; halves go away from zero."""
    top, bottom = value
    quotient, rest = divmod(abs(top), bottom)
    return (-1 if top < 0 else 1) * (quotient + (2 * rest >= bottom))


def handed_out(exact: Sequence[tuple[str, Ratio]], whole: int) -> list[int]:
    """Rounded parts; then one unit at a time until they sum to the whole.

    Each unit goes to a part that has had the fewest, among these to the one that is furthest behind.
    """
    bottom = lcm(*(denominator for _, (_, denominator) in exact))
    wanted = [top * (bottom // denominator) for _, (top, denominator) in exact]
    given, had = [nearest(value) for _, value in exact], [0] * len(exact)
    while (missing := whole - sum(given)) != 0:
        step = 1 if missing > 0 else -1
        *_, place = min(
            (had[place], step * (given[place] * bottom - wanted[place]), name, place)
            for place, (name, _) in enumerate(exact)
        )
        given[place] += step
        had[place] += 1
    return given


class Part(NamedTuple):
    """A line, allowance or charge of the document: its sign, and its exact minor units with that sign."""

    name: str
    row: Row
    sign: int
    exact: Ratio


class Reckoning:
    """One document on the way to its figures."""

    def __init__(self, code: str, basis: Basis) -> None:
        self.rule = basis.rule
        self.basis = basis
        self.scale = (10 ** exponent(code), 1)
        self.amounts: dict[str, int] = {}
        self.reasons: dict[Row, set[str]] = defaultdict(set)

    def row(self, vat: VAT) -> Row:
        found = vat.category, f"{vat.rate.normalize():f}", vat.exemption
        self.reasons[found] |= {vat.reason} if vat.reason else set()
        return found

    def stepped(self, value: Ratio) -> Ratio:
        """Rounded on the way, but under the rule that rounds nothing there."""
        return value if self.rule == "precise" else (nearest(value), 1)

    def asked(self, item: Any, base: Ratio) -> Ratio:
        """What an allowance or charge comes to."""
        if item.amount is not None:
            return times(ratio(item.amount), self.scale)
        own = base if item.base is None else times(ratio(item.base), self.scale)
        return times(own, ratio(item.percent), (1, 100))

    def line(self, line: Line, name: str) -> Part:
        price = times(ratio(line.quantity), ratio(line.unit_price), self.scale)
        if line.base_quantity is not None:
            price = times(price, over(ratio(line.base_quantity)))
        found = [self.stepped(price)]
        for sign, kind, items in ((-1, "allowance", line.allowances), (1, "charge", line.charges)):
            for number, item in enumerate(items):
                amount = self.stepped(self.asked(item, found[0]))
                found.append(times(amount, (sign, 1)))
                if self.rule == "included":
                    amount = taken_out(amount, ratio(line.vat.rate))
                known = line.id and item.id  # what a new line copied has no id of its own yet
                self.amounts[known or f"{name}#{kind}{number}"] = nearest(amount)
        return Part(name, self.row(line.vat), 1, plus(found))

    def others(self, lines: Sequence[Part]) -> list[Part]:
        """The allowances and charges of the document, whole as soon as they are known."""
        base = plus([part.exact for part in lines])
        found = []
        given: tuple[tuple[int, str, Sequence[Any]], ...] = (
            (-1, "documentallowance", self.basis.allowances),
            (1, "documentcharge", self.basis.charges),
        )
        for sign, kind, items in given:
            for number, item in enumerate(items):
                whole = sign * nearest(self.asked(item, base))
                name = item.id or f"#{kind}{number}"
                found.append(Part(name, self.row(item.vat), sign, (whole, 1)))
        return found

    def settled(self, row: Row, parts: Sequence[Part], lines: set[str]) -> tuple[list[int], int]:
        """The whole minor units of each part of a row, and the VAT of the row."""
        rate = ratio(Decimal(row[1]))
        more = self.basis.vat_adjustments.get(keyed(row), Decimal(0))
        extra = nearest(times(ratio(more), self.scale))
        exact = plus([part.exact for part in parts])
        if self.rule == "included":
            tax = nearest(times(exact, (rate[0], 100 * rate[1] + rate[0]))) + extra
            nets = [(part.name, taken_out(part.exact, rate)) for part in parts]
            return handed_out(nets, nearest(exact) - tax), tax
        sold = [(part.name, part.exact) for part in parts if part.name in lines]
        given = iter(handed_out(sold, nearest(plus([value for _, value in sold]))))
        shares = [next(given) if part.name in lines else part.exact[0] for part in parts]
        return shares, nearest(times(exact, rate, (1, 100))) + extra


def taken_out(value: Ratio, rate: Ratio) -> Ratio:
    """Without the VAT of this rate that it contains."""
    return times(value, (100 * rate[1], 100 * rate[1] + rate[0]))


def reckoned(lines: Sequence[Line], code: str, basis: Basis | None = None) -> Figures:
    """Every figure of the totals, in minor units of the document's currency."""
    basis = basis or Basis()
    made = Reckoning(code, basis)
    sold = [made.line(line, line.id or f"#{place}") for place, line in enumerate(lines)]
    parts = [*sold, *made.others(sold)]
    names = {part.name for part in sold}
    shares: dict[str, int] = {}
    rows: dict[str, tuple[int, int]] = {}
    for row in {part.row for part in parts}:
        own = [part for part in parts if part.row == row]
        given, tax = made.settled(row, own, names)
        shares |= {part.name: share for part, share in zip(own, given, strict=True)}
        rows[keyed(row)] = sum(given), tax
    other = {part.name: part.sign * shares[part.name] for part in parts[len(sold) :]}
    signs = {part.name: part.sign for part in parts}
    net, vat = sum(taxable for taxable, _ in rows.values()), sum(tax for _, tax in rows.values())
    return {
        "lines": sum(shares[name] for name in names),
        "allowances": sum(amount for name, amount in other.items() if signs[name] < 0),
        "charges": sum(amount for name, amount in other.items() if signs[name] > 0),
        "net": net,
        "vat": vat,
        "gross": net + vat,
        **closing(net + vat, basis, made.scale),
        "tax": accounted(vat, code, basis),
        "rows": rows,
        "reasons": {keyed(row): "; ".join(sorted(said)) for row, said in made.reasons.items()},
        "nets": {part.name: shares[part.name] for part in sold},
        "amounts": made.amounts | other,
    }


def closing(gross: int, basis: Basis, scale: Ratio) -> Figures:
    """What was paid, what coins cannot pay, what is left."""
    paid = nearest(times(ratio(basis.prepaid), scale))
    rounding = nearest(times(ratio(basis.rounding_amount), scale))
    if basis.cash_unit is not None:
        coin = nearest(times(ratio(basis.cash_unit), scale))
        rounding = nearest((gross - paid, coin)) * coin - (gross - paid)
    return {"prepaid": paid, "rounding": rounding, "payable": gross - paid + rounding}


def accounted(vat: int, code: str, basis: Basis) -> int:
    """The VAT in minor units of the accounting currency, nothing where there is none."""
    if basis.tax_currency in (None, code) or basis.exchange is None:
        return 0
    scale = (10 ** exponent(basis.tax_currency or code), 10 ** exponent(code))
    return nearest(times((vat, 1), ratio(basis.exchange.rate), scale))


def keyed(group: Row) -> str:
    """The key of a row in paths."""
    return "-".join(part for part in group if part is not None)


def shown(totals: Totals) -> Figures:
    """The engine's totals in the same form; what is absent counts as nothing."""
    code = totals.payable.currency

    def minor(amount: Decimal) -> int:
        return nearest(times(ratio(amount), (10 ** exponent(code), 1)))

    names = (
        "lines",
        "allowances",
        "charges",
        "net",
        "vat",
        "gross",
        "prepaid",
        "rounding",
        "payable",
        "tax",
    )
    found: Figures = {
        name: 0 if (money := getattr(totals, name)) is None else money.minor for name in names
    }
    return found | {
        "rows": {row.key: (row.taxable.minor, row.tax.minor) for row in totals.breakdown},
        "reasons": {row.key: row.reason or "" for row in totals.breakdown},
        "nets": {name: minor(net) for name, net in totals.nets.items()},
        "amounts": {name: minor(amount) for name, amount in totals.amounts.items()},
    }
