"""The strip over the bench: what is looked at, how far it is, and the buttons."""

from collections import Counter
from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button

from researchdesk.domain.durations import in_words
from researchdesk.domain.recipes import Recipe
from researchdesk.domain.runs import RunState, RunSummary
from researchdesk.domain.text import one_line
from researchdesk.domain.verdicts import ClaimResult, Verdict, overall
from researchdesk.tui.commands import keyed
from researchdesk.tui.widgets.bench_view import RunView
from researchdesk.tui.widgets.bench_words import SeedState, state_words, verdict_words
from researchdesk.tui.widgets.brief import Static

_BAR = 12
_BEGIN = "`researchdesk recipe new ID` begins one for a paper; it shows up here by itself."


class BenchStatus(Vertical):
    """The title and the buttons; below them how far the run is."""

    def compose(self) -> ComposeResult:
        with Horizontal(id="status-line"):
            yield Static(id="status-title", markup=False)
            yield _button("Start", "start", keyed("Run all seeds of the recipe; {bench.start}."))
            yield _button(
                "Quick", "quick", keyed("A short look, never more than consistency; {bench.quick}.")
            )
            yield _button(
                "Cancel", "cancel", keyed("Stop the run; finished seeds are kept; {bench.cancel}.")
            )
        yield Static(id="status-words", markup=False)

    def show(
        self,
        recipe: Recipe | None,
        run: RunSummary | None,
        view: RunView | None,
        claims: Sequence[ClaimResult],
        doing: str = "",
        funny: str = "",
    ) -> None:
        """Tell of a recipe and a run; ``doing`` stands for what is not in the run yet, ``funny``
        says what to do about what is not as expected."""
        title = one_line(recipe.title) if recipe else "There is no recipe here."
        first = Content.styled(title, "bold $text-primary")
        if recipe:
            first = Content.assemble((f"{recipe.arxiv_id}  ", "$text-muted"), first)
        self.query_one("#status-title", Static).update(first)
        second = _second(run, view, claims, doing) if recipe else Content(_BEGIN)
        if recipe and funny and not doing:
            second = Content("  ").join((second, Content.styled(funny, "$text-accent")))
        self.query_one("#status-words", Static).update(second)
        running = bool(doing) or (run is not None and run.state is RunState.RUNNING)
        away = run is not None and run.state is RunState.AWAY
        self.query_one("#start", Button).disabled = running or recipe is None
        self.query_one("#quick", Button).disabled = running or recipe is None
        self.query_one("#cancel", Button).disabled = not (running or away)

    @on(Button.Pressed)
    async def press(self, event: Button.Pressed) -> None:
        event.stop()
        await self.run_action(f"screen.{event.button.id}")


def _button(label: str, name: str, tooltip: str) -> Button:
    button = Button(label, id=name, compact=True, tooltip=tooltip)
    button.can_focus = False
    return button


def _second(
    run: RunSummary | None, view: RunView | None, claims: Sequence[ClaimResult], doing: str
) -> Content:
    if run is None or view is None:
        return Content(
            doing
            or keyed(
                "No run yet: {bench.start} starts all seeds, {bench.quick} takes a quick look."
            )
        )
    done, total = view.count(SeedState.DONE), len(view.seeds)
    failed = view.count(SeedState.FAILED)
    filled = round(_BAR * (done + failed) / total) if total else 0
    parts: list[Content] = [
        Content(doing) if doing else state_words(run.state),
        Content.assemble(
            ("━" * filled, "$text-success"), ("─" * (_BAR - filled), "$text-muted"), " "
        )
        + f"{done}/{total} seeds",
    ]
    parts += _engine(run, view)
    left = view.estimate.left_s
    if run.state is RunState.RUNNING and left is not None:
        parts.append(Content.styled(f"about {in_words(left)} left", "$text-accent"))
    if failed:
        parts.append(Content.styled(f"✗ {failed} failed", "$text-error"))
    if run.quick:
        parts.append(Content.styled("quick", "$text-accent"))
    if claims:
        over = run.state is RunState.FINISHED
        parts.append(verdict_words(overall(claims)) if over else _so_far(claims))
    return Content("  ").join(parts)


def _engine(run: RunSummary, view: RunView) -> list[Content]:
    """Who runs the trials, where that is not this machine's processes, and how many it has."""
    if run.engine == "local":
        return []
    name = one_line(run.engine)
    goes_on = run.state in (RunState.RUNNING, RunState.AWAY)
    there = len(view.there) if goes_on else 0
    trials = "trial" if there == 1 else "trials"
    parts = [Content(f"{there} {trials} with {name}" if there else f"on {name}")]
    if run.state is RunState.AWAY:
        parts.append(
            Content.styled(
                keyed("{bench.resume} follows them, {bench.cancel} calls them off"), "$text-accent"
            )
        )
    elif view.lost and goes_on:
        parts.append(Content.styled(one_line(view.lost), "$text-warning"))
    return parts


def _so_far(claims: Sequence[ClaimResult]) -> Content:
    counts = Counter(claim.verdict for claim in claims)
    found = [
        Content.assemble(f"{counts[verdict]} ", verdict_words(verdict))
        for verdict in Verdict
        if counts[verdict]
    ]
    return Content("so far ") + Content(", ").join(found)
