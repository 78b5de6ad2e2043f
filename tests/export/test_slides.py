"""Slides read from markdown as Marp reads them."""

import string

from hypothesis import given, settings
from hypothesis import strategies as st

from researchdesk.domain.slides import (
    BlockKind,
    Deck,
    most_slides,
    read_time,
    shared_out,
    write_time,
)
from researchdesk.export.slides import read_slides

TALK = """---
marp: true
title: "Why it: falls"
minutes: 12
style: |
  section { font-size: 20px; }
---

<!-- _class: lead -->

# Why it **falls**

<!--
time: 0:45
- Say hello.
- TODO: Who listens?
-->

---

## It falls by $5\\%$ at `once`

- One
  - Two
- ![w:300](a.svg)

Words <!-- said --> here.

<!-- time: soon -->

| a | b |
| - | - |
| 1 | 2 |

Not a rule
---

***

```
---
```
"""


def test_slides_are_parted_as_marp_parts_them() -> None:
    deck = read_slides(TALK)
    assert (deck.title, deck.minutes, deck.front["marp"]) == ("Why it: falls", 12, "true")
    assert "20px" in deck.styles
    assert deck.directives == {"_class": "lead"}
    first, second, third = deck.slides
    assert (first.title, first.planned_s) == ("Why it falls", 45)
    assert first.notes == "- Say hello.\n- TODO: Who listens?"
    assert first.todo == ("Who listens?",)
    assert second.title == "It falls by $5\\%$ at once"
    assert second.notes == "said\n\ntime: soon"
    assert second.planned_s is None
    kinds = [(block.kind, block.text, block.depth) for block in second.blocks]
    assert kinds[:6] == [
        (BlockKind.HEADING, "It falls by at once", 2),
        (BlockKind.ITEM, "One", 1),
        (BlockKind.ITEM, "Two", 2),
        (BlockKind.PICTURE, "w:300", 0),
        (BlockKind.PARAGRAPH, "Words here.", 0),
        (BlockKind.TABLE, "a", 0),
    ]
    assert second.blocks[0].formulas == ("$5\\%$",)
    assert second.blocks[-1].text == "Not a rule"
    assert (third.words, third.blocks[0].kind) == (0, BlockKind.CODE)
    assert deck.planned() == (45, (12 * 60 - 45) / 2, (12 * 60 - 45) / 2)


def test_headings_divide_where_the_front_matter_says_so() -> None:
    text = "---\nheadingDivider: {}\n---\n# A\n## B\n### C\n"
    told = {said: read_slides(text.format(said)).slides for said in ("2", "[1, 3]", "x")}
    assert {said: [slide.title for slide in found] for said, found in told.items()} == {
        "2": ["A", "B"],
        "[1, 3]": ["A", "C"],
        "x": ["A"],
    }


@settings(max_examples=150)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                ("---\n", "<!--", "-->", "time: 1:30", "# a", "```", "- b", "style: [", "&a *a",
                 "\n", "<style>", "$x$", "![", "](", "headingDivider: 2")
            ),
            st.text(max_size=6),
        ),
        max_size=14,
    ).map("\n".join)
)  # fmt: skip
def test_any_text_is_slides(text: str) -> None:
    deck = read_slides(text)
    assert [slide.number for slide in deck.slides] == list(range(1, len(deck.slides) + 1))
    assert len(deck.planned()) == len(deck.slides) >= 1
    assert all(seconds >= 0 for seconds in deck.planned())


_WORDS = st.text(string.ascii_letters + "*_# <>-`", max_size=20)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 7300), _WORDS), min_size=1, max_size=6))
def test_times_come_back_as_they_were_written(said: list[tuple[int, str]]) -> None:
    parts = [f"# s\n\n<!-- time: {write_time(seconds)} -->\n" for seconds, _ in said]
    deck = read_slides("---\nmarp: true\n---\n\n" + "\n---\n\n".join(parts))
    assert [slide.planned_s for slide in deck.slides] == [seconds for seconds, _ in said]


def test_times_as_people_write_them() -> None:
    wanted = {"1:30": 90, "0:05": 5, "1:00:01": 3601, "90 s": 90, "1.5 min": 90, "2m": 120}
    assert {text: read_time(text) for text in wanted} == wanted
    assert [read_time(text) for text in ("", "soon", "1:60", "-1:00", "1e9 s")] == [None] * 5
    assert [write_time(seconds) for seconds in (0, 59.6, 3600)] == ["0:00", "1:00", "1:00:00"]


@settings(max_examples=80)
@given(st.lists(st.floats(0.2, 3), min_size=1, max_size=40), st.integers(1, 120))
def test_time_is_shared_out_and_never_more_than_there_is(
    weights: list[float], minutes: int
) -> None:
    made = shared_out(weights, 60 * minutes)
    assert all(5 <= seconds <= 120 and seconds % 5 == 0 for seconds in made)
    whole = min(60 * minutes, sum(120 * min(1, weight) for weight in weights))
    assert sum(made) <= max(whole + 2.5, 5 * len(weights))
    if 60 * minutes > 20 * len(weights):
        assert sum(made) >= whole - 5


def test_how_many_slides_are_no_hurry() -> None:
    assert [most_slides(minutes) for minutes in (30, 15, 1)] == [20, 10, 1]
    assert Deck(()).planned() == ()
