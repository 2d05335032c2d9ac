"""From the start of a commit to its event on another reader, SQLite in a file: milliseconds by percentile.

One process writes and another follows the same file, as web workers do; then the same between threads of one process.
NORMAL leaves the disk out of it, FULL waits for the disk at each commit. A live feed should show what happened within
15 ms.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import event

from multibill import Actor, Address, Billing, Customer, Line, Party, Seller, Workspace, presets
from multibill.storage.sql.engines import opened

COMMITS, PAUSE, TARGET = 200, 0.03, 15.0
READERS = (
    ("another process, NORMAL", "1", True),
    ("another process, FULL", "2", True),
    ("another thread, NORMAL", "1", False),
)


def billing_on(url: str, synchronous: str, begun: list[float] | None = None) -> Billing:
    """multibill on the file; the start of each commit is noted."""
    engine = opened(url)

    @event.listens_for(engine, "connect")
    def _(connection: Any, _: object) -> None:
        connection.execute(f"PRAGMA synchronous={synchronous}")

    if begun is not None:
        event.listen(engine, "commit", lambda _: begun.append(time.monotonic()))
    return Billing(engine, policy=presets.agency())


def desk(billing: Billing, name: str) -> Workspace:
    """The tenant as somebody of the office sees it."""
    return billing.workspace("t42", actor=Actor(name, roles={"manager"}))


def found(url: str) -> None:
    """A tenant with a seller and a customer."""
    address = Address("12 rue Oberkampf", "75011", "Paris", "FR")
    party = Party("Studio SARL", siren="123456782", vat_id="FR11123456782", address=address)
    series = {"invoice": "F{year}-{n:05}"}
    with Billing.open(url, policy=presets.agency()) as billing:
        billing.migrate()
        seller = Seller("studio", party, timezone="Europe/Paris", series=series)
        billing.provision("t42", by=Actor.service("setup"), sellers=[seller])
        billing.workspace("t42", actor=Actor("ann", roles={"manager"})).customers.save(
            Customer("acme", Party("Acme SAS", siren="987654324", address=address))
        )


def follow(ws: Workspace, after: str, ready: Callable[[], object], told: list[float]) -> None:
    """The times at which each edit's event is handed out."""
    live = ws.feed(after=after, kinds="invoice", limit=COMMITS).live(timeout=30)
    ready()
    told.extend(time.monotonic() for _ in live)


def apart(url: str, synchronous: str, after: str, ready: Any, out: Any) -> None:
    """The same in a process of its own, which answers through a pipe."""
    told: list[float] = []
    follow(desk(billing_on(url, synchronous), "bob"), after, ready.set, told)
    out.send(told)


def write(ws: Workspace, id: str, base: int) -> None:
    """So many edits, each committed on its own."""
    for _ in range(COMMITS):
        time.sleep(PAUSE)
        saved = ws.invoices.edit(id, base=base, changes={"/lines/a/quantity": str(base)})
        base = saved.document.version


def measured(url: str, synchronous: str, process: bool) -> list[float]:
    """Milliseconds from the start of each commit to its event."""
    begun = list[float]()
    billing = billing_on(url, synchronous, begun)
    ws = desk(billing, "ann")
    line = Line(id="a", name="Logo", quantity=100, unit_price="450", vat="20")
    draft = ws.invoices.draft(seller="studio", buyer="acme", lines=[line])
    after, told = ws.cursor(), list[float]()
    begun.clear()
    if process:
        context = multiprocessing.get_context("spawn")
        ready, (here, there) = context.Event(), context.Pipe(duplex=False)
        reader = context.Process(target=apart, args=(url, synchronous, after, ready, there))
        reader.start()
        ready.wait()
        write(ws, draft.id, draft.version)
        told = here.recv()
        reader.join()
    else:
        asked = (desk(billing, "bob"), after, lambda: None, told)
        thread = threading.Thread(target=follow, args=asked)
        thread.start()
        write(ws, draft.id, draft.version)
        thread.join()
    return [1000 * (end - start) for start, end in zip(begun, told, strict=True)]


def main() -> None:
    """Measure and print; 1 when a median is more than twice the target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the rows to this file")
    json_path: Path | None = parser.parse_args().json
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'feed.db'}"
        found(url)
        for name, synchronous, process in READERS:
            times = measured(url, synchronous, process)
            cuts = statistics.quantiles(times, n=100)
            rows.append({"name": name, "p50": cuts[49], "p90": cuts[89], "p99": cuts[98]})
    print("feed: commit to event, SQLite, milliseconds")
    for row in rows:
        p50, p90, p99 = (f"{row[name]:>8.1f}" for name in ("p50", "p90", "p99"))
        print(f"{row['name']:24} p50 {p50}  p90 {p90}  p99 {p99}  target {TARGET:.0f}")
    if json_path is not None:
        json_path.write_text(json.dumps({"rows": rows}, indent=1))
    sys.exit(int(any(float(str(row["p50"])) > 2 * TARGET for row in rows)))


if __name__ == "__main__":
    main()
