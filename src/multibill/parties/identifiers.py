"""Identifiers with a scheme, and the checks of their digits. A wrong one is a finding, never an exception.

python-stdnum does the checking and is loaded at the first check.
"""

from __future__ import annotations

import hashlib

import attrs

from multibill.model import optional_text, text

SIREN_SCHEME = "0002"
"""ISO 6523 ICD of the French SIREN."""


def content_key(*parts: str | None) -> str:
    """A short name for a path, made of what tells an item apart from its like.

    >>> content_key("0009", "12345678200010")
    '24766fa4fe717770'
    """
    return hashlib.sha256("\0".join(part or "" for part in parts).encode()).hexdigest()[:16]


@attrs.frozen
class Identifier:
    """A value and the ISO 6523 scheme that gives it a meaning.

    >>> Identifier("123456782", SIREN_SCHEME).value
    '123456782'
    """

    value: str = attrs.field(converter=text)
    scheme: str | None = attrs.field(default=None, converter=optional_text)

    @property
    def key(self) -> str:
        """What tells it apart in paths."""
        return content_key(self.scheme, self.value)


def is_siren(value: str) -> bool:
    """Whether the text is a SIREN: nine digits with a valid Luhn key (article R123-221 of the Code de commerce).

    >>> is_siren("123456782"), is_siren("123456789")
    (True, False)
    """
    from stdnum.fr import siren

    return value.isdigit() and siren.is_valid(value)


def is_vat_id(value: str) -> bool:
    """Whether the text is a VAT number that its country could have given (checked offline by its digits).

    >>> is_vat_id("FR11123456782"), is_vat_id("FR99123456782")
    (True, False)
    """
    from stdnum.eu import vat

    return value.isascii() and vat.is_valid(value)


def vat_id_matches_siren(vat_id: str, siren: str) -> bool:
    """Whether a French VAT number ends in the SIREN it was made from (CGI annexe III, art. 99).

    >>> vat_id_matches_siren("FR11123456782", "123456782")
    True
    """
    return not vat_id.startswith("FR") or vat_id.replace(" ", "")[4:] == siren
