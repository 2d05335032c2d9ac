"""Every error multibill raises. Imports nothing; raised by every room, caught by hosts.

MultibillError
├── InvalidValue            one value is not what its field needs (also a ValueError)
├── InvalidInput            several InvalidValue of one input, all at once
├── InvalidDefinition       a policy, workflow, pattern, custom field or expression that can never work
├── PreflightFailed         the law or the target format refuses the document; nothing was issued
├── NotFound                no such record, or none that this actor may see
├── Denied                  readable, but this actor may not do that
├── WrongState              the workflow has no such step from where the document stands
├── OverCredited            more would be credited than remains of the document
├── Frozen                  issued content never changes
├── Stale                   the document moved on since the version that was seen
├── Conflict                the same thing was changed by two people
│   └── UndoConflict        somebody changed since what an undo would take back
├── KeyReused               a request id or business key came back with another input
├── Retryable               the database gave way to another transaction; nothing is left behind
├── UnknownTenant           nobody provisioned this tenant
├── SchemaMismatch          the database is at another revision than this version needs
├── MissingExtra            a package is not installed that only some hosts need
└── Tampered                a stored proof does not hold
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class MultibillError(Exception):
    """The base of every error: a stable ``code``, the ``path`` concerned, a sentence that says what to do.

    >>> error = MultibillError("say what to do", path="/lines/a/quantity")
    >>> error.code, error.path, str(error)
    ('MB-ERROR', '/lines/a/quantity', '/lines/a/quantity: say what to do')
    """

    code = "MB-ERROR"

    def __init__(self, message: str, *, path: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        if code is not None:
            self.code = code

    def at(self, path: str) -> MultibillError:
        """The same error with its path put in front: used on the way out of nested values."""
        self.path = path + (self.path or "") or None
        return self

    def __reduce__(self) -> tuple[object, ...]:
        """Errors cross processes whole, whatever their constructors ask for."""
        return _restored, (type(self), self.args, self.__dict__)

    def __str__(self) -> str:
        return self.message if self.path is None else f"{self.path}: {self.message}"


def _restored(
    cls: type[MultibillError], args: tuple[object, ...], state: dict[str, object]
) -> MultibillError:
    error = cls.__new__(cls, *args)
    error.args = args  # an OSError, such as Denied is, does not take them there
    error.__dict__.update(state)
    return error


class InvalidValue(MultibillError, ValueError):
    """One value is not what its field needs."""

    code = "MB-VALUE"


class InvalidInput(MultibillError, ValueError):
    """All problems of one input together; ``problems`` holds one InvalidValue for each."""

    code = "MB-INPUT"

    def __init__(self, problems: Iterable[MultibillError]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems))


class InvalidDefinition(MultibillError, ValueError):
    """A policy, workflow, pattern, custom field or expression that can never work."""

    code = "MB-DEFINITION"


class PreflightFailed(MultibillError):
    """The document may not be issued as it is; ``findings`` (of ``Finding``) names every rule it breaks."""

    code = "MB-PREFLIGHT"

    def __init__(self, findings: Iterable[Any]) -> None:
        self.findings = tuple(findings)
        errors = [found for found in self.findings if found.severity == "error"]
        lines = "\n".join(f"  {finding}" for finding in errors)
        warned = len(self.findings) - len(errors)
        also = f"\n  and {warned} warning(s)" if warned else ""
        super().__init__(f"{len(errors)} finding(s) keep this from being issued:\n{lines}{also}")


class NotFound(MultibillError, LookupError):
    """There is no such record here, or none that this actor may see: the two look the same."""

    code = "MB-NOT-FOUND"


class Denied(MultibillError, PermissionError):
    """The actor sees the record but may not do this; ``decision`` (a ``Decision``) explains it."""

    code = "MB-DENIED"

    def __init__(self, message: str, *, decision: Any = None, path: str | None = None) -> None:
        super().__init__(message, path=path)
        self.decision = decision


class WrongState(MultibillError):
    """The workflow has no such step from where the document stands."""

    code = "MB-STATE"


class OverCredited(MultibillError, ValueError):
    """More would be credited than remains of the document, of one of its lines or of a VAT rate."""

    code = "MB-CREDIT"


class Frozen(MultibillError):
    """Issued content never changes; a correction is a new document."""

    code = "MB-FROZEN"


class Stale(MultibillError):
    """The document moved on since the version that was seen; ``current`` is where it stands."""

    code = "MB-STALE"

    def __init__(self, message: str, *, current: int) -> None:
        super().__init__(message)
        self.current = current


class Conflict(MultibillError):
    """Two people changed the same thing; nothing was applied.

    Each of ``conflicts`` (an ``Overlap``) has the path, what stood there, and what either made of it.
    """

    code = "MB-CONFLICT"

    def __init__(self, conflicts: Iterable[Any]) -> None:
        self.conflicts = tuple(conflicts)
        paths = ", ".join(conflict.path for conflict in self.conflicts)
        super().__init__(f"changed by somebody else meanwhile: {paths}; load it again and decide")


class UndoConflict(Conflict):
    """What an undo or redo touches was changed since; nothing was applied. ``by`` names who did it.

    Each of ``conflicts`` (an ``Overlap``) has the path, what the own edit left there, what the undo would have made
    of it, and what stands there now.
    """

    code = "MB-UNDO"

    def __init__(self, conflicts: Iterable[Any], *, by: Iterable[str]) -> None:
        super().__init__(conflicts)
        self.by = tuple(by)
        paths = ", ".join(conflict.path for conflict in self.conflicts)
        who = " and ".join(self.by) or "somebody"
        self.message = f"{who} changed {paths} since; nothing was changed: edit it as it stands now"
        self.args = (self.message,)


class KeyReused(MultibillError):
    """A request id or business key came back with another input; use a new one for a new intent."""

    code = "MB-KEY"


class Retryable(MultibillError):
    """The database gave way to another transaction; nothing is left behind: run the whole call again."""

    code = "MB-RETRY"


class UnknownTenant(MultibillError, LookupError):
    """Nobody provisioned this tenant; call ``billing.provision`` first."""

    code = "MB-TENANT"


class SchemaMismatch(MultibillError):
    """The database is at another revision than this version needs; call ``billing.migrate()``."""

    code = "MB-SCHEMA"

    def __init__(self, message: str, *, found: str | None, wanted: str) -> None:
        super().__init__(message)
        self.found, self.wanted = found, wanted


class MissingExtra(MultibillError):
    """A package that only some hosts need is not installed; the message names the extra that brings it."""

    code = "MB-EXTRA"


class Tampered(MultibillError):
    """A stored proof does not hold: bytes were changed around the library."""

    code = "MB-TAMPERED"
