"""What a document says of itself beside its figures: days, references, numbers; each with its label. Places nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from multibill.documents import Document, Period, Reference
from multibill.formats.pdf.wrap import DOT
from multibill.i18n import Labels, format_country, format_date
from multibill.parties import Address, Contact, Identifier, Party

TITLES = {
    "310": "Quote",
    "326": "Partial invoice",
    "380": "Invoice",
    "381": "Credit note",
    "384": "Corrected invoice",
    "386": "Prepayment invoice",
    "389": "Self-billing invoice",
    "261": "Self-billing credit note",
    "503": "Credit note on a prepayment",
}
"""UNTDID 1001 code -> title; 389 with the words that directive 2006/112/EC art. 226, 10a wants."""

OPERATIONS = {"goods": "Supply of goods", "services": "Supply of services", "mixed": "Goods and services"}  # fmt: skip
"""CGI annexe II art. 242 nonies A, I, 8° bis."""

TAX_POINTS = {
    "3": "on the invoice date", "5": "on the invoice date",
    "35": "on delivery", "29": "on delivery",
    "432": "on payment", "72": "on payment",
}  # fmt: skip
"""When VAT falls due (BT-8): UNTDID 2005 as UBL writes it, UNTDID 2475 as CII does."""

SCHEMES = {
    "0002": "SIREN", "0009": "SIRET", "0007": "Org.nr", "0060": "DUNS", "0088": "GLN", "0106": "KVK",
    "0130": "DG", "0160": "GTIN", "0184": "CVR", "0190": "OIN", "0192": "Org.nr", "0199": "LEI",
    "0204": "Leitweg-ID", "0208": "KBO/BCE", "0210": "CF", "0211": "P. IVA", "0225": "SIREN",
}  # fmt: skip
"""ISO 6523 ICD -> how the number is called everywhere."""

AFTER_CITY = frozenset({"AU", "CA", "GB", "IE", "IN", "NZ", "US"})
"""Where the postcode follows the city (UPU addressing guides)."""
AFTER_STATE = frozenset({"AU", "CA", "US"})
"""Where state or province stands between them."""

Fact = tuple[str, str]


def title(document: Document, say: Labels) -> str:
    """What kind of document this is, in its language."""
    return say(TITLES[document.type_code])


def facts(document: Document, say: Labels) -> Iterator[Fact]:
    """The facts that the document states: label and value."""
    yield from _days(document, say)
    yield from _references(document, say)
    corrects = document.kind == "credit_note" or document.type_code == "384"
    label = say("Corrects invoice") if corrects else say("Preceding invoice")
    yield from ((label, _reference(one, document, say)) for one in document.preceding)
    yield from _buyer_facts(document.buyer, say)


def _days(document: Document, say: Labels) -> Iterator[Fact]:
    days = (
        (say("Issue date"), document.issue_date),
        (say("Due date"), document.due_date),
        (say("Valid until"), getattr(document, "valid_until", None)),
        (say("Delivery date"), document.delivery_date),
    )
    yield from ((label, day(on, document)) for label, on in days if on)
    if document.period:
        yield say("Period"), period(document.period, document, say)
    if document.tax_point_date:
        yield say("VAT due"), day(document.tax_point_date, document)
    elif document.tax_point_code in TAX_POINTS:
        yield say("VAT due"), say(TAX_POINTS[document.tax_point_code])
    worded = f"fr-operation-{document.operation}" in {one.id for one in document.mentions}
    if document.operation in OPERATIONS and not worded:
        yield say("Operation"), say(OPERATIONS[document.operation])


def _references(document: Document, say: Labels) -> Iterator[Fact]:
    texts = (
        (say("Purchase order"), document.purchase_order),
        (say("Your reference"), document.buyer_reference),
        (say("Our order no."), document.sales_order),
        (say("Contract"), document.contract),
        (say("Project"), document.project),
        (say("Tender"), document.tender),
        (say("Despatch note"), document.despatch_advice),
        (say("Goods receipt"), document.receiving_advice),
        (say("Invoiced object"), document.object_id.value if document.object_id else None),
        (say("Your account"), document.buyer_accounting),
    )
    yield from ((label, text) for label, text in texts if text)


def period(said: Period, document: Document, say: Labels) -> str:
    """From when to when."""
    days = (("start", said.start), ("end", said.end))
    known = {name: day(on, document) for name, on in days if on}
    if len(known) == 2:
        return say("{start} to {end}", **known)
    return say("from {start}", **known) if said.start else say("until {end}", **known)


def day(on: date, document: Document) -> str:
    """The day, which no line end tears."""
    return format_date(on, document.language).replace(" ", "\N{NO-BREAK SPACE}")


def _reference(reference: Reference, document: Document, say: Labels) -> str:
    if reference.issue_date is None:
        return reference.number
    return say(
        "{number} of {date}", number=reference.number, date=day(reference.issue_date, document)
    )


def _buyer_facts(buyer: Party, say: Labels) -> Iterator[Fact]:
    own = [buyer.registration] if buyer.registration else []
    for known in (*own, *buyer.identifiers):
        name = SCHEMES.get(known.scheme or "")
        label = say("Customer {identifier}", identifier=name) if name else say("Customer no.")
        yield label, known.value
    if buyer.vat_id:
        yield say("Customer VAT no."), buyer.vat_id
    if buyer.contact:
        yield say("Customer contact"), DOT.join(contact(buyer.contact))


def contact(said: Contact) -> list[str]:
    """Name, telephone, e-mail: those that there are."""
    return [text for text in (said.name, said.phone, said.email) if text]


def named(identifier: Identifier, other: str) -> str:
    """A number after its name, which is ``other`` where the scheme has none of its own.

    >>> named(Identifier("123456782", "0002"), "Registration no.")
    'SIREN\\xa0123456782'
    """
    return held(SCHEMES.get(identifier.scheme or "", other), identifier.value)


def held(name: str, number: str) -> str:
    """A number after its name, which no line end tears apart."""
    return f"{name} {number}".replace(" ", "\N{NO-BREAK SPACE}")


def legal_line(document: Document, say: Labels) -> str:
    """Who the seller is in law, in one line for the foot of each page (article R123-237 Code de commerce)."""
    seller = document.seller
    parts = [seller.name, seller.legal]
    if seller.registration:
        parts.append(named(seller.registration, say("Registration no.")))
    parts += [named(one, say("No.")) for one in seller.identifiers]
    if seller.vat_id:
        parts.append(held(say("VAT no."), seller.vat_id))
    if seller.tax_registration:
        parts.append(held(say("Tax no."), seller.tax_registration))
    return DOT.join(filter(None, parts))


def address(at: Address | None, document: Document) -> list[str]:
    """The lines of an address; the country when the document crosses a border."""
    if at is None:
        return []
    countries = {document.seller.country, document.buyer.country, at.country}
    country = format_country(at.country, document.language) if len(countries) > 1 else None
    lines = [at.line1, at.line2, at.line3, *_city(at), country]
    return [line for line in lines if line]


def _city(at: Address) -> list[str | None]:
    if at.country in AFTER_STATE and at.subdivision:
        city = ", ".join(filter(None, (at.city, at.subdivision)))
        return [" ".join(filter(None, (city, at.postcode)))]
    parts = (at.city, at.postcode) if at.country in AFTER_CITY else (at.postcode, at.city)
    return [" ".join(filter(None, parts)), at.subdivision]
