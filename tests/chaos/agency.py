"""The tenant that all writers share: its two people, what they draft, and the calls a writer makes for each invoice.

A call is known by (verb, name): the same two words ask for the same thing again, whoever asks and however often.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from zlib import crc32

from multibill import Billing, FrozenClock, Line, Workspace, presets
from multibill.records import Actor
from multibill.testing import acme, studio

TENANT = "t1"
TODAY = "2026-11-30T10:00:00Z"
SALES = Actor("ann", roles={"sales"}, teams={"web"})
MANAGER = Actor("bob", roles={"manager"})
RATES = ("20", "10", "5.5")
CENT = Decimal("0.01")

Verb = Callable[["Office", str, str], object]


class Office:
    """The two people at their desks, over one Billing: ann drafts and submits, bob approves and issues."""

    def __init__(self, billing: Billing) -> None:
        self.billing = billing
        self.verbs = VERBS
        self.ann: Workspace = billing.workspace(TENANT, actor=SALES)
        self.bob: Workspace = billing.workspace(TENANT, actor=MANAGER)

    def close(self) -> None:
        """Leave no connection open; a fork must not inherit one."""
        self.billing.close()


def opened(url: str) -> Billing:
    """A Billing on the file, with a clock that stands still: numbers and totals can be foretold."""
    return Billing.open(url, policy=presets.agency(), clock=FrozenClock(TODAY))


def founded(url: str) -> None:
    """The tables, the tenant, its seller and customer."""
    billing = opened(url)
    billing.migrate()
    billing.provision(TENANT, by=Actor.service("setup"), sellers=[studio()])
    Office(billing).ann.customers.save(acme())
    billing.close()


def lines(name: str) -> list[Line]:
    """One to four lines that follow from the name, so that anybody can tell a whole invoice from a torn one."""
    seed = crc32(name.encode())
    return [
        Line(
            name=f"Work {name} part {part}",
            quantity=Decimal(seed % 97 + part) / 4,
            unit="DAY",
            unit_price=Decimal(seed % 90001 + 100 * part) / 100,
            vat=RATES[(seed + part) % 3],
        )
        for part in range(1 + seed % 4)
    ]


def vat_of(name: str) -> dict[Decimal, tuple[Decimal, Decimal]]:
    """Rate -> (taxable, tax) of the lines of this name, worked out apart from the library."""
    taxable: dict[Decimal, Decimal] = {}
    for line in lines(name):
        net = (line.quantity * line.unit_price).quantize(CENT, ROUND_HALF_UP)
        taxable[line.vat.rate] = taxable.get(line.vat.rate, Decimal(0)) + net
    return {
        rate: (net, (net * rate / 100).quantize(CENT, ROUND_HALF_UP))
        for rate, net in taxable.items()
    }


def _draft(office: Office, name: str, id: str) -> object:
    made = office.ann.invoices.draft(seller="studio", buyer="acme", key=name, lines=lines(name))
    return made.id


def _submit(office: Office, name: str, id: str) -> object:
    return office.ann.invoices.submit(id, request_id=f"{name}:submit").id


def _approve(office: Office, name: str, id: str) -> object:
    return office.bob.invoices.approve(id, request_id=f"{name}:approve").id


def _issue(office: Office, name: str, id: str) -> object:
    return office.bob.invoices.issue(id, request_id=f"{name}:issue").number


def _archive(office: Office, name: str, id: str) -> object:
    return office.bob.invoices.pdf(id).sha256


VERBS: Mapping[str, Verb] = {
    "draft": _draft,
    "submit": _submit,
    "approve": _approve,
    "issue": _issue,
    "archive": _archive,
}
"""The calls of one invoice's life in order. Each answers with what an acknowledgement would tell its user."""

ACTORS = {"submit": SALES.id, "approve": MANAGER.id, "issue": MANAGER.id}
"""Who sends the request id of a verb."""


def call(office: Office, verb: str, name: str, id: str) -> str:
    """Carry out one call, for the first time or once more; what it answers: an id, a number, a digest."""
    return str(office.verbs[verb](office, name, id))


def url_of(path: Path) -> str:
    """The SQLite URL of a file."""
    return f"sqlite:///{path}"
