"""A month at a web agency: a time sheet becomes invoices that several people work on at once and check for each other.

    python run.py FOLDER

Reads the CSV files beside it; leaves the database, the invoices and a summary in the folder. Whoever works here is a
process that shares nothing with the others but that database. All names are invented.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from pages import contact_sheets
from sheets import work
from summary import Table, publish, story

import multibill as mb

FOLDER = Path(*sys.argv[1:2])
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
    series={"invoice": "F{year}-{n:05}", "credit_note": "A{year}-{n:05}"},
)
CLAIRE = mb.Actor("claire", roles={"sales"}, teams={"web"})
PAUL = mb.Actor("paul", roles={"project-manager"}, teams={"web"})
MARC = mb.Actor("marc", roles={"manager"})
ANNE = mb.Actor("anne", roles={"accountant"})
VERA = mb.Actor("vera", roles={"viewer"})
FOLLOWER = mb.Actor.service("follower", roles={"admin"})
MONTH = mb.Period("2026-11-01", "2026-11-30")
TODAY = date(2026, 11, 30)


def prepare(desk: mb.Workspace) -> Table:
    """Claire drafts an invoice a customer and submits it; again, and the key finds the same draft."""
    rejected: Table = []
    for id, (one, done) in work(rejected).items():
        desk.customers.save(one)
        lines = [line for line, _ in done]
        draft = desk.invoices.draft(
            seller="fougere", buyer=id, key=f"2026-11:{id}", period=MONTH, lines=lines
        )
        if draft.state == "draft":
            pairs = zip(draft.lines, done, strict=True)
            costs = {f"/costs/{line.id}": str(cost) for line, (_, cost) in pairs}
            saved = desk.invoices.edit(draft.id, base=draft.version, changes=costs)
            desk.invoices.submit(saved.document)
    return rejected


def overreach(desk: mb.Workspace) -> str:
    """Claire tries to approve what she wrote herself: refused, and why."""
    first = desk.invoices.list(order="buyer_ref")[0]
    try:
        return desk.invoices.approve(first.id).state
    except mb.Denied:
        return desk.invoices.may("approve", first.id).explain()


def together(desk: mb.Workspace, meeting: Any, changes: dict[str, dict[str, Any]]) -> Table:
    """Two open the same drafts, wait for each other, and save what each has changed of what was seen."""
    rows = desk.invoices.list(mb.Doc.buyer_ref.in_(set(changes)), order="buyer_ref")
    seen = [desk.invoices.get(row) for row in rows]
    meeting.wait(60)
    told: Table = []
    for draft in seen:
        said = changes[draft.buyer_ref or ""]
        saved = desk.invoices.edit(draft.id, base=draft.version, changes=said, on_conflict="keep")
        what = "kept" if saved.conflicts else "merged" if saved.merged else "first"
        told.append((draft.buyer.name, what))
    return told


def decide(desk: mb.Workspace) -> Table:
    """Claire finds what did not fit: of two order numbers, the one that she has from the customer stands."""
    told: Table = []
    for row in desk.invoices.list(mb.Doc.phase == "draft", order="buyer_ref"):
        for kept in desk.invoices.conflicts(row):
            told.append((row["buyer.name"], *sorted([kept.mine, kept.theirs])))
            if kept.actor == CLAIRE.id:
                desk.invoices.accept(kept)
            else:
                desk.invoices.dismiss(kept, reason="the customer says otherwise")
    return told


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
    """Anne issues what is approved. What the law does not allow takes no number: the findings."""
    findings = []
    for row in desk.invoices.list(can={"issue"}, order="buyer_ref"):
        try:
            invoice = desk.invoices.issue(row.id)
            desk.invoices.pdf(invoice).save(FOLDER)
            desk.invoices.json(invoice).save(FOLDER)
        except mb.PreflightFailed as refused:
            findings += [(row["buyer.name"], finding) for finding in refused.findings]
    return findings


def collect(desk: mb.Workspace) -> None:
    """Anne books what was paid: one customer a part, the others all of it; and gives the first one a line back."""
    first, second, *others = [desk.invoices.get(row) for row in desk.invoices.list(order="number")]
    desk.payments.record(second.buyer_ref or "", "1000", on=TODAY, settles=[second])
    for one in others:
        desk.payments.record(one.buyer_ref or "", one.due or "0", on=TODAY, settles=[one])
    note = desk.invoices.credit(first, lines={first.lines[0].id or "": 1}, reason="a day less")
    desk.credit_notes.submit(note)


def close(desk: mb.Workspace) -> None:
    """Marc approves the credit note that Anne wrote, and issues it."""
    for row in desk.credit_notes.list(can={"approve"}):
        note = desk.credit_notes.issue(desk.credit_notes.approve(row.id))
        desk.credit_notes.pdf(note).save(FOLDER)
        desk.credit_notes.json(note).save(FOLDER)


def margins(desk: mb.Workspace) -> list[str]:
    """What somebody sees of the margins: one by one, for whom they are there at all."""
    invoices = [desk.invoices.get(row) for row in desk.invoices.list(order="number")]
    return [str(one.margin) for one in invoices if one.margin is not None]


def follow(desk: mb.Workspace) -> list[str]:
    """Somebody follows the feed from another process until the month is over: everything, in order."""
    seen = []
    for event in desk.feed().live(timeout=120):
        seen.append(str(event))
        if (event.kind, event.action) == ("credit_note", "issue"):
            break
    return seen


def opened(hour: str) -> mb.Billing:
    """multibill over the agency's database, at this hour of the last day of the month."""
    clock, policy = mb.FrozenClock(f"2026-11-30T{hour}:00Z"), mb.presets.agency()
    return mb.Billing.open(f"sqlite:///{FOLDER}/agency.db", policy=policy, clock=clock)


def at_desk(actor: mb.Actor, hour: str, do: Callable[..., Any], *args: Any) -> Any:
    """What one person does in a process of their own: open the database, work, close it."""
    with opened(hour) as billing:
        return do(billing.workspace("agency", actor=actor), *args)


@contextmanager
def staff(*actors: mb.Actor) -> Iterator[list[Callable[..., Future[Any]]]]:
    """Everybody in a process of their own; call one to have something done, and wait for its result."""
    with ExitStack() as stack:
        pools = (ProcessPoolExecutor(1, get_context("spawn")) for _ in actors)
        places = [stack.enter_context(pool) for pool in pools]
        yield [
            partial(place.submit, at_desk, who) for place, who in zip(places, actors, strict=True)
        ]


def main() -> None:
    """The last day of November."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("agency.db*"):
        old.unlink()
    with opened("08:00") as billing:
        billing.migrate()
        billing.provision("agency", by=mb.Actor.service("setup"), sellers=[SELLER])
    with (
        get_context("spawn").Manager() as manager,
        staff(CLAIRE, PAUL, MARC, ANNE, VERA, FOLLOWER) as (claire, paul, marc, anne, vera, watch),
    ):
        followed = watch("08:30", follow)
        rejected = claire("09:00", prepare).result()
        claire("09:30", prepare).result()
        denied = claire("09:40", overreach).result()
        meeting = manager.Barrier(2)
        mine = {
            "grandchamp": {"/buyer_reference": "ATELIER-4"},
            "montplaisir": {"/purchase_order": "BC-77"},
        }
        hers = {
            "grandchamp": {"/contract": "C-2026-9"},
            "montplaisir": {"/purchase_order": "BC-78"},
        }
        met = [claire("09:50", together, meeting, mine), paul("09:50", together, meeting, hers)]
        outcomes = sorted(what for each in met for _, what in each.result())
        if outcomes != ["first", "first", "kept", "merged"]:
            sys.exit(f"one merge and one kept conflict were expected, not {outcomes}")
        kept = claire("09:55", decide).result()
        marc("10:00", review, {"kermadec": "their order number is missing"}).result()
        claire("11:00", correct, {"kermadec": {"/purchase_order": "BC-2026-118"}}).result()
        marc("14:00", review, {}).result()
        findings = anne("14:30", issue).result()
        claire("15:00", correct, {"ostrel": {"/terms/days": 60}}).result()
        marc("16:00", review, {}).result()
        anne("16:30", issue).result()
        anne("17:00", collect).result()
        seen = {
            name: who("17:30", margins).result() for name, who in (("marc", marc), ("vera", vera))
        }
        marc("18:00", close).result()
        facts = marc("18:30", story, followed.result(), seen).result()
    publish(FOLDER, facts | {"rejected": rejected, "kept": kept}, denied, findings)
    contact_sheets(FOLDER, SELLER.party)


if __name__ == "__main__":
    main()
