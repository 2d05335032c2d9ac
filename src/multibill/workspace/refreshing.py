"""Refreshing: a draft takes its snapshots again. What somebody set in it by hand stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from multibill.documents import Document, PaymentInstructions
from multibill.ports import UnitOfWork
from multibill.workspace.desk import Call, Desk, Request, answered
from multibill.workspace.editing import revised
from multibill.workspace.kinds import Kind
from multibill.workspace.revising import allowed, handed, retold, stage_of, whole, write
from multibill.workspace.snapshots import Registry, snapshot
from multibill.workspace.steps import Seen, named, opened

TAKEN = ("draft", "refresh")
OWN = ("language", "currency")
KEPT = ("currency", "base_currency", "seller_ref", "buyer_ref")
"""What a draft keeps: prices are in its currency."""
FIXED = ("seller", "brand")
"""What nobody can have set by hand."""


def refresh(
    desk: Desk, kind: Kind, document: Seen, *, reason: str | None, request_id: str | None
) -> Document:
    """The draft with what the registers say now, where it still has what they said before."""
    request = Request.of(request_id, "refresh", named(document))

    def case(uow: UnitOfWork) -> Document:
        if done := answered(desk, uow, request):
            return retold(desk, uow, kind, done.record)
        loaded = opened(desk, uow, kind, document, "edit")
        allowed(desk, "edit", loaded)
        draft = whole(desk, loaded.record, loaded.row)
        body = kind.body(draft.evolve(**_news(desk, uow, kind, draft))) | stage_of(loaded.record)
        made = revised(desk, uow, loaded, body, verb=True)
        if not made.changes:
            return handed(desk, uow, draft)
        return write(desk, uow, made, Call("refresh", reason, request))

    return desk.written(case)


def _news(desk: Desk, uow: UnitOfWork, kind: Kind, draft: Document) -> dict[str, Any]:
    """What the registers say otherwise than when the draft last asked them, without what was set by hand."""
    now, then = Registry(desk, uow), Registry(desk, uow, _taken(uow, draft))
    parties = draft.seller_ref or "", draft.buyer_ref or ""
    before = snapshot(then, kind, *parties, {})
    said = {name: getattr(draft, name) for name in OWN if getattr(draft, name) != before[name]}
    said["currency"] = draft.currency
    before, after = (snapshot(registry, kind, *parties, said) for registry in (then, now))
    return {
        name: _chosen(name, getattr(draft, name), before, after)
        for name in after.keys() - KEPT - said.keys()
    }


def _taken(uow: UnitOfWork, draft: Document) -> int:
    """The position at which the draft last asked the registers."""
    own = (entry for entry in uow.journal(about=draft.id) if entry.kind == draft.kind)
    return max(entry.position for entry in own if entry.action in TAKEN)


def _chosen(name: str, stands: Any, before: Mapping[str, Any], after: Mapping[str, Any]) -> Any:
    if name in FIXED or stands == before[name]:
        return after[name]
    return _paid(stands, before[name], after[name]) if name == "payment" else stands


def _paid(
    stands: PaymentInstructions | None,
    before: PaymentInstructions | None,
    after: PaymentInstructions | None,
) -> PaymentInstructions | None:
    """Instructions that were set by hand around the seller's accounts get the accounts of today."""
    if stands is None or before is None or stands.transfers != before.transfers:
        return stands
    return attrs.evolve(stands, transfers=after.transfers if after else ())
