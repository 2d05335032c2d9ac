"""Totals of 20 lines at two rates against the bare arithmetic in Decimal, half up, CPU."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from _table import Table, by_turns

from multibill import Line
from multibill.documents import compute

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
OURS = [
    Line(id=f"l{n}", name="item", quantity=1 + n, unit_price="99.99", vat="20" if n % 3 else "10")
    for n in range(LINES)
]
RESULT = [Decimal(0), Decimal(0)]


def main() -> None:
    """Measure, check that both sides agree, and print."""
    table = Table("totals: 20 lines, two rates")
    base, spent = by_turns(floor, ours)
    if RESULT[0] != RESULT[1]:
        raise SystemExit(f"the two sides disagree: {RESULT}")
    table.row("compute()", spent, base, TARGET)
    table.close()


if __name__ == "__main__":
    main()
