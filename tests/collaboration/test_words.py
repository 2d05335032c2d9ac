"""Texts merged word by word: nothing that either wrote is lost, whoever came first, or nothing is merged."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from multibill.collaboration.words import LIMIT, merge_words

TEXTS = st.lists(st.sampled_from(["a", "b", "c", "d", " ", "\n"]), max_size=12).map("".join)
SENTENCES = st.lists(st.sampled_from("abcdefgh"), max_size=8, unique=True).map(" ".join)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "expected"),
    [
        ("Work in May", "Work in June", "All work in May", "All work in June"),
        ("a b c", "a b c d", "z b c", "z b c d"),
        ("a b c", "a c", "a b d", "a d"),
        ("a b c", "x b c", "a y c", "x y c"),
        ("a b", "a  b", "a c", None),
        ("a b", "a x b", "a y b", None),
        ("a b", "a x b", "a x b", "a x b"),
        ("a b", "x", "y", None),
        ("a", "", "b", None),
        ("one\ntwo\n", "one\n2\n", "1\ntwo\n", "1\n2\n"),
    ],
)
def test_words_of_two(base: str, mine: str, theirs: str, expected: str | None) -> None:
    assert expected == merge_words(base, mine, theirs)


@given(TEXTS, TEXTS, TEXTS)
def test_it_does_not_matter_who_came_first(base: str, mine: str, theirs: str) -> None:
    assert merge_words(base, mine, theirs) == merge_words(base, theirs, mine)


@given(TEXTS, TEXTS)
def test_what_only_one_changed_is_that_ones(base: str, mine: str) -> None:
    assert mine == merge_words(base, mine, base) == merge_words(base, mine, mine)


@given(
    SENTENCES, st.lists(st.integers(0, 10), max_size=4), st.lists(st.integers(0, 10), max_size=4)
)
def test_every_new_word_of_either_is_there(base: str, ours: list[int], others: list[int]) -> None:
    mine = reworded(base, ours, "mine")
    theirs = reworded(base, others, "theirs")
    merged = merge_words(base, mine, theirs)
    if merged is None:
        assert set(places(base, ours)) & set(places(base, others))
    else:
        new = {word for word in [*mine.split(), *theirs.split()] if word[:4] in ("mine", "thei")}
        assert new <= set(merged.split())


def places(base: str, at: list[int]) -> list[int]:
    return [place % len(base.split()) for place in at] if base.split() else []


def reworded(base: str, at: list[int], name: str) -> str:
    words = base.split()
    for place in places(base, at):
        words[place] = f"{name}{place}"
    return " ".join(words)


def test_a_text_that_was_rewritten_is_nobodys_to_guess() -> None:
    long = " ".join("abc"[n % 3] for n in range(LIMIT + 2))
    assert merge_words(long, "x " + long[2:-2] + " y", long) is None
    assert long + " z" == merge_words(long, long + " z", long)
