"""From the start of a commit to its event on another reader, SQLite in a file, FULL sync: milliseconds by percentile.

One process writes and another follows the same file, as web workers do; then the same between threads of one process.
Prints and judges the median: a live feed should show what happened within 15 ms. ``python3 dev.py bench feed``.
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

from multibill import Actor, Address, Billing, Customer, Line, Party, Seller, Workspace, presets

COMMITS, PAUSE, TARGET = 200, 0.03, 15.0


def desk(url: str, name: str) -> Workspace:
    """The tenant as somebody of the office sees it."""
    billing = Billing.open(url, policy=presets.agency())
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


def follow(url: str, after: str, ready: Callable[[], object], told: list[float]) -> None:
    """The times at which each edit's event is handed out."""
    live = desk(url, "bob").feed(after=after, kinds="invoice", limit=COMMITS).live(timeout=30)
    ready()
    told.extend(time.monotonic() for _ in live)


def apart(url: str, after: str, ready: object, out: object) -> None:
    """The same in a process of its own, which answers through a pipe."""
    told: list[float] = []
    follow(url, after, ready.set, told)  # type: ignore[attr-defined]
    out.send(told)  # type: ignore[attr-defined]


def write(ws: Workspace, id: str, base: int) -> list[float]:
    """The times at which each edit is called."""
    begun = []
    for _ in range(COMMITS):
        time.sleep(PAUSE)
        begun.append(time.monotonic())
        saved = ws.invoices.edit(id, base=base, changes={"/lines/a/quantity": str(base)})
        base = saved.document.version
    return begun


def measured(url: str, process: bool) -> list[float]:
    """Milliseconds from each call of edit to its event."""
    ws = desk(url, "ann")
    line = Line(id="a", name="Logo", quantity=100, unit_price="450", vat="20")
    draft = ws.invoices.draft(seller="studio", buyer="acme", lines=[line])
    after, told = ws.cursor(), list[float]()
    if process:
        context = multiprocessing.get_context("spawn")
        ready, (here, there) = context.Event(), context.Pipe(duplex=False)
        reader = context.Process(target=apart, args=(url, after, ready, there))
        reader.start()
        ready.wait()
        begun = write(ws, draft.id, draft.version)
        told = here.recv()
        reader.join()
    else:
        thread = threading.Thread(target=follow, args=(url, after, lambda: None, told))
        thread.start()
        begun = write(ws, draft.id, draft.version)
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
        for name, process in (("another process", True), ("another thread", False)):
            times = measured(url, process)
            cuts = statistics.quantiles(times, n=100)
            rows.append({"name": name, "p50": cuts[49], "p90": cuts[89], "p99": cuts[98]})
    print("feed: commit to event, SQLite FULL, milliseconds")
    for row in rows:
        p50, p90, p99 = (f"{row[name]:>8.1f}" for name in ("p50", "p90", "p99"))
        print(f"{row['name']:20} p50 {p50}  p90 {p90}  p99 {p99}  target {TARGET:.0f}")
    if json_path is not None:
        json_path.write_text(json.dumps({"rows": rows}, indent=1))
    sys.exit(int(any(float(str(row["p50"])) > 2 * TARGET for row in rows)))


if __name__ == "__main__":
    main()
