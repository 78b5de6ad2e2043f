"""Looking at a recipe's data and at a trained model's errors, through worker processes."""

from dataclasses import replace

import pytest
from support.digits_recipe import DIGITS, FLIPPED, TWICE, write_digits
from support.recipe_maker import write_recipe

from researchdesk.domain.looking import FindingKind
from researchdesk.domain.recipes import DataNeed
from researchdesk.errors import BadInputError, DeskError, NotOnDeskError, UsageProblemError
from researchdesk.harness import asking
from researchdesk.services import looking
from researchdesk.services.ablation import table_of
from researchdesk.services.desk import Desk
from researchdesk.services.looking import errors_of, look_at_data
from researchdesk.services.reproduction import ReproduceOptions, reproduce
from researchdesk.services.tables import text_of


@pytest.mark.slow
def test_the_planted_faults_are_found_and_the_look_is_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_digits(desk.settings.recipes)
    with pytest.raises(UsageProblemError, match="runs with your rights"):
        look_at_data(desk, DIGITS)
    found = look_at_data(desk, DIGITS, trusted=True)
    assert [part.rows for part in found.splits] == [1400, 400]
    kinds = {finding.kind for finding in found.findings}
    assert {FindingKind.ACROSS, FindingKind.SUSPECTS} <= kinds
    assert found.totals["duplicates"] == TWICE
    flipped = {item.place.row for item in found.suspects if item.place.split == "train"}
    assert len(flipped & set(range(40, 40 + FLIPPED))) > FLIPPED / 2

    def nobody(*_: object) -> None:
        raise AssertionError("a worker was asked again")

    monkeypatch.setattr(looking, "ask", nobody)
    assert look_at_data(desk, DIGITS) == found


@pytest.mark.slow
def test_a_run_tells_its_errors_and_its_table(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    write_digits(desk.settings.recipes)
    report = reproduce(desk, DIGITS, ReproduceOptions(trust=True))
    run = report.run
    assert not run.failures
    found = errors_of(desk, run.id, seed=1)
    (seed,) = [r for r in run.results if (r.task.arm, r.task.seed) == ("net", 1)]
    assert found.accuracy == pytest.approx(seed.metrics["test_accuracy"], abs=1e-9)
    assert sum(map(sum, found.confusion)) == found.rows == 400
    assert found.fgsm[0].accuracy == found.accuracy
    assert found.fgsm[-1].accuracy < found.accuracy
    assert found.worst[0].saliency is not None
    monkeypatch.setattr(looking, "ask", None)
    assert errors_of(desk, run.id, "net", 1) == found
    assert [(task.arm, task.seed) for task in looking.analysed_seeds(desk, run.id)][:2] == [
        ("net", 0),
        ("net", 1),
    ]
    with pytest.raises(NotOnDeskError, match="baseline:majority"):
        errors_of(desk, run.id, "baseline:majority")

    (table,) = table_of(report)
    assert table.heads == ("arm", "scaled", "test_accuracy", "Δ to parent")
    assert r"raw {[}b{]} \& more & --" in text_of(table_of(report), "latex")
    need = DataNeed("mnist", "hf:ylecun/mnist@1", "scikit-learn:digits")
    other = replace(
        report,
        recipe=replace(report.recipe, data=(need,)),
        run=replace(run, data={"mnist": "substitute:scikit-learn:digits"}),
    )
    notes = table_of(other)[0].notes
    assert "On scikit-learn:digits in place of hf:ylecun/mnist@1." in notes
    with pytest.raises(UsageProblemError, match="speed"):
        table_of(report, "speed")
    with pytest.raises(UsageProblemError, match="no format"):
        text_of(table_of(report), "html")


def test_a_plain_measure_hands_nothing_over(desk: Desk) -> None:
    write_recipe(desk.settings.recipes)
    with pytest.raises(UsageProblemError, match="plain function"):
        look_at_data(desk, "2001.00001", trusted=True)


def test_an_arm_that_is_not_there_is_named(desk: Desk) -> None:
    write_digits(desk.settings.recipes)
    with pytest.raises(UsageProblemError) as raised:
        look_at_data(desk, DIGITS, "none", trusted=True)
    assert "net, raw [b] & more" in raised.value.hint


def test_data_that_fails_says_how_and_a_stop_stops(desk: Desk) -> None:
    folder = write_digits(desk.settings.recipes)
    with pytest.raises(DeskError, match="stopped"):
        look_at_data(desk, DIGITS, trusted=True, stop=lambda: True)
    file = folder / "experiment.py"
    text = file.read_text("utf-8")
    file.write_text(text.replace("load_digits(return", "load_digits(turned"), "utf-8")
    with pytest.raises(BadInputError, match="turned_X_y"):
        look_at_data(desk, DIGITS, trusted=True)


def test_a_worker_that_cannot_start_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    write_digits(desk.settings.recipes)

    def none(*_: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(asking, "Worker", none)
    with pytest.raises(DeskError, match="could not start"):
        look_at_data(desk, DIGITS, trusted=True)
