"""States and transitions as data. A guard is an expression, so that a check and a list ask the same question."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

import attrs

from multibill.errors import InvalidDefinition
from multibill.ids import key
from multibill.model import many
from multibill.query import Expression, Facts, Test, always, compile_true
from multibill.query.doc import Doc
from multibill.workflow.approvals import Review

REVIEWED = ("approved", "refused")


def _states(values: str | Iterable[str]) -> frozenset[str]:
    names = {values} if isinstance(values, str) else values
    return frozenset(key(name, "state") for name in names)


@attrs.frozen
class Transition:
    """A step of a draft: the action, the states it starts from, the state it leads to.

    >>> Transition("submit", {"draft", "refused"}, "submitted").target
    'submitted'
    """

    action: str
    source: frozenset[str] = attrs.field(converter=_states)
    target: str = attrs.field(converter=key)


def _steps(values: Iterable[Transition]) -> tuple[Transition, ...]:
    return many(Transition, values)


@attrs.frozen
class Workflow:
    """How drafts become documents: transitions, how many approvals, from which state to issue.

    ``reviewable`` is the state in which reviews count; with enough approvals of the present content it reads
    ``approved``, with a refusal ``refused``. With ``approvals=0`` nobody needs to approve.

    >>> Workflow().state("submitted", 2, "hash", (), frozenset())
    'submitted'
    """

    transitions: tuple[Transition, ...] = attrs.field(
        default=(Transition("submit", {"draft", "refused"}, "submitted"),), converter=_steps
    )
    reviewable: str = "submitted"
    approvals: int = 1

    def __attrs_post_init__(self) -> None:
        """Refuse a workflow in which nothing could ever be issued."""
        if [step.action for step in self.transitions] != ["submit"]:
            raise InvalidDefinition(
                "a workflow has exactly one transition, with the action 'submit'"
            )
        targets = {"draft", *(step.target for step in self.transitions)}
        if self.reviewable not in targets:
            raise InvalidDefinition(
                f"no transition leads to {self.reviewable!r}, where reviews should happen"
            )
        if clash := targets & set(REVIEWED):
            raise InvalidDefinition(
                f"{min(clash)!r} follows from reviews; no transition may lead there"
            )
        if not 0 <= self.approvals <= 20:
            raise InvalidDefinition("approvals must be between 0 and 20")

    def lets(self, action: str, row: Facts) -> bool:
        """Whether a document with this summary row stands where the action is possible."""
        return _test(self, action)(row, {})

    def target(self, action: str) -> str:
        """The state that a transition leads to; InvalidDefinition for an action that is none."""
        for step in self.transitions:
            if step.action == action:
                return step.target
        raise InvalidDefinition(f"the workflow has no action {action!r}")

    def guard(self, action: str) -> Expression:
        """Where a document must stand for an action, apart from who asks.

        Raises InvalidDefinition for an action that this workflow does not know.
        """
        draft = Doc.phase == "draft"
        if action in ("edit", "discard"):
            return draft
        if action in ("approve", "refuse"):
            return draft & Doc.state.in_(
                {self.reviewable, "approved"} if action == "refuse" else {self.reviewable}
            )
        if action == "issue":
            return draft & (
                Doc.state == "approved" if self.approvals else Doc.state.in_(self.open_states)
            )
        if action in ("read", "draft"):
            return always()
        if action in ("annotate", "credit", "pay", "write-off"):
            return Doc.phase == "issued"
        sources = [step.source for step in self.transitions if step.action == action]
        if not sources:
            raise InvalidDefinition(f"the workflow has no action {action!r}")
        return draft & Doc.state.in_(frozenset().union(*sources))

    @property
    def open_states(self) -> frozenset[str]:
        """Every state a draft can stand in, refused apart."""
        return frozenset({"draft", *(step.target for step in self.transitions)})

    def state(
        self,
        base: str,
        since: int,
        digest: str,
        reviews: Sequence[Review],
        authors: frozenset[str],
    ) -> str:
        """The state that a draft shows: its own, or what its reviews make of it.

        Approvals behind which one person stands count once, whoever they were given for.

        Args:
            base: the state of the last transition, entered at version ``since``.
            digest: the material digest of the present content; approvals of another content are stale.
            reviews: all reviews of the document.
            authors: who made material changes, also after their review: their approvals count no more.
        """
        if base != self.reviewable:
            return base
        counted = [review for review in reviews if review.version >= since]
        if any(review.verdict == "refuse" for review in counted):
            return "refused"
        given = [
            review
            for review in counted
            if review.verdict == "approve"
            and review.digest == digest
            and not review.persons & authors
        ]
        approved = self.approvals and _apart({r.persons for r in given}, self.approvals)
        return "approved" if approved else base


def _apart(behind: Collection[frozenset[str]], needed: int) -> bool:
    """Whether that many approvals have nobody in common; each is by one person, or by one for another."""
    if needed == 0:
        return True
    if len(behind) < needed:
        return False
    first, *others = sorted(behind, key=lambda persons: (len(persons), sorted(persons)))
    with_it = [persons for persons in others if not persons & first]
    return _apart(with_it, needed - 1) or (len(first) > 1 and _apart(others, needed))


@lru_cache(maxsize=256)
def _test(workflow: Workflow, action: str) -> Test:
    return compile_true(workflow.guard(action))
