"""The roots that expressions start from: ``Fields("Doc", types)`` gives ``Doc.buyer.name`` and its operators.

Only builds nodes; every check of a literal is the node's own.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator, Mapping
from typing import NoReturn

import attrs

from multibill.errors import InvalidDefinition, InvalidValue
from multibill.ids import key
from multibill.query.expressions import AuthoredBy, Comparison, In, Known
from multibill.query.me import Me, MeFields, Mine
from multibill.query.operands import Path
from multibill.query.types import Type, Value, nearest, shown

RESERVED = {"authored_by", "authors", "custom", "in_", "is_null", "not_null"}


class Field:
    """One field of a root: compare it, or ask ``in_``, ``is_null``, ``not_null``.

    Comparing gives an expression, so two fields are never equal: compare ``path_of(field)`` instead.
    """

    __slots__ = ("_path",)
    __hash__ = None  # type: ignore[assignment]  # a set or a dict of fields would have to compare them
    _path: Path

    def __init__(self, path: Path) -> None:
        self._path = path

    def __eq__(self, other: object) -> Comparison:  # type: ignore[override]
        return Comparison(self._path, "==", other)

    def __ne__(self, other: object) -> Comparison:  # type: ignore[override]
        return Comparison(self._path, "!=", other)

    def __lt__(self, other: Value | Mine) -> Comparison:
        return Comparison(self._path, "<", other)

    def __le__(self, other: Value | Mine) -> Comparison:
        return Comparison(self._path, "<=", other)

    def __gt__(self, other: Value | Mine) -> Comparison:
        return Comparison(self._path, ">", other)

    def __ge__(self, other: Value | Mine) -> Comparison:
        return Comparison(self._path, ">=", other)

    def in_(self, values: Iterable[Value] | Mine) -> In:
        """Whether the field is one of these literals, or stands in a set of the actor's."""
        return In(self._path, values)

    def is_null(self) -> Known:
        """Whether the field has no value."""
        return Known(self._path, known=False)

    def not_null(self) -> Known:
        """Whether the field has a value."""
        return Known(self._path, known=True)

    def __getattr__(self, name: str) -> Field:
        if name.startswith("_"):
            raise AttributeError(name)
        raise InvalidDefinition(f"{self!r} has no parts, so no {name!r}")

    def __repr__(self) -> str:
        return str(self._path)

    def _alone(self, other: object = None) -> NoReturn:
        raise InvalidDefinition(
            f"{self!r} is a field, not a condition: put each comparison in parentheses, "
            f"({self!r} == ...) & (...); for a boolean write {self!r} == True"
        )

    __and__ = __rand__ = __or__ = __ror__ = __invert__ = __bool__ = __contains__ = __iter__ = _alone


class Group(Field):
    """Names that only hold others: the ``buyer`` of ``Doc.buyer.name``."""

    __slots__ = ("_fields", "_prefix")

    def __init__(self, fields: Fields, prefix: str) -> None:
        self._fields, self._prefix = fields, prefix

    def __getattr__(self, name: str) -> Field:
        if name == "_path":
            known = [each for each in self._fields if each.startswith(f"{self._prefix}.")]
            raise InvalidDefinition(f"{self!r} has parts; name one of: {', '.join(sorted(known))}")
        if name.startswith("_"):
            raise AttributeError(name)
        return self._fields[f"{self._prefix}.{name}"]

    def __repr__(self) -> str:
        return f"{self._fields!r}.{self._prefix}"


@attrs.frozen
class CustomFields:
    """The host's own fields: ``Doc.custom["project"]``; ``check`` meets them with their types."""

    _root: str

    def __getitem__(self, name: str) -> Field:
        try:
            key(name, "custom field")
        except InvalidValue as error:
            raise InvalidDefinition(error.message) from error
        return Field(Path(self._root, f"custom.{name}", None))


@attrs.frozen(eq=False, repr=False)
class Fields:
    """A root of expressions: its name in source text and the type of each field.

    Dotted names nest. ``custom`` allows the host's fields, ``authors`` allows ``authored_by``.

    >>> from multibill.query.types import DATE, TEXT
    >>> Doc = Fields("Doc", {"team": TEXT, "buyer.name": TEXT, "due_date": DATE})
    >>> (Doc.buyer.name == "Acme SAS") & ~Doc.due_date.is_null()
    (Doc.buyer.name == "Acme SAS") & ~Doc.due_date.is_null()
    >>> Doc.tean
    Traceback (most recent call last):
    multibill.errors.InvalidDefinition: Doc has no 'tean'; did you mean 'team'?
    """

    _root: str
    _types: Mapping[str, Type]
    _custom: bool = attrs.field(default=False, kw_only=True)
    _authors: bool = attrs.field(default=False, kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Refuse names that attribute access or the source text could not tell apart."""
        for name in self._types:
            for part in name.split("."):
                if (
                    not part.isidentifier()
                    or part.startswith("_")
                    or keyword.iskeyword(part)
                    or part in RESERVED
                ):
                    raise InvalidDefinition(f"{name!r} cannot name a field: {part!r} is not free")
            if any(other.startswith(f"{name}.") for other in self._types):
                raise InvalidDefinition(f"{name!r} cannot be a field and hold others")

    def __getattr__(self, name: str) -> Field:
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __getitem__(self, name: str) -> Field:
        """The field of a flat name, such as ``buyer.name`` or ``custom.project``."""
        if name in self._types:
            return Field(Path(self._root, name, self._types[name]))
        if self._custom and name.startswith("custom."):
            return self.custom[name.removeprefix("custom.")]
        if any(known.startswith(f"{name}.") for known in self._types):
            return Group(self, name)
        raise InvalidDefinition(f"{self._root} has no {shown(name)}; {nearest(name, self._types)}")

    @property
    def custom(self) -> CustomFields:
        """The host's own fields, by name."""
        if not self._custom:
            raise InvalidDefinition(f"{self._root} has no custom fields")
        return CustomFields(self._root)

    def authored_by(self, me: MeFields) -> AuthoredBy:
        """Whether some material change in the record was made by the actor or whom the actor acts for."""
        if not self._authors:
            raise InvalidDefinition(f"{self._root} keeps no authors")
        if me is not Me:
            raise InvalidDefinition(f"write {self._root}.authored_by(Me)")
        return AuthoredBy(self._root)

    def __iter__(self) -> Iterator[str]:
        return iter(self._types)

    def __contains__(self, name: object) -> bool:
        return name in self._types

    def __dir__(self) -> list[str]:
        extra = ["custom"] * self._custom + ["authored_by"] * self._authors
        return sorted({name.partition(".")[0] for name in self._types} | set(extra))

    def __repr__(self) -> str:
        return self._root


def path_of(field: Field) -> Path:
    """Which field this is, as data that compares: its root, flat name and type.

    >>> path_of(Fields("Doc", {"team": Type("text")}).team).name
    'team'
    """
    return field._path


def order_keys(
    text: str, fields: Fields, custom: Iterable[str] = ()
) -> tuple[tuple[str, bool], ...]:
    """The order of a list as (flat name, descending) pairs; names of custom fields must be given.

    >>> Doc = Fields("Doc", {"issue_date": Type("date"), "number": Type("text")})
    >>> order_keys("-issue_date,number", Doc)
    (('issue_date', True), ('number', False))
    """
    known = {*fields, *(f"custom.{name}" for name in custom)}
    keys: dict[str, bool] = {}
    for part in text.split(",") if text.strip() else []:
        name = part.strip().removeprefix("-")
        if name not in known:
            raise InvalidDefinition(
                f"{fields!r} cannot be ordered by {shown(name)}; {nearest(name, known)}"
            )
        if name in keys:
            raise InvalidDefinition(f"{name!r} stands twice in the order {shown(text)}")
        keys[name] = part.strip().startswith("-")
    return tuple(keys.items())
