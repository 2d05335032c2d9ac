"""History, blame, differences and old versions: told in five languages, and nothing that the reader may not see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import attrs
import pytest

from multibill import presets
from multibill.documents import Document, Line, Terms
from multibill.errors import InvalidValue, NotFound, PreflightFailed
from multibill.history import Change, apply, diff
from multibill.i18n import LANGUAGES
from multibill.model import Masked
from multibill.permissions import Policy, hide, mask
from multibill.records import Custom
from multibill.testing import acme
from multibill.workspace import History
from tests.office import HOSTING, LOGO, Office

Opened = Callable[..., Office]
HOST = {"name": "Hosting", "quantity": "1", "unit": "C62", "unit_price": "90", "vat": "20"}
EVIL = "<script>alert(1)</script>\n30 Nov 2026, 12:00 UTC bob: approved"


def edit(office: Office, draft: Any, changes: dict[str, Any], who: str = "ann", **said: Any) -> Any:
    door = office.as_(who, "manager").invoices
    version = door.get(draft.id).version
    office.clock.advance(hours=1)
    return door.edit(draft.id, base=version, changes=changes, **said).document


def veiled(open_office: Opened, *veils: Any) -> Office:
    """An office whose interns see less."""
    told = [attrs.evolve(veil, to={"intern"}) for veil in veils]
    return open_office(policy=Policy(*presets.agency().rules, *told))


def intern(office: Office, draft: Any) -> History[Any]:
    found: History[Any] = office.as_("ann", "manager", "intern").invoices.history(draft.id)
    return found


@pytest.fixture
def worked(office: Office) -> tuple[Office, list[Any]]:
    """A draft with five edits; every version as it was handed out."""
    seen = [office.draft(lines=[LOGO, HOSTING])]
    for changes in (
        {"/lines/a/quantity": "1000.50", "/due_date": "2026-12-31"},
        {"/lines/c": HOST, "/tags/urgent": True},
        {"/lines/c/quantity": "5", "/lines/a/name": "Brand"},
        {"/lines/b": None, "/tags/urgent": None, "/terms": {"end_of_month": True}},
        {"/lines/c/after": None, "/lines/a/unit_price": "99.90"},
    ):
        seen.append(edit(office, seen[0], changes))
    return office, seen


def test_every_version_comes_back_as_it_was_handed_out(worked: tuple[Office, list[Any]]) -> None:
    office, seen = worked
    history = office.ann.invoices.history(seen[0])
    assert seen == [history.at(version=n) for n in range(1, 7)]
    assert seen[-1] == office.ann.invoices.get(seen[0].id) == history.at(version=6)


def test_a_moment_means_the_version_that_stood_then(worked: tuple[Office, list[Any]]) -> None:
    office, seen = worked
    history = office.ann.invoices.history(seen[0])
    made = [event.at for event in history]
    for n, moment in enumerate(made):
        assert seen[n] == history.at(moment) == history.at(moment + timedelta(minutes=59))
        if n:
            assert seen[n - 1] == history.at(moment - timedelta(microseconds=1))
    assert seen[-1] == history.at(datetime(2030, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("version", [0, 7, -1, True, "1", 1.0])
def test_a_version_that_never_was_is_refused_with_those_that_were(
    worked: tuple[Office, list[Any]], version: Any
) -> None:
    office, seen = worked
    history = office.ann.invoices.history(seen[0])
    for call in (lambda: history.at(version=version), lambda: history.diff(1, version)):
        with pytest.raises(InvalidValue, match="they run from 1 to 6") as caught:
            call()
        assert "/version" == caught.value.path


def test_a_moment_needs_a_time_zone_and_something_that_stood(
    worked: tuple[Office, list[Any]],
) -> None:
    office, seen = worked
    history = office.ann.invoices.history(seen[0])
    with pytest.raises(InvalidValue, match="time zone"):
        history.at(datetime(2026, 12, 1))  # noqa: DTZ001 - what is refused
    with pytest.raises(InvalidValue, match="did not exist yet"):
        history.at(datetime(2026, 1, 1, tzinfo=UTC))
    wrong: list[dict[str, Any]] = [{}, {"moment": datetime(2026, 12, 1, tzinfo=UTC), "version": 1}]
    for said in wrong:
        with pytest.raises(InvalidValue, match="a version or a moment"):
            history.at(**said)


def test_an_old_version_has_the_state_and_the_settlement_of_its_time(office: Office) -> None:
    draft = office.draft()
    submitted = office.ann.invoices.submit(draft)
    office.clock.advance(hours=1)
    approved = office.bob.invoices.approve(submitted)
    office.clock.advance(hours=1)
    issued = office.bob.invoices.issue(approved)
    office.clock.advance(hours=1)
    office.bob.payments.record("acme", "100", on="2026-11-30", settles=[issued])
    tagged = edit(office, issued, {"/tags/x": True})
    history = office.ann.invoices.history(draft)
    moments = [event.at for event in history]
    assert draft == history.at(version=1)
    assert submitted == history.at(moments[1])
    assert approved == history.at(version=2) == history.at(moments[2])
    assert issued == history.at(moments[3])
    paid = history.at(version=3)
    assert ("part-paid", issued.totals) == (paid.settlement, paid.totals)
    assert tagged == history.at(version=4) == office.ann.invoices.get(draft.id)
    assert tagged.due == paid.due


def test_an_approval_that_was_stale_then_is_stale_in_its_old_version(office: Office) -> None:
    approved = office.approved()
    stale = edit(office, approved, {"/lines/a/quantity": "9"})
    edit(office, approved, {"/lines/a/quantity": "2"}, who="cat")
    history = office.ann.invoices.history(approved)
    states = ["draft", "approved", "submitted", "approved"]
    assert states == [history.at(version=n).state for n in range(1, 5)]
    assert stale == history.at(version=3)


def test_an_approval_by_somebody_who_became_an_author_counts_in_no_version_since(
    office: Office,
) -> None:
    approved = office.approved()
    edit(office, approved, {"/lines/a/quantity": "9"}, who="bob")
    same = edit(office, approved, {"/lines/a/quantity": "2"}, who="cat")
    history = office.ann.invoices.history(approved)
    states = ["draft", "approved", "submitted", "submitted"]
    assert states == [history.at(version=n).state for n in range(1, 5)]
    assert same == history.at(version=4)


def test_a_draft_has_the_mentions_of_the_day_it_was_written(office: Office) -> None:
    """The articles on late payment were renumbered on 2019-04-26."""
    office.clock.advance(days=-2781)
    draft = office.draft()
    assert {m.law for m in draft.mentions if "L441-6" in m.law}
    office.clock.advance(days=60)
    assert draft.mentions != office.ann.invoices.get(draft.id).mentions
    assert draft == office.ann.invoices.history(draft).at(version=1)


def test_differences_are_those_of_the_two_states(worked: tuple[Office, list[Any]]) -> None:
    office, seen = worked
    history = office.ann.invoices.history(seen[0])
    kind = office.ann.invoices._kind
    bodies = [kind.body(document) for document in seen]
    for a in range(1, 7):
        for b in range(1, 7):
            found = [
                c for c in history.diff(a, b) if c.path.split("/")[1] not in {"phase", "state"}
            ]
            assert list(diff(bodies[a - 1], bodies[b - 1], kind.collections)) == found
            assert bodies[b - 1] == apply(bodies[a - 1], found)
    assert history.diff(2, 6) == history.diff(2)
    assert history.diff(1, 3) == history.diff(*[e.at for e in history][:3:2])
    assert 0 == len(history.diff(3, 3))


def test_differences_read_as_text_and_as_rows(worked: tuple[Office, list[Any]]) -> None:
    office, seen = worked
    net = office.ann.invoices.history(seen[0]).diff(2, 5)
    assert [
        "line 'Brand': item 'Logo' -> 'Brand'",
        "line 'Hosting': removed",
        "line 'Hosting': added",
        "payment terms: end of month no -> yes",
    ] == str(net).splitlines()
    assert "ligne 'Brand' : article 'Logo' -> 'Brand'" == net.as_text("fr").splitlines()[0]
    assert {"path": "/lines/a/name", "before": "Logo", "after": "Brand"} == net.to_dicts()[0]
    assert Change("/lines/a/name", "Logo", "Brand") == net[0] == net.changes[0]
    assert "<td>line &#x27;Hosting&#x27;: removed</td>" in net._repr_html_()


def test_blame_names_who_set_each_path_last(office: Office) -> None:
    draft = office.draft()
    edit(office, draft, {"/lines/b": HOST}, who="bob", reason="agreed")
    office.as_("cat", "manager", on_behalf_of="dan").invoices.edit(
        draft.id, base=2, changes={"/lines/b/quantity": "3"}
    )
    history = office.ann.invoices.history(draft)
    blame = history.blame()
    by = {origin.path: (origin.version, origin.actor, origin.on_behalf_of) for origin in blame}
    assert (1, "ann", None) == by["/lines/a/quantity"] == by["/buyer/name"]
    assert (2, "bob", None) == by["/lines/b/unit_price"] == by["/lines/b/order"]
    assert (3, "cat", "dan") == by["/lines/b/quantity"]
    [one] = history.blame("/lines/b/quantity")
    assert ("3", 3, "edit") == (one.value, one.version, one.action)
    [price] = history.blame("/lines/b/unit_price")
    assert ("agreed", history.events[1].at) == (price.reason, price.at)
    below = history.blame("/lines/b")
    assert {p for p in by if p.startswith("/lines/b/")} == {origin.path for origin in below}
    assert one == below.last
    assert not history.blame("/lines/gone")
    assert not [path for path in by if path.startswith(("/totals", "/mentions", "/since"))]


def test_blame_reads_as_text_and_as_rows(office: Office) -> None:
    draft = office.draft()
    edit(office, draft, {"/lines/a/quantity": "4"}, reason="agreed")
    blame = office.ann.invoices.history(draft).blame("/lines/a/quantity")
    assert (
        "line 'Logo': quantity  4  ann  edited (agreed)  version 2  30 Nov 2026, 13:00 UTC"
        == str(blame)
    )
    assert "Menge" in blame.as_text("de")
    [row] = blame.to_dicts()
    assert ("/lines/a/quantity", "4", "ann", 2) == (
        row["path"],
        row["value"],
        row["actor"],
        row["version"],
    )


def test_blame_finds_the_undo_that_brought_a_value_back(office: Office) -> None:
    draft = office.draft()
    edit(office, draft, {"/lines/a/quantity": "4"}, who="bob")
    office.bob.invoices.undo(draft.id)
    [origin] = office.ann.invoices.history(draft).blame("/lines/a/quantity")
    assert ("undo", "bob", 3) == (origin.action, origin.actor, origin.version)


FRENCH = """\
30 nov. 2026, 12:00 UTC ann : brouillon créé
30 nov. 2026, 13:00 UTC ann : modifié
    échéance rien -> 31 décembre 2026
    ligne 'Logo' : quantité 2 -> 1\u202f000,5
30 nov. 2026, 14:00 UTC ann : modifié
    ligne 'Hosting' : ajout
    étiquette 'urgent' : ajout
30 nov. 2026, 15:00 UTC ann : modifié
    ligne 'Logo' : article 'Logo' -> 'Brand'
    ligne 'Hosting' : quantité 1 -> 5
30 nov. 2026, 16:00 UTC ann : modifié
    ligne 'Hosting' : suppression
    étiquette 'urgent' : suppression
    conditions de paiement : fin de mois non -> oui
30 nov. 2026, 17:00 UTC ann : modifié
    ligne 'Brand' : prix unitaire 450 -> 99,9
    ligne 'Hosting' : déplacement
30 nov. 2026, 17:00 UTC ann : annulé : version 6
    ligne 'Brand' : prix unitaire 99,9 -> 450
    ligne 'Hosting' : déplacement"""


def test_a_history_reads_in_the_readers_language(worked: tuple[Office, list[Any]]) -> None:
    office, seen = worked
    office.ann.invoices.undo(seen[0].id)
    history = office.ann.invoices.history(seen[0])
    assert FRENCH.splitlines() == history.as_text("fr").splitlines()
    texts = {history.as_text(language) for language in LANGUAGES}
    assert len(LANGUAGES) == len(texts)
    assert str(history) == history.as_text("en")
    with pytest.raises(InvalidValue, match="not a language"):
        history.as_text("tlh")


class Cells(HTMLParser):
    """The tags and the text of a page, as a browser reads them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attributes: Any) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_what_people_wrote_forges_neither_a_line_nor_a_tag(office: Office) -> None:
    draft = office.draft(lines=[LOGO.evolve(name="<b>")])
    note = {"text": EVIL}
    edit(office, draft, {"/notes/n": note, "/buyer_reference": "a<i>\u202eb"}, reason=EVIL)
    history = office.ann.invoices.history(draft)
    for found in (history, history.blame(), history.diff(1, 2)):
        page = Cells()
        page.feed(found._repr_html_())
        assert {"table", "tr", "td", "br"} >= page.tags
        assert "<script>" in page.text
        assert "\u202e" not in str(found)
    assert not [
        line for line in str(history).splitlines() if "bob" in line and EVIL[:8] not in line
    ]
    assert 4 == len(str(history).splitlines())


def test_what_was_kept_beside_a_document_says_what_stands_and_what_was_wanted(
    office: Office,
) -> None:
    [first] = office.ann.invoices.history(office.draft())
    kept = {"path": "/lines/a/quantity", "mine": "4", "theirs": "3"}
    change = Change("", None, {"changes": {"1": kept}})
    entry = attrs.evolve(first._entry, kind="conflict", action="keep", changes=(change,))
    event = attrs.evolve(first, entry=entry, changes=(change,))
    assert ["line 'Logo': quantity 3 stands, not 4"] == event.lines()
    assert ["Position 'Logo': Menge: 3 gilt, nicht 4"] == event.lines("de")


def test_rows_are_one_for_each_change(office: Office) -> None:
    draft = office.draft()
    edit(office, draft, {"/lines/a/quantity": "4", "/owner": "zoe"}, reason="agreed")
    office.ann.invoices.submit(draft.id)
    rows = office.ann.invoices.history(draft).to_dicts()
    edits = [row for row in rows if row["action"] == "edit"]
    assert [("/lines/a/quantity", "2", "4"), ("/owner", "ann", "zoe")] == [
        (row["path"], row["before"], row["after"]) for row in edits
    ]
    assert {tuple(row) for row in rows} == {tuple(rows[0])}
    assert "agreed" == edits[0]["reason"]


def test_a_path_shows_what_happened_there_and_nothing_else(office: Office) -> None:
    draft = office.draft(lines=[LOGO, HOSTING])
    edit(office, draft, {"/lines/a/quantity": "4", "/owner": "zoe"})
    edit(office, draft, {"/owner": "ann"})
    edit(office, draft, {"/lines/a": None})
    office.ann.invoices.submit(draft.id)
    history = office.ann.invoices.history(draft, path="/lines/a/quantity")
    assert [(None, "2"), ("2", "4"), ("4", None)] == [
        (c.before, c.after) for event in history for c in event.changes
    ]
    assert history == office.ann.invoices.history(draft).path("/lines/a/quantity")
    assert [1, 3, 4] == [n for n, e in enumerate(history.path("/lines"), 1)] or 3 == len(
        history.path("/lines/a")
    )
    assert 2 == history.at(version=1).lines[0].quantity


@pytest.mark.parametrize("path", ["lines", "/nothing", "/lines/a/nope", "/custom/unknown", 7])
def test_a_path_that_cannot_be_is_refused(office: Office, path: Any) -> None:
    history = office.ann.invoices.history(office.draft())
    for call in (history.path, history.blame):
        with pytest.raises(InvalidValue):
            call(path)


def test_custom_fields_are_told_by_their_name_and_type(open_office: Opened) -> None:
    office = open_office(
        fields=[Custom("project", str, kind="invoice"), Custom("rush", bool, kind="invoice")]
    )
    draft = office.draft()
    edit(office, draft, {"/custom/project": "P7", "/custom/rush": True})
    history = office.ann.invoices.history(draft)
    assert ["project nothing -> 'P7'", "rush nothing -> yes"] == history.events[-1].lines()
    assert ["P7"] == [origin.value for origin in history.blame("/custom/project")]
    assert {"project": "P7", "rush": True} == history.at(version=2).custom


def test_a_register_has_a_past_too(office: Office) -> None:
    first = office.ann.customers.get("acme")
    office.ann.customers.save(acme(language="en"), reason="moved")
    history = office.ann.customers.history("acme")
    assert ["language nothing -> 'en'"] == history.events[-1].lines()
    assert first == history.at(version=1)
    assert [("/language", None, "en")] == [(c.path, c.before, c.after) for c in history.diff(1, 2)]
    [origin] = history.blame("/language")
    assert ("ann", "moved") == (origin.actor, origin.reason)


HIDDEN = "/buyer_reference"


def test_a_change_of_nothing_but_hidden_fields_is_a_change_without_paths(
    open_office: Opened,
) -> None:
    office = veiled(open_office, hide(HIDDEN))
    draft = office.draft()
    edit(office, draft, {HIDDEN: "SECRET 1"}, who="bob")
    edit(office, draft, {HIDDEN: "SECRET 2", "/owner": "zoe"}, who="bob")
    history = intern(office, draft)
    blank = history.events[1]
    assert ("bob", "edit", 2, ()) == (blank.actor, blank.action, blank.version, blank.changes)
    assert "30 Nov 2026, 13:00 UTC bob: edited" == str(blank)
    assert ["/owner"] == [c.path for c in history.events[2].changes]
    told = [
        str(history),
        history.as_html(),
        history.to_dicts(),
        history.blame(),
        history.diff(1, 3),
    ]
    told += [history.at(version=n) for n in (1, 2, 3)]
    told += [history.path(HIDDEN).events, history.blame(HIDDEN)]
    assert "SECRET" not in repr(told) + "".join(map(str, told))
    assert HIDDEN not in repr(told[:5])
    assert 0 == len(history.path(HIDDEN)) == len(history.blame(HIDDEN))
    assert "SECRET 2" in str(office.ann.invoices.history(draft))


def test_two_pasts_that_differ_only_in_what_is_hidden_look_the_same(open_office: Opened) -> None:
    seen = []
    for secret in ("one", "two"):
        office = veiled(open_office, hide(HIDDEN), hide("/lines/*/note"), mask("/project", last=2))
        draft = office.draft(lines=[LOGO.evolve(note=secret)])
        edit(office, draft, {HIDDEN: secret, "/project": f"{secret} 12"})
        edit(office, draft, {"/lines/b": {**HOST, "note": secret}}, who="bob")
        edit(office, draft, {"/lines/b/note": f"{secret}!"}, who="cat")
        history = intern(office, draft)
        rows = [{**row, "position": 0} for row in history.to_dicts()]
        net = history.diff(1, 4).to_dicts()
        blame = [{**row, "position": 0} for row in history.blame().to_dicts()]
        seen.append([str(history), rows, net, blame, history.at(version=4).totals])
    assert str(seen[0]) == str(seen[1])


def test_a_masked_value_shows_its_end(open_office: Opened) -> None:
    office = veiled(open_office, mask("/project", last=2))
    draft = office.draft()
    edit(office, draft, {"/project": "PROJECT 42"})
    history = intern(office, draft)
    assert ["project nothing -> '••••42'"] == history.events[-1].lines()
    assert "PROJECT" not in str(history.blame()) + str(history.diff(1, 2))
    seen = history.at(version=2)
    assert (Masked("••••42"), {"/project"}) == (seen.project, seen.hidden)


def test_a_change_under_a_mask_is_nobodys_as_long_as_its_end_stays(open_office: Opened) -> None:
    office = veiled(open_office, mask("/project", last=2))
    draft = office.draft()
    edit(office, draft, {"/project": "ONE 42"})
    edit(office, draft, {"/project": "TWO 42"}, who="bob")
    history = intern(office, draft)
    assert () == history.events[-1].changes == history.diff(2, 3).changes
    assert "ann" == history.blame("/project")[0].actor
    assert "bob" == office.ann.invoices.history(draft).blame("/project")[0].actor


def test_a_hidden_name_names_no_item(open_office: Opened) -> None:
    office = veiled(open_office, hide("/allowances/*/reason"))
    draft = office.draft()
    edit(office, draft, {"/allowances/x": {"reason": "SECRET", "amount": "1", "vat": "20"}})
    history = intern(office, draft)
    assert ["discount 'x': added"] == history.events[-1].lines()
    assert "discount 'x': amount" in str(history.blame("/allowances"))
    assert "SECRET" not in str(history.blame())
    assert ["discount 'SECRET': added"] == office.ann.invoices.history(draft).events[-1].lines()


def test_a_refusal_names_no_hidden_path(open_office: Opened) -> None:
    office = veiled(open_office, hide("/due_date"))
    broken = office.approved(terms=Terms(days=90))
    with pytest.raises(PreflightFailed):
        office.bob.invoices.issue(broken)
    assert "FR-TERMS /due_date" in office.ann.invoices.history(broken).events[-1].lines()
    event = intern(office, broken).events[-1]
    assert "refuse-issue" == event.action
    assert "/due_date" not in str(event) + repr(event.changes)


def test_digests_of_what_is_hidden_are_not_told(open_office: Opened) -> None:
    """Whoever knows all but a short value could find it by trying."""
    office = veiled(open_office, hide(HIDDEN))
    issued = office.issued()
    office.bob.invoices.pdf(issued)
    office.bob.payments.record("acme", "100", on="2026-11-30", settles=[issued])
    events = {event.action: event for event in intern(office, issued)}
    assert () == events["approve"].changes == events["render"].changes
    assert events["settle"].changes
    assert {e.action for e in office.ann.invoices.history(issued)} == set(events)


def test_who_may_not_read_the_document_reads_no_history(office: Office) -> None:
    draft = office.draft()
    for id in (draft.id, "nothing"):
        with pytest.raises(NotFound):
            office.as_("eve").invoices.history(id)


def test_nothing_is_built_before_it_is_asked_for(office: Office) -> None:
    history = office.ann.invoices.history(office.draft())
    assert "events" not in vars(history)
    assert repr(history).startswith("<History of invoice ")


def test_old_versions_have_the_class_of_their_kind(office: Office) -> None:
    quote = office.ann.quotes.draft(seller="studio", buyer="acme", lines=[LOGO])
    old = office.ann.quotes.history(quote).at(version=1)
    assert isinstance(old, Document)
    assert quote == old
    assert isinstance(old.lines[0], Line)


def test_a_version_is_named_as_one(worked: tuple[Office, list[Any]]) -> None:
    office, seen = worked
    past: Any = office.ann.invoices.history(seen[0].id)
    for wrong in (1, "2026-11-24"):
        with pytest.raises(InvalidValue, match="at\\(version=25\\)"):
            past.at(wrong)
