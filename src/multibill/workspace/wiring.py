"""The wire grammar of edits: paths with values, items added, changed, taken away, lines moved. Reads no storage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from multibill.codec import Tree, unknown_field
from multibill.documents.order import order_key
from multibill.errors import InvalidValue
from multibill.history import Change, apply
from multibill.ids import key as identifier
from multibill.model import label
from multibill.workspace.drafting import refuse_unsettable
from multibill.workspace.kinds import Kind
from multibill.workspace.placing import appended, moved


def edited(kind: Kind, body: Tree, changes: Mapping[str, Any]) -> Tree:
    """The body after wire changes: values set, items added or deleted (None), lines moved (``/lines/<id>/after``).

    Values are checked when the body is read as a document. Raises InvalidValue for a path that cannot be set.
    """
    tree, moves = body, []
    for path, value in changes.items():
        names = path.split("/") if isinstance(path, str) else [repr(path)]
        if names[:2] == ["", "lines"] and names[3:] == ["after"]:
            moves.append((names[2], value))
        elif names[0] or len(names) == 1:
            raise InvalidValue(f"a path starts with a slash, so {path!r} is none")
        else:
            tree = _set(kind, tree, path, value)
    tree = appended(tree)
    for line, after in moves:
        tree = moved(tree, line, after)
    return tree


def _set(kind: Kind, tree: Tree, path: str, value: Any) -> Tree:
    names = path.split("/")
    if not _known(kind, names, path):
        raise no_such_path(kind, path)
    refuse_unsettable(kind, [path])
    if kind.holds_items(names[1]):
        value = _item(kind, tree, names, path, value)
    return apply(tree, [Change(path, None, value)]) or {}


def _item(kind: Kind, tree: Tree, names: Sequence[str], path: str, value: Any) -> Any:
    """The value for an item of a collection or a part of one; a line that stood there keeps its place."""
    if len(names) == 2:
        raise InvalidValue(f"name the item: {path}/<id>", path=path)
    if f"/{names[1]}/*" in kind.map.by_pattern:
        label(names[2])
        return value
    known = tree.get(names[1], {}).get(identifier(names[2]))
    if len(names) > 3 and known is None:
        raise InvalidValue(f"there is no item {names[2]!r} to change", path=path)
    if value is None:
        return value
    if len(names) == 3 and not isinstance(value, dict):
        raise InvalidValue("an item is a map of its fields, or None to take it away", path=path)
    said = {names[3]: value} if len(names) > 3 else value
    _keeps(names[2], said, path)
    return (
        {"order": known["order"], **said}
        if len(names) == 3 and known and "order" in known
        else value
    )


def _keeps(item: str, said: Tree, path: str) -> None:
    """Refuse what would give an item another id, or a place that is none."""
    if said.get("id", item) != item:
        raise InvalidValue("an item keeps its id; take it away and add another", path=path)
    try:
        order_key(said.get("order"))
    except InvalidValue as error:
        raise error.at(path) from None


def _known(kind: Kind, names: Sequence[str], path: str) -> bool:
    if names[1] == "custom":
        return len(names) == 2 or (len(names) == 3 and names[2] in kind.custom)
    return kind.map.pattern(path) is not None and "" not in names[1:]


def no_such_path(kind: Kind, path: str) -> InvalidValue:
    """The error for a path that the model map does not know, with the nearest name that could stand there."""
    above, _, name = path.rpartition("/")
    while above and not kind.map.below(above):
        above, _, name = above.rpartition("/")
    prefix = f"{kind.map.pattern(above) or ''}/"
    inside = (entry.path for entry in kind.map if entry.path.startswith(prefix))
    near = {entry.removeprefix(prefix).split("/")[0] for entry in inside}
    if path.startswith("/custom/"):
        name, near = path.removeprefix("/custom/"), set(kind.custom)
    return InvalidValue(unknown_field(name, sorted(near)).message, path=path)
