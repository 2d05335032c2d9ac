"""Where a place lies for VAT: whose tax is due there, and whether the Union's rules on goods and services reach it.

Codes are ISO 3166; towns without one bear their post code (``IT-23041``, Livigno). Sources: Directive 2006/112/EC
art. 5 to 8; CGI art. 294, 297; Ley 37/1992 art. 3; Protocol on Ireland/Northern Ireland art. 8.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

import attrs

from multibill.errors import InvalidValue

STATES = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
MEMBERS = frozenset(STATES.split())
"""The member states of the European Union."""

LEFT = {"GB": date(2020, 12, 31)}
"""Former member states: the last day on which the Union's VAT law applied there."""

# code    | state | tax  | reach    | other names   | post codes
TEXT = """
FR-20R    | FR    | VAT  | union    | 20R 2A 2B     | 20
GP        | FR    | VAT  | overseas | 971           | 971
MQ        | FR    | VAT  | overseas | 972           | 972
RE        | FR    | VAT  | overseas | 974           | 974
GF        | FR    | none | overseas | 973           | 973
YT        | FR    | none | overseas | 976           | 976
BL        | FR    | none | third    | 977           | 97133
MF        | FR    | none | third    | 978           | 97150
PM        | FR    | none | third    | 975           | 975
NC        | FR    | none | third    |               | 988
PF        | FR    | none | third    |               | 987
WF        | FR    | none | third    |               | 986
MC        | FR    | VAT  | union    |               | 980
ES-CN     | ES    | IGIC | third    | CN GC TF      | 35 38
ES-CE     | ES    | IPSI | third    | CE            | 51
ES-ML     | ES    | IPSI | third    | ML            | 52
PT-20     | PT    | VAT  | union    | 20            | 95 96 97 98 99
PT-30     | PT    | VAT  | union    | 30            | 90 91 92 93 94
AT-6691   | AT    | VAT  | union    |               | 6691
AT-6991   | AT    | VAT  | union    |               | 6991 6992 6993
DE-27498  | DE    | none | third    |               | 27498
DE-78266  | DE    | none | third    |               | 78266
IT-22061  | IT    | none | third    |               | 22061 22060
IT-23041  | IT    | none | third    |               | 23041 23030
XI        | GB    | VAT  | goods    | NIR           | BT
IM        | GB    | VAT  | third    |               | IM
"""


@attrs.frozen
class Territory:
    """One VAT territory: its code, the state whose law rules, its tax, how far the Union's VAT law reaches.

    ``tax`` is ``VAT``, ``IGIC``, ``IPSI`` or ``none``; ``reach`` is ``union``, ``goods`` (Northern Ireland),
    ``overseas`` (French departments: third territories for goods, part of France for services) or ``third``.
    """

    code: str
    state: str
    tax: str
    reach: str

    def in_union(self, kind: str, on: date) -> bool:
        """Whether the Union's rules on ``goods`` or ``services`` held there on a day."""
        last = LEFT.get(self.state)
        if last is not None and on <= last:
            return True
        return self.reach == "union" or (self.reach == "goods" == kind)


def _rows() -> Iterator[tuple[Territory, list[str], list[str]]]:
    for row in TEXT.strip().splitlines():
        code, state, tax, reach, names, postcodes = (cell.strip() for cell in row.split("|"))
        own = code.removeprefix(f"{state}-")
        yield Territory(code, state, tax, reach), [own, *names.split()], postcodes.split()


TERRITORIES = {found.code: found for found, _, _ in _rows()}
NAMES = {(found.state, name): found for found, names, _ in _rows() for name in names}
POSTCODES = {(found.state, start): found for found, _, starts in _rows() for start in starts}


@lru_cache(maxsize=1024)
def territory(country: str, region: str | None = None, postcode: str | None = None) -> Territory:
    """The VAT territory of a place: country, ISO 3166-2 subdivision (``ES-CN`` or ``CN``), post code, as far as known.

    A subdivision that means nothing for VAT is passed over. Raises ``InvalidValue`` for what is no country code.

    >>> territory("FR", postcode="97110").code, territory("ES", "TF").tax, territory("ES-CN").tax
    ('GP', 'IGIC', 'IGIC')
    """
    if known := TERRITORIES.get(country):
        return known
    code, _, inner = country.partition("-")
    if len(code) != 2 or not (code.isascii() and code.isupper()):
        raise InvalidValue(f"{country!r} is no country; give an ISO 3166 code such as 'FR'")
    state = {"EL": "GR", "UK": "GB"}.get(code, code)
    name = (region or inner).upper().removeprefix(f"{code}-")
    if found := NAMES.get((state, name)) or _by_postcode(state, postcode):
        return found
    return Territory(state, state, "VAT", "union" if state in MEMBERS else "third")


def _by_postcode(state: str, postcode: str | None) -> Territory | None:
    text = (postcode or "").upper().replace(" ", "").removeprefix(f"{state}-")
    starts = (text[:size] for size in range(len(text), 1, -1))
    return next((POSTCODES[state, start] for start in starts if (state, start) in POSTCODES), None)
