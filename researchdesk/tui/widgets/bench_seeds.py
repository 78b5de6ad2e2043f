"""How far every seed of every arm is."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from researchdesk.domain.recipes import Recipe
from researchdesk.domain.runs import Task
from researchdesk.domain.text import one_line
from researchdesk.tui.widgets.bench_view import RunView, Seed
from researchdesk.tui.widgets.bench_words import SEEDS, SeedState, seed_mark

_MOST_LINES = 6


class SeedGrid(VerticalScroll, can_focus=True):
    """Arms times seeds, a mark a seed; below it what runs now and how seeds failed."""

    def __init__(self, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.border_title = "Seeds"

    def compose(self) -> ComposeResult:
        yield Static(id="seed-marks", markup=False)

    def show(self, view: RunView | None, recipe: Recipe | None) -> None:
        """Draw the seeds of a run, or say that there is none."""
        self.query_one("#seed-marks", Static).update(_drawn(view) if view else _planned(recipe))


def _planned(recipe: Recipe | None) -> Content:
    if recipe is None:
        return Content("No recipe is chosen.")
    lines = [Content("Nothing has run yet. s starts all of this, S a quick look.\n")]
    for arm in recipe.arms:
        count = 1 if arm.deterministic else recipe.seeds
        marks = Content(" ").join([seed_mark(SeedState.WAITING)] * count)
        lines.append(Content.assemble((arm.name, "bold"), "\n  ", marks))
    return Content("\n").join(lines)


def _drawn(view: RunView) -> Content:
    widest = max((len(arm) for arm in view.arms), default=0)
    lines = [_arm(view, arm, widest) for arm in view.arms]
    lines += [Content(""), _legend(view)]
    running = [item for item in view.seeds.items() if item[1].state is SeedState.RUNNING]
    if running:
        lines += [Content(""), *(_now(task, seed) for task, seed in running)]
    for task, seed in view.seeds.items():
        if seed.state is SeedState.FAILED:
            lines += [Content(""), _failure(task, seed)]
    return Content("\n").join(lines)


def _arm(view: RunView, arm: str, widest: int) -> Content:
    seeds = view.seeds_of(arm)
    done = sum(seed.state is SeedState.DONE for seed in seeds.values())
    marks = Content(" ").join(seed_mark(seed.state) for seed in seeds.values())
    return Content.assemble(
        (arm.ljust(widest), "bold"), (f"  {done}/{len(seeds)}  ", "$text-muted"), marks
    )


def _legend(view: RunView) -> Content:
    parts = [
        Content.assemble(seed_mark(state), f" {view.count(state)} {state.value}")
        for state in SEEDS
        if view.count(state)
    ]
    return Content("   ").join(parts)


def _now(task: Task, seed: Seed) -> Content:
    step = f", step {seed.step:,.0f}" if seed.step is not None else ""
    metrics = ", ".join(f"{one_line(name)} {value:.4g}" for name, value in seed.latest.items())
    return Content.assemble(
        seed_mark(seed.state),
        (f" {task.arm} seed {task.seed}", "bold"),
        (f"{step}{': ' if metrics else ''}{metrics}", "$text-muted"),
    )


def _failure(task: Task, seed: Seed) -> Content:
    lines = seed.error.strip().splitlines() or ["It said nothing."]
    tail = lines[-_MOST_LINES:]
    return Content.assemble(
        seed_mark(seed.state),
        (f" {task.arm} seed {task.seed} failed\n", "bold"),
        "\n".join(f"  {line}" for line in tail),
    )
