"""The test metrics of the chosen trial: asked for first, then shown."""

from textual.app import ComposeResult
from textual.content import Content

from researchdesk.domain.sweeps import Trial
from researchdesk.domain.text import one_line
from researchdesk.services.sweep_notes import chosen_words, of_no_validation
from researchdesk.services.sweep_testing import TestLook
from researchdesk.services.sweeps import SweepPage
from researchdesk.tui.dialogs.base import Dialog, button
from researchdesk.tui.dialogs.bench_confirm import ConfirmDialog
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.sweep_words import number_words, settings_words


def may_look(page: SweepPage, trial: Trial, marked: Trial) -> ConfirmDialog:
    """Whether the test of the chosen trial may be looked at: how often that was done is said
    first, and that no other's is shown where another one is marked."""
    looks = page.looks
    doubt = of_no_validation(page.spec.metric)
    before = looks.words or "The test was not looked at yet."
    if doubt and not looks.words:
        before = f"Nothing else of the test was looked at yet; the trials were chosen by {doubt}."
    why = (
        ": whoever takes the best of several test numbers chooses on the test"
        if len(looks.trials) < 2
        else ""
    )
    other = ""
    if marked.number != trial.number:
        other = (
            f"Trial {marked.number} is marked, but the test is shown of trial {trial.number} "
            "alone: whoever looks at others chooses on the test.\n\n"
        )
    words = (
        f"{other}Trial {trial.number}, {chosen_words(page.spec.metric)}:\n"
        f"{settings_words(trial.settings)}\n\n{before}\n\n"
        "Looks are counted, and the count stands with the sweep from then on"
        f"{why}."
    )
    return ConfirmDialog("Look at the test metric?", Content(words), "Yes, look")


class TestLookDialog(Dialog[None]):
    """What the test said of a trial, and how often it was looked at."""

    __test__ = False

    def __init__(self, look: TestLook) -> None:
        super().__init__()
        self._look = look

    def heading(self) -> str:
        return f"The test of trial {self._look.trial.number}"

    def compose_fields(self) -> ComposeResult:
        look, how = self._look, chosen_words(self._look.metric)
        width = max(len(one_line(name)) for name in (*look.test, look.metric))
        lines = [
            Content(f"{how[0].upper()}{how[1:]}; {settings_words(look.trial.settings)}"),
            Content(""),
        ]
        lines += [
            Content.assemble(f"{one_line(name):{width}}  ", (number_words(value), "bold"))
            for name, value in look.test.items()
        ]
        value = f"{one_line(look.metric):{width}}  {number_words(look.trial.value)}"
        part = "" if of_no_validation(look.metric) else "  (validation)"
        lines += [Content(value + part), Content(""), Content(look.looks.words)]
        yield Static(Content("\n").join(lines), markup=False, classes="words")

    def compose_buttons(self) -> ComposeResult:
        yield button("accept", self.leaving("Close"), "Back to the sweep.", "primary")
