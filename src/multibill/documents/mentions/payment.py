"""What an invoice to a professional says of payment: penalties, the fixed compensation, discount for early payment."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import attrs

from multibill.documents.document import Document
from multibill.documents.mentions.rule import Condition, Rule, Values, dated, figure, no_values

PENALTIES, INDEMNITY, DISCOUNT = "PMD", "PMT", "AAB"
"""UNTDID 4451 subject codes of the payment mentions; the platforms want each once (BR-FR-05, BR-FR-06)."""


def to_professional(kind: str, document: Document) -> bool:
    """A document of a kind to a professional: the payment mentions of the Code de commerce are due."""
    return document.kind == kind and document.buyer.is_business


def agreed_rate(document: Document) -> bool:
    """The terms name a rate of late interest; whether it is lawful (three times the legal rate) is not ours to say."""
    return document.terms is not None and document.terms.late_rate is not None


def offered_discount(document: Document) -> bool:
    """The terms offer a discount for early payment."""
    return document.terms is not None and document.terms.discount_percent is not None


def the_rate(document: Document, language: str) -> Values:
    """The agreed rate of late interest."""
    terms = document.terms
    if terms is None or terms.late_rate is None:
        return ()
    return (("rate", figure(terms.late_rate, language)),)


def the_discount(document: Document, language: str) -> Values:
    """The discount's percentage and days."""
    terms = document.terms
    if terms is None or terms.discount_percent is None:
        return ()
    percent = figure(terms.discount_percent, language)
    return ("percent", percent), ("days", str(terms.discount_days))


LATE = {
    "fr": "En cas de retard de paiement, des pénalités sont exigibles sans rappel,"
    " au taux de refinancement de la BCE majoré de 10 points",
    "en": "Late payment carries interest without reminder,"
    " at the refinancing rate of the ECB plus 10 percentage points",
    "de": "Bei Zahlungsverzug fallen ohne Mahnung Verzugszinsen an,"
    " zum Refinanzierungssatz der EZB zuzüglich 10 Prozentpunkten",
    "es": "La demora en el pago devenga intereses sin necesidad de requerimiento,"
    " al tipo de refinanciación del BCE más 10 puntos porcentuales",
    "it": "Il ritardo di pagamento comporta interessi senza sollecito,"
    " al tasso di rifinanziamento della BCE più 10 punti percentuali",
}
LATE_AGREED = {
    "fr": "En cas de retard de paiement, des pénalités sont exigibles sans rappel,"
    " au taux annuel de {rate} %",
    "en": "Late payment carries interest without reminder, at {rate}% a year",
    "de": "Bei Zahlungsverzug fallen ohne Mahnung Verzugszinsen von jährlich {rate} % an",
    "es": "La demora en el pago devenga intereses sin necesidad de requerimiento,"
    " al tipo anual del {rate} %",
    "it": "Il ritardo di pagamento comporta interessi senza sollecito, al tasso annuo del {rate}%",
}
FORTY = {
    "fr": "Indemnité forfaitaire pour frais de recouvrement en cas de retard de paiement : 40 €",
    "en": "Fixed compensation for recovery costs in case of late payment: €40",
    "de": "Pauschale für Beitreibungskosten bei Zahlungsverzug: 40 €",
    "es": "Indemnización fija por costes de cobro en caso de demora en el pago: 40 €",
    "it": "Indennizzo forfettario per i costi di recupero in caso di ritardo di pagamento: 40 €",
}
NONE_EARLY = {
    "fr": "Pas d'escompte pour paiement anticipé",
    "en": "No discount for early payment",
    "de": "Kein Skonto bei vorzeitiger Zahlung",
    "es": "Sin descuento por pronto pago",
    "it": "Nessuno sconto per pagamento anticipato",
}
EARLY = {
    "fr": "Escompte de {percent} % pour paiement sous {days} jours",
    "en": "{percent}% discount for payment within {days} days",
    "de": "{percent} % Skonto bei Zahlung innerhalb von {days} Tagen",
    "es": "Descuento del {percent} % por pago en un plazo de {days} días",
    "it": "Sconto del {percent}% per pagamento entro {days} giorni",
}

# Loi 2008-776 art. 21 (IV): BCE + 10 points, and no less than three times the legal rate, from 2009-01-01. The tables
# begin there; the word on discount in L441-3 is older (loi 2001-420; which of its articles is not confirmed).
# Ordonnance 2019-359 renumbered these articles: on 2019-04-26, those on invoicing (L441-9) on 2019-10-01.
# id                | law                           | since      | until      | source
INVOICE = """
fr-fixed-indemnity  | C. com. art. L441-6, D441-5   | 2013-01-01 | 2019-04-25 | loi 2012-387 art. 121; décret 2012-1115
fr-fixed-indemnity  | C. com. art. L441-10, D441-5  | 2019-04-26 |            | ordonnance 2019-359
fr-late-penalties   | C. com. art. L441-6           | 2009-01-01 | 2019-04-25 | loi 2008-776 art. 21
fr-late-penalties   | C. com. art. L441-10          | 2019-04-26 |            | ordonnance 2019-359
fr-agreed-penalties | C. com. art. L441-6           | 2009-01-01 | 2019-04-25 | loi 2008-776 art. 21
fr-agreed-penalties | C. com. art. L441-10          | 2019-04-26 |            | ordonnance 2019-359
fr-no-discount      | C. com. art. L441-3           | 2009-01-01 | 2019-09-30 | loi 2001-420
fr-no-discount      | C. com. art. L441-9           | 2019-10-01 |            | ordonnance 2019-359
fr-early-discount   | C. com. art. L441-3           | 2009-01-01 | 2019-09-30 | loi 2001-420
fr-early-discount   | C. com. art. L441-9           | 2019-10-01 |            | ordonnance 2019-359
"""
CREDIT_NOTE = """
fr-fixed-indemnity  | C. com. art. L441-10, D441-5; BR-FR-05 | 2026-09-01 | | XP Z12-012, loi 2023-1322 art. 91
fr-late-penalties   | C. com. art. L441-10; BR-FR-05         | 2026-09-01 | | XP Z12-012, loi 2023-1322 art. 91
fr-agreed-penalties | C. com. art. L441-10; BR-FR-05         | 2026-09-01 | | XP Z12-012, loi 2023-1322 art. 91
fr-no-discount      | C. com. art. L441-9; BR-FR-05          | 2026-09-01 | | XP Z12-012, loi 2023-1322 art. 91
fr-early-discount   | C. com. art. L441-9; BR-FR-05          | 2026-09-01 | | XP Z12-012, loi 2023-1322 art. 91
"""
"""The law speaks of invoices only; e-invoicing platforms refuse a credit note without them."""


@attrs.frozen(eq=False)
class Wording:
    """What the rows of one id share: subject code, words, when among documents to professionals, values."""

    subject: str
    text: Mapping[str, str]
    when: Condition
    values: Callable[[Document, str], Values] = no_values


WORDINGS = {
    "fr-fixed-indemnity": Wording(INDEMNITY, FORTY, lambda _: True),
    "fr-late-penalties": Wording(PENALTIES, LATE, lambda document: not agreed_rate(document)),
    "fr-agreed-penalties": Wording(PENALTIES, LATE_AGREED, agreed_rate, the_rate),
    "fr-no-discount": Wording(
        DISCOUNT, NONE_EARLY, lambda document: not offered_discount(document)
    ),
    "fr-early-discount": Wording(DISCOUNT, EARLY, offered_discount, the_discount),
}


def _when(kind: str, wording: Wording) -> Condition:
    return lambda document: to_professional(kind, document) and wording.when(document)


PAYMENT = tuple(
    Rule(
        id=id,
        law=law,
        since=since,
        until=until,
        source=source,
        condition=_when(kind, wording),
        subject=wording.subject,
        text=wording.text,
        values=wording.values,
    )
    for kind, table in (("invoice", INVOICE), ("credit_note", CREDIT_NOTE))
    for id, law, since, until, source in dated(table)
    for wording in (WORDINGS[id],)
)
