"""What a document says of the transaction: self-billing, deposit, VAT group, option for debits, goods or services."""

from __future__ import annotations

from collections.abc import Mapping

from multibill.documents.document import Document
from multibill.documents.mentions.rule import Condition, Rule, dated
from multibill.documents.types import SELF_BILLED

GROUP = "TXD"
"""UNTDID 4451 subject code of a VAT group's member; the platforms want it once (BR-FR-06, BR-FR-CO-14)."""


def self_billed(document: Document) -> bool:
    """The buyer made it out in the seller's name."""
    return document.type_code in SELF_BILLED


def taxed_deposit(document: Document) -> bool:
    """An invoice for a deposit that bears VAT."""
    return document.type_code == "386" and any(vat.rate for vat in document.vats)


def on_debits(document: Document) -> bool:
    """Services whose VAT the seller pays when it invoices; for goods alone the option means nothing."""
    return "debits" in document.vat_options and document.operation != "goods" and billing(document)


def in_group(document: Document) -> bool:
    """A supply by a member of a VAT group (CGI art. 256 C)."""
    return "group" in document.vat_options and billing(document)


def billing(document: Document) -> bool:
    """An invoice or a credit note; an offer bills nothing yet."""
    return document.sign != 0


def supplying(operation: str) -> Condition:
    """Documents of one category of operation, as far as they say it."""
    return lambda document: document.operation == operation and billing(document)


FORM = "CGI annexe II art. 242 nonies A, I"
FORM_2013 = "décret 2013-346 (directive 2010/45/UE)"
REFORM = "décret 2022-1299; loi 2022-1157 art. 26 (III), by loi 2023-1322 art. 91; décret 2024-266"
"""What set the days of e-invoicing: invoices of large and mid-size sellers from 2026-09-01, of all from 2027-09-01.

A document does not know its seller's size, so its mentions begin with the first of these days. That the new points of
article 242 nonies A wait for e-invoicing is how the profession reads the calendar; no text seen says it in words,
nor was the number of point 11° bis seen in the text itself.
"""

# id                  | law                                           | since      | until | source
TABLE = f"""
fr-deposit            | CGI art. 269, 2, a et c; CGI art. 289, I 1 c  | 2023-01-01 | | loi 2021-1900 art. 30
fr-operation-goods    | {FORM} 8° bis                                 | 2026-09-01 | | {REFORM}
fr-operation-mixed    | {FORM} 8° bis                                 | 2026-09-01 | | {REFORM}
fr-operation-services | {FORM} 8° bis                                 | 2026-09-01 | | {REFORM}
fr-self-billing       | {FORM} 14°; CGI art. 289, I 2                 | 2013-04-26 | | {FORM_2013}
fr-vat-group          | {FORM} 5° bis; CGI art. 256 C                 | 2023-01-01 | | décret 2022-1033
fr-vat-on-debits      | {FORM} 11° bis; CGI art. 269, 2, c            | 2026-09-01 | | {REFORM}
"""

CONDITIONS: Mapping[str, Condition] = {
    "fr-deposit": taxed_deposit,
    "fr-operation-goods": supplying("goods"),
    "fr-operation-mixed": supplying("mixed"),
    "fr-operation-services": supplying("services"),
    "fr-self-billing": self_billed,
    "fr-vat-group": in_group,
    "fr-vat-on-debits": on_debits,
}

WORDS: Mapping[str, Mapping[str, str]] = {
    "fr-deposit": {
        "fr": "Facture d'acompte : la TVA est exigible à l'encaissement de l'acompte",
        "en": "Deposit invoice: VAT is due when the deposit is received",
        "de": "Anzahlungsrechnung: Die Umsatzsteuer wird mit Eingang der Anzahlung fällig",
        "es": "Factura de anticipo: el IVA se devenga al cobro del anticipo",
        "it": "Fattura di acconto: l'IVA è esigibile all'incasso dell'acconto",
    },
    "fr-operation-goods": {
        "fr": "Catégorie de l'opération : livraison de biens",
        "en": "Category of operation: supply of goods",
        "de": "Art des Umsatzes: Lieferung von Gegenständen",
        "es": "Categoría de la operación: entrega de bienes",
        "it": "Categoria dell'operazione: cessione di beni",
    },
    "fr-operation-mixed": {
        "fr": "Catégorie de l'opération : livraison de biens et prestation de services",
        "en": "Category of operation: supply of goods and services",
        "de": "Art des Umsatzes: Lieferung von Gegenständen und Dienstleistung",
        "es": "Categoría de la operación: entrega de bienes y prestación de servicios",
        "it": "Categoria dell'operazione: cessione di beni e prestazione di servizi",
    },
    "fr-operation-services": {
        "fr": "Catégorie de l'opération : prestation de services",
        "en": "Category of operation: supply of services",
        "de": "Art des Umsatzes: Dienstleistung",
        "es": "Categoría de la operación: prestación de servicios",
        "it": "Categoria dell'operazione: prestazione di servizi",
    },
    "fr-self-billing": {
        "fr": "Autofacturation",
        "en": "Self-billing",
        "de": "Gutschrift",
        "es": "Facturación por el destinatario",
        "it": "Autofatturazione",
    },
    "fr-vat-group": {
        "fr": "Membre d'un assujetti unique",
        "en": "Member of a VAT group",
        "de": "Mitglied einer Mehrwertsteuergruppe",
        "es": "Miembro de un grupo de IVA",
        "it": "Membro di un gruppo IVA",
    },
    "fr-vat-on-debits": {
        "fr": "Option pour le paiement de la taxe d'après les débits",
        "en": "Option for payment of VAT on invoicing (débits)",
        "de": "Option zur Versteuerung nach vereinbarten Entgelten",
        "es": "Opción por el pago del IVA según la facturación (débits)",
        "it": "Opzione per il pagamento dell'IVA secondo la fatturazione (débits)",
    },
}
"""In German, a self-billed invoice is by law called Gutschrift (directive 2006/112/EC art. 226, 10a)."""

TRANSACTION = tuple(
    Rule(
        id=id,
        law=law,
        since=since,
        until=until,
        source=source,
        condition=CONDITIONS[id],
        subject=GROUP if id == "fr-vat-group" else None,
        text=WORDS[id],
    )
    for id, law, since, until, source in dated(TABLE)
)
