"""The rules of each VAT category: its row in the breakdown, who must be identified, its rate, its reason.

One pattern for all categories, as in EN 16931-1 (BR-S, BR-Z, BR-E, BR-AE, BR-IC, BR-G, BR-O, BR-AF for IGIC, BR-AG
for IPSI). Where a line breaks a rule on who is identified (02), allowances and charges (03, 04) do not say it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from multibill.documents.adjustments import DocumentAllowance, DocumentCharge
from multibill.documents.checks.arithmetic import REDO, figures, rows, tax_of
from multibill.documents.checks.finding import (
    Check,
    Find,
    Place,
    Severity,
    among,
    blank,
    on_line,
    rule,
)
from multibill.documents.document import Document
from multibill.documents.line import Line
from multibill.documents.totals import ZERO, VatTotal
from multibill.tax import CATEGORIES, EXEMPTIONS, FRANCHISE, VAT, Category, reason
from multibill.tax.exemptions import DEFAULTS

Adjusted = DocumentAllowance | DocumentCharge
Missing = Callable[[Document], Iterator[str]]


def seller_vat(document: Document) -> Iterator[str]:
    """Sides without VAT number: the seller needs one, or a tax representative's."""
    if document.seller.vat_id is None and document.tax_representative is None:
        yield "/seller/vat_id"


def seller_tax(document: Document) -> Iterator[str]:
    """As above; a tax registration (BT-32) serves as well."""
    if document.seller.tax_registration is None:
        yield from seller_vat(document)


def seller_siren(document: Document) -> Iterator[str]:
    """As above; the SIREN serves as tax registration of a seller who was given no VAT number."""
    if document.seller.siren is None:
        yield from seller_tax(document)


def seller_and_buyer(document: Document) -> Iterator[str]:
    """The seller needs a VAT number or tax registration, the buyer a VAT number or a registration."""
    yield from seller_tax(document)
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
    if document.tax_representative is not None:
        yield "/tax_representative/vat_id"
    if document.buyer.vat_id is not None:
        yield "/buyer/vat_id"


IDENTIFIED: Mapping[str, Missing] = {
    "S": seller_tax,
    "Z": seller_tax,
    "E": seller_siren,
    "AE": seller_and_buyer,
    "K": both_vat,
    "G": seller_vat,
    "O": neither_vat,
    "L": seller_siren,
    "M": seller_siren,
}

SIDES = {
    "seller": {"en": "the seller", "fr": "le vendeur"},
    "buyer": {"en": "the buyer", "fr": "l'acheteur"},
    "tax_representative": {"en": "the tax representative", "fr": "le représentant fiscal"},
}
OWNERS = ("lines", "allowances", "charges")
"""What bears VAT, in the order in which the standard numbers its rules: 02 to 04, 05 to 07."""

FRENCH = {
    "S": "taux normal ou réduit",
    "Z": "taux zéro",
    "E": "exonération",
    "AE": "autoliquidation",
    "K": "livraison intracommunautaire",
    "G": "exportation hors UE",
    "O": "hors champ de la TVA",
    "L": "impôt des Canaries (IGIC)",
    "M": "impôt de Ceuta et Melilla (IPSI)",
}

NUMBERED = {"K": "IC", "L": "AF", "M": "AG"}
"""How the standard's rules call a category where it is not by its code."""

Said = tuple[str, str]
"""A sentence in English and in French."""

REDONE = REDO["en"], REDO["fr"]
ROWS = "{count} rows in the VAT breakdown", "{count} lignes dans la ventilation de la TVA"
ONE_REASON = (
    "give its lines one reason; another reason needs a document of its own",
    "donnez à ses lignes un seul motif ; un autre motif demande un autre document",
)
NO_NUMBER = (
    ("{side} has no VAT number", "{side} n'a pas de numéro de TVA"),
    ("give it, or choose another VAT category", "indiquez-le ou changez de catégorie de TVA"),
)
NUMBERS = {
    "E": (
        NO_NUMBER[0],
        ("give it, or the SIREN under the franchise", "indiquez-le, ou le SIREN en franchise"),
    ),
    "O": (
        ("{side} is named with a VAT number", "{side} porte un numéro de TVA"),
        ("an e-invoice will leave it out", "une facture électronique l'omettra"),
    ),
}
RATE = "a rate of {rate} % does not fit", "un taux de {rate} % ne convient pas"
ZERO_RATE = "set the rate to 0, or the category to S", "mettez le taux à 0 ou la catégorie à S"
ABOVE_ZERO = (
    "give a rate above 0 or another category",
    "donnez un taux positif ou une autre catégorie",
)
SUM = (
    "the lines sum to {expected}, the document says {found}",
    "la somme des lignes est {expected}, le document dit {found}",
)
TAX = (
    "the VAT is {expected}, the document says {found}",
    "la TVA est {expected}, le document dit {found}",
)
REASON = "{problem}", "{problem}"
REASONS_LAW = "EN 16931-1:2017; CGI annexe II art. 242 nonies A, I 12°"


@attrs.frozen
class Rules:
    """The finders of one category."""

    category: Category

    def row(self, document: Document, _: date) -> Iterator[Place]:
        """01: a row for the lines and only for them; one alone, but for the rates of S, L and M."""
        code = self.category.code
        count = sum(row.category == code for row in rows(document))
        used = first_with(document, code) is not None
        if used != bool(count) or (count > 1 and self.category.zero):
            yield "/totals/breakdown", {"count": count}

    def identified(self, owner: str) -> Find:
        """02 to 04: who must be identified, or for O must not; said where the category is found first."""
        code = self.category.code

        def find(document: Document, _: date) -> Iterator[Place]:
            if first_with(document, code) == owner:
                for path in IDENTIFIED[code](document):
                    yield path, {"side": SIDES[path.split("/")[1]]}

        return find

    def rate(self, owner: str) -> Find:
        """05 to 07: above zero for S, zero or absent for the others."""
        code, zero = self.category.code, self.category.zero

        def find(document: Document, _: date) -> Iterator[Place]:
            for item in getattr(document, owner):
                vat = item.vat
                if vat.category == code and (not vat.rate) is not zero:
                    path = part(vat_of(owner, item), "rate")
                    yield path, {"rate": f"{vat.rate.normalize():f}"}

        return find

    def taxable(self, document: Document, _: date) -> Iterator[Place]:
        """08: each row's taxable amount is the sum of its lines, less its allowances, plus its charges."""
        sums: dict[int, Decimal] = {}
        vats: dict[int, VAT] = {}
        for vat, amount in amounts(document):
            place = id(vat)
            vats[place] = vat
            sums[place] = sums[place] + amount if place in sums else amount
        for row in rows(document):
            if row.category == self.category.code:
                wanted = sum((sums[known] for known in sums if billed_in(row, vats[known])), ZERO)
                if wanted != row.taxable.amount:
                    path = f"/totals/breakdown/{row.key}/taxable"
                    yield path, figures(wanted, row.taxable)

    def tax(self, document: Document, _: date) -> Iterator[Place]:
        """09: rate times taxable amount for S, nothing for the others."""
        for row in rows(document):
            if row.category == self.category.code:
                wanted = ZERO if self.category.zero else tax_of(document, row)
                if wanted != row.tax.amount:
                    yield f"/totals/breakdown/{row.key}/tax", figures(wanted, row.tax)

    def reason(self, document: Document, _: date) -> Iterator[Place]:
        """10: a reason that fits the category, or none where nothing is exempt."""
        code, wanted = self.category.code, self.category.reason
        for owner, item in billed(document):
            vat = item.vat
            if vat.category == code and not (fits(vat) if wanted else vat.exemption is None):
                yield part(vat_of(owner, item), "exemption"), {"problem": problem(vat)}


def part(path: str, name: str) -> str:
    """A part of the VAT at a path; the path of all lines where the line has no id yet."""
    return f"{path}/{name}" if path.endswith("/vat") else path


def amounts(document: Document) -> list[tuple[VAT, Decimal]]:
    """Every VAT in use, with the amount that it adds to its row."""
    found = [(line.vat, line.net or ZERO) for line in document.lines]
    found += [(item.vat, -(item.total or ZERO)) for item in document.allowances]
    found += [(item.vat, item.total or ZERO) for item in document.charges]
    return found


def billed(document: Document) -> list[tuple[str, Line | Adjusted]]:
    """All that bears VAT, with the list it stands in."""
    return [(owner, item) for owner in OWNERS for item in getattr(document, owner)]


def vat_of(owner: str, item: Line | Adjusted) -> str:
    """Where the VAT of a line, an allowance or a charge stands."""
    return among(f"/{owner}", item, "vat")


def first_with(document: Document, code: str) -> str | None:
    """Which of lines, allowances and charges is the first to use a category."""
    for owner in OWNERS:
        for item in getattr(document, owner):
            if item.vat.category == code:
                return owner
    return None


def billed_in(row: VatTotal, vat: VAT) -> bool:
    """Whether a line with this VAT belongs to the row."""
    return (vat.category, vat.rate, vat.exemption) == (row.category, row.rate, row.exemption)


def fits(vat: VAT) -> bool:
    """Whether the reason is one of the category; a code that no list knows is BR-CL-22's to find."""
    found = reason(vat.category, vat.exemption)
    return vat.category in found.categories if found else vat.exemption is not None


def problem(vat: VAT) -> Mapping[str, str]:
    """What is wrong with a reason, by language."""
    if vat.exemption is None:
        return {"en": "no reason is given", "fr": "aucun motif n'est donné"}
    return {"en": f"{vat.exemption} does not fit", "fr": f"{vat.exemption} ne convient pas"}


def unknown_reasons(document: Document, _: date) -> Iterator[Place]:
    """Finds exemption codes that the VATEX list does not have."""
    for owner, item in billed(document):
        code = item.vat.exemption
        if code is not None and code not in EXEMPTIONS:
            yield part(vat_of(owner, item), "exemption"), {"code": code}


def undelivered(document: Document, _: date) -> Iterator[Place]:
    """Finds an intra-Community supply without delivery date or period."""
    if document.delivery_date is None and document.period is None:
        yield "/delivery_date", {}


def nowhere(document: Document, _: date) -> Iterator[Place]:
    """Finds an intra-Community supply that does not say in which country the goods arrive."""
    address = document.delivery.address if document.delivery else None
    if address is None or blank(address.country):
        yield "/delivery/address/country", {}


def mixed(owner: str) -> Find:
    """Finds allowances or charges beside what is outside the scope."""

    def find(document: Document, _: date) -> Iterator[Place]:
        for item in getattr(document, owner):
            if item.vat.category != "O":
                yield part(vat_of(owner, item), "category"), {}

    return find


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


def of_category(category: Category) -> tuple[Check, ...]:
    """The rules of a category, numbered as EN 16931-1 numbers them; 05 lets IGIC and IPSI have any rate."""
    code, find = category.code, Rules(category)
    prefix = f"BR-{NUMBERED.get(code, code)}"
    en, fr = category.name, FRENCH[code]

    def numbered(number: str, finder: Find, said: Said, remedy: Said, **more: Any) -> Check:
        english, french = (f"{en}: {said[0]}", remedy[0]), (f"{fr} : {said[1]}", remedy[1])
        id = f"{prefix}-{number}"
        return rule(id, finder, en=english, fr=french, category=code, **more)

    def each(first: int, finder: Callable[[str], Find], *words: Said, **more: Any) -> list[Check]:
        return [
            numbered(
                f"{first + place:02}",
                finder(owner),
                *words,
                needs=None if owner == "lines" else owner,
                **more,
            )
            for place, owner in enumerate(OWNERS)
        ]

    rates = each(5, find.rate, RATE, ZERO_RATE if category.zero else ABOVE_ZERO)
    return (
        numbered("01", find.row, ROWS, ONE_REASON if category.zero else REDONE),
        *each(2, find.identified, *NUMBERS.get(code, NO_NUMBER), severity=severity(code)),
        *(() if category.local else rates),
        numbered("08", find.taxable, SUM, REDONE),
        numbered("09", find.tax, TAX, REDONE),
        numbered(
            "10",
            find.reason,
            REASON,
            reasons_of(category),
            law=REASONS_LAW,
            needs=None if category.reason else "exempted",
        ),
    )


def severity(code: str) -> Severity:
    """How grave a VAT number is that is missing, or for O is there.

    French law asks for the seller's number also outside the scope of VAT (242 nonies A), where the standard forbids it.
    """
    return "warning" if code == "O" else "error"


def reasons_of(category: Category) -> Said:
    """What to do about the reason of a line in this category."""
    if not category.reason:
        return "remove the exemption code", "retirez le code d'exonération"
    if own := DEFAULTS.get(category.code):
        return f"leave the code out, or name {own}", f"retirez le code, ou indiquez {own}"
    return (
        f"name its VATEX code, such as {FRANCHISE} under CGI art. 293 B",
        f"indiquez son code VATEX, par exemple {FRANCHISE} (CGI art. 293 B)",
    )


CATEGORY_RULES = (
    *(check for category in CATEGORIES.values() for check in of_category(category)),
    rule(
        "BR-CL-22",
        unknown_reasons,
        law="EN 16931-1:2017; VATEX",
        en=("{code} is no VATEX code", "take the code from the VATEX list"),
        fr=("{code} n'est pas un code VATEX", "prenez le code dans la liste VATEX"),
        needs="exempted",
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
        "BR-IC-12",
        nowhere,
        law="EN 16931-1:2017; CGI art. 262 ter I; directive 2006/112/CE art. 138",
        en=("it is not said in which country the goods arrive", "give the delivery address"),
        fr=("le pays d'arrivée des biens n'est pas indiqué", "indiquez l'adresse de livraison"),
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
    rule(
        "BR-O-13",
        mixed("allowances"),
        en=(
            "an allowance is subject to VAT, the lines are not",
            "bill it on a document of its own",
        ),
        fr=("une remise est soumise à la TVA, les lignes non", "facturez-la sur un autre document"),
        category="O",
        needs="allowances",
    ),
    rule(
        "BR-O-14",
        mixed("charges"),
        en=("a charge is subject to VAT, the lines are not", "bill it on a document of its own"),
        fr=("des frais sont soumis à la TVA, les lignes non", "facturez-les sur un autre document"),
        category="O",
        needs="charges",
    ),
)
