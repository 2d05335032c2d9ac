"""What lines say beyond quantity, price and VAT: units, periods, gross prices, item numbers, classes, attributes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from multibill.documents.checks.codes import CLASSIFICATIONS, OBJECTS, SCHEMES
from multibill.documents.checks.finding import Find, Place, blank, on_line, rule
from multibill.documents.checks.territories import COUNTRIES
from multibill.documents.checks.units import UNITS
from multibill.documents.document import Document
from multibill.documents.line import ItemDetails, Line
from multibill.documents.totals import ZERO

Said = Mapping[str, object]


def with_line(field: str, broken: Callable[[Line], Said | None]) -> Find:
    """Finds the lines where something is broken; what ``broken`` returns fills the message."""

    def find(document: Document, _: date) -> Iterator[Place]:
        for line in document.lines:
            if (said := broken(line)) is not None:
                yield on_line(line, field), {"line": line.name, **said}

    return find


def unknown_units(document: Document, _: date) -> Iterator[Place]:
    """Finds units that no list of UN/ECE knows."""
    if {line.unit for line in document.lines} <= UNITS:
        return
    for line in document.lines:
        if not blank(line.unit) and line.unit not in UNITS:
            yield on_line(line, "unit"), {"code": line.unit}


def gross_below_zero(line: Line) -> Said | None:
    """A negative gross price."""
    return {} if line.gross_price is not None and line.gross_price < ZERO else None


def other_price(line: Line) -> Said | None:
    """A unit price that is not the gross price less its discount."""
    if blank(line.unit_price):
        return None
    if line.gross_price is None:
        lone = line.price_discount
        return {"expected": "?", "found": f"{line.unit_price:f}"} if lone else None
    wanted = line.gross_price - (line.price_discount or ZERO)
    if wanted == line.unit_price:
        return None
    return {"expected": f"{wanted:f}", "found": f"{line.unit_price:f}"}


def other_unit(line: Line) -> Said | None:
    """A base quantity in another unit than the quantity."""
    if line.base_unit in {None, line.unit}:
        return None
    return {"base": line.base_unit, "unit": line.unit}


def reversed_period(line: Line) -> Said | None:
    """A line's period that ends before it starts."""
    period = line.period
    if period and period.start and period.end and period.end < period.start:
        return {"start": period.start, "end": period.end}
    return None


def empty_period(line: Line) -> Said | None:
    """A line's period without a day."""
    empty = line.period and line.period.start is None and line.period.end is None
    return {} if empty else None


def unlisted_object(line: Line) -> Said | None:
    """A billed object whose kind is on no list."""
    scheme = line.object_id.scheme if line.object_id else None
    return {"code": scheme} if scheme is not None and scheme not in OBJECTS else None


def of_items(broken: Callable[[ItemDetails], Iterator[tuple[str, Said]]]) -> Find:
    """Finds what is broken in what lines say of their items."""

    def find(document: Document, _: date) -> Iterator[Place]:
        for line in document.lines:
            if line.item is not None:
                for path, said in broken(line.item):
                    yield on_line(line, f"item/{path}"), {"line": line.name, **said}

    return find


def schemeless_number(item: ItemDetails) -> Iterator[tuple[str, Said]]:
    """A standard number that does not say whose it is."""
    if item.standard_id and blank(item.standard_id.scheme):
        yield "standard_id/scheme", {}


def unlisted_number(item: ItemDetails) -> Iterator[tuple[str, Said]]:
    """A standard number of nobody on the list."""
    scheme = item.standard_id.scheme if item.standard_id else None
    if not blank(scheme) and scheme not in SCHEMES:
        yield "standard_id/scheme", {"code": scheme}


def schemeless_class(item: ItemDetails) -> Iterator[tuple[str, Said]]:
    """Classes that do not say of which classification."""
    for found in item.classifications:
        if blank(found.scheme):
            yield f"classifications/{found.key}/scheme", {}


def unlisted_class(item: ItemDetails) -> Iterator[tuple[str, Said]]:
    """Classes of a classification that is on no list."""
    for found in item.classifications:
        if not blank(found.scheme) and found.scheme not in CLASSIFICATIONS:
            yield f"classifications/{found.key}/scheme", {"code": found.scheme}


def half_attribute(item: ItemDetails) -> Iterator[tuple[str, Said]]:
    """Attributes without name or value."""
    for found in item.attributes:
        for part in ("name", "value"):
            if blank(getattr(found, part)):
                yield f"attributes/{found.key}/{part}", {}


def unknown_origin(item: ItemDetails) -> Iterator[tuple[str, Said]]:
    """Countries of origin that ISO 3166-1 does not list."""
    if item.origin is not None and item.origin not in COUNTRIES:
        yield "origin", {"code": item.origin}


ITEMS = (
    rule(
        "BR-28",
        with_line("gross_price", gross_below_zero),
        en=("the gross price of {line} is negative", "make the quantity negative, not the price"),
        fr=("le prix brut de {line} est négatif", "rendez négative la quantité, non le prix"),
        needs="any_prices",
    ),
    rule(
        "BR-30",
        with_line("period/end", reversed_period),
        en=(
            "the period of {line} ends on {end}, before its start on {start}",
            "put the days in order",
        ),
        fr=(
            "la période de {line} finit le {end}, avant son début le {start}",
            "remettez les jours en ordre",
        ),
        needs="line_period",
    ),
    rule(
        "BR-54",
        of_items(half_attribute),
        en=("an attribute of {line} lacks its name or value", "give both, or remove it"),
        fr=("un attribut de {line} n'a pas de nom ou de valeur", "indiquez les deux ou retirez-le"),
        needs="line_item",
    ),
    rule(
        "BR-64",
        of_items(schemeless_number),
        en=("the item number of {line} does not say whose it is", "name its scheme, 0160 for GTIN"),
        fr=("le numéro d'article de {line} n'a pas de schéma", "indiquez-le, 0160 pour un GTIN"),
        needs="line_item",
    ),
    rule(
        "BR-65",
        of_items(schemeless_class),
        en=("a class of {line} names no classification", "name it by its code of UNTDID 7143"),
        fr=("une classe de {line} ne nomme pas sa nomenclature", "indiquez son code UNTDID 7143"),
        needs="line_item",
    ),
    rule(
        "BR-CL-13",
        of_items(unlisted_class),
        law="EN 16931-1:2017; UNTDID 7143",
        en=("{code} is no classification of UNTDID 7143", "take the code from that list"),
        fr=("{code} n'est pas un code UNTDID 7143", "prenez le code dans cette liste"),
        needs="line_item",
    ),
    rule(
        "BR-CL-15",
        of_items(unknown_origin),
        law="EN 16931-1:2017; ISO 3166-1",
        en=("{line} comes from {code}, which is not a country", "use a code of ISO 3166-1"),
        fr=("{line} vient de {code}, qui n'est pas un pays", "utilisez un code ISO 3166-1"),
        needs="line_item",
    ),
    rule(
        "BR-CL-21",
        of_items(unlisted_number),
        law="EN 16931-1:2017; ISO 6523",
        en=("{code} is no scheme of ISO 6523", "take one of that list, 0160 for GTIN"),
        fr=("{code} n'est pas un schéma ISO 6523", "prenez-en un de cette liste, 0160 pour GTIN"),
        needs="line_item",
    ),
    rule(
        "BR-CL-23",
        unknown_units,
        law="EN 16931-1:2017; UN/ECE Rec. 20 and 21",
        en=("{code} is no unit of UN/ECE Rec. 20 or 21", "take one, such as DAY, HUR or C62"),
        fr=("{code} n'est pas une unité UN/ECE Rec. 20 ou 21", "prenez-en une : DAY, HUR, C62"),
    ),
    rule(
        "BR-CO-20",
        with_line("period", empty_period),
        en=(
            "the period of {line} has neither start nor end",
            "give one of them, or remove the period",
        ),
        fr=(
            "la période de {line} n'a ni début ni fin",
            "indiquez l'un des deux, ou retirez la période",
        ),
        needs="line_period",
    ),
    rule(
        "MB-BASE-UNIT",
        with_line("base_unit", other_unit),
        law="EN 16931-1:2017, BT-130 and BT-150",
        en=("{line} is priced by {base} and billed by {unit}", "use one unit for both"),
        fr=("{line} : le prix est par {base}, la quantité en {unit}", "utilisez la même unité"),
        needs="line_base_unit",
    ),
    rule(
        "MB-OBJECT",
        with_line("object_id/scheme", unlisted_object),
        law="EN 16931-1:2017, BT-128-1; UNTDID 1153",
        en=("{line} bills an object of the unknown kind {code}", "take a code of UNTDID 1153"),
        fr=("{line} facture un objet d'une sorte inconnue, {code}", "prenez un code UNTDID 1153"),
        needs="line_object_id",
    ),
    rule(
        "MB-PRICE",
        with_line("unit_price", other_price),
        law="EN 16931-1:2017, BT-146 to BT-148",
        en=(
            "the price of {line} is {found}, the gross price less its discount {expected}",
            "correct one of the three",
        ),
        fr=(
            "le prix de {line} est {found}, le prix brut moins sa remise {expected}",
            "corrigez l'un des trois",
        ),
        needs="any_prices",
    ),
)
