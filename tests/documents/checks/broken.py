"""For every rule a document that breaks it, and the path where it does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import attrs

from multibill.documents import Document, Invoice, Line, Period, Reference, Terms
from multibill.money import Money
from multibill.parties import Address, Identifier, Party
from multibill.tax import CATEGORIES, VAT
from multibill.testing.strategies import ACME, CONSUMER, STUDIO
from tests.documents.ordinary import (
    AMERICAN,
    FRANCHISE,
    GERMAN,
    ON,
    credit_note,
    euros,
    invoice,
    line,
    tampered,
)

Broken = tuple[str, Document, str]

DELIVERED = date(2026, 11, 28)

ORDINARY: dict[str, Invoice] = {
    "S": invoice(),
    "Z": invoice(lines=[line(vat=VAT("Z"))]),
    "E": invoice(lines=[line(vat=FRANCHISE)], seller=attrs.evolve(STUDIO, vat_id=None)),
    "AE": invoice(lines=[line(vat=VAT("AE"))], buyer=GERMAN),
    "K": invoice(lines=[line(vat=VAT("K"))], buyer=GERMAN, delivery_date=DELIVERED),
    "G": invoice(lines=[line(vat=VAT("G"))], buyer=AMERICAN),
    "O": invoice(
        lines=[line(vat=VAT("O"))], buyer=AMERICAN, seller=attrs.evolve(STUDIO, vat_id=None)
    ),
    "L": invoice(lines=[line(vat=VAT("L", "7")), line("l2", vat=VAT("L"))]),
    "M": invoice(lines=[line(vat=VAT("M", "4")), line("l2", vat=VAT("M"))]),
}
"""A document of each category, with the parties that it is for."""

PREFIX = {code: f"BR-{code}" for code in CATEGORIES} | {"K": "BR-IC", "L": "BR-AF", "M": "BR-AG"}


def seller(**changes: Any) -> Invoice:
    """The ordinary invoice of a changed seller."""
    return invoice(seller=attrs.evolve(STUDIO, **changes))


def buyer(**changes: Any) -> Invoice:
    """The ordinary invoice to a changed buyer."""
    return invoice(buyer=attrs.evolve(ACME, **changes))


def nowhere(party: Party) -> Party:
    """The party at an address that names no country."""
    return attrs.evolve(party, address=tampered(party.address, country=""))


def with_line(**changes: Any) -> Invoice:
    """The ordinary invoice with a line that its class would not have let in."""
    document = invoice()
    return tampered(document, lines=(tampered(document.lines[0], **changes),))


def with_totals(document: Document | None = None, **changes: Any) -> Document:
    """A document, the ordinary one, whose totals were changed around the library."""
    whole = document or invoice()
    return tampered(whole, totals=attrs.evolve(whole.totals, **changes))


def with_row(document: Document, **changes: Any) -> Document:
    """A document whose first VAT row was changed around the library."""
    row = attrs.evolve(document.totals.breakdown[0], **changes)
    return with_totals(document, breakdown=(row, *document.totals.breakdown[1:]))


def presence() -> Iterator[Broken]:
    """What must be there."""
    yield "BR-03", invoice(issue_date=None), "/issue_date"
    yield "BR-05", tampered(invoice(), currency=""), "/currency"
    yield "BR-06", seller(name=" "), "/seller/name"
    yield "BR-07", buyer(name=""), "/buyer/name"
    yield "BR-08", seller(address=None), "/seller/address"
    yield "BR-09", invoice(seller=nowhere(STUDIO)), "/seller/address/country"
    yield "BR-10", buyer(address=None), "/buyer/address"
    yield "BR-11", invoice(buyer=nowhere(ACME)), "/buyer/address/country"
    unknown = Address("1 rue Sud", None, None, "ZZ")
    yield "BR-CL-14", buyer(address=unknown), "/buyer/address/country"
    yield "BR-16", invoice(lines=[]), "/lines"
    yield "BR-21", invoice(lines=[line(id=None)]), "/lines"
    yield "BR-22", with_line(quantity=None), "/lines/l1/quantity"
    yield "BR-23", with_line(unit=""), "/lines/l1/unit"
    yield "BR-25", invoice(lines=[line(name=" \t")]), "/lines/l1/name"
    yield "BR-26", with_line(unit_price=None), "/lines/l1/unit_price"
    yield "BR-27", invoice(lines=[line(), line("l2", unit_price="-1")]), "/lines/l2/unit_price"
    yield "BR-29", invoice(period=Period(date(2026, 11, 2), date(2026, 11, 1))), "/period/end"
    unnumbered = Reference(id="i1", number="", issue_date=ON)
    yield "BR-55", credit_note(preceding=[unnumbered]), "/preceding/i1/number"
    uncategorised = tampered(VAT("S", "20"), category="")
    yield "BR-CO-04", with_line(vat=uncategorised), "/lines/l1/vat/category"
    yield "BR-CO-09", buyer(vat_id="14987654324"), "/buyer/vat_id"
    endless = tampered(Period(ON, ON), start=None, end=None)
    yield "BR-CO-19", tampered(invoice(), period=endless), "/period"
    yield "BR-CO-25", invoice(due_date=None, terms=Terms(days=30)), "/due_date"
    yield "BR-CO-26", seller(registration=None, vat_id=None), "/seller"


def figures() -> Iterator[Broken]:
    """Totals that were tampered with, or are negative."""
    for rule, name in (
        ("BR-CO-10", "lines"),
        ("BR-CO-11", "allowances"),
        ("BR-CO-12", "charges"),
        ("BR-CO-13", "net"),
        ("BR-CO-14", "vat"),
        ("BR-CO-15", "gross"),
        ("BR-CO-16", "payable"),
    ):
        yield rule, with_totals(None, **{name: euros("0.01")}), f"/totals/{name}"
    yield "BR-CO-17", with_row(invoice(), tax=euros("270.01")), "/totals/breakdown/S-20/tax"
    yield "BR-CO-18", with_totals(breakdown=()), "/totals/breakdown"
    yield "MB-CURRENCY", with_totals(payable=Money("1620", "USD")), "/totals"
    yield "MB-NEGATIVE", invoice(lines=[line(quantity=-3)]), "/totals/gross"
    yield "BR-24", with_line(net=None), "/totals/nets/l1"
    yield "MB-NET", with_line(net=euros("1350.01").amount), "/totals/nets/l1"


NOWHERE_REGISTERED = attrs.evolve(STUDIO, vat_id=None, registration=Identifier("RCS 1"))

UNIDENTIFIED: dict[str, tuple[Document, str]] = {
    "S": (seller(vat_id=None), "/seller/vat_id"),
    "Z": (attrs.evolve(ORDINARY["Z"], seller=attrs.evolve(STUDIO, vat_id=None)), "/seller/vat_id"),
    "E": (attrs.evolve(ORDINARY["E"], seller=NOWHERE_REGISTERED), "/seller/vat_id"),
    "AE": (attrs.evolve(ORDINARY["AE"], buyer=CONSUMER), "/buyer/vat_id"),
    "K": (attrs.evolve(ORDINARY["K"], buyer=attrs.evolve(GERMAN, vat_id=None)), "/buyer/vat_id"),
    "G": (attrs.evolve(ORDINARY["G"], seller=attrs.evolve(STUDIO, vat_id=None)), "/seller/vat_id"),
    "O": (attrs.evolve(ORDINARY["O"], seller=STUDIO), "/seller/vat_id"),
    "L": (attrs.evolve(ORDINARY["L"], seller=NOWHERE_REGISTERED), "/seller/vat_id"),
    "M": (attrs.evolve(ORDINARY["M"], seller=NOWHERE_REGISTERED), "/seller/vat_id"),
}

MISFIT = {
    "S": VAT("S", "20", exemption="VATEX-EU-AE"),
    "Z": VAT("Z", exemption="VATEX-EU-G"),
    "E": VAT("E"),
    "AE": VAT("AE", exemption="VATEX-EU-G"),
    "K": VAT("K", exemption="VATEX-EU-AE"),
    "G": VAT("G", exemption="VATEX-FR-FRANCHISE"),
    "O": VAT("O", exemption="VATEX-EU-IC"),
    "L": VAT("L", "7", exemption="VATEX-EU-G"),
    "M": VAT("M", "4", exemption="VATEX-EU-G"),
}
"""A reason where there must be none, none where there must be one, or another category's."""


def relined(document: Document, *lines: Line) -> Document:
    """The document with other lines and the totals that follow."""
    return document.evolve(lines=lines)


def categories() -> Iterator[Broken]:
    """The same rules for each category; any rate will do for IGIC and IPSI."""
    for code, document in ORDINARY.items():
        prefix, row = PREFIX[code], document.totals.breakdown[0].key
        rate = "0" if code == "S" else "20"
        off = euros("0.01")
        yield f"{prefix}-01", with_totals(document, breakdown=()), "/totals/breakdown"
        yield f"{prefix}-02", *UNIDENTIFIED[code]
        if not CATEGORIES[code].local:
            yield f"{prefix}-05", relined(document, line(vat=VAT(code, rate))), "/lines/l1/vat/rate"
        yield f"{prefix}-08", with_row(document, taxable=off), f"/totals/breakdown/{row}/taxable"
        yield f"{prefix}-09", with_row(document, tax=off), f"/totals/breakdown/{row}/tax"
        yield f"{prefix}-10", relined(document, line(vat=MISFIT[code])), "/lines/l1/vat/exemption"
    unlisted = line(vat=VAT("E", exemption="VATEX-FR-NONE"))
    yield "BR-CL-22", invoice(lines=[unlisted]), "/lines/l1/vat/exemption"
    yield "BR-IC-11", attrs.evolve(ORDINARY["K"], delivery_date=None), "/delivery_date"
    mixed = relined(ORDINARY["O"], line(vat=VAT("O")), line("l2"))
    yield "BR-O-11", mixed, "/totals/breakdown/S-20"
    yield "BR-O-12", mixed, "/lines/l2/vat/category"


def france() -> Iterator[Broken]:
    """The law of a seller in France."""
    yield "FR-SIREN", seller(registration=Identifier("123456789", "0002")), "/seller/registration"
    yield "FR-BUYER-SIREN", buyer(registration=None), "/buyer/registration"
    yield "FR-LEGAL", seller(legal=None), "/seller/legal"
    yield "FR-VAT-ID", seller(vat_id="FR99123456782"), "/seller/vat_id"
    mixed = [line(vat=FRANCHISE), line("l2")]
    yield "FR-FRANCHISE", invoice(lines=mixed), "/lines/l2/vat"
    yield "FR-RATE", invoice(lines=[line(vat="19.6")]), "/lines/l1/vat/rate"
    yield "FR-DUE", invoice(due_date=date(2026, 11, 29)), "/due_date"
    yield "FR-TERMS", invoice(due_date=date(2027, 1, 30)), "/due_date"
    yield "FR-CREDIT", credit_note(preceding=[]), "/preceding"


BROKEN: tuple[Broken, ...] = (*presence(), *figures(), *categories(), *france())
