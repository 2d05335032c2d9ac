"""Workflows as data: what they may say, where an action is possible, which state a draft shows."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given, strategies as st

from multibill.errors import InvalidDefinition, InvalidValue
from multibill.query import truth
from multibill.query.doc import Doc
from multibill.workflow import Review, Transition, Workflow

SUBMIT = Transition("submit", {"draft", "refused"}, "submitted")


@pytest.mark.parametrize(
    ("transitions", "options", "words"),
    [
        ((), {}, "exactly one transition, with the action 'submit'"),
        ((Transition("send", "draft", "submitted"),), {}, "exactly one transition"),
        ((SUBMIT, SUBMIT), {}, "exactly one transition"),
        ((SUBMIT, Transition("send", "submitted", "sent")), {}, "exactly one transition"),
        ((SUBMIT,), {"reviewable": "checked"}, "no transition leads to 'checked'"),
        ((Transition("submit", "draft", "approved"),), {"reviewable": "approved"}, "'approved' follows from reviews"),
        ((Transition("submit", "draft", "refused"),), {"reviewable": "refused"}, "'refused' follows from reviews"),
        ((SUBMIT,), {"approvals": -1}, "between 0 and 20"),
        ((SUBMIT,), {"approvals": 21}, "between 0 and 20"),
    ],
)  # fmt: skip
def test_a_workflow_that_could_not_work_is_refused(
    transitions: tuple[Transition, ...], options: dict[str, Any], words: str
) -> None:
    with pytest.raises(InvalidDefinition, match=words):
        Workflow(transitions, **options)


@pytest.mark.parametrize(
    "made", [("send", {"a b"}, "x"), ("send", "draft", "a/b"), ("send", "draft", "")]
)
def test_states_are_names(made: tuple[Any, Any, Any]) -> None:
    with pytest.raises(InvalidValue):
        Transition(*made)


def test_a_workflow_is_a_value() -> None:
    assert Workflow() == Workflow([SUBMIT])
    assert 1 == len({Workflow(), Workflow([SUBMIT])})
    assert Workflow() != Workflow(approvals=2)
    assert Transition("submit", "draft", "x") == Transition("submit", ["draft"], "x")


@pytest.mark.parametrize("action", ["send", "", "Submit"])
def test_an_action_that_the_workflow_does_not_know_is_named(action: str) -> None:
    for ask in (Workflow().guard, Workflow().target, lambda name: Workflow().lets(name, {})):
        with pytest.raises(InvalidDefinition, match=f"the workflow has no action '{action}'"):
            ask(action)


CUSTOM = Workflow(
    (Transition("submit", {"checked", "refused"}, "in-review"),), reviewable="in-review"
)
OPEN = {"draft", "submitted", "approved", "refused"}
WHERE: dict[str, tuple[Workflow, set[tuple[str, str]]]] = {
    "edit": (Workflow(), {("draft", state) for state in (*OPEN, "checked")}),
    "discard": (Workflow(), {("draft", state) for state in (*OPEN, "checked")}),
    "submit": (Workflow(), {("draft", "draft"), ("draft", "refused")}),
    "approve": (Workflow(), {("draft", "submitted")}),
    "refuse": (Workflow(), {("draft", "submitted"), ("draft", "approved")}),
    "issue": (Workflow(), {("draft", "approved")}),
    "annotate": (Workflow(), {("issued", "issued")}),
    "credit": (Workflow(), {("issued", "issued")}),
    "pay": (Workflow(), {("issued", "issued")}),
    "write-off": (Workflow(), {("issued", "issued")}),
}
STANDING = [
    *(("draft", state) for state in sorted({*OPEN, "checked"})),
    ("issued", "issued"),
    ("discarded", "discarded"),
]


@pytest.mark.parametrize("action", sorted(WHERE))
def test_an_action_is_possible_where_the_workflow_says_and_nowhere_else(action: str) -> None:
    workflow, expected = WHERE[action]
    rows = [{"phase": phase, "state": state} for phase, state in STANDING]
    found = {(row["phase"], row["state"]) for row in rows if workflow.lets(action, row)}
    assert expected == found
    assert found == {
        (row["phase"], row["state"])
        for row in rows
        if truth(workflow.guard(action), row, {}) is True
    }


def test_states_of_the_hosts_own_stand_for_the_usual_ones() -> None:
    def where(action: str) -> set[str]:
        states = ("draft", "checked", "in-review", "submitted", "approved", "refused")
        return {s for s in states if CUSTOM.lets(action, {"phase": "draft", "state": s})}

    assert ({"checked", "refused"}, {"in-review"}) == (where("submit"), where("approve"))
    assert ({"in-review", "approved"}, {"approved"}) == (where("refuse"), where("issue"))
    assert "in-review" == CUSTOM.target("submit")


@pytest.mark.parametrize("action", ["read", "draft"])
def test_reading_and_drafting_are_possible_everywhere(action: str) -> None:
    assert all(
        Workflow().lets(action, {"phase": phase, "state": state}) for phase, state in STANDING
    )


def test_without_approvals_anything_open_may_be_issued_but_what_was_refused() -> None:
    workflow = Workflow(approvals=0)
    found = {s for phase, s in STANDING if workflow.lets("issue", {"phase": phase, "state": s})}
    assert {"draft", "submitted"} == found
    own = attrs.evolve(CUSTOM, approvals=0)
    assert {"draft", "in-review"} == own.open_states
    assert {"draft", "in-review"} == {
        state
        for state in ("draft", "submitted", "in-review", "approved", "refused")
        if own.lets("issue", {"phase": "draft", "state": state})
    }
    assert str(workflow.guard("issue")) == str(
        (Doc.phase == "draft") & Doc.state.in_(frozenset({"draft", "submitted"}))
    )


def review(
    by: str, verdict: Any = "approve", version: int = 2, digest: str = "now", person: str = ""
) -> Review:
    return Review(
        document="d", verdict=verdict, person=person or by, by=by, version=version, digest=digest
    )


@pytest.mark.parametrize(
    ("approvals", "reviews", "authors", "expected"),
    [
        (1, [], "", "submitted"),
        (1, [review("bob")], "ann", "approved"),
        (1, [review("ann")], "ann", "submitted"),
        (1, [review("cat", person="ann")], "ann", "submitted"),
        (1, [review("ann", person="cat")], "ann", "submitted"),
        (1, [review("bob", digest="before")], "ann", "submitted"),
        (1, [review("bob", version=1)], "ann", "submitted"),
        (1, [review("bob", version=3)], "ann", "approved"),
        (1, [review("bob"), review("cat", "refuse")], "ann", "refused"),
        (1, [review("cat", "refuse", digest="before"), review("bob")], "ann", "refused"),
        (1, [review("cat", "refuse", version=1), review("bob")], "ann", "approved"),
        (2, [review("bob")], "ann", "submitted"),
        (2, [review("bob"), review("bob")], "ann", "submitted"),
        (2, [review("bob"), review("cat")], "ann", "approved"),
        (2, [review("bob"), review("cat", person="bob")], "ann", "submitted"),
        (2, [review("bob"), review("bob", person="cat")], "ann", "submitted"),
        (2, [review("bob"), review("cat", digest="before")], "ann", "submitted"),
        (0, [], "ann", "submitted"),
        (0, [review("bob")], "ann", "submitted"),
        (0, [review("bob", "refuse")], "ann", "refused"),
    ],
)
def test_the_state_that_reviews_make_of_a_submitted_draft(
    approvals: int, reviews: list[Review], authors: str, expected: str
) -> None:
    workflow = Workflow(approvals=approvals)
    assert expected == workflow.state("submitted", 2, "now", reviews, frozenset(authors.split()))


@given(
    st.sampled_from(["draft", "issued", "discarded", "other"]),
    st.lists(st.builds(review, st.sampled_from(["bob", "cat"]))),
)
def test_reviews_count_in_no_other_state(base: str, reviews: list[Review]) -> None:
    assert base == Workflow().state(base, 1, "now", reviews, frozenset())


@given(
    st.lists(
        st.builds(
            review, st.sampled_from(["bob", "cat", "dan"]), st.sampled_from(["approve", "refuse"])
        ),
        max_size=5,
    ),
    st.randoms(),
)
def test_the_order_of_reviews_does_not_matter(reviews: list[Review], random: Any) -> None:
    before = Workflow(approvals=2).state("submitted", 2, "now", reviews, frozenset())
    random.shuffle(reviews)
    assert before == Workflow(approvals=2).state("submitted", 2, "now", reviews, frozenset())
