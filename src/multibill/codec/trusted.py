"""Reading what the library itself wrote: slots are filled without running converters a second time.

Three times as fast as the checked way. Whatever does not read like that is read the checked way, which says where
it is wrong; what was altered around the library is for the audit to find.
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any

import attrs

from multibill.codec.canonical import Tree
from multibill.model.map import unwrapped
from multibill.model.replace import compiled

Read = Callable[[Any], Any]

PLAIN: Mapping[type, Read] = {Decimal: Decimal, date: date.fromisoformat}


class Trusted:
    """Loaders by class, made at first use.

    Args:
        hooks: tree to value, for classes with a wire form of their own.
    """

    def __init__(self, hooks: Mapping[type, Read]) -> None:
        self._loaders: dict[type, Read] = dict(hooks)

    def value(self, tree: Tree, cls: type) -> Any:
        """The value of a tree that was written from one."""
        return self._loader(cls)(tree)

    def _loader(self, cls: type) -> Read:
        found = self._loaders.get(cls)
        if found is None:
            found = self._loaders[cls] = self._made(cls)
        return found

    def _made(self, cls: type) -> Read:
        """Written out field by field, as ``copier`` is: what the tree does not name costs next to nothing."""
        hints = typing.get_type_hints(cls)
        finish = getattr(cls, "__attrs_post_init__", None)
        scope: dict[str, Any] = {"new": object.__new__, "cls": cls, "finish": finish}
        scope["known"] = frozenset(field.name for field in attrs.fields(cls))
        body = [
            "if not tree.keys() <= known: raise KeyError(min(tree.keys() - known))",
            "value, get = new(cls), tree.get",
        ]
        for field in attrs.fields(cls):
            scope[f"put_{field.name}"] = getattr(cls, field.name).__set__
            body.append(f"put_{field.name}(value, {self._found(field, hints[field.name], scope)})")
        return compiled(
            "tree", [*body, *(["finish(value)"] if finish else []), "return value"], scope
        )

    def _found(self, field: Any, hint: Any, scope: dict[str, Any]) -> str:
        """The expression for what a field holds; the values it needs go into the scope."""
        name, make = field.name, getattr(field.default, "factory", None)
        said = f"tree[{name!r}]"
        if (read := self._read(hint)) is not None:
            scope[f"read_{name}"] = read
            said = f"read_{name}({said})"
        if field.default is attrs.NOTHING and type(None) not in typing.get_args(hint):
            return said
        scope[f"else_{name}"] = make or (None if field.default is attrs.NOTHING else field.default)
        if read is make is None:
            return f"get({name!r}, else_{name})"
        return f"{said} if {name!r} in tree else else_{name}" + ("()" if make else "")

    def _read(self, hint: Any) -> Read | None:
        if typing.get_origin(hint) is Mapping:
            return _values(PLAIN.get(typing.get_args(hint)[1]))
        inner, repeated = unwrapped(hint)
        if repeated:
            return self._items(inner) if attrs.has(inner) else frozenset
        if inner in self._loaders or attrs.has(inner):
            return self._loader(inner)
        return PLAIN.get(inner)

    def _items(self, cls: type) -> Read:
        load, place = self._loader(cls), placed(cls)
        named = any(attribute.name == "id" for attribute in attrs.fields(cls))

        def items(trees: Tree) -> tuple[Any, ...]:
            if named:
                found = [load({**tree, "id": name}) for name, tree in trees.items()]
            else:
                found = [load(tree) for tree in trees.values()]
            if len(found) > 1:
                found.sort(key=place)
            return tuple(found)

        return items


def _values(read: Read | None) -> Read | None:
    """How the values of a map are read; None where they stay as they are."""
    return read and (lambda tree: {name: read(value) for name, value in tree.items()})


def placed(cls: type) -> Callable[[Any], Any]:
    """What puts items of a class in their place in a collection: the order key, if they have one, then the id."""
    names = {attribute.name for attribute in attrs.fields(cls)}
    if "order" in names:
        return lambda item: (item.order or "", item.id)
    return attrgetter("id" if "id" in names else "key")
