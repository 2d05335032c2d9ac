"""Hypothesis strategies for multibill's values: random, and always accepted by the classes they are for.

Needs the package ``hypothesis``. What is drawn survives storage unchanged: notes and references in the order of their
ids, lines in the order of their order keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar

import attrs
from hypothesis import strategies as st

from multibill.documents import CreditNote, Document, Invoice, Line, Note, Period, Reference, Terms
from multibill.documents.complete import completed
from multibill.documents.order import spread
from multibill.model import text
from multibill.money import Money, currency, exponent
from multibill.money.currencies import EXPONENTS
from multibill.parties import Address, Identifier, Party
from multibill.tax import FRANCHISE, VAT, rates

D = TypeVar("D", bound=Document)

STUDIO = Party(
    name="Studio SARL",
    siren="123456782",
    vat_id="FR11123456782",
    legal="SARL, capital 10 000 EUR, RCS Paris",
    address=Address("12 rue Oberkampf", "75011", "Paris", "FR"),
)
"""A French seller with identifiers that check."""

ACME = Party(
    name="Acme SAS",
    siren="987654324",
    vat_id="FR14987654324",
    address=Address("3 cours Lafayette", "69003", "Lyon", "FR"),
)
"""A French professional buyer with identifiers that check."""

ACME_ABROAD = Party(
    name="Acme NV", vat_id="BE0428759497", address=Address("Meir 1", "2000", "Antwerpen", "BE")
)
"""A Belgian professional buyer."""

CONSUMER = Party(name="Ann Martin", address=Address("1 quai Sud", "13002", "Marseille", "FR"))
"""A French consumer: nothing says that this is a professional."""

EXEMPT = (
    VAT("E", exemption=FRANCHISE),
    VAT("Z"),
    VAT("AE"),
    VAT("K", exemption="VATEX-EU-IC"),
    VAT("G"),
    VAT("O"),
)
LOCAL = (VAT("L", "7"), VAT("M"))


def texts(min_size: int = 1, max_size: int = 40) -> st.SearchStrategy[str]:
    """Text that a document can carry, in NFC, and not of white space alone."""
    characters = st.characters(exclude_categories=["Cs", "Cc", "Cn"])
    drawn = st.text(characters, min_size=min_size, max_size=max_size).map(text)
    return drawn.filter(str.strip) if min_size else drawn


def keys() -> st.SearchStrategy[str]:
    """Ids as ``ids.key`` lets them in."""
    return st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:@+-]{0,12}", fullmatch=True)


def days() -> st.SearchStrategy[date]:
    """Legal dates: those of the twenty-first century (BR-FR-03)."""
    return st.dates(date(2000, 1, 1), date(2099, 12, 31))


def currencies() -> st.SearchStrategy[str]:
    """ISO 4217 codes, with none to four decimal places.

    >>> from hypothesis import find
    >>> exponent(find(currencies(), lambda code: exponent(code) == 3))
    3
    """
    return st.sampled_from(sorted(EXPONENTS)).map(currency)


def decimals(low: int, high: int, places: int) -> st.SearchStrategy[Decimal]:
    """Exact decimals between two whole numbers, with at most so many places."""
    scale = 10**places
    return st.integers(low * scale, high * scale).map(lambda n: Decimal(n).scaleb(-places))


@st.composite
def money(draw: st.DrawFn, code: str | None = None) -> Money:
    """Amounts of one currency, or of any, over the whole range that storage holds."""
    chosen = code or draw(currencies())
    bound = 10 ** min(15 + exponent(chosen), 18) - 1
    return Money.from_minor(draw(st.integers(-bound, bound)), chosen)


@st.composite
def addresses(draw: st.DrawFn) -> Address:
    """Postal addresses, from the bare country to all parts."""
    some = st.none() | texts()
    rest = {part: draw(some) for part in ("line2", "line3", "subdivision")}
    code = draw(st.sampled_from(["FR", "BE", "DE", "US", "MQ", "GB"]))
    return Address(draw(some), draw(some), draw(some), code, **rest)


@st.composite
def parties(draw: st.DrawFn) -> Party:
    """Companies and consumers, with any identifiers or none; they need not check."""
    some = st.none() | texts()
    scheme = st.sampled_from([None, "0002", "0009", "0088"])
    return Party(
        name=draw(texts()),
        registration=draw(st.none() | st.builds(Identifier, texts(), scheme)),
        trading_name=draw(some),
        vat_id=draw(some),
        legal=draw(some),
        address=draw(st.none() | addresses()),
    )


def vats() -> st.SearchStrategy[VAT]:
    """VAT in every category, with whole and broken rates."""
    standard = decimals(0, 99, 2).map(lambda rate: VAT("S", rate))
    return standard | st.sampled_from(EXEMPT + LOCAL)


@st.composite
def lines(draw: st.DrawFn, vat: st.SearchStrategy[VAT] | None = None) -> Line:
    """Lines with id, any price from zero on, any quantity, a base quantity or none; without order key."""
    return Line(
        id=draw(keys()),
        name=draw(texts()),
        description=draw(st.none() | texts()),
        quantity=draw(decimals(-9999, 9999, 3)),
        unit=draw(st.sampled_from(["C62", "DAY", "HUR", "KGM"])),
        unit_price=draw(decimals(0, 99_999, 4)),
        base_quantity=draw(st.none() | decimals(1, 1000, 2)),
        vat=draw(vats() if vat is None else vat),
    )


def ordered(drawn: list[Line]) -> tuple[Line, ...]:
    """The lines with order keys, in the order they stand."""
    places = spread(len(drawn))
    return tuple(attrs.evolve(line, order=place) for line, place in zip(drawn, places, strict=True))


def unique_lines(
    min_size: int = 0, max_size: int = 6, vat: st.SearchStrategy[VAT] | None = None
) -> st.SearchStrategy[tuple[Line, ...]]:
    """Lines of one document: ids of their own, order keys as they stand."""
    drawn = st.lists(
        lines(vat), min_size=min_size, max_size=max_size, unique_by=lambda line: line.id
    )
    return drawn.map(ordered)


def notes() -> st.SearchStrategy[Note]:
    """Free notes, with a subject code or none."""
    subject = st.sampled_from([None, "AAI", "PMD", "REG"])
    return st.builds(Note, id=keys(), text=texts(), subject=subject)


def references() -> st.SearchStrategy[Reference]:
    """References to preceding documents."""
    return st.builds(Reference, id=keys(), number=texts(), issue_date=st.none() | days())


@st.composite
def periods(draw: st.DrawFn) -> Period:
    """Periods open at one end or closed, never reversed."""
    first, last = sorted((draw(days()), draw(days())))
    return draw(st.sampled_from([Period(first, last), Period(first, None), Period(None, last)]))


def terms() -> st.SearchStrategy[Terms]:
    """Payment terms, lawful or not."""
    bounded = st.integers(0, 366)
    return st.builds(Terms, days=bounded, end_of_month=st.booleans(), text=st.none() | texts())


@st.composite
def _content(draw: st.DrawFn) -> Mapping[str, Any]:
    some, day = st.none() | texts(), st.none() | days()
    person = st.none() | keys()
    return {
        "id": draw(keys()),
        "owner": draw(person),
        "team": draw(person),
        "tags": draw(st.frozensets(st.sampled_from(["urgent", "à relancer", "2026"]))),
        "issue_date": draw(day),
        "currency": draw(st.sampled_from(["EUR", "USD", "JPY", "TND", "UYW"])),
        "due_date": draw(day),
        "terms": draw(st.none() | terms()),
        "buyer_reference": draw(some),
        "purchase_order": draw(some),
        "delivery_date": draw(day),
        "period": draw(st.none() | periods()),
        "seller": draw(parties()),
        "buyer": draw(parties()),
        "lines": draw(unique_lines()),
        "notes": _by_id(draw(st.lists(notes(), max_size=2, unique_by=lambda note: note.id))),
        "preceding": _by_id(draw(st.lists(references(), max_size=2, unique_by=lambda r: r.id))),
        "language": draw(st.sampled_from(["fr", "en", "de"])),
    }


def _by_id(drawn: list[Any]) -> tuple[Any, ...]:
    return tuple(sorted(drawn, key=lambda item: item.id))


@st.composite
def documents(draw: st.DrawFn, cls: type[D]) -> D:
    """Documents of a class with anything their fields accept, completed: nets, totals and mentions set."""
    document = cls(**draw(_content()))
    return completed(document, document.issue_date or date(2026, 11, 30))


def invoices() -> st.SearchStrategy[Invoice]:
    """Completed invoices, lawful or not."""
    return documents(Invoice)


def credit_notes() -> st.SearchStrategy[CreditNote]:
    """Completed credit notes, lawful or not."""
    return documents(CreditNote)


@st.composite
def issuable(draw: st.DrawFn) -> Invoice:
    """Completed invoices of a French seller that nothing keeps from being issued on their issue date."""
    issued = draw(st.dates(date(2015, 1, 1), date(2099, 12, 31)))
    standard = st.sampled_from([VAT("S", rate.percent) for rate in rates("FR", issued)])
    exempt = st.just(VAT("E", exemption=FRANCHISE))
    sold = unique_lines(1, vat=draw(st.sampled_from([standard, exempt])))
    billed = tuple(attrs.evolve(line, quantity=abs(line.quantity)) for line in draw(sold))
    invoice = Invoice(
        id=draw(keys()),
        issue_date=issued,
        due_date=issued + timedelta(days=draw(st.integers(0, 60))),
        seller=STUDIO,
        buyer=draw(st.sampled_from([ACME, ACME_ABROAD, CONSUMER])),
        lines=billed,
        language=draw(st.sampled_from(["fr", "en"])),
    )
    return completed(invoice, issued)
