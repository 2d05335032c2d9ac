"""The policy of every kind of meeting: what merges by itself, what the last one decides, what people must decide."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import attrs
import pytest

from multibill.documents import Allowance, Document, PaymentInstructions
from multibill.errors import Conflict, Denied, InvalidValue
from multibill.model import replaced
from multibill.permissions import Policy, hide, permit, read_only
from tests.office import HOSTING, LOGO, Office

PHOTOS = {"name": "Photos", "unit_price": "75.5", "vat": "20"}
ACCOUNT = "DE89370400440532013000"


def both(office: Office, draft: Document, theirs: dict[str, Any], mine: dict[str, Any]) -> Any:
    """The document after bob's edit and ann's, both made on the version that was drafted."""
    office.bob.invoices.edit(draft.id, base=draft.version, changes=theirs)
    saved = office.ann.invoices.edit(draft.id, base=draft.version, changes=mine)
    assert saved.document == office.cat.invoices.get(draft.id)
    assert office.verify()
    return saved.document


def lines(document: Any) -> str:
    return "".join(line.id[0] for line in document.lines)


@pytest.mark.parametrize(
    ("path", "before"),
    [
        ("/lines/a/description", "Work done in May"),
        ("/lines/a/note", "Work done in May"),
        ("/notes/n/text", "Work done in May"),
        ("/attachments/f/description", "Work done in May"),
    ],
)
def test_free_text_is_merged_word_by_word(office: Office, path: str, before: str) -> None:
    items = {"/notes/n": {"text": before}, "/attachments/f": {"reference": "R", "url": "https://x"}}
    draft = office.draft()
    draft = office.ann.invoices.edit(draft.id, base=1, changes={**items, path: before}).document
    theirs, mine = {path: "Design work done in May"}, {path: "Work done in June"}
    both(office, draft, theirs, mine)
    assert ("Design work done in May", "Design work done in June") == (
        office.journal()[-1].changes[0].before,
        office.journal()[-1].changes[0].after,
    )
    with pytest.raises(Conflict):
        office.cat.invoices.edit(draft.id, base=2, changes={path: "Work done in July"})


def test_a_text_taken_away_and_changed_is_a_conflict(office: Office) -> None:
    draft = office.draft(lines=[LOGO.evolve(description="Work done")])
    with pytest.raises(Conflict):
        both(office, draft, {"/lines/a/description": None}, {"/lines/a/description": "Work to do"})


def test_the_last_assignee_stands(office: Office) -> None:
    draft = office.draft(assignee="ann")
    assert "dan" == both(office, draft, {"/assignee": "cat"}, {"/assignee": "dan"}).assignee


@pytest.mark.parametrize(
    ("theirs", "mine"),
    [
        ("/buyer_reference", "/buyer_reference"),
        ("/purchase_order", "/purchase_order"),
        ("/owner", "/owner"),
        ("/team", "/team"),
        ("/lines/a/name", "/lines/a/name"),
        ("/buyer/name", "/buyer/name"),
        ("/buyer/vat_id", "/buyer/vat_id"),
        ("/lines/a/unit_price", "/lines/a/base_quantity"),
    ],
)
def test_what_money_law_or_rights_depend_on_is_decided_by_people(
    office: Office, theirs: str, mine: str
) -> None:
    draft = office.draft()
    with pytest.raises(Conflict):
        both(office, draft, {theirs: "7"}, {mine: "8"})
    assert () == office.ann.invoices.conflicts(draft.id)


def test_tags_are_united(office: Office) -> None:
    draft = office.draft(tags={"old", "kept"})
    theirs, mine = {"/tags/urgent": True, "/tags/old": None}, {"/tags/vip": True, "/tags/old": True}
    assert {"kept", "urgent", "vip"} == both(office, draft, theirs, mine).tags


def test_the_last_move_of_a_line_stands(office: Office) -> None:
    draft = office.draft(lines=[LOGO, HOSTING, HOSTING.evolve(id="c")])
    moved = both(office, draft, {"/lines/c/after": None}, {"/lines/c/after": "a"})
    assert "acb" == lines(moved)


def test_a_moved_line_is_deleted_all_the_same(office: Office) -> None:
    draft = office.draft(lines=[LOGO, HOSTING])
    assert "b" == lines(both(office, draft, {"/lines/a/after": "b"}, {"/lines/a": None}))


def test_a_move_of_a_deleted_line_is_a_conflict(office: Office) -> None:
    draft = office.draft(lines=[LOGO, HOSTING])
    with pytest.raises(Conflict):
        both(office, draft, {"/lines/a": None}, {"/lines/a/after": "b"})


@pytest.mark.parametrize("place", [None, "a", "b"])
def test_two_lines_put_in_one_place_both_stay_there(office: Office, place: str | None) -> None:
    draft = office.draft(lines=[LOGO, HOSTING])
    document = both(
        office,
        draft,
        {"/lines/y": PHOTOS, "/lines/y/after": place},
        {"/lines/x": PHOTOS, "/lines/x/after": place},
    )
    expected = {None: "xyab", "a": "axyb", "b": "abxy"}[place]
    assert expected == lines(document)
    before = office.journal()
    office.ann.invoices.save(document)
    assert before == office.journal()
    between = {"/lines/z": PHOTOS, "/lines/z/after": "x"}
    after = office.cat.invoices.edit(draft.id, base=3, changes=between).document
    assert expected.replace("xy", "xzy") == lines(after)


def test_a_line_put_somewhere_offline_stays_there_when_all_lines_got_new_keys(
    office: Office,
) -> None:
    """bob puts lines after the first one until there is no room; ann's stands after the line she saw before it."""
    draft = office.draft(lines=[LOGO, HOSTING, HOSTING.evolve(id="c")])
    put: dict[str, Any] = {f"/lines/p{n}": PHOTOS for n in range(200)}
    put |= {f"/lines/p{n}/after": "a" for n in range(200)}
    after = office.bob.invoices.edit(draft.id, base=1, changes=put).document
    assert draft.line("b").order != after.line("b").order
    wish = {"/lines/x": PHOTOS, "/lines/x/after": "b"}
    document = office.ann.invoices.edit(draft.id, base=1, changes=wish).document
    assert "bxc" == lines(document)[-3:]
    assert max(len(line.order or "") for line in document.lines) <= 32
    assert office.verify()


FIRST: dict[str, tuple[str, Any, Any]] = {
    "allowance": ("/lines/a/allowances/{}", {"amount": "1"}, {"amount": "2"}),
    "charge": ("/lines/a/charges/{}", {"amount": "1"}, {"amount": "2"}),
    "document allowance": (
        "/allowances/{}",
        {"amount": "1", "vat": "20"},
        {"amount": "2", "vat": "20"},
    ),
    "transfer": ("/payment/transfers/{}", {"account": ACCOUNT}, {"account": ACCOUNT}),
    "note": ("/notes/{}", {"text": "one"}, {"text": "two"}),
    "attachment": ("/attachments/{}", {"reference": "R1"}, {"reference": "R2"}),
}


@pytest.mark.parametrize("what", FIRST)
def test_two_people_add_the_first_of_a_collection(office: Office, what: str) -> None:
    path, one, other = FIRST[what]
    draft = office.draft()
    both(office, draft, {path.format("one"): one}, {path.format("other"): other})
    assert [path.format("other")] == [change.path for change in office.journal()[-1].changes]


def test_two_people_add_the_first_classification_of_an_item(office: Office) -> None:
    draft = office.draft()
    theirs = {"/lines/a/item": {"classifications": {"k": {"value": "1", "scheme": "MP"}}}}
    mine = {"/lines/a/item": {"classifications": {"m": {"value": "2", "scheme": "MP"}}}}
    line = both(office, draft, theirs, mine).line("a")
    assert ["1", "2"] == sorted(each.value for each in line.item.classifications)


def paid(saved: Any) -> PaymentInstructions:
    found: PaymentInstructions = saved.document.payment
    return found


def test_a_group_that_two_people_begin_meets_only_where_they_differ(office: Office) -> None:
    draft = office.draft()
    theirs = {"/payment": {"means": "58", "transfers": {"t": {"account": ACCOUNT}}}}
    mine = {"/payment": {"means": "49", "transfers": {"u": {"account": ACCOUNT}}}}
    office.bob.invoices.edit(draft.id, base=1, changes=theirs)
    saved = office.ann.invoices.edit(draft.id, base=1, changes=mine, on_conflict="keep")
    assert ["/payment/means"] == [found.path for found in saved.conflicts]
    assert ["t", "u"] == [each.id for each in paid(saved).transfers]


def test_a_group_taken_away_and_changed_is_a_conflict_of_the_whole(office: Office) -> None:
    draft = office.draft(payment=PaymentInstructions(means="58", text="Thanks"))
    office.bob.invoices.edit(draft.id, base=1, changes={"/payment/text": "Thank you"})
    saved = office.ann.invoices.edit(
        draft.id, base=1, changes={"/payment": None}, on_conflict="keep"
    )
    assert ["/payment"] == [found.path for found in saved.conflicts]
    assert ("58", "Thank you") == (paid(saved).means, paid(saved).text)


def test_saves_of_whole_values_merge_their_first_items_too(office: Office) -> None:
    mine = office.draft()
    for person, amount in ((office.bob, 1), (office.ann, 2)):
        item = Allowance(amount=amount, reason=person.actor.id)
        person.invoices.save(mine.with_line("a", allowances=[item]))
    line = office.ann.invoices.get(mine.id).line("a")
    assert {Decimal(1), Decimal(2)} == {item.amount for item in line.allowances}


LIMITED = Policy(
    permit("all", on={"read", "draft", "edit", "submit"}),
    permit("registers", on="read", of="customer"),
    permit("sellers", on="read", of="seller"),
    permit("verify", on="verify", of="journal"),
    read_only("/buyer_reference", to="sales"),
    hide("bank", to="sales"),
)


IBAN = "FR1420041010050500013M02606"


def test_what_is_hidden_in_a_document_is_hidden_in_its_conflicts(open_office: Any) -> None:
    """sam sees that the payment was changed twice, but no account; of a conflict on accounts alone sam sees nothing."""
    office = open_office(policy=LIMITED)
    draft = office.draft(payment=PaymentInstructions(means="58", text="Thanks"))
    account = {"/payment/transfers/t": {"account": IBAN}}
    office.bob.invoices.edit(draft.id, base=1, changes={**account, "/payment/text": "Thank you"})
    kept = office.ann.invoices.edit(
        draft.id,
        base=1,
        changes={"/payment": None, "/payment/text": None, "/buyer_reference": "A"},
        on_conflict="keep",
    )
    other = {"/payment/transfers/t": {"account": ACCOUNT}}
    office.ann.invoices.edit(draft.id, base=1, changes=other, on_conflict="keep")
    whole = office.ann.invoices.conflicts(draft.id)
    assert ["/payment", "/payment/transfers/t"] == sorted(each.path for each in whole)
    assert IBAN in str(whole)
    sam = office.as_("sam", "sales").invoices
    (seen,) = sam.conflicts(draft.id)
    assert ("/payment", {"means": "58", "text": "Thank you"}) == (seen.path, seen.theirs)
    told = [event for event in sam.history(draft.id) if event.kind == "conflict"]
    assert 2 == len(told)
    for shown in (str(seen), str([event.changes for event in told])):
        assert IBAN not in shown
        assert ACCOUNT not in shown
    with pytest.raises(Conflict) as caught:
        sam.edit(draft.id, base=1, changes={"/payment/text": "Thanks a lot"})
    assert IBAN not in str(caught.value.conflicts)
    with pytest.raises(Denied):
        sam.edit(draft.id, base=1, changes={"/payment": None})
    assert 1 == len(kept.conflicts)


@pytest.mark.parametrize("on_conflict", ["raise", "keep"])
def test_a_right_that_is_missing_on_one_path_refuses_the_whole_edit(
    open_office: Any, on_conflict: Any
) -> None:
    office = open_office(policy=LIMITED)
    draft = office.draft()
    office.bob.invoices.edit(draft.id, base=1, changes={"/buyer_reference": "B"})
    before = office.journal()
    wish = {"/buyer_reference": "A", "/lines/a/quantity": "9"}
    with pytest.raises(Denied) as caught:
        office.as_("sam", "sales").invoices.edit(
            draft.id, base=1, changes=wish, on_conflict=on_conflict
        )
    assert "/buyer_reference" == caught.value.path
    assert before == office.journal()


def test_what_only_verbs_set_is_no_conflict_to_keep(office: Office) -> None:
    """The seller was refreshed meanwhile; a stale value with another seller is refused, not kept."""
    draft = office.draft()
    admin = office.as_("adm", "admin").sellers
    studio = admin.get("studio")
    admin.save(attrs.evolve(studio, party=_renamed(studio.party, "Studio SAS")))
    office.bob.invoices.refresh(draft)
    with pytest.raises(InvalidValue, match="only a verb sets this"):
        office.ann.invoices.save(
            draft.evolve(seller=_renamed(draft.seller, "Mine")), on_conflict="keep"
        )


def _renamed(party: Any, name: str) -> Any:
    return replaced(party, name=name)
