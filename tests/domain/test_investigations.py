"""Investigations: the tree of experiments, the steps, and what comes next."""

from datetime import UTC, date, datetime

import pytest

from researchdesk.assets import folder
from researchdesk.domain.investigation_workflows import (
    InvestigationStep,
    Wants,
    is_done,
    kind_of,
    read_steps,
)
from researchdesk.domain.investigations import (
    Experiment,
    Hypothesis,
    Investigation,
    InvestigationState,
    LinkedRun,
    Relation,
    as_tree,
)
from researchdesk.domain.next_steps import ToDo, next_step
from researchdesk.domain.runs import RunState

NOW = datetime(2026, 1, 1, tzinfo=UTC)
STEPS = (
    InvestigationStep("what", "What", "What is measured?", "", Wants.WORDS),
    InvestigationStep("base", "Baseline", "Good or bad?", "", Wants.BASELINE),
    InvestigationStep("try", "Experiments", "What first?", "", Wants.EXPERIMENTS),
)
SAID = Hypothesis("", "loss", Relation.LOWER, None, None, NOW)
RUN = LinkedRun("20260101-000000-x", "1.1", NOW, RunState.FINISHED, done=3, planned=3)


def investigation(
    state: InvestigationState = InvestigationState.OPEN, **answers: str
) -> Investigation:
    again = date(2026, 2, 1) if state is InvestigationState.PARKED else None
    return Investigation(
        1, "Why", "funny:1", "investigation", "r", state, "", again, NOW, NOW, answers
    )


def experiment(
    number: int, parent: int | None, *, run: bool = False, said: bool = True
) -> Experiment:
    return Experiment(
        1, number, parent, "", "ours", f"lr = {number}", {"lr": number}, NOW,
        versions=(SAID,) if said and parent else (), runs=(RUN,) if run else (),
    )  # fmt: skip


def test_each_experiment_stands_below_its_parent() -> None:
    items = [experiment(1, None), experiment(2, 1), experiment(3, 1), experiment(4, 2)]
    found = [(depth, item.number) for depth, item in as_tree(items)]
    assert found == [(0, 1), (1, 2), (2, 4), (1, 3)]
    orphan = [experiment(1, None), experiment(5, 9)]
    assert [(depth, item.number) for depth, item in as_tree(orphan)] == [(0, 1), (0, 5)]


def test_a_quick_run_counts_only_where_that_is_asked_for() -> None:
    quick = LinkedRun("20260101-000000-x", "1.1", NOW, RunState.FINISHED, True, 3, 3)
    item = Experiment(1, 1, None, "", "a", "", {}, NOW, runs=(quick,))
    assert (item.is_run(), item.is_run(quick=True)) == (False, True)
    broken = LinkedRun("20260101-000000-x", "1.1", NOW, RunState.INTERRUPTED, False, 2, 3)
    assert not Experiment(1, 1, None, "", "a", "", {}, NOW, runs=(broken,)).is_run()


def test_what_comes_next_is_the_first_that_is_open() -> None:
    def after(*items: Experiment, **answers: str) -> tuple[ToDo, tuple[str, ...]]:
        found = next_step(investigation(**answers), STEPS, items)
        return found.to_do, found.about

    both = {"what": "loss", "base": "chance is 0.1"}
    assert after() == (ToDo.ANSWER, ("what",))
    assert after(what="loss") == (ToDo.ANSWER, ("base",))
    assert after(**both) == (ToDo.BASELINE, ())
    assert after(experiment(1, None), **both) == (ToDo.RUN, ("1.1",))
    base = experiment(1, None, run=True)
    assert after(base, **both) == (ToDo.TRY, ())
    assert after(base, experiment(2, 1, said=False), **both) == (ToDo.EXPECT, ("1.2",))
    assert after(base, experiment(2, 1), experiment(3, 1), **both) == (ToDo.RUN, ("1.2", "1.3"))
    assert after(base, experiment(2, 1, run=True), **both) == (ToDo.CONCLUDE, ())
    closed = investigation(InvestigationState.DONE)
    assert next_step(closed, STEPS, ()).to_do is ToDo.NOTHING


def test_the_baseline_is_done_when_it_is_answered_and_run() -> None:
    base = STEPS[1]
    assert not is_done(base, investigation(base="x"), [experiment(1, None)])
    assert not is_done(base, investigation(), [experiment(1, None, run=True)])
    assert is_done(base, investigation(base="x"), [experiment(1, None, run=True)])


def test_a_parked_one_is_back_on_its_day() -> None:
    parked = investigation(InvestigationState.PARKED)
    assert not parked.is_at_hand(date(2026, 1, 31))
    assert parked.is_at_hand(date(2026, 2, 1))
    assert not investigation(InvestigationState.STOPPED).is_at_hand(date(2027, 1, 1))


def test_the_shipped_steps_begin_with_what_is_measured_and_end_with_experiments() -> None:
    text = (folder("data") / "workflows" / "investigation.toml").read_text("utf-8")
    assert kind_of(text) == "investigation"
    workflow, problems = read_steps(text)
    assert workflow is not None, problems
    keys = [step.key for step in workflow.steps]
    assert keys == ["benchmark", "baseline", "proof", "why", "why-not", "principles", "experiments"]
    assert [step.wants for step in workflow.steps][1] is Wants.BASELINE
    assert workflow.steps[-1].wants is Wants.EXPERIMENTS
    assert all(step.question.endswith("?") and step.hint for step in workflow.steps)


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ('kind = "investigation"\nname = "x"\ntitle = "X"\n', 1, "steps"),
        ('name = "x"\ntitle = "X"\nsteps = [1]\n', 3, "steps[1]"),
        ('name = "x"\ntitle = "X"\npasses = 1\n[[steps]]\n', 3, "passes"),
        ('name = "x"\ntitle = "X"\n[[steps]]\nkey = "a"\ntitle = "A"\n', 3, "steps[1].question"),
        (
            'name = "x"\ntitle = "X"\n[[steps]]\nkey = "a"\ntitle = "A"\nquestion = "?"\n'
            'wants = "money"\n', 7, "steps[1].wants",
        ),
        ("name = \n", 1, "name"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_is_told_with_its_line(text: str, line: int, key: str) -> None:
    workflow, problems = read_steps(text)
    assert workflow is None
    assert (line, key) in [(problem.line, problem.key) for problem in problems]
