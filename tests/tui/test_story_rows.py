"""The rows of a storyline's margin: each link at its height, none pushed away."""

from dataclasses import replace

from researchdesk.domain.story_evidence import Linked, Mark
from researchdesk.tui.story_rows import Anchor, anchors_in, lines_of, rows_of


def told(*marks):
    """Linked things ``1``, ``2`` … with these marks."""
    return {
        str(at): Linked(str(at), f"title {at}", f"says {at}", mark)
        for at, mark in enumerate(marks, start=1)
    }


def anchors(*refs):
    return [Anchor(ref, 0, at) for at, ref in enumerate(refs)]


def said(heights, known, width=40):
    return {at: row.words for at, row in rows_of(heights, known, width).items()}


def test_a_link_has_as_many_rows_as_there_are_to_the_next_one():
    known = told(Mark.HOLDS, Mark.OPEN)
    assert said({0: anchors("1"), 3: anchors("2")}, known) == {
        0: "✓ says 1",
        1: "  title 1",
        3: "○ says 2",
        4: "  title 2",
    }
    assert said({0: anchors("1"), 1: anchors("2")}, known)[0] == "✓ says 1 · title 1"


def test_links_of_one_height_stand_below_each_other_where_there_is_room():
    known = told(Mark.HOLDS, Mark.CONTRADICTED)
    assert said({2: anchors("1", "2"), 5: anchors("1")}, known) == {
        2: "✓ says 1",
        3: "  title 1",
        4: "✗ says 2 · title 2",
        5: "✓ says 1",
        6: "  title 1",
    }


def test_the_gravest_is_shown_where_there_is_room_for_one():
    known = told(Mark.HOLDS, Mark.CONTRADICTED, Mark.PLAIN)
    heights = {0: anchors("1", "2", "3"), 1: anchors("1")}
    assert said(heights, known)[0] == "✗ says 2 · title 2 (+2)"
    assert said(heights, known, width=2) == {0: "✗", 1: "✓"}
    assert max(len(words) for words in said(heights, known, width=20).values()) <= 19


def test_what_changed_says_what_it_said_before_until_it_was_seen():
    item = Linked("1", "title", "different", Mark.CHANGED, "reproduced", news=True)
    rows = rows_of({0: anchors("1")}, {"1": item}, 40)
    assert [row.words for row in rows.values()] == [
        "! different",
        "  it said: reproduced",
        "  title",
    ]
    assert all(row.news for row in rows.values())
    gone = "withdrawn in v3: Lemma 2 is false"
    held = Linked("1", "title", f"not run; {gone}", Mark.CHANGED, "not run", news=True, since=gone)
    assert lines_of(held) == (gone, "not run", "title")
    assert lines_of(replace(held, mark=Mark.PLAIN)) == (gone, "title", "not run")
    seen = Linked("1", "title", "different", Mark.CONTRADICTED, "different")
    assert lines_of(seen) == ("different", "title")


def test_what_is_not_read_yet_waits():
    assert said({0: anchors("1")}, {}) == {0: "… reading"}
    assert said({0: anchors("1")}, {}, width=2) == {0: "…"}


def test_long_words_end_with_an_ellipsis_after_four_rows():
    item = Linked("1", "word " * 60, "says", Mark.PLAIN)
    rows = list(rows_of({0: anchors("1")}, {"1": item}, 30).values())
    assert len(rows) <= 4
    assert max(len(row.words) for row in rows) <= 29
    assert any(row.words.endswith("…") for row in rows)


def test_links_are_found_line_by_line_and_not_in_code():
    plain = "one [[funny:1]]\n\ntwo [[1904.09237|x]] [[nothing:\n"
    assert list(anchors_in(plain)) == [Anchor("funny:1", 0, 4), Anchor("1904.09237", 2, 4)]
    code = f"`[[funny:3]]` {plain}```\n[[funny:4]]\n```\n  [[funny:5]]"
    assert list(anchors_in(code)) == [
        Anchor("funny:1", 0, 18),
        Anchor("1904.09237", 2, 4),
        Anchor("funny:5", 6, 2),
    ]
