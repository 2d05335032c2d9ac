"""What the agency's pages look like: samples in each language, four to a sheet. Nothing here is a real document."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import multibill as mb
from multibill import documents as parts
from multibill.formats.pdf import contact_sheet
from multibill.tax import VAT

ON = date(2026, 11, 30)
BRAND = parts.Brand(
    template="fougere", colour="#2f6b4f", footer="Atelier Fougère, sites et identités"
)
IBAN = parts.CreditTransfer(id="bank", account="FR76 3000 6000 0112 3456 7890 189", bic="AGRIFRPP")
PAYMENT = parts.PaymentInstructions(means="58", transfers=[IBAN])
BUYERS = {
    "fr": mb.Party(
        "Éditions Kermadec SAS", address=mb.Address("4 quai de la Fosse", "44000", "Nantes", "FR")
    ),
    "en": mb.Party(
        "Halden Read Ltd", address=mb.Address("9 King Street", "BS1 4EF", "Bristol", "GB")
    ),
    "de": mb.Party(
        "Nordlicht Verlag GmbH", address=mb.Address("Hafenstraße 3", "20457", "Hamburg", "DE")
    ),
    "es": mb.Party(
        "Librería Aurora SL", address=mb.Address("Calle Mayor 21", "28013", "Madrid", "ES")
    ),
    "it": mb.Party(
        "Officina Lume S.r.l.", address=mb.Address("Via Roma 8", "20121", "Milano", "IT")
    ),
}
WORK = mb.Line(id="a", name="Logo", quantity="2.5", unit="DAY", unit_price="520", vat="20")
LINES = [
    WORK,
    WORK.evolve(id="b", name="Hosting", quantity=12, unit="MON", unit_price="18.90"),
    WORK.evolve(id="c", name="Print", quantity=500, unit="H87", unit_price="0.42", vat="5.5",
                allowances=[parts.Allowance(id="d", percent="10")]),
]  # fmt: skip
ABROAD = [line.evolve(vat=VAT("AE", exemption="VATEX-EU-AE")) for line in LINES]


def samples(seller: mb.Party, language: str) -> list[mb.Document]:
    """An invoice, a draft of forty lines, a quote, a credit note, a deposit and a reverse charge."""
    said = {"seller": seller, "buyer": BUYERS[language], "language": language, "brand": BRAND}
    issued = {
        **said,
        "issue_date": ON,
        "payment": PAYMENT,
        "terms": mb.Terms(days=30),
        "due_date": "2026-12-30",
    }
    many = [WORK.evolve(id=f"l{n}", name=f"Logo {n}") for n in range(40)]
    before = [parts.Reference(id="1", number="F2026-00001", issue_date=ON)]
    return [
        mb.Invoice(id="1", number="F2026-00001", lines=LINES, purchase_order="PO-118", **issued),
        mb.Invoice(id="2", lines=many, **said),
        parts.Quote(
            id="3",
            number="D2026-00004",
            lines=LINES,
            valid_until="2026-12-31",
            issue_date=ON,
            **said,
        ),
        mb.CreditNote(
            id="4", number="A2026-00001", lines=[WORK], preceding=before, issue_date=ON, **said
        ),
        mb.Invoice(
            id="5", number="F2026-00002", type_code="386", lines=[WORK], prepaid="100", **issued
        ),
        mb.Invoice(id="6", number="F2026-00003", lines=ABROAD, **issued),
    ]


def contact_sheets(folder: Path, seller: mb.Party) -> None:
    """Write one sheet a language."""
    for language in BUYERS:
        title = f"contact-sheet-{language}"
        made = contact_sheet(samples(seller, language), {}, title=title, language=language)
        (folder / f"{title}.pdf").write_bytes(made)
