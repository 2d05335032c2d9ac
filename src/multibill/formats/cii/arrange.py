"""What the Cross Industry Invoice wants in another place than the model has it: one function each way."""

from __future__ import annotations

import re
from typing import Any

from multibill.formats.table import Terms

IBAN = re.compile("[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}")

TAX_POINT = {"3": "5", "35": "29", "432": "72"}
"""BT-8 is of UNTDID 2005 in the model and in UBL, of UNTDID 2475 here."""

PAID = ("BT-81", "BT-82", "BT-87", "BT-88", "BT-91")


def arranged(terms: Terms) -> Terms:
    """The terms with what the table asks for by name."""
    found = dict(terms)
    for party, term in (("seller", "BT-29"), ("buyer", "BT-46")):
        _by_scheme(found, terms.get(f"{party}.identifiers", ()), term)
    for term in ("BT-60", "BT-71"):
        if term in terms:
            found[f"${'global' if f'{term}-1' in terms else 'plain'}.{term}"] = terms[term]
    if means := _means(terms):
        found["$means"] = means
    point = {name: terms[name] for name in ("BT-7", "BT-8") if name in terms}
    if point:
        if "BT-8" in point:
            point["BT-8"] = TAX_POINT.get(point["BT-8"], point["BT-8"])
        found["totals.breakdown"] = [row | point for row in terms.get("totals.breakdown", ())]
    return found


def _by_scheme(found: Terms, identifiers: Any, term: str) -> None:
    for each in identifiers:
        kept = "global" if f"{term}-1" in each else "plain"
        found.setdefault(f"${kept}.{term}", []).append(each)


def _means(terms: Terms) -> list[Terms]:
    """The means of payment, once for each account."""
    said = {name: terms[name] for name in PAID if name in terms}
    transfers = [each | _account(each["BT-84"]) for each in terms.get("payment.transfers", ())]
    if not said and not transfers:
        return []
    first, *rest = transfers or [{}]
    code = {name: said[name] for name in ("BT-81", "BT-82") if name in said}
    return [said | first, *(code | each for each in rest)]


def _account(account: str) -> Terms:
    return {"$iban" if IBAN.fullmatch(account) else "$account": account}


def restored(found: Terms) -> Terms:
    """The terms of the model, from what the table calls by name."""
    terms = dict(found)
    for party, term in (("seller", "BT-29"), ("buyer", "BT-46")):
        said = [*terms.pop(f"$plain.{term}", ()), *terms.pop(f"$global.{term}", ())]
        if said:
            terms[f"{party}.identifiers"] = said
    for term in ("BT-60", "BT-71"):
        for kept in ("plain", "global"):
            if (value := terms.pop(f"${kept}.{term}", None)) is not None:
                terms[term] = value
    _restore_means(terms)
    rows = terms.get("totals.breakdown", ())
    for row in rows:
        for name in ("BT-7", "BT-8"):
            if name in row:
                terms[name] = row.pop(name)
    if "BT-8" in terms:
        codes = {code: own for own, code in TAX_POINT.items()}
        terms["BT-8"] = codes.get(terms["BT-8"], terms["BT-8"])
    return terms


def _restore_means(terms: Terms) -> None:
    transfers = []
    for each in terms.pop("$means", ()):
        accounts = [each.pop(name) for name in ("$iban", "$account") if name in each]
        said = {name: each.pop(name) for name in PAID if name in each}
        terms.update({name: value for name, value in said.items() if name not in terms})
        left = accounts[1:] if accounts else [*each.values()]
        terms["$lost"] = [*terms.get("$lost", ()), *(("BT-84", text) for text in left)]
        if accounts:
            transfers.append({"BT-84": accounts[0], **each})
    if transfers:
        terms["payment.transfers"] = transfers
