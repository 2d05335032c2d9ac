"""Doc: the fields of a document that conditions, filters and order may use, taken from the model map."""

from __future__ import annotations

from datetime import date

from multibill.documents import KINDS, Document
from multibill.model import model_map
from multibill.query.fields import Fields
from multibill.query.types import DATE, MONEY, TEXT, Type, choice

PHASES = ("draft", "discarded", "issued")
SETTLEMENTS = ("open", "part-paid", "paid", "written-off")

SUMMARY: dict[str, Type] = {
    "kind": choice(*KINDS),
    "phase": choice(*PHASES),
    "buyer.name": TEXT,
    "payable": MONEY,
    "value": MONEY,
    "settlement": choice(*SETTLEMENTS),
    "due": MONEY,
}
"""What is not one indexed path: the kind, the closed set of phases, and figures fixed at each save.

``payable`` is the amount due (BT-115) in the document's currency; ``value`` the total with VAT, absolute, in the
seller's currency, unknown while a rate is missing. ``settlement`` and ``due`` are known of issued invoices and credit
notes: what is still to be paid, or to be given.
"""


def _indexed() -> dict[str, Type]:
    entries = [entry for entry in model_map(Document) if entry.term.indexed]
    return {
        entry.path[1:].replace("/", "."): DATE if entry.type is date else TEXT for entry in entries
    }


DOCUMENT_FIELDS: dict[str, Type] = {**_indexed(), **SUMMARY}

Doc = Fields("Doc", DOCUMENT_FIELDS, custom=True, authors=True)
