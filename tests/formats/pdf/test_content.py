"""What stands on the sheet: all that the document says, where a reader looks for it, and nothing made up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import attrs
import pytest

from multibill.documents import Delivery, Document, Invoice, Mention, Note, Period, Reference, Terms
from multibill.documents.totals import PENDING
from multibill.errors import InvalidValue
from multibill.formats.pdf.images import logo
from multibill.formats.pdf.layout import laid_out
from multibill.formats.pdf.page import Box, Sheet
from multibill.formats.pdf.style import ALERT, ASIDE, FINE, HALF, LEFT, RIGHT, SOFT_TEXT
from multibill.model import replaced
from multibill.money import Money
from multibill.parties import Address, Party
from multibill.tax import VAT
from tests.documents.ordinary import everything
from tests.formats.pdf.samples import (
    BERLIN,
    DAY,
    FRANCHISE,
    PARIS,
    REVERSE,
    STUDIO,
    credit_note,
    done,
    draft,
    invoice,
    line,
    lines,
    picture,
)

SPACES = str.maketrans({"\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " "})


def texts(document: Document, page: int | None = None) -> list[str]:
    """The texts of the sheet in the order in which they are drawn, with ordinary spaces."""
    boxes = laid_out(document).boxes
    return [box.text.translate(SPACES) for box in boxes if page in {None, box.page}]


def beside(document: Document, text: str) -> str:
    """What is drawn right after a text: the value of a label."""
    said = texts(document)
    return said[said.index(text) + 1]


def box(sheet: Sheet, text: str) -> Box:
    """The only box with that text."""
    (found,) = [box for box in sheet.boxes if box.text.translate(SPACES) == text]
    return found


def test_the_seller_stands_at_the_top_left_and_its_legal_line_at_the_foot() -> None:
    sheet = laid_out(invoice())
    name = box(sheet, "Studio SARL")
    assert (20, True) == (name.x, name.y < 20)
    legal = (
        "Studio SARL · SARL, capital 10 000 EUR, RCS Paris · SIREN 123456782 · N° TVA FR11123456782"
    )
    assert box(sheet, legal).y > 270


def test_the_buyers_address_lies_in_the_window_of_the_envelope() -> None:
    """A French DL envelope: 45 mm high and 100 mm wide, 20 mm from the right and the lower edge."""
    sheet = laid_out(invoice())
    for text in ("Acme SAS", "3 cours Lafayette", "Bâtiment C", "69003 Lyon"):
        found = box(sheet, text)
        assert found.x == ASIDE
        assert 45 <= found.y <= 90 - found.h


def test_only_the_address_stands_in_the_window() -> None:
    sheet = laid_out(invoice())
    window = [b.text for b in sheet.boxes if b.page == 1 and b.x >= 100 and 45 <= b.y < 90]
    assert window == ["Acme SAS", "3 cours Lafayette", "Bâtiment C", "69003 Lyon"]


def test_a_delivery_address_stands_below_the_window() -> None:
    """A letter must not go where the goods go."""
    place = Delivery(name="Dock 4", address=PARIS)
    sheet = laid_out(invoice(delivery=place))
    assert box(sheet, "Adresse de livraison").y >= 90
    assert box(sheet, "Dock 4").x == ASIDE


def test_the_country_is_named_only_across_a_border() -> None:
    assert "France" not in texts(invoice())
    assert {"France", "Allemagne"} <= set(texts(invoice(buyer=BERLIN)))
    assert {"France", "Germany"} <= set(texts(invoice(buyer=BERLIN, language="en")))


def test_the_postcode_follows_the_city_where_the_country_writes_so() -> None:
    dublin = Party("Acme Ltd", address=Address("1 Grand Canal St", "D02 XN99", "Dublin", "IE"))
    assert "Dublin D02 XN99" in texts(invoice(buyer=dublin))


def test_the_state_stands_between_city_and_postcode_where_the_country_writes_so() -> None:
    place = Address("5 Fifth Avenue", "10001", "New York", "US", subdivision="NY")
    assert "New York, NY 10001" in texts(invoice(buyer=Party("Acme", address=place)))
    bare = attrs.evolve(place, subdivision=None)
    assert "New York 10001" in texts(invoice(buyer=Party("Acme", address=bare)))


def test_a_long_list_of_facts_goes_on_below_the_buyer_and_its_window() -> None:
    """Its last facts, those on the buyer; the lines of the document begin higher."""
    short, long = laid_out(invoice()), laid_out(everything(Invoice), logo(picture(400, 300)))
    assert {LEFT} == {b.x for b in short.boxes if b.text.endswith("client")}
    moved = [b for b in long.boxes if b.style == SOFT_TEXT and b.x == ASIDE and b.page == 1]
    assert ["N° TVA client", "Votre contact"] == [b.text.translate(SPACES) for b in moved]
    assert all(b.y >= 90 for b in moved)
    head = next(b for b in long.boxes if b.text == "Désignation")
    assert (1, True) == (head.page, head.y < 190)


def test_title_and_number_head_the_document() -> None:
    sheet = laid_out(invoice())
    assert box(sheet, "Facture").x == box(sheet, "F2026-00001").x == ASIDE
    assert {"Invoice", "F2026-00001"} <= set(texts(invoice(language="en")))


@pytest.mark.parametrize(
    ("code", "title"), [("384", "Facture rectificative"), ("386", "Facture d’acompte"), ("389", "Autofacturation")]
)  # fmt: skip
def test_the_type_code_gives_the_title(code: str, title: str) -> None:
    assert title in texts(invoice(type_code=code))


def test_the_facts_are_labelled_in_the_documents_language() -> None:
    stated = invoice(
        delivery_date=date(2026, 11, 28),
        purchase_order="PO-7",
        buyer_reference="SERVICE-12",
        language="en",
    )
    facts = {
        "Issue date": "30 November 2026",
        "Due date": "30 December 2026",
        "Delivery date": "28 November 2026",
        "Purchase order": "PO-7",
        "Your reference": "SERVICE-12",
        "Customer SIREN": "987654324",
        "Customer VAT no.": "FR14987654324",
    }
    assert facts == {label: beside(stated, label) for label in facts}


@pytest.mark.parametrize(
    ("period", "shown"),
    [
        (Period(date(2026, 11, 1), date(2026, 11, 30)), ["du 1er novembre 2026", "au 30 novembre 2026"]),
        (Period(date(2026, 11, 1), None), ["à partir du 1er", "novembre 2026"]),
        (Period(None, date(2026, 11, 30)), ["jusqu’au 30 novembre", "2026"]),
    ],
)  # fmt: skip
def test_a_period_may_be_open_at_either_end(period: Period, shown: list[str]) -> None:
    said = " ".join(texts(invoice(period=period)))
    assert " ".join(shown) in said
    assert "Période" in said


def test_what_the_document_does_not_say_is_not_labelled() -> None:
    labels = {
        "Date de livraison",
        "Période",
        "Bon de commande",
        "Votre référence",
        "Échéance",
        "Notes",
    }
    bare = invoice(due_date=None, terms=None, buyer=Party("Ada"))
    assert labels & set(texts(bare)) == set()
    assert not [text for text in texts(bare) if "client" in text]


def test_a_credit_note_names_the_invoice_that_it_corrects() -> None:
    reference = Reference(id="i0", number="F2026-00001", issue_date=DAY)
    said = texts(credit_note(preceding=(reference,)))
    assert {"Avoir", "A2026-00007", "Net à votre crédit"} <= set(said)
    start = said.index("Facture d’origine")
    assert ["F2026-00001", "du 30 novembre 2026"] == said[start + 1 : start + 3]
    assert "Net à payer" not in said


def test_a_line_shows_name_description_quantity_price_rate_and_net() -> None:
    said = texts(invoice(lines=(line(description="Three proposals"),)))
    start = said.index("Logo design")
    assert ["3 jours", "450,00 €", "20 %", "1 350,00 €", "Three proposals"] == said[
        start + 1 : start + 6
    ]


def test_a_price_for_several_units_says_for_how_many() -> None:
    said = texts(invoice(lines=(line(unit_price="9.90", base_quantity=100, unit="H87"),)))
    assert {"9,90 €", "pour 100 pièces", "3 pièces"} <= set(said)


def test_the_item_is_bold_and_its_description_small() -> None:
    sheet = laid_out(invoice(lines=(line(description="Three proposals"),)))
    item, below = box(sheet, "Logo design"), box(sheet, "Three proposals")
    assert (True, False) == (item.style.bold, below.style.bold)
    assert item.style.size > below.style.size


def test_figures_end_on_one_line_at_the_right_margin() -> None:
    sheet = laid_out(invoice(lines=(line(), line(unit_price="12"))))
    ends = {
        round(b.x + b.w, 1) for b in sheet.boxes if b.text.endswith("€") and b.x > 165 and b.y < 110
    }
    assert ends == {RIGHT}


def test_a_figure_of_usual_size_stands_on_one_line() -> None:
    said = texts(invoice(lines=(line(quantity="1250.25", unit="E49", unit_price="9876.5432"),)))
    assert {"1 250,25 jours ouvrés", "9 876,5432 €", "12 348 148,14 €"} <= set(said)


def test_vat_and_totals_stand_on_one_page() -> None:
    for count in range(1, 40):
        sheet = laid_out(invoice(lines=lines(count)))
        ends = {box(sheet, text).page for text in ("Taux de TVA", "Total HT", "Net à payer")}
        assert len(ends) == 1


def test_vat_is_broken_down_by_rate_with_base_and_tax() -> None:
    said = texts(invoice(lines=(line(), line(vat="10"))))
    start = said.index("Montant TVA")
    assert ["10 %", "1 350,00 €", "135,00 €", "20 %", "1 350,00 €", "270,00 €"] == said[
        start + 1 : start + 7
    ]


@pytest.mark.parametrize(
    ("vat", "language", "shown"),
    [
        (FRANCHISE, "fr", ["Exonéré", "1 350,00 €", "0,00 €", "TVA non applicable, art. 293 B du CGI"]),
        (REVERSE, "fr", ["Autoliquidation", "1 350,00 €", "0,00 €", "Total HT"]),
        (REVERSE, "en", ["Reverse charge", "€1,350.00", "€0.00", "Total excl. VAT"]),
        (VAT("E", exemption="VATEX-XX-OWN"), "en", ["Exempt", "€1,350.00", "€0.00", "VATEX-XX-OWN"]),
        (VAT("Z"), "fr", ["0 %", "1 350,00 €", "0,00 €", "Total HT"]),
    ],
)  # fmt: skip
def test_no_tax_is_explained(vat: VAT, language: str, shown: list[str]) -> None:
    said = texts(invoice(lines=(line(vat=vat),), language=language))
    start = said.index("Montant TVA" if language == "fr" else "VAT amount")
    assert shown == said[start + 1 : start + 1 + len(shown)]


def test_what_is_outside_the_scope_of_vat_has_no_rate() -> None:
    """BR-O-05: such a line has no rate, and zero would be one."""
    said = texts(invoice(lines=(line(vat=VAT("O", exemption="VATEX-EU-O")),)))
    assert "\N{EN DASH}" in said
    assert "0 %" not in said


def test_the_totals_are_the_documents_own_and_what_is_due_stands_out() -> None:
    sheet = laid_out(invoice())
    said = texts(invoice())
    start = said.index("Total HT")
    assert [
        "Total HT", "1 350,00 €", "Total TVA", "270,00 €", "Total TTC", "1 620,00 €",
        "Net à payer", "1 620,00 €",
    ] == said[start : start + 8]  # fmt: skip
    due = box(sheet, "Net à payer")
    assert due.style.bold
    assert due.style.size > box(sheet, "Total TTC").style.size
    assert [bar for bar in sheet.bars if bar.w == HALF and bar.y <= due.y <= bar.y + bar.h]


def test_nothing_is_computed_again() -> None:
    """The stored totals rule, even where they are wrong (design, 2)."""
    right = invoice()
    wrong = attrs.evolve(right, totals=attrs.evolve(right.totals, payable=Money("1.23", "EUR")))
    assert beside(wrong, "Net à payer") == "1,23 €"


def test_terms_are_the_sellers_words_or_else_its_days() -> None:
    def shown(terms: Terms, language: str = "fr") -> str:
        label = "Conditions de paiement" if language == "fr" else "Payment terms"
        return beside(invoice(terms=terms, language=language), label)

    assert "Par virement" == shown(Terms(days=30, text="Par virement"))
    assert "30 jours à compter de la date d’émission" == shown(Terms(days=30))
    assert "1 jour à compter de la date d’émission" == shown(Terms(days=1))
    assert "45 days from the issue date, end of month" == shown(
        Terms(days=45, end_of_month=True), "en"
    )
    assert "Paiement à réception" == shown(Terms(days=0))
    assert "0 days from the issue date, end of month" == shown(
        Terms(days=0, end_of_month=True), "en"
    )


def test_notes_and_mentions_are_printed_as_they_stand() -> None:
    mention = Mention(id="own", text="As the law wants it.", law="L1")
    noted = invoice(notes=(Note(text="Thank you.\nSee you soon."),))
    said = texts(noted.evolve(mentions=(mention,)))
    assert ["Notes", "Thank you.", "See you soon.", "As the law wants it."] == said[-6:-2]


def test_a_mention_that_stands_beside_its_vat_or_as_the_title_is_said_once() -> None:
    own = attrs.evolve(FRANCHISE, reason="Petite entreprise")
    words = "TVA non applicable, art. 293 B du CGI"
    assert 1 == texts(invoice(lines=(line(vat=FRANCHISE),))).count(words)
    assert 1 == texts(invoice(lines=(line(vat=own),))).count(words)
    assert 1 == texts(invoice(lines=(line(vat=REVERSE),))).count("Autoliquidation")
    assert 1 == texts(invoice(type_code="389")).count("Autofacturation")
    assert {"Self-billing invoice", "Self-billing"} <= set(
        texts(invoice(type_code="389", language="en"))
    )


def test_mentions_stay_together_and_stand_side_by_side_where_only_so_they_fit() -> None:
    """Whatever stands above them; a page that holds two of them alone looks lost."""
    seen = set()
    for height in range(60, 110):
        above = line(description="\n".join("x" * height))
        sheet = laid_out(invoice(lines=(above,), operation="services"))
        found = [b for b in sheet.boxes if b.style == FINE]
        assert 1 == len({b.page for b in found})
        assert [b.text for b in found if "40\N{NO-BREAK SPACE}€" in b.text or "40 €" in b.text]
        seen.add((len(found), found[0].page))
    assert {(4, 2), (3, 2), (4, 3)} == seen


def test_a_tall_row_is_torn_where_two_lines_stand_on_either_side() -> None:
    """One of a sixth of the page is not; it would leave too large a hole to move a taller one."""
    torn = 0
    for above in range(10, 26):
        tall = pages_of(above, 16)
        torn += len(set(tall)) > 1
        assert 1 not in {tall.count(page) for page in set(tall)}
        assert 1 == len(set(pages_of(above, 8)))
    assert torn > 5


def pages_of(above: int, height: int) -> list[int]:
    """The page of each line of a row so many lines high that stands below so many others."""
    row = line(name="x", description="\n".join("x" * height))
    sheet = laid_out(invoice(lines=(*(line() for _ in range(above)), row)))
    return [box.page for box in sheet.boxes if box.text == "x"]


def test_a_title_stays_with_its_text_and_a_short_paragraph_in_one_piece() -> None:
    """Whatever stands above them: the lines push the end of the document over a page end in small steps."""
    note = "First of four lines of text that stay together. " * 8
    for height in range(60, 110):
        above = line(description="\n".join("x" * height))
        sheet = laid_out(invoice(lines=(above,), notes=(Note(text=note), Note(text=note))))
        (title,) = (place for place, b in enumerate(sheet.boxes) if b.text == "Notes")
        for together in (sheet.boxes[title : title + 5], sheet.boxes[title + 5 : title + 9]):
            assert together[-1].text == "together."
            assert len({box.page for box in together}) == 1


def test_mentions_of_the_document_are_not_invented() -> None:
    said = texts(attrs.evolve(invoice(), mentions=()))
    assert not [text for text in said if "40 €" in text or "escompte" in text]


def test_a_draft_is_marked_on_every_page_and_has_no_number() -> None:
    unfinished = draft(lines=lines(40))
    sheet = laid_out(unfinished)
    assert sheet.mark == "BROUILLON"
    assert box(sheet, "BROUILLON").style.colour == ALERT
    assert sheet.pages == sum("BROUILLON" in " ".join(texts(unfinished, n)) for n in range(1, 9))
    assert laid_out(draft(language="en")).mark == "DRAFT"


def test_an_issued_document_has_no_mark() -> None:
    assert laid_out(invoice()).mark is None
    assert "BROUILLON" not in " ".join(texts(invoice()))


def test_each_page_says_which_document_it_belongs_to_and_its_number() -> None:
    long = invoice(lines=lines(120))
    pages = laid_out(long).pages
    assert pages == 6
    for page in range(1, pages + 1):
        said = texts(long, page)
        assert f"Page {page} sur {pages}" in said
        assert ("Facture F2026-00001 · Studio SARL" in said) == (page > 1)


def test_sums_are_carried_over_each_page_end() -> None:
    """What a page carries over is what its lines and those before come to, and what the next brings forward."""
    long = invoice(lines=lines(120))
    before = Decimal(0)
    nets = {line.name: line.net for line in long.lines}
    for page in range(1, laid_out(long).pages + 1):
        said = texts(long, page)
        if page > 1:
            assert euros(before) == said[said.index("Report") - 1]
        before += sum((nets[text] or Decimal(0) for text in said if text in nets), Decimal(0))
        if "À reporter" in said:
            assert euros(before) == said[said.index("À reporter") - 1]
    assert before == long.totals.net.amount


def euros(amount: Decimal) -> str:
    return f"{amount:,.2f} €".replace(",", " ").replace(".", ",")


def test_the_head_of_the_lines_is_repeated_on_each_page_that_has_some() -> None:
    long = invoice(lines=lines(120))
    pages = laid_out(long).pages
    heads = [page for page in range(1, pages + 1) if "Désignation" in texts(long, page)]
    with_lines = [
        page
        for page in range(1, pages + 1)
        if any(t.startswith("Item ") for t in texts(long, page))
    ]
    assert heads == with_lines


def test_a_page_without_lines_before_it_carries_nothing() -> None:
    """A heading that fills the first page leaves no sum of nothing at its foot."""
    for words in range(600, 900, 12):
        tall = Party("Studio SARL", address=attrs.evolve(PARIS, line2="rue " * words))
        assert {"À reporter", "Report"} & set(texts(invoice(seller=tall))) == set()


def test_an_invoice_without_lines_still_has_its_head_and_totals() -> None:
    said = texts(done(draft(lines=())))
    assert {"Désignation", "Net à payer", "0,00 €"} <= set(said)


def test_a_legal_line_too_long_for_the_foot_goes_whole_to_the_end() -> None:
    legal = "SARL au capital variable " * 40
    said = texts(invoice(seller=attrs.evolve(STUDIO, legal=legal.strip())))
    assert legal.strip() in " ".join(said)
    assert said[-1].startswith("Page ")
    assert not said[-2].startswith("Studio SARL")


def refused(change: Callable[[Document], Document]) -> str:
    with pytest.raises(InvalidValue) as caught:
        laid_out(change(invoice()))
    return str(caught.value)


def test_a_document_without_totals_or_nets_or_in_another_language_is_refused() -> None:
    assert refused(lambda d: replaced(d, totals=PENDING)).startswith("/totals: ")
    bare = replaced(invoice().lines[0], net=None)
    assert refused(lambda d: replaced(d, lines=(bare,))).startswith("/lines/l0/net: ")
    assert "one of en, fr" in refused(lambda d: attrs.evolve(d, language="pl"))
