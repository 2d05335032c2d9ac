"""A month at a web agency: a time sheet becomes invoices, drafted by one person, checked by another.

    python run.py FOLDER

Reads the CSV files beside it; leaves the database, the invoices and a summary in the folder.
Claire and Marc are two processes that share nothing but that database. All names are invented.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from pages import contact_sheets
from summary import Table, publish, story

import multibill as mb

HERE, FOLDER = Path(__file__).parent, Path(*sys.argv[1:2])
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
MONTH = mb.Period("2026-11-01", "2026-11-30")
HOURS = {"HUR": 1, "DAY": 7}
Row = dict[str, str]


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
    siren, vat_id = row["SIREN"], row["VAT number"]
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
    if rate is None or rate.unit not in HOURS:
        raise ValueError(f"no valid rate for {row['User']} on {row['Project']!r} in rates.csv")
    hours, minutes, seconds = map(Decimal, duration.groups())
    units = round((hours + minutes / 60 + seconds / 3600) / HOURS[rate.unit], 2)
    when = f"{row['Project']}, {rate.name}, {row['Start date']}"
    return customer, rate.evolve(name=row["Description"], description=when, quantity=units)


def prepare(desk: mb.Workspace) -> Table:
    """Claire drafts an invoice a customer and submits it; again, and the key finds the same draft."""
    rejected: Table = []
    customers = read("customers.csv", customer, rejected)
    ids = {one.party.name: one.id for one in customers}
    rates = dict(read("rates.csv", rate, rejected))
    entries = read("timesheet.csv", lambda row: entry(row, ids, rates), rejected)
    for one in customers:
        desk.customers.save(one)
        lines = [line for id, line in entries if id == one.id]
        draft = desk.invoices.draft(
            seller="fougere", buyer=one.id, key=f"2026-11:{one.id}", period=MONTH, lines=lines
        )
        if draft.state == "draft":
            desk.invoices.submit(draft)
    return rejected


def overreach(desk: mb.Workspace) -> str:
    """Claire tries to approve what she wrote herself: refused, and why."""
    first = desk.invoices.list(order="buyer_ref")[0]
    try:
        return desk.invoices.approve(first.id).state
    except mb.Denied:
        return desk.invoices.may("approve", first.id).explain()


def review(desk: mb.Workspace, remarks: dict[str, str]) -> None:
    """Marc refuses the drafts that he has a remark on and approves the others."""
    for row in desk.invoices.list(can={"approve"}):
        draft = desk.invoices.get(row.id)
        if draft.buyer_ref in remarks:
            desk.invoices.refuse(draft, comment=remarks[draft.buyer_ref])
        else:
            desk.invoices.approve(draft)


def correct(desk: mb.Workspace, changes: dict[str, dict[str, Any]]) -> None:
    """Claire corrects what came back. If it was approved before, that no longer counts."""
    for row in desk.invoices.list(mb.Doc.buyer_ref.in_(set(changes))):
        saved = desk.invoices.edit(row.id, base=row.version, changes=changes[row.buyer_ref])
        if saved.document.state == "refused":
            desk.invoices.submit(saved.document)


def issue(desk: mb.Workspace) -> list[tuple[str, Any]]:
    """Marc issues what is approved. What the law does not allow takes no number: the findings."""
    findings = []
    for row in desk.invoices.list(can={"issue"}, order="buyer_ref"):
        try:
            invoice = desk.invoices.issue(row.id)
            desk.invoices.pdf(invoice).save(FOLDER)
            desk.invoices.json(invoice).save(FOLDER)
        except mb.PreflightFailed as refused:
            findings += [(row["buyer.name"], finding) for finding in refused.findings]
    return findings


def opened(hour: str) -> mb.Billing:
    """multibill over the agency's database, at this hour of the last day of the month."""
    clock, policy = mb.FrozenClock(f"2026-11-30T{hour}:00Z"), mb.presets.agency()
    return mb.Billing.open(f"sqlite:///{FOLDER}/agency.db", policy=policy, clock=clock)


def at_desk(actor: mb.Actor, hour: str, work: Callable[..., Any], *args: Any) -> Any:
    """What one person does in a process of their own: open the database, work, close it."""
    with opened(hour) as billing:
        return work(billing.workspace("agency", actor=actor), *args)


def ask(process: ProcessPoolExecutor, *what: Any) -> Any:
    """Have somebody do something in their process, and wait for what comes of it."""
    return process.submit(at_desk, *what).result()


def main() -> None:
    """The last day of November."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("agency.db*"):
        old.unlink()
    with opened("08:00") as billing:
        billing.migrate()
        billing.provision("agency", by=mb.Actor.service("setup"), sellers=[SELLER])
    spawn = get_context("spawn")
    with ProcessPoolExecutor(1, spawn) as one, ProcessPoolExecutor(1, spawn) as other:
        claire, marc = partial(ask, one, CLAIRE), partial(ask, other, MARC)
        rejected = claire("09:00", prepare)
        claire("09:30", prepare)
        denied = claire("09:40", overreach)
        marc("10:00", review, {"kermadec": "their order number is missing"})
        claire("11:00", correct, {"kermadec": {"/purchase_order": "BC-2026-118"}})
        marc("14:00", review, {})
        findings = marc("14:30", issue)
        claire("15:00", correct, {"ostrel": {"/terms/days": 60}})
        marc("16:00", review, {})
        marc("16:30", issue)
        facts = marc("17:00", story)
    publish(FOLDER, facts, rejected, denied, findings)
    contact_sheets(FOLDER, SELLER.party)


if __name__ == "__main__":
    main()
