"""Party and Address as a document prints them. What each part means is said where they are embedded."""

from __future__ import annotations

import re

import attrs

from multibill.errors import InvalidValue
from multibill.model import instance_of, optional_text, text
from multibill.parties.identifiers import SIREN_SCHEME, Identifier


def country(code: str) -> str:
    """An ISO 3166-1 alpha-2 code in capitals; whether the country exists is for the preflight to say.

    >>> country("FR")
    'FR'
    """
    if isinstance(code, str) and re.fullmatch("[A-Z]{2}", code):
        return code
    raise InvalidValue(f"{code!r} is not an ISO 3166-1 country code such as 'FR'")


@attrs.frozen
class Address:
    """A postal address: ``Address("12 rue Oberkampf", "75011", "Paris", "FR")``.

    >>> Address("12 rue Oberkampf", "75011", "Paris", "FR").city
    'Paris'
    """

    line1: str | None = attrs.field(converter=optional_text)
    postcode: str | None = attrs.field(converter=optional_text)
    city: str | None = attrs.field(converter=optional_text)
    country: str = attrs.field(converter=country)
    line2: str | None = attrs.field(default=None, converter=optional_text, kw_only=True)
    line3: str | None = attrs.field(default=None, converter=optional_text, kw_only=True)
    subdivision: str | None = attrs.field(default=None, converter=optional_text, kw_only=True)


@attrs.frozen(init=False)
class Party:
    """A person or company. ``siren=`` is short for ``registration=Identifier(..., "0002")``.

    >>> Party(name="Studio SARL", siren="123456782").registration
    Identifier(value='123456782', scheme='0002')
    """

    name: str = attrs.field(converter=text)
    trading_name: str | None = attrs.field(default=None, converter=optional_text, kw_only=True)
    registration: Identifier | None = attrs.field(
        default=None, validator=instance_of(Identifier, optional=True), kw_only=True
    )
    vat_id: str | None = attrs.field(default=None, converter=optional_text, kw_only=True)
    legal: str | None = attrs.field(default=None, converter=optional_text, kw_only=True)
    address: Address | None = attrs.field(
        default=None, validator=instance_of(Address, optional=True), kw_only=True
    )

    def __init__(
        self,
        name: str,
        *,
        siren: str | None = None,
        registration: Identifier | None = None,
        trading_name: str | None = None,
        vat_id: str | None = None,
        legal: str | None = None,
        address: Address | None = None,
    ) -> None:
        if siren and registration is not None:
            raise InvalidValue("give siren or registration, not both: one is short for the other")
        if siren:
            registration = Identifier(siren, SIREN_SCHEME)
        self.__attrs_init__(
            name,
            trading_name=trading_name,
            registration=registration,
            vat_id=vat_id,
            legal=legal,
            address=address,
        )

    @property
    def siren(self) -> str | None:
        """The SIREN, when the registration is one."""
        known = self.registration
        return known.value if known and known.scheme == SIREN_SCHEME else None

    @property
    def country(self) -> str | None:
        """The country of the address, when there is one."""
        return self.address.country if self.address else None

    @property
    def is_business(self) -> bool:
        """Whether anything says that this is a professional: a registration or a VAT number."""
        return self.registration is not None or self.vat_id is not None


SELLER = {
    "name": "BT-27",
    "trading_name": "BT-28",
    "registration/value": "BT-30",
    "registration/scheme": "BT-30-1",
    "vat_id": "BT-31",
    "legal": "BT-33",
    "address/line1": "BT-35",
    "address/line2": "BT-36",
    "address/line3": "BT-162",
    "address/city": "BT-37",
    "address/postcode": "BT-38",
    "address/subdivision": "BT-39",
    "address/country": "BT-40",
}
BUYER = {
    "name": "BT-44",
    "trading_name": "BT-45",
    "registration/value": "BT-47",
    "registration/scheme": "BT-47-1",
    "vat_id": "BT-48",
    "address/line1": "BT-50",
    "address/line2": "BT-51",
    "address/line3": "BT-163",
    "address/city": "BT-52",
    "address/postcode": "BT-53",
    "address/subdivision": "BT-54",
    "address/country": "BT-55",
}
