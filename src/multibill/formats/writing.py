"""Writing XML by a table: text pieces in the order of the schema. What says nothing is left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from multibill.formats.table import ALWAYS, CURRENCIES, Element, Source, Terms

Form = Callable[[str], str]
Write = Callable[[Terms, Terms, list[str]], None]
"""What writes an element: the terms of its scope, those of the document, the pieces so far."""


def writer(root: Element, forms: Mapping[str, Form], namespaces: Mapping[str, str]) -> Any:
    """A function from terms to the text of the document."""
    body = _body(root, forms)
    names = "".join(
        f' xmlns:{name}="{uri}"' if name else f' xmlns="{uri}"' for name, uri in namespaces.items()
    )
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root.tag}{names}>'

    def write(terms: Terms) -> str:
        pieces = [head]
        body(terms, terms, pieces)
        pieces.append(f"</{root.tag}>\n")
        return "".join(pieces)

    return write


def _body(element: Element, forms: Mapping[str, Form]) -> Write:
    """What writes everything inside an element."""
    below = [_writer(child, forms) for child in element.children]

    def body(terms: Terms, whole: Terms, pieces: list[str]) -> None:
        for write in below:
            write(terms, whole, pieces)

    return body


def _writer(element: Element, forms: Mapping[str, Form]) -> Write:
    write = _leaf(element, forms) if element.source else _group(element, forms)
    if element.each is None:
        return write
    name = element.each

    def each(terms: Terms, whole: Terms, pieces: list[str]) -> None:
        for item in terms.get(name, ()):
            write(item, whole, pieces)

    return each


def _leaf(element: Element, forms: Mapping[str, Form]) -> Write:
    source = element.source or Source(None)
    opening, close = f"<{element.tag}", f"</{element.tag}>"
    attributes = [(f' {name}="', *_said(at, forms)) for name, at in element.attributes]
    term, form, literal = _said(source, forms)
    fixed = opening + "".join(f'{a}{lit}"' for a, t, _, lit in attributes if t is None) + ">"
    if all(t is None for _, t, _, _ in attributes):
        attributes = []

    def leaf(terms: Terms, whole: Terms, pieces: list[str]) -> None:
        value = literal if term is None else terms.get(term)
        if value is None:
            return
        if not attributes:
            pieces.append(fixed)
        else:
            pieces.append(opening)
            for start, name, shaped, given in attributes:
                owner = whole if name in CURRENCIES else terms
                said = given if name is None else owner.get(name)
                if said is not None:
                    pieces += start, quoted(shaped(said) if shaped else said), '"'
            pieces.append(">")
        pieces += escaped(form(value) if form else value), close

    return leaf


def _said(source: Source, forms: Mapping[str, Form]) -> tuple[str | None, Form | None, str]:
    return source.term, forms[source.form] if source.form else None, source.literal


def _group(element: Element, forms: Mapping[str, Form]) -> Write:
    body = _body(element, forms)
    opening, close, when = f"<{element.tag}>", f"</{element.tag}>", element.when
    says = frozenset(element.says)
    stays = (
        element.always or ALWAYS in says or not says
    )  # only literals: as its parent stands there

    def group(terms: Terms, whole: Terms, pieces: list[str]) -> None:
        if (not stays and says.isdisjoint(terms)) or (when is not None and when not in terms):
            return
        pieces.append(opening)
        body(terms, whole, pieces)
        pieces.append(close)

    return group


def escaped(text: str) -> str:
    """Text as XML writes it; a carriage return survives as a reference."""
    if "&" in text or "<" in text or ">" in text or "\r" in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        text = text.replace("\r", "&#13;")
    return text


def quoted(text: str) -> str:
    """Text as an attribute's value."""
    text = escaped(text)
    if '"' in text or "\n" in text or "\t" in text:
        text = text.replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
    return text
