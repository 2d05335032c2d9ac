"""What the official rules say of a file. An engine that fails and rules that are missing are never "valid"."""

from __future__ import annotations

from typing import Literal

import attrs

Outcome = Literal["valid", "invalid", "engine-error", "rules-not-available"]


@attrs.frozen
class Failure:
    """One rule that a file breaks: its official id, whether it refuses the file, its words, where."""

    rule: str
    fatal: bool
    text: str
    location: str


@attrs.frozen
class Ran:
    """One set of rules that was run: its name, version, the SHA-256 of its file, and what it found."""

    name: str
    version: str
    sha256: str
    failures: tuple[Failure, ...] = ()
    error: str | None = None


@attrs.frozen
class Verdict:
    """What is known of one file; true only when rules ran, all of them, and none refuses the file."""

    outcome: Outcome
    ran: tuple[Ran, ...] = ()
    message: str = ""

    def __bool__(self) -> bool:
        return self.outcome == "valid"

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Every broken rule, of all sets."""
        return tuple(failure for each in self.ran for failure in each.failures)

    def __str__(self) -> str:
        said = [self.outcome] + ([self.message] if self.message else [])
        for each in self.ran:
            found = each.error or f"{len(each.failures)} broken rules"
            said.append(f"  {each.name} {each.version} ({each.sha256[:12]}): {found}")
            for one in each.failures:
                kind = "fatal" if one.fatal else "warning"
                said.append(f"    {one.rule} {kind}: {one.text}\n      {one.location}")
        return "\n".join(said)


def verdict(ran: tuple[Ran, ...]) -> Verdict:
    """The one outcome of several sets of rules."""
    if not ran:
        return Verdict(
            "rules-not-available", message="no official rules for this kind of file are installed"
        )
    if errors := [each for each in ran if each.error]:
        return Verdict("engine-error", ran, errors[0].error or "")
    fatal = any(failure.fatal for each in ran for failure in each.failures)
    return Verdict("invalid" if fatal else "valid", ran)
