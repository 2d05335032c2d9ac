"""Reading XML by a table. Input is hostile: no document type, bounded size and depth. What has no home is listed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import attrs

from multibill.errors import InvalidValue
from multibill.formats.extras import extra
from multibill.formats.table import CURRENCIES, Element, Source, Terms

Form = Callable[[str], str]
Node = Any
DEPTH = 64
LARGEST = 32 * 1024 * 1024
HUGE = 8 * 1024 * 1024
"""Bytes from which on a text may be longer than the parser allows by itself: an attached file of 10 MiB."""
MARKS = 2_000_000
DECLARED = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?!\0|\?xml[^>]*encoding\s*=\s*(?![\"'](?:utf-8|us-ascii|iso-8859-\d+)[\"']))",
    re.IGNORECASE,
)


INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"
BOOLEANS = {"0": "false", "1": "true"}
"""The other way to write xs:boolean."""


@attrs.frozen
class Unmapped:
    """A text in the input that has no home in the model: where it stood, what it said."""

    path: str
    text: str


def parsed(data: bytes, limit: int = LARGEST) -> Node:
    """The root of an XML file from outside; comments and processing instructions are gone.

    Raises InvalidValue for what is no XML, is too large or declares a document type, MissingExtra without lxml.
    """
    if len(data) > limit:
        raise InvalidValue(f"the file has {len(data)} bytes; at most {limit} are read")
    if data.count(b"<") + data.count(b"=") > MARKS:
        raise InvalidValue(f"the file has more than {MARKS} tags and attributes")
    etree = extra("einvoice", "lxml", "lxml.etree")
    try:
        root = etree.fromstring(data, _parser(len(data) > HUGE and _plain(data)))
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise InvalidValue(f"this is not well-formed XML: {error}") from None
    if root.getroottree().docinfo.doctype:
        raise InvalidValue("an invoice has no document type declaration; the file is refused")
    return root


@cache
def _parser(huge: bool) -> Any:
    """A parser that threads may share: it opens nothing and replaces nothing."""
    return extra("einvoice", "lxml", "lxml.etree").XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=huge,
    )


def _plain(data: bytes) -> bool:
    """Whether the parser's own limits may be lifted: no document type can hide in this encoding, and there is none."""
    head = DECLARED.match(data)
    return head is not None and b"<!DOCTYPE" not in data


SPACE = " \t\r\n"


def said(text: str | None) -> str:
    """What an element says: its text, without the indentation that others put around it."""
    if not text:
        return ""
    return text.strip(SPACE) if text[0] in "\r\n" or text[-1] in "\r\n" or text.isspace() else text


class Reader:
    """Reads one syntax: terms in the form of the table, and what could not be placed."""

    def __init__(
        self, root: Element, forms: Mapping[str, Form], namespaces: Mapping[str, str]
    ) -> None:
        self.root = root.tag
        self._root, self._forms, self._names = root, forms, namespaces
        self._short = {uri: name for name, uri in namespaces.items()}
        self._inside: dict[int, dict[str, list[Element]]] = {}
        self._index(root)

    def read(self, node: Node) -> tuple[Terms, list[Unmapped]]:
        """The terms of a document, and every text that has no home."""
        terms: Terms = {}
        lost: list[Unmapped] = []
        _Walk(self, terms, lost).inside(node, self._root, terms, 0)
        return terms, lost

    def tag(self, name: str) -> str:
        """The qualified tag of a name in the table."""
        prefix, _, local = name.rpartition(":")
        return f"{{{self._names[prefix]}}}{local}"

    def short(self, tag: str) -> str:
        """The tag as people read it."""
        uri, _, local = tag.removeprefix("{").rpartition("}")
        prefix = self._short.get(uri)
        return local if prefix in (None, "") else f"{prefix}:{local}"

    def path(self, node: Node) -> str:
        """Where a node stands, as people read it."""
        above = [*reversed(list(node.iterancestors())), node]
        return "".join(f"/{self.short(each.tag)}" for each in above)

    def value(self, text: str, form: str | None) -> str:
        """The value of a term, from its text."""
        return text if form is None else self._forms[form](text)

    def candidates(self, element: Element) -> Mapping[str, list[Element]]:
        """What the children of an element may be, by tag, those that ask for most first."""
        return self._inside[id(element)]

    def _index(self, element: Element) -> None:
        found: dict[str, list[Element]] = {}
        for child in element.children:
            found.setdefault(self.tag(child.tag), []).append(child)
            self._index(child)
        for same in found.values():
            same.sort(key=lambda child: -sum(1 for _ in _literals(child)))
        self._inside[id(element)] = found


def _literals(element: Element, depth: int = 3) -> Iterator[str]:
    for _, source in element.attributes:
        if source.term is None:
            yield source.literal
    if element.source and element.source.term is None:
        yield element.source.literal
    if (depth and not element.each) or depth == 3:
        for child in element.children:
            if not child.each:
                yield from _literals(child, depth - 1)


class _Walk:
    """One reading: where the terms go and what is left over."""

    def __init__(self, reader: Reader, whole: Terms, lost: list[Unmapped]) -> None:
        self._reader, self._whole, self._lost = reader, whole, lost

    def inside(self, node: Node, element: Element, scope: Terms, depth: int) -> None:
        """Read the children of a node into a scope."""
        if depth > DEPTH:
            raise InvalidValue(f"elements are nested more than {DEPTH} deep")
        if node.text and not node.text.isspace():
            self._lose(node, node.text)
        candidates = self._reader.candidates(element)
        for child in node:
            same = candidates.get(child.tag, ())
            if len(same) == 1:
                self._take(child, same[0], scope, depth)
            else:
                self._choose(child, same, scope, depth)
            if child.tail and not child.tail.isspace():
                self._lose(child, child.tail)

    def _choose(self, node: Node, same: Sequence[Element], scope: Terms, depth: int) -> None:
        for each in same:
            if self._fits(node, each, scope):
                return self._take(node, each, scope, depth)
        return self.lose(node, depth + 1)

    def _take(self, node: Node, element: Element, scope: Terms, depth: int) -> None:
        if element.each is not None:
            item: Terms = {}
            scope.setdefault(element.each, []).append(item)
            scope = item
        if attributes := node.items():
            self._attributes(node, attributes, element, scope)
        if element.source is None:
            self.inside(node, element, scope, depth + 1)
        else:
            self._leaf(node, element.source, scope, depth)

    def _leaf(self, node: Node, source: Source, scope: Terms, depth: int) -> None:
        text = said(node.text)
        for child in node:
            self.lose(child, depth + 1)
        if source.term is None:
            text = text.strip(SPACE)
            if BOOLEANS.get(text, text) != source.literal:
                self._lose(node, text)
        elif text:
            value = self._reader.value(text, source.form)
            if scope.setdefault(source.term, value) != value:
                self._lose(node, value)

    def _attributes(
        self, node: Node, said: list[tuple[str, str]], element: Element, scope: Terms
    ) -> None:
        known = dict(element.attributes)
        for name, text in said:
            source = known.get(name)
            if source is None or source.term is None:
                known_text = source is not None and text == source.literal
                if not known_text and not name.startswith(INSTANCE):
                    self._lose(node, text, name)
            elif text.strip(SPACE):
                owner = self._whole if source.term in CURRENCIES else scope
                if owner.setdefault(source.term, text) != text:
                    self._lose(node, text, name)

    def _fits(self, node: Node, element: Element, scope: Terms) -> bool:
        """Whether a node says what tells this element apart from others of its tag."""
        if element.each is None and element.source is not None and element.source.term in scope:
            return False
        return self._agrees(node, element)

    def _agrees(self, node: Node, element: Element) -> bool:
        for name, source in element.attributes:
            if source.term is None and node.get(name) != source.literal:
                return False
            wanted = self._whole.get(source.term) if source.term in CURRENCIES else None
            if wanted is not None and node.get(name, wanted) != wanted:
                return False
        if element.source is not None:
            literal = element.source.literal if element.source.term is None else None
            text = said(node.text).strip(SPACE)
            return literal is None or text == literal or BOOLEANS.get(text) == literal
        needed = [child for child in element.children if any(_literals(child)) and not child.each]
        for child in needed:
            found = node.find(self._reader.tag(child.tag))
            if child.source is not None and child.source.term is None and found is None:
                return False
            if found is not None and not self._agrees(found, child):
                return False
        return all(
            self._agrees(found, child)
            for child in element.children
            if child.source and any(s.term in CURRENCIES for _, s in child.attributes)
            for found in node.findall(self._reader.tag(child.tag))
        )

    def lose(self, node: Node, depth: int) -> None:
        """Note every text in a node that has no home."""
        if depth > DEPTH:
            raise InvalidValue(f"elements are nested more than {DEPTH} deep")
        for name, text in node.items():
            self._lose(node, text, name)
        if node.text and not node.text.isspace():
            self._lose(node, node.text)
        for child in node:
            self.lose(child, depth + 1)
            if child.tail and not child.tail.isspace():
                self._lose(child, child.tail)

    def _lose(self, node: Node, text: str, attribute: str | None = None) -> None:
        path = self._reader.path(node)
        if attribute is not None:
            path += f"/@{self._reader.short(attribute)}"
        self._lost.append(Unmapped(path, text.strip()))
