"""French law on documents of a seller in France: identifiers, rates, due dates, terms. Our own ids, the law's article.

What platforms ask of an e-invoice (BR-FR) belongs to the formats.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache

from multibill.documents.checks.finding import Check, Find, Place, Severity, blank, on_line, rule
from multibill.documents.checks.platforms import PAID
from multibill.documents.checks.supply import home, tax_day
from multibill.documents.checks.territories import EUROPEAN_UNION
from multibill.documents.document import Document
from multibill.documents.parts import Terms
from multibill.documents.types import PREPAYMENT
from multibill.parties import Party, is_siren, is_vat_id, vat_id_matches_siren
from multibill.tax import FRANCHISE
from multibill.tax.rates import french

BUYERS_SIREN = date(2026, 9, 1)
"""Decree 2022-1299 takes effect with e-invoicing, whose first sellers began on this day."""

valid_siren = lru_cache(maxsize=1024)(is_siren)
valid_vat_id = lru_cache(maxsize=1024)(is_vat_id)

MISSING = {"en": "is missing", "fr": "manque"}


def false(value: str) -> Mapping[str, str]:
    """How a message calls an identifier whose digits are wrong."""
    return {"en": f"{value} has wrong digits", "fr": f"{value} a des chiffres faux"}


def issued(document: Document, on: date) -> date:
    """The day of issue: the document's own, else the day it is checked for."""
    return document.issue_date or on


def false_siren(document: Document, _: date) -> Iterator[Place]:
    """Finds a seller without a valid SIREN."""
    if problem := _siren_problem(document.seller):
        yield "/seller/registration", {"problem": problem}


def false_buyer_siren(document: Document, on: date) -> Iterator[Place]:
    """Finds a French professional buyer without a valid SIREN, once the decree applies."""
    buyer = document.buyer
    french_business = buyer.country == "FR" and buyer.is_business and document.sign != 0
    if (
        french_business
        and issued(document, on) >= BUYERS_SIREN
        and (problem := _siren_problem(buyer))
    ):
        yield "/buyer/registration", {"problem": problem}


def _siren_problem(party: Party) -> Mapping[str, str] | None:
    if party.siren is None:
        return MISSING
    return None if valid_siren(party.siren) else false(party.siren)


def false_vat_id(document: Document, _: date) -> Iterator[Place]:
    """Finds a missing or false VAT number, or one of another SIREN; the franchise needs none."""
    seller = document.seller
    if seller.vat_id is None:
        if any(line.vat.exemption != FRANCHISE for line in document.lines):
            yield "/seller/vat_id", {"problem": MISSING}
    elif not valid_vat_id(seller.vat_id):
        yield "/seller/vat_id", {"problem": false(seller.vat_id)}
    elif seller.siren and not vat_id_matches_siren(seller.vat_id, seller.siren):
        yield "/seller/vat_id", {"problem": _of_another(seller.vat_id, seller.siren)}


def _of_another(vat_id: str, siren: str) -> Mapping[str, str]:
    return {
        "en": f"{vat_id} belongs to another SIREN than {siren}",
        "fr": f"{vat_id} appartient à un autre SIREN que {siren}",
    }


def no_legal_form(document: Document, _: date) -> Iterator[Place]:
    """Finds a seller whose legal form, capital and register are not said."""
    if blank(document.seller.legal):
        yield "/seller/legal", {}


def charged_in_franchise(document: Document, _: date) -> Iterator[Place]:
    """Finds lines with VAT beside lines under the franchise."""
    if any(line.vat.exemption == FRANCHISE for line in document.lines):
        for line in document.lines:
            if line.vat.rate:
                yield on_line(line, "vat"), {"line": line.name}


def rates_not_in_force(document: Document, on: date) -> Iterator[Place]:
    """Finds rates that France did not know on the tax day.

    A consumer elsewhere in the Union pays the rate of the own country (one-stop shop, CGI art. 298 sexdecies G), a
    supply under another state's VAT number the rate of that state: TAX-RATE looks at both.
    """
    buyer, here = document.buyer, home(document)
    if here is None or here.state != "FR":
        return
    if not buyer.is_business and buyer.country != "FR" and buyer.country in EUROPEAN_UNION:
        return
    day = tax_day(document, on)
    known = french(day)
    for line in document.lines:
        if line.vat.category == "S" and line.vat.rate not in known:
            place = on_line(line, "vat/rate")
            yield place, {"rate": f"{line.vat.rate.normalize():f}", "day": day}


def wrong_due_date(document: Document, on: date) -> Iterator[Place]:
    """Finds an invoice to a professional without due date, or any invoice due before it is issued.

    What was paid before, a deposit above all, may have been due before (BR-FR-CO-07).
    """
    if document.sign <= 0:
        return
    due, issue = document.due_date, issued(document, on)
    if due is None:
        if document.buyer.is_business:
            yield "/due_date", {"problem": MISSING}
    elif due < issue and document.process not in PAID and document.type_code not in PREPAYMENT:
        early = {
            "en": f"{due} lies before issue on {issue}",
            "fr": f"{due} précède l'émission le {issue}",
        }
        yield "/due_date", {"problem": early}


def too_long_terms(document: Document, on: date) -> Iterator[Place]:
    """Finds an invoice to a professional that is due later than the law lets parties agree."""
    due, issue = document.due_date, issued(document, on)
    if document.sign > 0 and due is not None and document.buyer.is_business:
        last = latest(issue, document.terms is not None and document.terms.end_of_month)
        if due > last:
            yield "/due_date", {"due": due, "last": last}


def latest(issue: date, end_of_month: bool) -> date:
    """The last day that may be agreed: 60 days, or 45 days end of month counted either way (L441-10, I).

    >>> (
    ...     latest(date(2026, 11, 17), end_of_month=False),
    ...     latest(date(2026, 11, 17), end_of_month=True),
    ... )
    (datetime.date(2027, 1, 16), datetime.date(2027, 1, 31))
    """
    sixty = issue + timedelta(days=60)
    if not end_of_month:
        return sixty
    month_end = Terms(days=0, end_of_month=True).due(issue)
    days_first = Terms(days=45, end_of_month=True).due(issue)
    return max(sixty, days_first, month_end + timedelta(days=45))


def uncited_invoice(document: Document, _: date) -> Iterator[Place]:
    """Finds a credit note that names no invoice, or names it without its date."""
    if document.sign < 0:
        if not document.preceding:
            yield "/preceding", {}
        for reference in document.preceding:
            if reference.issue_date is None:
                yield f"/preceding/{reference.id}/issue_date", {}


def not_in_euros(document: Document, _: date) -> Iterator[Place]:
    """Finds VAT in another currency that is not said in euros as well."""
    if not document.totals.vat or document.sign == 0:
        return
    if document.tax_currency != "EUR":
        yield "/tax_currency", {"currency": document.currency}
    elif document.exchange is None:
        yield "/exchange", {"currency": document.currency}


OPERATION = date(2027, 9, 1)
"""Decree 2022-1299 holds for every seller from this day (loi 2023-1322 art. 91), for large ones a year before."""


def unsaid_operation(document: Document, on: date) -> Iterator[Place]:
    """Finds documents that do not say whether they bill goods or services."""
    if document.sign != 0 and issued(document, on) >= OPERATION:
        yield "/operation", {}


def delivered_nowhere(document: Document, _: date) -> Iterator[Place]:
    """Finds goods that are delivered elsewhere than to the buyer's address, which is not said."""
    delivery = document.delivery
    if delivery is not None and delivery.address is None and document.operation != "services":
        yield "/delivery/address", {}


def in_france(
    id: str,
    find: Find,
    law: str,
    *,
    en: tuple[str, str],
    fr: tuple[str, str],
    severity: Severity = "error",
    needs: str | None = None,
) -> Check:
    """A rule of French law, on documents whose seller is in France."""
    return rule(id, find, law=law, severity=severity, en=en, fr=fr, country="FR", needs=needs)


FRANCE = (
    in_france(
        "FR-SIREN",
        false_siren,
        "C. com. art. R123-237; CGI annexe II art. 242 nonies A, I 1°",
        en=("the seller's SIREN {problem}", "give the nine digits of the SIREN (scheme 0002)"),
        fr=("le SIREN du vendeur {problem}", "indiquez les neuf chiffres du SIREN (schéma 0002)"),
    ),
    in_france(
        "FR-BUYER-SIREN",
        false_buyer_siren,
        "CGI annexe II art. 242 nonies A, I 1°; décret 2022-1299",
        severity="warning",
        en=("the buyer's SIREN {problem}", "ask the buyer for it: e-invoices are routed by it"),
        fr=(
            "le SIREN de l'acheteur {problem}",
            "demandez-le à l'acheteur : il achemine les factures électroniques",
        ),
    ),
    in_france(
        "FR-LEGAL",
        no_legal_form,
        "C. com. art. R123-238",
        severity="warning",
        en=(
            "the seller's legal form is not said",
            "write it with capital and register, such as SARL, capital 10 000 EUR, RCS Paris",
        ),
        fr=(
            "la forme juridique du vendeur n'est pas indiquée",
            "écrivez-la avec capital et registre, par exemple SARL au capital de 10 000 EUR, RCS Paris",
        ),
    ),
    in_france(
        "FR-VAT-ID",
        false_vat_id,
        "CGI annexe II art. 242 nonies A, I 2°; CGI art. 286 ter",
        en=(
            "the seller's VAT number {problem}",
            "give FR, two digits and the SIREN, or VATEX-FR-FRANCHISE on every line",
        ),
        fr=(
            "le numéro de TVA du vendeur {problem}",
            "indiquez FR, deux chiffres et le SIREN, ou VATEX-FR-FRANCHISE à chaque ligne",
        ),
    ),
    in_france(
        "FR-FRANCHISE",
        charged_in_franchise,
        "CGI art. 293 E",
        en=("{line} charges VAT beside lines under the franchise", "charge VAT on all or on none"),
        fr=(
            "{line} porte de la TVA à côté de lignes en franchise",
            "facturez la TVA partout ou nulle part",
        ),
        needs="exempted",
    ),
    in_france(
        "FR-RATE",
        rates_not_in_force,
        "CGI art. 278 à 281 nonies, 294 à 297",
        en=("{rate} % was no French VAT rate on {day}", "choose a rate in force on that day"),
        fr=(
            "{rate} % n'était pas un taux de TVA français le {day}",
            "choisissez un taux en vigueur ce jour-là",
        ),
    ),
    in_france(
        "FR-DUE",
        wrong_due_date,
        "C. com. art. L441-9, I; XP Z12-012, BR-FR-CO-07",
        en=(
            "the due date {problem}",
            "give the day payment is due, at the earliest the day of issue",
        ),
        fr=(
            "l'échéance {problem}",
            "indiquez le jour du paiement, au plus tôt celui de l'émission",
        ),
    ),
    in_france(
        "FR-TERMS",
        too_long_terms,
        "C. com. art. L441-10, I",
        en=(
            "payment is due on {due}, after the last lawful day {last}",
            "agree on 60 days at most, or on 45 days end of month in the terms",
        ),
        fr=(
            "le paiement est dû le {due}, après le dernier jour légal {last}",
            "convenez de 60 jours au plus, ou de 45 jours fin de mois dans les conditions",
        ),
    ),
    in_france(
        "FR-CREDIT",
        uncited_invoice,
        "CGI art. 289, I 5; XP Z12-012, BR-FR-CO-05",
        en=("a credit note names the invoice it corrects", "name its number and issue date"),
        fr=("un avoir cite la facture qu'il rectifie", "indiquez son numéro et sa date d'émission"),
    ),
    in_france(
        "FR-DELIVERY",
        delivered_nowhere,
        "CGI annexe II art. 242 nonies A, I 7° bis; décret 2022-1299",
        severity="warning",
        en=(
            "goods go elsewhere than to the buyer, and no address says where",
            "give the delivery address, or remove the delivery",
        ),
        fr=(
            "les biens ne vont pas chez l'acheteur, et aucune adresse ne dit où",
            "indiquez l'adresse de livraison, ou retirez la livraison",
        ),
        needs="delivery",
    ),
    in_france(
        "FR-EUR",
        not_in_euros,
        "CGI art. 289, IV; directive 2006/112/CE art. 230",
        en=(
            "VAT is charged in {currency} and not said in euros",
            "set EUR as VAT currency, and the exchange rate with its source and day",
        ),
        fr=(
            "la TVA est facturée en {currency} sans l'être en euros",
            "indiquez EUR comme devise de la TVA, et le taux de change, sa source et son jour",
        ),
        needs="foreign_currency",
    ),
    in_france(
        "FR-OPERATION",
        unsaid_operation,
        "CGI annexe II art. 242 nonies A, I 8° bis; décret 2022-1299",
        severity="warning",
        en=("nothing says whether goods or services are billed", "say goods, services or mixed"),
        fr=(
            "rien ne dit si des biens ou des services sont facturés",
            "indiquez biens, services, ou les deux",
        ),
        needs="unsaid_operation",
    ),
)
