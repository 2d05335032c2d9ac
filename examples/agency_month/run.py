"""A month at a web agency: a time sheet becomes invoices, drafted by one person and checked by another.

    python run.py FOLDER

Reads the CSV files beside it; leaves agency.db, the invoices as PDF and JSON, and summary.html in the folder.
Claire and Marc work in two processes that share nothing but the database. All names are invented.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from decimal import Decimal
from functools import partial
from html import escape
from multiprocessing import get_context
from pathlib import Path
from string import Template
from typing import Any

import multibill as mb
from multibill.codec import WIRE, canonical

HERE = Path(__file__).parent
HOURS = {"HUR": 1, "DAY": 7}
MONTH = mb.Period("2026-11-01", "2026-11-30")
CLAIRE = mb.Actor("claire", roles={"sales"}, teams={"web"})
MARC = mb.Actor("marc", roles={"manager"})
REMARKS = {"kermadec": "the repair for Corsica is under warranty"}
FOUGERE = mb.Seller(
    "fougere",
    mb.Party(
        "Atelier Fougère SARL",
        siren="111222337",
        vat_id="FR21111222337",
        legal="SARL au capital de 10 000 EUR, RCS Paris",
        address=mb.Address("12 rue des Envierges", "75020", "Paris", "FR"),
    ),
    timezone="Europe/Paris",
    series={"invoice": "F{year}-{n:05}", "credit_note": "A{year}-{n:05}"},
)
Row = dict[str, str]
Table = list[tuple[str, ...]]


def read(file: str, parse: Callable[[Row], Any], rejected: Table) -> list[Any]:
    """What the rows of a file say; one that makes no sense is left out as a whole: where, and why."""
    good = []
    with (HERE / file).open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.DictReader(stream, restval="")
        for row in rows:
            try:
                good.append(parse(row))
            except ValueError as error:  # multibill's own are among them
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


def entry(customers: dict[str, str], rates: dict[Any, mb.Line], row: Row) -> tuple[str, mb.Line]:
    """A row of timesheet.csv, which is a detailed report of Toggl Track: the customer's id and a line."""
    customer, rate = customers.get(row["Client"]), rates.get((row["Project"], row["User"]))
    duration = re.fullmatch(r"(\d+):([0-5]\d):([0-5]\d)", row["Duration"])
    if row["Billable"] != "Yes":
        raise ValueError("not billable")
    if not row["Start date"].startswith("2026-11-"):
        raise ValueError(f"{row['Start date']} is not in November")
    if duration is None:
        raise ValueError(f"{row['Duration']!r} is not a duration such as 01:30:00")
    if customer is None:
        raise ValueError(f"no valid customer {row['Client']!r} in customers.csv")
    if rate is None:
        raise ValueError(f"no valid rate for {row['User']} on {row['Project']} in rates.csv")
    hours, minutes, seconds = map(Decimal, duration.groups())
    return customer, mb.Line(
        name=row["Description"],
        description=f"{row['Project']}, {rate.name}, {row['Start date']}",
        quantity=round((hours + minutes / 60 + seconds / 3600) / HOURS[rate.unit], 2),
        unit=rate.unit,
        unit_price=rate.unit_price,
        vat=rate.vat,
    )


def prepare(desk: mb.Workspace) -> tuple[list[str], Table]:
    """Claire drafts one invoice a customer and submits it. Thanks to the key, never a second one."""
    rejected: Table = []
    customers = read("customers.csv", customer, rejected)
    rates = dict(read("rates.csv", rate, rejected))
    ids = {one.party.name: one.id for one in customers}
    entries = read("timesheet.csv", partial(entry, ids, rates), rejected)
    drafts = []
    for one in customers:
        desk.customers.save(one)
        lines = [line for id, line in entries if id == one.id]
        key = f"2026-11:{one.id}"
        draft = desk.invoices.draft(seller="fougere", buyer=one.id, key=key, period=MONTH, lines=lines)
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
    """Claire takes the repair off the refused draft and submits it again."""
    for row in desk.invoices.list(mb.Doc.state == "refused"):
        draft = desk.invoices.get(row.id)
        repair = next(line for line in draft.lines if line.name == "Frais de port en Corse")
        saved = desk.invoices.save(draft.without_line(repair.id), reason="as Marc says")
        desk.invoices.submit(saved.document)


def issue(desk: mb.Workspace, folder: Path) -> Table:
    """Marc issues what is approved. What the law does not allow stays a draft and takes no number."""
    findings = []
    for row in desk.invoices.list(can={"issue"}, order="buyer_ref"):
        try:
            invoice = desk.invoices.issue(row.id)
            desk.invoices.pdf(invoice).save(folder / f"{invoice.number}.pdf")
            (folder / f"{invoice.number}.json").write_text(canonical(WIRE.tree(invoice)), "utf-8")
        except mb.PreflightFailed as refused:
            findings += [(row["buyer.name"], str(finding)) for finding in refused.findings]
    return findings


def shorten(desk: mb.Workspace) -> None:
    """Claire shortens the terms of what could not be issued; with that, its approval is void."""
    for row in desk.invoices.list(mb.Doc.state == "approved"):
        changes = {"/terms/days": 60}
        desk.invoices.edit(row.id, base=row.version, changes=changes, reason="60 days is the most")


def story(desk: mb.Workspace) -> dict[str, Table]:
    """What became of it, as the database tells it."""
    invoices = [desk.invoices.get(row.id) for row in desk.invoices.list(order="number")]
    past = {one.number: list(desk.invoices.history(one)) for one in invoices}
    ...
    return {
    }


@contextmanager
def person(folder: Path, actor: mb.Actor) -> Iterator[Callable[..., Any]]:
    """Somebody with a process of their own, to be told at which hour to do what."""
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        yield lambda *what: process.submit(at_desk, folder, actor, *what).result()


def at_desk(folder: Path, actor: mb.Actor, hour: str, work: Callable[..., Any], *args: Any) -> Any:
    """What happens in that process: open the database, do the work, close it."""
    with closing(opened(folder, hour)) as billing:
        return work(billing.workspace("fougere", actor=actor), *args)


def opened(folder: Path, hour: str) -> mb.Billing:
    """multibill on the agency's database, with a clock that stands at this hour."""
    clock = mb.FrozenClock(f"2026-11-30T{hour}:00Z")
    return mb.Billing.open(f"sqlite:///{folder}/agency.db", policy=mb.presets.agency(), clock=clock)
