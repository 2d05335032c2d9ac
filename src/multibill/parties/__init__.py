"""Who buys and who sells: parties, addresses, contacts, identifiers. Knows no document."""

from __future__ import annotations

from multibill.parties.identifiers import Identifier, is_siren, is_vat_id, vat_id_matches_siren
from multibill.parties.party import Address, Contact, Party

__all__ = [
    "Address",
    "Contact",
    "Identifier",
    "Party",
    "is_siren",
    "is_vat_id",
    "vat_id_matches_siren",
]
