"""Files as nobody wrote them: bytes and elements taken out, doubled, swapped, with a seed."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from multibill.formats.reading import Node, parsed

TEXTS = (
    "", " ", "-1", "1e400", "NaN", "Infinity", "0.000000000000000000000000000001", "9" * 5000,
    "20261399", "2026-02-30", "\u202e", "a" * 100_000, "&", "1,5", "1 000.00", "O", "XXX", "381",
    "false", "0088", "\U0001f600", "b64:!!!!", "=", "#AAI#", "NA",
)  # fmt: skip


def mutated(data: bytes, count: int, seed: int) -> Iterator[bytes]:
    """So many broken copies of a file, always the same ones for a seed."""
    chance = Random(seed)  # noqa: S311 - to be repeated, not to be unguessable
    for _ in range(count):
        yield (
            _bytes(data, chance)
            if chance.random() < 0.5 or data[:1] == b"%"
            else _tree(data, chance)
        )


def _bytes(data: bytes, chance: Random) -> bytes:
    found = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8))):
        place, size = chance.randrange(len(found)), chance.choice((1, 4, 60, 700))
        match chance.randrange(4):
            case 0:
                found[place] = chance.randrange(256)
            case 1:
                del found[place : place + size]
            case 2:
                found[place:place] = found[place : place + size]
            case _:
                other = chance.randrange(len(found))
                found[place : place + size] = found[other : other + size]
        found = found or bytearray(b" ")
    return bytes(found)


def _tree(data: bytes, chance: Random) -> bytes:
    from lxml import etree

    root = parsed(data)
    for _ in range(chance.choice((1, 2, 5))):
        _broken(list(root.iter()), chance)
    return bytes(etree.tostring(root))


def _broken(nodes: list[Node], chance: Random) -> None:
    from copy import deepcopy

    node, other = chance.choice(nodes), chance.choice(nodes)
    parent = node.getparent()
    match chance.randrange(5):
        case 0 if parent is not None:
            parent.remove(node)
        case 1 if parent is not None:
            parent.append(deepcopy(node))
        case 2:
            node.append(deepcopy(other))
        case 3 if node.attrib:
            node.set(chance.choice(list(node.attrib)), chance.choice(TEXTS))
        case _:
            node.text = chance.choice(TEXTS)
