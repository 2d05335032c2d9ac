"""A month at a web agency: a time sheet becomes invoices, drafted by one person, checked by another.

    python run.py FOLDER

Reads the CSV files beside it; leaves the database, the invoices and a summary in the folder.
Claire and Marc are two processes that share nothing but that database. All names are invented.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from decimal import Decimal
from html import escape
from multiprocessing import get_context
from pathlib import Path
from string import Template
from typing import Any

import multibill as mb
from multibill.codec import WIRE, canonical

HERE, FOLDER = Path(__file__).parent, Path(sys.argv[-1])
SELLER = mb.Seller(
    "fougere",
    mb.Party(
        "Atelier Fougère SARL",
        siren="111222337",
        vat_id="FR21111222337",
        legal="SARL au capital de 10 000 EUR, RCS Paris",
        address=mb.Address("12 rue des Envierges", "75020", "Paris", "FR"),
    ),
    timezone="Europe/Paris",
    series={"invoice": "F{year}-{n:05}"},
)
CLAIRE = mb.Actor("claire", roles={"sales"}, teams={"web"})
MARC = mb.Actor("marc", roles={"manager"})
REMARKS = {"kermadec": "they want their order number BC-2026-118 on it"}
CORRECTIONS = {"kermadec": {"/purchase_order": "BC-2026-118"}, "ostrel": {"/terms/days": 60}}
HOURS = {"HUR": 1, "DAY": 7}
Row = dict[str, str]
Table = list[tuple[str, ...]]


def read(file: str, parse: Callable[[Row], Any], rejected: Table) -> list[Any]:
    """What the rows of a file say; one that makes no sense is left out as a whole: where, why."""
    good = []
    with (HERE / file).open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.DictReader(stream, restval="")
        for row in rows:
            try:
                good.append(parse(row))
            except ValueError as error:  # what multibill refuses in a value is one of them
                rejected.append((f"{file}:{rows.line_num}", str(error)))
    return good


def customer(row: Row) -> mb.Customer:
    """A row of customers.csv."""
    address = mb.Address(row["Address"], row["Postcode"], row["City"], row["Country"])
    siren, vat_id = row["SIREN"] or None, row["VAT number"]
    party = mb.Party(row["Name"], siren=siren, vat_id=vat_id, address=address)
    terms = mb.Terms(days=int(row["Payment days"]))
    return mb.Customer(row["Id"], party, language=row["Language"], terms=terms)


def rate(row: Row) -> tuple[tuple[str, str], mb.Line]:
    """A row of rates.csv: whose work on which project, and a line for one unit of it."""
    vat = mb.VAT(row["VAT category"], row["VAT rate"])
    line = mb.Line(name=row["Role"], unit=row["Unit"], unit_price=row["Price"], vat=vat)
    return (row["Project"], row["User"]), line


def entry(row: Row, customers: dict[str, str], rates: dict[Any, mb.Line]) -> tuple[str, mb.Line]:
    """A row of timesheet.csv, a detailed report of Toggl Track: the customer's id and a line."""
    duration = re.fullmatch(r"(\d+):([0-5]\d):([0-5]\d)", row["Duration"])
    customer, rate = customers.get(row["Client"]), rates.get((row["Project"], row["User"]))
    if row["Billable"] != "Yes":
        raise ValueError("not billable")
    if not row["Start date"].startswith("2026-11-"):
        raise ValueError(f"{row['Start date']} is not in November")
    if duration is None:
        raise ValueError(f"{row['Duration']!r} is not a duration such as 01:30:00")
    if customer is None:
        raise ValueError(f"no valid customer {row['Client']!r} in customers.csv")
    if rate is None:
        raise ValueError(f"no valid rate for {row['User']} on {row['Project']!r} in rates.csv")
    hours, minutes, seconds = map(Decimal, duration.groups())
    spent = (hours + minutes / 60 + seconds / 3600) / HOURS[rate.unit]
    what = f"{row['Project']}, {rate.name}, {row['Start date']}"
    return customer, rate.evolve(name=row["Description"], description=what, quantity=round(spent, 2))


def prepare(desk: mb.Workspace) -> tuple[list[str], Table]:
    """Claire drafts an invoice a customer and submits it. With the key, never a second one."""
    rejected: Table = []
    drafts = []
    customers = read("customers.csv", customer, rejected)
    ids = {one.party.name: one.id for one in customers}
    rates = dict(read("rates.csv", rate, rejected))
    entries = read("timesheet.csv", lambda row: entry(row, ids, rates), rejected)
    for one in customers:
        desk.customers.save(one)
        draft = desk.invoices.draft(
            seller=SELLER.id,
            buyer=one.id,
            key=f"2026-11:{one.id}",
            period=mb.Period("2026-11-01", "2026-11-30"),
            lines=[line for id, line in entries if id == one.id],
        )
        drafts.append(draft.id)
        if draft.state == "draft":
            desk.invoices.submit(draft)
    return drafts, rejected


def overreach(desk: mb.Workspace, id: str) -> Table:
    """Claire tries to approve what she wrote herself."""
    try:
        desk.invoices.approve(id)
    except mb.Denied:
        why = desk.invoices.may("approve", id).explain()
    return [(line,) for line in why.splitlines()]


def review(desk: mb.Workspace, remarks: dict[str, str]) -> None:
    """Marc refuses the drafts that he has a remark on and approves the others."""
    for row in desk.invoices.list(can={"approve"}):
        draft = desk.invoices.get(row.id)
        if draft.buyer_ref in remarks:
            desk.invoices.refuse(draft, comment=remarks[draft.buyer_ref])
        else:
            desk.invoices.approve(draft)


def correct(desk: mb.Workspace) -> None:
    """Claire corrects what came back. What was approved before needs a new approval with that."""
    for row in desk.invoices.list(mb.Doc.state.in_({"refused", "approved"})):
        changes = CORRECTIONS[row.buyer_ref]
        saved = desk.invoices.edit(row.id, base=row.version, changes=changes)
        if saved.document.state == "refused":
            desk.invoices.submit(saved.document)


def issue(desk: mb.Workspace) -> Table:
    """Marc issues what is approved. What the law does not allow takes no number."""
    findings = []
    for row in desk.invoices.list(can={"issue"}, order="buyer_ref"):
        try:
            invoice = desk.invoices.issue(row.id)
            desk.invoices.pdf(invoice).save(FOLDER / f"{invoice.number}.pdf")
            (FOLDER / f"{invoice.number}.json").write_text(canonical(WIRE.tree(invoice)), "utf-8")
        except mb.PreflightFailed as refused:
            findings += [(row["buyer.name"], str(finding)) for finding in refused.findings]
    return findings


def story(desk: mb.Workspace) -> dict[str, Table]:
    """What became of it, as the database tells it."""
    invoices = [desk.invoices.get(row.id) for row in desk.invoices.list(order="number")]
    past = [(one.number, event) for one in invoices for event in desk.invoices.history(one)]
    deeds = Counter((event.actor, event.action) for _, event in past)
    sums = [(one.totals.net, one.totals.vat, one.totals.payable) for one in invoices]
    names = [(one.number, one.buyer.name) for one in invoices]
    return {
        "invoices": [
            (*name, *(f"{money.amount:>9,}" for money in three)) for name, three in zip(names, sums, strict=True)
        ],
        "deeds": [(who, what, f"{times}x") for (who, what), times in sorted(deeds.items())],
        "history": [(line,) for line in str(desk.invoices.history(invoices[2])).splitlines()],
        "proof": [(str(desk.audit.verify()),)],
    }


def at_desk(actor: mb.Actor, hour: str, work: Callable[..., Any], *args: Any) -> Any:
    """In a person's own process, at that hour: open the database, do the work, close it."""
    with closing(opened(hour)) as billing:
        return work(billing.workspace("fougere", actor=actor), *args)


def opened(hour: str) -> mb.Billing:
    """multibill over the agency's database, with a clock that stands still."""
    clock, policy = mb.FrozenClock(f"2026-11-30T{hour}:00Z"), mb.presets.agency()
    return mb.Billing.open(f"sqlite:///{FOLDER}/agency.db", policy=policy, clock=clock)
