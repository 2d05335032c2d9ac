"""Exemption reasons: the whole VATEX list, each with law and words, and the reason a category has by itself."""

from __future__ import annotations

import pytest

from multibill.ids import key
from multibill.tax import CATEGORIES, EXEMPTIONS, FRANCHISE, reason
from multibill.tax.exemptions import DEFAULTS

OFFICIAL = 88
"""Codes of the VATEX list that EN 16931 validation 1.3.16 accepts (BR-CL-22)."""


def test_the_list_is_complete() -> None:
    assert OFFICIAL == len(EXEMPTIONS)
    assert all(code.startswith(("VATEX-EU-", "VATEX-FR-")) for code in EXEMPTIONS)
    assert {"VATEX-EU-79-C", "VATEX-EU-151-1AA", "VATEX-FR-CGI261D-1BIS"} <= EXEMPTIONS.keys()
    assert "VATEX-FR-298SEXDECIESA" in EXEMPTIONS


def test_each_reason_stands_under_its_code_with_law_and_five_languages() -> None:
    for code, exemption in EXEMPTIONS.items():
        assert code == exemption.code == key(code)
        assert exemption.law
        assert {"de", "en", "es", "fr", "it"} == set(exemption.text)
        assert all(len(words) > 8 for words in exemption.text.values())
        assert not {"{", "}"} & set("".join(exemption.text.values()))
        assert exemption.categories <= CATEGORIES.keys()


def test_no_reason_goes_with_a_category_that_has_none() -> None:
    for exemption in EXEMPTIONS.values():
        assert all(CATEGORIES[code].reason for code in exemption.categories)


@pytest.mark.parametrize(
    ("code", "french", "english"),
    [
        ("VATEX-EU-132-1I", "art. 132, 1, i) de la directive", "art. 132(1)(i) of Directive"),
        ("VATEX-EU-148-A", "art. 148, a) de la directive", "art. 148(a) of Directive"),
        ("VATEX-EU-135-1", "art. 135, 1 de la directive", "art. 135(1) of Directive"),
        ("VATEX-EU-309", "art. 309 de la directive", "art. 309 of Directive"),
        ("VATEX-FR-CGI261-4", "art. 261, 4 du CGI", "art. 261, 4 of the French tax code"),
        ("VATEX-FR-CGI261D-1BIS", "art. 261 D, 1° bis du CGI", "art. 261 D, 1° bis of the French"),
        ("VATEX-FR-298SEXDECIESA", "art. 298 sexdecies A du CGI", "art. 298 sexdecies A of the"),
    ],
)
def test_the_words_cite_the_article_that_the_code_names(
    code: str, french: str, english: str
) -> None:
    assert french in EXEMPTIONS[code].text["fr"]
    assert english in EXEMPTIONS[code].text["en"]


def test_the_words_that_the_law_prescribes_are_those_words() -> None:
    """CGI annexe II, art. 242 nonies A, I, 13°, 15°, 16°; CGI art. 293 E."""
    expected = {
        FRANCHISE: "TVA non applicable, art. 293 B du CGI",
        "VATEX-EU-AE": "Autoliquidation",
        "VATEX-EU-D": "Régime particulier - Agences de voyages",
        "VATEX-EU-F": "Régime particulier - Biens d'occasion",
        "VATEX-EU-I": "Régime particulier - Objets d'art",
        "VATEX-EU-J": "Régime particulier - Objets de collection et d'antiquité",
    }
    assert expected == {code: EXEMPTIONS[code].text["fr"] for code in expected}


def test_a_category_with_one_reason_has_it_by_itself() -> None:
    assert {"AE", "K", "G", "O"} == set(DEFAULTS)
    for category, code in DEFAULTS.items():
        assert EXEMPTIONS[code] is reason(category, None)
        assert {category} == EXEMPTIONS[code].categories


def test_an_exempt_line_must_name_its_reason() -> None:
    assert None is reason("E", None) is reason("S", None) is reason("E", "VATEX-FR-NONE")


def test_the_code_given_rules_over_the_categorys_own() -> None:
    assert EXEMPTIONS["VATEX-FR-AE"] is reason("AE", "VATEX-FR-AE")


def test_every_language_cites_the_article_in_its_own_manner() -> None:
    expected = {
        "fr": "Exonération de TVA, art. 132, 1, i) de la directive 2006/112/CE",
        "en": "VAT exempt, art. 132(1)(i) of Directive 2006/112/EC",
        "de": "Steuerfrei nach Art. 132 Abs. 1 Buchst. i der Richtlinie 2006/112/EG",
        "es": "Exento de IVA, art. 132.1, letra i) de la Directiva 2006/112/CE",
        "it": "Esente da IVA, art. 132, par. 1, lett. i) della direttiva 2006/112/CE",
    }
    assert expected == EXEMPTIONS["VATEX-EU-132-1I"].text


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("VATEX-EU-AE", "Steuerschuldnerschaft des Leistungsempfängers"),
        ("VATEX-EU-D", "Sonderregelung für Reisebüros"),
        ("VATEX-EU-F", "Gebrauchtgegenstände/Sonderregelung"),
    ],
)
def test_the_words_that_german_law_prescribes_are_those_words(code: str, words: str) -> None:
    """UStG § 14a Abs. 5 and 6."""
    assert words == EXEMPTIONS[code].text["de"]


@pytest.mark.parametrize(
    ("code", "categories"),
    [
        ("VATEX-EU-132-1I", {"E"}),
        ("VATEX-EU-135-1", {"E"}),
        ("VATEX-EU-159", {"E"}),
        ("VATEX-EU-143-1A", {"E", "G"}),
        ("VATEX-EU-146-1E", {"E", "G"}),
        ("VATEX-EU-148-A", {"E", "G"}),
        ("VATEX-EU-151-1AA", {"E", "G"}),
        ("VATEX-FR-CGI261-4", {"E"}),
        ("VATEX-FR-AE", {"AE"}),
    ],
)
def test_a_reason_goes_with_exemption_and_some_with_export_too(
    code: str, categories: set[str]
) -> None:
    assert categories == EXEMPTIONS[code].categories
