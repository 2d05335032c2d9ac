"""What a writer does from its fork to its death: invoice after invoice, an intent before each call, its answer after.

A writer may take over the notebook of a dead one: it asks again for what was in doubt and carries the invoice on.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from random import Random

import attrs

from tests.chaos.agency import VERBS, Office, call
from tests.chaos.notes import ANSWER, INTENT, Notebook, notes
from tests.chaos.points import ANSWERED, Trap, Witness

ARCHIVED = 1 / 8
"""The share of invoices that are printed: drawing one takes longer than all its other calls."""


@attrs.frozen(kw_only=True)
class Task:
    """What the supervisor gives a writer: how to open the office, where to write, whom to take over."""

    office: Callable[[], Office]
    notebook: Path
    name: str
    seed: int
    trap: Trap | None = None
    predecessor: Path | None = None


@attrs.frozen
class Invoice:
    """An invoice somewhere in its life: its name, its id once it is known, the calls that are still to come."""

    name: str
    id: str
    verbs: tuple[str, ...]


def write_forever(task: Task, witness: Witness) -> None:
    """Work until killed, or until the supervisor is gone."""
    supervisor = os.getppid()
    office, notebook = task.office(), Notebook(task.notebook)
    for invoice in _invoices(task):
        carry_on(office, notebook, witness, invoice)
        if os.getppid() != supervisor:
            return


def carry_on(office: Office, notebook: Notebook, witness: Witness, invoice: Invoice) -> None:
    """Make the remaining calls of one invoice."""
    id = invoice.id
    for verb in invoice.verbs:
        notebook.write(INTENT, verb, invoice.name, id)
        witness.calling(verb)
        answer = call(office, verb, invoice.name, id)
        witness.reached(ANSWERED)
        notebook.write(ANSWER, verb, invoice.name, answer)
        id = id or answer


def unfinished(path: Path) -> Invoice | None:
    """Where the writer of this notebook was when it died; None when nothing was begun or left to do."""
    known, ids = list(notes(path)), dict[str, str]()
    for note in known:
        ids[note.name] = ids.get(note.name) or note.fact
    if not known or (known[-1].said, known[-1].verb) in ((ANSWER, "issue"), (ANSWER, "archive")):
        return None
    last, verbs = known[-1], tuple(VERBS)
    at = verbs.index(last.verb) + (last.said == ANSWER)
    end = verbs.index("archive") + (last.verb == "archive")
    return Invoice(last.name, ids[last.name], verbs[at:end])


def _invoices(task: Task) -> Iterator[Invoice]:
    if task.predecessor and (left := unfinished(task.predecessor)):
        yield left
    random = Random(task.seed)  # noqa: S311 - a storm that can be asked for again by its seed
    *verbs, _ = VERBS
    for turn in count():
        printed = random.random() < ARCHIVED or (task.trap and task.trap.verb == "archive")
        yield Invoice(f"{task.name}.{turn}", "", (*verbs, "archive") if printed else (*verbs,))
