"""Two drafts compared: words, with their paragraphs."""

from hypothesis import given
from hypothesis import strategies as st

from researchdesk.domain.story_diff import brief_change, carried, text_diff
from researchdesk.domain.word_diff import How


def sides(before: str, after: str) -> tuple[str, str]:
    pieces = text_diff(before, after)
    old = "".join(piece.text for piece in pieces if piece.how is not How.ADDED)
    new = "".join(piece.text for piece in pieces if piece.how is not How.REMOVED)
    return old, new


def test_lines_wrapped_elsewhere_are_no_change() -> None:
    before = "# T\n\nIt falls and\nfalls.\n\n- one\n- two\n"
    pieces = text_diff(before, "# T\n\nIt falls\nand falls.\n\n\n- one\n- two\n")
    assert [(piece.how, piece.text) for piece in pieces] == [
        (How.SAME, "# T\n\nIt falls and falls.\n\n- one\n- two")
    ]


def test_what_means_a_line_of_its_own_keeps_it() -> None:
    text = "# T\nFalls.\n? proof: so\n? weak: no\n\n```\na = 1\n\nb = 2\n```\n| a |\n| b |\n> q\n"
    _, new = sides("", text)
    assert new.split("\n") == text.rstrip("\n").split("\n")


def test_what_is_written_behind_the_last_paragraph_leaves_that_alone() -> None:
    pieces = text_diff("It falls because it is cold.", "It falls because of wind.\n\nMore.\n")
    assert [(piece.how, piece.text) for piece in pieces] == [
        (How.SAME, "It falls because"),
        (How.REMOVED, " it is cold"),
        (How.ADDED, " of wind"),
        (How.SAME, "."),
        (How.ADDED, "\n\nMore."),
    ]
    listed = text_diff("So:\n\n- one\n- two", "So:\n\n- zero\n- one\n- two")
    assert [(piece.how, piece.text) for piece in listed] == [
        (How.SAME, "So:"),
        (How.ADDED, "\n\n- zero"),
        (How.SAME, "\n- one\n- two"),
    ]


def test_a_draft_written_anew_is_compared_in_time() -> None:
    one = "\n\n".join(f"In part {n} we say that this and that is so {n}." for n in range(300))
    other = "\n\n".join(f"Part {n} says this, and not that, of {n}." for n in range(300))
    old, new = sides(one, other)
    assert new.split() == other.split()
    assert len(old.split()) == len(one.split())


_TEXT = st.lists(
    st.sampled_from(
        ["It falls.", "It rises fast", "# Head", "- item one", "", "? proof: p", "We say"]
    ),
    max_size=8,
).map("\n".join)


@given(_TEXT, _TEXT)
def test_both_drafts_can_be_read_in_it(before: str, after: str) -> None:
    old, new = sides(before, after)
    assert old.split() == before.split()
    assert new.split() == after.split()
    assert (text_diff(before, before) == ()) is not bool(before.split())
    assert all(piece.how is How.SAME for piece in text_diff(before, before))


def test_a_place_stays_between_the_characters_that_it_was_between() -> None:
    assert carried("one two", "one and two", 3) == 3
    assert carried("one two", "one two three", 2) == 2
    assert carried("one two", "zero one two", 5) == len("zero one t")
    assert carried("first one", "second one", 5) == len("second")
    assert carried("first one", "second one", 2) == len("second")


def test_who_writes_at_the_end_goes_on_at_the_end() -> None:
    for before, after in (("mine", "mine and theirs\n"), ("mine of old", "theirs"), ("", "theirs")):
        assert carried(before, after, len(before)) == len(after.rstrip("\n"))
    assert carried("mine\n", "mine and theirs\n", len("mine\n")) == len("mine and theirs\n")


@given(st.text("ab \n"), st.text("ab \n"), st.data())
def test_a_place_is_in_the_text_and_what_was_on_a_side_of_it_is_there_still(
    before: str, after: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(before)))
    now = carried(before, after, at)
    assert 0 <= now <= len(after)
    if before == after:
        assert now == at


@given(st.text("ab \n"), st.text("ab \n", min_size=1), st.text("yz\u00e9"), st.data())
def test_what_is_put_in_elsewhere_moves_no_place(
    head: str, tail: str, put_in: str, data: st.DataObject
) -> None:
    before, after = f"{head}|{tail}|", f"{head}|{put_in}{tail}|"
    at = data.draw(st.integers(len(head) + 2, len(before)))
    assert after[carried(before, after, at) :] == before[at:]


def test_a_change_in_brief_goes_from_the_first_word_that_differs_to_the_last() -> None:
    assert [(piece.how, piece.text) for piece in brief_change("It is a b.", "It is\nc d b.")] == [
        (How.REMOVED, "a"),
        (How.ADDED, "c d"),
    ]
    assert brief_change("one\ntwo", "one two") == ()
    (put_in,) = brief_change("", "long " * 40, room=20)
    assert len(put_in.text) == 20
    assert put_in.text.endswith("…")
