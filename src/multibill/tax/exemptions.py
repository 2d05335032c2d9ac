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


def _reason(code: str, categories: str, law: str, text: Mapping[str, str]) -> Exemption:
    return Exemption(f"VATEX-{code}", frozenset(categories.split()), law, text)


NAMED = (
    _reason(
        "FR-FRANCHISE",
        "E",
        "CGI art. 293 B",
        {
            "fr": "TVA non applicable, art. 293 B du CGI",
            "en": "VAT not applicable, art. 293 B of the French tax code (CGI)",
            "de": "Keine Umsatzsteuer, Art. 293 B des französischen Steuergesetzbuchs (CGI)",
            "es": "IVA no aplicable, art. 293 B del código tributario francés (CGI)",
            "it": "IVA non applicabile, art. 293 B del codice tributario francese (CGI)",
        },
    ),
    _reason(
        "EU-AE",
        "AE",
        "CGI art. 283; directive 2006/112/CE art. 194, 196",
        {
            "fr": "Autoliquidation",
            "en": "Reverse charge",
            "de": "Steuerschuldnerschaft des Leistungsempfängers",
            "es": "Inversión del sujeto pasivo",
            "it": "Inversione contabile",
        },
    ),
    _reason(
        "FR-AE",
        "AE",
        "CGI art. 283, 2",
        {
            "fr": "Autoliquidation, art. 283, 2 du CGI",
            "en": "Reverse charge, art. 283, 2 of the French tax code (CGI)",
            "de": "Steuerschuldnerschaft des Leistungsempfängers, Art. 283, 2 CGI (Frankreich)",
            "es": "Inversión del sujeto pasivo, art. 283, 2 del CGI (Francia)",
            "it": "Inversione contabile, art. 283, 2 del CGI (Francia)",
        },
    ),
    _reason(
        "EU-IC",
        "K",
        "CGI art. 262 ter I; directive 2006/112/CE art. 138",
        {
            "fr": "Exonération de TVA, art. 262 ter I du CGI",
            "en": "VAT exempt intra-Community supply, art. 138 of Directive 2006/112/EC",
            "de": "Steuerfreie innergemeinschaftliche Lieferung, Art. 138 der Richtlinie 2006/112/EG",
            "es": "Entrega intracomunitaria exenta, art. 138 de la Directiva 2006/112/CE",
            "it": "Cessione intracomunitaria esente, art. 138 della direttiva 2006/112/CE",
        },
    ),
    _reason(
        "EU-G",
        "G",
        "CGI art. 262 I; directive 2006/112/CE art. 146",
        {
            "fr": "Exonération de TVA, art. 262 I du CGI",
            "en": "VAT exempt export, art. 146 of Directive 2006/112/EC",
            "de": "Steuerfreie Ausfuhrlieferung, Art. 146 der Richtlinie 2006/112/EG",
            "es": "Exportación exenta, art. 146 de la Directiva 2006/112/CE",
            "it": "Cessione all'esportazione esente, art. 146 della direttiva 2006/112/CE",
        },
    ),
    _reason(
        "EU-O",
        "O",
        "CGI art. 259; directive 2006/112/CE art. 44",
        {
            "fr": "TVA non applicable, art. 259, 1 du CGI",
            "en": "Outside the scope of French VAT, art. 44 of Directive 2006/112/EC",
            "de": "Nicht steuerbar, Art. 44 der Richtlinie 2006/112/EG",
            "es": "Operación no sujeta, art. 44 de la Directiva 2006/112/CE",
            "it": "Operazione non soggetta, art. 44 della direttiva 2006/112/CE",
        },
    ),
    _reason(
        "EU-D",
        "E",
        "CGI art. 266, 1, e; directive 2006/112/CE art. 306 à 310",
        {
            "fr": "Régime particulier - Agences de voyages",
            "en": "Margin scheme - Travel agents",
            "de": "Sonderregelung für Reisebüros",
            "es": "Régimen especial de las agencias de viajes",
            "it": "Regime del margine - agenzie di viaggio",
        },
    ),
    _reason(
        "EU-F",
        "E",
        "CGI art. 297 A; directive 2006/112/CE art. 313",
        {
            "fr": "Régime particulier - Biens d'occasion",
            "en": "Margin scheme - Second-hand goods",
            "de": "Gebrauchtgegenstände/Sonderregelung",
            "es": "Régimen especial de los bienes usados",
            "it": "Regime del margine - beni di occasione",
        },
    ),
    _reason(
        "EU-I",
        "E",
        "CGI art. 297 A; directive 2006/112/CE art. 313",
        {
            "fr": "Régime particulier - Objets d'art",
            "en": "Margin scheme - Works of art",
            "de": "Kunstgegenstände/Sonderregelung",
            "es": "Régimen especial de los objetos de arte",
            "it": "Regime del margine - oggetti d'arte",
        },
    ),
    _reason(
        "EU-J",
        "E",
        "CGI art. 297 A; directive 2006/112/CE art. 313",
        {
            "fr": "Régime particulier - Objets de collection et d'antiquité",
            "en": "Margin scheme - Collector's items and antiques",
            "de": "Sammlungsstücke und Antiquitäten/Sonderregelung",
            "es": "Régimen especial de las antigüedades y objetos de colección",
            "it": "Regime del margine - oggetti di antiquariato o da collezione",
        },
    ),
    _reason(
        "FR-CNWVAT",
        "E",
        "CGI art. 272, 1",
        {
            "fr": "Avoir net de taxe : la TVA facturée n'est pas rectifiée",
            "en": "Credit note without VAT: the VAT invoiced is not corrected",
            "de": "Gutschrift ohne Umsatzsteuer: die berechnete Steuer bleibt unverändert",
            "es": "Abono sin IVA: el IVA facturado no se rectifica",
            "it": "Nota di credito senza IVA: l'IVA fatturata non è rettificata",
        },
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


OF_DIRECTIVE = {
    "fr": "Exonération de TVA, art. {fr} de la directive 2006/112/CE",
    "en": "VAT exempt, art. {en} of Directive 2006/112/EC",
    "de": "Steuerfrei nach Art. {de} der Richtlinie 2006/112/EG",
    "es": "Exento de IVA, art. {es} de la Directiva 2006/112/CE",
    "it": "Esente da IVA, art. {it} della direttiva 2006/112/CE",
}
OF_TAX_CODE = {
    "fr": "Exonération de TVA, art. {} du CGI",
    "en": "VAT exempt, art. {} of the French tax code (CGI)",
    "de": "Steuerfrei nach Art. {} des französischen Steuergesetzbuchs (CGI)",
    "es": "Exento de IVA, art. {} del código tributario francés (CGI)",
    "it": "Esente da IVA, art. {} del codice tributario francese (CGI)",
}


def _cited(article: str, paragraph: str, point: str) -> dict[str, str]:
    """How each language cites an article of the directive."""
    point = point.lower()
    return {
        "fr": article + (f", {paragraph}" if paragraph else "") + (f", {point})" if point else ""),
        "en": article + "".join(f"({part})" for part in (paragraph, point) if part),
        "de": article
        + (f" Abs. {paragraph}" if paragraph else "")
        + (f" Buchst. {point}" if point else ""),
        "es": article
        + (f".{paragraph}" if paragraph else "")
        + (f", letra {point})" if point else ""),
        "it": article
        + (f", par. {paragraph}" if paragraph else "")
        + (f", lett. {point})" if point else ""),
    }


def _of_directive(suffix: str) -> Exemption:
    """The reason that VATEX names after an article of the directive: 132-1A is article 132(1)(a)."""
    ((article, paragraph, point),) = _parts(suffix)
    cited = _cited(article, paragraph, point)
    text = {name: words.format(**cited) for name, words in OF_DIRECTIVE.items()}
    exports = " G" if article in {"143", "144", "146", "148", "151", "153"} else ""
    return _reason(f"EU-{suffix}", f"E{exports}", f"directive 2006/112/CE art. {cited['fr']}", text)


def _of_tax_code(suffix: str) -> Exemption:
    """The reason that VATEX names after an article of the Code général des impôts."""
    article = TAX_CODE[suffix]
    code = f"FR-{suffix}" if suffix == "298SEXDECIESA" else f"FR-CGI{suffix}"
    text = {name: words.format(article) for name, words in OF_TAX_CODE.items()}
    return _reason(code, "E", f"CGI art. {article}", text)


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
