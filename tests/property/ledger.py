"""What the journal alone says of payments and credits: an oracle that uses no rule of the library's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from multibill.history import Changeset
from multibill.testing.oracles import put

Tree = dict[str, Any]
Sums = dict[str, Decimal]
ZERO = Decimal(0)


class Ledger:
    """The books of one tenant, read from its journal: issued documents, payments, settlements."""

    def __init__(self, journal: Iterable[Changeset]) -> None:
        bodies: dict[tuple[str, str], Tree] = defaultdict(dict)
        for entry in journal:
            for change in entry.changes:
                key = (entry.kind, entry.record)
                bodies[key] = put(bodies[key], change.path, change.after)
        self.bodies = bodies
        self.payments = self._of("payment")
        self.refunds = self._of("refund")
        self.settlements = self._of("settlement")
        self.invoices, self.notes = (
            {id: body for id, body in self._of(kind).items() if body["phase"] == "issued"}
            for kind in ("invoice", "credit_note")
        )

    def _of(self, kind: str) -> dict[str, Tree]:
        return {id: body for (name, id), body in self.bodies.items() if name == kind}

    def gross(self, document: Tree) -> Sums:
        """Amount with VAT of each row."""
        rows = document["totals"]["breakdown"].items()
        return {key: Decimal(row["taxable"]) + Decimal(row["tax"]) for key, row in rows}

    def lost(self, document: str) -> Sums:
        """What was written off of a document, per row."""
        rows = self.settlements.get(document, {}).get("written_off", {}).get("rows", {})
        return {key: Decimal(amount) for key, amount in rows.items()}

    def back(self, source: str) -> Sums:
        """What was paid back out of a payment or a credit note, as the refunds say."""
        return {
            id: Decimal(body["amount"])
            for id, body in self.refunds.items()
            if body["of"] == source and "reversed" not in body
        }

    def taken(self, document: str) -> Sums:
        """What payments, credit notes and a write-off took of a document, per row."""
        found: Sums = defaultdict(Decimal, self.lost(document))
        settlement = self.settlements.get(document, {})
        for side in ("payments", "credits"):
            for rows in settlement.get(side, {}).values():
                for key, amount in rows.items():
                    found[key] += Decimal(amount)
        return found

    def given(self, payment: str) -> Sums:
        """What a payment gave to each document, as the documents' settlements say."""
        return {
            document: sum(map(Decimal, body["payments"][payment].values()), ZERO)
            for document, body in self.settlements.items()
            if payment in body.get("payments", {})
        }

    def used(self, note: str) -> Sums:
        """What a credit note gave to each invoice, as the invoices' settlements say."""
        return {
            document: sum(map(Decimal, body["credits"][note].values()), ZERO)
            for document, body in self.settlements.items()
            if note in body.get("credits", {})
        }

    def due(self, id: str) -> Decimal:
        """What remains to be paid of an invoice, or to be given of a credit note."""
        if id in self.notes:
            payable = Decimal(self.notes[id]["totals"]["payable"])
            return payable - sum((*self.used(id).values(), *self.back(id).values()), ZERO)
        payable = Decimal(self.invoices[id]["totals"]["payable"])
        return payable - sum(self.taken(id).values(), ZERO)

    def rest(self, payment: str) -> Decimal:
        """What of a payment stands to the customer's credit."""
        body = self.payments[payment]
        if "reversed" in body:
            return ZERO
        went = (*self.given(payment).values(), *self.back(payment).values())
        return Decimal(body["amount"]) - sum(went, ZERO)

    def credited(self, invoice: str) -> dict[str, tuple[Decimal, Decimal]]:
        """Taxable amount and tax that all issued credit notes that name an invoice take back, per row."""
        sums: dict[str, tuple[Decimal, Decimal]] = defaultdict(lambda: (ZERO, ZERO))
        number = self.invoices[invoice]["number"]
        for note in self.notes.values():
            if number in {named["number"] for named in note["preceding"].values()}:
                for key, row in note["totals"]["breakdown"].items():
                    taxable, tax = sums[key]
                    sums[key] = taxable + Decimal(row["taxable"]), tax + Decimal(row["tax"])
        return sums

    def breaches_of_16(self) -> list[str]:
        """Payments that gave more than they are, debts below zero, records that say different things."""
        found = []
        for id, body in self.payments.items():
            given = self.given(id)
            said = {key: Decimal(part) for key, part in body.get("allocations", {}).items()}
            if given != said:
                found.append(f"payment {id} says {said}, the documents say {given}")
            if self.rest(id) < 0:
                found.append(f"payment {id} gave {given} and {self.back(id)} of {body['amount']}")
            if "reversed" in body and (given or self.back(id)):
                found.append(f"payment {id} was reversed and still gives {given}")
            found += self._other_refunds(id, body)
        for id in self.notes:
            uses = self.settlements.get(id, {}).get("uses", {})
            if self.used(id) != {key: Decimal(part) for key, part in uses.items()}:
                found.append(f"credit note {id} says {uses}, the invoices say {self.used(id)}")
            found += self._other_refunds(id, self.settlements.get(id, {}))
        every = (*self.invoices, *self.notes)
        found += [f"{id} is due {self.due(id)}" for id in every if self.due(id) < 0]
        return found

    def _other_refunds(self, id: str, body: Tree) -> list[str]:
        said = {key: Decimal(part) for key, part in body.get("refunds", {}).items()}
        return [f"{id} paid back {said}, not {self.back(id)}"] if said != self.back(id) else []

    def breaches_of_17(self) -> list[str]:
        """Closed invoices whose payments, credits and write-offs are not what they ask per rate; too much of a rate.

        What is asked of a rate is its amount with VAT; where something was prepaid or rounded, only the sum is certain.
        """
        found = []
        for id, body in self.invoices.items():
            gross, taken = _some(self.gross(body)), _some(self.taken(id))
            asked = Decimal(body["totals"]["payable"])
            exact = sum(gross.values(), ZERO) == asked
            if self.due(id) == 0 and exact and gross != taken:
                found.append(f"{id} is closed by {taken}, its rows are {gross}")
            if exact and not all(
                _inside(part, gross.get(key, ZERO)) for key, part in taken.items()
            ):
                found.append(f"{id}: {taken} taken of {gross}")
            for key, parts in self.credited(id).items():
                row = body["totals"]["breakdown"].get(key, {"taxable": 0, "tax": 0})
                whole = Decimal(row["taxable"]), Decimal(row["tax"])
                if not all(map(_inside, parts, whole)) or (
                    parts[0] == whole[0] and parts[1] != whole[1]
                ):
                    found.append(f"{id}: {parts} of {whole} credited of {key}")
        return found


def _some(sums: Sums) -> Sums:
    return {key: amount for key, amount in sums.items() if amount}


def _inside(part: Decimal, whole: Decimal) -> bool:
    """Whether a part lies between nothing and the whole, on the whole's side."""
    return min(whole, ZERO) <= part <= max(whole, ZERO)
