"""The gettext catalogues in the wheel, read as they are: no compiled copy has to be made or kept in step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import attrs

from multibill.i18n.languages import language, locale

LOCALES = Path(__file__).with_name("locales")

Translation = str | tuple[str, ...]


@attrs.frozen(eq=False)
class Labels:
    """The messages of one language: ``say("Invoice")``; a message without a translation speaks for itself.

    Message ids are English. ``translations`` holds a text, or one for each plural form.

    >>> say = labels("fr")
    >>> say("Due date"), say("Page {page} of {pages}", page=1, pages=3)
    ('Échéance', 'Page 1 sur 3')
    """

    language: str
    translations: Mapping[str, Translation]

    def __call__(self, message: str, **values: object) -> str:
        """The message in this language, with the values put into its braces."""
        found = self.translations.get(message, message)
        text = found if isinstance(found, str) else found[0]
        return text.format(**values) if values else text

    def counted(self, one: str, many: str, count: Decimal | int) -> str:
        """The form that goes with the count, as the language counts: ``1,5 heure`` but ``1.5 hours``.

        >>> labels("fr").counted("hour", "hours", Decimal("1.5"))
        'heure'
        """
        index = 0 if self._plural(Decimal(count)) == "one" else 1
        found = self.translations.get(one, (one, many))
        return found if isinstance(found, str) else found[index]

    def _plural(self, count: Decimal) -> str:
        return locale(self.language).plural_form(count)


@lru_cache(maxsize=16)
def labels(code: str, domain: str = "multibill") -> Labels:
    """The labels of a language; InvalidValue names the shipped ones when there is no such catalogue.

    Args:
        domain: ``multibill`` what documents say, ``history`` the names of fields and what was done to them.

    >>> labels("en")("Amount due"), labels("fr", "history")("unit price")
    ('Amount due', 'prix unitaire')
    """
    return Labels(code, translations(code, domain))


def translations(code: str, domain: str = "multibill") -> dict[str, Translation]:
    """Message id -> translation, of the messages that have one."""
    from babel.messages.pofile import read_po

    path = LOCALES / language(code) / "LC_MESSAGES" / f"{domain}.po"
    with path.open("rb") as file:
        messages = [(_forms(entry.id), _forms(entry.string)) for entry in read_po(file, code)]
    return {
        ids[0]: texts[0] if len(ids) == 1 else texts
        for ids, texts in messages
        if ids[0] and all(texts)
    }


def _forms(text: str | Iterable[str] | None) -> tuple[str, ...]:
    return (text or "",) if isinstance(text, str | None) else tuple(text)
