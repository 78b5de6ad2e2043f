"""Recommending on small and odd desks: nothing breaks, and what is said is honest."""

import pytest
from support.topics import TOPICS, dropped, file_topic, liked, tagged, words_of

from researchdesk.domain.papers import Metadata
from researchdesk.domain.recommending import Method
from researchdesk.services import recommending
from researchdesk.services.desk import Desk
from researchdesk.services.library import file_metadata

VISION, LANGUAGE, GRAPHS = TOPICS
TEXT = ("Image detection", ("Ann Vision",), "pixel camera scene")


def test_an_empty_desk_has_nothing_to_go_on(desk: Desk) -> None:
    found = recommending.recommend(desk)
    assert found.suggestions == ()
    assert found.why_none == recommending.NOTHING_YET
    assert recommending.rank_new(desk, [TEXT]) is None
    assert not (desk.settings.cache / "recommending").exists()


def test_papers_alone_say_nothing(desk: Desk) -> None:
    file_topic(desk, VISION, 5)
    assert recommending.recommend(desk).why_none == recommending.NOTHING_YET


def test_answers_to_the_feed_on_an_empty_desk(desk: Desk) -> None:
    entry = {"arxiv_id": "2512.00001", "title": "Image scenes", "state": "kept"}
    with desk.database.writing() as db:
        db.table("feed_entries").insert({**entry, "seen_at": "2025-12-02T00:00:00Z"})
    assert recommending.recommend(desk).why_none == recommending.NOTHING_YET
    assert recommending.rank_new(desk, [TEXT]) is None


@pytest.mark.parametrize("count", [1, 2, 5, 49])
def test_one_liked_paper_is_enough(desk: Desk, count: int) -> None:
    liked(desk, *file_topic(desk, VISION, 1))
    for at in range(count - 1):
        file_topic(desk, (VISION, GRAPHS)[at % 2], 1, first=2 + at)
    found = recommending.recommend(desk, limit=100)
    assert len(found.suggestions) == count - 1
    if count > 1:
        assert found.basis is not None
        assert found.basis.method is Method.CENTROID
        visual = (count) // 2
        assert {item.name[:4] for item in found.suggestions[:visual]} == {"2001"}
    scores = recommending.rank_new(desk, [TEXT, ("Graph", (), "spectral node")])
    assert scores is not None
    assert scores[0] > scores[1]


def test_one_dropped_paper_is_enough(desk: Desk) -> None:
    dropped(desk, *file_topic(desk, VISION, 1))
    file_topic(desk, VISION, 2, first=2)
    file_topic(desk, GRAPHS, 2)
    found = recommending.recommend(desk)
    assert [item.name[:4] for item in found.suggestions] == ["2003", "2003", "2001", "2001"]
    assert found.suggestions[-1].words_against
    assert not found.suggestions[-1].words_for


@pytest.mark.parametrize("count", [2, 8, 60])
def test_papers_that_are_all_the_same(desk: Desk, count: int) -> None:
    words = words_of(VISION, 1)
    papers = [
        file_metadata(desk, Metadata(words.title, words.authors, words.abstract, arxiv_id=name))
        for name in (f"2001.{at:05}" for at in range(count))
    ]
    liked(desk, papers[0])
    found = recommending.recommend(desk, limit=100)
    assert len(found.suggestions) == count - 1
    assert len({item.score for item in found.suggestions}) == 1
    recommending.similar(desk, papers[0].id)


def test_papers_without_abstracts(desk: Desk) -> None:
    for at, title in enumerate(("Graph spectra", "Graph nodes", "Image pixels", "Image scenes")):
        file_metadata(desk, Metadata(title=title, arxiv_id=f"2001.{at:05}"))
    paper = file_metadata(desk, Metadata(title="A graph", arxiv_id="2001.00009"))
    liked(desk, paper)
    found = recommending.recommend(desk)
    assert {item.title for item in found.suggestions[:2]} == {"Graph spectra", "Graph nodes"}


def test_liked_papers_without_a_word_are_nothing_to_go_on(desk: Desk) -> None:
    liked(desk, file_metadata(desk, Metadata(title="???", arxiv_id="2009.00001")))
    file_topic(desk, VISION, 3)
    assert recommending.recommend(desk).why_none == recommending.NOTHING_YET


def test_only_liked_papers_and_nothing_beside(desk: Desk) -> None:
    tagged(desk, "all", *file_topic(desk, VISION, 4))
    found = recommending.recommend(desk, everything=True, tag="all")
    assert found.basis is not None
    assert found.basis.method is Method.CENTROID
    assert len(found.suggestions) == 4


def test_words_of_other_scripts_count(desk: Desk) -> None:
    for at, title in enumerate(("图像 识别 方法", "图像 分割", "语法 分析", "Обучение графов")):
        file_metadata(desk, Metadata(title=title, arxiv_id=f"2001.{at:05}"))
    liked(desk, file_metadata(desk, Metadata(title="图像 压缩", arxiv_id="2001.00009")))
    first = recommending.recommend(desk).suggestions[0]
    assert "图像" in first.title
    assert first.words_for[0].text == "图像"
