"""What speaks against a VAT for a supply: category, reason, the buyer's number, place of delivery, rate."""

from __future__ import annotations

from collections.abc import Iterator

from multibill.tax.cases import CASES
from multibill.tax.category import VAT
from multibill.tax.exemptions import FRANCHISE
from multibill.tax.finding import TaxFinding, finding
from multibill.tax.rates import known
from multibill.tax.suggestion import suggest
from multibill.tax.supply import Supply


def examine(supply: Supply, vat: VAT) -> tuple[TaxFinding, ...]:
    """What speaks against this VAT for this supply; empty when nothing does.

    What is only unusual is a warning; an error is what the category cannot do without, or a rate that never was.

    >>> from datetime import date
    >>> german = Supply(
    ...     seller="FR", buyer="DE", buyer_vat="DE", kind="services", on=date(2026, 6, 30)
    ... )
    >>> for found in examine(german, VAT("S", "20")):
    ...     print(found)
    TAX-CATEGORY category: S is unusual for a service to a business in another member state; use AE, or make sure \
that an exception applies
    """
    return tuple(
        found
        for rule in (_category, _reason, _intra_community, _rate)
        for found in rule(supply, vat)
    )


def _category(supply: Supply, vat: VAT) -> Iterator[TaxFinding]:
    found = suggest(supply)
    if not any(suggestion.fits(vat.category) for suggestion in found):
        case = found[0].case
        given, usual = vat.category, case.category
        yield finding(
            "TAX-CATEGORY", "category", UNUSUAL, case.law, given=given, usual=usual, case=case.text
        )


def _reason(supply: Supply, vat: VAT) -> Iterator[TaxFinding]:
    case = suggest(supply)[0].case
    if case.id == "franchise" and vat.category == "E" and vat.exemption != FRANCHISE:
        words, law = OTHER_REASON, case.law
        yield finding("TAX-REASON", "exemption", words, law, code=FRANCHISE, case=case.text)


def _intra_community(supply: Supply, vat: VAT) -> Iterator[TaxFinding]:
    if vat.category != "K":
        return
    law = CASES["ic-goods"].law
    if not supply.numbered_abroad:
        yield finding("TAX-IC-NUMBER", "buyer_vat", NO_NUMBER, law, severity="error")
    if supply.deliver_to is None:
        law = f"EN 16931-1:2017 BR-IC-12; {law}"
        yield finding("TAX-IC-DELIVERY", "deliver_to", NO_DELIVERY, law, severity="error")


def _rate(supply: Supply, vat: VAT) -> Iterator[TaxFinding]:
    """A rate that none of the places knows whose rates may apply."""
    if vat.category not in {"S", "Z"}:
        return
    places = [found.place for found in suggest(supply) if found.category == "S"]
    found = [known(place, vat.rate, supply.on) for place in places or [supply.seller.code]]
    if all(found) and found[0]:
        yield found[0]


UNUSUAL = {
    "en": (
        "{given} is unusual for {case}",
        "use {usual}, or make sure that an exception applies",
    ),
    "fr": (
        "{given} est inhabituel pour {case}",
        "utilisez {usual}, ou vérifiez qu'une exception s'applique",
    ),
}
OTHER_REASON = {
    "en": ("another reason is given for {case}", "name {code}"),
    "fr": ("un autre motif est donné pour {case}", "indiquez {code}"),
}
NO_NUMBER = {
    "en": (
        "the buyer has no VAT number of another member state",
        "give it, or charge VAT: the exemption depends on it",
    ),
    "fr": (
        "l'acheteur n'a pas de numéro de TVA d'un autre État membre",
        "indiquez-le ou facturez la TVA : l'exonération en dépend",
    ),
}
NO_DELIVERY = {
    "en": ("it is not said where the goods arrive", "give the country of delivery"),
    "fr": ("le lieu d'arrivée des biens n'est pas indiqué", "indiquez le pays de livraison"),
}
