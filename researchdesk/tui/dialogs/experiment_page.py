"""All there is of an experiment, to be read."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Button

from researchdesk.domain.investigations import Experiment
from researchdesk.tui.commands import Command, bindings, keyed
from researchdesk.tui.dialogs.base import CANCEL, Dialog, button
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.investigation_words import experiment_words

_RUN = Command("experiment.run", "o", "answer('run')", "Its run", "Go to its newest run.")
_EXPECT = Command("experiment.expect", "x", "answer('expect')", "Expect",
                  "Say what is expected of it.")  # fmt: skip
_DROP = Command("experiment.drop", "d", "answer('drop')", "Drop",
                "Take it off the list; its runs stay.")  # fmt: skip
_CLOSE = Command("experiment.close", "enter", "cancel", "Close", "Back to the investigation.")


class ExperimentDialog(Dialog[str]):
    """Ends with what is asked for: ``run``, ``expect``, ``drop``; or with nothing."""

    VERBS: ClassVar[tuple[Command, ...]] = (_RUN, _EXPECT, _DROP, _CLOSE, CANCEL)
    BINDINGS = bindings(VERBS)

    def __init__(self, experiment: Experiment) -> None:
        super().__init__()
        self._item = experiment

    def on_mount(self) -> None:
        fields = self.query_one("#fields")
        fields.can_focus = True
        fields.focus()

    def heading(self) -> str:
        return f"Experiment {self._item.name}"

    def compose_fields(self) -> ComposeResult:
        yield Static(experiment_words(self._item), id="experiment", markup=False)
        result = self._item.outcome.result
        if result and result.arithmetic:
            lines = "\n".join(result.arithmetic)
            yield Static(Content(f"How it was judged\n{lines}"), classes="hint arithmetic")

    def compose_buttons(self) -> ComposeResult:
        if self._item.runs:
            yield button("run", keyed("Its run  {experiment.run}"), _RUN.help, "primary")
        yield button("expect", keyed("Expect  {experiment.expect}"), _EXPECT.help)
        yield button("drop", keyed("Drop  {experiment.drop}"), _DROP.help)
        yield button("cancel", self.leaving("Close"), _CLOSE.help)

    def action_answer(self, what: str) -> None:
        if what != "run" or self._item.runs:
            self.dismiss(what)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        if event.button.id != "cancel":
            event.stop()
            self.action_answer(event.button.id or "")
