"""Reading what the library itself wrote: slots are filled without running converters a second time.

Three times as fast as the checked way. Whatever does not read like that is read the checked way, which says where
it is wrong; what was altered around the library is for the audit to find.
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from multibill.codec.canonical import Tree
from multibill.model.map import unwrapped
from multibill.model.replace import copier

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
        hints = typing.get_type_hints(cls)
        blank: Any = object.__new__(cls)
        slots, fresh, wanted = {}, [], set()
        for field in attrs.fields(cls):
            put = getattr(cls, field.name).__set__
            slots[field.name] = put, self._read(hints[field.name])
            default, make = _default(field)
            put(blank, default)
            if make is not None:
                fresh.append((field.name, put, make))
            if field.default is attrs.NOTHING and type(None) not in typing.get_args(
                hints[field.name]
            ):
                wanted.add(field.name)
        copied = copier(cls)
        finish = getattr(cls, "__attrs_post_init__", None)

        def load(tree: Tree) -> Any:
            if not wanted <= tree.keys():
                raise KeyError(min(wanted - tree.keys()))
            value = copied(blank)
            for name, found in tree.items():
                put, read = slots[name]
                put(value, found if read is None else read(found))
            for name, put, make in fresh:
                if name not in tree:
                    put(value, make())
            if finish is not None:
                finish(value)
            return value

        return load

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
        load = self._loader(cls)
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


def _default(field: Any) -> tuple[Any, Callable[[], Any] | None]:
    """What a field holds that the tree does not name, or how to make it anew."""
    make = getattr(field.default, "factory", None)
    return (None if field.default is attrs.NOTHING or make else field.default), make


def place(item: Any) -> tuple[str, str]:
    """Where an item stands in its collection: by order key, then by id."""
    identity = item.id if hasattr(item, "id") else item.key
    return getattr(item, "order", None) or "", identity
