"""What is asked before a run that is not the usual one."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Checkbox, Input, Label, Select, SelectionList
from textual.widgets.selection_list import Selection

from researchdesk.domain.recipes import Recipe
from researchdesk.domain.seeding import ALL, HYPER
from researchdesk.domain.text import one_line
from researchdesk.services.reproduction import ReproduceOptions
from researchdesk.tui.commands import Command, bindings
from researchdesk.tui.dialogs.base import CANCEL, Dialog
from researchdesk.tui.widgets.brief import Static

_START = Command("start.go", "ctrl+s", "accept", "Start", "Start the run.", key_label="^s")


class StartDialog(Dialog[ReproduceOptions]):
    """Arms, seeds, processes, device, which source of randomness to vary, and by which engine."""

    HEADING: ClassVar[str] = "Start a run"
    ACCEPT_LABEL: ClassVar[str] = "Start"
    VERBS: ClassVar[tuple[Command, ...]] = (_START, CANCEL)
    BINDINGS = bindings(VERBS)

    def __init__(self, recipe: Recipe, engines: Sequence[str] = ()) -> None:
        """``engines`` to choose from, the usual one first; none where there is no choice."""
        super().__init__()
        self._recipe, self._engines = recipe, engines

    def compose_fields(self) -> ComposeResult:
        recipe = self._recipe
        with Horizontal(classes="row"):
            yield Label("Seeds      ", classes="label")
            yield Input(
                id="seeds", placeholder=f"{recipe.seeds}, as the recipe has it", compact=True
            )
        with Horizontal(classes="row"):
            yield Label("Processes  ", classes="label")
            yield Input(id="jobs", placeholder="one for each processor", compact=True)
        with Horizontal(classes="row"):
            yield Label("Device     ", classes="label")
            yield Select(
                [("auto: a GPU where there is one", "auto"), ("cpu", "cpu"), ("cuda", "cuda")],
                value="auto",
                allow_blank=False,
                id="device",
                compact=True,
            )
        with Horizontal(classes="row"):
            yield Label("Vary       ", classes="label")
            yield Select(_sources(recipe), value="", allow_blank=False, id="vary", compact=True)
        if self._engines:
            with Horizontal(classes="row"):
                yield Label("Engine     ", classes="label")
                names = [(one_line(name), name) for name in self._engines]
                yield Select(names, value=names[0][1], allow_blank=False, id="engine", compact=True)
        yield Checkbox("Quick: shorter, never more than consistency", id="quick", compact=True)
        yield Checkbox(
            "Climb the short rungs of the ladder first", value=True, id="check", compact=True
        )
        yield Label("Arms", classes="label")
        yield SelectionList[str](
            *(Selection(_arm(recipe, arm.name), arm.name, True) for arm in recipe.arms), id="arms"
        )
        if recipe.budget_minutes:
            words = f"The recipe says {recipe.budget_minutes:g} minutes on two processors for all."
            yield Static(words, classes="hint", markup=False)

    async def on_input_submitted(self) -> None:
        await self.action_accept()

    async def action_accept(self) -> None:
        seeds, jobs = self._number("seeds"), self._number("jobs")
        arms: list[str] = self.query_one("#arms", SelectionList).selected
        if seeds == 0 or jobs == 0:
            self.complain("Seeds and processes are whole numbers from 1; empty takes the usual.")
            return
        if not arms:
            self.complain("Choose one arm at least; space does.")
            return
        vary = self.query_one("#vary", Select).value
        device = self.query_one("#device", Select).value
        self.end_with(
            ReproduceOptions(
                seeds=seeds,
                arms=() if len(arms) == len(self._recipe.arms) else tuple(arms),
                jobs=jobs,
                quick=self.query_one("#quick", Checkbox).value,
                vary=str(vary),
                device=str(device),
                check=self.query_one("#check", Checkbox).value,
                engine=str(self.query_one("#engine", Select).value) if self._engines else "",
            )
        )

    def _number(self, name: str) -> int | None:
        """What was typed; None where nothing was, 0 where it is no number from 1."""
        typed = self.query_one(f"#{name}", Input).value.strip()
        if not typed:
            return None
        return int(typed) if typed.isdecimal() else 0


def _sources(recipe: Recipe) -> list[tuple[str, str]]:
    found = [("all together, as ever", "")]
    found += [(f"{source} alone, the rest held", source) for source in recipe.varies]
    if recipe.varies:
        found.append(("each by itself: the variance due to each", ALL))
    if recipe.ranges:
        found.append(("hyperparameters, drawn from their ranges", HYPER))
    return found


def _arm(recipe: Recipe, name: str) -> Content:
    arm = recipe.arm(name)
    words = one_line(arm.description) if arm else ""
    return Content.assemble((one_line(name), "bold"), (f"  {words}", "$text-muted"))
