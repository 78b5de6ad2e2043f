"""Ready-filled entries: offered, told apart, and kept only when they are taken."""

import json
from dataclasses import replace

import pytest
from support.faketime import FakeTime
from support.funny_runs import RUNG, ended_run, watched
from support.recipe_maker import ARM, CLAIM, write_recipe

from researchdesk.domain.deltas import words
from researchdesk.domain.offers import Offer
from researchdesk.domain.surprises import SurpriseState
from researchdesk.domain.watching import Certainty, WatchFinding, WatchReport
from researchdesk.errors import NotOnDeskError
from researchdesk.services import surprises
from researchdesk.services.desk import Desk
from researchdesk.services.offers import (
    again,
    all_of_report,
    offer_named,
    offers_of,
    offers_of_run,
    open_offers,
    take_offer,
    told_by,
)
from researchdesk.services.reproduction import ReproduceOptions, remove_run, reproduce


@pytest.fixture
def recipe(desk: Desk) -> None:
    write_recipe(desk.settings.recipes)


def _offers(desk: Desk, report: WatchReport) -> list[Offer]:
    """Those of it that are not told yet."""
    return offers_of(desk, f"watch:{report.id}")


def test_a_claim_that_is_different_is_offered_with_its_delta(desk: Desk, recipe: None) -> None:
    run = ended_run(desk)
    (offer,) = offers_of_run(desk, run)
    assert offer.source == f"run:{run}#claim:score"
    assert offer.text == "Different here: The score is 0.5"
    assert offer.expected == "0.5 (table 1)"
    assert offer.observed == "0.82 ± 0.01 (n=3)"
    assert offer.on == f"run:{run}#score"
    assert offer.delta is not None
    assert words(offer.delta) == "+0.32, 32.0 standard deviations of 3 seeds of ours/score"
    assert surprises.list_surprises(desk) == []


def test_a_real_run_is_offered_too(desk: Desk) -> None:
    write_recipe(
        desk.settings.recipes, 'def measure(run):\n    return {"score": 0.8 + 0.01 * run.seed}\n'
    )
    report = reproduce(desk, "2001.00001", ReproduceOptions(trust=True))
    (offer,) = offers_of_run(desk, report.run.id)
    assert offer.observed == "0.81 ± 0.01 (n=3)"


def test_what_is_reproduced_is_not_funny(desk: Desk, recipe: None) -> None:
    assert offers_of_run(desk, ended_run(desk, (0.5, 0.51, 0.52))) == []
    assert open_offers(desk) == []


def test_a_run_without_a_finite_number_says_why(desk: Desk, recipe: None) -> None:
    run = ended_run(desk, (float("nan"),) * 3)
    (offer,) = offers_of_run(desk, run)
    assert "gave no finite score" in offer.observed
    assert offer.delta is None


def test_rates_are_told_in_per_cent_on_both_sides(desk: Desk) -> None:
    claim = CLAIM.replace('kind = "value"', 'kind = "rate"').replace("= 0.5\n", "= 1.0\n")
    write_recipe(desk.settings.recipes, toml=ARM + claim)
    (offer,) = offers_of_run(desk, ended_run(desk, (0.0,) * 9 + (1.0,)))
    assert offer.expected == "100 % (table 1)"
    assert offer.observed.startswith("10 %")
    assert offer.delta is not None
    assert offer.delta.by == pytest.approx(-90)


def test_failed_checks_and_rungs_are_offered(desk: Desk, recipe: None) -> None:
    same = {"name": "same seed, same result", "ok": False, "message": "step 3: loss 0.1 and 0.2"}
    fine = {"name": "other", "ok": True, "message": ""}
    run = ended_run(desk, (0.5, 0.51, 0.52), [RUNG, same, fine, {"name": "x", "ok": None}])
    rung, check = offers_of_run(desk, run)
    assert rung.source == f"run:{run}#check:ours:one-batch"
    assert rung.text == "A rung failed: one batch learnt by heart, ours of 2001.00001-tiny"
    assert rung.expected.startswith(
        "The rung “one batch learnt by heart” passes. Does training fit"
    )
    assert rung.observed == "loss 2.30; after 200 steps it is where it began"
    assert check.expected == "The check “same seed, same result” passes."
    assert check.observed == "step 3: loss 0.1 and 0.2"
    assert {rung.on, check.on} == {f"run:{run}"}


def test_findings_that_are_likely_are_offered_and_a_look_is_not(desk: Desk) -> None:
    likely = WatchFinding("evaluation-in-training-mode", Certainty.LIKELY, "Seen.", "a.py", 3)
    again = WatchFinding("evaluation-in-training-mode", Certainty.CERTAIN, "Seen.", "b.py", 4)
    look = WatchFinding("seed-not-set", Certainty.LOOK, "No seed.")
    unknown = WatchFinding("not-a-page", Certainty.CERTAIN, "Odd.")
    report = watched(desk, likely, again, look, unknown)
    one, other, odd = all_of_report(report)
    assert one.source == "watch:1#evaluation-in-training-mode"
    assert other.source == "watch:1#evaluation-in-training-mode:2"
    assert one.text == "Evaluation in training mode, in train.py"
    assert one.expected == (
        "No “Evaluation in training mode”. In training mode dropout zeroes units at random, so "
        "that each evaluation gives another, worse figure."
    )
    assert one.observed == "Seen. (a.py:3)"
    assert one.on == "watch:1"
    assert (odd.text, odd.observed) == ("not-a-page, in train.py", "Odd.")


def test_a_report_that_belongs_to_something_is_met_there(desk: Desk, recipe: None) -> None:
    run = ended_run(desk, (0.5, 0.51, 0.52))
    assert _offers(desk, watched(desk, on=run))[0].on == f"run:{run}"
    assert _offers(desk, watched(desk, on="1904.00001", folder="/b"))[0].on == "1904.00001"


def test_a_report_that_was_not_kept_offers_nothing(desk: Desk) -> None:
    assert all_of_report(replace(watched(desk), id=0)) == []


def test_one_taken_is_kept_as_it_was_and_offered_no_more(desk: Desk, recipe: None) -> None:
    run = ended_run(desk, checks=[RUNG])
    claim, rung = open_offers(desk)
    kept = take_offer(desk, claim)
    assert (kept.text, kept.expected, kept.observed) == (claim.text, claim.expected, claim.observed)
    assert (kept.on, kept.source, kept.delta) == (claim.on, claim.source, claim.delta)
    assert open_offers(desk) == offers_of_run(desk, run) == [rung]
    assert told_by(desk, claim) == kept
    assert take_offer(desk, claim) == kept
    assert len(surprises.list_surprises(desk)) == 1
    surprises.resolve(desk, kept.id, SurpriseState.DROPPED, "a slip")
    assert offers_of_run(desk, run) == [rung]


def test_a_later_run_that_says_the_same_is_told_while_the_first_entry_is_open(
    desk: Desk, recipe: None, fake_time: FakeTime
) -> None:
    (first,) = offers_of_run(desk, ended_run(desk))
    kept = take_offer(desk, first)
    fake_time.sleep(60)
    later = ended_run(desk, (0.84, 0.85, 0.86))
    assert offers_of_run(desk, later) == open_offers(desk) == []
    assert told_by(desk, offer_named(desk, f"run:{later}#claim:score")) == kept
    surprises.resolve(desk, kept.id, SurpriseState.DROPPED, "mended")
    assert [one.source for one in open_offers(desk)] == [f"run:{later}#claim:score"]


def test_a_claim_that_says_the_same_number_again_leads_back_to_what_was_settled(
    desk: Desk, recipe: None, fake_time: FakeTime
) -> None:
    (first,) = offers_of_run(desk, ended_run(desk))
    kept = surprises.resolve(
        desk, take_offer(desk, first).id, SurpriseState.EXPLAINED, "the other epsilon"
    )
    fake_time.sleep(60)
    same = ended_run(desk)
    assert offers_of_run(desk, same) == open_offers(desk) == []
    ((offer, told),) = again(desk)
    assert (offer.of, told) == (f"run:{same}", kept)
    assert again(desk, same) == again(desk)
    fake_time.sleep(60)
    other = ended_run(desk, (0.84, 0.85, 0.86))
    assert [one.of for one in open_offers(desk)] == [f"run:{other}"]
    assert again(desk) == []


def test_another_recipe_with_a_claim_of_that_name_is_another_thing(
    desk: Desk, recipe: None, fake_time: FakeTime
) -> None:
    write_recipe(desk.settings.recipes, arxiv_id="2001.00002", name="other")
    take_offer(desk, offers_of_run(desk, ended_run(desk))[0])
    fake_time.sleep(60)
    other = ended_run(desk, recipe="2001.00002-other")
    assert len(offers_of_run(desk, other)) == 1


def test_only_the_newest_word_on_a_claim_is_offered(
    desk: Desk, recipe: None, fake_time: FakeTime
) -> None:
    old = ended_run(desk, checks=[RUNG])
    fake_time.sleep(60)
    new = ended_run(desk, (0.84, 0.85, 0.86))
    sources = [one.source for one in open_offers(desk)]
    assert sources == [f"run:{new}#claim:score", f"run:{old}#check:ours:one-batch"]
    fake_time.sleep(60)
    ended_run(desk, (0.5, 0.51, 0.52), [{**RUNG, "ok": True, "state": "passed"}])
    assert open_offers(desk) == []
    assert len(offers_of_run(desk, old)) == 2


def test_only_the_newest_report_of_a_script_is_offered(desk: Desk) -> None:
    watched(desk)
    newest = watched(desk)
    elsewhere = watched(desk, folder="/elsewhere")
    assert [one.of for one in open_offers(desk)] == [f"watch:{elsewhere.id}", f"watch:{newest.id}"]
    take_offer(desk, _offers(desk, newest)[0])
    assert [one.of for one in open_offers(desk)] == [f"watch:{elsewhere.id}"]
    assert _offers(desk, watched(desk)) == []


def test_offers_are_found_by_what_they_are_of(desk: Desk, recipe: None) -> None:
    run, report = ended_run(desk), watched(desk)
    assert offers_of(desk, run) == offers_of(desk, f"run:{run}") == offers_of_run(desk, run)
    assert offers_of(desk, f"watch:{report.id}") == all_of_report(report) != []
    for gone in ("20200101-000000-gone", "watch:77", "1904.00001", "", "../x"):
        with pytest.raises(NotOnDeskError):
            offers_of(desk, gone)
    for gone in (f"run:{run}#claim:none", f"run:{run}", "watch:1#none", "x#y", "#"):
        with pytest.raises(NotOnDeskError):
            offer_named(desk, gone)


def test_a_run_that_is_gone_or_broken_keeps_nobody_from_the_others(
    desk: Desk, recipe: None, fake_time: FakeTime
) -> None:
    first = ended_run(desk)
    take_offer(desk, offers_of_run(desk, first)[0])
    remove_run(desk, first)
    fake_time.sleep(60)
    broken = ended_run(desk)
    for path in (desk.settings.runs / broken).rglob("recipe.toml"):
        path.write_text("not toml")
    fake_time.sleep(60)
    whole = ended_run(desk, (0.84, 0.85, 0.86))
    assert [one.of for one in open_offers(desk)] == [f"run:{whole}"]


def test_a_claim_that_the_recipe_does_not_have_is_passed_over(desk: Desk, recipe: None) -> None:
    run = ended_run(desk)
    log = desk.settings.runs / run / "events.jsonl"
    *lines, last = log.read_text().splitlines()
    event = json.loads(last)
    record = event.get("data", event)
    record["claims"][0]["id"] = "none"
    log.write_text("\n".join([*lines, json.dumps(event)]) + "\n")
    assert offers_of_run(desk, run) == []


def test_no_run_is_read_to_tell_that_another_tells_of_it(
    desk: Desk, recipe: None, fake_time: FakeTime
) -> None:
    kept = take_offer(desk, offers_of_run(desk, ended_run(desk))[0])
    (desk.settings.runs / kept.on.removeprefix("run:").partition("#")[0] / "config.toml").unlink()
    fake_time.sleep(60)
    assert offers_of_run(desk, ended_run(desk)) == []


def test_two_runs_of_one_second_and_a_name_that_ends_alike(desk: Desk, recipe: None) -> None:
    write_recipe(desk.settings.recipes, arxiv_id="2001.00001", name="tiny-02")
    first = take_offer(desk, offers_of_run(desk, ended_run(desk))[0])
    again = ended_run(desk)
    assert again.endswith("-tiny-02")
    assert told_by(desk, offer_named(desk, f"run:{again}#claim:score")) == first
    other = ended_run(desk, recipe="2001.00001-tiny-02")
    assert len(offers_of_run(desk, other)) == 1
