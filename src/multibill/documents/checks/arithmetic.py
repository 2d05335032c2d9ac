"""The stored figures against each other and against the lines. Exact: the standard tolerates a unit, we do not.

Reads ``totals`` as they stand and never mends them: figures that differ were changed around the library.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from multibill.documents.adjustments import Adjustment
from multibill.documents.checks.finding import Check, Find, Place, on_net, rule
from multibill.documents.document import Document
from multibill.documents.totals import HUNDRED, ZERO, Totals, VatTotal
from multibill.money import Money
from multibill.money.rounding import QUANTA

Figure = Callable[[Document, Totals], Decimal]


def unequal(name: str, expected: Figure) -> Find:
    """Finds a total that is not the figure it must equal."""

    def find(document: Document, _: date) -> Iterator[Place]:
        totals = document.totals
        wanted, found = expected(document, totals), getattr(totals, name)
        if wanted != amount(found):
            yield f"/totals/{name}", figures(wanted, found)

    return find


def rows(document: Document) -> tuple[VatTotal, ...]:
    """The VAT breakdown."""
    return document.totals.breakdown


def tax_of(document: Document, row: VatTotal) -> Decimal:
    """The VAT of a row: rate times taxable amount, rounded once, half away from zero, and what a credit adjusts.

    Where lines were summed exactly, or prices include the VAT, the row may be one minor unit off: its own figure then.
    """
    quantum = QUANTA[row.taxable.currency]
    tax = (row.taxable.amount * row.rate / HUNDRED).quantize(quantum, ROUND_HALF_UP)
    tax += document.vat_adjustments.get(row.key, ZERO)
    exact = document.rounding == "currency"
    return tax if exact or abs(row.tax.amount - tax) > quantum else row.tax.amount


def wrong_taxes(document: Document, _: date) -> Iterator[Place]:
    """Finds rows whose VAT is not their rate times their taxable amount."""
    for row in rows(document):
        if (wanted := tax_of(document, row)) != row.tax.amount:
            yield f"/totals/breakdown/{row.key}/tax", figures(wanted, row.tax)


def figures(expected: Decimal, found: Money | None) -> Mapping[str, object]:
    """The two figures of a message."""
    return {"expected": f"{expected:f}", "found": f"{amount(found):f}"}


def no_breakdown(document: Document, _: date) -> Iterator[Place]:
    """Finds a document without VAT breakdown."""
    if not rows(document):
        yield "/totals/breakdown", {}


def wrong_nets(document: Document, _: date) -> Iterator[Place]:
    """Finds lines whose amount is not what they say: said again, not asked of the engine.

    Only the rule ``currency`` decides each line by itself; the others share what rounding leaves among lines.
    """
    quantum = QUANTA.get(document.currency)
    if quantum is None or document.rounding != "currency":
        return
    for line in document.lines:
        if line.net is None or line.quantity is None or line.unit_price is None:
            continue  # BR-22, BR-24 and BR-26 say so
        wanted = line.quantity * line.unit_price
        if line.base_quantity is not None:
            wanted /= line.base_quantity
        wanted = wanted.quantize(quantum, ROUND_HALF_UP)
        if line.charges or line.allowances:
            wanted += summed(line.charges) - summed(line.allowances)
        if line.net != wanted:
            yield on_net(line), {"expected": f"{wanted:f}", "found": f"{line.net:f}"}


def amount(money: Money | None) -> Decimal:
    """The amount, nothing where there is none."""
    return ZERO if money is None else money.amount


def summed(items: Iterable[Adjustment]) -> Decimal:
    """What allowances or charges come to together."""
    return sum((item.total or ZERO for item in items), ZERO)


def missing_nets(document: Document, _: date) -> Iterator[Place]:
    """Finds lines whose amount is not among the totals."""
    for line in document.lines:
        if line.net is None:
            yield on_net(line), {"line": line.name}


def foreign_figures(document: Document, _: date) -> Iterator[Place]:
    """Finds totals in another currency than the document's."""
    totals = document.totals
    sums = totals.lines, totals.net, totals.vat, totals.gross, totals.payable
    some = totals.allowances, totals.charges, totals.prepaid, totals.rounding
    taxes = (money for row in totals.breakdown for money in (row.taxable, row.tax))
    known = {money.currency for money in (*sums, *some, *taxes) if money is not None}
    if strangers := known - {document.currency}:
        yield "/totals", {"found": ", ".join(sorted(strangers)), "expected": document.currency}


def below_zero(document: Document, _: date) -> Iterator[Place]:
    """Finds a negative total: what takes from a debt is the opposite document."""
    gross = document.totals.gross
    if gross.amount < 0:
        yield "/totals/gross", {"found": f"{gross.amount:f}"}


REDO = {
    "en": "make the document again without its totals: they are computed, never written",
    "fr": "refaites le document sans ses totaux : ils se calculent, ils ne s'écrivent pas",
}


def equal(id: str, name: str, expected: Figure, en: str, fr: str) -> Check:
    """The rule that a total equals a figure."""
    return rule(
        id,
        unequal(name, expected),
        en=(f"{en} is {{expected}}, the document says {{found}}", REDO["en"]),
        fr=(f"{fr} est {{expected}}, le document dit {{found}}", REDO["fr"]),
    )


FIGURES = (
    rule(
        "BR-24",
        missing_nets,
        en=("the line {line} has no amount", REDO["en"]),
        fr=("la ligne {line} n'a pas de montant", REDO["fr"]),
    ),
    equal(
        "BR-CO-10",
        "lines",
        lambda document, _: sum((line.net or ZERO for line in document.lines), ZERO),
        "the sum of the line amounts",
        "la somme des montants des lignes",
    ),
    equal(
        "BR-CO-11",
        "allowances",
        lambda document, _: summed(document.allowances),
        "the sum of the allowances",
        "la somme des remises",
    ),
    equal(
        "BR-CO-12",
        "charges",
        lambda document, _: summed(document.charges),
        "the sum of the charges",
        "la somme des frais",
    ),
    equal(
        "BR-CO-13",
        "net",
        lambda _, totals: totals.lines.amount - amount(totals.allowances) + amount(totals.charges),
        "the total without VAT",
        "le total hors taxe",
    ),
    equal(
        "BR-CO-14",
        "vat",
        lambda _, totals: sum((row.tax.amount for row in totals.breakdown), ZERO),
        "the sum of the VAT of each rate",
        "la somme de la TVA de chaque taux",
    ),
    equal(
        "BR-CO-15",
        "gross",
        lambda _, totals: totals.net.amount + totals.vat.amount,
        "the total without VAT plus the VAT",
        "le total hors taxe plus la TVA",
    ),
    equal(
        "BR-CO-16",
        "payable",
        lambda _, totals: totals.gross.amount - amount(totals.prepaid) + amount(totals.rounding),
        "the amount due",
        "le montant à payer",
    ),
    rule(
        "BR-CO-17",
        wrong_taxes,
        en=("the VAT of this rate is {expected}, the document says {found}", REDO["en"]),
        fr=("la TVA de ce taux est {expected}, le document dit {found}", REDO["fr"]),
    ),
    rule(
        "BR-CO-18",
        no_breakdown,
        en=("the document has no VAT breakdown", REDO["en"]),
        fr=("le document n'a pas de ventilation de la TVA", REDO["fr"]),
    ),
    rule(
        "MB-CURRENCY",
        foreign_figures,
        law="EN 16931-1:2017, BT-5",
        en=("totals are in {found}, the document in {expected}", REDO["en"]),
        fr=("des totaux sont en {found}, le document en {expected}", REDO["fr"]),
    ),
    rule(
        "MB-NEGATIVE",
        below_zero,
        law="EN 16931-1:2017, BT-3; CGI art. 289, I 5",
        en=(
            "the total is negative ({found})",
            "issue the opposite document: what takes from a debt is a credit note",
        ),
        fr=(
            "le total est négatif ({found})",
            "émettez le document inverse : ce qui réduit une dette est un avoir",
        ),
    ),
    rule(
        "MB-NET",
        wrong_nets,
        law="EN 16931-1:2017, BT-131",
        en=("the line amounts to {expected}, the document says {found}", REDO["en"]),
        fr=("la ligne fait {expected}, le document dit {found}", REDO["fr"]),
    ),
)
