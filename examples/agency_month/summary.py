"""What became of the month, printed and as a page: tables for summary.txt and summary.html."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from html import escape
from pathlib import Path
from string import Template
from typing import Any

import multibill as mb

HERE = Path(__file__).parent
Table = list[tuple[str, ...]]


MANY = 3
CHANCE = {"edit", "keep", "accept", "dismiss"}
"""What is done by whoever is second when two save at once."""


def story(
    desk: mb.Workspace, followed: list[str], margins: dict[str, list[str]]
) -> dict[str, Table]:
    """What the database tells: the invoices, who did what, how the refused ones came about."""
    whole = [str(event) for event in desk.feed()]
    invoices = [desk.invoices.get(row.id) for row in desk.invoices.list(order="number")]
    pasts = {str(one.number): list(desk.invoices.history(one)) for one in invoices}
    everything = [event for past in pasts.values() for event in past]
    deeds = Counter((e.actor, e.action) for e in everything if e.action not in CHANCE)
    corrected = next(one for one in invoices if one.buyer_ref == "kermadec")
    return {
        "invoices": billed(invoices),
        "deeds": [(who, action, f"{times} x") for (who, action), times in sorted(deeds.items())],
        "pasts": [
            (number if event is past[0] else "", *told(event))
            for number, past in pasts.items()
            if any(event.action.startswith("refuse") for event in past)
            for event in past
        ],
        "blame": [(line,) for line in str(blamed(desk, corrected)).splitlines()],
        "margins": [(who, ", ".join(seen) or "nothing") for who, seen in margins.items()],
        "settled": [
            (str(one.number), one.buyer.name, one.settlement or "", f"{one.due} due")
            for one in invoices
        ],
        "feed": [
            ("all of it, in order" if followed == whole[: len(followed)] else "something else",)
        ],
        "proof": [("all true" if desk.audit.verify() else str(desk.audit.verify()),)],
    }


def blamed(desk: mb.Workspace, invoice: mb.Invoice) -> Any:
    """Who set the order number, when, in which version."""
    return desk.invoices.history(invoice).blame("/purchase_order")


def billed(invoices: list[mb.Invoice]) -> Table:
    """Number, customer, due date, net, VAT and total of each invoice, and the sums."""
    table: Table = []
    net = vat = total = Decimal()
    for one in invoices:
        sums = one.totals.net.amount, one.totals.vat.amount, one.totals.payable.amount
        table.append((str(one.number), one.buyer.name, f"due {one.due_date}", *figures(*sums)))
        net, vat, total = net + sums[0], vat + sums[1], total + sums[2]
    return [*table, ("", "", "together", *figures(net, vat, total))]


def figures(*amounts: Decimal) -> tuple[str, ...]:
    """Amounts, ready to stand one under the other."""
    return tuple(f"{amount:>9,}" for amount in amounts)


def told(event: Any) -> tuple[str, ...]:
    """When, who, what, and why or what it changed."""
    lines = list(event.lines())
    what = [f"{len(lines)} changes"] if len(lines) > MANY else lines
    why = "; ".join(filter(None, [event.reason, *what]))
    return f"{event.at:%H:%M}", event.actor, event.action, why


def broken(buyer: str, finding: Any) -> Table:
    """A rule that an invoice broke: which, what is wrong, what to do."""
    law = f"{finding.rule}, {finding.law}"
    return [(buyer, law), ("", finding.message["en"]), ("", finding.remedy["en"])]


def publish(folder: Path, facts: dict[str, Table], denied: str, findings: list[Any]) -> None:
    """Print the summary, and write it as a page."""
    nameless = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "…", denied)
    tables: dict[str, Table] = {
        **facts,
        "denied": [(line,) for line in nameless.splitlines()],
        "findings": [row for buyer, finding in findings for row in broken(buyer, finding)],
    }
    print(filled("summary.txt", tables, columns))
    (folder / "summary.html").write_text(filled("summary.html", tables, rows), "utf-8")


def filled(template: str, tables: dict[str, Table], shown: Callable[[Table], str]) -> str:
    """A template with its tables."""
    text = Template((HERE / template).read_text("utf-8"))
    return text.substitute({name: shown(table) for name, table in tables.items()})


def columns(table: Table) -> str:
    """Plain text, one column under the other."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in table)
    return "\n".join(lines) or "none"


def rows(table: Table) -> str:
    """Rows of an HTML table; an invoice number leads to its PDF and its JSON."""
    lines = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in table)
    text = "\n".join(f"<tr>{line}</tr>" for line in lines)
    links = r'<td><a href="\1.pdf">\1</a> <a href="\1.json">json</a></td>'
    return re.sub(r"<td>(F\d{4}-\d{5})</td>", links, text)
