"""One issue through the public API against the same rows written by hand, SQLite, WAL and FULL, CPU.

The floor takes a number, inserts a header, ten lines and a journal row through the bare driver, in one transaction.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path
from statistics import median

from _table import ROUNDS, Table

from multibill import (
    Actor,
    Address,
    Billing,
    Customer,
    Invoice,
    Line,
    Party,
    Seller,
    Terms,
    presets,
)

LINES, INVOICES, TARGET = 10, 300, 6.0

DDL = """
create table counters(tenant integer not null, series varchar(16) not null, next bigint not null,
  primary key(tenant, series));
create table invoices(id bigint primary key, tenant integer not null, series varchar(16) not null,
  number bigint not null, customer integer not null, issue_date date not null, due_date date not null,
  status varchar(12) not null, currency char(3) not null, net bigint not null, tax bigint not null,
  total bigint not null);
create unique index ux_inv on invoices(tenant, series, number);
create index ix_inv_page on invoices(tenant, issue_date, id);
create table invlines(invoice_id bigint not null, pos smallint not null, descr varchar(80) not null,
  qty bigint not null, price bigint not null, tax_code varchar(8) not null, net bigint not null, tax bigint not null,
  primary key(invoice_id, pos));
create table journal(id bigint primary key, tenant integer not null, invoice_id bigint not null, actor integer not null,
  op varchar(12) not null, payload text not null);
insert into counters values (1, 'A', 0);
"""
COUNT = "update counters set next=next+? where tenant=? and series='A' returning next"
PAYLOAD = json.dumps({"status": ["draft", "issued"], "number": [None, 1], "total": [None, 119000]})


def into(table: str, columns: int) -> str:
    """An insert of one whole row."""
    return f"insert into {table} values ({','.join('?' * columns)})"  # noqa: S608 - our own names


class Floor:
    """Counter, header, lines and journal by hand, in one transaction."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None, timeout=60)
        self.connection.execute("pragma journal_mode=wal")
        self.connection.execute("pragma synchronous=full")
        self.connection.executescript(DDL)
        self.next = time.time_ns() // 1_000_000 << 21

    def issues(self) -> float:
        """CPU microseconds for one issue, over many."""
        numbers: list[int] = []
        waits: list[float] = []
        start = time.process_time()
        for _ in range(INVOICES):
            began = time.perf_counter()
            self.next += 1
            numbers += self.issue(1, [self.next])
            waits.append(time.perf_counter() - began)
        return (time.process_time() - start) / INVOICES * 1e6

    def issue(self, tenant: int, ids: list[int]) -> list[int]:
        """A block of invoices in one transaction; their numbers."""
        connection, size = self.connection, len(ids)
        connection.execute("begin immediate")
        last = connection.execute(COUNT, (size, tenant)).fetchone()[0]
        made = [rows(id, tenant, last - size + 1 + place) for place, id in enumerate(ids)]
        connection.executemany(into("invoices", 12), [row[0] for row in made])
        connection.executemany(into("invlines", 8), [line for row in made for line in row[1]])
        connection.executemany(into("journal", 6), [row[2] for row in made])
        connection.execute("commit")
        return list(range(last - size + 1, last + 1))


def rows(
    id: int, tenant: int, number: int
) -> tuple[tuple[object, ...], list[tuple[object, ...]], tuple[object, ...]]:
    """Header, lines and journal row of one invoice."""
    dates = ("2026-01-05", "2026-02-04")
    header = (id, tenant, "A", number, id % 997, *dates, "issued", "EUR", 100000, 19000, 119000)
    lines: list[tuple[object, ...]] = [
        (id, n, f"Service item number {n}", 1000, 10000, "S19", 10000, 1900) for n in range(LINES)
    ]
    return header, lines, (id, tenant, id, 7, "issue", PAYLOAD)


class Multibill:
    """The same as a verb: rights, guard, preflight, totals, mentions, number, freeze, journal, proof."""

    def __init__(self, path: Path) -> None:
        self.path = path
        billing = Billing.open(f"sqlite:///{path}", policy=presets.agency())
        billing.migrate()
        address = Address("12 rue Oberkampf", "75011", "Paris", "FR")
        studio = Party(
            "Studio SARL",
            siren="123456782",
            vat_id="FR11123456782",
            legal="SARL, capital 10 000 EUR, RCS Paris",
            address=address,
        )
        seller = Seller(
            "studio",
            studio,
            timezone="Europe/Paris",
            terms=Terms(),
            series={"invoice": "F{year}-{n:05}"},
        )
        billing.provision("t42", by=Actor.service("setup"), sellers=[seller])
        self.ann = billing.workspace("t42", actor=Actor("ann", roles={"sales"}, teams={"web"}))
        self.bob = billing.workspace("t42", actor=Actor("bob", roles={"manager"}))
        acme = Party("Acme SAS", siren="987654324", vat_id="FR14987654324", address=address)
        self.ann.customers.save(Customer("acme", acme))
        self.lines = [
            Line(name=f"Service item number {n}", quantity=1, unit_price="100", vat="20")
            for n in range(LINES)
        ]

    def issues(self) -> float:
        """CPU microseconds for one issue, over many; drafting, approving and their checkpoint are not counted."""
        approved = [self._approved() for _ in range(INVOICES)]
        with closing(sqlite3.connect(self.path)) as other:
            other.execute("pragma wal_checkpoint(truncate)")
        start = time.process_time()
        for draft in approved:
            self.bob.invoices.issue(draft)
        return (time.process_time() - start) / INVOICES * 1e6

    def _approved(self) -> Invoice:
        draft = self.ann.invoices.draft(seller="studio", buyer="acme", lines=self.lines)
        return self.bob.invoices.approve(self.ann.invoices.submit(draft))


def main() -> None:
    """Measure by turns and print."""
    table = Table("issue: CPU per issued invoice of 10 lines, SQLite FULL")
    with tempfile.TemporaryDirectory() as folder:
        floor, ours = Floor(Path(folder) / "floor.db"), Multibill(Path(folder) / "ours.db")
        base, spent = [], []
        for turn in range(ROUNDS + 1):
            by_hand, by_verb = floor.issues(), ours.issues()
            if turn:
                base.append(by_hand)
                spent.append(by_verb)
        table.row("issue through the public API", median(spent), median(base), TARGET)
        table.close()


if __name__ == "__main__":
    main()
