"""What a linked thing says now."""

import os
import shutil

import pytest
from support.funny_runs import ended_run
from support.recipe_maker import write_recipe

from researchdesk.domain.surprises import Doubt, Side, SurpriseState
from researchdesk.services import evidence, explaining, ideas, investigations, notes, surprises
from researchdesk.services.claims import add_claim
from researchdesk.services.evidence import Standing
from researchdesk.services.ideas import IdeaState
from researchdesk.services.reproduction import ReproduceOptions, reproduce


def told(desk, ref):
    state = evidence.state_of(desk, ref)
    return state.said, state.standing


@pytest.mark.parametrize(
    "ref",
    ["", "no link", "funny:9", "idea:9", "note:9", "watch:9", "run:20260101-000000-x", "claim:no",
     "investigation:9", "experiment:9.1", "1234.56789", "run:../../etc#a"],
)  # fmt: skip
def test_what_is_not_there_is_gone(desk, ref):
    assert evidence.state_of(desk, ref).standing is Standing.GONE


def test_a_paper_and_a_note_are_plain(desk, paper):
    note = notes.add_note(desk, paper, 1, "Loss [/b] rises")
    assert told(desk, "arXiv:1904.00001v1") == ("v2", Standing.PLAIN)
    assert evidence.state_of(desk, f"note:{note.id}").title == "Loss [/b] rises"
    notes.delete_note(desk, note.id)
    assert evidence.state_of(desk, f"note:{note.id}").standing is Standing.GONE


def test_a_surprise_says_its_state(desk, paper):
    number = surprises.add_surprise(desk, "odd", "1", "2", "1904.00001").id
    ref = f"funny:{number}"
    assert told(desk, ref) == ("noticed", Standing.OPEN)
    for doubt in Doubt:
        explaining.file_evidence(desk, number, doubt, Side.FOR, "1904.00001")
    surprises.resolve(desk, number, SurpriseState.STANDING)
    assert told(desk, ref) == ("standing", Standing.HOLDS)
    surprises.resolve(desk, number, SurpriseState.DROPPED, "a typo")
    assert told(desk, ref) == ("dropped", Standing.AGAINST)


def test_a_surprise_whose_grounds_are_gone_is_open(desk, paper):
    number = surprises.add_surprise(desk, "odd", "1", "2").id
    ref = f"funny:{number}"
    filed = [explaining.file_evidence(desk, number, doubt, "for", paper.name) for doubt in Doubt]
    surprises.resolve(desk, number, SurpriseState.STANDING)
    against = [explaining.file_evidence(desk, number, "trust", "against", "", w) for w in "ab"]
    assert told(desk, ref) == ("standing, more speaks against it", Standing.OPEN)
    for item in (*filed, *against):
        explaining.withdraw_evidence(desk, number, item.id)
    assert told(desk, ref) == ("standing, its evidence was withdrawn", Standing.OPEN)
    for item in filed:
        explaining.give_back_evidence(desk, number, item.id)
    assert told(desk, ref) == ("standing", Standing.HOLDS)


def test_what_an_explanation_explains_is_open_once_it_is_ruled_out(desk):
    number = surprises.add_surprise(desk, "odd", "1", "2").id
    ref = f"funny:{number}"
    explaining.explain(desk, number, "a bug")
    surprises.resolve(desk, number, SurpriseState.EXPLAINED, by="A")
    assert told(desk, ref) == ("explained", Standing.HOLDS)
    explaining.rule_out(desk, number, "A", "same with theirs")
    assert told(desk, ref) == ("explained, A was ruled out", Standing.OPEN)
    surprises.resolve(desk, number, SurpriseState.EXPLAINED, "Adam's epsilon")
    assert told(desk, ref) == ("explained", Standing.HOLDS)


def test_a_claim_is_tested_however_many_other_runs_came_after(desk, paper, fake_time):
    write_recipe(desk.settings.recipes, arxiv_id="1904.00001")
    claim = add_claim(desk, paper, "The score is 0.5", value=0.5)
    first = ended_run(desk, (0.5, 0.51, 0.52), recipe="1904.00001-tiny")
    runs = desk.settings.runs
    os.utime(runs / first / "events.jsonl", (1, 1))
    for number in range(260):
        other = shutil.copytree(runs / first, runs / f"20270101-000000-other-{number:03}")
        text = (other / "config.toml").read_text()
        (other / "config.toml").write_text(text.replace("1904.00001", "2001.00002"))
        os.utime(other / "events.jsonl", (2, 2))
    assert told(desk, f"claim:{claim.slug}") == ("reproduced: 0.51 (n=3)", Standing.HOLDS)


def test_a_run_under_way_has_no_claim_that_its_recipe_has_not(desk):
    write_recipe(desk.settings.recipes)
    run = ended_run(desk)
    log = desk.settings.runs / run / "events.jsonl"
    log.write_text("".join(log.read_text().splitlines(keepends=True)[:-1]))
    assert told(desk, f"run:{run}#score")[1] is Standing.OPEN
    assert told(desk, f"run:{run}#nosuch")[1] is Standing.GONE


def test_ideas_and_investigations_say_their_state(desk):
    idea = ideas.add_idea(desk, "Warm up longer")
    assert told(desk, f"idea:{idea.id}") == ("open", Standing.OPEN)
    ideas.settle_idea(desk, idea.id, IdeaState.STOPPED, "no effect")
    assert told(desk, f"idea:{idea.id}") == ("stopped", Standing.AGAINST)
    begun = investigations.begin(desk, "Why?")
    assert told(desk, f"investigation:{begun.id}") == ("open", Standing.OPEN)


def test_runs_and_claims_say_the_verdict(desk, paper):
    write_recipe(desk.settings.recipes, arxiv_id="1904.00001")
    claim = add_claim(desk, paper, "The score is 0.5", value=0.5)
    assert told(desk, f"claim:{claim.slug}") == ("no run has tested it", Standing.OPEN)
    report = reproduce(desk, "1904.00001", ReproduceOptions(trust=True, jobs=1))
    assert told(desk, f"run:{report.run.id}") == ("reproduced", Standing.HOLDS)
    assert told(desk, f"run:{report.run.id}#score") == ("reproduced: 0.51 (n=3)", Standing.HOLDS)
    assert told(desk, f"run:{report.run.id}#other")[1] is Standing.GONE
    assert told(desk, f"claim:{claim.slug}") == ("reproduced: 0.51 (n=3)", Standing.HOLDS)


def test_a_contradicted_claim_is_against(desk, paper):
    experiment = 'def measure(run):\n    return {"score": 2.0 + 0.01 * run.seed}\n'
    write_recipe(desk.settings.recipes, experiment, arxiv_id="1904.00001")
    report = reproduce(desk, "1904.00001", ReproduceOptions(trust=True, jobs=1))
    said, standing = told(desk, f"run:{report.run.id}#score")
    assert said.startswith("different: 2.01")
    assert standing is Standing.AGAINST
