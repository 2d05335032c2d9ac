"""What became of the month, printed and as a page: tables for summary.txt and summary.html."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from html import escape
from pathlib import Path
from string import Template
from typing import Any

import multibill as mb

HERE = Path(__file__).parent
Table = list[tuple[str, ...]]


def story(desk: mb.Workspace) -> dict[str, Table]:
    """What the database tells: the invoices, who did what, the past of those that were refused."""
    invoices = [desk.invoices.get(row.id) for row in desk.invoices.list(order="number")]
    pasts = [(one.number, desk.invoices.history(one)) for one in invoices]
    deeds = Counter((event.actor, event.action) for _, past in pasts for event in past)
    return {
        "invoices": [
            (one.number, one.buyer.name, *amounts(one.totals), str(one.due_date))
            for one in invoices
        ],
        "deeds": [(who, action, f"{times} x") for (who, action), times in sorted(deeds.items())],
        "pasts": [
            (number, f"{event.at:%H:%M}", event.actor, event.action, why(event))
            for number, past in pasts
            if any(event.action.startswith("refuse") for event in past)
            for event in past
        ],
        "proof": [(str(desk.audit.verify()),)],
    }


def amounts(totals: mb.Totals) -> tuple[str, ...]:
    """Net, VAT and what is to be paid, ready to stand in columns."""
    return tuple(f"{money.amount:>9,}" for money in (totals.net, totals.vat, totals.payable))


def why(event: Any) -> str:
    """The reason that was given, and what an edit changed."""
    return " ".join(f"{event.reason or ''} {event.detail()}".split())


def publish(
    folder: Path, facts: dict[str, Table], rejected: Table, denied: str, findings: list[Any]
) -> None:
    """Print the summary, and write it as a page."""
    anonymous = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "…", denied)
    facts = {
        **facts,
        "rejected": rejected,
        "denied": [(line,) for line in anonymous.splitlines()],
        "findings": [
            cells
            for buyer, finding in findings
            for cells in [(buyer, f"{finding.rule}, {finding.law}"), ("", finding.text())]
        ],
    }
    print(filled("summary.txt", facts, columns))
    page = filled("summary.html", facts, rows)
    (folder / "summary.html").write_text(page, "utf-8")


def filled(template: str, facts: dict[str, Table], shown: Callable[[Table], str]) -> str:
    """A template with a table in each place."""
    text = Template((HERE / template).read_text("utf-8"))
    return text.substitute({name: shown(table) for name, table in facts.items()})


def columns(table: Table) -> str:
    """Plain text, one column under the other."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in table)


def rows(table: Table) -> str:
    """Rows of an HTML table; an invoice number leads to its PDF."""
    cells = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in table)
    text = "\n".join(f"<tr>{row}</tr>" for row in cells)
    return re.sub(r"<td>(F\d{4}-\d{5})<", r'<td><a href="\1.pdf">\1</a><', text)
