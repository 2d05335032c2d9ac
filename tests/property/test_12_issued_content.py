"""Invariant 12: issued content never changes; envelope and reviews stay open.

Every verb is tried on issued invoices with random arguments; content and archived bytes stay equal to the byte.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from multibill.codec import canonical
from multibill.documents import (
    Attachment,
    Brand,
    Delivery,
    DocumentAllowance,
    DocumentCharge,
    Invoice,
    Line,
    Payee,
    PaymentInstructions,
)
from multibill.errors import Frozen, InvalidValue
from multibill.parties import Identifier, Party
from multibill.records import Actor
from multibill.testing import acme, oracles, rows_of, studio
from multibill.testing.machine import LINE, ORDINARY, Office, actors, edits
from tests.worlds import case, on_sqlite

CONTENT: dict[str, Any] = {
    "due_date": date(2027, 6, 1),
    "currency": "USD",
    "buyer_reference": "PO-7",
    "purchase_order": "4711",
    "delivery_date": date(2026, 1, 1),
    "buyer": Party(name="Somebody else"),
    "lines": (),
    "language": "en",
    "template": "other/2",
    "terms": None,
    "number": "F2026-99999",
    "issue_date": date(2020, 1, 1),
    "seller": Party(name="Another seller"),
    "type_code": "384",
    "tax_point_date": date(2026, 1, 1),
    "tax_point_code": "5",
    "project": "P-7",
    "contract": "C-1",
    "sales_order": "SO-1",
    "receiving_advice": "RA-1",
    "despatch_advice": "DA-1",
    "tender": "LOT-1",
    "object_id": Identifier("42"),
    "buyer_accounting": "401",
    "process": "S1",
    "operation": "goods",
    "vat_options": {"debits"},
    "payee": Payee(name="Factor SA"),
    "delivery": Delivery(name="Quai 4"),
    "payment": PaymentInstructions(means="58"),
    "allowances": [DocumentAllowance(id="a1", amount="1", vat="20")],
    "charges": [DocumentCharge(id="c1", amount="1", vat="20")],
    "attachments": [Attachment(id="x", reference="TS-1")],
    "prepaid": "10",
    "rounding_amount": "0.01",
    "cash_unit": "0.05",
    "vat_adjustments": {"S-20": "0.01"},
    "brand": Brand(template="studio"),
    "rounding": "precise",
    "tax_currency": "PLN",
}
"""One other value for each attribute of the content."""

ENVELOPE: dict[str, Any] = {
    "owner": "zoe",
    "team": "print",
    "assignee": "cat",
    "tags": {"paid", "à relancer"},
}


class Issued(Office):
    """One issued invoice and everything that people try on it."""

    @initialize()
    def begin(self) -> None:
        self.id = self.drafted(Actor("ann", roles={"manager"}))
        bob = self.workspace(Actor("bob", roles={"manager"})).invoices
        bob.submit(self.id)
        bob.approve(self.id)
        issued = bob.issue(self.id)
        self.seen[self.id] = [issued]
        self.content = self.stored()
        self.data = bytes(bob.pdf(issued))

    def stored(self) -> str:
        """The canonical bytes of the stored content."""
        (row,) = (
            row for row in rows_of(self.opened, "record", self.tenant) if row["id"] == self.id
        )
        return canonical(row["content"])

    @rule(actor=actors(), changes=edits(), back=st.integers(0, 3))
    def edit(self, actor: Actor, changes: dict[str, Any], back: int) -> None:
        base = max(1, self.latest(self.id).version - back)
        self.call(
            actor, lambda ws, r: ws.invoices.edit(self.id, base=base, changes=changes, request_id=r)
        )

    @rule(actor=actors(), name=st.sampled_from([*CONTENT]), back=st.integers(0, 3))
    def save_other_content(self, actor: Actor, name: str, back: int) -> None:
        """Refused as frozen, or as what only verbs set; the error names the path."""
        changed = self.stale(self.id, back).evolve(**{name: CONTENT[name]})
        if changed == self.stale(self.id, back):
            return
        with pytest.raises((Frozen, InvalidValue)) as caught:
            self.workspace(actor).invoices.save(changed)
        assert caught.value.path is not None
        assert caught.value.path.startswith(f"/{name}")

    @rule(actor=actors(), name=st.sampled_from([*ENVELOPE]))
    def save_other_envelope(self, actor: Actor, name: str) -> None:
        """Open for ever, to whoever may annotate."""
        office = self.workspace(Actor("bob", roles={"accountant"})).invoices
        saved = office.save(office.get(self.id).evolve(**{name: ENVELOPE[name]})).document
        assert getattr(saved, name) == ENVELOPE[name]
        self.seen[self.id].append(saved)

    @rule(actor=actors(), line=st.sampled_from([LINE, None]), id=st.sampled_from("az"))
    def edit_lines(self, actor: Actor, line: Any, id: str) -> None:
        base = self.latest(self.id).version
        changes = {f"/lines/{id}": line}
        self.call(
            actor, lambda ws, r: ws.invoices.edit(self.id, base=base, changes=changes, request_id=r)
        )

    @rule(actor=actors())
    def save_another_line(self, actor: Actor) -> None:
        more = self.latest(self.id).with_line(Line(name="More", unit_price="1", vat="20"))
        with pytest.raises(Frozen):
            self.workspace(actor).invoices.save(more)

    @rule(actor=actors(), verb=st.sampled_from(["submit", "approve", "discard", "refuse", "issue"]))
    def step(self, actor: Actor, verb: str) -> None:
        """No step leads anywhere from here."""
        said = {"comment": "no"} if verb == "refuse" else {}
        with pytest.raises(ORDINARY):
            getattr(self.workspace(actor).invoices, verb)(self.id, **said)

    @rule(customer=st.sampled_from([acme(language="en"), acme(party=Party(name="Acme Holding"))]))
    def move_the_registers(self, customer: Any) -> None:
        """A document keeps its snapshots."""
        self.workspace(Actor("bob", roles={"manager"})).customers.save(customer)
        seller = studio(party=Party(name="Studio SAS"), series={"invoice": "G{n}"})
        self.workspace(Actor("root", roles={"admin"})).sellers.save(seller)

    @rule(days=st.integers(1, 800))
    def wait(self, days: int) -> None:
        self.clock.advance(days=days)

    @invariant()
    def invariant_12_content_and_bytes_are_as_issued(self) -> None:
        assert self.content == self.stored()
        office = self.workspace(Actor("bob", roles={"manager"})).invoices
        assert self.data == bytes(office.pdf(self.id))
        assert told(self.seen[self.id][0]) == told(office.get(self.id))
        assert [] == oracles.frozen(self.journal())


def told(invoice: Invoice) -> Invoice:
    """The invoice without what stays open."""
    return invoice.evolve(version=0, **dict.fromkeys(ENVELOPE, None) | {"tags": ()})


TestInvariant12OnMemory = case(Issued, 15)
TestInvariant12OnSqlite = case(on_sqlite(Issued), 6)


@pytest.mark.slow
class TestInvariant12AtLength(case(on_sqlite(Issued), 100, 50)):  # type: ignore[misc]
    """The same, for longer."""


def test_the_pool_of_other_content_names_every_attribute_that_can_be_given() -> None:
    """A new attribute of the content belongs into the pool above."""
    from multibill.model import model_map

    heads = {
        e.path.split("/")[1]
        for e in model_map(Invoice)
        if e.part == "content" and not e.term.derived
    }
    untried = {"notes", "preceding", "period", "exchange", "tax_representative"}
    assert heads == CONTENT.keys() | untried
