"""What to read next, on desks whose topics are known."""

import subprocess
import sys

import pytest
from support.taken_off import take_off
from support.topics import OF_ALL, TOPICS, dropped, file_topic, liked, tagged, words_of

from researchdesk.domain.papers import Metadata
from researchdesk.domain.recommending import Method, Recommended
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services import notes, reading, recommending
from researchdesk.services.desk import Desk
from researchdesk.services.library import file_metadata

VISION, LANGUAGE, GRAPHS = TOPICS


def topics_of(found: Recommended) -> list[str]:
    by_archive = {f"20{at:02}": topic for at, topic in enumerate(TOPICS, start=1)}
    return [by_archive[item.name.split(".")[0]] for item in found.suggestions]


def text(topic: str, number: int = 900) -> tuple[str, tuple[str, ...], str]:
    words = words_of(topic, number)
    return words.title, words.authors, words.abstract


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """Twenty papers of each topic, in turns."""
    with desk.database.writing():
        for at in range(1, 21):
            for topic in TOPICS:
                file_topic(desk, topic, 1, at)
    return desk


def test_what_is_like_the_liked_comes_first_with_its_words(filled: Desk) -> None:
    liked(filled, *file_topic(filled, LANGUAGE, 4))
    found = recommending.recommend(filled, limit=60)
    assert topics_of(found)[:16] == [LANGUAGE] * 16
    assert len(found.suggestions) == 56
    assert found.basis is not None
    assert found.basis.method is Method.SVM
    assert (found.basis.liked, found.basis.not_liked, found.basis.background) == (4, 0, 56)
    own = {*TOPICS[LANGUAGE], "ann language"}
    first, last = found.suggestions[0], found.suggestions[-1]
    assert {word.text for word in first.words_for} <= own
    assert {word.text for word in last.words_against} & (
        {*TOPICS[VISION], *TOPICS[GRAPHS], "ann vision", "ann graphs"}
    )
    assert all(word.share > 0 for word in first.words_for)
    assert all(word.share < 0 for word in last.words_against)
    shares = [word.share for word in first.words_for]
    assert shares == sorted(shares, reverse=True)
    scores = [item.score for item in found.suggestions]
    assert scores == sorted(scores, reverse=True)


def test_a_dropped_paper_lowers_its_like(filled: Desk) -> None:
    liked(filled, *file_topic(filled, LANGUAGE, 4))
    before = topics_of(recommending.recommend(filled, limit=60))
    dropped(filled, *file_topic(filled, VISION, 4))
    after = topics_of(recommending.recommend(filled, limit=60))
    assert after[:16] == [LANGUAGE] * 16
    assert set(after[-16:]) == {VISION}
    assert before.index(VISION) < after.index(VISION)


def test_stop_at_the_end_of_a_pass_counts_as_dropped(filled: Desk) -> None:
    for paper in file_topic(filled, GRAPHS, 3):
        reading.start_pass(filled, paper, 1)
        reading.finish_pass(filled, paper, 1, decision=reading.Decision.STOP)
    found = recommending.recommend(filled, limit=60)
    assert set(topics_of(found)[-17:]) == {GRAPHS}
    assert found.basis is not None
    assert (found.basis.liked, found.basis.not_liked) == (0, 3)


@pytest.mark.parametrize("column", ["stars = 4", "priority = 3"])
def test_stars_and_priority_count_as_liked(filled: Desk, column: str) -> None:
    wanted = file_topic(filled, GRAPHS, 3)
    with filled.database.writing() as db:
        for paper in wanted:
            db.execute(f"UPDATE papers SET {column} WHERE id = ?", [paper.id])
    found = recommending.recommend(filled, limit=20)
    if "stars" in column:
        assert topics_of(found)[:17] == [GRAPHS] * 17
        assert not {item.paper_id for item in found.suggestions} & {one.id for one in wanted}
        found = recommending.recommend(filled, limit=20, everything=True)
    assert topics_of(found) == [GRAPHS] * 20


def test_a_note_counts_as_liked(filled: Desk) -> None:
    for paper in file_topic(filled, VISION, 3):
        going = reading.start_pass(filled, paper, 1)
        notes.add_note(filled, paper, going.number, "see this")
    found = recommending.recommend(filled, limit=17)
    assert topics_of(found) == [VISION] * 17
    assert {item.status for item in found.suggestions} == {"unread"}
    found = recommending.recommend(filled, limit=20, everything=True)
    assert topics_of(found) == [VISION] * 20
    assert {item.status for item in found.suggestions} == {"unread", "in pass"}
    unread = recommending.recommend(filled, limit=60, unread=True)
    assert {item.status for item in unread.suggestions} == {"unread"}
    assert len(unread.suggestions) == 57


def test_what_was_said_for_and_against_is_added_up(filled: Desk) -> None:
    paper = file_topic(filled, VISION, 1)[0]
    liked(filled, paper)
    reading.start_pass(filled, paper, 2)
    reading.drop_pass(filled, paper, 2, "enough")
    assert recommending.taste_of(filled).is_empty
    assert recommending.recommend(filled).why_none == recommending.NOTHING_YET


def test_read_papers_are_not_suggested(filled: Desk) -> None:
    read = file_topic(filled, VISION, 4)
    liked(filled, *read)
    names = {item.name for item in recommending.recommend(filled, limit=100).suggestions}
    assert not names & {paper.name for paper in read}
    assert len(names) == 56


def test_where_all_is_read_it_says_so(desk: Desk) -> None:
    liked(desk, *file_topic(desk, VISION, 2))
    found = recommending.recommend(desk)
    assert (found.suggestions, found.why_none) == ((), recommending.NOTHING_LEFT)


def test_a_tag_ranks_by_its_papers(filled: Desk) -> None:
    liked(filled, *file_topic(filled, VISION, 3))
    tagged(filled, "GNN", *file_topic(filled, GRAPHS, 3))
    found = recommending.recommend(filled, tag="gnn", limit=17)
    assert topics_of(found) == [GRAPHS] * 17
    assert found.tag == "GNN"
    assert recommending.tags(filled) == ["GNN"]
    assert topics_of(recommending.recommend(filled, limit=17)) == [VISION] * 17


def test_an_unknown_tag_and_a_limit_of_nothing_are_told(filled: Desk) -> None:
    with pytest.raises(NotOnDeskError, match="has the tag 'gnn'"):
        recommending.recommend(filled, tag="gnn")
    with pytest.raises(UsageProblemError):
        recommending.recommend(filled, limit=0)
    with pytest.raises(UsageProblemError):
        recommending.similar(filled, 1, limit=0)


def test_a_tag_on_everything_still_puts_in_order(desk: Desk) -> None:
    papers = file_topic(desk, VISION, 6) + file_topic(desk, GRAPHS, 2)
    tagged(desk, "all", *papers)
    assert recommending.recommend(desk, tag="all").why_none == recommending.NOTHING_LEFT
    found = recommending.recommend(desk, tag="all", everything=True)
    assert len(found.suggestions) == 8
    assert topics_of(found)[:6] == [VISION] * 6
    assert found.basis is not None
    assert found.basis.method is Method.CENTROID


def test_texts_off_the_desk_are_ranked_and_explained(filled: Desk) -> None:
    texts = [text(topic) for topic in TOPICS] + [("", (), ""), ("Quux", (), "Frobnicate")]
    assert recommending.rank_new(filled, texts) is None
    assert recommending.explain_new(filled, texts) is None
    liked(filled, *file_topic(filled, GRAPHS, 4))
    scores = recommending.rank_new(filled, texts)
    assert scores is not None
    assert max(scores) == scores[2]
    assert scores[3] == scores[4]
    said = recommending.explain_new(filled, texts, 3)
    assert said is not None
    words_for, words_against = said[2]
    assert {word.text for word in words_for} <= {*TOPICS[GRAPHS], "ann graphs"}
    assert len(words_for) == 3
    assert len(words_against) <= 3
    assert said[3] == said[4] == ((), ())
    assert recommending.rank_new(filled, []) == []


def test_entries_of_feeds_are_suggested_and_answers_count(filled: Desk) -> None:
    def entry(number: int, topic: str, state: str) -> dict[str, object]:
        words = words_of(topic, number)
        return {
            "arxiv_id": f"2512.{number:05}",
            "title": words.title,
            "abstract": words.abstract,
            "published": "2025-12-01T00:00:00Z",
            "seen_at": "2025-12-02T00:00:00Z",
            "state": state,
        }

    entries = [entry(700 + at, GRAPHS, "kept") for at in range(3)]
    entries += [entry(710 + at, VISION, "no") for at in range(3)]
    entries += [entry(720, GRAPHS, "new"), entry(721, VISION, "new")]
    with filled.database.writing() as db:
        db.table("feed_entries").insert_all(entries)
    found = recommending.recommend(filled, limit=100)
    from_feed = [item for item in found.suggestions if item.status == "feed"]
    assert [item.name for item in from_feed] == ["2512.00720", "2512.00721"]
    assert [item.year for item in from_feed] == [2025, 2025]
    assert all(item.entry_id and item.paper_id is None for item in from_feed)
    assert found.suggestions[0].name.startswith(("2003.", "2512.00720"))
    assert found.basis is not None
    assert (found.basis.liked, found.basis.not_liked) == (3, 3)
    only = recommending.recommend(filled, limit=100, unread=True)
    assert all(item.status == "unread" for item in only.suggestions)


def test_removed_papers_are_left_out(filled: Desk) -> None:
    papers = file_topic(filled, VISION, 10)
    liked(filled, *papers[:4])
    first = recommending.recommend(filled, limit=5).suggestions[0]
    take_off(filled, first.name)
    again = recommending.recommend(filled, limit=60)
    assert first.name not in {item.name for item in again.suggestions}
    alike = recommending.similar(filled, papers[0].id, limit=60)
    assert first.name not in {item.name for item in alike.suggestions}
    with pytest.raises(NotOnDeskError):
        recommending.similar(filled, first.paper_id or 0)


def test_the_same_desk_is_ranked_the_same(filled: Desk) -> None:
    liked(filled, *file_topic(filled, VISION, 4))
    once = recommending.recommend(filled, limit=60)
    kept = recommending.recommend(filled, limit=60)
    for path in (filled.settings.cache / "recommending").glob("*.npz"):
        path.unlink()
    anew = recommending.recommend(filled, limit=60)
    assert once == kept == anew


def test_similar_papers_share_words(filled: Desk) -> None:
    paper = file_topic(filled, GRAPHS, 1)[0]
    found = recommending.similar(filled, paper.id, limit=19)
    assert topics_of(found) == [GRAPHS] * 19
    assert paper.name not in {item.name for item in found.suggestions}
    assert all(0 < item.score <= 1 for item in found.suggestions)
    shared = {word.text for word in found.suggestions[0].words_for}
    assert shared
    assert shared <= {*TOPICS[GRAPHS], *OF_ALL, "ann graphs"}


def test_similar_to_a_paper_just_added(filled: Desk) -> None:
    first = file_topic(filled, GRAPHS, 1)[0]
    recommending.similar(filled, first.id)
    new = file_topic(filled, VISION, 1, first=500)[0]
    assert topics_of(recommending.similar(filled, new.id, limit=20)) == [VISION] * 20
    found = recommending.similar(filled, first.id, limit=100).suggestions
    assert new.name in {item.name for item in found} or found[-1].score > 0


def test_similar_to_a_paper_without_words(filled: Desk) -> None:
    bare = file_metadata(filled, Metadata(title="Zyzzyva", arxiv_id="2009.00001"))
    assert recommending.similar(filled, bare.id).suggestions == ()
    empty = file_metadata(filled, Metadata(title="?!", arxiv_id="2009.00002"))
    assert recommending.similar(filled, empty.id).why_none == recommending.NO_WORDS


def test_withdrawn_papers_are_not_suggested(filled: Desk) -> None:
    papers = file_topic(filled, VISION, 20)
    liked(filled, *papers[:4])
    with filled.database.writing() as db:
        db.execute("UPDATE papers SET withdrawn_version = 1 WHERE id = ?", [papers[5].id])
        db.execute(
            "UPDATE papers SET withdrawn_version = 1, latest_version = 2 WHERE id = ?",
            [papers[6].id],
        )
    names = [item.name for item in recommending.recommend(filled, limit=15).suggestions]
    assert len(names) == 15
    assert papers[5].name not in names
    assert papers[6].name in names


def test_many_refusals_do_not_drown_what_is_liked(filled: Desk) -> None:
    liked(filled, *file_topic(filled, GRAPHS, 4))
    entries = []
    for at in range(300):
        words = words_of((VISION, LANGUAGE, GRAPHS)[at % 3], 1000 + at)
        entry = {"arxiv_id": f"2511.{at:05}", "title": words.title, "abstract": words.abstract}
        entries.append({**entry, "seen_at": "2025-12-02T00:00:00Z", "state": "no"})
    with filled.database.writing() as db:
        db.table("feed_entries").insert_all(entries)
    assert topics_of(recommending.recommend(filled, limit=16)) == [GRAPHS] * 16


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    code = (
        "import sys, researchdesk.cli.recommending, researchdesk.tui.screens.recommended;"
        "print(sorted({'numpy', 'scipy', 'sklearn'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
