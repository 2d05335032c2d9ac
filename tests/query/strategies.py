"""Random expressions, rows and actors for the tests of the expression language.

Texts come from small pools, so that comparisons meet; the pools hold what databases, printers and parsers trip over.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from multibill.clock import instant
from multibill.money import Money
from multibill.query import (
    ANYTHING,
    BOOLEAN,
    DATE,
    DECIMAL,
    INSTANT,
    INTEGER,
    MONEY,
    TEXT,
    Expression,
    Field,
    Fields,
    Me,
    Type,
    all_of,
    always,
    any_of,
    choice,
    names,
    never,
    path_of,
)
from multibill.query.expressions import Comparison, In
from multibill.query.me import Mine
from multibill.query.walk import atoms

TYPES: dict[str, Type] = {
    "id": TEXT,
    "kind": choice("invoice", "credit_note", "quote"),
    "phase": choice("draft", "discarded", "issued"),
    "state": TEXT,
    "settlement": choice("open", "part-paid", "paid", "written-off"),
    "number": TEXT,
    "seller_ref": TEXT,
    "buyer_ref": TEXT,
    "buyer.name": TEXT,
    "issue_date": DATE,
    "due_date": DATE,
    "currency": TEXT,
    "team": TEXT,
    "owner": TEXT,
    "assignee": TEXT,
    "value": MONEY,
    "payable": MONEY,
    "line_count": INTEGER,
    "hours": DECIMAL,
    "reverse_charge": BOOLEAN,
    "sent_at": INSTANT,
}
CUSTOM: dict[str, Type] = {
    "project": TEXT,
    "stage": choice("won", "lost"),
    "budget": MONEY,
    "deadline": DATE,
    "score": INTEGER,
    "rate": DECIMAL,
    "seen_at": INSTANT,
    "urgent": BOOLEAN,
}
Doc = Fields("Doc", TYPES, custom=True, authors=True)

NAMESPACE: dict[str, object] = {
    "ANYTHING": ANYTHING,
    "Decimal": Decimal,
    "Doc": Doc,
    "Me": Me,
    "Money": Money,
    "always": always,
    "date": date,
    "datetime": datetime,
    "instant": instant,
    "never": never,
}


def evaluated(source: str) -> Any:
    """What a source text of this test makes."""
    return eval(source, dict(NAMESPACE))  # noqa: S307 - written or printed by the tests themselves


PEOPLE = ["ann", "bob", "zoé", "o'hara"]
TEAMS = ["web", "Web", "web ", "design", "100%", "a_b", "a\\b", "A%"]
ODD = [
    "",
    " ",
    'say "x"',
    "it's",
    "Acme SAS",
    "é",
    "e\u0301",
    "ß",
    "ss",
    "\uffff",
    "\U0001f600",
    "\u202eevil",
    "line\nbreak",
    "\x7f",
    "null",
    "?",
    ":x",
    "%(x)s",
    "10",
    "9",
]

people = st.sampled_from(PEOPLE)
texts = st.one_of(
    people,
    st.sampled_from(TEAMS),
    st.sampled_from(ODD),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=6),
)
# The same minor units in every currency: only the currency tells 10.00 EUR from 1000 JPY and 1.000 TND.
minor_units = st.sampled_from([0, 1, -1, 999, 1000, 1001, 1_000_000, -1000, 10**14])
moneys = st.builds(Money.from_minor, minor_units, st.sampled_from(["EUR", "USD", "JPY", "TND"]))
dates = st.one_of(
    st.sampled_from([date(2026, 1, 1), date(2026, 1, 2), date(2025, 12, 31), date(2024, 2, 29)]),
    st.dates(),
)
instants = st.one_of(
    st.sampled_from([datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, 0, 0, 0, 1, UTC)]),
    st.datetimes(
        datetime(1000, 1, 2),  # noqa: DTZ001 - the zone comes from the next argument
        datetime(9999, 12, 30),  # noqa: DTZ001
        timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))]),
    ),
)
integers = st.one_of(st.integers(-2, 2), st.integers(1 - 2**53, 2**53 - 1))
decimals = st.one_of(
    st.sampled_from(["0", "-0", "1.5", "1.50", "-1.5", "0.000001", "1000"]).map(Decimal),
    st.decimals(-(10**6), 10**6, places=6),
)

LITERALS: dict[str, st.SearchStrategy[Any]] = {
    "text": texts,
    "money": moneys,
    "date": dates,
    "instant": instants,
    "integer": integers,
    "decimal": decimals,
    "boolean": st.booleans(),
}


def literals(kind: Type) -> st.SearchStrategy[Any]:
    """Values that a field of this type may hold."""
    return st.sampled_from(kind.choices) if kind.choices else LITERALS[kind.name]


FIELDS: list[tuple[Field, Type]] = [
    *((Doc[name], kind) for name, kind in TYPES.items()),
    *((Doc.custom[name], kind) for name, kind in CUSTOM.items()),
]


@st.composite
def comparisons(draw: st.DrawFn) -> Expression:
    field, kind = draw(st.sampled_from(FIELDS))
    operands = literals(kind)
    if kind.name == "text":
        operands = st.one_of(operands, st.just(Me.id))
    signs = ["__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"]
    sign = draw(st.sampled_from(signs if kind.ordered else signs[:2]))
    return getattr(field, sign)(draw(operands))


@st.composite
def memberships(draw: st.DrawFn) -> Expression:
    field, kind = draw(st.sampled_from(FIELDS))
    sizes = st.lists(literals(kind), max_size=draw(st.sampled_from([1, 3, 20])))
    if kind.name == "text":
        return field.in_(draw(st.one_of(sizes, st.sampled_from([Me.ids, Me.teams, Me.roles]))))
    return field.in_(draw(sizes))


nulls = st.builds(
    lambda field, known: field.not_null() if known else field.is_null(),
    st.sampled_from([field for field, _ in FIELDS]),
    st.booleans(),
)
definite = st.one_of(
    st.just(Doc.authored_by(Me)),
    st.sampled_from([always(), never()]),
)
plain_atoms = st.one_of(comparisons(), memberships(), comparisons(), memberships(), definite)


def joined(leaves: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    """Trees over these leaves."""
    return st.recursive(
        leaves,
        lambda parts: st.one_of(
            parts.map(lambda part: ~part),
            st.lists(parts, min_size=2, max_size=4).map(lambda found: all_of(*found)),
            st.lists(parts, min_size=2, max_size=4).map(lambda found: any_of(*found)),
        ),
        max_leaves=10,
    )


expressions = joined(st.one_of(plain_atoms, nulls))
expressions_without_nulls = joined(plain_atoms)

some_texts = st.frozensets(st.one_of(people, st.sampled_from(TEAMS), texts), max_size=4)
actors: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "id": st.none() | people,
        "ids": st.frozensets(people, max_size=2),
        "teams": st.none() | some_texts,
        "roles": st.none() | some_texts,
    }
)

ROW: dict[str, Any] = {path_of(field).name: None for field, _ in FIELDS} | {"authors": frozenset()}
ANN: dict[str, Any] = {
    "id": "ann",
    "ids": frozenset({"ann", "bob"}),
    "teams": frozenset({"web", "design"}),
    "roles": frozenset({"sales"}),
}


def mentioned(expr: Expression) -> dict[str, list[Any]]:
    """The literals that an expression compares each field with."""
    found: dict[str, list[Any]] = {}
    for atom in atoms(expr):
        match atom:
            case Comparison(path=path, value=value) if not isinstance(value, Mine):
                found.setdefault(path.name, []).append(value)
            case In(path=path, values=tuple(values)):
                found.setdefault(path.name, []).extend(values)
    return found


@st.composite
def rows(draw: st.DrawFn, expr: Expression, me: dict[str, Any]) -> dict[str, Any]:
    """A row that the expression has something to say about: often its own literals, often nothing."""
    known = mentioned(expr)
    mine = [me["id"], *me["ids"], *(me["teams"] or ()), *(me["roles"] or ())]
    row = ROW | {"authors": draw(st.frozensets(people, max_size=2))}
    for name in sorted(names(expr) - {"authors"}):
        kind = CUSTOM[name[7:]] if name.startswith("custom.") else TYPES[name]
        near = known.get(name, []) + (mine if kind.name == "text" else [])
        row[name] = draw(st.one_of(st.none(), literals(kind), *map(st.just, near)))
    return row


@st.composite
def worlds(
    draw: st.DrawFn, shapes: st.SearchStrategy[Expression] = expressions, size: int = 1
) -> tuple[Expression, list[dict[str, Any]], dict[str, Any]]:
    """An expression, rows it is asked about, and the actor who asks."""
    expr, me = draw(shapes), draw(actors)
    return expr, draw(st.lists(rows(expr, me), min_size=1, max_size=size)), me
