"""The snippets that are the contract run as written, with the clock at 2026-11-30."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, func, select

from multibill import Actor, Billing, Denied, FrozenClock, Money
from tests.typing import embedding, following

SNIPPET = Path(__file__).parents[1] / "typing" / "block_one.py"
CLOCK = FrozenClock("2026-11-30T10:00:00Z")


class FrozenBilling(Billing):
    """Billing with the clock of the snippets."""

    def __init__(self, engine: Any, **options: Any) -> None:
        super().__init__(engine, clock=CLOCK, **options)


@pytest.fixture
def block_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The names that the first block leaves behind."""
    monkeypatch.chdir(tmp_path)
    header, body = SNIPPET.read_text("utf-8").split("# --- the snippet, as written\n")
    names: dict[str, Any] = {}
    exec(compile(header, str(SNIPPET), "exec"), names)  # noqa: S102 - our own file
    names["Billing"] = FrozenBilling
    exec(compile(body, str(SNIPPET), "exec"), names)  # noqa: S102
    return names


def test_the_first_block_gives_the_number_and_the_total_it_says(block_one: dict[str, Any]) -> None:
    invoice = block_one["invoice"]
    assert ("F2026-00001", Money("1620.00", "EUR")) == (invoice.number, invoice.totals.payable)


def test_the_pdf_of_the_first_block_is_the_same_every_time(block_one: dict[str, Any]) -> None:
    again = block_one["bob"].invoices.pdf(block_one["invoice"])
    assert Path("F2026-00001.pdf").read_bytes() == again.data
    assert again.data.startswith(b"%PDF-")


def test_the_same_key_gives_the_same_draft_and_four_eyes_hold(block_one: dict[str, Any]) -> None:
    ann, line = block_one["ann"], block_one["Line"]
    lines = [line(name="Logo design", quantity=3, unit="DAY", unit_price="450", vat="20")]
    again = ann.invoices.draft(seller="studio", buyer="acme", key="2026-11:acme", lines=lines)
    assert block_one["invoice"].id == again.id
    other = ann.invoices.submit(ann.invoices.draft(seller="studio", buyer="acme", lines=lines))
    with pytest.raises(Denied, match="four-eyes"):
        ann.invoices.approve(other)


def test_the_payment_settles_the_invoice_and_the_credit_note_is_a_draft(
    block_one: dict[str, Any],
) -> None:
    """A fully paid invoice: what is credited of it will stand to the customer's credit."""
    found, credit = block_one["bob"].invoices.get(block_one["invoice"].id), block_one["credit"]
    assert ("paid", Money("0.00", "EUR")) == (found.settlement, found.due)
    assert ("draft", Money("540.00", "EUR")) == (credit.phase, credit.totals.payable)
    assert found.number == credit.preceding[0].number


@pytest.mark.parametrize("fails", [False, True])
def test_the_embedding_block_commits_and_rolls_back_with_the_host(
    block_one: dict[str, Any], fails: bool
) -> None:
    engine = create_engine("sqlite:///agency.db")
    embedding.Base.metadata.create_all(engine)
    ann, bob, line = block_one["ann"], block_one["bob"], block_one["Line"]
    lines = [line(name="Site", unit_price="900", vat="20")]
    draft = ann.invoices.submit(ann.invoices.draft(seller="studio", buyer="acme", lines=lines))
    draft = bob.invoices.approve(draft)
    billing = FrozenBilling(engine, policy=block_one["presets"].agency())
    me = Actor("ann" if fails else "bob", roles={"sales" if fails else "manager"}, teams={"web"})
    if fails:
        with pytest.raises(Denied):
            embedding.embed(engine, billing, me, draft)
    else:
        embedding.embed(engine, billing, me, draft)
    with engine.connect() as connection:
        hosts = connection.scalar(select(func.count()).select_from(embedding.MyProject))
    phase = bob.invoices.get(draft.id).phase
    assert (0, "draft") == (hosts, phase) if fails else (1, "issued") == (hosts, phase)


def test_the_feed_of_the_first_block_is_told_whole_in_each_way(block_one: dict[str, Any]) -> None:
    ann, billing = block_one["ann"], block_one["billing"]

    async def streamed() -> list[Any]:
        return [event async for event in following.stream(ann, None)]

    told = list(following.read(ann, None))
    invoice = [event.action for event in told if event.about == block_one["invoice"].id]
    assert ["draft", "submit", "approve", "issue", "render", "settle"] == invoice
    assert told[3:] == list(following.read(ann, told[2].cursor))
    assert told == asyncio.run(streamed())
    web = [event for event in told if event.kind == "invoice"]
    assert web == list(following.wait(ann, None))
    robot = billing.workspace("t42", actor=Actor.service("webhooks", roles={"admin"}))
    assert [event.cursor for event in robot.feed()] == list(following.deliver(robot))
    assert [] == list(following.deliver(robot)) == billing.behind("webhooks")
