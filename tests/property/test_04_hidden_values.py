"""Invariant 4 for fields: two worlds that differ only in what an actor does not see look the same to that actor.

On memory and SQLite: what every door of the documents answers, errors and explanations among it. A rule that judges a
hidden value (a permit, the preflight) tells what it says, and that a change happened is no secret.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import Any

import attrs
from hypothesis import HealthCheck, Phase, given, settings, strategies as st

from multibill import presets
from multibill.clock import FrozenClock
from multibill.documents import CreditTransfer, Line, PaymentInstructions
from multibill.errors import MultibillError
from multibill.permissions import Policy, Veil, hide, mask, permit
from multibill.permissions.rules import ACTIONS
from multibill.ports import Storage
from multibill.query import Expression, Me, any_of
from multibill.query.doc import Doc
from multibill.records import Actor, Custom
from multibill.storage.memory import MemoryStorage
from multibill.testing import SeededBytes, opened
from multibill.testing.billing import NOON
from multibill.workspace import Workspace
from tests.worlds import billing_on, sqlite_storage, tenant

FIELDS = (
    Custom("budget", str, kind="invoice", indexed=True, sensitive="margin"),
    Custom("hours", int, kind="invoice", indexed=True, sensitive="margin"),
    Custom("urgent", bool, kind="invoice", indexed=True),
    Custom("review", date, kind="invoice", indexed=True),
    Custom("rate", Decimal, kind="invoice", part="content", sensitive="margin"),
)
DAYS = st.dates(date(2027, 1, 1), date(2027, 1, 5))
WORDS = st.sampled_from(["a", "ab", "Zz", "10", "é", "%", "_"])
GUEST = ACTIONS["document"]


def iban(bank: int) -> str:
    """A right IBAN that ends as each of the others does."""
    number = f"{bank:05}000011234567890189"
    return f"FR{98 - int(f'{number}152700') % 97:02}{number}"


@attrs.frozen
class Secret:
    """One thing that can be hidden: the veil, and how a document is given it."""

    veil: Callable[..., Veil]
    values: st.SearchStrategy[Any]


SECRETS: Mapping[str, Secret] = {
    "costs": Secret(
        lambda **k: hide("/costs", **k), st.dictionaries(st.sampled_from("ab"), st.integers(0, 3))
    ),
    "budget": Secret(lambda **k: hide("/custom/budget", **k), st.none() | WORDS),
    "hours": Secret(lambda **k: hide("/custom/hours", **k), st.none() | st.integers(-2, 2)),
    "urgent": Secret(lambda **k: hide("/custom/urgent", **k), st.none() | st.booleans()),
    "review": Secret(lambda **k: hide("/custom/review", **k), st.none() | DAYS),
    "rate": Secret(lambda **k: hide("/custom/rate", **k), st.none() | st.decimals(0, 2, places=1)),
    "due_date": Secret(lambda **k: hide(Doc.due_date, **k), st.none() | DAYS),
    "assignee": Secret(
        lambda **k: hide(Doc.assignee, **k), st.none() | st.sampled_from(["ann", "eve"])
    ),
    "bank": Secret(lambda **k: mask("bank", last=4, **k), st.integers(10000, 10005).map(iban)),
    "note": Secret(lambda **k: hide("/lines/*/note", **k), st.none() | WORDS),
    "reference": Secret(
        lambda **k: mask("/buyer_reference", last=2, **k),
        st.sampled_from(["secret-77", "other-77", "a-much-longer-one-77"]),
    ),
}

CONDITIONS: Mapping[str, tuple[Expression | None, Callable[[Mapping[str, Any]], bool]]] = {
    "always": (None, lambda _: True),
    "others": (Doc.owner != Me.id, lambda said: said["owner"] != "eve"),
    "web": (Doc.team == "web", lambda said: said["team"] in ("web", None)),
    "not web": (~(Doc.team == "web"), lambda said: said["team"] != "web"),
    "mine or print": (
        any_of(Doc.owner == Me.id, Doc.team == "print"),
        lambda said: said["owner"] == "eve" or said["team"] in ("print", None),
    ),
}
"""Conditions on what everybody sees, with what they come to; an unknown team lifts nothing."""


@attrs.frozen
class Plan:
    """Which veils hold, and every document with its secrets in either world."""

    veils: Mapping[str, str]
    documents: tuple[tuple[Mapping[str, Any], Mapping[str, Any], Mapping[str, Any]], ...]

    @property
    def policy(self) -> Policy:
        """The agency's rules, a guest who may do nearly everything, and the veils."""
        veils = []
        for name, condition in self.veils.items():
            when = CONDITIONS[condition][0]
            veils.append(SECRETS[name].veil(to="guest", **({} if when is None else {"when": when})))
        return Policy(
            *presets.agency().rules,
            permit("guests", to="guest", on=GUEST),
            permit("look", to="guest", on="read", of="seller"),
            permit("see", to="guest", on="read", of="customer"),
            permit("count", to="guest", on={"read", "pay"}, of="payment"),
            *veils,
        )


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Some veils, and documents whose secrets differ between the worlds exactly where a veil covers them."""
    names = st.sampled_from(sorted(SECRETS))
    veils = draw(st.dictionaries(names, st.sampled_from(sorted(CONDITIONS)), min_size=1))
    documents = []
    for _ in range(3):
        plain = {
            "owner": draw(st.sampled_from(["ann", "eve"])),
            "team": draw(st.sampled_from(["web", "print", None])),
        }
        one = {name: draw(secret.values) for name, secret in SECRETS.items()}
        other = {
            name: draw(secret.values)
            if name in veils and CONDITIONS[veils[name]][1](plain)
            else one[name]
            for name, secret in SECRETS.items()
        }
        documents.append((plain, one, other))
    return Plan(veils, tuple(documents))


def fields(plain: Mapping[str, Any], secrets: Mapping[str, Any]) -> dict[str, Any]:
    """What a draft is made of."""
    custom = {field.name: secrets[field.name] for field in FIELDS}
    transfer = CreditTransfer(id="t", account=secrets["bank"], holder="The Studio")
    lines = [
        Line(id="a", name="Logo", quantity=2, unit_price="450", vat="20", note=secrets["note"]),
        Line(id="b", name="Hosting", unit_price="90", vat="20"),
    ]
    return {
        **{name: value for name, value in plain.items() if value is not None},
        "lines": lines,
        "costs": secrets["costs"],
        "custom": {name: value for name, value in custom.items() if value is not None},
        "payment": PaymentInstructions(means="58", transfers=[transfer]),
        "due_date": secrets["due_date"],
        "assignee": secrets["assignee"],
        "buyer_reference": secrets["reference"],
    }


def world(storage: Storage, plan: Plan, side: int) -> tuple[Workspace, list[str]]:
    """The tenant as eve sees it, with a draft, an approved draft and an issued invoice in it."""
    name, random = tenant(), SeededBytes("hidden")
    billing = billing_on(
        storage, policy=plan.policy, fields=FIELDS, clock=FrozenClock(NOON), random=random
    )
    opened(billing, name)
    ann = billing.workspace(name, actor=Actor("ann", roles={"manager"})).invoices
    bob = billing.workspace(name, actor=Actor("bob", roles={"manager"})).invoices
    ids = []
    for place, document in enumerate(plan.documents):
        made = ann.draft(seller="studio", buyer="acme", **fields(document[0], document[1 + side]))
        ids.append(made.id)
        if place:
            bob.approve(ann.submit(made))
        if place > 1:
            bob.issue(made.id)
    eve = billing.workspace(name, actor=Actor("eve", roles={"guest"}))
    return eve, ids


def told(call: Callable[[], Any]) -> str:
    """All that a call says: what it gives, or its error with everything that hangs on it."""
    try:
        return shown(call())
    except MultibillError as error:
        rest = {name: value for name, value in vars(error).items() if name != "decision"}
        decision = getattr(error, "decision", None)
        return f"{error!r} {error} {rest} {shown(decision) if decision else ''}"


def shown(value: Any) -> str:
    """A value as text, with what its repr leaves out."""
    if hasattr(value, "explain"):
        return f"{value} {value.explain()} {value.why_not()} {sorted(value.row.items(), key=str)}"
    if hasattr(value, "items") and hasattr(value, "count"):
        rows = [(sorted(row.values.items(), key=str), sorted(row.can)) for row in value]
        return f"{rows} {value.next} {value.count()}"
    if hasattr(value, "margin"):
        return f"{value} {value.margin} {sorted(value.hidden)}"
    if hasattr(value, "document"):
        return f"{value} {shown(value.document)}"
    if hasattr(value, "events"):
        return f"{value}\n{[(event, event.changes) for event in value]}"
    return f"{value!r} {getattr(value, 'data', '')!r}"


def filters() -> Iterator[Expression]:
    """Questions about what is hidden, in both polarities."""
    pairs: list[tuple[Any, Any]] = [
        (Doc.due_date, date(2027, 1, 2)),
        (Doc.assignee, "eve"),
        (Doc.custom["budget"], "ab"),
        (Doc.custom["hours"], 1),
        (Doc.custom["review"], date(2027, 1, 2)),
    ]
    for field, value in pairs:
        for made in (field == value, field <= value, field.in_([value]), field.is_null()):
            yield made
            yield ~made
    yield Doc.custom["urgent"] == True  # noqa: E712 - a condition, not a comparison
    yield (Doc.due_date > date(2027, 1, 3)) | ~(Doc.custom["hours"] > 0)


ORDERS = ["due_date", "-assignee", "custom.budget,-custom.hours", "-custom.review", "custom.urgent"]


def readings(eve: Workspace, ids: list[str]) -> Iterator[tuple[str, str]]:
    """What eve is told by everything that only reads."""
    office = eve.invoices
    for key in ids:
        for verb in ("get", "json", "preflight", "history"):
            yield f"{verb} {key}", told(partial(getattr(office, verb), key))
        for action in sorted(GUEST):
            yield f"may {action}", told(partial(office.may, action, key))
    yield "pdf", told(lambda: office.pdf(ids[-1]))
    for condition in filters():
        yield f"list {condition}", told(partial(office.list, condition, mark=GUEST))
        yield f"feed {condition}", told(partial(fed, eve, condition))
    yield "feed", told(partial(fed, eve))
    for order in ORDERS:
        pages: Any = paged(office, order)
        yield f"order {order}", str(list(islice(pages, 5)))


def fed(eve: Workspace, *conditions: Expression) -> list[str]:
    """What a feed tells, without the cursors: they name the tenant."""
    return [str({**event.tree, "cursor": ""}) for event in eve.feed(*conditions)]


def paged(office: Any, order: str) -> Iterator[str]:
    """Page after page of one row."""
    page = office.list(order=order, limit=1)
    yield shown(page)
    while page.next:
        page = office.list(order=order, limit=1, after=page.next)
        yield shown(page)


def writings(eve: Workspace, ids: list[str]) -> Iterator[tuple[str, str]]:
    """What eve is told by everything that writes, tried on what is hidden too."""
    office, (draft, approved, issued) = eve.invoices, ids
    changes: list[dict[str, Any]] = [
        {"/costs/a": "1"},
        {"/costs/a": None},
        {"/custom/budget": "ab"},
        {"/due_date": "2027-01-02"},
        {"/payment": None},
        {"/payment/transfers/t": None},
        {"/buyer_reference": "secret-77"},
        {"/buyer_reference": "••••77"},
        {"/lines/a/note": None},
        {"/project": "P7"},
        {"/lines/a": None},
    ]
    for change in changes:
        yield f"edit {change}", told(partial(office.edit, draft, base=1, changes=change))
    yield "save", told(lambda: office.save(office.get(draft).evolve(sales_order="S")))
    for again in range(2):
        yield f"keep {again}", told(lambda: office.save(office.get(draft)))
    file = partial(office.attach, draft, b"x", filename="x.csv", mime="text/csv")
    yield "attach", told(file)
    yield "refresh", told(lambda: office.refresh(draft))
    yield (
        "draft",
        told(
            lambda: office.draft(
                seller="studio", buyer="acme", costs={"a": 1}, due_date="2027-01-02"
            )
        ),
    )
    for verb in ("submit", "approve", "issue", "discard"):
        yield verb, told(partial(getattr(office, verb), draft))
    yield "refuse", told(lambda: office.refuse(approved, comment="no"))
    yield "tag", told(lambda: office.edit(issued, base=4, changes={"/tags/x": True}))
    yield "pay", told(lambda: eve.payments.record("acme", "10", on="2026-12-01", settles=[issued]))
    yield "credit", told(lambda: office.credit(issued, lines={"a": 1}))


QUICK = settings(
    max_examples=4 if settings().max_examples < 100 else 60,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a world is too dear to shrink
    suppress_health_check=list(HealthCheck),
    deadline=None,
)


@QUICK
@given(plans())
def test_invariant_04_hidden_values_show_nowhere(plan: Plan) -> None:
    for storage in (MemoryStorage(), sqlite_storage()):
        one, other = (world(storage, plan, side) for side in (0, 1))
        assert one[1] == other[1]
        for ask in (readings, writings, readings):
            for left, right in zip(ask(*one), ask(*other), strict=True):
                assert left == right


@QUICK
@given(plans())
def test_invariant_02_a_covered_field_never_changes_what_a_list_has(plan: Plan) -> None:
    """A field that is covered on every row answers as one that no document has."""
    covered = [name for name, condition in plan.veils.items() if condition == "always"]
    asked: dict[str, tuple[Any, Any]] = {
        "due_date": (Doc.due_date, date(2027, 1, 2)),
        "assignee": (Doc.assignee, "eve"),
        "budget": (Doc.custom["budget"], "ab"),
        "hours": (Doc.custom["hours"], 1),
        "review": (Doc.custom["review"], date(2027, 1, 2)),
    }
    for storage in (MemoryStorage(), sqlite_storage()):
        eve, ids = world(storage, plan, 0)
        for name in set(covered) & asked.keys():
            field, value = asked[name]
            for nothing in (field == value, ~(field == value), field > value, field.not_null()):
                assert 0 == eve.invoices.list(nothing).count()
            assert len(ids) == eve.invoices.list(field.is_null()).count()
