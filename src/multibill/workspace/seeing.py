"""Fields that an actor does not see, on the way in: what was made of a value with gaps is laid on what stands."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

import attrs

from multibill.codec import Tree
from multibill.collaboration import Overlap
from multibill.documents import Document
from multibill.documents.checks import Finding
from multibill.errors import Denied
from multibill.history import Change
from multibill.permissions import Sight
from multibill.ports import Loaded
from multibill.workspace.desk import Desk
from multibill.workspace.revising import Revision, facts, present

Wanted = Callable[[Tree], Tree]

HIDDEN = Finding(
    rule="MB-HIDDEN",
    severity="error",
    path="",
    message={
        "en": "something that is hidden from you breaks a rule",
        "fr": "une donnée qui vous est masquée enfreint une règle",
    },
    remedy={
        "en": "ask somebody who sees the whole document",
        "fr": "adressez-vous à une personne qui voit tout le document",
    },
    law="",
)
"""Stands for every finding that would tell of something covered."""


def through(sight: Sight, wanted: Wanted) -> Wanted:
    """What is wanted of a body, made of what the actor sees of it and laid on what stands.

    The function raises Denied with the path of what the actor may not set.
    """
    return wanted if sight.clear else lambda body: sight.laid(wanted(sight.tree(body)), body)


def uncovered(
    sight: Sight, overlaps: Sequence[Overlap], theirs: Sequence[Change]
) -> Sequence[Overlap]:
    """Overlaps as the actor sees them: what others made of something covered is None."""
    if sight.clear:
        return overlaps
    return [
        attrs.evolve(
            each,
            base=sight.value(each.path, each.base),
            mine=sight.value(each.path, each.mine),
            theirs=_theirs(sight, each, theirs),
        )
        for each in overlaps
    ]


def _theirs(sight: Sight, overlap: Overlap, theirs: Sequence[Change]) -> Any:
    """What others made of it; their change may stand at another path of the same merge unit."""
    met = [change for change in theirs if change.after is overlap.theirs]
    seen = [sight.value(change.path, change.after) for change in met]
    return seen[0] if seen and None not in seen else None


def seen_findings(
    desk: Desk,
    loaded: Loaded,
    found: tuple[Finding, ...],
    judged: Callable[[Document], tuple[Finding, ...]],
) -> tuple[Finding, ...]:
    """The findings that also follow from what the actor sees; one stands for all others of a severity."""
    sight = desk.sight(desk.kinds[loaded.record.kind], loaded.row)
    if sight.clear:
        return found
    plain = judged(present(desk, loaded.record, loaded.row))
    kept = tuple(each for each in found if each in plain and not sight.covers(each.path))
    rest = {each.severity for each in found if each not in kept}
    return (*kept, *(attrs.evolve(HIDDEN, severity=severity) for severity in sorted(rest)))


def refuse_covered(
    desk: Desk, loaded: Loaded | None, made: Revision, names: Collection[str] | None = None
) -> None:
    """Raise Denied for a change that the rules on fields do not let, on the document as it was or as it will be.

    Args:
        names: what was said of a new document; the rest of it comes from the registers.
    """
    if not desk.rights.veils:
        return
    rows = [facts(desk, loaded, made)] + ([loaded.row] if loaded else [])
    sights = [desk.sight(made.kind, row) for row in rows]
    for path, after in _leaves(made, names):
        for sight in sights:
            if not sight.settable(path) and (after is not None or not sight.covers(path)):
                raise sight.denied(path)


def refuse_showing(desk: Desk, source: Loaded, made: Revision, names: Collection[str]) -> None:
    """Raise Denied where a document made of another one would show what the actor does not see of that one.

    Args:
        names: what is copied.
    """
    before = desk.sight(desk.kinds[source.record.kind], source.row)
    after = desk.sight(made.kind, facts(desk, None, made))
    for pattern in sorted(before.covered):
        if pattern.split("/")[1] in names and not after.covers(pattern):
            raise Denied(
                f"what is made of it would show you what is covered ({before.rule(pattern)})",
                path=pattern,
            )


def _leaves(made: Revision, names: Collection[str] | None) -> Iterator[tuple[str, Any]]:
    """Each single value that differs, with what stands there now."""
    if names is None:
        for change in made.changes:
            yield from _differing(change.path, change.before, change.after)
    else:
        body = made.record.body
        for name in names:
            yield from _differing(f"/{name}", None, body.get(name))


def _differing(path: str, before: Any, after: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(before, dict) or isinstance(after, dict):
        old, new = (each if isinstance(each, dict) else {} for each in (before, after))
        for name in sorted({*old, *new}):
            yield from _differing(f"{path}/{name}", old.get(name), new.get(name))
    elif before != after:
        yield path, after
