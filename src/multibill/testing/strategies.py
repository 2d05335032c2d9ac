"""Hypothesis strategies for multibill's values: random, and always accepted by the classes they are for.

Needs the package ``hypothesis``. What is drawn survives storage unchanged: items in the order of their ids, lines in
that of their order keys. A document sets some of its many optional fields at a time, so that examples stay small.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar

import attrs
from hypothesis import strategies as st

from multibill.documents import (
    Allowance,
    Attachment,
    Attribute,
    Brand,
    Card,
    Charge,
    Classification,
    CreditNote,
    CreditTransfer,
    Delivery,
    DirectDebit,
    Document,
    DocumentAllowance,
    DocumentCharge,
    ExchangeRate,
    Invoice,
    ItemDetails,
    Line,
    Note,
    Payee,
    PaymentInstructions,
    Period,
    Quote,
    Reference,
    TaxRepresentative,
    Terms,
)
from multibill.documents.complete import completed
from multibill.documents.computing import ROUNDING
from multibill.documents.document import OPERATIONS, VAT_OPTIONS
from multibill.documents.order import spread
from multibill.documents.types import TYPES
from multibill.model import text
from multibill.money import Money, currency, exponent
from multibill.money.currencies import EXPONENTS
from multibill.parties import Address, Contact, Identifier, Party
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
EXPLAINED = (VAT("E", reason="Formation"), VAT("O", reason="Hors champ"))


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


def some(
    draw: st.DrawFn, fields: Mapping[str, st.SearchStrategy[Any]], most: int
) -> dict[str, Any]:
    """Values for a few of many optional fields, each as likely as any other."""
    names, many = list(fields), draw(st.integers(0, most))
    start, step = draw(_PLACE), draw(_PLACE)
    chosen = {names[(start + turn * step) % len(names)] for turn in range(many)}
    return {name: draw(fields[name]) for name in sorted(chosen)}


_PLACE = st.integers(0, 999)


def identifiers() -> st.SearchStrategy[Identifier]:
    """Numbers with an ISO 6523 scheme or none; they need not check."""
    scheme = st.sampled_from([None, "0002", "0009", "0088"])
    return st.builds(Identifier, texts(), scheme)


def contacts() -> st.SearchStrategy[Contact]:
    """Whom to ask, with some ways to do it."""
    part = st.none() | texts()
    return st.builds(Contact, name=part, phone=part, email=part)


def _keyed(items: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    """Items that are told apart by their key; the classes put them in its order."""
    return st.lists(items, max_size=2, unique_by=lambda item: item.key)


_SAID_OF_PARTIES: dict[str, st.SearchStrategy[Any]] = {
    "registration": identifiers(),
    "identifiers": _keyed(identifiers()),
    "trading_name": texts(),
    "vat_id": texts(),
    "tax_registration": texts(),
    "endpoint": identifiers(),
    "contact": contacts(),
    "legal": texts(),
    "address": addresses(),
}
_NAME = texts()


@st.composite
def parties(draw: st.DrawFn) -> Party:
    """Companies and consumers, with any identifiers or none; they need not check."""
    return Party(name=draw(_NAME), **some(draw, _SAID_OF_PARTIES, 4))


def vats() -> st.SearchStrategy[VAT]:
    """VAT in every category, with whole and broken rates."""
    standard = decimals(0, 99, 2).map(lambda rate: VAT("S", rate))
    return standard | st.sampled_from(EXEMPT + LOCAL + EXPLAINED)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    """Periods open at one end or closed, never reversed."""
    first, last = sorted((draw(days()), draw(days())))
    return draw(st.sampled_from([Period(first, last), Period(first, None), Period(None, last)]))


_WHY = {"reason": texts(), "reason_code": st.sampled_from(["95", "FC"])}
_SIZE = st.one_of(
    st.fixed_dictionaries({"amount": decimals(0, 9_999, 3)}, optional=_WHY),
    st.fixed_dictionaries(
        {"percent": decimals(0, 100, 3)}, optional={"base": decimals(0, 99_999, 2), **_WHY}
    ),
)


def _adjusted(cls: Any, prefix: str, drawn: list[dict[str, Any]]) -> list[Any]:
    """Allowances or charges whose ids are their own in the whole document."""
    return [cls(id=f"{prefix}{place}", **said) for place, said in enumerate(drawn)]


def item_details() -> st.SearchStrategy[ItemDetails]:
    """What else is known of an item."""
    part = st.none() | texts()
    return st.builds(
        ItemDetails,
        seller_id=part,
        buyer_id=part,
        standard_id=st.none() | identifiers(),
        classifications=_keyed(st.builds(Classification, texts(), st.sampled_from(["MP", "STI"]))),
        origin=st.sampled_from([None, "FR", "CN"]),
        attributes=_keyed(st.builds(Attribute, texts(), texts())),
    )


_SAID_OF_LINES: dict[str, st.SearchStrategy[Any]] = {
    "base_unit": st.just("DAY"),
    "gross_price": decimals(0, 99_999, 4),
    "price_discount": decimals(0, 99, 4),
    "allowances": st.lists(_SIZE, min_size=1, max_size=2),
    "charges": st.lists(_SIZE, min_size=1, max_size=2),
    "period": periods(),
    "note": texts(),
    "object_id": identifiers(),
    "order_line": texts(),
    "buyer_accounting": texts(),
    "item": item_details(),
}
_SOLD: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "id": keys(),
        "name": texts(),
        "description": st.none() | texts(),
        "quantity": decimals(-9999, 9999, 3),
        "unit": st.sampled_from(["C62", "DAY", "HUR", "KGM"]),
        "unit_price": decimals(0, 99_999, 4),
        "base_quantity": st.none() | decimals(1, 1000, 2),
    }
)
_VAT = vats()


@st.composite
def lines(
    draw: st.DrawFn, vat: st.SearchStrategy[VAT] | None = None, *, plain: bool = False
) -> Line:
    """Lines with id, any price from zero on and any quantity; without order key.

    Unless ``plain``, with some of what else a line can say, allowances and charges among it.
    """
    sold = draw(_SOLD)
    more = {} if plain else some(draw, _SAID_OF_LINES, 2)
    for name, cls in (("allowances", Allowance), ("charges", Charge)):
        if name in more:
            more[name] = _adjusted(cls, f"{sold['id']}.{name[0]}", more[name])
    return Line(**sold, vat=draw(_VAT if vat is None else vat), **more)


def ordered(drawn: list[Line]) -> tuple[Line, ...]:
    """The lines with order keys, in the order they stand."""
    places = spread(len(drawn))
    return tuple(attrs.evolve(line, order=place) for line, place in zip(drawn, places, strict=True))


def unique_lines(
    min_size: int = 0,
    max_size: int = 6,
    vat: st.SearchStrategy[VAT] | None = None,
    *,
    plain: bool = False,
) -> st.SearchStrategy[tuple[Line, ...]]:
    """Lines of one document: ids of their own, order keys as they stand."""
    one = lines(vat, plain=plain)
    drawn = st.lists(one, min_size=min_size, max_size=max_size, unique_by=lambda line: line.id)
    return drawn.map(ordered)


def notes() -> st.SearchStrategy[Note]:
    """Free notes, with a subject code or none."""
    subject = st.sampled_from([None, "AAI", "PMD", "REG"])
    return st.builds(Note, id=keys(), text=texts(), subject=subject)


def references() -> st.SearchStrategy[Reference]:
    """References to preceding documents."""
    return st.builds(Reference, id=keys(), number=texts(), issue_date=st.none() | days())


def terms() -> st.SearchStrategy[Terms]:
    """Payment terms, lawful or not."""
    days, percent = st.integers(0, 366), decimals(0, 100, 2)
    discount = st.fixed_dictionaries({"discount_percent": percent, "discount_days": days})
    more = {"end_of_month": st.booleans(), "text": texts(), "late_rate": percent}
    said = st.fixed_dictionaries({"days": days}, optional=more)
    return st.builds(lambda said, discount: Terms(**said, **discount), said, st.just({}) | discount)


def payments() -> st.SearchStrategy[PaymentInstructions]:
    """Ways to be paid, with accounts that need not check."""
    part, account = st.none() | texts(), st.from_regex("[A-Z]{2}[0-9]{10,20}", fullmatch=True)
    transfer = st.builds(CreditTransfer, id=keys(), account=account, holder=part)
    debit = st.builds(DirectDebit, mandate=part, creditor=part, account=st.none() | account)
    return st.builds(
        PaymentInstructions,
        means=st.sampled_from(["30", "48", "58", "59", "ZZZ"]),
        text=part,
        remittance=part,
        transfers=_named(transfer),
        card=st.none() | st.builds(Card, number=st.just("****4242"), holder=part),
        debit=st.none() | debit,
    )


def deliveries() -> st.SearchStrategy[Delivery]:
    """Places to deliver to."""
    return st.builds(
        Delivery,
        name=st.none() | texts(),
        location=st.none() | identifiers(),
        address=st.none() | addresses(),
    )


@st.composite
def attachments(draw: st.DrawFn) -> Attachment:
    """Supporting documents: a file, a place on the web, or a mere reference."""
    file = {"filename": "sheet.csv", "mime": "text/csv", "sha256": draw(_hashes())}
    return Attachment(
        id=draw(keys()),
        reference=draw(texts()),
        **some(draw, {"description": texts(), "url": texts()}, 2),
        **draw(st.sampled_from([{}, file])),
    )


def _hashes() -> st.SearchStrategy[str]:
    return st.sampled_from(["0", "a"]).map(lambda digit: digit * 64)


def brands() -> st.SearchStrategy[Brand]:
    """How documents look."""
    return st.builds(
        Brand,
        template=keys(),
        version=st.integers(0, 99),
        colour=st.sampled_from([None, "#1f4e79"]),
        logo=st.none() | _hashes(),
        footer=st.none() | texts(),
    )


def exchange_rates() -> st.SearchStrategy[ExchangeRate]:
    """Rates above zero, with their source and day."""
    rate = st.integers(1, 10**8).map(lambda number: Decimal(number).scaleb(-5))
    return st.builds(ExchangeRate, rate=rate, source=texts(), on=days())


def _named(items: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    """Up to two items in the order of their ids, which is how they are stored."""
    return st.lists(items, max_size=2, unique_by=lambda item: item.id).map(_by_id)


def _by_id(drawn: list[Any]) -> tuple[Any, ...]:
    return tuple(sorted(drawn, key=lambda item: item.id))


_DISCOUNTS = st.lists(
    st.builds(lambda size, vat: {**size, "vat": vat}, _SIZE, vats()), min_size=1, max_size=2
)
_WORDS = (
    "buyer_reference", "project", "contract", "purchase_order", "sales_order", "process",
    "receiving_advice", "despatch_advice", "tender", "buyer_accounting",
)  # fmt: skip
_SAID_OF_DOCUMENTS: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(_WORDS, texts()),
    "owner": keys(),
    "team": keys(),
    "tags": st.frozensets(st.sampled_from(["urgent", "à relancer", "2026"])),
    "tax_currency": st.sampled_from(["PLN", "JPY"]),
    "exchange": exchange_rates(),
    "tax_point_date": days(),
    "tax_point_code": st.sampled_from(["3", "35", "432"]),
    "object_id": identifiers(),
    "operation": st.sampled_from(OPERATIONS),
    "vat_options": st.frozensets(st.sampled_from(VAT_OPTIONS)),
    "payee": st.builds(Payee, name=texts(), identifier=identifiers()),
    "tax_representative": st.builds(
        TaxRepresentative, name=texts(), vat_id=texts(), address=addresses()
    ),
    "delivery": deliveries(),
    "delivery_date": days(),
    "period": periods(),
    "payment": payments(),
    "allowances": _DISCOUNTS,
    "charges": _DISCOUNTS,
    "attachments": _named(attachments()),
    "prepaid": decimals(0, 9_999, 3),
    "rounding_amount": decimals(-9, 9, 3),
    "cash_unit": st.sampled_from([1, 5, 50]),
    "vat_adjustments": st.dictionaries(
        st.sampled_from(["S-20", "E-0", "Z-0"]), decimals(-1, 1, 2), max_size=2
    ),
    "brand": brands(),
    "costs": st.dictionaries(keys(), decimals(0, 9_999, 3), min_size=1, max_size=2),
}
_SAID_OF_QUOTES = {**_SAID_OF_DOCUMENTS, "valid_until": days()}
_SAID: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "id": keys(),
        "issue_date": st.none() | days(),
        "currency": st.sampled_from(["EUR", "USD", "JPY", "TND", "UYW"]),
        "due_date": st.none() | days(),
        "terms": st.none() | terms(),
        "seller": parties(),
        "buyer": parties(),
        "lines": unique_lines(),
        "notes": _named(notes()),
        "preceding": _named(references()),
        "rounding": st.sampled_from(ROUNDING),
        "language": st.sampled_from(["fr", "en", "de"]),
    }
)


@st.composite
def _content(draw: st.DrawFn, cls: type[Document]) -> Mapping[str, Any]:
    said = draw(_SAID)
    more = some(draw, _SAID_OF_QUOTES if cls is Quote else _SAID_OF_DOCUMENTS, 6)
    for name, kind in (("allowances", DocumentAllowance), ("charges", DocumentCharge)):
        if name in more:
            more[name] = _adjusted(kind, name[0], more[name])
    if "cash_unit" in more:
        more["cash_unit"] *= Decimal(1).scaleb(-exponent(said["currency"]))
    return {"type_code": draw(st.sampled_from(list(TYPES[cls.kind]))), **said, **more}


@st.composite
def documents(draw: st.DrawFn, cls: type[D]) -> D:
    """Documents of a class with anything their fields accept, completed: nets, totals and mentions set."""
    document = cls(**draw(_content(cls)))
    return completed(document, document.issue_date or date(2026, 11, 30))


def invoices() -> st.SearchStrategy[Invoice]:
    """Completed invoices, lawful or not."""
    return documents(Invoice)


def credit_notes() -> st.SearchStrategy[CreditNote]:
    """Completed credit notes, lawful or not."""
    return documents(CreditNote)


def quotes() -> st.SearchStrategy[Quote]:
    """Completed quotes, lawful or not."""
    return documents(Quote)


@st.composite
def issuable(draw: st.DrawFn) -> Invoice:
    """Completed invoices of a French seller that nothing keeps from being issued on their issue date."""
    issued = draw(st.dates(date(2015, 1, 1), date(2099, 12, 31)))
    standard = st.sampled_from([VAT("S", rate.percent) for rate in rates("FR", issued)])
    exempt = st.just(VAT("E", exemption=FRANCHISE))
    sold = unique_lines(1, vat=draw(st.sampled_from([standard, exempt])), plain=True)
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
