"""Nothing overlaps, nothing leaves the page, nothing is cut off, whatever a document says."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from typing import Any
from unicodedata import normalize

import attrs
import pytest
from hypothesis import given, strategies as st

from multibill.documents import (
    Allowance,
    Attachment,
    Attribute,
    Brand,
    Card,
    Charge,
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
    Mention,
    Note,
    Payee,
    PaymentInstructions,
    Quote,
    Reference,
    TaxRepresentative,
    Terms,
)
from multibill.formats.pdf.faces import drawable
from multibill.formats.pdf.images import Logo, logo
from multibill.formats.pdf.layout import laid_out
from multibill.formats.pdf.page import Box, Picture, Sheet
from multibill.formats.pdf.style import BOTTOM, FOOT, HEAD, HEIGHT, LEFT, RIGHT, SMALL
from multibill.i18n import LANGUAGES
from multibill.i18n.catalogue import translations
from multibill.model.text import FORBIDDEN
from multibill.parties import Address, Contact, Identifier, Party
from multibill.tax import VAT
from tests.documents.ordinary import everything
from tests.formats.pdf.samples import (
    ACME,
    HOSTILE,
    STUDIO,
    credit_note,
    draft,
    invoice,
    line,
    lines,
    picture,
)
from tests.formats.pdf.scenarios import SCENARIOS

ACCOUNT = "FR7630006000011234567890189"
PAYMENT = PaymentInstructions(
    means="58", transfers=[CreditTransfer(id="a", account=ACCOUNT, holder="Studio", bic="AGRIFRPP")]
)
LOGO = logo(picture(400, 300))
NB = "\N{NO-BREAK SPACE}"
TOLERANCE = 0.02
"""Millimetres; figures are summed in another order than they were placed."""


def overlapping(boxes: list[Box]) -> list[tuple[str, str]]:
    """Pairs of texts that touch each other on one page."""
    boxes = sorted(boxes, key=lambda box: (box.page, box.y))
    found = []
    for place, box in enumerate(boxes):
        for other in boxes[place + 1 :]:
            if other.page != box.page or other.y >= box.y + box.h - TOLERANCE:
                break
            if box.x < other.x + other.w - TOLERANCE and other.x < box.x + box.w - TOLERANCE:
                found.append((box.text, other.text))
    return found


def outside(sheet: Sheet) -> list[Box]:
    """Texts beyond the margins, between body and foot, or on a page that is not there."""
    return [
        box
        for box in sheet.boxes
        if not (
            LEFT - TOLERANCE <= box.x
            and box.x + box.w <= RIGHT + TOLERANCE
            and 10 <= box.y
            and (box.y + box.h <= BOTTOM + TOLERANCE or FOOT < box.y)
            and box.y + box.h <= HEIGHT - 8
            and 1 <= box.page <= sheet.pages
        )
    ]


def covered(sheet: Sheet) -> list[str]:
    """Texts on a logo or a code, and pictures that stand outside the body."""
    found = []
    for one in sheet.pictures:
        frame = Box(one.page, one.x, one.y, one.w, one.h, "picture", SMALL)
        found += [box.text for box in sheet.boxes if overlapping([box, frame])]
        if outside(Sheet([frame], pages=sheet.pages)) or frame.y + frame.h > BOTTOM + TOLERANCE:
            found.append("picture")
    return found


def sound(document: Document, logo: Logo | None = None) -> None:
    sheet = laid_out(document, logo)
    assert overlapping(sheet.boxes) == []
    assert outside(sheet) == []
    assert covered(sheet) == []
    pages = {box.page for box in sheet.boxes if box.y < FOOT and box.y > 20}
    assert pages == set(range(1, sheet.pages + 1)), "a page without content"
    assert [box for box in sheet.boxes if "\n" in box.text or "\t" in box.text] == []


def test_the_check_sees_an_overlap_and_a_text_outside() -> None:
    """A check that finds nothing anywhere would make every other test here pass."""
    first = laid_out(invoice()).boxes[0]
    assert len(overlapping([first, attrs.evolve(first, y=first.y + 1)])) == 1
    assert overlapping([first, attrs.evolve(first, y=first.y + first.h)]) == []
    assert len(outside(Sheet([attrs.evolve(first, x=19)]))) == 1
    small = Picture(1, first.x + 1, first.y + 1, 20, 20, ())
    assert first.text in covered(Sheet([first], pictures=[small]))
    assert ["picture"] == covered(Sheet(pictures=[attrs.evolve(small, y=BOTTOM - 19)]))
    assert len(outside(Sheet([attrs.evolve(first, y=BOTTOM)]))) == 1


@pytest.mark.parametrize(
    "count", [1, 2, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 120]
)
def test_any_number_of_lines_is_sound(count: int) -> None:
    sound(invoice(lines=lines(count)))
    sound(draft(lines=lines(count), language="en"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SCENARIOS)
def test_each_scenario_is_sound_in_each_language(name: str, language: str) -> None:
    document = SCENARIOS[name](language)
    sound(document)
    sound(document, LOGO)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_fits_on_one_page_stands_on_one(language: str) -> None:
    """And the document with every field set on two."""
    several = {"twelve lines": 2, "many lines": 6, "long names": 2}
    for name, make in SCENARIOS.items():
        most = 2 if name.startswith("maximal") else several.get(name, 1)
        assert (name, most) >= (name, laid_out(make(language), LOGO).pages)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_line_of_text_ends_and_begins_where_a_typesetter_lets_it(
    name: str, language: str
) -> None:
    """No line ends with a dot between two parts or begins with a sign that belongs to the word before."""
    said = [box.text for box in laid_out(SCENARIOS[name](language)).boxes]
    assert [text for text in said if text.endswith("·")] == []
    assert [text for text in said if re.match(r"[:;!?%€·»](?:\s|$)", text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SCENARIOS)
def test_no_label_is_torn_inside_a_word(name: str, language: str) -> None:
    """Each word of our own that stands on a page stands there whole."""
    words = {word for text in translations(language).values() for word in "".join(text).split()}
    said = [box.text for box in laid_out(SCENARIOS[name](language)).boxes]
    torn = [
        (first, second)
        for first, second in pairwise(said)
        if first[-1:].isalpha()
        and f"{first.split()[-1]}{second.split()[0]}" in words
        and first.split()[-1] not in words
    ]
    assert torn == []


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_long_words_beside_the_payment_code_keep_off_it(text: str) -> None:
    account = attrs.evolve(PAYMENT.transfers[0], holder=text[:300])
    document = invoice(payment=attrs.evolve(PAYMENT, text=text[:300], transfers=[account]))
    assert 1 == len(laid_out(document).pictures)
    sound(document)


def everywhere(text: str, make: Callable[..., Document] = credit_note) -> Document:
    """A document that says the text wherever it can."""
    place = Address(text, text, text, "FR", line2=text, line3=text, subdivision=text)
    party = Party(
        name=text, trading_name=text + "!", registration=Identifier(text, "0002"), vat_id=text,
        legal=text, address=place, tax_registration=text, identifiers=[Identifier(text)],
        contact=Contact(name=text, phone=text, email=text),
    )  # fmt: skip
    item = ItemDetails(seller_id=text, buyer_id=text, attributes=[Attribute(text, text)])
    size: dict[str, Any] = {"percent": "1", "base": "99999999", "reason": text}
    return make(
        project=text,
        contract=text,
        tender=text,
        buyer_accounting=text,
        delivery=Delivery(name=text, address=place, location=Identifier(text)),
        tax_representative=TaxRepresentative(name=text, vat_id=text, address=place),
        payee=Payee(name=text, identifier=Identifier(text)),
        payment=PaymentInstructions(
            text=text,
            remittance=text,
            transfers=[CreditTransfer(id="a", account=text.strip()[:64] or "x", holder=text)],
            card=Card(number="****4242", holder=text),
            debit=DirectDebit(mandate=text, creditor=text, account=text.strip()[:64]),
        ),
        allowances=[DocumentAllowance(id="da", vat="20", **size)],
        charges=[DocumentCharge(id="dc", vat="20", **size)],
        attachments=[Attachment(id="t", reference=text, description=text, url=text)],
        brand=Brand(template="b", footer=text),
        tax_currency="PLN",
        exchange=ExchangeRate(rate="4.2", source=text, on="2026-11-30"),
        number=text,
        seller=party,
        buyer=attrs.evolve(party, address=attrs.evolve(place, country="GR")),
        purchase_order=text,
        buyer_reference=text,
        terms=Terms(days=30, text=text),
        notes=(Note(text=text), Note(text=text)),
        preceding=(Reference(id="r", number=text),),
        lines=(
            line(
                name=text,
                description=text,
                note=text,
                order_line=text,
                item=item,
                allowances=[Allowance(id="a", **size)],
                charges=[Charge(id="c", **size)],
            ),
            line(vat=VAT("E", exemption=text)),
            line(vat=VAT("E", exemption=text, reason=text)),
            line(),
        ),
    )


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_anywhere_is_sound(text: str) -> None:
    sound(everywhere(text[:2_500]))
    sound(everywhere(text[:60], invoice), LOGO)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("cls", [Invoice, CreditNote, Quote])
def test_a_document_that_says_everything_is_sound(cls: type[Document], language: str) -> None:
    for template in ("studio/3", "plain/1"):
        sound(attrs.evolve(everything(cls), language=language, template=template), LOGO)
        sound(attrs.evolve(everything(cls), language=language, number=None), LOGO)


@pytest.mark.parametrize("language", LANGUAGES)
def test_logo_and_payment_code_are_sound_on_any_page(language: str) -> None:
    """Whatever stands above them, neither is torn, and the code leaves nothing behind on another page."""
    for count in range(1, 30):
        document = invoice(lines=lines(count), payment=PAYMENT, language=language)
        sound(document, LOGO)
        sheet = laid_out(document, LOGO)
        code = sheet.pictures[-1]
        assert 2 == len(sheet.pictures)
        ibans = [box.page for box in sheet.boxes if box.text.replace(NB, "") == ACCOUNT]
        assert [code.page] == ibans


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("part", ["name", "description"])
def test_a_hostile_line_is_sound_and_whole(part: str, text: str) -> None:
    document = invoice(lines=(line(), line(**{"name": "x", part: text}), line()))
    sound(document)
    kept = drawable(normalize("NFC", " ".join(text.splitlines()))).replace(" ", "")
    column = [box.text for box in laid_out(document).boxes if box.x == LEFT and box.style != HEAD]
    assert kept in "".join(column).replace(" ", "")


HUGE: list[Any] = [
    line(quantity="999999999.123456789012", unit_price="187654.123456789012"),
    line(quantity="0.000000000001", unit_price="199999999999999", base_quantity="0.000000000001"),
    line(quantity="-123456789", unit_price="5000000", unit="WEE"),
    line(unit="WWW"),
]


@pytest.mark.parametrize("extreme", HUGE)
@pytest.mark.parametrize("currency", ["EUR", "TND", "JPY"])
def test_extreme_figures_are_sound(extreme: Any, currency: str) -> None:
    for language in LANGUAGES:
        sound(invoice(lines=(extreme, line()), currency=currency, language=language))


def test_extreme_figures_together_are_sound() -> None:
    sound(invoice(lines=(*HUGE, *lines(40), HUGE[0])))


def test_more_vat_rows_than_a_page_holds_are_sound() -> None:
    many = tuple(line(vat=VAT("S", Decimal(n) / 4)) for n in range(1, 120))
    sound(invoice(lines=many))


def test_a_row_taller_than_a_page_goes_on_overleaf_with_its_sums() -> None:
    for tall in range(3_000, 3_900, 90):
        document = invoice(lines=(line(), line(description="word " * tall)))
        sound(document)
        sound(document.with_line(line()))
        assert laid_out(document).pages > 3


def test_many_mentions_and_notes_are_sound() -> None:
    mentions = tuple(
        Mention(id=f"m{n}", text="As the law wants it. " * 20, law="L") for n in range(40)
    )
    notes = tuple(Note(text="A note.\n\nAnd more. " * 30) for _ in range(10))
    sound(invoice(notes=notes).evolve(mentions=mentions))


def test_a_document_without_mentions_does_not_turn_a_last_page_for_them() -> None:
    """However near the end of the page its last words stand."""
    for height in (*range(10, 40), *range(60, 100)):
        above = line(description="\n".join("x" * height))
        bare = invoice(lines=(above,), notes=(Note(text="one\ntwo"),))
        sound(attrs.evolve(bare, mentions=()))
        sound(attrs.evolve(bare, mentions=(Mention(id="m", text="\u200b", law="L"),)))


REFUSED = [chr(code) for code in (*range(0x80), 0xFFFE, 0xFFFF) if FORBIDDEN.match(chr(code))]
allowed = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters=REFUSED), min_size=1, max_size=300
)
words = st.one_of(
    allowed, st.text("abc .-\n", min_size=1, max_size=900), st.sampled_from("xWé中\u202e")
)
optional = st.none() | words
addresses = st.builds(
    Address, optional, optional, optional, st.sampled_from(["FR", "GB", "GR"]), line2=optional
)
parties = st.builds(
    Party,
    words,
    trading_name=optional,
    vat_id=optional,
    legal=optional,
    address=st.none() | addresses,
)
invoiced = st.builds(
    line,
    name=words,
    description=optional,
    quantity=st.decimals(-(10**6), 10**6, places=3),
    unit=st.sampled_from(["DAY", "C62", "ZZ"]),
    unit_price=st.decimals(-(10**7), 10**7, places=4),
    vat=st.sampled_from(["20", "5.5", VAT("AE", exemption="VATEX-EU-AE")]),
)
documents = st.fixed_dictionaries(
    {
        "cls": st.sampled_from([Invoice, CreditNote, Quote]),
        "number": optional,
        "seller": st.just(STUDIO) | parties,
        "buyer": st.just(ACME) | parties,
        "lines": st.lists(invoiced, max_size=30).map(tuple),
        "notes": st.lists(st.builds(Note, text=words), max_size=3).map(tuple),
        "language": st.sampled_from(list(LANGUAGES)),
        "payment": st.none() | st.just(PAYMENT) | st.builds(PaymentInstructions, text=optional),
        "delivery": st.none() | st.builds(Delivery, name=optional, address=st.none() | addresses),
        "project": optional,
        "prepaid": st.none() | st.decimals(0, 10**6, places=2),
        "allowances": st.none() | words,
        "attachments": st.none() | words,
        "brand": st.none() | st.builds(Brand, template=st.just("b"), footer=optional),
        "buyer_reference": optional,
    }
)


@given(documents, st.none() | st.just(LOGO))
def test_any_document_is_sound(given: dict[str, Any], logo: Logo | None) -> None:
    reason, named = given.pop("allowances"), given.pop("attachments")
    if reason:
        given["allowances"] = [DocumentAllowance(id="a", percent="5", vat="20", reason=reason)]
    if named:
        given["attachments"] = [Attachment(id="t", reference=named)]
    sound(invoice(**given), logo)
