"""What a review counts of the runs of an investigation."""

from researchdesk.domain.reviews import Answer
from researchdesk.domain.runs import Task
from researchdesk.harness.history import RunConfig
from researchdesk.harness.store import RunStore
from researchdesk.services.desk import Desk
from researchdesk.services.experiments import add_experiment, link_run, state_hypothesis
from researchdesk.services.ideas import add_idea
from researchdesk.services.investigations import begin
from researchdesk.services.recipes import recipe_for
from researchdesk.services.reviews import answer_review, review_of

_RECIPE, _ARM, _OTHER = "1502.03167", "without", "with"


def made_run(desk: Desk, accuracy: float) -> str:
    """A finished run of both arms: three seeds each, a minute each; some seconds of the other."""
    recipe = recipe_for(desk, _RECIPE)
    tasks = tuple(Task(arm, seed) for arm in (_ARM, _OTHER) for seed in range(3))
    config = RunConfig(recipe.name, recipe.digest, recipe.arxiv_id, recipe.bundled, False, tasks)
    run, _ = RunStore(desk.settings.runs, desk.clock).start(recipe, config, lambda _: None)
    run.record("run_started")
    for task in tasks:
        value = accuracy + task.seed / 1000
        seconds = 60.0 if task.arm == _ARM else 5.0
        run.record("seed_finished", task, {"metrics": {"test_accuracy": value}, "seconds": seconds})
    run.record("run_finished", data={"verdict": "reproduced", "claims": []})
    run.close()
    return run.id


def test_experiments_runs_and_outcomes_are_progress_until_a_review(desk, fake_time) -> None:
    idea = add_idea(desk, "normalise", impact=5, work_days=2, fun=5)
    item = begin(desk, "Does it help?", idea.ref, _RECIPE, _ARM)
    fake_time.advance(days=1)
    state_hypothesis(desk, "1.1", "test_accuracy >= 0.8")
    add_experiment(desk, item.id, change=["lr=0.5"], expect="test_accuracy higher")
    link_run(desk, "1.1", made_run(desk, 0.9), _ARM)
    found = review_of(desk, idea.ref)
    progress = found.progress
    assert (progress.experiments_added, progress.runs_linked) == (1, 1)
    assert (progress.held, progress.refuted) == (1, 0)
    assert progress.outcomes[0].startswith("1.1 ")
    assert "held" in progress.outcomes[0]
    assert found.spent.machine_seconds == 180
    assert found.spent.active_days == 2
    assert found.left.experiments_not_run == 1
    assert found.left.days_left == 0
    fake_time.advance(days=1)
    answer_review(desk, item.ref, Answer.GO_ON)
    found = review_of(desk, item.ref)
    assert found.progress.is_none
    assert found.spent.machine_seconds == 180
    fake_time.advance(hours=1)
    state_hypothesis(desk, "1.1", "test_accuracy >= 0.99")
    link_run(desk, "1.1", made_run(desk, 0.9), _ARM)
    progress = review_of(desk, item.ref).progress
    assert (progress.held, progress.refuted, progress.runs_linked) == (0, 1, 1)
    assert progress.late == 1


def test_reviews_and_states_are_no_days_worked(desk, fake_time) -> None:
    idea = add_idea(desk, "normalise", impact=5, work_days=2, fun=5)
    begin(desk, "Does it help?", idea.ref)
    for _ in range(3):
        fake_time.advance(days=1)
        answer_review(desk, idea.ref, Answer.GO_ON)
    found = review_of(desk, idea.ref)
    assert (found.spent.days, found.spent.active_days) == (3, 0)
    assert found.left.days_left == 2
