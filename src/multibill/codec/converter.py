"""The wire form: trees of plain JSON values to attrs values and back, through one cattrs converter.

Keyed collections (lines, notes ...) are maps from id to item, so that a path is a plain walk. Generic: the
rooms above hand in hooks for what needs more than their attrs classes say.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Collection, Iterable, Set as AbstractSet
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

import attrs
from cattrs import BaseConverter, ClassValidationError, Converter
from cattrs.errors import (
    BaseValidationError,
    ForbiddenExtraKeysError,
    StructureHandlerNotFoundError,
)
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from multibill.clock import day
from multibill.codec.canonical import Tree, decimal_text
from multibill.codec.trusted import Trusted, placed
from multibill.errors import InvalidInput, InvalidValue, MultibillError
from multibill.model import text
from multibill.model.map import unwrapped
from multibill.money import decimal

T = TypeVar("T")
EMPTY: Tree = {}
FAILURES = (
    MultibillError,
    BaseValidationError,
    ForbiddenExtraKeysError,
    StructureHandlerNotFoundError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
)
Hook = tuple[type, Callable[[Any], Any], Callable[..., Any]]


class Wire:
    """Structures and unstructures one family of classes.

    Args:
        hooks: (class, value to tree, tree to value) for classes with a wire form of their own;
            cattrs hands the class to the last one too.
    """

    def __init__(self, hooks: Iterable[Hook] = ()) -> None:
        self._hooks = tuple(hooks)
        self._plans: dict[type, list[tuple[str, Callable[[Any], Any], Any]]] = {}
        self._trusted = Trusted({cls: back for cls, _, back in self._hooks})
        self._fast = self._converter(detailed=False)
        self._strict = self._converter(detailed=True)

    def tree(self, value: object) -> Any:
        """The wire form of a value: plain JSON values only, None and empty collections left out."""
        return self._fast.unstructure(value)

    def parts(
        self,
        value: object,
        *,
        skip: Collection[str] = (),
        before: object = None,
        stored: Tree = EMPTY,
    ) -> Tree:
        """The wire form of some fields of a value.

        Args:
            skip: the fields that are not wanted.
            before: a value that this one was made from: what both share keeps its tree.
            stored: the wire form of ``before``; names missing in it are written anew.
        """
        made: Tree = {}
        for name, out, nothing in self._plan(type(value)):
            if name in skip:
                continue
            found = getattr(value, name)
            if name in stored and found is getattr(before, name):
                made[name] = stored[name]
            elif found != nothing:
                made[name] = out(found)
        return made

    def _plan(self, cls: type) -> list[tuple[str, Callable[[Any], Any], Any]]:
        """Each field with how it is written, and the default that is left out because it says nothing."""
        found = self._plans.get(cls)
        if found is None:
            found = self._plans[cls] = [
                (attribute.name, _optional_out(hint, self._fast), _nothing(attribute, hint))
                for attribute, hint in _hints(cls)
                if attribute.init
            ]
        return found

    def stored(self, tree: Tree, cls: type[T]) -> T:
        """The value of a tree that this library wrote; read like any other where it does not look like that."""
        try:
            value: T = self._trusted.value(tree, cls)
        except (*FAILURES, ArithmeticError):
            return self.value(tree, cls)
        return value

    def value(self, tree: object, cls: type[T]) -> T:
        """The value of a wire form.

        Raises InvalidInput, which names every path that is wrong, when the tree is not one of this class.
        """
        try:
            return self._fast.structure(tree, cls)
        except FAILURES as error:
            raise self.problems(tree, cls) from error

    def problems(self, tree: object, cls: type) -> InvalidInput:
        """Every problem of a tree that would not structure, with its path."""
        try:
            self._strict.structure(tree, cls)
        except (ClassValidationError, *FAILURES) as error:
            return InvalidInput(flat(error, "", cls))
        return InvalidInput([InvalidValue("cannot be read")])

    def _converter(self, detailed: bool) -> Converter:
        converter = Converter(detailed_validation=detailed, forbid_extra_keys=True)
        converter.register_unstructure_hook(Decimal, decimal_text)
        converter.register_structure_hook(Decimal, lambda value, _: decimal(value))
        converter.register_unstructure_hook(date, date.isoformat)
        converter.register_structure_hook(date, lambda value, _: day(value))
        converter.register_structure_hook(str, lambda value, _: text(value))
        for plain in (int, bool):
            converter.register_structure_hook(plain, _exactly)
        converter.register_structure_hook_factory(_is_choice, _one_of)
        converter.register_structure_hook_factory(_is_set, lambda _: _to_set)
        converter.register_unstructure_hook_factory(_is_set, lambda _: _from_set)
        converter.register_structure_hook_factory(_is_keyed, self._keyed_in)
        converter.register_unstructure_hook_factory(_is_keyed, self._keyed_out)
        converter.register_structure_hook_factory(attrs.has, self._attrs_in)
        converter.register_unstructure_hook_factory(attrs.has, self._attrs_out)
        for cls, out, back in self._hooks:
            converter.register_unstructure_hook(cls, out)
            converter.register_structure_hook(cls, back)
        return converter

    def _attrs_in(self, cls: type, converter: BaseConverter) -> Callable[[Any, Any], Any]:
        overrides = {
            attribute.name: override(struct_hook=hook)
            for attribute, hint in _hints(cls)
            if (hook := _field_hook(attribute, hint, converter)) is not None
        }
        hooks: Any = overrides
        structure: Callable[[Any, Any], Any] = make_dict_structure_fn(
            cls, converter, _cattrs_prefer_attrib_converters=True, **hooks
        )

        unsaid = dict.fromkeys(_unsaid(cls))

        def checked(tree: Any, wanted: Any) -> Any:
            said = fields(tree)
            return structure({**unsaid, **said} if unsaid else said, wanted)

        return checked

    def _attrs_out(self, cls: type, converter: BaseConverter) -> Callable[[Any], Any]:
        said: Any = {
            attribute.name: override(
                omit_if_default=True, unstruct_hook=_optional_out(hint, converter)
            )
            for attribute, hint in _hints(cls)
            if attribute.default is not attrs.NOTHING and _nothing(attribute, hint) is not SAYS
        }
        unstructure: Callable[[Any], Tree] = make_dict_unstructure_fn(cls, converter, **said)
        unsaid = _unsaid(cls)

        def without_none(value: Any) -> Tree:
            tree = unstructure(value)
            for name in unsaid:
                if tree[name] is None:
                    del tree[name]
            return tree

        return without_none if unsaid else unstructure

    def _keyed_in(self, hint: Any, converter: BaseConverter) -> Callable[[Any, Any], Any]:
        item = typing.get_args(hint)[0]
        named = any(attribute.name == "id" for attribute in attrs.fields(item))
        structure, place = converter.get_structure_hook(item), placed(item)

        def keyed(tree: Any, _: Any) -> tuple[Any, ...]:
            if type(tree) is not dict:
                raise InvalidValue(
                    f"a map from id to item is needed here, not {type(tree).__name__}"
                )
            items, problems = [], []
            for name, value in tree.items():
                whole = {**value, "id": name} if named and type(value) is dict else value
                try:
                    items.append(structure(whole, item))
                except (ClassValidationError, *FAILURES) as error:
                    problems += flat(error, f"/{name}", item)
            if problems:
                raise InvalidInput(problems)
            items.sort(key=place)
            return tuple(items)

        return keyed

    def _keyed_out(self, hint: Any, converter: BaseConverter) -> Callable[[Any], Tree]:
        item = typing.get_args(hint)[0]
        named = any(attribute.name == "id" for attribute in attrs.fields(item))
        unstructure = converter.get_unstructure_hook(item)

        def keyed(values: Any) -> Tree:
            if not named:
                return {value.key: unstructure(value) for value in values}
            trees = {}
            for value in values:
                tree = unstructure(value)
                trees[tree.pop("id")] = tree
            return trees

        return keyed


SAYS = object()


def _nothing(attribute: Any, hint: Any) -> Any:
    """What is left out because it says nothing: None or emptiness; a default that says something could change."""
    default = attribute.default
    if default is attrs.NOTHING:
        return None if type(None) in typing.get_args(hint) else SAYS
    if isinstance(default, attrs.Factory):  # type: ignore[arg-type]
        default = default.factory()
    return default if default in (None, (), {}, frozenset()) else SAYS


def _unsaid(cls: type) -> list[str]:
    """Names that have to be given but may be None: the city of an address. None is left out and read back as None."""
    return [
        attribute.name
        for attribute, hint in _hints(cls)
        if attribute.default is attrs.NOTHING and _nothing(attribute, hint) is None
    ]


def _hints(cls: type) -> list[tuple[Any, Any]]:
    hints = typing.get_type_hints(cls)
    return [(attribute, hints[attribute.name]) for attribute in attrs.fields(cls)]


def _structured(hint: Any) -> bool:
    inner, repeated = unwrapped(hint)
    return repeated or attrs.has(inner)


def _is_keyed(hint: Any) -> bool:
    arguments = typing.get_args(hint)
    return typing.get_origin(hint) is tuple and bool(arguments) and attrs.has(arguments[0])


def _is_choice(hint: Any) -> bool:
    return typing.get_origin(hint) is typing.Literal


def _one_of(hint: Any) -> Callable[[Any, Any], Any]:
    choices = typing.get_args(hint)

    def chosen(value: Any, _: Any) -> Any:
        if type(value) is str and value in choices:
            return value
        raise InvalidValue(f"{value!r} is none of {', '.join(choices)}")

    return chosen


def _is_set(hint: Any) -> bool:
    return typing.get_origin(hint) is frozenset


def _to_set(tree: Any, _: Any) -> frozenset[str]:
    if type(tree) is not dict or any(value is not True for value in tree.values()):
        raise InvalidValue("a set is written as a map from name to true")
    return frozenset(tree)


def _from_set(value: frozenset[str]) -> Tree:
    return dict.fromkeys(sorted(value), True)


def _exactly(value: Any, cls: type[T]) -> T:
    if type(value) is cls:
        return value
    raise InvalidValue(f"{value!r} is not of type {cls.__name__}")


def _field_hook(attribute: Any, hint: Any, converter: BaseConverter) -> Any:
    """How one field is read: nested values by their class, then by the field's own converter.

    The fast converter leaves the latter to ``__init__``; the strict one runs it here, so that each problem
    is told apart.
    """
    own, strict = attribute.converter, converter.detailed_validation
    if own is None:
        return None
    if _structured(hint):
        hook = converter.get_structure_hook(hint)
        return (lambda value, _: own(hook(value, hint))) if strict else hook
    return (lambda value, _: own(value)) if strict else None


def unknown_field(name: str, known: Iterable[str]) -> InvalidValue:
    """The error for a field that does not exist, with the nearest one that does."""
    from difflib import get_close_matches

    near = get_close_matches(name, list(known), 1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return InvalidValue(f"there is no field {name!r}{hint}", path=f"/{name}")


def fields(tree: Any, known: AbstractSet[str] | None = None) -> Tree:
    """The tree, if it is a map, and of no other fields than those known."""
    if type(tree) is not dict:
        raise InvalidValue(f"a map of fields is needed here, not {type(tree).__name__}")
    if known is not None and not tree.keys() <= known:
        raise unknown_field(min(map(str, tree.keys() - known)), known)
    return tree


def flat(error: BaseException, path: str, cls: Any) -> list[MultibillError]:
    """The problems in an error of cattrs or ours, each with its path below ``path``."""
    if isinstance(error, InvalidInput):
        return [problem.at(path) for problem in error.problems]
    if isinstance(error, MultibillError):
        return [error.at(path)]
    if isinstance(error, BaseExceptionGroup):
        inner = getattr(error, "cl", cls)
        return [found for one in error.exceptions for found in flat(one, _noted(one, path), inner)]
    if unknown := getattr(error, "extra_fields", None):
        known = [attribute.name for attribute in attrs.fields(cls)]
        return [unknown_field(name, known).at(path) for name in sorted(map(str, unknown))]
    if isinstance(error, KeyError):
        name = f"/{error.args[0]}"
        return [InvalidValue("is missing; give it a value", path=path.removesuffix(name) + name)]
    wrong = "has a value of a type that cannot stand here"
    said = wrong if isinstance(error, TypeError | AttributeError) else str(error)
    return [InvalidValue(said, path=path or None)]


def _noted(error: BaseException, path: str) -> str:
    names = [getattr(note, "name", None) for note in getattr(error, "__notes__", [])]
    return path + "".join(f"/{name}" for name in names if isinstance(name, str))


def _optional_out(hint: Any, converter: BaseConverter) -> Callable[[Any], Any]:
    """How a value that is left out while it is None is written: as what it else is, without asking again."""
    arguments = [argument for argument in typing.get_args(hint) if argument is not type(None)]
    plain = len(arguments) == 1 and typing.get_origin(hint) in (typing.Union, types.UnionType)
    return converter.get_unstructure_hook(arguments[0] if plain else hint)
