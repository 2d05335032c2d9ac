"""Party and Address as a document prints them. What each part means is said where they are embedded."""

from __future__ import annotations

import re
from collections.abc import Iterable

import attrs

from multibill.errors import InvalidValue
from multibill.model import instance_of, means, optional_text, said, term, text, told_apart
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
    country: str = attrs.field(converter=country, metadata=term(feeds=True))
    line2: str | None = attrs.field(default=None, converter=optional_text, kw_only=True)
    line3: str | None = attrs.field(default=None, converter=optional_text, kw_only=True)
    subdivision: str | None = attrs.field(default=None, converter=optional_text, kw_only=True)


@attrs.frozen(kw_only=True)
class Contact:
    """Whom to ask (BG-6, BG-9): a person or department, telephone, e-mail.

    >>> Contact(name="Accounts", email="accounts@studio.example").phone is None
    True
    """

    name: str | None = attrs.field(default=None, converter=optional_text)
    phone: str | None = attrs.field(default=None, converter=optional_text)
    email: str | None = attrs.field(default=None, converter=optional_text)


def _identifiers(values: Iterable[Identifier]) -> tuple[Identifier, ...]:
    return told_apart(Identifier, values, "identifiers")


@attrs.frozen(init=False)
class Party:
    """A person or company. ``siren=`` is short for ``registration=Identifier(..., "0002")``.

    ``endpoint`` is the electronic address with its scheme (``0225`` in France); ``identifiers`` are further numbers,
    such as a SIRET (scheme ``0009``).

    >>> Party(name="Studio SARL", siren="123456782").registration
    Identifier(value='123456782', scheme='0002')
    """

    name: str = attrs.field(converter=text)
    trading_name: str | None = attrs.field(default=None, converter=optional_text, kw_only=True)
    registration: Identifier | None = attrs.field(
        default=None,
        validator=instance_of(Identifier, optional=True),
        kw_only=True,
        metadata=term(feeds=True),
    )
    identifiers: tuple[Identifier, ...] = attrs.field(
        default=(), converter=_identifiers, kw_only=True
    )
    vat_id: str | None = attrs.field(
        default=None, converter=optional_text, kw_only=True, metadata=term(feeds=True)
    )
    tax_registration: str | None = attrs.field(default=None, converter=optional_text, kw_only=True)
    endpoint: Identifier | None = attrs.field(
        default=None, validator=instance_of(Identifier, optional=True), kw_only=True
    )
    contact: Contact | None = attrs.field(
        default=None,
        converter=said,
        validator=instance_of(Contact, optional=True),
        kw_only=True,
        metadata=means({}, sensitive="personal"),
    )
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
        identifiers: Iterable[Identifier] = (),
        vat_id: str | None = None,
        tax_registration: str | None = None,
        endpoint: Identifier | None = None,
        contact: Contact | None = None,
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
            identifiers=identifiers,
            vat_id=vat_id,
            tax_registration=tax_registration,
            endpoint=endpoint,
            contact=contact,
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
    "identifiers/value": "BT-29",
    "identifiers/scheme": "BT-29-1",
    "vat_id": "BT-31",
    "tax_registration": "BT-32",
    "endpoint/value": "BT-34",
    "endpoint/scheme": "BT-34-1",
    "contact/name": "BT-41",
    "contact/phone": "BT-42",
    "contact/email": "BT-43",
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
    "identifiers/value": "BT-46",
    "identifiers/scheme": "BT-46-1",
    "vat_id": "BT-48",
    "endpoint/value": "BT-49",
    "endpoint/scheme": "BT-49-1",
    "contact/name": "BT-56",
    "contact/phone": "BT-57",
    "contact/email": "BT-58",
    "address/line1": "BT-50",
    "address/line2": "BT-51",
    "address/line3": "BT-163",
    "address/city": "BT-52",
    "address/postcode": "BT-53",
    "address/subdivision": "BT-54",
    "address/country": "BT-55",
}
