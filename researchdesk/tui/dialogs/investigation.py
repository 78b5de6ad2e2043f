"""The dialogs about an investigation: begin one, its baseline, an answer; how it is settled."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Label, TextArea

from researchdesk.domain.investigation_workflows import InvestigationStep
from researchdesk.domain.investigations import InvestigationState
from researchdesk.domain.recipes import Recipe
from researchdesk.tui.commands import keyed
from researchdesk.tui.dialogs.base import Dialog
from researchdesk.tui.dialogs.settle import Way
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.long_text import LongText
from researchdesk.tui.widgets.recipe_choice import RecipeChoice

_OPEN = Way(InvestigationState.OPEN.value, "Open: go on with it")
_WAYS = (
    Way(InvestigationState.PARKED.value, "Park it until the day below", reason=True, day=True),
    Way(InvestigationState.STOPPED.value, "Stop: it is not worth it any more", reason=True),
    Way(InvestigationState.DONE.value, "Done: it came to an answer"),
)


def ways_from(state: InvestigationState) -> tuple[Way, ...]:
    """How an investigation in this state can be settled."""
    others = tuple(way for way in _WAYS if way.name != state.value)
    return others if state is InvestigationState.OPEN else (_OPEN, *others)


@dataclass(frozen=True, slots=True)
class BeginForm:
    """What an investigation begins with; ``recipe`` and ``arm`` may be ``""``."""

    title: str
    of: str = ""
    recipe: str = ""
    arm: str = ""


class BeginDialog(Dialog[BeginForm]):
    """What is looked into, what it is of, and the recipe that it begins from."""

    HEADING = "Begin an investigation"
    ACCEPT_LABEL = "Begin"
    AUTO_FOCUS = "#title"

    def __init__(self, form: BeginForm, recipes: Sequence[Recipe], about: str = "") -> None:
        super().__init__()
        self._form, self._recipes, self._about = form, recipes, about

    def compose_fields(self) -> ComposeResult:
        form = self._form
        yield Label("What is looked into, in a line?", classes="label")
        yield Input(form.title, id="title", placeholder="does beta2 matter?", compact=True)
        yield Label("Of which surprise or idea?", classes="label")
        yield Input(form.of, id="of", placeholder="funny:3, idea:2; may stay empty", compact=True)
        if self._about:
            yield Static(Content(self._about), classes="hint")
        yield RecipeChoice(self._recipes, form.recipe, form.arm)

    def unsaved(self) -> str:
        if self.query_one("#title", Input).value != self._form.title:
            return self.not_yet("The investigation is not begun yet", "begins it", "leaves it")
        return ""

    def settle(self) -> None:
        """Nothing to keep: ``unsaved`` said so."""

    async def on_input_submitted(self) -> None:
        self.focus_next()

    async def action_accept(self) -> None:
        title = self.query_one("#title", Input).value.strip()
        if not title:
            self.complain("Say in a line what is looked into.")
            return
        of = self.query_one("#of", Input).value.strip()
        self.end_with(BeginForm(title, of, *self.query_one(RecipeChoice).chosen))


class BaselineDialog(Dialog[tuple[str, str]]):
    """Ends with a recipe and its arm."""

    HEADING = "What are the others held against?"
    ACCEPT_LABEL = "Begin from it"

    def __init__(self, recipes: Sequence[Recipe]) -> None:
        super().__init__()
        self._recipes = recipes

    def compose_fields(self) -> ComposeResult:
        words = "The first experiment is an arm of a recipe as it is; each other changes one thing."
        yield Static(Content(words), classes="hint")
        yield RecipeChoice(self._recipes, none=False)

    async def action_accept(self) -> None:
        chosen = self.query_one(RecipeChoice).chosen
        if chosen[0]:
            self.end_with(chosen)
        else:
            self.complain("There is no recipe; `researchdesk recipe new ID` begins one.")


class StepDialog(Dialog[str]):
    """Ends with the answer to a step, which is not empty."""

    AUTO_FOCUS = "#answer"

    def __init__(self, step: InvestigationStep, answer: str) -> None:
        super().__init__()
        self._step, self._answer = step, answer

    def heading(self) -> str:
        return self._step.title

    def compose_fields(self) -> ComposeResult:
        yield Static(Content(self._step.question), classes="asked")
        yield Static(Content(self._step.hint), classes="hint")
        yield LongText(self._answer, id="answer", compact=True, soft_wrap=True)

    def on_mount(self) -> None:
        area = self.query_one("#answer", TextArea)
        area.move_cursor(area.document.end)

    def unsaved(self) -> str:
        if self.query_one("#answer", TextArea).text.strip() != self._answer.strip():
            return self.not_yet("The answer is not kept yet", "keeps it", "leaves it")
        return ""

    def settle(self) -> None:
        """Nothing to keep: ``unsaved`` said so."""

    async def action_accept(self) -> None:
        text = self.query_one("#answer", TextArea).text
        if text.strip():
            self.end_with(text)
        else:
            self.complain(keyed("Say it in a few words; or leave with {dialog.cancel}."))
