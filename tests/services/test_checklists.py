"""Checklists put to runs, papers, stories, folders; a person's answers beside the desk's."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from support.faketime import FakeTime
from support.story_runs import story_runs

from researchdesk.config import Settings
from researchdesk.domain import record_checks
from researchdesk.domain.checklist_facts import Facts, RunKept
from researchdesk.domain.checklists import Answer, Answered, Sheet
from researchdesk.domain.recipes import ClaimKind
from researchdesk.domain.runs import RunState, RunSummary, Task
from researchdesk.domain.verdicts import ClaimResult, Verdict
from researchdesk.errors import BadInputError, NotOnDeskError, UsageProblemError
from researchdesk.services import checklists, notes, reading, stories
from researchdesk.services.checklist_text import markdown_of
from researchdesk.services.checklists import ANSWERERS, answer, get_checklist, sheet_of
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.library import get_paper
from researchdesk.services.reports import report_of
from researchdesk.services.run_recipes import recipe_in
from researchdesk.services.run_summaries import summary
from researchdesk.services.subjects import subject_of

Ran = tuple[Desk, dict[str, str]]
MINE = """
title = "Before it goes out"
source = "Ours"
[[items]]
id = "kind"
question = "Is it kind?"
why = "People read it"
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    """A desk with runs, and their ids."""
    place = tmp_path_factory.mktemp("ran")
    opened = open_desk(Settings(desk=place / "desk", state=place / "state"), FakeTime().clock)
    yield opened, story_runs(opened)
    opened.close()


def at(sheet: Sheet, item: str) -> Answered:
    return next(one for one in sheet.items if one.item.id == item)


def said(item: Answered) -> str:
    """All that the desk says of an item."""
    evidence = [f"{one.text} {one.ref}" for one in item.found.evidence]
    return "\n".join((item.found.answer, *evidence, *item.found.lacks, *item.found.mend))


def test_shipped_lists_can_be_read_and_the_storys_rules_are_none_of_them(desk: Desk) -> None:
    found = {one.name: one for one in checklists.all_checklists(desk)}
    assert {"release", "reproducibility", "scientist"} <= set(found)
    assert "storyline" not in found
    assert checklists.checklist_problems(desk) == []
    used = {item.answered_by for one in found.values() for item in one.items}
    assert set(ANSWERERS) <= used
    with pytest.raises(NotOnDeskError) as told:
        get_checklist(desk, "storyline")
    assert "story missing" in told.value.hint
    with pytest.raises(NotOnDeskError) as told:
        get_checklist(desk, "relaese")
    assert "'release'" in told.value.hint


def test_a_file_of_the_users_takes_the_place_of_a_shipped_one(desk: Desk) -> None:
    own = desk.root / "checklists"
    (own / "folder.toml").mkdir(parents=True)
    (own / "release.toml").write_text(MINE)
    assert checklists.checklist_problems(desk) == []
    assert [item.id for item in get_checklist(desk, "release").items] == ["kind"]
    (own / "release.toml").write_text(MINE.replace("question", "qestion"))
    assert "release" not in [one.name for one in checklists.all_checklists(desk)]
    assert "line 6: items[1].qestion" in checklists.checklist_problems(desk)[0]
    with pytest.raises(BadInputError, match="qestion"):
        get_checklist(desk, "release")


@pytest.mark.slow
def test_runs_answer_with_their_counts_and_what_mends_the_rest(ran: Ran) -> None:
    desk, ids = ran
    sheet = sheet_of(desk, "reproducibility", ids["both"])
    assert sheet.of == f"run:{ids['both']}"
    seeds = at(sheet, "seeds")
    assert "fewer than 5 seeds" in said(seeds)
    assert "researchdesk reproduce 2001.00001 --seeds 5" in seeds.found.mend
    assert at(sheet, "hardware").answer is Answer.YES
    assert "numpy" in said(at(sheet, "versions"))
    took = at(sheet, "time")
    assert (took.answer, "of computing, the longest" in said(took)) == (Answer.YES, True)
    assert "SHA-256" in said(at(sheet, "code-kept"))
    assert at(sheet, "committed").answer is Answer.NO
    assert at(sheet, "assumptions").answer is Answer.UNKNOWN
    exact = at(sheet_of(desk, "reproducibility", ids["count"]), "seeds")
    assert (exact.answer, "exact" in said(exact)) == (Answer.YES, True)
    scientist = sheet_of(desk, "scientist", ids["both"])
    assert "beside what they were changed from: narrow" in said(at(scientist, "ablation"))
    assert at(scientist, "comparison").answer is Answer.NO
    assert "baselines run: adam" in said(at(sheet_of(desk, "scientist", ids["adam"]), "comparison"))
    alone = at(sheet_of(desk, "scientist", ids["narrow"]), "ablation")
    assert "not run beside their parent" in said(alone)
    assert "every event, the environment" in said(at(scientist, "saved"))
    (desk.settings.runs / ids["one"] / "environment.json").unlink()
    again = sheet_of(desk, "scientist", ids["one"])
    assert at(again, "saved").answer is Answer.PARTLY
    hardware = at(sheet_of(desk, "reproducibility", ids["one"]), "hardware")
    assert hardware.answer is Answer.NO


def test_a_seed_that_was_run_again_and_agrees_is_evidence(ran: Ran) -> None:
    desk, ids = ran
    alone = at(sheet_of(desk, "scientist", ids["adam"]), "reproducible")
    assert alone.answer is Answer.UNKNOWN
    first = desk.settings.runs / ids["adam"]
    again = shutil.copytree(first, first.with_name("20300101-000000-again"))
    agrees = at(sheet_of(desk, "scientist", ids["adam"]), "reproducible")
    assert (agrees.answer, f"run:{again.name}" in said(agrees)) == (Answer.YES, True)
    events = again / "events.jsonl"
    events.write_text(events.read_text().replace('"score": 0.51', '"score": 0.77'))
    for name in again.glob("outline*"):
        name.unlink()
    differs = at(sheet_of(desk, "scientist", ids["adam"]), "reproducible")
    assert differs.answer is Answer.NO
    assert "gave other numbers" in said(differs)


def test_a_story_is_asked_what_it_cites_and_where_it_is_weak(ran: Ran) -> None:
    desk, ids = ran
    slug = stories.new_story(desk, "Why it is tiny").slug
    empty = sheet_of(desk, "scientist", slug)
    assert at(empty, "literature").answer is Answer.UNKNOWN
    assert f"story edit {slug} --template weak-spots" in said(at(empty, "weak-spots"))
    text = f"It is tiny [[run:{ids['both']}]] beside [[1412.6980]].\n"
    text += "\n## Weak spots\n\nOne data set.\n"
    stories.save_draft(desk, slug, text)
    sheet = sheet_of(desk, "scientist", f"story:{slug}")
    assert at(sheet, "weak-spots").answer is Answer.YES
    thread = at(sheet, "one-idea")
    assert (thread.answer, "“It is tiny beside.”" in said(thread)) == (Answer.YES, True)
    assert "1 run and 1 paper linked" in said(at(sheet, "backed"))
    assert "1 claim with what would contradict it" in said(at(sheet, "refutation"))
    assert "researchdesk read 1412.6980 --pass 1" in said(at(sheet, "literature"))
    # the paper of the run, and the run itself, are told of in it
    for of in (summary(desk, ids["both"]).arxiv_id, f"run:{ids['both']}"):
        other = sheet_of(desk, "scientist", str(of))
        assert f"1 run and 1 paper linked story:{slug}" in said(at(other, "backed")), of
        assert at(other, "weak-spots").answer is Answer.YES
    stories.save_draft(desk, slug, "It is tiny.")
    assert at(sheet_of(desk, "scientist", ids["both"]), "backed").answer is Answer.UNKNOWN
    stories.save_draft(desk, slug, text)
    adam = get_paper(desk, "1412.6980")
    for number in (1, 2):
        reading.start_pass(desk, adam, number)
        notes.add_note(desk, adam, number, "It is a rule for steps.")
        reading.finish_pass(desk, adam, number)
    read = at(sheet_of(desk, "scientist", slug), "literature")
    assert (read.answer, "pass 1, 2 finished, 2 notes" in said(read)) == (Answer.YES, True)


def test_a_persons_answer_is_kept_beside_the_desks_and_can_be_taken_back(ran: Ran) -> None:
    desk, ids = ran
    sheet = sheet_of(desk, "reproducibility", ids["both"])
    for item, given, why in (("seeds", Answer.YES, "enough"), ("seeds", Answer.NO, "or not"),
                             ("harm", Answer.NOT_APPLICABLE, "[b]none[/b] known")):  # fmt: skip
        sheet = answer(desk, sheet, item, given, why)
    assert sheet == sheet_of(desk, "reproducibility", f"run:{ids['both']}")
    seeds = at(sheet, "seeds")
    assert (seeds.answer, seeds.is_own, seeds.found.answer) == (Answer.NO, True, seeds.found.answer)
    assert [one.answer for one in seeds.earlier] == [Answer.YES]
    assert at(sheet_of(desk, "reproducibility", ids["adam"]), "harm").answer is Answer.UNKNOWN
    text = markdown_of(desk, sheet)
    assert "not applicable (by the authors). \\[b\\]none\\[/b\\] known" in text
    assert "(`run:" in text
    sheet = answer(desk, sheet, "seeds", None)
    assert not at(sheet, "seeds").is_own
    assert len(at(sheet, "seeds").earlier) == 2
    for item, given in (("seeds", None), ("sedes", Answer.YES)):
        with pytest.raises(UsageProblemError):
            answer(desk, sheet, item, given)


def put(desk: Desk, run: RunSummary, name: str) -> tuple[Answer, str]:
    """What an answerer says of a run that was changed in memory."""
    recipe, report = recipe_in(desk, run.id), report_of(desk, run.id)
    kept = RunKept(run, recipe, report.claims, report.environment)
    found = ANSWERERS[name](Facts(subject_of(desk, run.id), (kept,)))
    return found.answer, "; ".join((*(one.text for one in found.evidence), *found.lacks))


def test_a_name_mistyped_is_answered_with_the_one_that_was_meant(desk: Desk) -> None:
    with pytest.raises(NotOnDeskError) as error:
        sheet_of(desk, "reproducibilty", "")
    assert error.value.hint == "Did you mean 'reproducibility'?"


def test_models_are_not_asked_of_code_that_trains_nothing(ran: Ran) -> None:
    desk, ids = ran
    run, recipe = summary(desk, ids["count"]), recipe_in(desk, ids["count"])
    facts = Facts(runs=(RunKept(run, recipe, trains=False),))
    found = ANSWERERS["trained models"](facts)
    assert (found.answer, recipe.name in found.lacks[0]) == (Answer.NOT_APPLICABLE, True)
    both = replace(facts, runs=(*facts.runs, RunKept(run, recipe)))
    assert ANSWERERS["trained models"](both).answer is Answer.NO


def test_what_was_quick_or_stopped_or_failed_is_never_a_plain_yes(ran: Ran) -> None:
    desk, ids = ran
    run = summary(desk, ids["count"])
    failed = {Task("exact", 1): "it fell"}
    for changed, words in (
        (replace(run, quick=True), "quick run"),
        (replace(run, state=RunState.INTERRUPTED), "is interrupted: 1 of 1 seeds finished"),
        (replace(run, failures=failed), "1 seed failed in"),
        (replace(run, recipe_digest="0" * 64), "is not what was run"),
        (replace(run, missing={"big": "no GPU"}), "not run in"),
    ):
        for name in ("seeds", "error bars", "verdicts"):
            answer_, told = put(desk, changed, name)
            assert (answer_ is Answer.YES, words in told) == (False, True), (name, told)
    assert put(desk, replace(run, recipe_digest="0" * 64), "settings")[0] is Answer.PARTLY
    assert put(desk, run, "seeds")[0] is Answer.YES
    assert put(desk, replace(run, failures=failed), "time")[0] is Answer.PARTLY
    assert put(desk, replace(run, quick=True), "comparison")[0] is Answer.NO


def test_checks_that_were_not_made_are_told_and_one_that_failed_is_a_no(ran: Ran) -> None:
    desk, ids = ran
    run = summary(desk, ids["both"])
    good, bad, open_ = ({"name": name, "ok": ok, "message": "m"}
                        for name, ok in (("a", True), ("b", False), ("c", None)))  # fmt: skip
    assert put(desk, replace(run, checks=(good,)), "checks")[0] is Answer.YES
    assert put(desk, replace(run, checks=(good, open_)), "checks")[0] is Answer.PARTLY
    assert put(desk, replace(run, checks=(bad,)), "checks")[0] is Answer.NO
    assert put(desk, replace(run, checks=(open_,)), "checks")[0] is Answer.UNKNOWN
    not_run = {**open_, "state": "not run"}
    assert put(desk, replace(run, checks=(good, not_run)), "checks")[0] is Answer.YES
    twice = {**bad, "name": record_checks.TWICE}
    assert put(desk, replace(run, checks=(twice,)), "deterministic")[0] is Answer.NO


def test_a_difference_is_no_more_than_its_test_shows(ran: Ran) -> None:
    desk, ids = ran
    run, recipe = summary(desk, ids["adam"]), recipe_in(desk, ids["adam"])
    told = replace(recipe.claims[0], id="gap", kind=ClaimKind.ORDERING, versus="adam", claimed=0.0)
    recipe = replace(recipe, claims=(told,))
    for p, adjusted, verdict, wanted in (
        (0.01, 0.02, Verdict.REPRODUCED, Answer.YES),
        (0.01, 0.06, Verdict.IMPRECISE, Answer.NO),
        (0.4, None, Verdict.IMPRECISE, Answer.NO),
        (None, None, Verdict.UNTESTED, Answer.NO),
    ):
        result = ClaimResult("gap", verdict, "", test="Welch t", p=p, p_adjusted=adjusted)
        kept = RunKept(run, recipe, (result,))
        assert ANSWERERS["differences"](Facts(runs=(kept,))).answer is wanted, p
    assert ANSWERERS["comparison"](Facts(runs=(kept,))).answer is Answer.YES
    fewer = tuple(one for one in run.results if (one.task.arm, one.task.seed) != ("adam", 1))
    found = ANSWERERS["comparison"](Facts(runs=(RunKept(replace(run, results=fewer), recipe),)))
    assert (found.answer, "on other seeds" in found.lacks[0]) == (Answer.PARTLY, True)


def test_questions_are_no_weak_spots_and_bare_sentences_no_evidence(ran: Ran) -> None:
    desk, ids = ran
    slug = stories.new_story(desk, "What it lacks").slug
    text = f"It is tiny.\n\nIt is so [[run:{ids['both']}]]. The world is flat.\n"
    stories.save_draft(desk, slug, f"{text}\n## Weak spots\n\nWhere does it fail?\n")
    sheet = sheet_of(desk, "scientist", slug)
    assert at(sheet, "weak-spots").answer is Answer.NO
    assert "1 sentence with no link (line 3)" in said(at(sheet, "backed"))


def test_slides_are_a_file(desk: Desk, tmp_path: Path) -> None:
    own = desk.root / "checklists"
    own.mkdir()
    (own / "slides.toml").write_text(f'about = "slides"\n{MINE}')
    (tmp_path / "talk.md").write_text("# One\n")
    assert sheet_of(desk, "slides", str(tmp_path / "talk.md")).title == "talk.md"
    with pytest.raises(NotOnDeskError):
        sheet_of(desk, "slides", str(tmp_path / "none.md"))
    with pytest.raises(UsageProblemError):
        sheet_of(desk, "slides")
