"""Allowances and charges, of lines and of the document: how much, under which VAT, why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from multibill.documents.adjustments import Adjustment
from multibill.documents.checks.finding import Check, Find, Place, among, blank, rule
from multibill.documents.checks.reasons import ALLOWANCES, CHARGES, NAMES
from multibill.documents.document import Document

Broken = Callable[[Any], bool]

LISTS: Mapping[str, frozenset[str]] = {"allowances": ALLOWANCES, "charges": CHARGES}
UNTDID = {"allowances": "5189", "charges": "7161"}


def adjusted(document: Document, name: str, lines: bool) -> Iterator[tuple[str, Adjustment]]:
    """The allowances or charges of the document, or those of its lines, each with the list it stands in."""
    if not lines:
        yield from ((f"/{name}", item) for item in getattr(document, name))
        return
    for line in document.lines:
        owner = f"/lines/{line.id}/{name}" if line.id else "/lines"
        yield from ((owner, item) for item in getattr(line, name))


def found(name: str, lines: bool, field: str, broken: Broken) -> Find:
    """Finds the allowances or charges that are broken."""

    def find(document: Document, _: date) -> Iterator[Place]:
        for owner, item in adjusted(document, name, lines):
            if broken(item):
                yield (
                    among(owner, item, field),
                    {
                        "reason": item.reason or item.reason_code or "?",
                        "code": item.reason_code,
                        "list": UNTDID[name],
                    },
                )

    return find


def unknown(name: str) -> Broken:
    """Whether a reason code is on no list."""
    return lambda item: item.reason_code is not None and item.reason_code not in LISTS[name]


def contradicted(name: str) -> Broken:
    """Whether the words of the reason are the list's name of another code."""

    def broken(item: Adjustment) -> bool:
        named = NAMES[name].get((item.reason or "").strip().casefold())
        return item.reason_code is not None and named not in {None, item.reason_code}

    return broken


def unexplained(item: Adjustment) -> bool:
    """Whether there is neither reason nor code."""
    return blank(item.reason) and blank(item.reason_code)


def any_place(name: str, field: str, broken: Broken) -> Find:
    """Finds the broken ones of the document and of its lines."""
    finds = found(name, False, field, broken), found(name, True, field, broken)
    return lambda document, on: [place for find in finds for place in find(document, on)]


EN = {"allowances": "allowance", "charges": "charge"}
ARTICLE = {"allowances": "an", "charges": "a"}
FR = {
    "allowances": ("une remise", "la remise", "n'a"),
    "charges": ("des frais", "les frais", "n'ont"),
}


def of(name: str, ids: tuple[str, str, str, str], *, lines: bool) -> tuple[Check, ...]:
    """The rules of one list: amount, reason (which the standard numbers twice), and that code and reason agree."""
    amount, reason, twin, same = ids
    needs = f"line_{name}" if lines else name
    en, (some, fr, lack) = EN[name], FR[name]
    here = "of a line" if lines else "of the document"
    ici = "d'une ligne" if lines else "du document"
    return (
        rule(
            amount,
            found(name, lines, "amount", lambda item: blank(item.total)),
            en=(f"the {en} {{reason}} {here} has no amount", "give an amount or a percentage"),
            fr=(f"{fr} {{reason}} {ici} {lack} pas de montant", "indiquez un montant ou un taux"),
            needs=needs,
        ),
        rule(
            reason,
            found(name, lines, "reason", unexplained),
            law=f"EN 16931-1:2017, {reason} and {twin}",
            en=(
                f"{ARTICLE[name]} {en} {here} gives no reason",
                "say why, or give a code",
            ),
            fr=(f"{some} {ici} {lack} pas de motif", "indiquez un motif ou un code"),
            needs=needs,
        ),
        rule(
            same,
            found(name, lines, "reason_code", contradicted(name)),
            severity="warning",
            en=(
                f"the {en} {here} is called {{reason}}, which is not what its code {{code}} means",
                "make reason and code say the same",
            ),
            fr=(
                f"{fr} {ici} : {{reason}} n'est pas ce que dit le code {{code}}",
                "accordez le motif et le code",
            ),
            needs=needs,
        ),
    )


def categorised(id: str, name: str) -> Check:
    """The rule that each allowance or charge of the document has a VAT category."""
    en, (_, fr, lack) = EN[name], FR[name]
    return rule(
        id,
        found(name, False, "vat/category", lambda item: blank(item.vat.category)),
        en=(f"the {en} {{reason}} has no VAT category", "choose one: S, Z, E, AE, K, G or O"),
        fr=(
            f"{fr} {{reason}} {lack} pas de catégorie de TVA",
            "choisissez S, Z, E, AE, K, G ou O",
        ),
        needs=name,
    )


def listed(id: str, name: str, needs: str) -> Check:
    """The rule that a reason code is on its list."""
    return rule(
        id,
        any_place(name, "reason_code", unknown(name)),
        law=f"EN 16931-1:2017; UNTDID {UNTDID[name]}",
        en=("{code} is no code of UNTDID {list}", "take one of the list, or give a reason alone"),
        fr=(
            "{code} n'est pas un code UNTDID {list}",
            "prenez un code de la liste, ou un motif seul",
        ),
        needs=needs,
    )


ADJUSTMENTS = (
    *of("allowances", ("BR-31", "BR-33", "BR-CO-21", "BR-CO-05"), lines=False),
    *of("charges", ("BR-36", "BR-38", "BR-CO-22", "BR-CO-06"), lines=False),
    *of("allowances", ("BR-41", "BR-42", "BR-CO-23", "BR-CO-07"), lines=True),
    *of("charges", ("BR-43", "BR-44", "BR-CO-24", "BR-CO-08"), lines=True),
    categorised("BR-32", "allowances"),
    categorised("BR-37", "charges"),
    listed("BR-CL-19", "allowances", "any_allowances"),
    listed("BR-CL-20", "charges", "any_charges"),
)
