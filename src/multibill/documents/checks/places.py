"""Further parties and places: payee, tax representative, delivery, electronic addresses, numbers and their schemes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from operator import attrgetter

from multibill.documents.checks.codes import ENDPOINTS, SCHEMES
from multibill.documents.checks.finding import Check, Find, Place, blank, rule
from multibill.documents.document import Document
from multibill.parties import Identifier


def within(owner: str, field: str) -> Find:
    """Finds a part of the document that is there and lacks a field."""
    said = attrgetter(field.replace("/", "."))

    def find(document: Document, _: date) -> list[Place]:
        part = getattr(document, owner)
        return [(f"/{owner}/{field}", {})] if part is not None and blank(said(part)) else []

    return find


def countryless(owner: str) -> Find:
    """Finds an address of a part that names no country."""

    def find(document: Document, _: date) -> Iterator[Place]:
        part = getattr(document, owner)
        if part is not None and part.address is not None and blank(part.address.country):
            yield f"/{owner}/address/country", {}

    return find


def schemeless(side: str) -> Find:
    """Finds an electronic address that does not say of what kind it is."""

    def find(document: Document, _: date) -> Iterator[Place]:
        endpoint = getattr(document, side).endpoint
        if endpoint is not None and blank(endpoint.scheme):
            yield f"/{side}/endpoint/scheme", {}

    return find


def unlisted_endpoints(document: Document, _: date) -> Iterator[Place]:
    """Finds electronic addresses of a kind that is on no list."""
    for side in ("seller", "buyer"):
        endpoint = getattr(document, side).endpoint
        if endpoint is not None and not blank(endpoint.scheme) and endpoint.scheme not in ENDPOINTS:
            yield f"/{side}/endpoint/scheme", {"code": endpoint.scheme}


def unlisted(path: str, number: Identifier | None) -> Iterator[Place]:
    """Finds a number of a scheme that ISO 6523 does not list."""
    if number is not None and not blank(number.scheme) and number.scheme not in SCHEMES:
        yield f"{path}/scheme", {"code": number.scheme}


def unlisted_numbers(document: Document, _: date) -> Iterator[Place]:
    """Finds further numbers of seller, buyer and payee whose scheme is on no list."""
    for side, party in (("seller", document.seller), ("buyer", document.buyer)):
        for number in party.identifiers:
            yield from unlisted(f"/{side}/identifiers/{number.key}", number)
    if document.payee is not None:
        yield from unlisted("/payee/identifier", document.payee.identifier)


def unlisted_registrations(document: Document, _: date) -> Iterator[Place]:
    """Finds registrations whose scheme is on no list."""
    yield from unlisted("/seller/registration", document.seller.registration)
    yield from unlisted("/buyer/registration", document.buyer.registration)
    if document.payee is not None:
        yield from unlisted("/payee/registration", document.payee.registration)


def unlisted_location(document: Document, _: date) -> Iterator[Place]:
    """Finds a place of delivery whose number is of no listed scheme."""
    if document.delivery is not None:
        yield from unlisted("/delivery/location", document.delivery.location)


def scheme(id: str, find: Find, needs: str | None) -> Check:
    """The rule that a number is of a scheme of ISO 6523."""
    return rule(
        id,
        find,
        law="EN 16931-1:2017; ISO 6523",
        en=(
            "{code} is no scheme of ISO 6523",
            "take one: 0002 for SIREN, 0009 for SIRET, 0088 for GLN",
        ),
        fr=("{code} n'est pas un schéma ISO 6523", "prenez 0002 (SIREN), 0009 (SIRET), 0088 (GLN)"),
        needs=needs,
    )


def endpoint(id: str, side: str, en: str, fr: str) -> Check:
    """The rule that an electronic address has a scheme."""
    return rule(
        id,
        schemeless(side),
        en=(
            f"{en} electronic address does not say of what kind it is",
            "name its scheme, 0225 in France",
        ),
        fr=(f"l'adresse électronique {fr} n'a pas de schéma", "indiquez-le, 0225 en France"),
        needs="party_numbers",
    )


PLACES = (
    rule(
        "BR-17",
        within("payee", "name"),
        en=("the payee has no name", "give the name of who is paid, or remove the payee"),
        fr=("le bénéficiaire n'a pas de nom", "indiquez qui est payé, ou retirez le bénéficiaire"),
        needs="payee",
    ),
    rule(
        "BR-18",
        within("tax_representative", "name"),
        law="EN 16931-1:2017; CGI annexe II art. 242 nonies A, I 5°",
        en=("the tax representative has no name", "give the full name"),
        fr=("le représentant fiscal n'a pas de nom", "indiquez son nom complet"),
        needs="tax_representative",
    ),
    rule(
        "BR-19",
        within("tax_representative", "address"),
        law="EN 16931-1:2017; CGI annexe II art. 242 nonies A, I 5°",
        en=("the tax representative has no address", "give the postal address"),
        fr=("le représentant fiscal n'a pas d'adresse", "indiquez son adresse postale"),
        needs="tax_representative",
    ),
    rule(
        "BR-20",
        countryless("tax_representative"),
        en=("the tax representative's address names no country", "give its country code"),
        fr=("l'adresse du représentant fiscal n'a pas de pays", "indiquez son code pays"),
        needs="tax_representative",
    ),
    rule(
        "BR-56",
        within("tax_representative", "vat_id"),
        law="EN 16931-1:2017; CGI annexe II art. 242 nonies A, I 5°",
        en=("the tax representative has no VAT number", "give the number under which VAT is paid"),
        fr=(
            "le représentant fiscal n'a pas de numéro de TVA",
            "indiquez le numéro qui paie la TVA",
        ),
        needs="tax_representative",
    ),
    rule(
        "BR-57",
        countryless("delivery"),
        en=("the delivery address names no country", "give its country code, such as FR"),
        fr=("l'adresse de livraison n'a pas de pays", "indiquez son code pays, par exemple FR"),
        needs="delivery",
    ),
    endpoint("BR-62", "seller", "the seller's", "du vendeur"),
    endpoint("BR-63", "buyer", "the buyer's", "de l'acheteur"),
    scheme("BR-CL-10", unlisted_numbers, "any_numbers"),
    scheme("BR-CL-11", unlisted_registrations, None),
    rule(
        "BR-CL-25",
        unlisted_endpoints,
        law="EN 16931-1:2017; CEF EAS",
        en=("{code} is no kind of electronic address", "take one of the list EAS, 0225 in France"),
        fr=(
            "{code} n'est pas un schéma d'adresse électronique",
            "prenez-en un de la liste EAS, 0225 en France",
        ),
        needs="party_numbers",
    ),
    scheme("BR-CL-26", unlisted_location, "delivery"),
)
