"""Every path of a class with its term, derived from the attrs metadata. There is no second list of fields."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Any

import attrs

from multibill.errors import InvalidValue
from multibill.model.masked import Masked
from multibill.model.terms import KEY, Part, Term

NOTHING = Term()


@attrs.frozen
class Entry:
    """One path pattern (``/lines/*/unit_price``), its type and what it means.

    ``optional`` names the patterns at it and above it that may be absent; ``maskable`` texts may be covered in part.
    """

    path: str
    type: type
    term: Term
    bt: str | None
    unit: str
    optional: tuple[str, ...] = ()
    maskable: bool = False

    @property
    def part(self) -> Part:
        """Where the path lives: ``content``, ``envelope`` or ``fact``."""
        return self.term.part

    @property
    def label(self) -> str:
        """The English caption: the term's own or the attribute's name."""
        return self.term.label or self.path.rsplit("/", 1)[1].replace("_", " ")


@attrs.frozen(slots=False)
class ModelMap:
    """The entries of one class, found by concrete path or pattern."""

    entries: tuple[Entry, ...]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    @cached_property
    def by_pattern(self) -> Mapping[str, Entry]:
        """Pattern -> entry."""
        return {entry.path: entry for entry in self.entries}

    @cached_property
    def parts(self) -> Mapping[str, Part]:
        """First name of a path -> the part it lives in."""
        return {entry.path.split("/")[1]: entry.part for entry in self.entries}

    @cached_property
    def derived(self) -> frozenset[str]:
        """First names whose whole subtree is derived."""
        heads: dict[str, bool] = {}
        for entry in self.entries:
            head = entry.path.split("/")[1]
            heads[head] = heads.get(head, True) and entry.term.derived
        return frozenset(head for head, derived in heads.items() if derived)

    @cached_property
    def immaterial(self) -> frozenset[str]:
        """Patterns of what no approval covers: immaterial or derived."""
        return frozenset(e.path for e in self.entries if not e.term.material or e.term.derived)

    @cached_property
    def mixed(self) -> frozenset[str]:
        """Prefixes below which something is immaterial."""
        found: set[str] = set()
        for path in self.immaterial:
            names = path.split("/")
            found.update("/".join(names[:end]) for end in range(2, len(names)))
        return frozenset(found)

    @cached_property
    def optional(self) -> frozenset[str]:
        """Patterns of what may be absent: optional attributes, and each item of a collection."""
        return frozenset(pattern for entry in self.entries for pattern in entry.optional)

    def absent(self, pattern: str) -> str | None:
        """The nearest pattern, at this one or above it, that may be absent; None where all of them are needed."""
        while pattern and pattern not in self.optional:
            pattern = pattern.rpartition("/")[0]
        return pattern or None

    def collection(self, pattern: str) -> bool:
        """Whether a pattern holds items by id."""
        return f"{pattern}/*" in self._prefixes

    def step(self, prefix: str, name: str) -> str:
        """The pattern one name further down: the name itself, or ``*`` for an item of a collection."""
        exact = f"{prefix}/{name}"
        return exact if exact in self._prefixes else f"{prefix}/*"

    def entry(self, path: str) -> Entry | None:
        """The entry of a concrete path, or None when the map has none there.

        A path to a whole item or group (``/lines/a``) has no entry of its own; see ``below``.
        """
        pattern = self.pattern(path)
        return self.by_pattern.get(pattern) if pattern else None

    @lru_cache(maxsize=4096)  # noqa: B019 - a map lives as long as its class
    def pattern(self, path: str) -> str | None:
        """The pattern that a concrete path follows, or None."""
        found = ""
        for name in path.split("/")[1:]:
            found = self.step(found, name)
            if found not in self._prefixes:
                return None
        return found

    def below(self, path: str) -> tuple[Entry, ...]:
        """The entries at a concrete path or below it: one for a leaf, many for a line or a group."""
        pattern = self.pattern(path)
        return () if pattern is None else self._below[pattern]

    @cached_property
    def _below(self) -> Mapping[str, tuple[Entry, ...]]:
        found: dict[str, list[Entry]] = {prefix: [] for prefix in self._prefixes}
        for entry in self.entries:
            names = entry.path.split("/")
            for end in range(2, len(names) + 1):
                found["/".join(names[:end])].append(entry)
        return {prefix: tuple(entries) for prefix, entries in found.items()}

    @cached_property
    def _prefixes(self) -> frozenset[str]:
        found: set[str] = set()
        for entry in self.entries:
            names = entry.path.split("/")
            found.update("/".join(names[:end]) for end in range(2, len(names) + 1))
        return frozenset(found)

    def __hash__(self) -> int:
        return id(self)


@lru_cache(maxsize=256)
def model_map(cls: type) -> ModelMap:
    """The model map of an attrs class whose fields carry ``term``, ``envelope``, ``fact`` or ``means``."""
    return ModelMap(tuple(_entries(cls, "", _Above(), {})))


@attrs.frozen
class _Above:
    """What an embedding attribute says of all that stands below it."""

    term: Term | None = None
    unit: str | None = None
    optional: tuple[str, ...] = ()
    whole: bool = False


def _entries(cls: type, prefix: str, above: _Above, names: Mapping[str, str]) -> Iterator[Entry]:
    hints = typing.get_type_hints(cls)
    for attribute in attrs.fields(cls):
        if not attribute.init:
            continue
        inner, repeated = unwrapped(hints[attribute.name])
        said = attribute.metadata.get(KEY, NOTHING)
        flags = said if above.term is None else _inherited(said, above.term)
        group = f"{prefix}#{said.unit}" if said.unit else above.unit
        path = f"{prefix}/{attribute.name}"
        optional = _optional(attribute, hints[attribute.name], path, above)
        path += "/*" if repeated else ""
        if attrs.has(inner) and not getattr(inner, "__atom__", False):
            # an item without an id is named after what it says, so it is there as a whole or not at all
            whole = above.whole or (repeated and not hasattr(inner, "id"))
            below = _below(names, attribute.name) or said.means
            yield from _entries(inner, path, _Above(flags, group, optional, whole), below)
        else:
            masks = inner is str and not above.whole and _maskable(attribute)
            bt = names.get(attribute.name, said.bt)
            yield Entry(path, inner, flags, bt, group or path, optional, masks)


def _optional(
    attribute: attrs.Attribute[Any], hint: object, path: str, above: _Above
) -> tuple[str, ...]:
    """The patterns at an attribute and above it that may be absent: the items of a collection too."""
    if above.whole or not _may_be_absent(attribute, hint):
        return above.optional
    return (*above.optional, path, *([f"{path}/*"] if unwrapped(hint)[1] else []))


def _may_be_absent(attribute: attrs.Attribute[Any], hint: object) -> bool:
    """Whether the attribute can hold nothing: None, or a collection without items."""
    if type(None) in typing.get_args(hint):
        return True
    default = attribute.default
    default = getattr(default, "factory", lambda: default)()
    return default in ((), {}, frozenset())


def _maskable(attribute: attrs.Attribute[Any]) -> bool:
    """Whether the attribute is plain text, so that it can hold what is left of one under a mask."""
    convert: Any = attribute.converter
    try:
        return convert is None or convert(_MASK) is _MASK
    except InvalidValue:
        return False


_MASK = Masked.of("any text", 4)


def _inherited(said: Term, above: Term) -> Term:
    """A part of an embedded value: as strict as the whole it stands in."""
    return attrs.evolve(
        said,
        part=above.part,
        legal=said.legal and above.legal,
        material=said.material and above.material,
        derived=said.derived or above.derived,
        feeds=said.feeds or above.feeds,
        fixed=said.fixed or above.fixed,
        sensitive=said.sensitive or above.sensitive,
    )


def _below(names: Mapping[str, str], head: str) -> dict[str, str]:
    start = head + "/"
    return {name[len(start) :]: bt for name, bt in names.items() if name.startswith(start)}


def unwrapped(hint: object) -> tuple[type, bool]:
    """The plain class in a type hint, and whether there are many: ``tuple[Line, ...]`` -> (Line, True).

    A mapping holds many values by name; ``Any`` is ``object``.
    """
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        (inner,) = [argument for argument in arguments if argument is not type(None)]
        return unwrapped(inner)
    if origin in (tuple, frozenset):
        return unwrapped(arguments[0])[0], True
    if origin is Mapping:
        return unwrapped(arguments[1])[0], True
    if hint is typing.Any:
        return object, False
    if origin is typing.Literal:
        return type(arguments[0]), False
    if not isinstance(hint, type):
        raise TypeError(f"{hint!r} is no class of the model")
    return hint, False
