"""What the tax rules say about each VAT of the document: category, reason, rate, the buyer's number.

Turns a document into supplies, and findings of ``multibill.tax.examine`` into findings with a path.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache

from multibill.documents.checks.finding import Check, Find, Place, on_line, rule
from multibill.documents.document import Document
from multibill.parties import Address
from multibill.tax import FRANCHISE, VAT, Supply, TaxFinding, Territory, examine, territory
from multibill.tax.rates import french

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


@lru_cache(maxsize=1024)
def _home(address: Address | None, prefix: str) -> Territory | None:
    here = _place(address)
    if not (prefix.isascii() and prefix.isalpha() and prefix.isupper() and len(prefix) == 2):
        return here
    there = territory(prefix)
    return here if here and here.state == there.state else there


@lru_cache(maxsize=1024)
def _place(address: Address | None) -> Territory | None:
    if address is None or not address.country:
        return None
    return territory(address.country, address.subdivision, address.postcode)


def supply(document: Document, on: date) -> Supply | None:
    """The document as one supply; None when it is not said where the seller or the buyer is.

    >>> from multibill.documents import Invoice
    >>> from multibill.parties import Party
    >>> paris, berlin = Address(None, None, "Paris", "FR"), Address(None, None, "Berlin", "DE")
    >>> seller, buyer = Party(name="Studio", address=paris), Party(name="Muster", address=berlin)
    >>> supply(Invoice(id="i", seller=seller, buyer=buyer), date(2026, 11, 30)).buyer.code
    'DE'
    """
    seller, buyer = home(document), _place(document.buyer.address)
    if seller is None or buyer is None:
        return None
    delivery = document.delivery
    return _supply(
        seller,
        buyer,
        _place(delivery.address) if delivery else None,
        document.operation or "mixed",
        document.buyer.vat_id,
        document.buyer.is_business,
        any(vat.exemption == FRANCHISE for vat in document.vats),
        tax_day(document, on),
    )


@lru_cache(maxsize=1024)
def _supply(
    seller: Territory,
    buyer: Territory,
    deliver_to: Territory | None,
    kind: str,
    number: str | None,
    business: bool,
    franchise: bool,
    on: date,
) -> Supply:
    return Supply(
        seller=seller,
        buyer=buyer,
        deliver_to=deliver_to,
        kind=kind,  # type: ignore[arg-type]
        buyer_vat=number,
        business=business,
        franchise=franchise,
        on=on,
    )


@lru_cache(maxsize=2048)
def examined(supplied: Supply, vat: VAT) -> tuple[TaxFinding, ...]:
    """What the tax rules say, without what other rules of the document say already."""
    return tuple(found for found in examine(supplied, vat) if not _said_elsewhere(found, supplied, vat))


def _said_elsewhere(found: TaxFinding, supplied: Supply, vat: VAT) -> bool:
    """BR-IC-12 asks for the country of delivery, BR-IC-02 for a number, FR-RATE for a rate that France knows."""
    if found.rule == "TAX-RATE":
        return supplied.seller.state == "FR" and vat.rate not in french(supplied.on)
    missing = found.rule == "TAX-IC-NUMBER" and supplied.buyer_vat is None
    return missing or found.rule == "TAX-IC-DELIVERY"


def troubled(document: Document, on: date) -> bool:
    """Whether the tax rules say anything about a VAT of the document."""
    supplied = supply(document, on)
    return supplied is not None and any(examined(supplied, vat) for vat in document.vats)


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
        supplied = supply(document, on)
        if supplied is None:
            return
        seen: set[str] = set()
        for owner, vat in uses(document):
            for found in examined(supplied, vat):
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
