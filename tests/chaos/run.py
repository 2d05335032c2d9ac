"""One storm from beginning to end, with its figures: python3 -m tests.chaos.run --kills 1000 --seed 7

SIGKILL shows what the death of a process does. It does not show what the loss of power does: the kernel lives on.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import SystemRandom
from tempfile import TemporaryDirectory
from typing import Any

import attrs

from tests.chaos.agency import VERBS, Office, founded, opened, url_of
from tests.chaos.books import File, Resolved, audited, doubted, resolve
from tests.chaos.hosts import host_rows, host_table, hosted, issued_rows
from tests.chaos.notes import Ledger, Notebook
from tests.chaos.points import HOSTED, OWN, STATES, Witness
from tests.chaos.storm import Storm, Tally
from tests.chaos.writers import Invoice, carry_on


@attrs.define(kw_only=True)
class Report:
    """What one storm showed. ``problems`` is empty when nothing is missing, doubled, lost, torn or unresolved."""

    seed: int
    seconds: float
    audit_seconds: float
    tally: Tally
    calls: int
    invoices: int
    archived: int
    under_fire: int
    resolved: Resolved
    missed: list[str]
    problems: list[str]

    def plain(self) -> dict[str, Any]:
        """The figures for another process."""
        return {
            "seed": self.seed,
            "kills": self.tally.kills,
            "open": self.tally.open,
            "open_by_chance": self.tally.open_by_chance,
            "missed": self.missed,
            "problems": self.problems,
            "text": str(self),
        }

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        tally, done = self.tally, self.resolved
        times = f"{self.seconds:.1f} s, audit {self.audit_seconds:.1f} s"
        yield f"seed {self.seed}: {tally.kills} SIGKILLs in {times}"
        yield f"  an open transaction was hit by {_share(tally.open, tally.kills)}"
        chance = tally.chance.total()
        states = (f"{tally.chance[state]} {name}" for state, name in enumerate(STATES))
        yield f"  {chance} at random times: {', '.join(states)};"
        yield f"    in an open transaction {_share(tally.open_by_chance, chance)}"
        yield f"  {tally.points.total()} at named points:"
        for point in sorted({point for _, point in tally.points}):
            found = ((verb, tally.points[verb, point]) for verb in VERBS)
            yield f"    {point:<29} {', '.join(f'{verb} {n}' for verb, n in found if n)}"
        yield f"  {self.calls} calls, {self.invoices} invoices issued, {self.archived} archived"
        yield f"  in doubt: {self.under_fire} asked again under fire by a successor, and afterwards"
        yield f"    {done.stood} that stood and were answered, {done.made} that were carried out once"
        yield f"  points missed: {self.missed or 'none'}; problems: {self.problems or 'none'}"


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({part / max(1, whole):.1%})"


def storm(folder: Path, *, kills: int, seed: int, host: bool = False) -> Report:
    """One storm over a fresh database in the folder, its in-doubt calls resolved and its books audited."""
    path = folder / "agency.db"
    url = url_of(path)
    founded(url)
    file = File(path)
    before = file.position()
    if host:
        host_table(path)
    office: Callable[[], Office] = partial(hosted if host else own, url)
    passed = HOSTED if host else OWN
    _first(office(), folder)
    clock = time.perf_counter()
    tally = Storm(folder, office, passed, kills=kills, seed=seed).run()
    seconds = time.perf_counter() - clock
    clock = time.perf_counter()
    ledger = Ledger(folder.glob("*.notes"))
    reader = office()
    problems = [*_together(path)] if host else []
    resolved = resolve(reader, file, ledger)
    problems += [*resolved.problems, *audited(reader, file, ledger, before)]
    problems += [*_together(path)] if host else []
    done = [verb for verb, _ in ledger.answers]
    missed = [
        f"{verb} at {point}"
        for verb, points in passed.items()
        for point in points
        if not tally.points[verb, point]
    ]
    return Report(
        seed=seed,
        seconds=seconds,
        audit_seconds=time.perf_counter() - clock,
        tally=tally,
        calls=len(ledger.asked),
        invoices=done.count("issue"),
        archived=done.count("archive"),
        under_fire=len(doubted(ledger)),
        resolved=resolved,
        missed=missed,
        problems=problems,
    )


def own(url: str) -> Office:
    """An office over a database of its own."""
    return Office(opened(url))


def _first(office: Office, folder: Path) -> None:
    """One invoice before the storm: it loads what a process loads once, so that forked writers find it there."""
    notebook = Notebook(folder / "first.notes")
    carry_on(office, notebook, Witness(bytearray(2), 0, None), Invoice("first", "", tuple(VERBS)))
    office.close()


def _together(path: Path) -> Iterator[str]:
    """The host's rows and our issued documents are the same, number for number."""
    theirs, ours = host_rows(path), issued_rows(path)
    if theirs != ours:
        lone = {*theirs.items()} ^ {*ours.items()}
        yield f"{len(theirs)} rows of the host, {len(ours)} documents; apart: {sorted(map(str, lone))[:5]}"


def main() -> int:
    """Print the figures; 1 when there is a problem or a point was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=None, help="drawn and printed when left out")
    parser.add_argument("--host", action="store_true", help="issue inside a host's transaction")
    parser.add_argument("--json", action="store_true", help="the figures as one line of JSON")
    asked = parser.parse_args()
    seed = SystemRandom().getrandbits(32) if asked.seed is None else asked.seed
    sys.stderr.write(f"seed {seed}\n")
    with TemporaryDirectory(prefix="storm-") as folder:
        report = storm(Path(folder), kills=asked.kills, seed=seed, host=asked.host)
    sys.stdout.write((json.dumps(report.plain()) if asked.json else str(report)) + "\n")
    return 1 if report.problems or report.missed else 0


if __name__ == "__main__":
    sys.exit(main())
