"""The runs that a table or a picture is made from, as its file names them."""

from collections import Counter

from researchdesk.domain.ablation import MadeFrom
from researchdesk.domain.clock import utc_day
from researchdesk.domain.recipes import Recipe
from researchdesk.domain.runs import RunState, RunSummary
from researchdesk.harness.arm_values import substitutes


def made_from(run: RunSummary, recipe: Recipe) -> MadeFrom:
    """What a reader must know of a run whose numbers stand in a file."""
    asked = {task.arm for task in run.tasks}
    words = [
        text
        for arm, texts in substitutes(recipe, run.data).items()
        if arm in asked
        for text in texts
    ]
    return MadeFrom(
        run.id,
        run.recipe,
        run.recipe_digest,
        run.arxiv_id,
        utc_day(run.started_at),
        (len(run.results), len(run.tasks)),
        "" if run.state is RunState.FINISHED else run.state.value,
        run.quick,
        tuple(dict.fromkeys(words)),
    )


def failed_notes(run: RunSummary) -> tuple[str, ...]:
    """A line for each arm of which seeds failed: its mean is that of the others."""
    planned = Counter(task.arm for task in run.tasks)
    failed = Counter(task.arm for task in run.failures)
    return tuple(
        f"{arm}: {count} of {planned[arm]} seeds failed and are not in the mean."
        for arm, count in failed.items()
    )
