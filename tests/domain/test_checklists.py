"""Checklists as files, and the answers to their items."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from researchdesk.domain.checklists import (
    Answer,
    Answered,
    Evidence,
    Found,
    Item,
    OwnAnswer,
    parse_answer,
    read_checklist,
)

GOOD = """
title = "Before it goes out"
source = "Ours"
[[items]]
id = "seeds"
question = "Enough seeds?"
why = "Luck"
answered_by = "seeds"
[[items]]
id = "kind"
question = "Is it kind?"
why = "People read it"
"""
ITEM = Item("seeds", "Enough seeds?", "Luck")
YES = Found(Answer.YES, (Evidence("5 seeds", "run:x"),))
NO = Found(Answer.NO, (), ("one seed",))
AT = datetime(2026, 1, 2, tzinfo=UTC)


def test_a_checklist_is_read_and_every_problem_is_named() -> None:
    found, problems = read_checklist("mine", GOOD, ["seeds"], own=True)
    assert found is not None
    assert (problems, found.own, [item.id for item in found.items]) == ((), True, ["seeds", "kind"])
    bad = GOOD.replace('"kind"', '"seeds"').replace('answered_by = "seeds"', 'answered_by = "sed"')
    found, problems = read_checklist("mine", bad.replace("source", "sauce"), ["seeds"])
    assert found is None
    said = "\n".join(map(str, problems))
    for part in ("did you mean 'source'", "did you mean 'seeds'", "stands twice", "line 10"):
        assert part in said, part


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from('[]="\n abidtle#{}.'), max_size=120))
def test_no_text_breaks_the_reader(text: str) -> None:
    found, problems = read_checklist("x", text, [])
    assert (found is None) == bool(problems)


def test_a_yes_without_evidence_is_none() -> None:
    for answer in (Answer.YES, Answer.PARTLY):
        with pytest.raises(ValueError, match="evidence"):
            Found(answer)


@pytest.mark.parametrize(
    ("own", "found", "against"),
    [
        (Answer.YES, NO, True),
        (Answer.NO, YES, True),
        (Answer.NOT_APPLICABLE, NO, True),
        (Answer.YES, YES, False),
        (Answer.UNKNOWN, YES, False),
        (Answer.YES, Found(Answer.UNKNOWN), False),
        (None, NO, False),
    ],
)
def test_a_persons_answer_stands_and_hides_nothing(
    own: Answer | None, found: Found, against: bool
) -> None:
    item = Answered(ITEM, found, OwnAnswer(own, "", AT))
    assert item.answer is (own or found.answer)
    assert item.contradicts is against


def test_answers_have_short_forms() -> None:
    words = {"y": "yes", "N/A": "not applicable", "Not known": "not known", "P": "partly"}
    assert {word: str(parse_answer(word)) for word in words} == words
    assert parse_answer("maybe") is None
