"""Exemption reasons (the VATEX list that EN 16931 names for BT-121) with the words an invoice must carry, by language.

Source: CEF code list VATEX as EN 16931 validation 1.3.16 uses it; wording after CGI annexe II, art. 242 nonies A.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import attrs

FRANCHISE = "VATEX-FR-FRANCHISE"
"""The code of a seller below the thresholds of CGI art. 293 B, who charges no VAT at all."""


@attrs.frozen
class Exemption:
    """One reason for charging no VAT: VATEX code, the categories it goes with, law, text by language."""

    code: str
    categories: frozenset[str]
    law: str
    text: Mapping[str, str]


def _reason(code: str, categories: str, law: str, fr: str, en: str) -> Exemption:
    return Exemption(f"VATEX-{code}", frozenset(categories.split()), law, {"fr": fr, "en": en})


NAMED = (
    _reason(
        "FR-FRANCHISE",
        "E",
        "CGI art. 293 B",
        "TVA non applicable, art. 293 B du CGI",
        "VAT not applicable, art. 293 B of the French tax code (CGI)",
    ),
    _reason(
        "EU-AE",
        "AE",
        "CGI art. 283; directive 2006/112/CE art. 194, 196",
        "Autoliquidation",
        "Reverse charge",
    ),
    _reason(
        "FR-AE",
        "AE",
        "CGI art. 283, 2",
        "Autoliquidation, art. 283, 2 du CGI",
        "Reverse charge, art. 283, 2 of the French tax code (CGI)",
    ),
    _reason(
        "EU-IC",
        "K",
        "CGI art. 262 ter I; directive 2006/112/CE art. 138",
        "Exonération de TVA, art. 262 ter I du CGI",
        "VAT exempt intra-Community supply, art. 138 of Directive 2006/112/EC",
    ),
    _reason(
        "EU-G",
        "G",
        "CGI art. 262 I; directive 2006/112/CE art. 146",
        "Exonération de TVA, art. 262 I du CGI",
        "VAT exempt export, art. 146 of Directive 2006/112/EC",
    ),
    _reason(
        "EU-O",
        "O",
        "CGI art. 259; directive 2006/112/CE art. 44",
        "TVA non applicable, art. 259, 1 du CGI",
        "Outside the scope of French VAT, art. 44 of Directive 2006/112/EC",
    ),
    _reason(
        "EU-D",
        "E",
        "CGI art. 266, 1, e; directive 2006/112/CE art. 306 à 310",
        "Régime particulier - Agences de voyages",
        "Margin scheme - Travel agents",
    ),
    _reason(
        "EU-F",
        "E",
        "CGI art. 297 A; directive 2006/112/CE art. 313",
        "Régime particulier - Biens d'occasion",
        "Margin scheme - Second-hand goods",
    ),
    _reason(
        "EU-I",
        "E",
        "CGI art. 297 A; directive 2006/112/CE art. 313",
        "Régime particulier - Objets d'art",
        "Margin scheme - Works of art",
    ),
    _reason(
        "EU-J",
        "E",
        "CGI art. 297 A; directive 2006/112/CE art. 313",
        "Régime particulier - Objets de collection et d'antiquité",
        "Margin scheme - Collector's items and antiques",
    ),
    _reason(
        "FR-CNWVAT",
        "E",
        "CGI art. 272, 1",
        "Avoir net de taxe : la TVA facturée n'est pas rectifiée",
        "Credit note without VAT: the VAT invoiced is not corrected",
    ),
)

DIRECTIVE = """
79-C 132 132-1A 132-1B 132-1C 132-1D 132-1E 132-1F 132-1G 132-1H 132-1I 132-1J 132-1K 132-1L 132-1M 132-1N 132-1O
132-1P 132-1Q 135-1 143 143-1A 143-1B 143-1C 143-1D 143-1E 143-1F 143-1FA 143-1G 143-1H 143-1I 143-1J 143-1K 143-1L
144 146-1E 148 148-A 148-B 148-C 148-D 148-E 148-F 148-G 151 151-1A 151-1AA 151-1B 151-1C 151-1D 151-1E 153 159 309
"""

TAX_CODE = {
    "261-1": "261, 1",
    "261-2": "261, 2",
    "261-3": "261, 3",
    "261-4": "261, 4",
    "261-5": "261, 5",
    "261-7": "261, 7",
    "261-8": "261, 8",
    "261A": "261 A",
    "261B": "261 B",
    "261C-1": "261 C, 1°",
    "261C-2": "261 C, 2°",
    "261C-3": "261 C, 3°",
    "261D-1": "261 D, 1°",
    "261D-1BIS": "261 D, 1° bis",
    "261D-2": "261 D, 2°",
    "261D-3": "261 D, 3°",
    "261D-4": "261 D, 4°",
    "261E-1": "261 E, 1°",
    "261E-2": "261 E, 2°",
    "275": "275",
    "277A": "277 A",
    "295": "295",
    "298SEXDECIESA": "298 sexdecies A",
}

_parts = re.compile(r"(\d+)(?:-(\d)?([A-Z]+)?)?").findall


def _of_directive(suffix: str) -> Exemption:
    """The reason that VATEX names after an article of the directive: 132-1A is article 132(1)(a)."""
    ((article, paragraph, point),) = _parts(suffix)
    en = article + "".join(f"({part.lower()})" for part in (paragraph, point) if part)
    fr = (
        article + (f", {paragraph}" if paragraph else "") + (f", {point.lower()})" if point else "")
    )
    exports = " G" if article in {"143", "144", "146", "148", "151", "153"} else ""
    return _reason(
        f"EU-{suffix}",
        f"E{exports}",
        f"directive 2006/112/CE art. {fr}",
        f"Exonération de TVA, art. {fr} de la directive 2006/112/CE",
        f"VAT exempt, art. {en} of Directive 2006/112/EC",
    )


def _of_tax_code(suffix: str) -> Exemption:
    """The reason that VATEX names after an article of the Code général des impôts."""
    article, code = TAX_CODE[suffix], f"FR-CGI{suffix}"
    return _reason(
        "FR-298SEXDECIESA" if suffix == "298SEXDECIESA" else code,
        "E",
        f"CGI art. {article}",
        f"Exonération de TVA, art. {article} du CGI",
        f"VAT exempt, art. {article} of the French tax code (CGI)",
    )


def _all() -> Iterator[Exemption]:
    yield from NAMED
    yield from map(_of_directive, DIRECTIVE.split())
    yield from map(_of_tax_code, TAX_CODE)


EXEMPTIONS = {exemption.code: exemption for exemption in _all()}

DEFAULTS = {"AE": "VATEX-EU-AE", "K": "VATEX-EU-IC", "G": "VATEX-EU-G", "O": "VATEX-EU-O"}
"""The reason of a category that has only one; an exempt line (E) must name its own."""


def reason(category: str, code: str | None) -> Exemption | None:
    """The reason a category and exemption code stand for; the category's own when no code is given.

    >>> reason("AE", None).text["fr"], reason("E", None)
    ('Autoliquidation', None)
    """
    return EXEMPTIONS.get(code or DEFAULTS.get(category, ""))
