"""Templates: how documents look. The bytes of a logo are kept apart, under their SHA-256."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import attrs

from multibill.documents import Brand
from multibill.errors import InvalidValue
from multibill.ids import key
from multibill.model import language, term, text
from multibill.records.register import Register


def _colour(value: str | None) -> str | None:
    return Brand(template="any", colour=value).colour


def _logo(value: str | None) -> str | None:
    return Brand(template="any", logo=value).logo


def _footer(texts: Mapping[str, str]) -> Mapping[str, str]:
    if not isinstance(texts, Mapping):
        raise InvalidValue(
            "the footer is a map from language to text, such as {'fr': 'Merci'}", path="/footer"
        )
    return {language(code): text(said) for code, said in texts.items() if said}


@attrs.frozen
class Template(Register):
    """How documents look: ``Template("blue", colour="#1f4e79", footer={"fr": "Merci de votre confiance"})``.

    For every seller, or only for ``seller``. ``logo`` is the SHA-256 of an image given to ``ws.templates.save``;
    ``language`` is what documents are written in where the customer names none.

    >>> template = Template("blue", footer={"fr": "Merci"}, version=3)
    >>> template.brand("fr").footer, template.brand("de").footer
    ('Merci', None)
    """

    kind: ClassVar[str] = "template"
    seller: str | None = attrs.field(
        default=None, kw_only=True, converter=attrs.converters.optional(key), metadata=term()
    )
    colour: str | None = attrs.field(default=None, kw_only=True, converter=_colour, metadata=term())
    logo: str | None = attrs.field(default=None, kw_only=True, converter=_logo, metadata=term())
    footer: Mapping[str, str] = attrs.field(
        factory=dict, kw_only=True, hash=False, converter=_footer, metadata=term()
    )
    language: str | None = attrs.field(
        default=None, kw_only=True, converter=attrs.converters.optional(language), metadata=term()
    )

    def brand(self, language: str) -> Brand:
        """What a document in a language takes from the template."""
        return Brand(
            template=self.id,
            version=self.version,
            colour=self.colour,
            logo=self.logo,
            footer=self.footer.get(language),
        )
