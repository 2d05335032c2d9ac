"""Rules on fields: what is hidden, masked or read-only for somebody, from every verb that hands out or takes in."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from multibill import presets
from multibill.documents import CreditTransfer, Invoice, PaymentInstructions
from multibill.documents.checks import check
from multibill.errors import Conflict, Denied, InvalidDefinition, NotFound, PreflightFailed
from multibill.model import Masked
from multibill.money import Money
from multibill.permissions import Policy, hide, mask, permit, read_only
from multibill.ports import Storage
from multibill.query import Me
from multibill.query.doc import Doc
from multibill.records import Custom
from tests.workspace.agency import LINES, Agency

IBAN = "FR7630006000011234567890189"
PAYMENT = PaymentInstructions(
    means="58", transfers=[CreditTransfer(id="t", account=IBAN, holder="Studio", bic="AGRIFRPP")]
)
COSTS = {"a": "310", "b": "40", "c": "10"}
FIELDS = (
    Custom("budget", str, kind="invoice", indexed=True, sensitive="margin"),
    Custom("hours", int, kind="invoice", indexed=True, sensitive="margin"),
    Custom("project", str, kind="invoice", indexed=True),
)
POLICY = Policy(
    *presets.agency().rules,
    permit("guests", to="guest", on={"read", "draft", "edit", "submit", "annotate", "credit"}),
    permit("guests-issue", to="guest", on={"issue", "discard", "approve", "refuse"}),
    permit("look", to="guest", on="read", of="seller"),
    permit("see", to="guest", on="read", of="customer"),
    hide("margin", to="guest"),
    mask("bank", last=4, to="guest"),
    hide(Doc.due_date, to="guest", when=Doc.owner != Me.id),
    read_only(Doc.assignee, to="guest"),
)


@pytest.fixture
def agency(anywhere: Storage) -> Agency:
    """An agency where guests see less than a manager."""
    return Agency(anywhere, policy=POLICY, fields=FIELDS)


def full(agency: Agency, **said: Any) -> Invoice:
    """A draft of ann's that has everything that is hidden from guests."""
    custom = {"budget": "big", "hours": 7, "project": "P7"}
    known = {"costs": COSTS, "payment": PAYMENT, "custom": custom, "due_date": date(2026, 12, 31)}
    return agency.draft(**known | said)


def transfer_of(invoice: Invoice) -> CreditTransfer:
    """The account that an invoice names."""
    assert invoice.payment
    (transfer,) = invoice.payment.transfers
    return transfer


def test_a_margin_is_the_total_without_vat_less_the_costs(agency: Agency) -> None:
    draft = full(agency)
    assert Money("472.00", "EUR") == draft.margin  # 1452 - 3 * 310 - 40 - 10
    assert draft.evolve(costs={"a": "310"}).margin is None


def test_costs_merge_line_by_line_and_stay_when_the_line_is_gone(agency: Agency) -> None:
    draft = full(agency)
    ann, bob = agency("ann").invoices, agency("bob").invoices
    ann.edit(draft.id, base=1, changes={"/costs/a": "300"})
    saved = bob.save(draft.evolve(costs={**draft.costs, "b": "50"}))
    assert ("/costs/a",) == saved.merged
    assert {"a": 300, "b": 50, "c": 10} == saved.document.costs
    with pytest.raises(Conflict):
        ann.edit(draft.id, base=1, changes={"/costs/b": "60"})
    left = bob.save(saved.document.without_line("a")).document
    assert {"a", "b", "c"} == left.costs.keys()
    assert agency.verified()


def test_a_document_is_handed_out_without_what_is_hidden_and_with_masks(agency: Agency) -> None:
    seen = agency("eve", "guest").invoices.get(full(agency))
    assert {} == seen.costs
    assert None is seen.margin
    assert {"project": "P7"} == seen.custom
    assert None is seen.due_date
    transfer = transfer_of(seen)
    assert ("••••0189", "••••udio") == (transfer.account, transfer.holder)
    assert isinstance(transfer.account, Masked)
    assert {
        "/costs/*",
        "/custom/budget",
        "/custom/hours",
        "/due_date",
        "/payment/transfers/*/account",
    } <= seen.hidden
    assert frozenset() == agency("bob").invoices.get(seen.id).hidden


def test_what_is_covered_is_named_whether_or_not_it_is_there(agency: Agency) -> None:
    eve = agency("eve", "guest").invoices
    assert eve.get(full(agency)).hidden == eve.get(agency.draft()).hidden


def handed_out(agency: Agency) -> dict[str, Any]:
    """What every verb that gives back a document gives a guest."""
    eve, bob = agency("eve", "guest").invoices, agency("bob").invoices
    found: dict[str, Any] = {}
    first = full(agency)
    found["get"] = seen = eve.get(first)
    found["save"] = eve.save(seen.evolve(buyer_reference="PO-7")).document
    found["unchanged"] = eve.save(found["save"]).document
    found["edit"] = eve.edit(first.id, base=2, changes={"/buyer_reference": "PO-8"}).document
    found["refresh"] = eve.refresh(first.id)
    found["attach"] = eve.attach(
        first.id, b"x", filename="x.csv", mime="text/csv", request_id="x"
    ).document
    found["attach again"] = eve.attach(
        first.id, b"x", filename="x.csv", mime="text/csv", request_id="x"
    ).document
    found["submit"] = eve.submit(first.id, request_id="s")
    found["submit again"] = eve.submit(first.id, request_id="s")
    found["refuse"] = eve.refuse(full_submitted(agency).id, comment="no")
    bob.approve(first.id)
    found["issue"] = eve.issue(first.id)
    found["discard"] = eve.discard(full(agency).id)
    return found


def full_submitted(agency: Agency) -> Invoice:
    return agency("ann").invoices.submit(full(agency))


def test_no_verb_hands_out_what_is_hidden(agency: Agency) -> None:
    for verb, seen in handed_out(agency).items():
        assert (verb, {}, None, None) == (
            verb,
            seen.costs,
            seen.custom.get("budget"),
            seen.due_date,
        )
        assert (verb, "••••0189") == (verb, transfer_of(seen).account)
        assert (verb, True) == (verb, "/costs/*" in seen.hidden)
    assert agency.verified()


def test_nothing_that_is_covered_is_lost_by_any_of_them(agency: Agency) -> None:
    issued = handed_out(agency)["issue"]
    stands = agency("bob").invoices.get(issued.id)
    assert (Money("472.00", "EUR"), "big", date(2026, 12, 31), IBAN) == (
        stands.margin,
        stands.custom["budget"],
        stands.due_date,
        transfer_of(stands).account,
    )


def test_a_save_of_what_was_handed_out_changes_nothing(agency: Agency) -> None:
    eve = agency("eve", "guest").invoices
    seen = eve.get(full(agency))
    saved = eve.save(seen)
    assert (1, ()) == (saved.document.version, saved.merged)


def test_a_value_loaded_while_hidden_takes_nothing_away_once_it_can_be_seen(agency: Agency) -> None:
    eve, ann = agency("eve", "guest").invoices, agency("ann").invoices
    seen = eve.get(full(agency))
    ann.edit(seen.id, base=1, changes={"/owner": "eve"})
    eve.save(seen.evolve(buyer_reference="PO-7"))
    assert date(2026, 12, 31) == ann.get(seen.id).due_date


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("/costs/a", lambda seen: seen.evolve(costs={"a": "1"})),
        ("/custom/budget", lambda seen: seen.evolve(custom={**seen.custom, "budget": "1"})),
        ("/due_date", lambda seen: seen.evolve(due_date=date(2027, 1, 1))),
        ("/assignee", lambda seen: seen.evolve(assignee="eve")),
        ("/payment", lambda seen: seen.evolve(payment=None)),
        ("/payment/transfers/t/account", lambda seen: seen.evolve(payment=PAYMENT)),
    ],
)
def test_what_is_covered_cannot_be_set_by_a_save(agency: Agency, path: str, change: Any) -> None:
    eve = agency("eve", "guest").invoices
    with pytest.raises(Denied) as caught:
        eve.save(change(eve.get(full(agency))))
    assert path == caught.value.path


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/costs/a", "1"),
        ("/costs/a", "310"),
        ("/custom/budget", "big"),
        ("/due_date", "2027-01-01"),
        ("/assignee", "eve"),
        ("/payment/transfers/t/account", IBAN),
        ("/payment/transfers/t", None),
        ("/payment", None),
    ],
)
def test_what_is_covered_cannot_be_set_by_an_edit(agency: Agency, path: str, value: Any) -> None:
    """Not even to what stands there, which would tell it."""
    eve = agency("eve", "guest").invoices
    for document in (full(agency), agency.draft(payment=PAYMENT)):
        with pytest.raises(Denied) as caught:
            eve.edit(document.id, base=1, changes={path: value})
        assert path == (caught.value.path or "")[: len(path)]


def test_an_edit_that_takes_away_nothing_says_nothing(agency: Agency) -> None:
    eve = agency("eve", "guest").invoices
    for document in (full(agency), agency.draft()):
        assert 1 == eve.edit(document.id, base=1, changes={"/costs/a": None}).document.version


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/costs/a", {"costs": COSTS}),
        ("/custom/budget", {"custom": {"budget": "big"}}),
        ("/payment/transfers/t/account", {"payment": PAYMENT}),
        ("/assignee", {"assignee": "eve"}),
    ],
)
def test_what_is_covered_cannot_be_set_by_a_draft(agency: Agency, path: str, said: Any) -> None:
    eve = agency("eve", "guest").invoices
    with pytest.raises(Denied) as caught:
        eve.draft(seller="studio", buyer="acme", lines=LINES, **said)
    assert path == caught.value.path


def test_an_attachment_that_is_hidden_is_not_given_out_and_not_added(anywhere: Storage) -> None:
    policy = Policy(*presets.agency().rules, hide("/attachments", to="lead"))
    agency = Agency(anywhere, policy=policy)
    draft = agency.draft()
    file = agency("ann").invoices.attach(draft, b"x", filename="x.txt", mime="text/plain").document
    (item,) = file.attachments
    lead = agency("eve", "lead").invoices
    assert () == lead.get(draft.id).attachments
    with pytest.raises(NotFound):
        lead.attachment(draft.id, item.id or "")
    policy = Policy(*policy.rules, *policy.veils, permit("work", to="lead", on="edit"))
    agency.billing._policy = policy
    with pytest.raises(Denied):
        agency("eve", "lead").invoices.attach(draft.id, b"y", filename="y.txt", mime="text/plain")


def test_a_line_can_go_with_a_note_that_is_hidden(anywhere: Storage) -> None:
    policy = Policy(*presets.agency().rules, hide("/lines/*/note", to="accountant"))
    agency = Agency(anywhere, policy=policy)
    lines = [line.evolve(note="secret") for line in LINES]
    for draft in (agency.draft(lines=lines), agency.draft()):
        books = agency("eve", "accountant").invoices
        saved = books.save(books.get(draft).without_line("a")).document
        assert ["b", "c"] == [line.id for line in saved.lines]


def test_a_page_needs_sight_of_all_that_the_law_sees(agency: Agency) -> None:
    issued = agency.standing("issued", payment=PAYMENT, costs=COSTS, owner="eve")
    agency("bob").invoices.pdf(issued)
    with pytest.raises(Denied, match="mask:bank:guest") as caught:
        agency("eve", "guest").invoices.pdf(issued.id)
    assert "/payment/transfers/*/account" == caught.value.path


def test_a_hidden_margin_keeps_nobody_from_a_page(anywhere: Storage) -> None:
    agency = Agency(anywhere, policy=Policy(*presets.agency().rules, hide("margin", to="viewer")))
    issued = agency.standing("issued", costs=COSTS)
    assert b"%PDF" == agency("vic", "viewer").invoices.pdf(issued.id).data[:4]
    assert {} == agency("vic", "viewer").invoices.get(issued.id).costs


def test_json_shows_what_is_seen(agency: Agency) -> None:
    draft = full(agency)
    text = agency("eve", "guest").invoices.json(draft.id).data.decode()
    assert not any(secret in text for secret in ("310", "big", "2026-12-31", IBAN, "AGRIFRPP"))
    tree = json.loads(text)
    assert "••••0189" == tree["payment"]["transfers"]["t"]["account"]
    assert "/costs/*" in tree["hidden"]


def test_conflicts_and_merged_paths_tell_nothing_of_what_is_covered(agency: Agency) -> None:
    eve, ann = agency("eve", "guest").invoices, agency("ann").invoices
    seen = eve.get(full(agency))
    ann.edit(seen.id, base=1, changes={"/costs/a": "1", "/terms": {"days": 10}, "/due_date": None})
    saved = eve.save(seen.evolve(buyer_reference="PO-7"))
    assert ("/terms/days",) == saved.merged
    ann.edit(seen.id, base=3, changes={"/due_date": "2027-05-05"})
    with pytest.raises(Conflict) as caught:
        eve.edit(seen.id, base=3, changes={"/terms": {"days": 20}})
    assert "2027" not in str([*caught.value.conflicts, caught.value])


def test_findings_tell_nothing_of_what_is_covered(agency: Agency) -> None:
    wrong = PaymentInstructions(means="58", transfers=[CreditTransfer(account="FR7600000")])
    draft = agency.standing("approved", payment=wrong)
    eve = agency("eve", "guest").invoices
    found = eve.preflight(draft.id)
    assert "MB-HIDDEN" in {each.rule for each in found}
    assert "MB-IBAN" not in str(found)
    with pytest.raises(PreflightFailed) as caught:
        eve.issue(draft.id)
    assert "MB-IBAN" not in str(caught.value)
    assert "MB-IBAN" in str(agency("bob").invoices.preflight(draft.id))


def test_decisions_explain_without_what_is_covered(anywhere: Storage) -> None:
    policy = Policy(
        permit("read", on={"read", "draft"}),
        permit("small", to="guest", on="edit", when=Doc.due_date < date(2026, 1, 1)),
        hide(Doc.due_date, to="guest"),
        permit("sellers", on="read", of="seller"),
        permit("customers", on="read", of="customer"),
    )
    agency = Agency(anywhere, policy=policy)
    draft = agency.draft(due_date=date(2026, 12, 31))
    eve = agency("eve", "guest").invoices
    decision = eve.may("edit", draft.id)
    assert not decision
    with pytest.raises(Denied) as caught:
        eve.edit(draft.id, base=1, changes={"/buyer_reference": "x"})
    for told in (decision, caught.value.decision):
        shown = f"{told.explain()}{told.why_not()}{told.row}"
        assert "31" not in shown
        assert "due_date: hidden" in shown


def test_lists_show_filter_and_order_by_what_is_seen(agency: Agency) -> None:
    mine = full(agency, owner="eve", custom={"project": "P1"})
    others = full(agency)
    eve = agency("eve", "guest").invoices
    rows = {row.id: row for row in eve.list()}
    assert (date(2026, 12, 31), None) == (rows[mine.id].due_date, rows[others.id].due_date)
    assert (None, "P7") == (rows[others.id]["custom.budget"], rows[others.id]["custom.project"])

    def ids(*conditions: Any, **said: Any) -> list[str]:
        found = eve.list(*conditions, **said)
        assert len(found) == found.count()
        return [row.id for row in found]

    assert [mine.id] == ids(Doc.due_date == date(2026, 12, 31))
    assert [mine.id] == ids(Doc.due_date.not_null())
    assert [others.id] == ids(Doc.due_date.is_null())
    assert [] == ids(~(Doc.due_date == date(2026, 12, 31)))
    assert [] == ids(Doc.custom["budget"] == "big")
    assert [others.id] == ids(Doc.custom["project"] == "P7")
    assert [others.id, mine.id] == ids(order="due_date")
    first = eve.list(order="due_date", limit=1)
    again = eve.list(order="due_date", limit=1, after=first.next)
    assert [others.id, mine.id] == [first[0].id, again[0].id]


def test_a_masked_field_is_shown_in_part_and_unknown_to_filters(anywhere: Storage) -> None:
    policy = Policy(*presets.agency().rules, mask("/buyer/name", last=3, to="accountant"))
    agency = Agency(anywhere, policy=policy)
    draft = agency.draft()
    books = agency("eve", "accountant").invoices
    (row,) = books.list()
    assert "••••SAS" == row["buyer.name"]
    assert 0 == books.list(Doc.buyer.name == "Acme SAS").count()
    assert "Acme" not in str(books.may("approve", draft.id).explain())


@pytest.mark.parametrize(
    ("veil", "why"),
    [
        (hide("/seller/name"), "every document has"),
        (hide("/lines/*/unit_price"), "totals"),
        (hide("/allowances"), "totals"),
        (hide("/terms"), "mentions"),
        (hide("/totals"), "every document has"),
        (hide("/mentions"), "computed"),
        (hide(Doc.settlement), "a fact"),
        (hide("/lines/*/id"), "ids"),
        (hide("/nowhere"), "no document has"),
        (hide("/custom/unknown"), "no document has"),
        (mask("margin", last=2), "plain text"),
        (mask(Doc.due_date, last=2), "plain text"),
        (mask(Doc.owner, last=2), "plain text"),
        (read_only("/nowhere"), "no document has"),
    ],
)
def test_what_cannot_be_covered_is_refused_when_the_policy_meets_the_billing(
    anywhere: Storage, veil: Any, why: str
) -> None:
    with pytest.raises(InvalidDefinition, match=why):
        Agency(anywhere, policy=Policy(*presets.agency().rules, veil))


def test_a_field_is_settable_where_it_is_as_the_document_was_and_as_it_will_be(
    agency: Agency,
) -> None:
    """Making it one's own in the same call does not open it, nor does giving it away."""
    eve = agency("eve", "guest").invoices
    others, own = full(agency), full(agency, owner="eve")
    for document, owner in ((others, "eve"), (own, "bob")):
        with pytest.raises(Denied) as caught:
            eve.edit(document.id, base=1, changes={"/owner": owner, "/due_date": "2027-02-02"})
        assert "/due_date" == caught.value.path
    saved = eve.edit(own.id, base=1, changes={"/due_date": "2027-02-02"}).document
    assert date(2027, 2, 2) == saved.due_date


def test_a_rule_on_fields_can_ask_who_made_the_document(anywhere: Storage) -> None:
    policy = Policy(
        *presets.agency().rules, hide("/buyer_reference", when=~Doc.authored_by(Me), name="makers")
    )
    agency = Agency(anywhere, policy=policy)
    draft = agency.draft(buyer_reference="PO-7")
    ann, bob = agency("ann").invoices, agency("bob").invoices
    assert ["PO-7", None] == [door.get(draft).buyer_reference for door in (ann, bob)]
    saved = bob.save(bob.get(draft).evolve(project="P7")).document
    assert "PO-7" == saved.buyer_reference  # bob is one of its makers now
    submitted = ann.submit(draft.id)
    assert None is agency("cat").invoices.approve(submitted.id).buyer_reference
    assert 3 == len([*ann.list(), *bob.list(), *agency("cat").invoices.list()])


def test_a_credit_note_does_not_show_what_is_hidden_on_its_invoice(anywhere: Storage) -> None:
    policy = Policy(
        *presets.agency().rules, hide("/buyer_reference", to="accountant", when=Doc.owner != Me.id)
    )
    agency = Agency(anywhere, policy=policy)
    for said in ({"buyer_reference": "PO-7"}, {}):
        issued = agency.standing("issued", **said)
        with pytest.raises(Denied) as caught:
            agency("eve", "accountant").invoices.credit(issued.id)
        assert "/buyer_reference" == caught.value.path


def test_a_check_of_what_was_handed_out_skips_what_is_covered(agency: Agency) -> None:
    draft = agency("eve", "guest").invoices.get(full(agency))
    rules = {found.path for found in check(draft, date(2026, 11, 30))}
    assert not [path for path in rules if path.startswith("/payment/transfers")]


def test_history_tells_nothing_of_what_is_covered(agency: Agency) -> None:
    draft = full(agency)
    agency("ann").invoices.edit(draft.id, base=1, changes={"/costs/a": "777", "/project": "P8"})
    told = agency("eve", "guest").invoices.history(draft.id)
    text = f"{told} {[event.changes for event in told]}"
    assert not any(secret in text for secret in ("777", "310", "big", IBAN, "2026-12-31"))
    assert "P8" in text


def test_the_nearest_permit_is_named_with_what_it_needs(anywhere: Storage) -> None:
    rules = [rule for rule in presets.agency().rules if rule.name != "manager-approve"]
    agency = Agency(anywhere, policy=Policy(*rules))
    submitted = agency.standing("submitted")
    told = agency("bob").invoices.may("approve", submitted.id).why_not()
    (obstacle,) = told.obstacles
    assert ("permit", "lead-approve") == (obstacle.effect, obstacle.name)
    assert frozenset({"lead"}) == obstacle.roles
    assert "one of the roles lead" in str(told)


def test_forbids_and_the_workflow_are_named_too(agency: Agency) -> None:
    draft = agency.draft()
    told = agency("ann").invoices.may("approve", draft.id).why_not()
    assert ["forbid", "workflow"] == [each.effect for each in told.obstacles]
    assert "authored_by" in str(told)
    assert "state" in str(told)
    assert not agency("ann").invoices.may("edit", draft.id).why_not()
