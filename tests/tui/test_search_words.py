"""The grammar of a search, taught while one types."""

import pytest

from researchdesk.domain.search_query import parse_query
from researchdesk.tui.search_words import CHOICES, Names, endings, said

NAMES = Names(tags=("vision", "to discuss"), collections=("thesis",), lists=("mine",))


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("auth", "author:"),
        ("attention -ye", "attention -year:"),
        ("tag:", "tag:vision"),
        ("tag:VI", "tag:vision"),
        ("tag:to", 'tag:"to discuss"'),
        ('x tag:"to', 'x tag:"to discuss"'),
        ("in:th", "in:thesis"),
        ("list:", "list:mine"),
        ("is:d", "is:due"),
        ("sort:y", "sort:year"),
    ],
)
def test_the_last_word_is_completed(typed, first):
    assert endings(typed, NAMES)[0] == first


@pytest.mark.parametrize("typed", ["", "a", "attention ", "tag:vision", "zzz", "tag:nothing"])
def test_nothing_is_offered_where_nothing_fits(typed):
    assert endings(typed, NAMES) == ()


@pytest.mark.parametrize(
    "text", [f"{field}:{value}" for field, values in CHOICES.items() for value in values]
)
def test_every_choice_that_is_offered_is_understood(text):
    field, _, value = text.partition(":")
    assert parse_query(f'{field}:"{value}"').problems == ()


def test_what_fits_stands_before_what_was_not_understood_and_the_grammar_last():
    assert "tag:vision" in said("tag:", NAMES, ["tag: waits for a tag."], 80).plain
    assert "waits for a year" in said("year:x", NAMES, ["year: waits for a year."], 80).plain
    assert "author:" in said("", NAMES, [], 80).plain


@pytest.mark.parametrize("width", [20, 78, 198])
def test_the_line_is_never_longer_than_there_is_room(width):
    assert len(said("", NAMES, [], width).plain) <= width
    assert len(said("t", NAMES, [], width).plain) <= width
