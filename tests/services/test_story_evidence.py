"""What a storyline links, with what it says now and what it said when it was written."""

import pytest
from support.funny_runs import ended_run
from support.recipe_maker import write_recipe

from researchdesk.domain.evidence import Standing
from researchdesk.domain.papers import Metadata
from researchdesk.domain.syncing import Withdrawal
from researchdesk.errors import NotOnDeskError
from researchdesk.services import claims, notes, stories, story_evidence, story_missing, surprises
from researchdesk.services.desk import Desk
from researchdesk.services.library import file_metadata, get_paper
from researchdesk.services.runs import remove_run
from researchdesk.services.story_evidence import Linked, Mark
from researchdesk.services.story_parts import story_parts
from researchdesk.storage import synced


@pytest.fixture
def slug(desk: Desk) -> str:
    write_recipe(desk.settings.recipes)
    paper = file_metadata(desk, Metadata("A tiny thing", arxiv_id="2001.00001"))
    claims.add_claim(desk, paper, "The score is 0.5")
    return stories.new_story(desk, "Why").slug


CLAIM = "claim:2001.00001-1"
TEXT = f"It holds [[{CLAIM}]]."


def link(desk: Desk, slug: str, text: str = TEXT) -> Linked:
    (line,) = story_evidence.lines_with_evidence(desk, slug, text)
    (linked,) = line.links
    assert (line.mark, line.news) == (linked.mark, linked.news)
    return linked


def test_lines_with_their_links_in_order(desk: Desk, slug: str) -> None:
    text = (
        "# T\n\nOf [[2001.00001]] and\n[[funny:1]], [[funny:1]] and [[2001.00001]].\n\n"
        "`[[note:1]]`\n"
    )
    found = story_evidence.lines_with_evidence(desk, slug, text)
    assert [(line.line, [item.ref for item in line.links]) for line in found] == [
        (2, ["2001.00001"]),
        (3, ["funny:1", "2001.00001"]),
    ]
    assert [line.mark for line in found] == [Mark.PLAIN, Mark.GONE]
    assert found[0].links[0].title == "A tiny thing"
    with pytest.raises(NotOnDeskError):
        story_evidence.lines_with_evidence(desk, "nothing", text)


def test_what_is_not_decided_is_marked_when_a_run_decides_it(desk: Desk, slug: str) -> None:
    stories.save_draft(desk, slug, TEXT)
    undecided = link(desk, slug)
    assert (undecided.mark, undecided.news) == (Mark.OPEN, False)
    ended_run(desk, (0.49, 0.5, 0.51))
    after = link(desk, slug)
    assert (after.mark, after.news, after.before) == (Mark.CHANGED, True, undecided.said)
    assert after.said.startswith("reproduced")
    stories.save_draft(desk, slug, f"{TEXT} And more.")
    assert link(desk, slug).mark is Mark.CHANGED
    assert story_evidence.acknowledge(desk, slug, [CLAIM, "no such: ref"]) == [CLAIM]
    seen = link(desk, slug)
    assert (seen.mark, seen.news) == (Mark.HOLDS, False)


def test_what_is_contradicted_stays_marked_and_is_news_until_it_is_seen(
    desk: Desk, slug: str
) -> None:
    stories.save_draft(desk, slug, TEXT)
    ended_run(desk, (0.89, 0.9, 0.91))
    found = link(desk, slug)
    assert (found.mark, found.news) == (Mark.CONTRADICTED, True)
    story_evidence.acknowledge(desk, slug, [CLAIM])
    found = link(desk, slug)
    assert (found.mark, found.news) == (Mark.CONTRADICTED, False)


def test_what_was_contradicted_before_it_was_written_wants_to_be_seen_too(
    desk: Desk, slug: str
) -> None:
    ended_run(desk, (0.89, 0.9, 0.91))
    stories.save_draft(desk, slug, TEXT)
    found = link(desk, slug)
    assert (found.mark, found.news, found.before) == (Mark.CONTRADICTED, True, "")


def test_a_run_that_is_removed_is_gone(desk: Desk, slug: str) -> None:
    run_id = ended_run(desk, (0.49, 0.5, 0.51))
    text = f"It holds [[run:{run_id}#score]]."
    stories.save_draft(desk, slug, text)
    assert link(desk, slug, text).mark is Mark.HOLDS
    remove_run(desk, run_id)
    found = link(desk, slug, text)
    assert (found.mark, found.news) == (Mark.GONE, True)


def test_a_thing_that_comes_later_is_no_change(desk: Desk, slug: str) -> None:
    text = "Funny [[funny:1]]."
    stories.save_draft(desk, slug, text)
    assert link(desk, slug, text).mark is Mark.GONE
    surprises.add_surprise(desk, "odd", "falls", "rises")
    assert link(desk, slug, text).news is False
    stories.save_draft(desk, slug, f"{text} More.")
    assert link(desk, slug, text).before == link(desk, slug, text).said


def test_what_leans_on_a_paper_that_is_not_what_it_was_is_marked(desk: Desk, slug: str) -> None:
    """As its notes and claims are: where their version was withdrawn, or replaced, since."""
    paper = get_paper(desk, "2001.00001")
    note = notes.add_note(desk, paper, 1, "It says so.")
    refs = ["2001.00001", CLAIM, f"note:{note.id}"]
    text = "".join(f"It is 0.{at} [[{ref}]].\n\n" for at, ref in enumerate(refs))
    stories.save_draft(desk, slug, text)

    def told() -> list[tuple[str, Mark, bool]]:
        lines = story_evidence.lines_with_evidence(desk, slug, text)
        return [(item.said, item.mark, item.news) for line in lines for item in line.links]

    def missing() -> list[str]:
        found = story_missing.missing_of(desk, f"The thread.\n\n{text}")
        return [item.message for item in found if item.rule == "evidence that changed"]

    before = told()
    assert (len(before), missing()) == (3, [])
    for latest, withdrawn, words in (
        (2, None, "v2 is out; this was read in v1"),
        (3, Withdrawal(3, "Lemma 2 is false"), "withdrawn in v3: Lemma 2 is false"),
    ):
        with desk.database.writing() as db:
            synced.set_state(db, paper.id, latest, withdrawn, desk.clock())
        now = [(f"{said}; {words}", Mark.CHANGED, True) for said, _, _ in before]
        assert told() == now
        assert missing() == [f"What it leans on is not what it was: {r}: {words}." for r in refs]
        story_evidence.acknowledge(desk, slug, refs)
        assert told() == [
            (said, mark, False) for (said, *_), (_, mark, _) in zip(now, before, strict=True)
        ]
        assert len(missing()) == 3


@pytest.mark.parametrize(
    ("said", "mark"),
    [
        ("The one that does not hold is the score [[{}]]: 0.9 against 0.5.", Mark.PLAIN),
        ("The one that does not is\nthe score [[{}]].", Mark.PLAIN),
        ("The score cannot be reproduced [[{}]].", Mark.PLAIN),
        ("Twenty-one of the twenty-two claims hold [[{}]].", Mark.PLAIN),
        ("Twenty of the twenty claims hold [[{}]].", Mark.CONTRADICTED),
        ("It needs no norm and is not slow [[{}]].", Mark.CONTRADICTED),
        ("It does not differ from what is printed [[{}]].", Mark.CONTRADICTED),
        ("It holds [[{}]], and the other does not [[note:1]].", Mark.CONTRADICTED),
        ("It does not hold [[{0}]]. It holds [[{0}]].", Mark.CONTRADICTED),
    ],
)
def test_what_the_sentence_itself_says_not_to_hold_is_no_contradiction(
    desk: Desk, slug: str, said: str, mark: Mark
) -> None:
    ended_run(desk, (0.89, 0.9, 0.91))
    text = said.format(CLAIM)
    stories.save_draft(desk, slug, text)
    line = story_evidence.lines_with_evidence(desk, slug, text)[-1]
    found = line.links[0]
    assert (found.mark, found.news) == (mark, mark is Mark.CONTRADICTED)
    kept = [item.standing for item in story_parts(desk, slug).evidence() if item.ref == CLAIM]
    assert (Standing.AGAINST in kept) is (mark is Mark.CONTRADICTED)
