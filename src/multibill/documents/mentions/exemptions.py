"""The reference to what exempts a supply, or puts it under a margin scheme: one rule for each VATEX reason."""

from __future__ import annotations

from datetime import date

from multibill.documents.document import Document
from multibill.documents.mentions.rule import Rule
from multibill.tax import EXEMPTIONS, Exemption, reason

POINTS = {
    **dict.fromkeys(("VATEX-EU-AE", "VATEX-FR-AE"), "13°"),
    "VATEX-EU-D": "15°",
    **dict.fromkeys(("VATEX-EU-F", "VATEX-EU-I", "VATEX-EU-J"), "16°"),
}
"""Where article 242 nonies A, I asks for a sentence of its own; 12° asks for the reference of any other reason."""


def reasons(document: Document) -> set[str]:
    """The exemption codes that the document uses, a category's own code where a VAT names none."""
    found = (reason(vat.category, vat.exemption) for vat in document.vats if vat.category != "S")
    return {exemption.code for exemption in found if exemption}


def _tax(code: str, exemption: Exemption) -> Rule:
    """It has no subject code: TXD is how members of a tax group declare themselves, once a document (BR-FR-CO-14)."""
    point = POINTS.get(code, "12°")
    return Rule(
        id=f"fr-{code.lower()}",
        law=f"CGI annexe II art. 242 nonies A, I {point}; {exemption.law}",
        since=date(2013, 4, 26),
        until=None,
        source="décret 2013-346 (directive 2010/45/UE)",
        condition=lambda document: code in reasons(document),
        subject=None,
        text=exemption.text,
    )


TAX = {code: _tax(code, exemption) for code, exemption in EXEMPTIONS.items()}
