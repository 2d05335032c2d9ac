"""For every rule a document that breaks it, and the path where it does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from multibill.documents import (
    Allowance,
    Attachment,
    Attribute,
    Card,
    Charge,
    Classification,
    CreditTransfer,
    Delivery,
    Document,
    DocumentAllowance,
    DocumentCharge,
    Invoice,
    ItemDetails,
    Line,
    Note,
    Payee,
    PaymentInstructions,
    Period,
    Reference,
    TaxRepresentative,
    Terms,
)
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
    "K": invoice(
        lines=[line(vat=VAT("K"))],
        buyer=GERMAN,
        delivery_date=DELIVERED,
        delivery=Delivery(address=GERMAN.address),
    ),
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
    yield "BR-02", tampered(invoice(), phase="issued"), "/number"
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


def cut(**changes: Any) -> DocumentAllowance:
    """A loyalty discount of 10 EUR, with changes."""
    return DocumentAllowance(
        **{"id": "a1", "reason": "Loyalty", "amount": "10", "vat": "20", **changes}
    )


def extra(**changes: Any) -> DocumentCharge:
    """Freight for 10 EUR, with changes."""
    return DocumentCharge(
        **{"id": "c1", "reason": "Freight", "amount": "10", "vat": "20", **changes}
    )


def adjusted(document: Document, **changes: Any) -> Document:
    """The document with allowances or charges of its category, and lines of another."""
    return document.evolve(
        lines=[line(vat="20" if document.vats[0].category != "S" else VAT("Z"))], **changes
    )


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
        broken, path = UNIDENTIFIED[code]
        yield f"{prefix}-03", adjusted(broken, allowances=[cut(amount="1", vat=VAT(code))]), path
        yield f"{prefix}-04", adjusted(broken, charges=[extra(amount="1", vat=VAT(code))]), path
        if not CATEGORIES[code].local:
            vat = VAT(code, rate)
            yield f"{prefix}-05", relined(document, line(vat=vat)), "/lines/l1/vat/rate"
            less, more = cut(amount="1", vat=vat), extra(amount="1", vat=vat)
            yield f"{prefix}-06", document.evolve(allowances=[less]), "/allowances/a1/vat/rate"
            yield f"{prefix}-07", document.evolve(charges=[more]), "/charges/c1/vat/rate"
        yield f"{prefix}-08", with_row(document, taxable=off), f"/totals/breakdown/{row}/taxable"
        yield f"{prefix}-09", with_row(document, tax=off), f"/totals/breakdown/{row}/tax"
        yield f"{prefix}-10", relined(document, line(vat=MISFIT[code])), "/lines/l1/vat/exemption"
    unlisted = line(vat=VAT("E", exemption="VATEX-FR-NONE"))
    yield "BR-CL-22", invoice(lines=[unlisted]), "/lines/l1/vat/exemption"
    yield "BR-IC-11", attrs.evolve(ORDINARY["K"], delivery_date=None), "/delivery_date"
    yield "BR-IC-12", attrs.evolve(ORDINARY["K"], delivery=None), "/delivery/address/country"
    beside = ORDINARY["O"].evolve(allowances=[cut(amount="1", vat="20")])
    yield "BR-O-13", beside, "/allowances/a1/vat/category"
    beside = ORDINARY["O"].evolve(charges=[extra(amount="1", vat="20")])
    yield "BR-O-14", beside, "/charges/c1/vat/category"
    mixed = relined(ORDINARY["O"], line(vat=VAT("O")), line("l2"))
    yield "BR-O-11", mixed, "/totals/breakdown/S-20"
    yield "BR-O-12", mixed, "/lines/l2/vat/category"


def adjustments() -> Iterator[Broken]:
    """Allowances and charges that say too little, or two things."""
    unexplained: dict[str, Any] = {"reason": None}
    for amount, vat, reason, same, name, item, wrong in (
        ("BR-31", "BR-32", "BR-33", "BR-CO-05", "allowances", cut(), ("Special rebate", "42")),
        ("BR-36", "BR-37", "BR-38", "BR-CO-06", "charges", extra(), ("Packing", "FC")),
    ):
        path = f"/{name}/{item.id}"
        document = invoice(**{name: [item]})
        bare = tampered(document.evolve(), **{name: (tampered(item, total=None),)})
        yield amount, bare, f"{path}/amount"
        lost = tampered(item, vat=tampered(VAT("S", "20"), category=""))
        yield vat, tampered(document, **{name: (lost,)}), f"{path}/vat/category"
        yield reason, invoice(**{name: [attrs.evolve(item, **unexplained)]}), f"{path}/reason"
        other = attrs.evolve(item, reason=wrong[0], reason_code=wrong[1])
        yield same, invoice(**{name: [other]}), f"{path}/reason_code"
    less, more = Allowance(id="a1", amount="1"), Charge(id="c1", amount="1")
    for amount, reason, same, name, part, wrong in (
        ("BR-41", "BR-42", "BR-CO-07", "allowances", less, ("Special rebate", "42")),
        ("BR-43", "BR-44", "BR-CO-08", "charges", more, ("Packing", "FC")),
    ):
        path = f"/lines/l1/{name}/{part.id}"
        known = attrs.evolve(part, reason="Gesture")
        yield amount, with_line(**{name: (tampered(known, total=None),)}), f"{path}/amount"
        lone: dict[str, Any] = {name: [part]}
        yield reason, invoice(lines=[line(**lone)]), f"{path}/reason"
        said = attrs.evolve(part, reason=wrong[0], reason_code=wrong[1])
        lone = {name: [said]}
        yield same, invoice(lines=[line(**lone)]), f"{path}/reason_code"
    unlisted = cut(reason_code="999")
    yield "BR-CL-19", invoice(allowances=[unlisted]), "/allowances/a1/reason_code"
    unlisted_charge = Charge(id="c1", amount="1", reason_code="95")
    charged = invoice(lines=[line(charges=[unlisted_charge])])
    yield "BR-CL-20", charged, "/lines/l1/charges/c1/reason_code"


def with_item(**changes: Any) -> Invoice:
    """The ordinary invoice with details of its item."""
    return invoice(lines=[line(item=ItemDetails(**changes))])


def items() -> Iterator[Broken]:
    """What lines say of units, periods, prices and items."""
    yield (
        "BR-28",
        with_line(gross_price=Decimal(-450), price_discount=Decimal(-900)),
        "/lines/l1/gross_price",
    )
    reversed_days = Period(date(2026, 11, 2), date(2026, 11, 1))
    yield "BR-30", invoice(lines=[line(period=reversed_days)]), "/lines/l1/period/end"
    nameless = Attribute("", "blue")
    path = f"/lines/l1/item/attributes/{nameless.key}/name"
    yield "BR-54", with_item(attributes=[nameless]), path
    number = Identifier("3020000000017")
    yield "BR-64", with_item(standard_id=number), "/lines/l1/item/standard_id/scheme"
    schemeless, strange = Classification("82141504", ""), Classification("82141504", "XX")
    classes = "/lines/l1/item/classifications"
    yield "BR-65", with_item(classifications=[schemeless]), f"{classes}/{schemeless.key}/scheme"
    yield "BR-CL-13", with_item(classifications=[strange]), f"{classes}/{strange.key}/scheme"
    yield "BR-CL-15", with_item(origin="ZZ"), "/lines/l1/item/origin"
    odd = Identifier("3020000000017", "9999")
    yield "BR-CL-21", with_item(standard_id=odd), "/lines/l1/item/standard_id/scheme"
    yield "BR-CL-23", invoice(lines=[line(unit="ZZ9")]), "/lines/l1/unit"
    endless = tampered(Period(ON, ON), start=None, end=None)
    yield "BR-CO-20", with_line(period=endless), "/lines/l1/period"
    yield "MB-BASE-UNIT", invoice(lines=[line(base_unit="HUR")]), "/lines/l1/base_unit"
    yield (
        "MB-OBJECT",
        invoice(lines=[line(object_id=Identifier("1", "ZZ"))]),
        "/lines/l1/object_id/scheme",
    )
    off = line(gross_price="500", price_discount="49")
    yield "MB-PRICE", invoice(lines=[off]), "/lines/l1/unit_price"


IBAN = "FR7630006000011234567890189"


def paid(**changes: Any) -> Invoice:
    """The ordinary invoice, to be paid by SEPA transfer, with changes."""
    transfer = CreditTransfer(id="t1", account=IBAN)
    return invoice(
        payment=PaymentInstructions(**{"means": "58", "transfers": [transfer], **changes})
    )


def to_account(**changes: Any) -> Invoice:
    """The same to another account."""
    return paid(transfers=[tampered(CreditTransfer(id="t1", account=IBAN), **changes)])


def paying() -> Iterator[Broken]:
    """How to pay."""
    document = paid()
    meansless = tampered(document.payment, means="")
    yield "BR-49", tampered(document, payment=meansless), "/payment/means"
    yield "BR-50", to_account(account=" "), "/payment/transfers/t1/account"
    yield "BR-51", paid(card=Card(number="XXXX XXXX XXXX 4242")), "/payment/card/number"
    yield "BR-61", paid(transfers=[]), "/payment/transfers"
    yield "BR-CL-16", paid(means="72", transfers=[]), "/payment/means"
    yield "MB-BIC", to_account(bic="AGRI"), "/payment/transfers/t1/bic"
    yield "MB-IBAN", to_account(account=f"{IBAN[:-1]}8"), "/payment/transfers/t1/account"


FISCAL = TaxRepresentative(
    name="Fisc SARL",
    vat_id="FR11123456782",
    address=STUDIO.address or Address(None, None, None, "FR"),
)


def represented(**changes: Any) -> Invoice:
    """The ordinary invoice of a seller with a tax representative that was changed."""
    return invoice(tax_representative=tampered(FISCAL, **changes))


def places() -> Iterator[Broken]:
    """Further parties, places and numbers."""
    yield "BR-17", invoice(payee=Payee(name=" ")), "/payee/name"
    yield "BR-18", represented(name=""), "/tax_representative/name"
    yield "BR-19", represented(address=None), "/tax_representative/address"
    homeless = tampered(FISCAL.address, country="")
    yield "BR-20", represented(address=homeless), "/tax_representative/address/country"
    yield "BR-56", represented(vat_id=" "), "/tax_representative/vat_id"
    nowhere_delivered = Delivery(address=homeless)
    yield "BR-57", invoice(delivery=nowhere_delivered), "/delivery/address/country"
    yield "BR-62", seller(endpoint=Identifier("123456782")), "/seller/endpoint/scheme"
    yield "BR-63", buyer(endpoint=Identifier("987654324")), "/buyer/endpoint/scheme"
    odd = Identifier("1", "9999")
    yield "BR-CL-10", seller(identifiers=[odd]), f"/seller/identifiers/{odd.key}/scheme"
    unlisted = Payee(name="Factor SA", registration=odd)
    yield "BR-CL-11", invoice(payee=unlisted), "/payee/registration/scheme"
    yield "BR-CL-25", buyer(endpoint=Identifier("987654324", "9999")), "/buyer/endpoint/scheme"
    quay = Delivery(location=odd, address=ACME.address)
    yield "BR-CL-26", invoice(delivery=quay), "/delivery/location/scheme"


def references() -> Iterator[Broken]:
    """Attachments, objects, tax points and currencies."""
    yield (
        "BR-52",
        invoice(attachments=[Attachment(id="f1", reference="")]),
        "/attachments/f1/reference",
    )
    yield "BR-53", invoice(tax_currency="PLN"), "/exchange"
    yield "BR-CL-06", invoice(tax_point_code="5"), "/tax_point_code"
    yield "BR-CL-07", invoice(object_id=Identifier("1", "ZZ")), "/object_id/scheme"
    program = Attachment(
        id="f1", reference="TS-1", filename="a.zip", mime="application/zip", sha256="0" * 64
    )
    yield "BR-CL-24", invoice(attachments=[program]), "/attachments/f1/mime"
    yield "BR-CO-03", invoice(tax_point_code="3", tax_point_date=ON), "/tax_point_code"


def taxed() -> Iterator[Broken]:
    """What is unusual or wrong for VAT, though the form is right."""
    yield "TAX-CATEGORY", invoice(buyer=GERMAN), "/lines/l1/vat/category"
    same_state = attrs.evolve(ORDINARY["K"], buyer=attrs.evolve(ACME, address=GERMAN.address))
    yield "TAX-IC-NUMBER", same_state, "/buyer/vat_id"
    yield "TAX-RATE", invoice(lines=[line(vat="8.5")]), "/lines/l1/vat/rate"
    training = VAT("E", exemption="VATEX-FR-CGI261-4")
    both = invoice(lines=[line(vat=FRANCHISE), line("l2", vat=training)])
    yield "TAX-REASON", both, "/lines/l2/vat/exemption"


def platforms() -> Iterator[Broken]:
    """What e-invoicing platforms ask of sellers in France."""
    cited = Reference(id="i1", number="F 2026/1", issue_date=ON)
    yield "BR-FR-01", credit_note(preceding=[cited]), "/preceding/i1/number"
    twice = [Note(id="n1", text="40 EUR", subject="PMT"), Note(id="n2", text="40", subject="PMT")]
    yield "BR-FR-06", invoice(notes=twice), "/notes/n2/subject"
    yield "BR-FR-CO-04", invoice(type_code="384"), "/preceding"
    yield "BR-FR-CO-08", invoice(type_code="386", process="S4"), "/process"
    yield "BR-FR-CO-09", invoice(process="S2"), "/prepaid"


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
    yield "FR-DELIVERY", invoice(delivery=Delivery(name="Quay 4")), "/delivery/address"
    yield "FR-EUR", invoice(currency="USD"), "/tax_currency"
    late = invoice(issue_date=date(2027, 9, 1), due_date=date(2027, 9, 30))
    yield "FR-OPERATION", late, "/operation"


BROKEN: tuple[Broken, ...] = (
    *presence(),
    *figures(),
    *categories(),
    *adjustments(),
    *items(),
    *paying(),
    *places(),
    *references(),
    *taxed(),
    *platforms(),
    *france(),
)
