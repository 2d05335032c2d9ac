"""What a journal must never show, read from the outside: none of the library's own rules decide here.

Each function takes the changesets of one tenant in order and gives sentences, one for each breach; none is well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from multibill.history import Changeset

Tree = dict[str, Any]

DOCUMENTS = frozenset({"invoice", "credit_note"})
ENVELOPE = frozenset(
    [
        "owner",
        "team",
        "assignee",
        "seller_ref",
        "buyer_ref",
        "key",
        "tags",
        "base_currency",
        "costs",
        "custom",
        "phase",
        "state",
        "since",
    ]
)
"""What only the team sees; everything else in a body is the law's."""

IMMATERIAL = ENVELOPE | frozenset(["language", "template", "totals", "mentions", "rule_versions"])
"""What an approval does not cover; of lines their order and net too."""


Vote = frozenset[str]
"""Everybody who stands behind an approval: who gave it, and for whom."""


@attrs.define
class Watched:
    """One document while its journal is read: what it says, who made it, which approvals it was given.

    ``kept`` has who stands behind each kept change; ``taken`` says that the last change was material, and accepted.
    """

    body: Tree = attrs.field(factory=dict)
    authors: set[str] = attrs.field(factory=set)
    approvals: list[tuple[Vote, Tree]] = attrs.field(factory=list)
    issued: Tree | None = None
    kept: dict[str, frozenset[str]] = attrs.field(factory=dict)
    taken: bool = False

    def clean(self) -> list[Vote]:
        """Who approved what stands there now, without those who made any of it."""
        now = material(self.body)
        return [vote for vote, what in self.approvals if what == now and not vote & self.authors]


def put(tree: Tree, path: str, value: Any) -> Tree:
    """A copy of the tree with one value put in, or taken out when it is None."""
    if path == "":
        return dict(value or {})
    head, _, rest = path[1:].partition("/")
    copy = dict(tree)
    if rest:
        value = put(copy.get(head, {}), f"/{rest}", value) or None
    if value is None:
        copy.pop(head, None)
    else:
        copy[head] = value
    return copy


def material(body: Tree) -> Tree:
    """What an approval covers."""
    kept = {name: value for name, value in body.items() if name not in IMMATERIAL}
    lines = kept.get("lines", {})
    hidden = ("order", "net")
    kept["lines"] = {
        id: {n: v for n, v in line.items() if n not in hidden} for id, line in lines.items()
    }
    return kept


def content(body: Tree) -> Tree:
    """What the law sees."""
    return {name: value for name, value in body.items() if name not in ENVELOPE}


def read(journal: Iterable[Changeset]) -> Iterator[tuple[Changeset, Mapping[str, Watched]]]:
    """Each changeset with every document as it stands after it."""
    seen: dict[str, Watched] = defaultdict(Watched)
    for entry in journal:
        if entry.kind in DOCUMENTS:
            _changed(seen[entry.record], entry)
        elif entry.kind == "review" and entry.action == "approve":
            watched = seen[entry.about]
            watched.approvals.append((entry.persons, material(watched.body)))
        elif entry.kind == "conflict":
            _decided(seen[entry.about], entry)
        yield entry, seen


def _decided(watched: Watched, entry: Changeset) -> None:
    """Who kept a change has made it too, once somebody accepted it."""
    if entry.action == "keep":
        watched.kept[entry.record] = entry.persons
    elif entry.action == "accept" and watched.taken:
        watched.authors |= watched.kept[entry.record]
        watched.taken = False


def _changed(watched: Watched, entry: Changeset) -> None:
    before = material(watched.body)
    for change in entry.changes:
        watched.body = put(watched.body, change.path, change.after)
    if entry.action == "issue":
        watched.issued = content(watched.body)
    elif material(watched.body) != before:
        watched.authors |= entry.persons
        watched.taken = entry.action == "accept"
    if entry.action == "submit":
        watched.approvals = []


def standing(journal: Iterable[Changeset]) -> Mapping[str, Watched]:
    """Every document as it stands at the end."""
    found: Mapping[str, Watched] = {}
    for _, seen in read(journal):
        found = seen
    return found


def four_eyes(journal: Iterable[Changeset], approvals: int = 1) -> list[str]:
    """Approvals by somebody who made the change, and issues without enough clean approvals (invariant 5)."""
    breaches = []
    before: dict[str, int] = {}
    for entry, seen in read(journal):
        document = seen.get(entry.about)
        if document is None:
            continue
        if entry.action == "approve" and entry.persons & document.authors:
            breaches.append(f"{entry.position}: {sorted(entry.persons)} approved what they made")
        if entry.action == "issue" and before.get(entry.about, 0) < approvals:
            breaches.append(f"{entry.position}: issued without {approvals} approvals by others")
        before[entry.about] = distinct(document.clean())
    return breaches


def distinct(votes: Sequence[Vote]) -> int:
    """How many approvals count when nobody stands behind two of them.

    >>> ann, bob, both = {"ann"}, {"bob"}, {"ann", "bob"}
    >>> distinct([ann, both]), distinct([both, both]), distinct([ann, both, bob])
    (1, 1, 2)
    """
    best = 0
    for index, vote in enumerate(votes):
        others = [other for other in votes[index + 1 :] if not other & vote]
        best = max(best, 1 + distinct(others))
    return best


def numbers(journal: Iterable[Changeset]) -> list[str]:
    """Gaps, duplicates and dates out of order in any series (invariant 9); numbers end in ``-`` and a counter.

    What stands before the last ``-`` is taken for the series and its period; it must show the issue date's year.
    """
    breaches = []
    last: dict[tuple[str, str, str], tuple[int, str]] = defaultdict(lambda: (0, ""))
    for entry, seen in read(journal):
        if entry.action != "issue":
            continue
        body = seen[entry.record].body
        period, _, n = body["number"].rpartition("-")
        series = (body["seller_ref"], entry.kind, period)
        number, day = last[series]
        if int(n) != number + 1:
            breaches.append(f"{entry.position}: {body['number']} follows {number}")
        if body["issue_date"] < day or body["issue_date"][:4] not in period:
            breaches.append(
                f"{entry.position}: {body['number']} of {body['issue_date']} follows {day}"
            )
        last[series] = int(n), body["issue_date"]
    return breaches


def frozen(journal: Iterable[Changeset]) -> list[str]:
    """Issued content that changed (invariant 12)."""
    return [
        f"{entry.position}: {entry.action} changed issued content"
        for entry, seen in read(journal)
        if entry.kind in DOCUMENTS
        and (watched := seen[entry.record]).issued is not None
        and watched.issued != content(watched.body)
    ]


def honest(journal: Iterable[Changeset]) -> list[str]:
    """Changes of what was not there, changes that change nothing, and entries without a change (invariant 6)."""
    breaches = []
    bodies: dict[tuple[str, str], Tree] = defaultdict(dict)
    for entry in journal:
        key = entry.kind, entry.record
        if not entry.changes:
            breaches.append(f"{entry.position}: {entry.action} changed nothing")
        for change in entry.changes:
            if change.before != found(bodies[key], change.path):
                breaches.append(f"{entry.position}: {change.path} was not {change.before!r:.60}")
            if change.before == change.after:
                breaches.append(f"{entry.position}: {change.path} stayed as it was")
        for change in entry.changes:
            bodies[key] = put(bodies[key], change.path, change.after)
    return breaches


def found(tree: Tree, path: str) -> Any:
    """What stands at a path; None for nothing, also for an empty tree."""
    value: Any = tree
    for name in path.split("/")[1:]:
        value = value.get(name) if isinstance(value, dict) else None
    return value or None if path == "" else value


def positions(journal: Sequence[Changeset]) -> list[str]:
    """Holes in the positions (invariant 10) and in the versions of any record."""
    breaches = [
        f"{entry.position} stands at place {place}"
        for place, entry in enumerate(journal, start=1)
        if entry.position != place
    ]
    versions: dict[tuple[str, str], int] = defaultdict(int)
    for entry in journal:
        versions[entry.kind, entry.record] += 1
        if entry.version != versions[entry.kind, entry.record]:
            breaches.append(f"{entry.position}: version {entry.version} of {entry.record}")
    return breaches
