"""Number, attachments, the billed object, the tax point, the VAT in another currency."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from multibill.documents.checks.codes import MIME, OBJECTS, TAX_POINTS
from multibill.documents.checks.finding import Place, among, blank, rule
from multibill.documents.document import Document


def unnumbered(document: Document, _: date) -> Iterator[Place]:
    """Finds an issued document without number; a draft gets one at issue."""
    if blank(document.number):
        yield "/number", {}


def unreferenced(document: Document, _: date) -> Iterator[Place]:
    """Finds attachments without reference."""
    for attached in document.attachments:
        if blank(attached.reference):
            yield among("/attachments", attached, "reference"), {}


def odd_files(document: Document, _: date) -> Iterator[Place]:
    """Finds files of a type that an e-invoice cannot carry."""
    for attached in document.attachments:
        if attached.mime is not None and attached.mime not in MIME:
            yield among("/attachments", attached, "mime"), {"type": attached.mime}


def unlisted_object(document: Document, _: date) -> Iterator[Place]:
    """Finds a billed object whose kind is on no list."""
    scheme = document.object_id.scheme if document.object_id else None
    if scheme is not None and scheme not in OBJECTS:
        yield "/object_id/scheme", {"code": scheme}


def unconverted(document: Document, _: date) -> Iterator[Place]:
    """Finds a VAT currency without the VAT in it."""
    foreign = document.tax_currency not in {None, document.currency}
    if foreign and document.totals.tax is None:
        yield "/exchange", {"code": document.tax_currency}


def two_tax_points(document: Document, _: date) -> Iterator[Place]:
    """Finds a day and a code for when VAT is due."""
    if document.tax_point_code is not None and document.tax_point_date is not None:
        yield "/tax_point_code", {}


def unlisted_tax_point(document: Document, _: date) -> Iterator[Place]:
    """Finds codes that do not say when VAT is due."""
    code = document.tax_point_code
    if code is not None and code not in TAX_POINTS:
        yield "/tax_point_code", {"code": code}


REFERENCES = (
    rule(
        "BR-02",
        unnumbered,
        law="EN 16931-1:2017; CGI annexe II art. 242 nonies A, I 7°",
        en=("an issued document has no number", "give the number it was issued with"),
        fr=("un document émis n'a pas de numéro", "indiquez le numéro de son émission"),
        needs="issued",
    ),
    rule(
        "BR-52",
        unreferenced,
        en=("an attachment has no reference", "give a number or a name to cite it by"),
        fr=("une pièce jointe n'a pas de référence", "indiquez le numéro ou le nom qui la désigne"),
        needs="attachments",
    ),
    rule(
        "BR-53",
        unconverted,
        en=(
            "the VAT is not given in {code}, the currency of VAT accounting",
            "give the exchange rate with its source and day",
        ),
        fr=(
            "la TVA n'est pas donnée en {code}, devise de comptabilisation de la TVA",
            "indiquez le taux de change, sa source et son jour",
        ),
        needs="tax_currency",
    ),
    rule(
        "BR-CL-06",
        unlisted_tax_point,
        law="EN 16931-1:2017; UNTDID 2005",
        en=(
            "{code} does not say when VAT is due",
            "take 3 (issue), 35 (delivery) or 432 (payment)",
        ),
        fr=(
            "{code} ne dit pas quand la TVA est exigible",
            "prenez 3 (émission), 35 (livraison) ou 432 (paiement)",
        ),
        needs="tax_point_code",
    ),
    rule(
        "BR-CL-07",
        unlisted_object,
        law="EN 16931-1:2017; UNTDID 1153",
        en=("{code} is no kind of object of UNTDID 1153", "take a code of that list"),
        fr=("{code} n'est pas une sorte d'objet UNTDID 1153", "prenez un code de cette liste"),
        needs="object_id",
    ),
    rule(
        "BR-CL-24",
        odd_files,
        law="EN 16931-1:2017, BT-125-1",
        en=(
            "an e-invoice cannot carry a file of type {type}",
            "attach PDF, PNG, JPEG, CSV, XLSX or ODS",
        ),
        fr=(
            "une facture électronique ne porte pas de fichier {type}",
            "joignez un PDF, PNG, JPEG, CSV, XLSX ou ODS",
        ),
        needs="attachments",
    ),
    rule(
        "BR-CO-03",
        two_tax_points,
        en=("both a day and a code say when VAT is due", "keep one of them"),
        fr=("un jour et un code disent quand la TVA est exigible", "gardez l'un des deux"),
        needs="tax_point_code",
    ),
)
