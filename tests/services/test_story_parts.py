"""A storyline by its parts, with what it links told in words and numbers."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.story_runs import story_runs

from researchdesk.domain.evidence import Standing
from researchdesk.domain.story_parts import Role, stretches, title_of
from researchdesk.domain.verdicts import Verdict
from researchdesk.errors import NotOnDeskError
from researchdesk.export.plain import plain
from researchdesk.services import stories
from researchdesk.services.desk import Desk
from researchdesk.services.story_parts import role_patterns, story_parts

STORY = """# What *narrowing* does

Narrow networks lose [[1412.6980]] little. A second sentence.

## Motivation

<!-- Who should care? -->
It began with [[funny:99]].

## Our method

Halve the width $w_i$ ([[run:{both}]]).
? proof: a run

### Notation

- $w$ is the *width* of a [layer](https://x.org).

## Experiments

The score is 0.5 [[run:{both}#score]]. The paper says so [[claim:{claim}]].

Narrow is as good [[experiment:1.2]].

### On other data

It holds as in [[1412.6980|Adam's paper]].

## Weak spots

## Acknowledgements

Thanks.
"""


@pytest.mark.slow
def test_a_story_is_told_by_its_parts(desk: Desk) -> None:
    names = story_runs(desk)
    slug = stories.new_story(desk, "Narrowing").slug
    text = STORY.replace("{both}", names["both"]).replace("{claim}", names["claim"])
    stories.save_draft(desk, slug, text)
    told = story_parts(desk, slug)
    assert (told.slug, told.title, told.draft) == ("narrowing", "What narrowing does", 1)
    assert told.red_thread == "Narrow networks lose Author (2015) little."
    assert [(part.role, part.heading) for part in told.parts] == [
        (Role.LEAD, ""),
        (Role.MOTIVATION, "Motivation"),
        (Role.IDEA, "Our method"),
        (Role.NOTATION, "Notation"),
        (Role.EVIDENCE, "Experiments"),
        (Role.EVIDENCE, "On other data"),
        (Role.WEAK_SPOTS, "Weak spots"),
        (Role.OTHER, "Acknowledgements"),
    ]
    assert told.text(Role.LEAD) == "A second sentence."
    assert told.text(Role.MOTIVATION) == "It began with."
    assert told.text(Role.IDEA) == "Halve the width $w_i$."
    assert told.text(Role.NOTATION) == "$w$ is the width of a layer."
    assert "Who should care" not in told.parts[1].markdown
    assert told.sentences(Role.IDEA)[0].questions.proof == "a run"
    assert told.of(Role.WEAK_SPOTS) == ()
    assert told.text(Role.EVIDENCE).split("\n\n") == [
        "The score is 0.5. The paper says so.",
        "Narrow is as good.",
        "It holds as in Adam's paper.",
    ]
    assert told.evidence(Role.MOTIVATION)[0].standing is Standing.GONE
    measured, claimed, experiment, paper = told.evidence(Role.EVIDENCE)
    (result,) = measured.results
    assert result == told.results(Role.EVIDENCE)[0] == claimed.results[0]
    assert (result.verdict, result.claimed) == (Verdict.REPRODUCED, "0.5 ± 0.2*")
    assert measured.words == (
        "The score is 0.5: reproduced: measured 0.51 ± 0.01 (n=3), claimed 0.5 ± 0.2* "
        f"(run {names['both']})"
    )
    assert "measured" not in experiment.said
    assert names["both"] in experiment.runs
    assert (paper.title, paper.said) == (
        "Author (2015)",
        "Adam: A Method for Stochastic Optimization",
    )
    with pytest.raises(NotOnDeskError):
        story_parts(desk, slug, 2)


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(["# A", "## Idea", "### b", "words. ", "\n", "<!--", "-->", "```"]))
)
def test_no_word_of_a_story_is_lost_between_its_parts(lines: list[str]) -> None:
    text = "\n".join(lines)
    found = list(stretches(text, role_patterns()))
    assert found[-1].end == len(text)
    assert all(one.start <= one.end <= other.start for one, other in pairwise(found))
    heads = sum(line.startswith("#") for line in lines)
    assert len(found) <= heads + 1
    assert title_of(text) in ("", "A")


@given(st.text("ab *_`[]()!$\\<>\n.,", max_size=40))
def test_plain_words_are_one_line(text: str) -> None:
    assert "\n" not in plain(text)
    assert plain("**bold** `x_y` [a](b) $a_i * b_i$ .") == "bold x_y a $a_i * b_i$."


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("It keeps means and variances [[1706.02515]].", "variances (Klambauer et al., 2017)."),
        ("As shown by [[1706.02515]], it holds.", "by Klambauer et al. (2017), it holds."),
        ("[[1706.02515]] keep it.", "Klambauer et al. (2017) keep it."),
        ("It is new [[1706.02515|here]].", "It is new here."),
    ],
)
def test_a_citation_behind_words_stands_in_brackets(desk: Desk, written: str, told: str) -> None:
    slug = stories.new_story(desk, "Cited").slug
    stories.save_draft(desk, slug, f"The thread.\n\n{written}")
    assert story_parts(desk, slug).sentences()[-1].text.endswith(told)
