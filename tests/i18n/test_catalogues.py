"""Every message is there, in every shipped language, and none is there for nothing."""

from __future__ import annotations

import ast
import string
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from multibill.documents.types import TYPES
from multibill.errors import InvalidValue
from multibill.formats.pdf.facts import OPERATIONS, TAX_POINTS, TITLES
from multibill.formats.pdf.payment import MEANS
from multibill.formats.pdf.totals import REASONS
from multibill.i18n import LANGUAGES, Labels, catalogue as catalogue_room, labels
from multibill.i18n.catalogue import LOCALES
from multibill.i18n.units import SYMBOLS, UNITS
from tests.architecture.source import MODULES

TABLES: dict[str, Collection[str | tuple[str, str]]] = {
    "MEANS": MEANS.values(),
    "OPERATIONS": OPERATIONS.values(),
    "TAX_POINTS": TAX_POINTS.values(),
    "TITLES": TITLES.values(),
    "REASONS": REASONS.values(),
    "UNITS": UNITS.values(),
}
"""Messages that stand in tables, not in the call that says them."""


def catalogue(language: str) -> Catalog:
    with (LOCALES / language / "LC_MESSAGES" / "multibill.po").open("rb") as file:
        return read_po(file, language)


def spoken(path: Path) -> Iterator[ast.Call]:
    """The calls ``say(...)``, ``labels(...)(...)`` and ``....counted(...)`` of a module."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            named = isinstance(node.func, ast.Name) and node.func.id == "say"
            asked = isinstance(node.func, ast.Call) and ast.unparse(node.func.func) == "labels"
            counted = isinstance(node.func, ast.Attribute) and node.func.attr == "counted"
            if named or asked or counted:
                yield node


def messages(call: ast.Call) -> tuple[str, ...] | None:
    """The message ids of a call: (one,) or (one, many); None when a known table holds them."""
    texts = tuple(a.value for a in call.args if isinstance(a, ast.Constant))
    if texts and isinstance(texts[0], str):
        return tuple(text for text in texts if isinstance(text, str))
    source = call.args[0].value if isinstance(call.args[0], ast.Starred) else call.args[0]
    assert isinstance(source, ast.Subscript), (
        f"write the message where it is said: {ast.unparse(call)}"
    )
    assert ast.unparse(source.value) in TABLES, f"not a table of messages: {ast.unparse(call)}"
    return None


def used() -> set[tuple[str, ...]]:
    """All messages of the source, as (one,) or (one, many)."""
    found: set[tuple[str, ...]] = set()
    for table in TABLES.values():
        found |= {(entry,) if isinstance(entry, str) else entry for entry in table}
    speaking = [path for path in MODULES if "multibill.i18n" in path.read_text("utf-8")]
    calls = [messages(call) for path in speaking for call in spoken(path)]
    return found | {texts for texts in calls if texts}


def ids(language: str) -> set[tuple[str, ...]]:
    return {
        (entry.id,) if isinstance(entry.id, str) else tuple(entry.id)
        for entry in catalogue(language)
        if entry.id
    }


def test_the_source_says_messages() -> None:
    """A reader of the source that finds nothing would make every other test here pass."""
    assert {("Due date",), ("day", "days"), ("Credit note",)} <= used()
    assert len(used()) > 60


def test_each_shipped_language_has_its_catalogue_and_no_other_lies_around() -> None:
    assert set(LANGUAGES) == {path.name for path in LOCALES.iterdir()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_used_in_the_code_is_in_the_catalogue(language: str) -> None:
    assert used() - ids(language) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_in_the_catalogue_is_used_in_the_code(language: str) -> None:
    assert ids(language) - used() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_untranslated_fuzzy_or_obsolete(language: str) -> None:
    read = catalogue(language)
    forms = [(e.id, e.string if isinstance(e.string, tuple) else (e.string,)) for e in read if e.id]
    assert [id for id, texts in forms if not all(texts)] == []
    assert [entry.id for entry in read if entry.id and entry.fuzzy] == []
    assert list(read.obsolete) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_braces_of_its_message(language: str) -> None:
    def braces(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}

    for entry in catalogue(language):
        one = str(entry.id if isinstance(entry.id, str) else entry.id[0])
        texts = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        assert [braces(one)] * len(texts) == [braces(text) for text in map(str, texts)] or not one


SHARED = {
    "fr": {"Notes", "article", "articles", "carton", "cartons", "minute", "minutes"},
    "de": {"{label}: {value}"},
    "es": {"Cheque", "Ref. {number}", "{label}: {value}"},
    "it": {"pallet", "per {quantity}", "set", "{label}: {value}"},
}
"""Messages whose translation is the same word, by language."""


def ids_of(entry: Message) -> tuple[str, ...]:
    return (entry.id,) if isinstance(entry.id, str) else tuple(entry.id)


def texts(entry: Message) -> tuple[str, ...]:
    return (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_what_reads_as_in_english_is_said_so_on_purpose(language: str) -> None:
    """A copied message id would pass for a translation; words that the languages share stand in a list."""
    copied = {
        id
        for entry in catalogue(language)
        if entry.id
        for id, text in zip(ids_of(entry), texts(entry), strict=False)
        if id == text
    }
    assert SHARED[language] == copied


def test_every_type_of_document_has_a_title_of_its_own() -> None:
    codes = {code for kind in TYPES.values() for code in kind}
    assert codes == set(TITLES)
    for language in LANGUAGES:
        titles = [labels(language)(title) for title in TITLES.values()]
        assert len(titles) == len(set(titles))


def test_self_billing_is_named_with_the_words_of_the_law() -> None:
    """Directive 2006/112/EC art. 226, 10a, in each language; in Germany § 14 (4) 10 UStG wants "Gutschrift"."""
    words = {
        "en": "Self-billing",
        "fr": "Autofacturation",
        "de": "Gutschrift",
        "es": "Facturación por el destinatario",
        "it": "Autofatturazione",
    }
    for language, word in words.items():
        assert word in labels(language)(TITLES["389"])
    assert "Gutschrift" not in labels("de")(TITLES["381"])


def test_labels_speak_the_language() -> None:
    assert ("Facture", "Invoice") == (labels("fr")("Invoice"), labels("en")("Invoice"))


def test_a_message_without_a_translation_speaks_for_itself() -> None:
    assert labels("fr")("Never said") == "Never said"


def test_a_message_that_is_not_wholly_translated_speaks_for_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "fr" / "LC_MESSAGES" / "multibill.po"
    file.parent.mkdir(parents=True)
    plural = 'msgid "day"\nmsgid_plural "days"\nmsgstr[0] "jour"\nmsgstr[1] ""\n'
    file.write_text(f'msgid "One"\nmsgstr "Un"\n\nmsgid "Two"\nmsgstr ""\n\n{plural}', "utf-8")
    monkeypatch.setattr(catalogue_room, "LOCALES", tmp_path)
    assert {"One": "Un"} == catalogue_room.translations("fr")
    say = Labels("fr", catalogue_room.translations("fr"))
    assert ("Un", "Two", "days") == (say("One"), say("Two"), say.counted("day", "days", 2))


def test_an_unknown_language_is_refused_with_the_shipped_ones() -> None:
    with pytest.raises(InvalidValue, match="'pl' is not a language of multibill; one of en, fr"):
        labels("pl")


def test_the_catalogue_is_read_once() -> None:
    assert labels("fr") is labels("fr")


def test_a_unit_has_a_name_or_a_symbol_and_not_both() -> None:
    assert UNITS.keys() & SYMBOLS.keys() == set()
