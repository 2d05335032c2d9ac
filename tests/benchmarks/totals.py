"""Totals of 20 lines at two rates against the bare arithmetic in Decimal, half up, CPU.

Once for lines alone, once with an allowance and a charge on each line and on the document.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from _table import Table, by_turns

from multibill import Line
from multibill.documents import (
    Allowance,
    Basis,
    Charge,
    DocumentAllowance,
    DocumentCharge,
    compute,
)

LINES, CALLS, TARGET = 20, 2000, 3.0


def floor() -> int:
    """Round each line, group by rate, round the tax once a group: numbers only."""
    cent = Decimal("0.01")
    for _ in range(CALLS):
        groups: dict[str, list[Decimal]] = {}
        for quantity, price, discount, code, rate in BARE:
            net = (quantity * price - discount).quantize(cent, ROUND_HALF_UP)
            found = groups.get(code)
            if found is None:
                groups[code] = [net, rate]
            else:
                found[0] += net
        total = tax = Decimal(0)
        for net, rate in groups.values():
            total += net
            tax += (net * rate / 100).quantize(cent, ROUND_HALF_UP)
        RESULT[0] = total + tax
    return CALLS


def ours() -> int:
    """The same through the library's one engine: nets, breakdown and totals as Money."""
    for _ in range(CALLS):
        RESULT[1] = compute(OURS, "EUR").payable.amount
    return CALLS


def floor_adjusted() -> int:
    """The same with what comes off and on top, each an amount or a percentage, rounded and noted by its id."""
    cent = Decimal("0.01")
    for _ in range(CALLS):
        groups: dict[str, list[Decimal]] = {}
        amounts: dict[str, Decimal] = {}
        lines = Decimal(0)
        for (quantity, price, _, code, rate), more in zip(BARE, BARE_MORE, strict=True):
            net = total = (quantity * price).quantize(cent, ROUND_HALF_UP)
            for sign, id, amount, percent in more:
                found = net * percent / 100 if amount is None else amount
                found = amounts[id] = found.quantize(cent, ROUND_HALF_UP)
                total += sign * found
            lines += total
            group = groups.get(code)
            if group is None:
                groups[code] = [total, rate]
            else:
                group[0] += total
        for sign, id, amount, percent in WHOLE_MORE:
            found = lines * percent / 100 if amount is None else amount
            found = amounts[id] = found.quantize(cent, ROUND_HALF_UP)
            groups["S"][0] += sign * found
        total = tax = Decimal(0)
        for net, rate in groups.values():
            total += net
            tax += (net * rate / 100).quantize(cent, ROUND_HALF_UP)
        RESULT[2] = total + tax
    return CALLS


def ours_adjusted() -> int:
    """The same through the engine, which also says what each allowance and charge comes to."""
    for _ in range(CALLS):
        RESULT[3] = compute(ADJUSTED, "EUR", BASIS).payable.amount
    return CALLS


LESS, MORE = Decimal("7.5"), Decimal("2.50")
BARE = [
    (
        Decimal(1 + n),
        Decimal("99.99"),
        Decimal(0),
        "S" if n % 3 else "R",
        Decimal(20 if n % 3 else 10),
    )
    for n in range(LINES)
]
BARE_MORE = [[(-1, f"l{n}a", None, LESS), (1, f"l{n}c", MORE, Decimal(0))] for n in range(LINES)]
WHOLE_MORE = [(-1, "a", None, LESS), (1, "c", MORE, Decimal(0))]
OURS = [
    Line(id=f"l{n}", name="item", quantity=1 + n, unit_price="99.99", vat="20" if n % 3 else "10")
    for n in range(LINES)
]
ADJUSTED = [
    line.evolve(
        allowances=[Allowance(id=f"{line.id}a", percent=LESS)],
        charges=[Charge(id=f"{line.id}c", amount=MORE)],
    )
    for line in OURS
]
BASIS = Basis(
    allowances=[DocumentAllowance(id="a", percent=LESS, vat="20")],
    charges=[DocumentCharge(id="c", amount=MORE, vat="20")],
)
RESULT = [Decimal(0)] * 4


def main() -> None:
    """Measure, check that both sides agree, and print."""
    table = Table("totals: 20 lines, two rates")
    base, spent, base_adjusted, spent_adjusted = by_turns(
        floor, ours, floor_adjusted, ours_adjusted
    )
    if RESULT[0] != RESULT[1] or RESULT[2] != RESULT[3]:
        raise SystemExit(f"the two sides disagree: {RESULT}")
    table.row("compute()", spent, base, TARGET)
    table.row("with allowances and charges", spent_adjusted, base_adjusted, TARGET)
    table.close()


if __name__ == "__main__":
    main()
