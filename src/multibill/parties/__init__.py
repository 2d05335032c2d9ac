"""Who buys and who sells: parties, addresses, identifiers. Knows no document."""

from __future__ import annotations

from multibill.parties.identifiers import Identifier, is_siren, is_vat_id, vat_id_matches_siren
from multibill.parties.party import Address, Party

__all__ = ["Address", "Identifier", "Party", "is_siren", "is_vat_id", "vat_id_matches_siren"]
