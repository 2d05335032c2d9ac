"""The languages that multibill ships, and the locale whose habits each follows."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from multibill.errors import InvalidValue

if TYPE_CHECKING:
    from babel import Locale

LANGUAGES = {"en": "en_GB", "fr": "fr_FR", "de": "de_DE", "es": "es_ES", "it": "it_IT"}
"""Language of a document -> locale of its figures and dates: English here is that of Europe."""


def language(code: str) -> str:
    """The code, if its catalogue ships with multibill.

    >>> language("fr")
    'fr'
    >>> language("tlh")
    Traceback (most recent call last):
    multibill.errors.InvalidValue: 'tlh' is not a language of multibill; one of en, fr, de, es, it
    """
    if code in LANGUAGES:
        return code
    raise InvalidValue(f"{code!r} is not a language of multibill; one of {', '.join(LANGUAGES)}")


@lru_cache(maxsize=16)
def locale(code: str) -> Locale:
    """Babel's locale for a language.

    >>> str(locale("en"))
    'en_GB'
    """
    from babel import Locale

    return Locale.parse(LANGUAGES[language(code)])
