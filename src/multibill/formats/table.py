"""XML tables: one text says where each business term stands in a syntax, for writing and for reading alike.

A line is an element, indented below its parent; the head of a table explains its columns. Knows no syntax by itself.
"""

from __future__ import annotations

import re
from typing import Any

import attrs

Terms = dict[str, Any]
"""What is said, by business term; a list of such maps under the name of a collection."""

CURRENCIES = ("BT-5", "BT-6")
"""What attributes of amounts say, wherever these stand; on reading it tells two elements of one tag apart."""

WORD = re.compile(r"'[^']*'|\S+")


@attrs.frozen
class Source:
    """Where a text comes from: a term in a form, or a literal."""

    term: str | None
    literal: str = ""
    form: str | None = None

    @classmethod
    def of(cls, word: str) -> Source:
        """From its word in a table: ``BT-2:day``, ``'VAT'``, ``$iban``."""
        if word.startswith("'"):
            return cls(None, word.strip("'"))
        term, _, form = word.partition(":")
        return cls(term, "", form or None)


@attrs.frozen(eq=False)
class Element:
    """One element of a syntax: its tag, what it says, what stands in it.

    ``each`` names the collection that it is written once for; ``when`` the term without which it is left out;
    ``always`` that it stands there even when it says nothing.
    """

    tag: str
    each: str | None
    when: str | None
    always: bool
    attributes: tuple[tuple[str, Source], ...]
    source: Source | None
    children: list[Element] = attrs.field(factory=list)
    says: set[str | None] = attrs.field(factory=set)


def table(text: str, kind: str = "") -> Element:
    """The root element of a table, as it is for one kind of document."""
    above: list[Element] = []
    root = None
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        depth = (len(line) - len(line.lstrip())) // 2
        words = WORD.findall(line)
        if len(above) < depth or any(w[0] == "+" and w[1:] != kind for w in words):
            del above[depth:]  # another kind's, as is all that stands in it
            continue
        element = _element(words)
        del above[depth:]
        if above:
            above[-1].children.append(element)
        root = root or element
        above.append(element)
    if root is None:
        raise ValueError("a table needs a root element")
    _gather(root)
    return root


def _element(words: list[str]) -> Element:
    tag, *rest = words
    marks = {mark: [w[1:] for w in rest if w[0] == mark] for mark in "*?@+"}
    sources = [word for word in rest if word[0] not in "*?@+"]
    pairs = (word.split("=", 1) for word in marks["@"])
    return Element(
        tag=tag.rstrip("!"),
        each=next(iter(marks["*"]), None),
        when=next(iter(marks["?"]), None),
        always=tag.endswith("!"),
        attributes=tuple((name, Source.of(word)) for name, word in pairs),
        source=Source.of(sources[0]) if sources else None,
    )


def _gather(element: Element) -> set[str]:
    """Note in each element by what terms it has something to say in its own scope."""
    found = {element.source.term} if element.source and element.source.term else set()
    for child in element.children:
        inner = _gather(child)
        found |= {child.each} if child.each else inner
        if child.always:
            found.add(ALWAYS)
    element.says.update(found)
    return found


ALWAYS = ""
"""Said by whoever holds an element that always stands there."""
