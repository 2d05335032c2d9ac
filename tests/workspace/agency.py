"""An agency to test verbs in: on memory and on SQLite, with custom fields of every type and invoices in every state."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from multibill.documents import Invoice, Line
from multibill.ports import Storage
from multibill.records import Custom
from multibill.workspace import Workspace
from tests.office import Office

TYPES = {"text": str, "whole": int, "yes": bool, "exact": Decimal, "day": date}

FIELDS = (
    *(Custom(f"law_{name}", type, kind="invoice", part="content") for name, type in TYPES.items()),
    *(
        Custom(f"own_{name}", type, kind="invoice", indexed=type is not Decimal)
        for name, type in TYPES.items()
    ),
    Custom("segment", str, kind="customer"),
)
"""A field of each type in the content and in the envelope; the envelope's are indexed where they can be."""

LINES = (
    Line(id="a", name="Logo design", quantity=3, unit="DAY", unit_price="450", vat="20"),
    Line(id="b", name="Hosting", quantity=1, unit_price="90", vat="20"),
    Line(id="c", name="Domain", quantity=1, unit_price="12", vat="20"),
)

STATES = ("draft", "submitted", "approved", "refused", "discarded", "issued")
"""The states that an invoice can show; ``agency.standing(state)`` makes one that does."""


class Agency(Office):
    """``agency("ann")`` is the tenant as ann sees it, a manager in the team ``web`` when nothing else is said."""

    def __init__(self, storage: Storage, **options: Any) -> None:
        super().__init__(storage, **{"fields": FIELDS, **options})

    def __call__(self, name: str, *roles: str, **said: Any) -> Workspace:
        return self.as_(name, *(roles or ("manager",)), **{"teams": {"web"}, **said})

    def draft(self, **said: Any) -> Invoice:
        """A draft of ann's with three lines: a, b, c."""
        ask = {"seller": "studio", "buyer": "acme", "lines": LINES}
        made: Invoice = self("ann").invoices.draft(**ask | said)
        return made

    def standing(self, state: str, **said: Any) -> Invoice:
        """An invoice that ann drafted and bob reviewed, in one of ``STATES``."""
        ann, bob = self("ann").invoices, self("bob").invoices
        draft = self.draft(**said)
        if state == "draft":
            return draft
        if state == "discarded":
            return ann.discard(draft)
        draft = ann.submit(draft)
        if state == "submitted":
            return draft
        if state == "refused":
            return bob.refuse(draft, comment="too dear")
        draft = bob.approve(draft)
        return bob.issue(draft) if state == "issued" else draft

    def verified(self) -> bool:
        """Whether everything stored is what the journal says."""
        report = self.verify()
        assert () == report.faults
        return bool(report)


@pytest.fixture
def agency(anywhere: Storage) -> Agency:
    """An agency on each storage."""
    return Agency(anywhere)
