"""Electronic invoices against bare loops over the same elements, CPU: writing, reading, Factur-X in total.

The targets are milliseconds for 10 and for 300 lines: writing 0.40 and 8, reading 1.5 and 25, a Factur-X 17 and 85.
The floors know no model: escaped text between tags, a parsed tree whose texts are looked at, a page without its XML.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from html import escape
from typing import Any

from _table import Table, by_turns
from lxml import etree

from multibill.documents import Document, Invoice, Line, Terms
from multibill.documents.complete import completed
from multibill.documents.order import spread
from multibill.formats import cii, ubl
from multibill.formats.einvoice import read
from multibill.formats.facturx import FacturX
from multibill.formats.pdf import PdfRenderer
from multibill.parties import Address, Party

ON = date(2026, 11, 30)
WRITING = {10: 400, 300: 8_000}
READING = {10: 1_500, 300: 25_000}
TOTAL = {10: 17_000, 300: 85_000}
"""Microseconds by lines."""
WRITERS: dict[str, Callable[[Document], bytes]] = {"CII": cii.write, "UBL": ubl.write}
CALLS = {10: 40, 300: 3}
PAGES, HYBRID = PdfRenderer(), FacturX()


def invoice(count: int) -> Document:
    """An issued invoice of so many lines at two rates."""
    places = spread(count)
    where = Address("12 rue Oberkampf", "75011", "Paris", "FR")
    lines = [
        Line(
            id=f"l{n}",
            order=places[n],
            name=f"Item {n}",
            quantity=n % 7 + 1,
            unit_price="450",
            vat="20" if n % 3 else "5.5",
        )
        for n in range(count)
    ]
    document = Invoice(
        id="i",
        phase="issued",
        number="F2026-00001",
        issue_date=ON,
        terms=Terms(days=30),
        seller=Party("Studio SARL", siren="123456782", vat_id="FR11123456782", address=where),
        buyer=Party("Acme SAS", siren="987654324", vat_id="FR14987654324", address=where),
        lines=lines,
    )
    return completed(document, ON)


def times(count: int, work: Callable[[], object]) -> Callable[[], int]:
    """The work, so often that a round can be measured."""

    def repeated() -> int:
        for _ in range(CALLS[count]):
            work()
        return CALLS[count]

    return repeated


def strings(data: bytes) -> Callable[[], str]:
    """The same elements in the same order as escaped text, out of a list of tags and texts."""
    said: list[tuple[str, str]] = []

    def note(node: Any) -> None:
        tag = etree.QName(node).localname
        if len(node):
            said.append((f"<{tag}>", ""))
            for child in node:
                note(child)
            said.append((f"</{tag}>", ""))
        else:
            said.append((f"<{tag}>", f"{node.text}"))

    note(etree.fromstring(data))
    return lambda: "".join(tag + escape(text) for tag, text in said)


def texts(data: bytes) -> Callable[[], list[Any]]:
    """The same file as a tree, each of its texts and attributes looked at."""
    return lambda: [(node.text, node.items()) for node in etree.fromstring(data).iter()]


def main() -> None:
    """Measure both syntaxes, there and back, and the hybrid."""
    table = Table("documents: 10 and 300 lines")
    for count in (10, 300):
        document = invoice(count)
        for name, write in WRITERS.items():
            data = write(document)
            works = strings(data), partial(write, document), texts(data), partial(read, data)
            floor, ours, bare, back = by_turns(*(times(count, work) for work in works))
            table.row(f"write {name}, {count} lines", ours, floor, WRITING[count] / floor)
            table.row(f"read {name}, {count} lines", back, bare, READING[count] / bare)
        drawn = partial(PAGES.render, document), partial(HYBRID.render, document)
        pages, whole = by_turns(*(times(count, work) for work in drawn), rounds=3)
        table.row(f"Factur-X, {count} lines", whole, pages, TOTAL[count] / pages)
    table.close()


if __name__ == "__main__":
    main()
