"""The audit after a storm sees what a storm must not do: each kind of damage, made by hand, is reported."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import attrs
import pytest

from tests.chaos.agency import VERBS, Office, founded, opened, url_of
from tests.chaos.books import File, audited, resolve
from tests.chaos.notes import ANSWER, INTENT, Ledger, Notebook
from tests.chaos.points import Witness
from tests.chaos.writers import Invoice, carry_on, unfinished


@attrs.define
class Books:
    """A finished storm without any kill: the file, what was noted, where the journal stood at first."""

    path: Path
    founded: int
    ledger: Ledger

    def problems(self) -> list[str]:
        """What the audit says."""
        office = Office(opened(url_of(self.path)))
        found = audited(office, File(self.path), self.ledger, self.founded)
        office.close()
        return found

    def spoil(self, *statements: str) -> None:
        """Change the file around the library."""
        with closing(sqlite3.connect(self.path)) as connection, connection:
            for statement in statements:
                assert connection.execute(statement).rowcount != 0


def lived(office: Office, folder: Path, name: str, *verbs: str) -> None:
    notebook = Notebook(folder / f"{name}.notes")
    carry_on(office, notebook, Witness(bytearray(2), 0, None), Invoice(name, "", verbs))


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    folder = tmp_path_factory.mktemp("finished")
    path = folder / "agency.db"
    founded(url_of(path))
    position = File(path).position()
    office = Office(opened(url_of(path)))
    *unprinted, _ = VERBS
    for name, verbs in {"a": unprinted, "b": unprinted, "c": VERBS}.items():
        lived(office, folder, name, *verbs)
    office.close()
    return folder, position


@pytest.fixture
def books(finished: tuple[Path, int], tmp_path: Path) -> Books:
    folder, position = finished
    path = Path(shutil.copy(folder / "agency.db", tmp_path))
    return Books(path, position, Ledger(folder.glob("*.notes")))


def test_books_of_a_quiet_day_are_in_order(books: Books) -> None:
    assert [] == books.problems()


DAMAGE = {
    "a gap": (
        "numbers: missing",
        "UPDATE multibill_document SET number = 'F2026-00009' WHERE number = 'F2026-00003'",
    ),
    "a duplicate": (
        "doubled ['F2026-00001']",
        "DROP INDEX multibill_ux_document_number",
        "UPDATE multibill_document SET number = 'F2026-00001' WHERE number = 'F2026-00003'",
    ),
    "a document that nobody asked for": (
        "4 documents are stored",
        "CREATE TEMP TABLE copy AS SELECT * FROM multibill_document LIMIT 1",
        "UPDATE copy SET id = 'other', number = NULL",
        "INSERT INTO multibill_document SELECT * FROM copy",
    ),
    "a lost document": (
        "its draft is lost",
        "DELETE FROM multibill_document WHERE number = 'F2026-00003'",
    ),
    "an invoice without its mentions": (
        "was issued half-written",
        "UPDATE multibill_document SET content = json_remove(content, '$.mentions')",
    ),
    "a lost entry": (
        "entries for",
        "DELETE FROM multibill_changeset WHERE request_id = 'c:issue'",
    ),
    "an entry under another request": (
        "stands 0 times",
        "UPDATE multibill_changeset SET request_id = 'other' WHERE request_id = 'c:issue'",
    ),
    "another state": (
        "c is approved after issue",
        "UPDATE multibill_document SET state = 'approved' WHERE number = 'F2026-00003'",
    ),
    "a torn rendering": (
        "archived bytes",
        "UPDATE multibill_blob SET data = substr(data, 1, 100)",
    ),
    "a head that ran ahead": (
        "positions end at",
        "UPDATE multibill_head SET position = position + 1",
    ),
    "a counter that ran ahead": (
        "counter",
        "UPDATE multibill_counter SET next = next + 1",
    ),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_in_the_file_is_reported(kind: str, books: Books) -> None:
    said, *statements = DAMAGE[kind]
    books.spoil(*statements)
    assert any(said in problem for problem in books.problems()), books.problems()


def lose_a_draft(ledger: Ledger) -> None:
    del ledger.answers["draft", "c"]


def tell_another_number(ledger: Ledger) -> None:
    ledger.answers["issue", "c"] = {"F2026-00001"}


def tell_two_numbers(ledger: Ledger) -> None:
    ledger.answers["issue", "c"].add("F2026-00009")


def ask_for_more(ledger: Ledger) -> None:
    ledger.asked["draft", "d"] = ""


def draft_other_lines(ledger: Ledger) -> None:
    ledger.answers["draft", "a"] = ledger.answers["draft", "b"]


TOLD: dict[str, Callable[[Ledger], None]] = {
    "its draft is lost": lose_a_draft,
    "was told F2026-00001, it bears F2026-00003": tell_another_number,
    "was answered in two ways": tell_two_numbers,
    "entries for": ask_for_more,
    "has other lines than were drafted": draft_other_lines,
}


@pytest.mark.parametrize("said", TOLD)
def test_an_answer_that_the_file_does_not_bear_out_is_reported(said: str, books: Books) -> None:
    TOLD[said](books.ledger)
    assert any(said in problem for problem in books.problems()), books.problems()


@pytest.mark.parametrize("verb", VERBS)
def test_a_call_in_doubt_is_answered_from_what_stands(verb: str, books: Books) -> None:
    told = books.ledger.answers.pop((verb, "c"))
    office = Office(opened(url_of(books.path)))
    done = resolve(office, File(books.path), books.ledger)
    office.close()
    assert (1, 0, []) == (done.stood, done.made, done.problems)
    assert told == books.ledger.answers[verb, "c"]
    assert [] == books.problems()


def test_a_call_that_left_nothing_is_carried_out_once(books: Books, tmp_path: Path) -> None:
    office = Office(opened(url_of(books.path)))
    lived(office, tmp_path, "d", "draft", "submit")
    Notebook(tmp_path / "d.notes").write(INTENT, "approve", "d", unfinished_id(tmp_path))
    books.ledger.asked |= (added := Ledger([tmp_path / "d.notes"])).asked
    books.ledger.answers |= added.answers
    done = resolve(office, File(books.path), books.ledger)
    office.close()
    assert (0, 1, []) == (done.stood, done.made, done.problems)
    assert [] == books.problems()


def unfinished_id(folder: Path) -> str:
    left = unfinished(folder / "d.notes")
    assert left is not None
    return left.id


def test_a_torn_last_line_was_never_written(tmp_path: Path) -> None:
    path = tmp_path / "torn.notes"
    notebook = Notebook(path)
    notebook.write(INTENT, "draft", "a", "")
    with path.open("a") as file:
        file.write('["answer", "draft", "a"')
    assert [("draft", "a")] == Ledger([path]).doubtful


def test_a_successor_asks_for_what_was_in_doubt_and_carries_on(tmp_path: Path) -> None:
    path = tmp_path / "dead.notes"
    notebook = Notebook(path)
    assert unfinished_of(notebook, path) is None
    assert Invoice("a", "", ("draft", "submit", "approve", "issue")) == unfinished_of(
        notebook, path, (INTENT, "draft", "")
    )
    assert Invoice("a", "i", ("submit", "approve", "issue")) == unfinished_of(
        notebook, path, (ANSWER, "draft", "i")
    )
    assert Invoice("a", "i", ("issue",)) == unfinished_of(notebook, path, (INTENT, "issue", "i"))
    assert unfinished_of(notebook, path, (ANSWER, "issue", "F2026-00001")) is None
    assert Invoice("a", "i", ("archive",)) == unfinished_of(
        notebook, path, (INTENT, "archive", "i")
    )


def unfinished_of(notebook: Notebook, path: Path, *notes: tuple[str, str, str]) -> Invoice | None:
    for said, verb, fact in notes:
        notebook.write(said, verb, "a", fact)
    return unfinished(path)
