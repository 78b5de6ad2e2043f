"""Texts for others, written from what the desk holds."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from support.funny_runs import ended_run
from support.recipe_maker import ARM, CLAIM, write_recipe

from researchdesk.domain.papers import Metadata, Paper
from researchdesk.domain.reading import NoteKind
from researchdesk.domain.surprises import SurpriseState
from researchdesk.errors import BadInputError, NotOnDeskError, UsageProblemError
from researchdesk.services import claims, notes, stories, surprises, writing
from researchdesk.services.desk import Desk
from researchdesk.services.library import file_metadata
from researchdesk.services.story_export import story_latex
from researchdesk.services.writing import Request

_STORY = """# Why it falls

Warmth makes it fall [[run:{run}#score]].

## Problem

Nobody knew <b>why</b> <!-- hidden --> it falls [[1904.00001]].

## Idea

- Keep it **cold**.

## Evidence

The score holds [[run:{run}]].

## Weak spots

One data set.
"""


@pytest.fixture
def run(desk: Desk) -> str:
    write_recipe(desk.settings.recipes, seeds=3, toml=ARM + CLAIM)
    file_metadata(desk, Metadata("A tiny thing", ("Ada Author",), arxiv_id="2001.00001"))
    return ended_run(desk, (0.50, 0.51, 0.52))


@pytest.fixture
def slug(desk: Desk, paper: Paper, run: str) -> str:
    slug = stories.new_story(desk, "Why it falls").slug
    stories.save_draft(desk, slug, _STORY.format(run=run))
    return slug


def part(text: str, heading: str) -> str:
    """What stands under a heading of the second level."""
    return text.partition(f"## {heading}\n")[2].partition("\n## ")[0]


def test_a_review_grows_from_the_notes_by_their_steps(desk: Desk, paper: Paper) -> None:
    with pytest.raises(NotOnDeskError, match="no notes") as error:
        writing.text_of(desk, Request("review", paper.name))
    assert "researchdesk read 1904.00001" in error.value.hint
    notes.add_note(desk, paper, 1, "It is about bold.\n\n# Big", step="abstract")
    told = writing.text_of(desk, Request("review", paper.name))
    assert "pass start 1904.00001 --pass 3" in told.told[0]
    assert "There is no note of pass 3 yet" in part(told.text, "Weaknesses")
    weak = notes.add_note(
        desk, paper, 3, "No <i>spread</i>, see [[1412.6980|Adam]].", step="critique",
        quote="[a](b) --> <b>", page=4,
    )  # fmt: skip
    loose = notes.add_note(desk, paper, 3, "Loose.")
    asked = notes.mark(desk, paper, 2, "the root", text="Why?")
    known = notes.mark(desk, paper, 2, "the sum")
    notes.resolve(desk, known.id, "By induction.")
    notes.add_note(desk, paper, 3, "Clipping, unsaid.", kind=NoteKind.TRICK)
    claim = claims.add_claim(desk, paper, "94 % *here*", where="Table 2")
    text = writing.text_of(desk, Request("review", paper.name)).text
    assert text.startswith("# Review: On \\[b\\]Bold\\[/b\\] \\*Claims\\*\n")
    assert "- It is about bold.\n\n  \\# Big\n" in part(text, "Summary")
    weaknesses = part(text, "Weaknesses")
    assert (
        "- (p. 4) No &lt;i>spread&lt;/i>, see Adam.\n  > \\[a\\](b) --\\> \\<b\\>\n" in weaknesses
    )
    assert f"<!-- note:{weak.id}, pass 3 -->" in weaknesses
    assert f"- Loose.\n  <!-- note:{loose.id}, pass 3 -->" in weaknesses
    assert "no note of pass 3" not in weaknesses
    assert f"- Why?\n  > the root\n  <!-- note:{asked.id}, pass 2 -->" in part(
        text, "Questions for the authors"
    )
    assert "induction" not in text
    again = part(text, "Reproducibility")
    assert f"94 % \\*here\\*: no run has tested it. <!-- claim:{claim.slug} -->" in again
    assert "Clipping, unsaid." in again
    assert "recipe new 1904.00001" in again


def test_a_review_says_of_each_claim_what_was_run(desk: Desk, run: str) -> None:
    paper = file_metadata(desk, Metadata("A tiny thing", arxiv_id="2001.00001"))
    notes.add_note(desk, paper, 3, "Doubtful.", step="assumptions")
    text = writing.text_of(desk, Request("review", "2001.00001")).text
    again = part(text, "Reproducibility")
    assert f"The one claim is reproduced. <!-- run:{run} -->" in again
    assert (
        f"reproduced, measured 0.51 ± 0.01 (n=3), claimed 0.5 ± 0.2\\*. <!-- run:{run}#score -->"
        in again
    )
    assert "1 of 1 claim that we tested was reproduced" in part(text, "Strengths")


def test_what_is_explained_is_no_weakness_and_is_told_with_its_explanation(
    desk: Desk, run: str
) -> None:
    paper = file_metadata(desk, Metadata("A tiny thing", arxiv_id="2001.00001"))
    notes.add_note(desk, paper, 3, "Doubtful.", step="assumptions")
    other = ended_run(desk, (0.90, 0.91, 0.92))
    before = writing.text_of(desk, Request("review", "2001.00001")).text
    assert f"<!-- run:{other}#score -->" in part(before, "Weaknesses")
    kept = surprises.add_surprise(desk, "Too *high*", "0.5", "0.91", f"run:{other}#score")
    surprises.resolve(desk, kept.id, SurpriseState.EXPLAINED, "the *other* epsilon")
    text = writing.text_of(desk, Request("review", "2001.00001")).text
    assert f"run:{other}#score" not in part(text, "Weaknesses")
    told = "Explained: the \\*other\\* epsilon."
    assert f"  - funny:1: {told}\n" in part(text, "Reproducibility")
    slug = stories.new_story(desk, "Tiny").slug
    stories.save_draft(desk, slug, "# Tiny\n\n## Weak spots\n\nIt was high [[funny:1]].\n")
    report = writing.text_of(desk, Request("technical-report", slug)).text
    assert f"- Surprise: Too \\*high\\*: {told} <!-- funny:1 -->" in report
    tex, _ = story_latex(desk, slug)
    assert r"\footnote{Too {*}high{*}: Explained: the {*}other{*} epsilon (funny:1)}" in tex
    assert "Not understood yet" not in writing.text_of(desk, Request("grant", slug)).text


def test_no_claim_counts_as_tested_that_was_not(desk: Desk) -> None:
    narrow = ARM.replace('"ours"', '"narrow"')
    wide = CLAIM.replace('id = "score"', 'id = "other"').replace('"ours"', '"narrow"')
    write_recipe(desk.settings.recipes, toml=ARM + narrow + CLAIM + wide)
    paper = file_metadata(desk, Metadata("A tiny thing", arxiv_id="2001.00001"))
    notes.add_note(desk, paper, 3, "Doubtful.", step="assumptions")
    run = ended_run(desk, (0.50, 0.51, 0.52))
    text = writing.text_of(desk, Request("review", "2001.00001")).text
    assert "1 of 1 claim that we tested was reproduced" in part(text, "Strengths")
    said = "Of 2 claims, 1 is reproduced and 1 is untested."
    assert said in part(text, "Reproducibility")
    slug = stories.new_story(desk, "Tiny").slug
    stories.save_draft(desk, slug, f"# Tiny\n\n## Evidence\n\nIt holds [[run:{run}]].\n")
    assert f"It holds. {said}" in writing.text_of(desk, Request("thread", slug)).posts[0].text


def test_texts_from_a_storyline_have_its_numbers_with_their_runs(
    desk: Desk, slug: str, run: str
) -> None:
    page = writing.text_of(desk, Request("project-page", slug)).text
    assert "Nobody knew &lt;b>why&lt;/b>" in part(page, "Why it matters")
    assert "hidden" not in page
    assert f"| 0.5 ± 0.2\\* | 0.51 ± 0.01 (n=3) | ✓ reproduced | `{run}` |" in page
    assert "researchdesk reproduce 2001.00001" in part(page, "Run it")
    report = writing.text_of(desk, Request("technical-report", slug)).text
    assert f"- Run `{run}` of 2001.00001-tiny: finished, runs of an arm with a seed: 3," in report
    assert " seeds: 3, 3 s, on " in report
    assert "In all 3 s of computing" in report
    assert "Author and Writer (2019): On \\[b\\]Bold" in part(report, "References")
    grant = writing.text_of(desk, Request("grant", slug)).text
    assert "One data set." in part(grant, "Risks")
    assert "So far 3 s of computing in all" in part(grant, "Budget")
    lay = writing.text_of(desk, Request("lay-summary", slug)).text
    assert f"0.51 ± 0.01 (n=3), reproduced (run {run}) -->" in part(lay, "How do we know?")
    assert "Keep it cold." in part(lay, "What did we do?")


def test_a_sentence_that_rests_on_a_removed_run_does_not_go_out_unmarked(
    desk: Desk, slug: str, run: str
) -> None:
    said = "The score is 0.9 [[run:20200101-000000-gone]]."
    text = stories.get_draft(desk, slug).text
    stories.save_draft(desk, slug, f"{text}\n\n## Experiments\n\n{said}\n")
    gone = "run:20200101-000000-gone"
    report = writing.text_of(desk, Request("technical-report", slug))
    assert f"rests on {gone}, which is not on this desk" in part(report.text, "What is missing")
    assert any(gone in line and run not in line for line in report.told)
    page = writing.text_of(desk, Request("project-page", slug)).text
    assert f"- The score is 0.9. <!-- {gone} is not on this desk" in page
    thread = writing.text_of(desk, Request("thread", slug)).text
    assert f"<!-- {gone}, which is not on this desk" in thread


def test_posts_of_a_thread_are_counted_and_fit(desk: Desk, slug: str, run: str) -> None:
    stories.save_draft(desk, slug, stories.get_draft(desk, slug).text + "\n" + "More words. " * 60)
    thread = writing.text_of(desk, Request("thread", slug))
    assert all(post.length <= 280 for post in thread.posts)
    assert 6 < len(thread.posts) < 12
    first = thread.posts[0]
    assert first.text.startswith(
        f"1/{len(thread.posts)} Warmth makes it fall. Measured: 0.51 ± 0.01"
    )
    assert f"<!-- run:{run}#score -->" in first.comments
    assert f"{first.text}\n<!-- {first.length} of 280 characters -->\n" in thread.text


def test_a_report_in_latex_has_its_sources_beside_it(
    desk: Desk, slug: str, run: str, tmp_path: Path
) -> None:
    text, files = writing.write(
        desk, Request("technical-report", slug, form="tex"), tmp_path / "report.tex"
    )
    assert [file.path.name for file in files] == ["report.tex", "report.bib"]
    assert "\\bibliography{report}" in text.text
    assert f"0.51 $\\pm$ 0.01 (n=3) & reproduced \\\\ % run:{run}, claim score" in text.text
    assert "@misc{author2019" in files[1].path.read_text("utf-8")
    with pytest.raises(BadInputError, match="LaTeX would not find"):
        writing.write(desk, Request("technical-report", slug, form="tex"), tmp_path / "a}b.tex")
    with pytest.raises(UsageProblemError, match="in the form 'tex'"):
        writing.text_of(desk, Request("thread", slug, form="tex"))


def test_a_file_that_was_changed_is_not_written_over(desk: Desk, slug: str, tmp_path: Path) -> None:
    to, request = tmp_path / "page.md", Request("project-page", slug)
    assert writing.write(desk, request, to)[1] == [writing.File(to, changed=True)]
    assert writing.write(desk, request, to)[1] == [writing.File(to, changed=False)]
    mine = to.read_text("utf-8") + "Mine.\n"
    to.write_text(mine, "utf-8")
    assert writing.write(desk, request, to)[1] == [writing.File(to, changed=False)]
    stories.save_draft(desk, slug, "# Other\n\nIt rises.")
    beside = tmp_path / "page.new.md"
    for _ in range(2):
        (file,) = writing.write(desk, request, to)[1]
        assert (file.path, file.instead_of) == (beside, to)
    beside.write_text("mine too", "utf-8")
    assert writing.write(desk, request, to)[1][0].path == tmp_path / "page.new-2.md"
    assert to.read_text("utf-8") == mine
    assert beside.read_text("utf-8") == "mine too"


_POINTS = "# Reviewer 1\n\nIs the *score* 0.5?\n\n- Where are --> transformers?\n"


def test_a_rebuttal_suggests_runs_and_keeps_answers(
    desk: Desk, slug: str, run: str, tmp_path: Path
) -> None:
    to = tmp_path / "answer.md"
    request = Request("rebuttal", slug, points=_POINTS, points_from="points.md")
    writing.write(desk, request, to)
    first = to.read_text("utf-8")
    assert "> Is the \\*score\\* 0.5?" in first
    assert f"[[run:{run}#score]]" in first
    assert "(in common: score)" in first
    assert "No run yet: this would be an experiment" in first
    assert "investigate new 'R1.2: Where are - -> transformers?'" in first
    where = first.index(_PROMPT) + len(_PROMPT)
    answered = f"{first[:where]}\n\nYes [[run:{run}#score]].\n{first[where:]}"
    to.write_text(answered.replace("# Rebuttal", "# Our rebuttal"), "utf-8")
    more = replace(request, points=f"{_POINTS}\n- And seeds?\n")
    told = writing.write(desk, more, to)[0].told
    second = to.read_text("utf-8")
    assert second.startswith("# Our rebuttal")
    assert f"Yes [[run:{run}#score]]." in second
    assert "Backed by:\n\n- The score is 0.5: reproduced: measured 0.51 ± 0.01 (n=3)" in second
    assert second.index("And seeds?") > second.index("transformers")
    assert told[:2] == ("1 of 3 points answered.", "To answer: R1.2, R1.3.")
    assert "New, put at the end: R1.3." in told
    to.write_text(second.replace("Yes [[", "Yes [[run:20200101-000000-gone]] [["), "utf-8")
    warned = writing.write(desk, more, to)[0].warnings
    third = to.read_text("utf-8")
    assert "<!-- run:20200101-000000-gone is not on this desk, and backs nothing. -->" in third
    assert third.count("Backed by:\n\n- The score is 0.5") == 1
    assert "\n- run:20200101-000000-gone" not in third
    assert warned == ("Linked in an answer, and not on this desk: run:20200101-000000-gone.",)
    of_paper = writing.text_of(desk, replace(request, ref="2001.00001")).text
    assert f"[[run:{run}#score]]" in of_paper
    with pytest.raises(BadInputError, match=r"points\.md has no point"):
        writing.text_of(desk, replace(request, points="\n"))
    foreign = tmp_path / "other.md"
    foreign.write_text("Not ours.", "utf-8")
    (file,) = writing.write(desk, request, foreign)[1]
    assert (file.path.name, file.instead_of) == ("other.new.md", foreign)


@pytest.mark.parametrize("times", [1, 99], ids=["once", "again and again"])
def test_an_answer_saved_while_evidence_is_looked_for_stays(
    desk: Desk,
    slug: str,
    run: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    times: int,
) -> None:
    to = tmp_path / "answer.md"
    request = Request("rebuttal", slug, points=_POINTS, points_from="points.md")
    writing.write(desk, request, to)
    saved: list[str] = []

    def slowly(*given: Any) -> dict[str, str]:
        found = looked_for(*given)
        if len(saved) < times:
            saved.append(f"Yes, {len(saved) + 1} [[run:{run}#score]].")
            text = to.read_text("utf-8")
            to.write_text(text.replace(_PROMPT, f"{_PROMPT}\n\n{saved[-1]}", 1), "utf-8")
        return found

    looked_for = writing.point_bodies
    monkeypatch.setattr(writing, "point_bodies", slowly)
    told = writing.write(desk, request, to)[0].told
    text = to.read_text("utf-8")
    assert saved
    assert [words in text for words in saved] == [True] * len(saved)
    assert told[0] == "1 of 2 points answered."
    assert "Backed by:\n\n- The score is 0.5" in text
    assert len(saved) < 9


def test_a_point_that_no_reviewer_says_any_more_is_named_and_keeps_no_number(
    desk: Desk, slug: str, run: str, tmp_path: Path
) -> None:
    to = tmp_path / "answer.md"
    request = Request("rebuttal", slug, points="# Reviewer 2\n\n- Measure it.\n- The title is odd.")
    writing.write(desk, request, to)
    first = to.read_text("utf-8")
    assert "investigate new 'R2.2" not in first
    assert "<!-- Nothing on this desk was found that speaks of it. -->" in first
    where = first.rindex(_PROMPT) + len(_PROMPT)
    to.write_text(f"{first[:where]}\nSee [[run:{run}#typo]].\n{first[where:]}", "utf-8")
    other = replace(request, points="# Reviewer 2\n\n- Measure it.\n- A new point.")
    text = writing.write(desk, other, to)[0]
    said = to.read_text("utf-8")
    assert (
        "In no review any more: R2.2 “The title is odd.”; it stays, with its answer." in text.told
    )
    assert text.warnings == (f"Linked in an answer, and not on this desk: run:{run}#typo.",)
    assert said.count("\n### R2.2\n") == 1
    assert "### R2.2 (in no review any more)\n\n> The title is odd." in said
    assert writing.write(desk, other, to)[1][0].changed is False
    writing.write(desk, request, to)
    back = to.read_text("utf-8")
    assert "### R2.2\n\n> The title is odd." in back
    assert "### R2.2 (in no review any more)\n\n> A new point." in back


_PROMPT = "<!-- Your answer, below. It is kept whenever this is written again. -->"


def test_a_template_of_ones_own_is_a_file(desk: Desk, slug: str, paper: Paper) -> None:
    own = writing.own_folder(desk)
    own.mkdir(parents=True)
    (own / "poster.md.j2").write_text("{# for: A poster.\nref: story #}\n# {{ title }}\n", "utf-8")
    (own / "thread.md.j2").write_text("{# ref: story\nposts: 60 #}{{ thread.text }} " * 5, "utf-8")
    (own / "broken.md.j2").write_text("no head", "utf-8")
    (own / "evil.md.j2").write_text(
        "{# ref: story #}{{ title.__class__.__mro__[1].__subclasses__() }}", "utf-8"
    )
    found = {item.name: item for item in writing.templates(desk)}
    assert found["poster"].purpose == "A poster."
    assert (found["thread"].posts, "broken" in found) == (60, False)
    assert writing.text_of(desk, Request("poster", slug)).text == "# Why it falls\n"
    assert len(writing.text_of(desk, Request("thread", slug)).posts) == 3
    with pytest.raises(BadInputError, match=r"evil\.md\.j2 cannot be used"):
        writing.text_of(desk, Request("evil", slug))
    with pytest.raises(NotOnDeskError, match="no template 'broken'"):
        writing.get_template(desk, "broken")


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        (Request("review", "why-it-falls"), "is no paper"),
        (Request("grant", "1904.00001"), "is no storyline"),
        (Request("rebuttal", "why-it-falls"), "wants reviewers' points"),
        (Request("grant", "why-it-falls", points="x"), "takes no reviewers' points"),
        (Request("review", "1904.00001", draft=1), "is of no draft"),
    ],
)
def test_what_does_not_go_together_is_said(
    desk: Desk, slug: str, request_: Request, says: str
) -> None:
    with pytest.raises(UsageProblemError, match=says):
        writing.text_of(desk, request_)


_HOSTILE = (
    "--> <script>x</script> <!-- [a](http://e.x) ![p](http://e.x) <http://e.x> |\n# h\n\n```\n"
    "\\input{x} {{ 7*7 }}"
)


def test_words_from_outside_become_neither_html_nor_marks(
    desk: Desk, run: str, tmp_path: Path
) -> None:
    paper = file_metadata(desk, Metadata(_HOSTILE, (_HOSTILE,), arxiv_id="2002.00002"))
    note = notes.add_note(desk, paper, 3, "<i>No</i>", quote=_HOSTILE, step="critique")
    notes.mark(desk, paper, 3, _HOSTILE, text="Why?\n\n```\n<b>")
    claims.add_claim(desk, paper, _HOSTILE, where=_HOSTILE, quote=_HOSTILE)
    slug = stories.new_story(desk, _HOSTILE).slug
    stories.save_draft(desk, slug, f"It falls [[2002.00002]] [[note:{note.id}]] [[run:{run}]].")
    asked = Request("rebuttal", slug, points=f"# R1 {_HOSTILE}\n\n- {_HOSTILE}")
    requests = [Request("review", "2002.00002"), asked, replace(asked, ref="2002.00002")]
    names = ("project-page", "technical-report", "grant", "lay-summary", "thread")
    requests += [Request(name, slug) for name in names]
    for request in requests:
        text = writing.text_of(desk, request).text
        tokens = MarkdownIt("commonmark").parse(text)
        every = [*tokens, *(child for token in tokens for child in token.children or ())]
        html = [token.content for token in every if token.type.startswith("html")]
        assert [one for one in html if re.sub(r"<!--.*?-->", "", one, flags=re.S).strip()] == []
        marks = [token for token in every if token.type in ("link_open", "image")]
        leads = {str(token.attrGet("href") or token.attrGet("src")) for token in marks}
        assert [to for to in leads if not to.startswith("https://arxiv.org")] == [], request.name
        assert "49" not in text
    text, _ = writing.write(desk, Request("technical-report", slug, "tex"), tmp_path / "r.tex")
    assert "\\input" not in text.text
    writing.write(desk, asked, tmp_path / "answer.md")
    assert writing.write(desk, asked, tmp_path / "answer.md")[1][0].changed is False
