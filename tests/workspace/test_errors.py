"""Errors cross processes whole: every leaf of the tree, with code, path, sentence and whatever it carries."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator
from typing import Any

import pytest

from multibill import errors
from multibill.collaboration import Overlap
from multibill.documents.checks import Finding
from multibill.errors import MultibillError
from multibill.permissions import Policy, Rights, permit
from multibill.query import Me
from multibill.query.doc import Doc
from multibill.records import Actor
from tests.workspace.agency import Agency

DECISION = Rights(
    Policy(permit("web", to="sales", on="edit", when=Doc.team.in_(Me.teams))),
    Actor("ann", roles={"sales"}, teams={"web"}, on_behalf_of="dan"),
).decide(
    "edit",
    "document",
    {"team": None, "phase": "issued", "authors": frozenset()},
    "invoice i1",
    Doc.phase == "draft",
)
FINDING = Finding(
    "BR-16", "error", "/lines", {"en": "no line"}, {"en": "add a line"}, "EN 16931-1:2017"
)

MADE: dict[str, MultibillError] = {
    "MultibillError": MultibillError("say what to do", path="/a", code="MB-OTHER"),
    "InvalidValue": errors.InvalidValue("3 is not text", path="/lines/a/name"),
    "InvalidInput": errors.InvalidInput(
        [errors.InvalidValue("one", path="/a"), errors.InvalidDefinition("two", path="/b")]
    ),
    "InvalidDefinition": errors.InvalidDefinition("never works"),
    "PreflightFailed": errors.PreflightFailed([FINDING, FINDING]),
    "NotFound": errors.NotFound("no invoice 'x' here"),
    "Denied": errors.Denied("ann may not", decision=DECISION, path="/margin"),
    "WrongState": errors.WrongState("not now"),
    "OverCredited": errors.OverCredited("more than remains", path="/lines/a"),
    "Frozen": errors.Frozen("issued content never changes", path="/lines/a/quantity"),
    "Stale": errors.Stale("load it again", current=7),
    "Conflict": errors.Conflict([Overlap("/due_date", None, "2026-12-31", "2027-01-31")]),
    "UndoConflict": errors.UndoConflict(
        [Overlap("/due_date", None, None, "2027-01-31")], by=["bob"]
    ),
    "KeyReused": errors.KeyReused("use a new one"),
    "Retryable": errors.Retryable("run it again"),
    "UnknownTenant": errors.UnknownTenant("provision first"),
    "SchemaMismatch": errors.SchemaMismatch("migrate", found=None, wanted="0001"),
    "MissingExtra": errors.MissingExtra("pip install 'multibill[einvoice]'", path="/file"),
    "Tampered": errors.Tampered("altered", path="position 7"),
}


def tree(cls: type[MultibillError] = MultibillError) -> Iterator[type[MultibillError]]:
    yield cls
    for below in cls.__subclasses__():
        yield from tree(below)


def test_every_error_of_the_tree_is_made_here_and_has_a_code_of_its_own() -> None:
    """An error that is added needs its line in ``MADE``."""
    classes = [cls for cls in tree() if cls.__module__.startswith("multibill.")]
    assert MADE.keys() == {cls.__name__ for cls in classes}
    assert len({cls.code for cls in classes}) == len(classes)
    assert errors.__doc__ is not None
    assert all(
        f" {cls.__name__} " in errors.__doc__ for cls in classes if cls is not MultibillError
    )


def carried(error: BaseException) -> dict[str, Any]:
    """What an error carries, in a form that compares: errors inside errors by their text."""
    return {
        name: [(type(one), str(one), one.path) for one in value] if name == "problems" else value
        for name, value in vars(error).items()
        if not name.startswith("__")
    }


@pytest.mark.parametrize("name", sorted(MADE))
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_an_error_survives_pickling_whole(name: str, protocol: int) -> None:
    error = MADE[name]
    sent = pickle.loads(pickle.dumps(error, protocol))  # noqa: S301 - our own bytes
    for again in (sent, copy.copy(error), copy.deepcopy(error)):
        assert type(error) is type(again)
        assert (str(error), error.message, error.path, error.code, error.args) == (
            str(again),
            again.message,
            again.path,
            again.code,
            again.args,
        )
        if name == "Denied":
            assert error.decision.explain() == again.decision.explain()  # type: ignore[attr-defined]
        else:
            assert carried(error) == carried(again)


@pytest.mark.parametrize(
    ("name", "python"),
    [
        ("InvalidValue", ValueError),
        ("InvalidInput", ValueError),
        ("InvalidDefinition", ValueError),
        ("NotFound", LookupError),
        ("UnknownTenant", LookupError),
        ("Denied", PermissionError),
    ],
)
def test_errors_are_what_python_calls_them_too(name: str, python: type[Exception]) -> None:
    assert isinstance(MADE[name], python)


def test_an_error_says_its_path_before_its_sentence_and_grows_it_outwards() -> None:
    error = errors.InvalidValue("3 is not text")
    assert "3 is not text" == str(error)
    assert "/lines/a/name: 3 is not text" == str(error.at("/name").at("/lines/a"))
    assert None is errors.InvalidValue("x").at("").path
    assert "/a: one; /b: two" == str(MADE["InvalidInput"])


def test_errors_of_real_calls_survive_too(agency: Agency) -> None:
    """With the trees, decisions and findings that the desk puts into them."""
    draft, issued = agency.draft(), agency.standing("issued")
    empty = agency.standing("approved", lines=())
    agency("ann").invoices.edit(draft.id, base=1, changes={"/lines/a/quantity": "9"})
    calls = [
        lambda: agency("bob").invoices.save(draft.with_line("a", quantity=1)),
        lambda: agency("bob").invoices.submit(draft),
        lambda: agency("bob").invoices.issue(draft.id),
        lambda: agency("bob").invoices.issue(empty),
        lambda: agency("bob").invoices.save(issued.evolve(lines=())),
        lambda: agency("eve", "admin").invoices.submit(draft.id),
        lambda: agency("bob").invoices.edit(
            draft.id, base=2, changes={"/lines/a/quantity": "x", "/due_date": 5}
        ),
    ]
    seen = set()
    for call in calls:
        with pytest.raises(MultibillError) as caught:
            call()
        again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301
        assert (type(caught.value), str(caught.value)) == (type(again), str(again))
        seen.add(type(again).__name__)
    assert {
        "Conflict",
        "Stale",
        "WrongState",
        "PreflightFailed",
        "Frozen",
        "Denied",
        "InvalidInput",
    } == seen
