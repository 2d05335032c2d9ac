"""The cases of VAT between two places, as data: category, reason, law, words. Who falls into which: ``suggest``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs


@attrs.frozen(eq=False)
class Case:
    """One case: the usual category and exemption code, categories that are just as possible, the law, what it is."""

    id: str
    category: str
    exemption: str | None
    also: frozenset[str]
    law: str
    text: Mapping[str, str]


# case              | category | reason | also | law
LAWS = """
domestic-business   | S  |                    | Z E AE | directive 2006/112/EC art. 31, 44, 93 to 98
domestic-consumer   | S  |                    | Z E    | directive 2006/112/EC art. 31, 45, 93 to 98
construction        | AE | VATEX-EU-AE        |        | CGI art. 283, 2 nonies
franchise           | E  | VATEX-FR-FRANCHISE |        | CGI art. 293 B, 293 E
small-business      | E  |                    |        | directive 2006/112/EC art. 284
ic-goods            | K  | VATEX-EU-IC        | E AE   | directive 2006/112/EC art. 138; CGI art. 262 ter I
ic-unnumbered       | S  |                    | Z E    | directive 2006/112/EC art. 138, 1, b
distance-there      | S  |                    | Z E    | directive 2006/112/EC art. 33; CGI art. 258 A
distance-here       | S  |                    | Z E    | directive 2006/112/EC art. 59c; CGI art. 259 D
export              | G  | VATEX-EU-G         | E Z    | directive 2006/112/EC art. 146; CGI art. 262 I
overseas-goods      | G  | VATEX-EU-G         | E      | CGI art. 294, 2
overseas-services   | S  |                    | E      | CGI art. 259, 296; BOI-TVA-GEO-20-40
untaxed             | O  | VATEX-EU-O         | E      | directive 2006/112/EC art. 6; CGI art. 294, 1
eu-services         | AE | VATEX-EU-AE        | E      | directive 2006/112/EC art. 44, 196; CGI art. 259, 1
third-services      | O  | VATEX-EU-O         | E G    | directive 2006/112/EC art. 44; CGI art. 259, 1
consumer-here       | S  |                    | Z E    | directive 2006/112/EC art. 45; CGI art. 259, 2
consumer-there      | S  |                    | Z E    | directive 2006/112/EC art. 58; CGI art. 259 D
consumer-third      | O  | VATEX-EU-O         | E      | directive 2006/112/EC art. 59; CGI art. 259 B
igic                | L  |                    | E AE   | Ley 20/1991 (IGIC)
ipsi                | M  |                    | E AE   | Ley 8/1991 (IPSI)
"""

WORDS = {
    "domestic-business": (
        "a supply at home to a business",
        "une opération interne à un professionnel",
    ),
    "domestic-consumer": (
        "a supply at home to a consumer",
        "une opération interne à un particulier",
    ),
    "construction": (
        "subcontracted work on buildings",
        "des travaux immobiliers en sous-traitance",
    ),
    "franchise": ("a seller under the franchise", "un vendeur en franchise en base"),
    "small-business": (
        "a seller exempt as a small business",
        "un vendeur exempté comme petite entreprise",
    ),
    "ic-goods": (
        "goods to a business in another member state",
        "des biens livrés à un professionnel d'un autre État membre",
    ),
    "ic-unnumbered": (
        "goods to another member state for a business without a VAT number of another state",
        "des biens livrés dans un autre État membre à un professionnel sans numéro de TVA étranger",
    ),
    "distance-there": (
        "a distance sale, taxed where the goods arrive",
        "une vente à distance, taxée à l'arrivée des biens",
    ),
    "distance-here": (
        "a distance sale below the threshold, taxed at home",
        "une vente à distance sous le seuil, taxée au départ",
    ),
    "export": ("goods that leave the Union", "des biens exportés hors de l'Union"),
    "overseas-goods": (
        "goods between mainland France and an overseas department",
        "des biens entre la métropole et un département d'outre-mer",
    ),
    "overseas-services": (
        "a service to a business in another part of France, at that part's rates",
        "un service à un professionnel d'une autre partie de la France, aux taux de celle-ci",
    ),
    "untaxed": ("a supply where no VAT is due", "une opération là où la TVA ne s'applique pas"),
    "eu-services": (
        "a service to a business in another member state",
        "un service à un professionnel d'un autre État membre",
    ),
    "third-services": (
        "a service to a business outside the VAT territory",
        "un service à un professionnel hors du territoire de la TVA",
    ),
    "consumer-here": (
        "a service to a consumer elsewhere, taxed at home",
        "un service à un particulier d'ailleurs, taxé chez le vendeur",
    ),
    "consumer-there": (
        "an electronic service, taxed where the consumer lives",
        "un service électronique, taxé chez le consommateur",
    ),
    "consumer-third": (
        "an intangible service to a consumer outside the Union",
        "un service immatériel à un particulier hors de l'Union",
    ),
    "igic": ("a supply in the Canary Islands", "une opération aux Canaries"),
    "ipsi": ("a supply in Ceuta or Melilla", "une opération à Ceuta ou Melilla"),
}


def _cases() -> Iterator[Case]:
    for row in LAWS.strip().splitlines():
        id, category, code, also, law = (cell.strip() for cell in row.split("|"))
        en, fr = WORDS[id]
        yield Case(id, category, code or None, frozenset(also.split()), law, {"en": en, "fr": fr})


CASES = {case.id: case for case in _cases()}
