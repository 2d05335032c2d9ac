"""What must be there, and be of its kind, before any figure is looked at: parties, addresses, lines, dates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from operator import attrgetter

from multibill.documents.checks.finding import Find, Place, blank, on_line, rule
from multibill.documents.checks.territories import COUNTRIES, VAT_PREFIXES
from multibill.documents.document import Document
from multibill.documents.line import Line
from multibill.documents.parts import TaxRepresentative
from multibill.documents.totals import ZERO
from multibill.parties import Address, Party


def without(path: str) -> Find:
    """Finds a document that says nothing at a path such as ``/seller/name``."""
    said = attrgetter(path[1:].replace("/", "."))
    return lambda document, _: [(path, {})] if blank(said(document)) else ()


def no_lines(document: Document, _: date) -> list[Place]:
    """Finds a document without lines."""
    return [] if document.lines else [("/lines", {})]


def without_country(side: str) -> Find:
    """Finds a seller's or buyer's address that names no country."""
    party = attrgetter(side)

    def find(document: Document, _: date) -> list[Place]:
        address = party(document).address
        nowhere = address is not None and blank(address.country)
        return [(f"/{side}/address/country", {})] if nowhere else []

    return find


def lines_with(field: str, broken: Callable[[Line], bool]) -> Find:
    """Finds the lines whose field is broken."""

    def find(document: Document, _: date) -> list[Place]:
        return [
            (on_line(line, field), {"line": line.name}) for line in document.lines if broken(line)
        ]

    return find


def lines_without(field: str, said: Callable[[Line], object] | None = None) -> Find:
    """Finds the lines that say nothing in a field."""
    says = said or attrgetter(field.replace("/", "."))
    return lines_with(field, lambda line: blank(says(line)))


def item(line: Line) -> str:
    """What a line bills, without the white space that says nothing."""
    return (line.name or "").strip()


def priced_below_zero(line: Line) -> bool:
    """Whether the price is negative; what is taken off is a negative quantity."""
    return line.unit_price is not None and line.unit_price < ZERO


def _vat_payers(document: Document) -> tuple[tuple[str, Party | TaxRepresentative], ...]:
    found = ("seller", document.seller), ("buyer", document.buyer)
    representative = document.tax_representative
    return (*found, ("tax_representative", representative)) if representative else found


def _addresses(document: Document) -> Iterator[tuple[str, Address | None]]:
    yield "seller", document.seller.address
    yield "buyer", document.buyer.address
    if document.delivery is not None:
        yield "delivery", document.delivery.address
    if document.tax_representative is not None:
        yield "tax_representative", document.tax_representative.address


def unknown_countries(document: Document, _: date) -> Iterator[Place]:
    """Finds countries that ISO 3166-1 does not list."""
    for side, address in _addresses(document):
        if address and not blank(code := address.country) and code not in COUNTRIES:
            yield f"/{side}/address/country", {"code": code}


def unknown_prefixes(document: Document, _: date) -> Iterator[Place]:
    """Finds VAT numbers that begin with no country."""
    for side, party in _vat_payers(document):
        if party.vat_id is not None and party.vat_id[:2] not in VAT_PREFIXES:
            yield f"/{side}/vat_id", {"number": party.vat_id}


def unidentified_seller(document: Document, _: date) -> Iterator[Place]:
    """Finds a seller without registration, VAT number or any other number."""
    if not document.seller.is_business and not document.seller.identifiers:
        yield "/seller", {}


def reversed_period(document: Document, _: date) -> Iterator[Place]:
    """Finds a period that ends before it starts."""
    period = document.period
    if period and period.start and period.end and period.end < period.start:
        yield "/period/end", {"start": period.start, "end": period.end}


def empty_period(document: Document, _: date) -> Iterator[Place]:
    """Finds a period without a day."""
    if document.period and document.period.start is None and document.period.end is None:
        yield "/period", {}


def unnumbered_references(document: Document, _: date) -> Iterator[Place]:
    """Finds references to a preceding document that do not name its number."""
    for reference in document.preceding:
        if blank(reference.number):
            yield f"/preceding/{reference.id}/number", {}


def undated_debts(document: Document, _: date) -> Iterator[Place]:
    """Finds an amount to pay without a day or terms; what a credit note takes off is not due to the seller."""
    said = document.due_date or (document.terms and document.terms.text)
    if document.sign > 0 and not said and document.totals.payable.amount > 0:
        yield "/due_date", {}


PRESENCE = (
    rule(
        "BR-03",
        without("/issue_date"),
        en=("the document has no issue date", "give the day it is issued"),
        fr=("le document n'a pas de date d'émission", "indiquez le jour de son émission"),
        needs="gaps",
    ),
    rule(
        "BR-05",
        without("/currency"),
        en=("the document has no currency", "name one, such as EUR"),
        fr=("le document n'a pas de devise", "indiquez-en une, par exemple EUR"),
        needs="gaps",
    ),
    rule(
        "BR-06",
        without("/seller/name"),
        en=("the seller has no name", "give the seller's full legal name"),
        fr=("le vendeur n'a pas de nom", "indiquez le nom légal complet du vendeur"),
        needs="gaps",
    ),
    rule(
        "BR-07",
        without("/buyer/name"),
        en=("the buyer has no name", "give the buyer's full name"),
        fr=("l'acheteur n'a pas de nom", "indiquez le nom complet de l'acheteur"),
        needs="gaps",
    ),
    rule(
        "BR-08",
        without("/seller/address"),
        en=("the seller has no postal address", "give the seller's address"),
        fr=("le vendeur n'a pas d'adresse postale", "indiquez l'adresse du vendeur"),
        needs="gaps",
    ),
    rule(
        "BR-09",
        without_country("seller"),
        en=("the seller's address names no country", "give its country code, such as FR"),
        fr=("l'adresse du vendeur n'a pas de pays", "indiquez son code pays, par exemple FR"),
        needs="gaps",
    ),
    rule(
        "BR-10",
        without("/buyer/address"),
        en=("the buyer has no postal address", "give the buyer's address"),
        fr=("l'acheteur n'a pas d'adresse postale", "indiquez l'adresse de l'acheteur"),
        needs="gaps",
    ),
    rule(
        "BR-11",
        without_country("buyer"),
        en=("the buyer's address names no country", "give its country code, such as FR"),
        fr=("l'adresse de l'acheteur n'a pas de pays", "indiquez son code pays, par exemple FR"),
        needs="gaps",
    ),
    rule(
        "BR-CL-14",
        unknown_countries,
        law="EN 16931-1:2017; ISO 3166-1",
        en=("{code} is not a country", "use a code of ISO 3166-1, such as FR"),
        fr=("{code} n'est pas un pays", "utilisez un code ISO 3166-1, par exemple FR"),
    ),
    rule(
        "BR-16",
        no_lines,
        en=("an invoice needs at least one line", "add a line"),
        fr=("une facture comporte au moins une ligne", "ajoutez une ligne"),
    ),
    rule(
        "BR-21",
        lines_without("id"),
        en=("the line {line} has no identifier", "save the document: lines get theirs then"),
        fr=("la ligne {line} n'a pas d'identifiant", "enregistrez le document, qui en donne un"),
        needs="gaps",
    ),
    rule(
        "BR-22",
        lines_without("quantity"),
        en=("the line {line} has no quantity", "say how many are billed"),
        fr=("la ligne {line} n'a pas de quantité", "indiquez combien sont facturés"),
        needs="gaps",
    ),
    rule(
        "BR-23",
        lines_without("unit"),
        en=("the line {line} has no unit", "name one, such as DAY, HUR or C62 for one"),
        fr=("la ligne {line} n'a pas d'unité", "indiquez-en une : DAY, HUR, ou C62 pour un"),
        needs="gaps",
    ),
    rule(
        "BR-25",
        lines_without("name", item),
        law="EN 16931-1:2017; CGI annexe II art. 242 nonies A, I 8°",
        en=("a line does not say what is billed", "name the goods or services precisely"),
        fr=("une ligne ne dit pas ce qui est facturé", "nommez précisément le bien ou le service"),
        needs="gaps",
    ),
    rule(
        "BR-26",
        lines_without("unit_price"),
        en=("the line {line} has no price", "give the price of one unit without VAT"),
        fr=("la ligne {line} n'a pas de prix", "indiquez le prix unitaire hors taxe"),
        needs="gaps",
    ),
    rule(
        "BR-27",
        lines_with("unit_price", priced_below_zero),
        en=("the price of {line} is negative", "make the quantity negative, not the price"),
        fr=("le prix de {line} est négatif", "rendez négative la quantité, non le prix"),
    ),
    rule(
        "BR-29",
        reversed_period,
        en=("the period ends on {end}, before its start on {start}", "put the days in order"),
        fr=("la période finit le {end}, avant son début le {start}", "remettez les jours en ordre"),
        needs="period",
    ),
    rule(
        "BR-55",
        unnumbered_references,
        law="EN 16931-1:2017; CGI art. 289, I 5",
        en=(
            "a preceding document is named without its number",
            "give the number it was issued with",
        ),
        fr=("un document antérieur est cité sans numéro", "indiquez le numéro de son émission"),
        needs="preceding",
    ),
    rule(
        "BR-CO-04",
        lines_without("vat/category"),
        en=("the line {line} has no VAT category", "choose one: S, Z, E, AE, K, G or O"),
        fr=("la ligne {line} n'a pas de catégorie de TVA", "choisissez S, Z, E, AE, K, G ou O"),
        needs="gaps",
    ),
    rule(
        "BR-CO-09",
        unknown_prefixes,
        en=(
            "the VAT number {number} does not begin with a country",
            "begin it with its country code, such as FR (EL for Greece)",
        ),
        fr=(
            "le numéro de TVA {number} ne commence pas par un pays",
            "commencez-le par son code pays, par exemple FR (EL pour la Grèce)",
        ),
    ),
    rule(
        "BR-CO-19",
        empty_period,
        en=("the period has neither start nor end", "give one of them, or remove the period"),
        fr=("la période n'a ni début ni fin", "indiquez l'un des deux, ou retirez la période"),
        needs="period",
    ),
    rule(
        "BR-CO-25",
        undated_debts,
        en=("nothing says when to pay", "give a due date or write the payment terms"),
        fr=(
            "rien ne dit quand payer",
            "indiquez une échéance ou écrivez les conditions de paiement",
        ),
    ),
    rule(
        "BR-CO-26",
        unidentified_seller,
        en=("nothing identifies the seller", "give a registration number or a VAT number"),
        fr=("rien n'identifie le vendeur", "indiquez un numéro d'immatriculation ou de TVA"),
    ),
)
