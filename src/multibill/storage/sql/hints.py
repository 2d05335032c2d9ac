"""The one listener on a host's session: after its commit, readers are told that something may have changed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session, scoped_session

from multibill.ports import Waker

INFO = "multibill_wakes"


def after_commit(bind: object, tenant: str, waker: Waker) -> None:
    """Wake the tenant's readers whenever this session commits; one listener a session, however often it is asked.

    A released savepoint counts as a commit here: the hint is early then, and comes again with the real one. A bare
    connection tells nobody of its commit: readers look by themselves.
    """
    session = bind() if isinstance(bind, scoped_session) else bind
    if isinstance(session, Session):
        if INFO not in session.info:
            session.info[INFO] = set()
            event.listen(session, "after_commit", _wake)
        session.info[INFO].add((tenant, waker))


def _wake(session: Any) -> None:
    for tenant, waker in session.info[INFO]:
        waker.wake(tenant)
