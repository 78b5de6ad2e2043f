"""Talks outlined from storylines, as files that people edit."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.story_runs import story_runs

from researchdesk.domain.slides import LONGEST_S, BlockKind
from researchdesk.domain.talks import PlannedSlide
from researchdesk.errors import BadInputError, NotOnDeskError, UsageProblemError
from researchdesk.export.slides import read_slides
from researchdesk.services import stories, talk_files, talks
from researchdesk.services.desk import Desk
from researchdesk.services.talks import Asked

STORY = """Narrow networks lose little. Not much at all.

## Motivation

Wide networks are slow. Everybody waits for them.

## Idea

Halve the width, so that the cost $w^2$ falls to a quarter.

## Experiments

We ran it. The score is 0.5 [[run:{both}#score]]. It takes half of the time.
The other runs agree [[run:{adam}]] [[run:gone]].
Nobody knew [[1412.6980]].

## Weak spots

One data set.

## Thanks

To all.
"""


def new_story(desk: Desk, text: str) -> str:
    slug = stories.new_story(desk, "Narrowing").slug
    stories.save_draft(desk, slug, text)
    return slug


@pytest.mark.slow
def test_a_talk_is_outlined_with_its_numbers_and_what_it_lacks(desk: Desk) -> None:
    names = story_runs(desk)
    slug = new_story(desk, STORY.replace("{both}", names["both"]).replace("{adam}", names["adam"]))
    made = talks.outline(desk, slug, Asked(10, ("Narrow is enough",), "Neighbours"))
    assert made.path == desk.root / "talks" / "narrowing.md"
    assert [slide.name for slide in made.slides] == [
        "title", "motivation", "problem", "notation", "main idea", "example", "experiments",
        "experiments", "weak spots", "conclusion",
    ]  # fmt: skip
    deck = read_slides(made.path.read_text("utf-8"))
    assert deck.front["marp"] == "true"
    assert deck.minutes == 10
    assert [slide.planned_s for slide in deck.slides] == [one.seconds for one in made.slides]
    assert sum(deck.planned()) == 600
    first, last, result = deck.slides[0], deck.slides[-1], deck.slides[6]
    assert (first.title, last.title) == ("Narrowing", "Narrow networks lose little.")
    assert "Audience: Neighbours" in first.notes
    assert "- Narrow is enough" in first.notes
    assert first.todo == ()
    assert result.title == "The score is 0.5"
    assert [block.shown for block in result.blocks[1:4]] == [
        "Measured: 0.51 ± 0.01 (n=3)", "Claimed: 0.5 ± 0.2*", "✓ reproduced",
    ]  # fmt: skip
    assert result.blocks[-1].kind is BlockKind.PICTURE
    picture = made.path.parent / result.blocks[-1].shown
    assert "<title>The score is 0.5</title>" in " ".join(picture.read_text("utf-8").split())
    assert "It takes half of the time." in result.notes
    assert names["both"] in result.notes
    asked = dict(made.todo)
    assert sorted(asked) == [3, 4, 5, 6, 8, 9]
    assert "run:gone" in asked[8]
    over, left_out = made.warnings
    assert "over 6" in over
    assert left_out == "On no slide: what stands below the red thread, “Thanks”."
    assert "- We ran it.\n" in result.notes


def test_what_was_edited_stays(desk: Desk, tmp_path: Path) -> None:
    slug = new_story(desk, "One thing holds.")
    first = talks.outline(desk, slug, Asked(30))
    again = talks.outline(desk, slug, Asked(20))
    assert (again.path, again.beside) == (first.path, None)
    assert any("not planned" in words for words in again.warnings)
    edited = first.path.read_text("utf-8").replace("One thing", "Another thing")
    first.path.write_text(edited, "utf-8")
    third = talks.outline(desk, slug, Asked(30))
    assert (third.path.name, third.beside) == ("narrowing.new.md", first.path)
    third.path.write_text("mine", "utf-8")
    assert talks.outline(desk, slug, Asked(30)).path.name == "narrowing.new-2.md"
    assert first.path.read_text("utf-8") == edited
    assert third.path.read_text("utf-8") == "mine"
    (tmp_path / "other.md").write_text("# A letter", "utf-8")
    assert talks.outline(desk, slug, Asked(30), tmp_path / "other.md").path.name == ("other.new.md")
    with pytest.raises(UsageProblemError):
        talks.outline(desk, slug, Asked(0))


def test_slides_edited_while_the_pictures_are_drawn_stay(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    slug = new_story(desk, "One thing holds.")
    first = talks.outline(desk, slug, Asked(30))
    mine = first.path.read_text("utf-8").replace("One thing", "MY thing")

    def slowly(_: Desk, slides: Sequence[PlannedSlide], __: Path) -> tuple[PlannedSlide, ...]:
        first.path.write_text(mine, "utf-8")
        return tuple(slides)

    monkeypatch.setattr(talks, "with_pictures", slowly)
    made = talks.outline(desk, slug, Asked(20))
    assert (made.path.name, made.beside) == ("narrowing.new.md", first.path)
    assert first.path.read_text("utf-8") == mine


def test_what_was_said_of_the_occasion_is_kept_until_it_is_said_anew(desk: Desk) -> None:
    slug = new_story(desk, "One thing holds.")
    assert talks.outline(desk, slug, Asked()).minutes == 30
    stories.save_draft(desk, slug, "Another thing holds.")
    first = talks.outline(desk, slug, Asked(20, ("Print --> it", "Twice"), "Neighbours"))
    assert first.kept == ""
    again = talks.outline(desk, slug, Asked(5))
    assert again.kept == "2 goals, the audience (Neighbours): kept from the slides that were there."
    notes = read_slides(again.path.read_text("utf-8")).slides[0].notes
    assert "- Print -- > it\n- Twice" in notes
    assert "Audience: Neighbours" in notes
    last = talks.outline(desk, slug, Asked(goals=("New",)))
    assert (last.minutes, last.kept.partition(",")[0]) == (5, "5 minutes")
    assert "Twice" not in last.path.read_text("utf-8")
    assert talks.frame_of(desk, slug) == talks.TalkFrame(5, ("New",), "Neighbours")


def test_a_slide_of_a_title_alone_asks_what_is_said(desk: Desk) -> None:
    slug = new_story(desk, "One thing holds.\n\n## Idea\n\nHalve the width.")
    made = talks.outline(desk, slug, Asked())
    (number,) = [at for at, one in enumerate(made.slides, 1) if one.title == "Halve the width"]
    assert dict(made.todo)[number].startswith("The storyline has this one sentence")


def test_the_red_thread_is_no_goal_that_is_kept(desk: Desk) -> None:
    slug = new_story(desk, "One thing holds.")
    talks.outline(desk, slug, Asked(20))
    stories.save_draft(desk, slug, "Another thing holds.")
    made = talks.outline(desk, slug, Asked())
    assert made.kept == "20 minutes: kept from the slides that were there."
    notes = read_slides(made.path.read_text("utf-8")).slides[0].notes
    assert "- Another thing holds." in notes
    assert "One thing" not in notes


def test_a_talk_is_found_by_its_story_or_its_file(desk: Desk, tmp_path: Path) -> None:
    slug = new_story(desk, "One thing holds.")
    with pytest.raises(NotOnDeskError, match="No talk of narrowing"):
        talk_files.talk_of(desk, slug)
    made = talks.outline(desk, slug, Asked(30), tmp_path / "t.md")
    assert talk_files.talk_of(desk, str(made.path)).name == slug
    talks.outline(desk, slug, Asked(30))
    assert talk_files.talk_of(desk, slug).path == desk.root / "talks" / "narrowing.md"
    (tmp_path / "mine.md").write_text("# Mine", "utf-8")
    mine = talk_files.talk_of(desk, str(tmp_path / "mine.md"))
    assert (mine.name, mine.title) == (str(tmp_path / "mine.md"), "Mine")
    for name in ("nothing", str(tmp_path / "none.md")):
        with pytest.raises(NotOnDeskError):
            talk_files.talk_of(desk, name)


def test_the_plan_may_be_ones_own(desk: Desk) -> None:
    slug = new_story(desk, "One thing holds.")
    own = desk.root / "templates" / "talk"
    own.mkdir(parents=True)
    (own / "outline.md.j2").write_text("{{ nothing }}", "utf-8")
    with pytest.raises(BadInputError, match="outline"):
        talks.outline(desk, slug, Asked(5))
    (own / "outline.md.j2").unlink()
    (own / "plan.toml").write_text('[[slides]]\nname = "end"\ntakes = "thread"\n', "utf-8")
    assert [one.title for one in talks.outline(desk, slug, Asked(5)).slides] == ["One thing holds."]
    (own / "plan.toml").write_text('[[slides]]\nname = "end"\ntakes = "tread"\n', "utf-8")
    with pytest.raises(BadInputError, match=r"line 3: slides\[1\]\.takes.*thread"):
        talks.outline(desk, slug, Asked(5))


_LINE = st.one_of(
    st.sampled_from(
        ("## Idea", "## Results", "---", "-->", "a --> b.", "time: 1:30", "$a_1$ is 5 % #", "* x",
         "<script>alert(1)</script>", "<!-- c", "a & b &amp; `c`.", "color: red", "![x](y)", "```")
    ),
    st.text(max_size=12),
)  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_LINE, max_size=8).map("\n".join), _LINE)
def test_no_words_of_a_story_break_its_slides(desk: Desk, text: str, goal: str) -> None:
    slug = new_story(desk, f"{text}\n\nx")
    made = talks.outline(desk, slug, Asked(30, (goal,), goal))
    deck = talk_files.talk_of(desk, slug).deck
    assert len(deck.slides) == len(made.slides)
    assert [slide.planned_s for slide in deck.slides] == [one.seconds for one in made.slides]
    assert all(seconds <= LONGEST_S for seconds in deck.planned())
    assert (deck.front["story"], deck.front["minutes"]) == (slug, "30")
    assert set(deck.directives) <= {"_class"}
    made.path.unlink()
