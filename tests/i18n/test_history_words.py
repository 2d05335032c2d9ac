"""Every field, action and phrase of a history has its word in every shipped language, and none is there for nothing."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from multibill.i18n import LANGUAGES
from multibill.i18n.catalogue import LOCALES
from multibill.workspace.kinds import kinds
from multibill.workspace.telling import ACTIONS, WORDS, caption
from tests.architecture.source import MODULES

OTHERS = sorted(set(LANGUAGES) - {"en"})


def captions() -> set[str]:
    """The name of each field and group of each kind, from the model map."""
    found = set()
    for kind in kinds([]).values():
        for entry in kind.map:
            names = entry.path.split("/")
            patterns = ["/".join(names[:end]) for end in range(2, len(names) + 1)]
            found |= {caption(kind, p) for p in patterns if not p.endswith("*")}
    return found


def catalogue(language: str) -> Catalog:
    with (LOCALES / language / "LC_MESSAGES" / "history.po").open("rb") as file:
        return read_po(file, language)


def written() -> Iterator[str]:
    """The actions that the desk writes: the first argument of each ``Call``."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Call":
                yield from (str(a.value) for a in node.args[:1] if isinstance(a, ast.Constant))


def test_the_model_map_has_captions() -> None:
    """A reader of the map that finds nothing would make every other test here pass."""
    assert {"unit price", "buyer", "lines", "VAT options", "holder"} <= captions()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_are_those_of_fields_actions_and_phrases(language: str) -> None:
    expected = captions() | set(ACTIONS) | set(WORDS)
    assert expected == {str(entry.id) for entry in catalogue(language) if entry.id}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_is_missing_fuzzy_or_obsolete(language: str) -> None:
    read = catalogue(language)
    assert [] == [entry.id for entry in read if entry.id and (not entry.string or entry.fuzzy)]
    assert [] == list(read.obsolete)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_has_the_braces_of_its_message(language: str) -> None:
    def braces(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}

    for entry in catalogue(language):
        assert not entry.id or braces(str(entry.id)) == braces(str(entry.string))


def test_every_action_that_is_written_has_its_word() -> None:
    assert set() == set(written()) - set(ACTIONS)
    assert {"edit", "refresh", "attach"} <= set(written())


SHARED = {
    "fr": {"client", "contact", "description", "mandate", "period", "phase", "version"},
    "de": {"logo", "mandate", "name", "phase", "team", "version"},
    "es": {"logo", "material", "no"},
    "it": {"logo", "no"},
}


@pytest.mark.parametrize("language", OTHERS)
def test_what_reads_as_in_english_is_said_so_on_purpose(language: str) -> None:
    same = {str(e.id) for e in catalogue(language) if e.id and e.id == e.string and "{" not in e.id}
    assert same <= SHARED[language]
