"""Bank accounts: what one person proposes, another confirms. Nothing else makes a number one that documents show."""

from __future__ import annotations

import attrs

from multibill.errors import InvalidValue, Stale, WrongState
from multibill.ports import UnitOfWork
from multibill.records import BankAccount, Proposal
from multibill.workspace.desk import Call, Desk
from multibill.workspace.kinds import Kind
from multibill.workspace.linking import linked
from multibill.workspace.registers import Registers, entry_of, may_save, put

NOTHING: tuple[str | None, ...] = (None, None, None)


class Accounts(Registers[BankAccount]):
    """The sellers' bank accounts: ``ws.accounts.save(...)`` proposes, ``ws.accounts.confirm(seen)`` is for another."""

    def save(self, entry: BankAccount, *, reason: str | None = None) -> BankAccount:
        """The account as it now stands: another number, holder or BIC than the confirmed one is only ``pending``.

        What is pending stays so until somebody confirms, rejects or proposes otherwise; whoever proposed what of it is
        kept stands behind it too. Raises InvalidValue for an IBAN that cannot be one, Stale, Denied.
        """

        def case(uow: UnitOfWork) -> BankAccount:
            return linked(self._desk, uow, propose(self._desk, uow, self._kind, entry, reason))

        return self._desk.written(case)

    def confirm(self, account: BankAccount | str, *, reason: str | None = None) -> BankAccount:
        """The account with what was pending. Give the account as you saw it: what was proposed since is not meant.

        Raises Denied (rule ``floor:four-eyes``) for everybody who stands behind the proposal, WrongState when nothing
        is pending, Stale, NotFound.
        """

        def case(uow: UnitOfWork) -> BankAccount:
            seen = _seen(self._desk, uow, self._kind, account)
            pending = _pending(seen)
            resource = f"account {seen.id}"
            self._desk.require("confirm", self._kind.name, {"authors": pending.by}, resource)
            return put(
                self._desk, uow, self._kind, _set(seen, pending.details), Call("confirm", reason)
            )

        return self._desk.written(case)

    def reject(self, account: BankAccount | str, *, reason: str | None = None) -> BankAccount:
        """The account without what was pending; whoever may save or confirm accounts may do that.

        Raises WrongState when nothing is pending, Denied, Stale, NotFound.
        """

        def case(uow: UnitOfWork) -> BankAccount:
            seen = _seen(self._desk, uow, self._kind, account)
            _pending(seen)
            if not self._desk.rights.allows("save", self._kind.name, {}):
                self._desk.require(
                    "confirm", self._kind.name, {"authors": frozenset()}, f"account {seen.id}"
                )
            gone = attrs.evolve(seen, pending=None)
            return put(self._desk, uow, self._kind, gone, Call("reject", reason))

        return self._desk.written(case)


def confirmed(desk: Desk, uow: UnitOfWork) -> tuple[BankAccount, ...]:
    """Every confirmed account of the house by id, whoever may read them."""
    kind = desk.kinds["account"]
    found = (kind.stored(record) for record in uow.records(kind.name))
    return tuple(account for account in found if account.account is not None)


def propose(
    desk: Desk, uow: UnitOfWork, kind: Kind, entry: BankAccount, reason: str | None = None
) -> BankAccount:
    """The account with its new details pending, in the name of the actor and whom it acts for."""
    may_save(desk, kind, entry)
    before = _before(uow, kind, entry)
    confirmed = before.details if before else NOTHING
    pending = before.pending if before else None
    said = entry.details
    if said != confirmed and (pending is None or said != pending.details):
        pending = _proposal(said, confirmed, pending, desk.actor.persons)
    _same_seller(before, entry)
    if before is None and pending is None:
        raise InvalidValue("a new account needs its number", path="/account")
    return put(desk, uow, kind, _set(entry, confirmed, pending), Call("save", reason))


def settle(desk: Desk, uow: UnitOfWork, kind: Kind, entry: BankAccount) -> BankAccount:
    """The account with its details confirmed at once: only for the host's own set-up.

    A proposal stays pending only where nothing changed: it was made on what stood.
    """
    may_save(desk, kind, entry)
    before = _before(uow, kind, entry)
    _same_seller(before, entry)
    _number(entry.account)
    pending = before.pending if before and before.details == entry.details else None
    return put(desk, uow, kind, _set(entry, entry.details, pending), Call("save"))


def _before(uow: UnitOfWork, kind: Kind, entry: BankAccount) -> BankAccount | None:
    loaded = uow.load(kind.name, entry.id)
    return kind.stored(loaded.record) if loaded else None


def _same_seller(before: BankAccount | None, entry: BankAccount) -> None:
    # another seller's documents would show a number that nobody confirmed for it
    if before and before.seller != entry.seller:
        raise InvalidValue("an account stays with its seller; make another one", path="/seller")


def _proposal(
    said: tuple[str | None, ...],
    confirmed: tuple[str | None, ...],
    pending: Proposal | None,
    persons: frozenset[str],
) -> Proposal:
    """What was said, by whoever said it and by those who proposed what is kept of an earlier proposal."""
    account, holder, bic = said
    if pending and any(
        new == old != now for new, old, now in zip(said, pending.details, confirmed, strict=True)
    ):
        persons |= pending.by
    return Proposal(account=_number(account), holder=holder, bic=bic, by=persons)


def _number(account: str | None) -> str:
    """The number, if there is one; one that begins like an IBAN must be one (ISO 13616)."""
    if account is None:
        raise InvalidValue("an account needs its number", path="/account")
    if account[:2].isalpha() and account[2:4].isdigit():
        from stdnum import iban

        if not iban.is_valid(account, check_country=False):
            raise InvalidValue(
                f"{account} is no IBAN: look for a slip in its digits", path="/account"
            )
    return account


def _set(
    entry: BankAccount, details: tuple[str | None, ...], pending: Proposal | None = None
) -> BankAccount:
    account, holder, bic = details
    return attrs.evolve(entry, account=account, holder=holder, bic=bic, pending=pending)


def _seen(desk: Desk, uow: UnitOfWork, kind: Kind, account: BankAccount | str) -> BankAccount:
    """The account as it stands; Stale when it moved on since it was seen."""
    id, seen = (
        (account.id, account.version) if isinstance(account, BankAccount) else (account, None)
    )
    found: BankAccount = entry_of(desk, uow, kind, id)
    if seen not in (None, found.version):
        raise Stale(
            f"you saw version {seen} of {id}, it stands at {found.version}", current=found.version
        )
    return found


def _pending(account: BankAccount) -> Proposal:
    if account.pending is None:
        raise WrongState(f"nothing is proposed for account {account.id}; save a change first")
    return account.pending
