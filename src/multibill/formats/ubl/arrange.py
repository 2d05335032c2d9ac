"""What UBL wants in another place than the model has it: one function each way."""

from __future__ import annotations

import re

from multibill.formats.table import Terms

PAID = ("BT-81", "BT-82", "BT-83", "BT-87", "BT-88", "BT-89", "BT-91", "BT-9")
OF_EACH = ("BT-81", "BT-82", "BT-83", "BT-9")
SUBJECT = re.compile("#([A-Z0-9]{3})#")
NO_ORDER = "NA"
"""What stands for the buyer's order (BT-13) where only the seller's (BT-14) is known: the schema demands one."""


def arranged(terms: Terms) -> Terms:
    """The terms with what the table asks for by name."""
    found = dict(terms)
    found["notes"] = [{"$note": _note(each)} for each in terms.get("notes", ())]
    if order := terms.get("BT-13") or ("BT-14" in terms and NO_ORDER):
        found["$order"] = order
    if means := _means(terms):
        found["$means"] = means
    if "BT-90" in terms:
        found["$payee.creditor" if "BT-59" in terms else "$creditor"] = terms["BT-90"]
    return found


def _note(note: Terms) -> str:
    return f"#{note['BT-21']}#{note['BT-22']}" if "BT-21" in note else note["BT-22"]


def _means(terms: Terms) -> list[Terms]:
    """The means of payment, once for each account."""
    if "BT-81" not in terms:
        return []
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
    transfers = []
    for each in terms.pop("$means", ()):
        account = {name: each.pop(name) for name in ("BT-84", "BT-85", "BT-86") if name in each}
        terms.update({name: value for name, value in each.items() if name not in terms})
        if "BT-84" in account:
            transfers.append(account)
    if transfers:
        terms["payment.transfers"] = transfers
    return terms


def _said(note: str) -> Terms:
    """A note with its subject, where it begins with one between number signs."""
    match = SUBJECT.match(note)
    return {"BT-21": match[1], "BT-22": note[match.end() :]} if match else {"BT-22": note}
