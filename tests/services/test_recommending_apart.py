"""Recommending in a process of its own gives what it gives here."""

import asyncio

import pytest
from support.topics import TOPICS, file_topic, liked

from researchdesk.domain.recommending import Basis, Method, Recommended, Suggestion, Word
from researchdesk.errors import DeskError
from researchdesk.services import recommending
from researchdesk.services.desk import Desk
from researchdesk.services.recommending_apart import Question, ask, decoded, encoded, score_new

VISION, LANGUAGE, GRAPHS = TOPICS


def test_an_answer_survives_the_way() -> None:
    item = Suggestion("a", "t", ("A B",), 2020, 0.5, (Word("x", 0.1),), (Word("y", -0.1),), 3)
    found = Recommended((item,), Basis(Method.SVM, 1, 2, 3), "", "tag", 4)
    assert decoded(encoded(found)) == found
    nothing = Recommended((), None, "why")
    assert decoded(encoded(nothing)) == nothing


async def test_the_answer_is_the_same_with_progress_and_failures(desk: Desk) -> None:
    papers = file_topic(desk, VISION, 4) + file_topic(desk, GRAPHS, 4)
    liked(desk, papers[0])
    said: list[str] = []
    found = await ask(desk, Question(limit=5), said.append)
    assert found == recommending.recommend(desk, limit=5)
    assert any("8 papers" in words for words in said)
    every = await ask(desk, Question(limit=9, everything=True), said.append)
    assert (found.left_out, every.left_out, len(every.suggestions)) == (1, 0, 8)
    alike = await ask(desk, Question(like=papers[1].id, limit=3), said.append)
    assert alike == recommending.similar(desk, papers[1].id, limit=3)
    with pytest.raises(DeskError, match="has the tag 'rnn'"):
        await ask(desk, Question(tag="rnn"), said.append)


def test_new_texts_are_scored_as_here(desk: Desk) -> None:
    texts = [("Image scenes", ("Ann Vision",), "pixel camera"), ("Graph nodes", (), "spectral")]
    assert score_new(desk, texts) is None
    liked(desk, *file_topic(desk, VISION, 4)[:2])
    file_topic(desk, GRAPHS, 4)
    scored = score_new(desk, texts, explained=1)
    assert scored is not None
    assert list(scored.scores) == recommending.rank_new(desk, texts)
    assert [scored.words[0]] == recommending.explain_new(desk, texts[:1])
    assert scored.words.keys() == {0}


async def test_who_no_longer_waits_leaves_no_process(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    begin = asyncio.create_subprocess_exec

    async def kept(*args, **options):
        made.append(await begin(*args, **options))
        return made[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", kept)
    task = asyncio.create_task(ask(desk, Question(), lambda _: None))
    while not made:
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert made[0].returncode is not None
