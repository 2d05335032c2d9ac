"""Reading XML by a table. Input is hostile: no document type, bounded size and depth. What has no home is listed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import attrs

from multibill.errors import InvalidValue
from multibill.formats.extras import extra
from multibill.formats.table import Element, Terms

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
CURRENCIES = ("BT-5", "BT-6")
"""Terms that tell two elements of one tag apart by the currency of their amounts."""


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
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=len(data) > HUGE and _plain(data),
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise InvalidValue(f"this is not well-formed XML: {error}") from None
    if root.getroottree().docinfo.doctype:
        raise InvalidValue("an invoice has no document type declaration; the file is refused")
    return root


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
        _Walk(self, terms, lost).inside(node, self._root, terms, f"/{self.short(node.tag)}", 0)
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

    def form(self, name: str | None) -> Form | None:
        """How a text becomes the value of its term."""
        return None if name is None else self._forms[name]

    def candidates(self, element: Element, tag: str) -> list[Element]:
        """The elements of the table that a child may be, those that ask for most first."""
        return self._inside[id(element)].get(tag, [])

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

    def inside(self, node: Node, element: Element, scope: Terms, path: str, depth: int) -> None:
        """Read the children of a node into a scope."""
        if depth > DEPTH:
            raise InvalidValue(f"elements are nested more than {DEPTH} deep")
        if node.text and not node.text.isspace():
            self._lose(path, node.text)
        for child in node:
            here = f"{path}/{self._reader.short(child.tag)}"
            same = self._reader.candidates(element, child.tag)
            found = next(
                (each for each in same if len(same) == 1 or self._fits(child, each, scope)), None
            )
            if found is None:
                self.lose(child, here, depth + 1)
            else:
                self._take(child, found, scope, here, depth)
            if child.tail and not child.tail.isspace():
                self._lose(here, child.tail)

    def _take(self, node: Node, element: Element, scope: Terms, path: str, depth: int) -> None:
        if element.each is not None:
            item: Terms = {}
            scope.setdefault(element.each, []).append(item)
            scope = item
        if element.source is not None:
            self._leaf(node, element, scope, path, depth)
            return
        self._attributes(node, element, scope, path)
        self.inside(node, element, scope, path, depth + 1)

    def _leaf(self, node: Node, element: Element, scope: Terms, path: str, depth: int) -> None:
        source, text = element.source, said(node.text)
        for child in node:
            self.lose(child, f"{path}/{self._reader.short(child.tag)}", depth + 1)
        form = self._reader.form(source.form) if source else None
        if source is None or source.term is None:
            if source is None or BOOLEANS.get(text, text) != source.literal:
                self._lose(path, text)
        elif text:
            self._put(scope, source.term, form(text) if form else text, path)
        self._attributes(node, element, scope, path)

    def _attributes(self, node: Node, element: Element, scope: Terms, path: str) -> None:
        known = dict(element.attributes)
        for name, text in node.attrib.items():
            source, here = known.get(name), f"{path}/@{self._reader.short(name)}"
            if source is None or (source.term is None and text != source.literal):
                if not name.startswith("{http://www.w3.org/2001/XMLSchema-instance}"):
                    self._lose(here, text)
            elif source.term is not None and text.strip(SPACE):
                owner = self._whole if source.term in CURRENCIES else scope
                self._put(owner, source.term, text, here)

    def _put(self, scope: Terms, term: str, text: str, path: str) -> None:
        if scope.setdefault(term, text) != text:
            self._lose(path, text)

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
            text = said(node.text)
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

    def lose(self, node: Node, path: str, depth: int) -> None:
        """Note every text in and behind a node that has no home."""
        if depth > DEPTH:
            raise InvalidValue(f"elements are nested more than {DEPTH} deep")
        for name, text in node.attrib.items():
            self._lose(f"{path}/@{self._reader.short(name)}", text)
        if node.text and not node.text.isspace():
            self._lose(path, node.text)
        for child in node:
            here = f"{path}/{self._reader.short(child.tag)}"
            self.lose(child, here, depth + 1)
            if child.tail and not child.tail.isspace():
                self._lose(here, child.tail)

    def _lose(self, path: str, text: str) -> None:
        self._lost.append(Unmapped(path, text.strip()))
