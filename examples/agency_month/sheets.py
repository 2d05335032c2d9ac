"""The agency's files: customers, a rate card, a time sheet. A row that makes no sense is left out as a whole."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from summary import Table

import multibill as mb

HERE = Path(__file__).parent
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


def rate(row: Row) -> tuple[tuple[str, str], tuple[mb.Line, Decimal]]:
    """A row of rates.csv: whose work on which project, a line for one unit of it, and what that costs the agency."""
    vat = mb.VAT(row["VAT category"], row["VAT rate"])
    line = mb.Line(name=row["Role"], unit=row["Unit"], unit_price=row["Price"], vat=vat)
    return (row["Project"], row["User"]), (line, Decimal(row["Cost"]))


def entry(
    row: Row, customers: dict[str, str], rates: dict[Any, Any]
) -> tuple[str, mb.Line, Decimal]:
    """A row of timesheet.csv, a detailed report of Toggl Track: the customer's id, a line, and its cost."""
    duration = re.fullmatch(r"(\d+):([0-5]\d):([0-5]\d)", row["Duration"])
    customer = customers.get(row["Client"])
    rate, cost = rates.get((row["Project"], row["User"]), (None, None))
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
    line = rate.evolve(name=row["Description"], description=when, quantity=units)
    return customer, line, cost


def work(rejected: Table) -> dict[str, tuple[mb.Customer, list[tuple[mb.Line, Decimal]]]]:
    """Each customer by id, with the month's lines and what each costs; what was left out goes into ``rejected``."""
    customers = read("customers.csv", customer, rejected)
    ids = {one.party.name: one.id for one in customers}
    rates = dict(read("rates.csv", rate, rejected))
    entries = read("timesheet.csv", lambda row: entry(row, ids, rates), rejected)
    return {
        one.id: (one, [(line, cost) for id, line, cost in entries if id == one.id])
        for one in customers
    }
