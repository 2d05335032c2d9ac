"""The one table from kind to class, and how values, stored records and projections follow from each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, lru_cache
from typing import Any

import attrs

from multibill.codec import WIRE, Tree
from multibill.documents import KINDS as DOCUMENTS, Document
from multibill.errors import InvalidDefinition, InvalidValue
from multibill.history.change import Shape
from multibill.model import Entry, ModelMap, Term, model_map, replaced
from multibill.ports import Row
from multibill.query.doc import DOCUMENT_FIELDS
from multibill.records import REGISTERS, Custom, Record, typed

SETTLED = ("settlement", "due")
"""What payments and credit notes make of a document: facts that stand beside it, never in its body."""

FACTS = ("id", "version", "state", "hidden", *SETTLED)
BESIDE = frozenset({*FACTS, "phase", "custom"})
"""What stands beside a document's stored form, or is put into it by other hands."""

EMPTY: Tree = {}
STAGE = ("phase", "state", "since")
"""What verbs keep in a document's envelope: phase, state of the last transition, version that entered it."""


@attrs.frozen(slots=False)
class Kind:
    """One kind of record: its class, the host's custom fields on it, and what its paths mean."""

    name: str
    cls: type
    custom: Mapping[str, Custom]

    @cached_property
    def map(self) -> ModelMap:
        """The model map of the class."""
        return model_map(self.cls)

    @cached_property
    def fields(self) -> ModelMap:
        """The model map with the host's custom fields by name: what rules on fields speak of."""
        own = (_entry(field) for field in self.custom.values())
        return ModelMap((*self.map, *own))

    @cached_property
    def collections(self) -> Shape:
        """Where items by id stand, as ``diff`` tells them apart: at the root, and nested in what people set.

        What is computed is told apart at the root only, and so are registers, which nobody merges.
        """
        merged = issubclass(self.cls, Document)
        shape: dict[str, Any] = {"custom": {"*": {}}}
        for entry in self.map:
            names = entry.path.split("/")[1:]
            stars = [place for place, name in enumerate(names) if name == "*"]
            if stars and (stars[0] == 1 or (merged and not entry.term.derived)):
                below = shape
                for name in names[: stars[-1] + 1]:
                    below = below.setdefault(name, {})
        return shape

    def holds_items(self, name: str) -> bool:
        """Whether a name at the root is a collection."""
        return "*" in self.collections.get(name, ())

    @cached_property
    def legal_heads(self) -> frozenset[str]:
        """Names at the root that live in the content; everything else is in the envelope."""
        return frozenset(head for head, part in self.map.parts.items() if part == "content")

    @cached_property
    def computed(self) -> frozenset[str]:
        """Names that no draft's stored form has: what is computed, and what is written beside it."""
        return self.map.derived | BESIDE

    def field(self, name: str) -> Custom:
        """The custom field of this name; InvalidValue when the host declared none."""
        if name in self.custom:
            return self.custom[name]
        known = ", ".join(sorted(self.custom)) or "none"
        raise InvalidValue(
            f"no custom field {name!r} is declared for {self.name} (declared: {known})",
            path=f"/custom/{name}",
        )

    def body(self, value: Any, before: Any = None, stored: Tree = EMPTY) -> Tree:
        """The stored form of a value, content and envelope as one tree, without the record's facts.

        Args:
            before: the value it was made from, with its ``stored`` form: what both share is not written again.
        """
        draft = issubclass(self.cls, Document) and value.phase != "issued"
        return self._written(value, self.computed if draft else BESIDE, before, stored)

    def written(self, value: Any) -> Tree:
        """The same with all that is computed, also for a draft."""
        return self._written(value, BESIDE, None, EMPTY)

    def _written(self, value: Any, skip: frozenset[str], before: Any, stored: Tree) -> Tree:
        tree: Tree = WIRE.parts(value, skip=skip, before=before, stored=stored)
        custom = typed(value.custom, self.custom) if value.custom else None
        return {**tree, "custom": WIRE.tree(custom)} if custom else tree

    def record(self, id: str, version: int, body: Tree) -> Record:
        """The record of a body: split into what is hashed and what only the team sees."""
        content: Tree = {}
        envelope: Tree = {}
        for name, value in body.items():
            if name == "custom":
                self._split(value, content, envelope)
            else:
                (content if name in self.legal_heads else envelope)[name] = value
        return Record(self.name, id, version, content, envelope)

    def _split(self, custom: Tree, content: Tree, envelope: Tree) -> None:
        for name, value in custom.items():
            part = content if self.field(name).part == "content" else envelope
            part.setdefault("custom", {})[name] = value

    def stored(self, record: Record, **facts: Any) -> Any:
        """The value of a record that stands in the storage."""
        return self._read(WIRE.stored, record, facts)

    def value(self, record: Record, **facts: Any) -> Any:
        """The value of a record that people have a hand in: an instance of the kind's class.

        Raises InvalidInput with every path that is wrong.
        """
        return self._read(WIRE.value, record, facts)

    def _read(self, read: Callable[[Tree, type], Any], record: Record, facts: Tree) -> Any:
        tree = {**record.body, **facts, "id": record.id, "version": record.version}
        tree.pop("since", None)
        custom = tree.pop("custom", None)
        known = {name: tree.pop(name, None) for name in SETTLED}
        said = {name: value for name, value in known.items() if value is not None}
        value = read(tree, self.cls)
        if custom:
            said["custom"] = typed(custom, self.custom)
        return replaced(value, **said) if said else value

    def material(self, path: str) -> bool:
        """Whether a change there, of a leaf or of all below it, makes an approval stale and its maker an author."""
        names = path.split("/")
        if path == "":
            return True
        if names[1] == "custom":
            return self.field(names[2]).part == "content"
        return any(e.term.material and not e.term.derived for e in self.map.below(path))

    def settable(self, path: str) -> bool:
        """Whether people set what is there: no fact, nothing that only verbs set, nothing that is computed."""
        below = self.map.below(path)
        kept = any(entry.part == "fact" or entry.term.fixed for entry in below)
        return not kept and not (below and all(entry.term.derived for entry in below))

    def unit(self, path: str) -> str:
        """The merge unit of a concrete path: the path itself, or the group it only makes sense in.

        Terms that came or went as a whole are in one unit with the due date, as each of their parts is.
        """
        group = self._groups(self.map.pattern(path) or "")
        if group is None:
            return path
        depth, name = group
        return "/".join(path.split("/")[:depth]) + name

    @lru_cache(maxsize=1024)  # noqa: B019 - a kind lives as long as its Billing
    def _groups(self, pattern: str) -> tuple[int, str] | None:
        """How many names of a path lead to the group that it is in, and the group's own name with its mark."""
        units = {entry.unit for entry in self.map.below(pattern)} if pattern else set()
        group, mark, name = units.pop().partition("#") if len(units) == 1 else ("", "", "")
        return (group.count("/") + 1, mark + name) if mark else None

    def merge(self, path: str) -> str | None:
        """How two people's changes of a path become one: ``last``, ``text``, or None where they conflict."""
        names = path.split("/")
        if names[1:2] == ["custom"] and names[2:] and names[2] in self.custom:
            return self.custom[names[2]].merge
        entry = self.map.entry(path)
        return entry.term.merge if entry else None

    def __hash__(self) -> int:
        return id(self)

    def legal(self, path: str) -> bool:
        """Whether the path is frozen at issue."""
        names = path.split("/")
        if names[1] == "custom":
            return self.field(names[2]).part == "content"
        return any(entry.term.legal for entry in self.map.below(path))

    @cached_property
    def indexed_types(self) -> Mapping[str, type]:
        """The indexed custom fields with their types."""
        return {name: field.type for name, field in self.custom.items() if field.indexed}

    def indexed(self, body: Tree) -> dict[str, Any]:
        """The indexed custom values of a body, by name."""
        if not self.indexed_types or "custom" not in body:
            return {}
        values = typed(body["custom"], self.custom)
        return {name: value for name, value in values.items() if name in self.indexed_types}

    def custom_rows(self, body: Tree) -> dict[str, Any] | None:
        """What storage keeps of them; None where the host declared none."""
        return self.indexed(body) if self.indexed_types else None

    def custom_facts(self, body: Tree) -> dict[str, Any]:
        """The indexed custom values as conditions name them."""
        if not self.indexed_types:
            return {}
        return {f"custom.{name}": value for name, value in self.indexed(body).items()}


def _entry(field: Custom) -> Entry:
    content = field.part == "content"
    term = Term(
        part=field.part,
        legal=content,
        material=content,
        sensitive=field.sensitive,
        label=field.name,
    )
    return Entry(
        field.path, field.type, term, None, field.path, (field.path,), maskable=field.type is str
    )


def kinds(fields: Iterable[Custom]) -> dict[str, Kind]:
    """Every kind by name, with the host's custom fields; a field of an unknown kind is refused."""
    declared: dict[str, dict[str, Custom]] = {}
    classes: dict[str, type] = {**DOCUMENTS, **REGISTERS}
    for field in fields:
        if field.kind not in classes:
            raise InvalidDefinition(
                f"custom field {field.name!r}: no kind {field.kind!r}; one of {', '.join(classes)}"
            )
        if field.sensitive and field.kind not in DOCUMENTS:
            raise InvalidDefinition(
                f"custom field {field.name!r}: rules on fields are for documents, so sensitive= is too"
            )
        if declared.setdefault(field.kind, {}).setdefault(field.name, field) is not field:
            raise InvalidDefinition(
                f"custom field {field.name!r} is declared twice for {field.kind}"
            )
    return {name: Kind(name, cls, declared.get(name, {})) for name, cls in classes.items()}


def summary(document: Document, state: str) -> dict[str, Any]:
    """A document's summary row: every field that conditions may use."""
    gross = document.totals.gross
    known: dict[str, Any] = {
        "kind": document.kind,
        "state": state,
        "buyer.name": document.buyer.name,
        "payable": document.totals.payable,
        "value": abs(gross) if gross.currency == document.base_currency else None,
    }
    row = {
        name: known[name] if name in known else getattr(document, name) for name in DOCUMENT_FIELDS
    }
    row["version"] = document.version
    return row


def vat_rows(document: Document) -> tuple[Row, ...]:
    """One row per VAT category and rate of a document, signed by what it does to the buyer's debt."""
    return tuple(
        {
            "row": row.key,
            "category": row.category,
            "rate": row.rate,
            "currency": row.taxable.currency,
            "taxable": document.sign * row.taxable.minor,
            "tax": document.sign * row.tax.minor,
        }
        for row in document.totals.breakdown
    )
