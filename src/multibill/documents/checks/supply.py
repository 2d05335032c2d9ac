"""What the tax rules say about each VAT of the document: category, reason, rate, the buyer's number.

Turns a document into supplies, and findings of ``multibill.tax.examine`` into findings with a path.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import lru_cache

import attrs

from multibill.documents.checks.finding import Check, Find, Place, on_line, rule
from multibill.documents.document import Document
from multibill.parties import Address
from multibill.tax import FRANCHISE, VAT, Supply, TaxFinding, Territory, examine, territory
from multibill.tax.rates import french
from multibill.tax.supply import Kind

PATHS = {
    "category": "vat/category",
    "exemption": "vat/exemption",
    "rate": "vat/rate",
    "buyer_vat": "/buyer/vat_id",
    "deliver_to": "/delivery/address/country",
}
"""Where a finding's field stands: absolute, or in what bears the VAT."""


def tax_day(document: Document, on: date) -> date:
    """The day whose VAT rates apply: delivery, else the end of the period, else issue (CGI art. 269)."""
    ended = document.period.end if document.period else None
    return document.delivery_date or ended or document.issue_date or on


def home(document: Document) -> Territory | None:
    """Where the seller supplies from: the address, or the state whose VAT number the document bears if another.

    None when nothing says it.
    """
    representative = document.tax_representative
    number = representative.vat_id if representative else document.seller.vat_id
    return _home(document.seller.address, (number or "")[:2])


def _home(address: Address | None, prefix: str) -> Territory | None:
    here = _place(address)
    if not (len(prefix) == 2 and prefix.isascii() and prefix.isalpha() and prefix.isupper()):
        return here
    there = territory(prefix)
    return here if here and here.state == there.state else there


def _place(address: Address | None) -> Territory | None:
    if address is None or not address.country:
        return None
    return territory(address.country, address.subdivision, address.postcode)


@attrs.frozen(eq=False)
class Situation:
    """Between whom a document supplies, and when; compared by identity, which costs a cache next to nothing."""

    supply: Supply


def situation(document: Document, vats: Collection[VAT], on: date) -> Situation | None:
    """The document, which uses these VATs, as one supply; None when it is not said where the seller or the buyer is.

    >>> from multibill.documents import Invoice
    >>> from multibill.parties import Party
    >>> paris, berlin = Address(None, None, "Paris", "FR"), Address(None, None, "Berlin", "DE")
    >>> seller, buyer = Party(name="Studio", address=paris), Party(name="Muster", address=berlin)
    >>> draft = Invoice(id="i", seller=seller, buyer=buyer)
    >>> situation(draft, draft.vats, date(2026, 11, 30)).supply.buyer.code
    'DE'
    """
    seller, buyer, delivery = document.seller, document.buyer, document.delivery
    representative = document.tax_representative
    number = representative.vat_id if representative else seller.vat_id
    return _situation(
        seller.address,
        (number or "")[:2],
        buyer.address,
        buyer.vat_id,
        buyer.registration is not None,
        delivery and delivery.address,
        document.operation,
        FRANCHISE in [vat.exemption for vat in vats],
        tax_day(document, on),
    )


@lru_cache(maxsize=1024)
def _situation(  # noqa: PLR0917 - the key of a cache
    seller: Address | None,
    prefix: str,
    buyer: Address | None,
    number: str | None,
    registered: bool,
    delivery: Address | None,
    operation: Kind | None,
    franchise: bool,
    on: date,
) -> Situation | None:
    here, there = _home(seller, prefix), _place(buyer)
    if here is None or there is None:
        return None
    return Situation(
        Supply(
            seller=here,
            buyer=there,
            deliver_to=_place(delivery),
            kind=operation or "mixed",
            buyer_vat=number,
            business=registered or number is not None,
            franchise=franchise,
            on=on,
        )
    )


@lru_cache(maxsize=2048)
def examined(found: Situation, vat: VAT) -> tuple[TaxFinding, ...]:
    """What the tax rules say, without what other rules of the document say already."""
    supplied = found.supply
    if not vat.category:
        return ()
    return tuple(
        said for said in examine(supplied, vat) if not _said_elsewhere(said, supplied, vat)
    )


def _said_elsewhere(found: TaxFinding, supplied: Supply, vat: VAT) -> bool:
    """BR-IC-02 asks for a number, FR-RATE for a rate that France knows. BR-IC-12 asks for the country of delivery."""
    if found.rule == "TAX-RATE":
        return supplied.seller.state == "FR" and vat.rate not in french(supplied.on)
    return found.rule == "TAX-IC-NUMBER" and supplied.buyer_vat is None


def troubled(document: Document, vats: Collection[VAT], on: date) -> bool:
    """Whether the tax rules say anything about a VAT of the document."""
    found = situation(document, vats, on)
    return found is not None and any(examined(found, vat) for vat in vats)


def uses(document: Document) -> Iterator[tuple[str, VAT]]:
    """Where each VAT of the document stands."""
    for line in document.lines:
        yield on_line(line, ""), line.vat
    for name, items in (("allowances", document.allowances), ("charges", document.charges)):
        for item in items:
            yield f"/{name}/{item.id}/" if item.id else f"/{name}", item.vat


def of(name: str) -> Find:
    """Finds what one tax rule says, at each place once."""

    def find(document: Document, on: date) -> Iterator[Place]:
        known = situation(document, document.vats, on)
        if known is None:
            return
        seen: set[str] = set()
        for owner, vat in uses(document):
            for found in examined(known, vat):
                path = _path(owner, PATHS[found.field])
                if found.rule == name and path not in seen:
                    seen.add(path)
                    yield path, _said(found)

    return find


def _path(owner: str, field: str) -> str:
    if field.startswith("/"):
        return field
    return owner + field if owner.endswith("/") else owner


def _said(found: TaxFinding) -> Mapping[str, object]:
    return {
        "message": found.message,
        "remedy": found.remedy,
        "law": found.law or "directive 2006/112/CE",
        "severity": found.severity,
    }


def taxed(name: str) -> Check:
    """A rule of ``multibill.tax``, whose words, law and severity follow the case."""
    words = "{message}", "{remedy}"
    return rule(name, of(name), en=words, fr=words, needs="tax_findings")


SUPPLY = (
    taxed("TAX-CATEGORY"),
    taxed("TAX-IC-NUMBER"),
    taxed("TAX-RATE"),
    taxed("TAX-REASON"),
)
