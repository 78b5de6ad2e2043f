"""Reviewers' points out of the text in which they came."""

from hypothesis import given
from hypothesis import strategies as st

from researchdesk.domain.review_points import points_in

_REVIEW = """# Reviewer 1 (score: 6)

The paper reads well.
It goes on here.

**Weaknesses:**
1. No ablation of the width.
   - a part of it

   Its second paragraph.
2. Seeds?

Reviewer 2:

> quoted once
>> and twice

W1: novelty
(a) a small thing

## Minor
```
- code, no item
```
"""


def test_a_paragraph_is_a_point_and_so_is_an_item_below_its_reviewer() -> None:
    found = [(p.label, p.reviewer, p.section, p.text) for p in points_in(_REVIEW)]
    one, two = "Reviewer 1 (score: 6)", "Reviewer 2"
    assert found == [
        ("R1.1", one, "", "The paper reads well.\nIt goes on here."),
        (
            "R1.2",
            one,
            "Weaknesses",
            "No ablation of the width.\n- a part of it\n\nIts second paragraph.",
        ),
        ("R1.3", one, "Weaknesses", "Seeds?"),
        ("R2.1", two, "", "quoted once\nand twice"),
        ("R2.2", two, "", "novelty"),
        ("R2.3", two, "", "a small thing"),
        ("R2.4", two, "Minor", "```\n- code, no item\n```"),
    ]


def test_without_reviewers_points_are_counted_alone_and_headings_begin_them() -> None:
    assert [point.label for point in points_in("one\n\ntwo\n- three")] == ["1", "2", "3"]
    found = points_in("# Anna\n\none\n\n# Ben\n\ntwo")
    assert [(point.label, point.reviewer) for point in found] == [("R1.1", "Anna"), ("R2.1", "Ben")]
    assert points_in(" \n# Reviewer 1\n") == []


def test_reviewers_are_called_by_their_own_numbers_where_each_has_one() -> None:
    def labels(*heads: str) -> list[str]:
        return [one.label for one in points_in("".join(f"# {head}\n\na\n\n" for head in heads))]

    assert labels("Reviewer 2") == ["R2.1"]
    assert labels("Referee #3 (score: 6)", "Review 1") == ["R3.1", "R1.1"]
    assert labels("Reviewer 2", "Area chair") == ["R1.1", "R2.1"]
    assert labels("Reviewer 2", "Reviewer 2 (second round)") == ["R1.1", "R2.1"]
    assert labels("Reviewer Xk9P") == ["R1.1"]


def test_a_key_goes_with_the_words_and_not_with_the_place() -> None:
    before = {point.text: point.key for point in points_in("one\n\ntwo\n\ntwo")}
    after = {point.text: point.key for point in points_in("# Reviewer 1\nnew\n\n- Two\n- one")}
    assert (after["one"], after["Two"]) == (before["one"], points_in("two")[0].key)
    assert len({point.key for point in points_in("two\n\ntwo\n\ntwo")}) == 3


_LINES = st.sampled_from(
    ["", "words here", "- item", "  put in", "1. first", "# Reviewer 1", "> said", "Minor:", "```"]
)


@given(st.lists(_LINES | st.text(max_size=20), max_size=14).map("\n".join))
def test_no_word_is_lost_and_none_is_made_up(text: str) -> None:
    found = points_in(text)
    assert len({point.key for point in found}) == len(found)
    assert all(point.key.isalpha() and point.key.islower() for point in found)
    assert all(point.text.strip() == point.text != "" for point in found)
    told = " ".join(f"{point.reviewer} {point.section} {point.text}" for point in found)
    assert set(told.split()) <= {part for word in text.split() for part in (word, word.strip("*_:"))
                                 } | set(text.replace(">", " ").split())  # fmt: skip
    if "words here" in text.split("\n"):
        assert "words here" in told
