"""What the desk knows under the two questions; nothing files itself."""

from dataclasses import replace

import pytest
from support.funny_runs import ended_run, watched
from support.recipe_maker import ARM, CLAIM, write_recipe

from researchdesk.domain.papers import Paper
from researchdesk.errors import UsageProblemError
from researchdesk.services import claims, doubts, evidence, surprises
from researchdesk.services.desk import Desk
from researchdesk.services.evidence import Standing
from researchdesk.services.watching import keep_report

BASELINE = '[[arms]]\nname = "constant"\nkind = "baseline"\n[arms.settings]\nsteps = 1\n'


def told(desk: Desk, on: str, expected: str = "0.5") -> list[str]:
    """What is known, a line each: about, side, ref, words."""
    item = surprises.add_surprise(desk, "odd", expected, "0.8", on)
    return [
        f"{known.about} {known.side} {known.ref}: {known.words}"
        for known in doubts.known_about(desk, item)
    ]


def test_a_run_tells_of_its_checks_and_seeds(desk: Desk) -> None:
    write_recipe(desk.settings.recipes)
    checks = (
        {"arm": "ours", "name": "one batch learnt by heart", "ok": False, "message": "1.2 left"},
        {"arm": "ours", "name": "same seed, same result", "ok": True, "message": "Run twice."},
        {"arm": "ours", "name": "train and test apart", "ok": True, "message": ""},
        {"arm": "ours", "name": "loss before training", "ok": True, "message": ""},
        {"arm": "ours", "name": "capacity", "ok": None, "message": "no time"},
    )
    run = ended_run(desk, checks=checks)
    found = told(desk, run)
    assert [line for line in found if line.startswith("trust")] == [
        f"trust against run:{run}: check failed: one batch learnt by heart (ours): 1.2 left",
        f"trust for run:{run}: trained twice from one seed: Run twice.",
        f"trust for run:{run}: 2 checks passed: train and test apart (ours), "
        "loss before training (ours)",
        f"trust for run:{run}: 3 seeds of ours",
    ]


@pytest.mark.parametrize(
    ("scores", "words"), [((0.8,), "one seed of ours"), ((0.8, 0.9), "2 seeds of ours")]
)
def test_too_few_seeds_speak_against_it(desk: Desk, scores, words) -> None:
    write_recipe(desk.settings.recipes)
    run = ended_run(desk, scores)
    assert f"trust against run:{run}: {words}" in told(desk, run)


def test_the_papers_claim_bears_on_the_expectation(desk: Desk) -> None:
    write_recipe(desk.settings.recipes, toml=ARM + BASELINE + CLAIM)
    run = ended_run(desk)
    for on in (run, f"{run}#score"):
        found = [line for line in told(desk, on) if line.startswith("expectation")]
        assert found[:2] == [
            "expectation for 2001.00001: the paper claims: The score is 0.5: 0.5 (table 1)",
            "expectation against 2001.00001: the paper prints no spread for score",
        ]
        assert "no baseline ran beside it; the recipe has constant" in found[2]
    assert not any("the paper claims" in line for line in told(desk, f"{run}#other"))


def test_what_watching_found_on_the_run_or_its_paper(desk: Desk) -> None:
    write_recipe(desk.settings.recipes)
    run = ended_run(desk)
    bad = watched(desk, on=run)
    seen = {"optimizer steps": 12}
    quiet = keep_report(
        desk, replace(bad, argv=("fit.py",), findings=(), seen=seen, on="2001.00001")
    )
    found = told(desk, f"run:{run}")
    line = "watch finds softmax-before-cross-entropy (likely) in train.py:7: "
    assert any(one.startswith(f"trust against watch:{bad.id}: {line}") for one in found)
    assert (
        f"trust for watch:{quiet.id}: fit.py was watched: nothing certain or likely found" in found
    )
    (of_report,) = told(desk, f"watch:{bad.id}")
    assert of_report.startswith(f"trust against watch:{bad.id}: {line}")
    (of_quiet,) = told(desk, f"watch:{quiet.id}")
    assert of_quiet.startswith(f"trust for watch:{quiet.id}: ")


def test_a_script_that_broke_or_was_not_seen_says_nothing_for_the_run(desk: Desk) -> None:
    write_recipe(desk.settings.recipes)
    run = ended_run(desk)
    bad = watched(desk)
    seen = {"optimizer steps": 12}
    broken = keep_report(desk, replace(bad, findings=(), seen=seen, exit_code=1, on=run))
    unseen = keep_report(desk, replace(bad, findings=(), seen={"optimizer steps": 0}))
    for report, said in ((broken, "ended with 1"), (unseen, "nothing was seen")):
        assert told(desk, f"watch:{report.id}") == []
        state = evidence.state_of(desk, f"watch:{report.id}")
        assert (state.said, state.standing) == (said, Standing.OPEN)
    assert not any("watch:" in line for line in told(desk, run))


def test_a_hypothesis_of_ones_own_is_no_claim_of_a_paper(desk: Desk) -> None:
    folder = write_recipe(desk.settings.recipes, toml=ARM + CLAIM)
    file = folder / "recipe.toml"
    before, paper, after = file.read_text().partition("[paper]")
    assert paper
    file.write_text(before + after[after.index("[[") :])
    run = ended_run(desk, recipe=folder.name)
    found = told(desk, f"{run}#score")
    assert any("seeds of ours" in line for line in found)
    assert not any("the paper" in line for line in found)


def test_claims_of_a_paper_with_the_one_expected_first(desk: Desk, paper: Paper) -> None:
    claims.add_claim(desk, paper, "it is fast", value=3.0, spread=0.2, where="Table 2")
    right = claims.add_claim(desk, paper, "it is good", value=93.4, where="Table 1", page=None)
    assert told(desk, paper.name, "93.4 %") == [
        f"expectation for claim:{right.slug}: the paper claims: it is good (Table 1)",
        f"expectation against claim:{right.slug}: the claim has one number and no spread",
        "expectation for claim:1904.00001-1: the paper claims: it is fast, ± 0.2 (Table 2)",
    ]
    assert told(desk, f"claim:{right.slug}") == told(desk, paper.name, "93.4")[:2]


@pytest.mark.parametrize("on", ["", "run:20260101-000000-gone", "2001.09999", "claim:x-1",
                                "watch:7", "my notebook"])  # fmt: skip
def test_of_nothing_nothing_is_known(desk: Desk, on: str) -> None:
    assert told(desk, on) == []


def test_one_is_filed_when_it_is_taken(desk: Desk, paper: Paper) -> None:
    claims.add_claim(desk, paper, "it is fast", value=3.0)
    item = surprises.add_surprise(desk, "odd", "3", "4", paper.name)
    assert surprises.case_of(desk, item.id).evidence == ()
    (kept,) = doubts.take_known(desk, item.id, 2)
    assert (kept.about, kept.side, kept.ref) == ("expectation", "against", "claim:1904.00001-1")
    assert surprises.case_of(desk, item.id).evidence == (kept,)
    assert len(doubts.known_about(desk, item)) == 2
    for place in (0, 3):
        with pytest.raises(UsageProblemError, match=f"no {place} among the 2"):
            doubts.take_known(desk, item.id, place)
    for places in ((1, 2), (1, 3)):
        with pytest.raises(UsageProblemError, match="nothing was filed"):
            doubts.take_known(desk, item.id, *places)
    assert surprises.case_of(desk, item.id).evidence == (kept,)
    assert [one.side for one in doubts.take_known(desk, item.id, 1, 1)] == ["for"]
