"""What UBL wants in another place than the model has it: one function each way."""

from __future__ import annotations

import re

from multibill.documents.types import TYPES
from multibill.formats.preflight import NO_ORDER
from multibill.formats.table import Terms

PAID = ("BT-81", "BT-82", "BT-83", "BT-87", "BT-88", "BT-89", "BT-91", "BT-9")
OF_EACH = ("BT-81", "BT-83", "BT-9")
"""The text of the means (BT-82) stands once (UBL-SR-46)."""
SUBJECT = re.compile("#([A-Z0-9]{3})#")
TAXES = "FC"
"""The scheme of the seller's registration for taxes (BT-32); what others write there is no term of the standard."""
UNNAMED = "1"
"""UNTDID 4461, instrument not defined: a credit note's due date stands among the means of payment."""


def arranged(terms: Terms) -> Terms:
    """The terms with what the table asks for by name."""
    found = dict(terms)
    found["notes"] = [{"$note": _note(each)} for each in terms.get("notes", ())]
    if order := terms.get("BT-13") or ("BT-14" in terms and NO_ORDER):
        found["$order"] = order
    if means := _means(terms):
        found["$means"] = means
    if "BT-32" in terms:
        found["$scheme"] = TAXES
    if "BT-90" in terms:
        found["$payee.creditor" if "BT-59" in terms else "$creditor"] = terms["BT-90"]
    return found


def _note(note: Terms) -> str:
    return f"#{note['BT-21']}#{note['BT-22']}" if "BT-21" in note else note["BT-22"]


def _means(terms: Terms) -> list[Terms]:
    """The means of payment, once for each account."""
    if "BT-81" not in terms:
        due = "BT-9" in terms and terms["BT-3"] in TYPES["credit_note"]
        return [{"BT-81": UNNAMED, "BT-9": terms["BT-9"]}] if due else []
    said = {name: terms[name] for name in PAID if name in terms}
    each = {name: said[name] for name in OF_EACH if name in said}
    first, *rest = terms.get("payment.transfers") or [{}]
    return [said | first, *(each | other for other in rest)]


def restored(found: Terms) -> Terms:
    """The terms of the model, from what the table calls by name."""
    terms = dict(found)
    if "notes" in terms:
        terms["notes"] = [_said(each["$note"]) for each in terms["notes"] if "$note" in each]
    order = terms.pop("$order", None)
    if order is not None and not (order == NO_ORDER and "BT-14" in terms):
        terms["BT-13"] = order
    for name in ("$payee.creditor", "$creditor"):
        if name in terms:
            terms["BT-90"] = terms.pop(name)
    if (scheme := terms.pop("$scheme", TAXES)) != TAXES:
        terms["$lost"] = [*terms.get("$lost", ()), ("BT-32", scheme)]
    _restore_means(terms)
    return terms


def _restore_means(terms: Terms) -> None:
    transfers = []
    for each in terms.pop("$means", ()):
        if each.keys() == {"BT-81", "BT-9"} and each["BT-81"] == UNNAMED:
            del each["BT-81"]
        account = {name: each.pop(name) for name in ("BT-84", "BT-85", "BT-86") if name in each}
        terms.update({name: value for name, value in each.items() if name not in terms})
        if "BT-84" in account:
            transfers.append(account)
    if transfers:
        terms["payment.transfers"] = transfers


def _said(note: str) -> Terms:
    """A note with its subject, where it begins with one between number signs."""
    match = SUBJECT.match(note)
    return {"BT-21": match[1], "BT-22": note[match.end() :]} if match else {"BT-22": note}
