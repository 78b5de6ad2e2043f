"""The dialogs about an experiment: one change to try, and what is expected of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Label, Select

from researchdesk.domain.investigations import LATE, Experiment, parse_expectation
from researchdesk.domain.settings import shown
from researchdesk.domain.text import one_line
from researchdesk.errors import DeskError
from researchdesk.tui.dialogs.base import Dialog
from researchdesk.tui.notices import words_of
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.expectation_fields import ExpectationFields

_REASON = "why you expect it; may stay empty"


@dataclass(frozen=True, slots=True)
class TryForm:
    """``change`` as ``lr=0.01``, ``expect`` as ``parse_expectation`` reads it, or ``""``."""

    parent: str
    change: str
    title: str
    expect: str


class TryDialog(Dialog[Experiment]):
    """One setting of the parent, its new value, and the hypothesis.

    ``add`` is called with what was filled in; what it complains of stands in the dialog, and the
    words stay. Ends with the experiment that it gives.
    """

    HEADING = "Change one thing"
    ACCEPT_LABEL = "Add"
    AUTO_FOCUS = "#setting"

    def __init__(
        self,
        experiments: Sequence[Experiment],
        parent: Experiment,
        metrics: Sequence[str],
        add: Callable[[TryForm], Experiment],
    ) -> None:
        super().__init__()
        self._experiments = {item.name: item for item in experiments}
        self._above, self._metrics, self._add = parent, metrics, add

    def compose_fields(self) -> ComposeResult:
        with Horizontal(classes="row"):
            yield Label("From       ", classes="label")
            options = [(f"{item.name}  {one_line(item.label)}", name)
                       for name, item in self._experiments.items()]  # fmt: skip
            yield Select(options, value=self._above.name, allow_blank=False, id="parent",
                         compact=True)  # fmt: skip
        settings = _settings(self._above)
        with Horizontal(classes="row"):
            yield Label("Setting    ", classes="label")
            yield Select(settings, value=settings[0][1], allow_blank=False, id="setting",
                         compact=True)  # fmt: skip
        with Horizontal(classes="row"):
            yield Label("New value  ", classes="label")
            yield Input(id="value", compact=True)
        yield ExpectationFields(self._metrics)
        with Horizontal(classes="row"):
            yield Label("Called     ", classes="label")
            yield Input(id="title", placeholder="a few words; may stay empty", compact=True)
        yield Static(id="sentence", markup=False)

    def on_mount(self) -> None:
        self._say()

    def unsaved(self) -> str:
        if self.query_one("#value", Input).value.strip():
            return self.not_yet("The experiment is not added yet", "adds it", "leaves it")
        return ""

    def settle(self) -> None:
        """Nothing to keep: ``unsaved`` said so."""

    @on(Select.Changed, "#parent")
    def show_settings(self, event: Select.Changed) -> None:
        """The settings are those of the chosen parent; the marked one stays."""
        choice = self.query_one("#setting", Select)
        name = str(choice.value)
        found = _settings(self._experiments[str(event.value)])
        choice.set_options(found)
        choice.value = name if name in [one for _, one in found] else found[0][1]
        self._say()

    @on(Select.Changed, "#setting")
    @on(Input.Changed)
    @on(ExpectationFields.Changed)
    def _changed(self) -> None:
        self._say()

    async def on_input_submitted(self) -> None:
        self.focus_next()

    async def action_accept(self) -> None:
        form = self._read()
        if form.change.endswith("="):
            self.complain("Say the new value of the setting.")
            self.set_focus(self.query_one("#value", Input))
            return
        try:
            self.dismiss(self._add(form))
        except DeskError as error:
            self.complain(words_of(error))

    def _read(self) -> TryForm:
        name = str(self.query_one("#setting", Select).value)
        return TryForm(
            str(self.query_one("#parent", Select).value),
            f"{name}={self.query_one('#value', Input).value.strip()}",
            self.query_one("#title", Input).value.strip(),
            self.query_one(ExpectationFields).words,
        )

    def _say(self) -> None:
        """The experiment in a sentence, as it is filled in so far."""
        form = self._read()
        above = self._experiments[form.parent]
        name, _, value = form.change.partition("=")
        now = shown(above.settings[name])
        self.query_one("#value", Input).placeholder = f"{now} now"
        said = f"{above.name} with {name} = {value or '…'} in place of {now}"
        expected = (
            f"; expected: {form.expect}" if form.expect else "; nothing is expected of it yet"
        )
        self.query_one("#sentence", Static).update(Content(said + expected + "."))


class ExpectDialog(Dialog[Experiment]):
    """What is expected of an experiment. ``keep`` is called with the sentence and the reason."""

    HEADING = "What do you expect?"

    def __init__(
        self,
        experiment: Experiment,
        metrics: Sequence[str],
        keep: Callable[[str, str], Experiment],
    ) -> None:
        super().__init__()
        self._item, self._metrics, self._keep = experiment, metrics, keep

    def compose_fields(self) -> ComposeResult:
        item = self._item
        stated = item.hypothesis
        yield Static(Content(f"{item.name}  {one_line(item.label)}"), id="experiment")
        if any(run.done for run in item.runs):
            yield Static(
                Content(f"It has a result: what is said now is marked “{LATE}”."), id="late"
            )
        yield ExpectationFields(self._metrics, stated, parent=item.parent is not None)
        with Horizontal(classes="row"):
            yield Label("Why        ", classes="label")
            yield Input(stated.text if stated else "", id="why", placeholder=_REASON, compact=True)

    async def on_input_submitted(self) -> None:
        await self.action_accept()

    async def action_accept(self) -> None:
        words = self.query_one(ExpectationFields).words
        if not words:
            self.complain("Choose a metric: a hypothesis says what a run can refute.")
            return
        try:
            parse_expectation(words)
            self.dismiss(self._keep(words, self.query_one("#why", Input).value))
        except DeskError as error:
            self.complain(words_of(error))


def _settings(item: Experiment) -> list[tuple[str, str]]:
    return [(f"{name} = {shown(value)}", name) for name, value in item.settings.items()]
