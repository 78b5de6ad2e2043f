"""How far every seed of every arm is."""

from collections import Counter

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from researchdesk.domain.recipes import Recipe
from researchdesk.domain.runs import Task
from researchdesk.domain.text import one_line
from researchdesk.tui.commands import keyed
from researchdesk.tui.widgets.bench_view import RunView, Seed, Timing
from researchdesk.tui.widgets.bench_words import SEEDS, SeedState, seed_mark
from researchdesk.tui.widgets.brief import Static

_MOST_LINES = 6
_MOST_TOLD = 12


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
    lines = [
        Content(
            keyed(
                "Nothing has run yet. {bench.start} starts all of this, {bench.quick} a quick "
                "look.\n"
            )
        )
    ]
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
    lines += _tried_again(view) + _nodes(view)
    if view.plan:
        lines += [Content(""), Content.styled(one_line(view.plan), "$text-muted")]
    lines += [_check(name, *found) for name, found in view.checks.items()]
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
        (f" on {one_line(seed.node)}" if seed.node else "", "$text-muted"),
        _pace(seed.timing),
    )


def _tried_again(view: RunView) -> list[Content]:
    """Which seeds were tried again, where they came to be, how often, and why."""
    again = [item for item in view.seeds.items() if item[1].retries]
    lines = []
    for task, seed in again[:_MOST_TOLD]:
        node = f", last on {one_line(seed.node)}" if seed.node else ""
        reasons = "; ".join(one_line(reason) for reason in seed.retries)
        times = f" tried {1 + len(seed.retries)} times{node}: "
        lines.append(
            Content.assemble(
                ("↻ ", "$text-warning"), (f"{task.arm} seed {task.seed}", "bold"), times, reasons
            )
        )
    if len(again) > _MOST_TOLD:
        lines.append(Content(f"  {len(again) - _MOST_TOLD} more were tried again."))
    return [Content(""), *lines] if lines else []


def _nodes(view: RunView) -> list[Content]:
    """How many seeds each node had."""
    counts = Counter(one_line(seed.node) for seed in view.seeds.values() if seed.node)
    if not counts:
        return []
    told = ", ".join(f"{node} {count}" for node, count in counts.most_common(_MOST_TOLD))
    more = f", {len(counts) - _MOST_TOLD} more nodes" if len(counts) > _MOST_TOLD else ""
    return [Content(""), Content.styled(f"Seeds by node: {told}{more}", "$text-muted")]


def _check(name: str, ok: bool | None, words: str) -> Content:
    """``ok`` is None where the check itself broke, which says nothing of the run."""
    mark = ("✓ ", "$text-success") if ok else ("✗ ", "bold $text-error")
    mark = ("? ", "$text-warning") if ok is None else mark
    said = f": {one_line(words)}" if words else ""
    return Content.assemble(mark, (one_line(name), "bold"), said)


def _pace(timing: Timing | None) -> Content:
    """How long a step takes, and what to look at where that is long."""
    if timing is None:
        return Content("")
    words = f"\n    {timing.data_ms:.3g} ms data + {timing.compute_ms:.3g} ms computing a step"
    if not timing.slow:
        return Content.styled(words, "$text-muted")
    hint = (
        "loading takes most: keep the data in memory"
        if timing.data_ms > timing.compute_ms
        else "computing takes most: a smaller batch or model, or a GPU"
    )
    return Content.styled(f"{words}; {hint}", "$text-warning")


def _failure(task: Task, seed: Seed) -> Content:
    lines = seed.error.strip().splitlines() or ["It said nothing."]
    tail = lines[-_MOST_LINES:]
    return Content.assemble(
        seed_mark(seed.state),
        (f" {task.arm} seed {task.seed} failed\n", "bold"),
        "\n".join(f"  {line}" for line in tail),
    )
