"""Blame: who last changed each path of a tree, in one pass over its log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from multibill.history.chain import erased
from multibill.history.change import Change, Tree, at

E = TypeVar("E")


def leaves(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Every single value at a path or below it, with its path, in the order of paths.

    >>> list(leaves("/lines/a", {"name": "Logo", "vat": {"rate": "20"}}))
    [('/lines/a/name', 'Logo'), ('/lines/a/vat/rate', '20')]
    """
    if isinstance(value, dict) and not erased(value):
        for name in sorted(value):
            yield from leaves(f"{path}/{name}", value[name])
    elif value is not None:
        yield path, value


def blamed(
    tree: Tree, log: Iterable[tuple[E, Iterable[Change]]], under: str = ""
) -> dict[str, tuple[Any, E]]:
    """For each path of the tree its value and the last entry that set it; what came whole is its adder's.

    Args:
        log: the entries with their changes, newest first; no more are read than are needed.
        under: a path; what is neither there nor below it is left out.
    """
    wanted = dict(leaves(under, at(tree, under)))
    found: dict[str, E] = {}
    for entry, changes in log:
        for change in changes:
            for path, _ in leaves(change.path, change.after):
                if path in wanted:
                    found.setdefault(path, entry)
        if len(found) == len(wanted):
            break
    return {path: (value, found[path]) for path, value in wanted.items() if path in found}
