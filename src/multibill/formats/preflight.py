"""What a syntax cannot say of a document, found before anything is written: nothing is lost in silence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from multibill.documents import Document
from multibill.documents.checks import Finding
from multibill.errors import PreflightFailed
from multibill.formats.table import Terms
from multibill.money import exponent

KINDS = ("invoice", "credit_note")
CODED = re.compile("#[A-Z0-9]{3}#")
DECIMALS = {
    "BT-92": "01", "BT-93": "02", "BT-99": "05", "BT-100": "06", "BT-106": "09", "BT-107": "10",
    "BT-108": "11", "BT-109": "12", "BT-110": "13", "BT-112": "14", "BT-111": "15", "BT-113": "16",
    "BT-114": "17", "BT-115": "18", "BT-116": "19", "BT-117": "20", "BT-131": "23", "BT-136": "24",
    "BT-137": "25", "BT-141": "27", "BT-142": "28",
}  # fmt: skip
"""The rule BR-DEC of each amount: EN 16931 gives it two decimals, whatever the currency."""
ADJUSTED = ("allowances", "charges")


def refuse(document: Document, terms: Terms, syntax: str) -> None:
    """Raise PreflightFailed when the syntax cannot say all of this."""
    if found := unsaid(document, terms, syntax):
        raise PreflightFailed(found)


def unsaid(document: Document, terms: Terms, syntax: str) -> tuple[Finding, ...]:
    """What cannot be said in a syntax, ``cii`` or ``ubl``, each with its rule and remedy."""
    found = [*_kind(document), *_decimals(document, terms)]
    if syntax == "cii":
        found += _tax_point(terms)
    if syntax == "ubl":
        found += [*_notes(terms), *_orders(terms)]
    return tuple(found)


def _finding(rule: str, path: str, en: tuple[str, str], fr: tuple[str, str]) -> Finding:
    words = {"en": en[0], "fr": fr[0]}, {"en": en[1], "fr": fr[1]}
    return Finding(rule, "error", path, *words, law="EN 16931-1:2017")


def _kind(document: Document) -> Iterator[Finding]:
    if document.kind not in KINDS:
        yield _finding(
            "BR-CL-01",
            "/type_code",
            ("an offer is no electronic invoice", "make an invoice of it"),
            ("un devis n'est pas une facture électronique", "faites-en une facture"),
        )


def _decimals(document: Document, terms: Terms) -> Iterator[Finding]:
    """Amounts of more than two decimals: of currencies that have them, and bases as they were given."""
    for path, term, amount in _amounts(terms, whole=exponent(document.currency) > 2):
        if len(amount.partition(".")[2]) > 2:
            yield _finding(
                f"BR-DEC-{DECIMALS[term]}",
                path,
                (
                    f"{term} is {amount}; the standard allows two decimals",
                    "round it to two decimals",
                ),
                (
                    f"{term} vaut {amount} ; la norme admet deux décimales",
                    "arrondissez à deux décimales",
                ),
            )


def _amounts(terms: Terms, *, whole: bool) -> Iterator[tuple[str, str, str]]:
    scopes = [("", terms)] + [
        (f"/lines/{n['BT-126']}", n) for n in terms.get("lines", ()) if "BT-126" in n
    ]
    for path, scope in scopes:
        for name in ADJUSTED:
            for item in scope.get(name, ()):
                yield from _of(item, f"{path}/{name}")
        if whole:
            yield from _of(scope, path or "/totals")
    if whole:
        for row in terms.get("totals.breakdown", ()):
            yield from _of(row, "/totals/breakdown")


def _of(scope: Terms, path: str) -> Iterator[tuple[str, str, str]]:
    return ((path, term, text) for term, text in scope.items() if term in DECIMALS)


def _tax_point(terms: Terms) -> Iterator[Finding]:
    if terms.keys() & {"BT-7", "BT-8"} and not terms.get("totals.breakdown"):
        yield _finding(
            "BR-CO-18",
            "/totals/breakdown",
            (
                "the tax point (BT-7, BT-8) stands in the VAT breakdown, and there is none",
                "add a line",
            ),
            (
                "l'exigibilité (BT-7, BT-8) figure dans la ventilation de TVA, absente",
                "ajoutez une ligne",
            ),
        )


def _notes(terms: Terms) -> Iterator[Finding]:
    for note in terms.get("notes", ()):
        if "BT-21" not in note and CODED.match(note.get("BT-22", "")):
            yield _finding(
                "MB-UBL-NOTE",
                "/notes",
                (
                    "a note begins like the code of its subject (#ABC#)",
                    "give its subject, or other words",
                ),
                (
                    "une note commence comme le code de son sujet (#ABC#)",
                    "donnez son sujet, ou d'autres mots",
                ),
            )


def _orders(terms: Terms) -> Iterator[Finding]:
    if terms.get("BT-13") == NO_ORDER and "BT-14" in terms:
        yield _finding(
            "MB-UBL-ORDER",
            "/purchase_order",
            (f"UBL reads {NO_ORDER} as no purchase order (BT-13)", "leave it out"),
            (f"en UBL, {NO_ORDER} signifie aucun bon de commande (BT-13)", "ne l'indiquez pas"),
        )


NO_ORDER = "NA"
"""What stands in UBL for the buyer's order (BT-13) where only the seller's (BT-14) is known: the schema demands one."""
