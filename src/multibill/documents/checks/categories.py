"""The rules of each VAT category: its row in the breakdown, who must be identified, its rate, its reason.

One pattern for all seven categories, as in EN 16931-1 (BR-S, BR-Z, BR-E, BR-AE, BR-IC, BR-G, BR-O); its rules 03, 04,
06 and 07 are about allowances and charges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal

import attrs

from multibill.documents.checks.arithmetic import REDO, figures, rows, tax_of
from multibill.documents.checks.finding import Check, Place, on_line, rule
from multibill.documents.document import Document
from multibill.documents.totals import ZERO, VatTotal
from multibill.tax import CATEGORIES, EXEMPTIONS, VAT, Category, reason

Missing = Callable[[Document], Iterator[str]]


def seller_vat(document: Document) -> Iterator[str]:
    """Sides without VAT number: the seller needs one."""
    if document.seller.vat_id is None:
        yield "/seller/vat_id"


def seller_tax(document: Document) -> Iterator[str]:
    """As above; the SIREN serves as tax registration (BT-32) of a seller who was given no VAT number."""
    if document.seller.vat_id is None and document.seller.siren is None:
        yield "/seller/vat_id"


def seller_and_buyer(document: Document) -> Iterator[str]:
    """The seller needs a VAT number, the buyer a VAT number or a registration."""
    yield from seller_vat(document)
    if not document.buyer.is_business:
        yield "/buyer/vat_id"


def both_vat(document: Document) -> Iterator[str]:
    """Seller and buyer need VAT numbers."""
    yield from seller_vat(document)
    if document.buyer.vat_id is None:
        yield "/buyer/vat_id"


def neither_vat(document: Document) -> Iterator[str]:
    """Sides whose VAT number should not be there."""
    if document.seller.vat_id is not None:
        yield "/seller/vat_id"
    if document.buyer.vat_id is not None:
        yield "/buyer/vat_id"


IDENTIFIED: Mapping[str, Missing] = {
    "S": seller_vat,
    "Z": seller_vat,
    "E": seller_tax,
    "AE": seller_and_buyer,
    "K": both_vat,
    "G": seller_vat,
    "O": neither_vat,
}

SELLER = {"en": "the seller", "fr": "le vendeur"}
BUYER = {"en": "the buyer", "fr": "l'acheteur"}

FRENCH = {
    "S": "taux normal ou réduit",
    "Z": "taux zéro",
    "E": "exonération",
    "AE": "autoliquidation",
    "K": "livraison intracommunautaire",
    "G": "exportation hors UE",
    "O": "hors champ de la TVA",
}


@attrs.frozen
class Rules:
    """The finders of one category."""

    category: Category

    def row(self, document: Document, _: date) -> Iterator[Place]:
        """01: a row for the lines and only for them; one alone, but for the rates of S."""
        code = self.category.code
        count = sum(row.category == code for row in rows(document))
        used = any(line.vat.category == code for line in document.lines)
        if used != bool(count) or (count > 1 and code != "S"):
            yield "/totals/breakdown", {"count": count}

    def identified(self, document: Document, _: date) -> Iterator[Place]:
        """02: who must be identified, or for O must not."""
        for path in IDENTIFIED[self.category.code](document):
            yield path, {"side": BUYER if path.startswith("/buyer") else SELLER}

    def rate(self, document: Document, _: date) -> Iterator[Place]:
        """05: above zero for S, zero or absent for the others."""
        code, zero = self.category.code, self.category.zero
        for line in document.lines:
            vat = line.vat
            if vat.category == code and (not vat.rate) is not zero:
                yield on_line(line, "vat/rate"), {"rate": f"{vat.rate.normalize():f}"}

    def taxable(self, document: Document, _: date) -> Iterator[Place]:
        """08: each row's taxable amount is the sum of its lines."""
        sums: dict[int, Decimal] = {}
        vats = {id(line.vat): line.vat for line in document.lines}
        for line in document.lines:
            vat = id(line.vat)
            sums[vat] = sums.get(vat, ZERO) + (line.net or ZERO)
        for row in rows(document):
            if row.category == self.category.code:
                wanted = sum((sums[vat] for vat in sums if billed_in(row, vats[vat])), ZERO)
                if wanted != row.taxable.amount:
                    path = f"/totals/breakdown/{row.key}/taxable"
                    yield path, figures(wanted, row.taxable)

    def tax(self, document: Document, _: date) -> Iterator[Place]:
        """09: rate times taxable amount for S, nothing for the others."""
        for row in rows(document):
            if row.category == self.category.code:
                wanted = ZERO if self.category.zero else tax_of(row)
                if wanted != row.tax.amount:
                    yield f"/totals/breakdown/{row.key}/tax", figures(wanted, row.tax)

    def reason(self, document: Document, _: date) -> Iterator[Place]:
        """10: a reason that fits the category, or none where nothing is exempt."""
        code, wanted = self.category.code, self.category.reason
        for line in document.lines:
            vat = line.vat
            if vat.category == code and not (fits(vat) if wanted else vat.exemption is None):
                yield on_line(line, "vat/exemption"), {"code": vat.exemption or "-"}


def billed_in(row: VatTotal, vat: VAT) -> bool:
    """Whether a line with this VAT belongs to the row."""
    return (vat.category, vat.rate, vat.exemption) == (row.category, row.rate, row.exemption)


def fits(vat: VAT) -> bool:
    """Whether the reason is one of the category; a code that no list knows is BR-CL-22's to find."""
    found = reason(vat.category, vat.exemption)
    return vat.category in found.categories if found else vat.exemption is not None


def unknown_reasons(document: Document, _: date) -> Iterator[Place]:
    """Finds exemption codes that the VATEX list does not have."""
    for line in document.lines:
        code = line.vat.exemption
        if code is not None and code not in EXEMPTIONS:
            yield on_line(line, "vat/exemption"), {"code": code}


def undelivered(document: Document, _: date) -> Iterator[Place]:
    """Finds an intra-Community supply without delivery date or period."""
    if document.delivery_date is None and document.period is None:
        yield "/delivery_date", {}


def mixed_rows(document: Document, _: date) -> Iterator[Place]:
    """Finds rows beside the one that is outside the scope."""
    for row in rows(document):
        if row.category != "O" and any(other.category == "O" for other in rows(document)):
            yield f"/totals/breakdown/{row.key}", {}


def mixed_lines(document: Document, _: date) -> Iterator[Place]:
    """Finds lines beside those outside the scope."""
    for line in document.lines:
        if line.vat.category != "O":
            yield on_line(line, "vat/category"), {"line": line.name}


def of_category(category: Category) -> Iterator[Check]:
    """The seven rules of a category, numbered as EN 16931-1 numbers them."""
    code, find = category.code, Rules(category)
    prefix = f"BR-{'IC' if code == 'K' else code}"
    en, fr = category.name, FRENCH[code]
    one_row = (
        f"{en}: {{count}} rows in the VAT breakdown",
        "give its lines one rate and one reason; another reason needs a document of its own",
    )
    une_ligne = (
        f"{fr} : {{count}} lignes dans la ventilation de la TVA",
        "donnez aux lignes un seul taux et un seul motif ; un autre motif demande un autre document",
    )
    yield rule(f"{prefix}-01", find.row, en=one_row, fr=une_ligne, category=code)
    yield _identified(prefix, category, find)
    yield _rate(prefix, category, find)
    yield rule(
        f"{prefix}-08",
        find.taxable,
        en=(f"{en}: the lines sum to {{expected}}, the document says {{found}}", REDO["en"]),
        fr=(f"{fr} : la somme des lignes est {{expected}}, le document dit {{found}}", REDO["fr"]),
        category=code,
    )
    yield rule(
        f"{prefix}-09",
        find.tax,
        en=(f"{en}: the VAT is {{expected}}, the document says {{found}}", REDO["en"]),
        fr=(f"{fr} : la TVA est {{expected}}, le document dit {{found}}", REDO["fr"]),
        category=code,
    )
    yield _reason(prefix, category, find)


def _identified(prefix: str, category: Category, find: Rules) -> Check:
    en, fr = category.name, FRENCH[category.code]
    if category.code == "O":
        # French law asks for the seller's number on these too (242 nonies A): the rule cannot keep one from issuing.
        return rule(
            f"{prefix}-02",
            find.identified,
            severity="warning",
            en=(f"{en}: {{side}} is named with a VAT number", "an e-invoice will leave it out"),
            fr=(f"{fr} : {{side}} porte un numéro de TVA", "une facture électronique l'omettra"),
            category="O",
        )
    return rule(
        f"{prefix}-02",
        find.identified,
        en=(f"{en}: {{side}} has no VAT number", "give it, or choose another VAT category"),
        fr=(
            f"{fr} : {{side}} n'a pas de numéro de TVA",
            "indiquez-le ou choisissez une autre catégorie de TVA",
        ),
        category=category.code,
    )


def _rate(prefix: str, category: Category, find: Rules) -> Check:
    en, fr = category.name, FRENCH[category.code]
    if category.zero:
        remedy = "set the rate to 0, or the category to S", "mettez le taux à 0 ou la catégorie à S"
    else:
        remedy = (
            "give a rate above 0 or another category",
            "donnez un taux positif ou une autre catégorie",
        )
    return rule(
        f"{prefix}-05",
        find.rate,
        en=(f"{en} does not go with a rate of {{rate}} %", remedy[0]),
        fr=(f"{fr} : un taux de {{rate}} % ne convient pas", remedy[1]),
        category=category.code,
    )


def _reason(prefix: str, category: Category, find: Rules) -> Check:
    en, fr = category.name, FRENCH[category.code]
    if category.reason:
        said = (
            f"{en}: no reason that fits ({{code}})",
            f"{fr} : aucun motif qui convienne ({{code}})",
        )
        remedy = (
            "name its VATEX code, such as VATEX-FR-FRANCHISE under CGI art. 293 B",
            "indiquez son code VATEX, par exemple VATEX-FR-FRANCHISE (CGI art. 293 B)",
        )
    else:
        said = f"{en}: nothing is exempt ({{code}})", f"{fr} : rien n'est exonéré ({{code}})"
        remedy = "remove the exemption code", "retirez le code d'exonération"
    return rule(
        f"{prefix}-10",
        find.reason,
        law="EN 16931-1:2017; CGI annexe II art. 242 nonies A, I 12°",
        en=(said[0], remedy[0]),
        fr=(said[1], remedy[1]),
        category=category.code,
    )


CATEGORY_RULES = (
    *(check for category in CATEGORIES.values() for check in of_category(category)),
    rule(
        "BR-CL-22",
        unknown_reasons,
        law="EN 16931-1:2017; VATEX",
        en=("{code} is no VATEX code", "take the code from the VATEX list"),
        fr=("{code} n'est pas un code VATEX", "prenez le code dans la liste VATEX"),
    ),
    rule(
        "BR-IC-11",
        undelivered,
        law="EN 16931-1:2017; CGI art. 262 ter I",
        en=("an intra-Community supply says when it was made", "give the delivery date or period"),
        fr=(
            "une livraison intracommunautaire dit quand elle a eu lieu",
            "indiquez la date de livraison ou la période",
        ),
        category="K",
    ),
    rule(
        "BR-O-11",
        mixed_rows,
        en=("outside the scope of VAT stands alone", "bill the rest on a document of its own"),
        fr=("le hors champ de la TVA reste seul", "facturez le reste sur un autre document"),
        category="O",
    ),
    rule(
        "BR-O-12",
        mixed_lines,
        en=("{line} is subject to VAT, others are not", "bill it on a document of its own"),
        fr=("{line} est soumis à la TVA, d'autres non", "facturez-le sur un autre document"),
        category="O",
    ),
)
