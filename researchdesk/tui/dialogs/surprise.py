"""The dialog that keeps a surprise."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Label, TextArea
from textual.worker import get_current_worker

from researchdesk.domain.deltas import Delta, stated, words
from researchdesk.errors import DeskError
from researchdesk.tui.commands import Command, bindings, keyed
from researchdesk.tui.dialogs.base import ACCEPT, CANCEL, Dialog, button
from researchdesk.tui.notices import words_of
from researchdesk.tui.surprise_form import SurpriseForm as SurpriseForm
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.long_text import LongText

_DRAFT_S, _PAUSE_S = 1.0, 0.15
_HINT = "Where both are one number in one unit, their delta stands here."
_PLACE = "a paper's id, run:ID, run:ID#claim, claim:…; may stay empty"
_TOLD = (
    "Surprise {told} tells of this already; {app.funny} shows it. What is kept here is one more."
)
RESET = Command(
    "funny.reset", "ctrl+r", "reset", "As it was", "Back to what was filled in here.",
    key_label="^r",
)  # fmt: skip


class Sentence(LongText):
    """A text that grows with its words; enter goes on to the next field."""

    def on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self.screen.focus_next()


class SurpriseDialog(Dialog[SurpriseForm]):
    """What is funny, what was expected, what was observed; their delta as one types.

    Left with escape it ends with the form, not ``saved``. ``keep`` is handed the form while it is
    written, and says why it could not be; ``save`` puts it on the desk, and where it raises
    DeskError the dialog stays open with all words; ``measure`` gives the delta of expected,
    observed and on, ``named`` what a ref leads to, in a line: both are called in a thread.
    """

    HEADING = "That's funny…"
    VERBS: ClassVar[tuple[Command, ...]] = (ACCEPT, CANCEL, RESET)
    BINDINGS = bindings(VERBS)
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]

    @dataclass
    class Known(Message):
        """What was found out about the words of ``form``."""

        form: SurpriseForm
        delta: Delta | None
        named: str

    def __init__(
        self,
        form: SurpriseForm,
        keep: Callable[[SurpriseForm], str],
        save: Callable[[SurpriseForm], None],
        measure: Callable[[str, str, str], Delta | None],
        named: Callable[[str], str],
        begun: SurpriseForm | None = None,
    ) -> None:
        """``begun`` is what was written before and not kept: it is gone on with."""
        super().__init__()
        self._filled, self._begun = form, begun or form
        self._keep, self._save, self._measure, self._named = keep, save, measure, named
        self._refused = False
        self._draft_soon: Timer | None = None
        self._look_soon: Timer | None = None

    @property
    def _gone_on_with(self) -> bool:
        return self._begun.words != self._filled.words

    def heading(self) -> str:
        unkept = ", begun before and not kept yet" if self._gone_on_with else ""
        return f"{self.HEADING.rstrip('…')}{unkept}" if unkept else self.HEADING

    def compose_buttons(self) -> ComposeResult:
        yield from super().compose_buttons()
        if self._gone_on_with:
            yield button("reset", keyed("As it was  {^funny.reset}"), RESET.help)

    def compose_fields(self) -> ComposeResult:
        form = self._begun
        if form.told:
            yield Static(Content(keyed(_TOLD, told=form.told)), id="told")
        yield Label("What is funny?", classes="label")
        yield Input(form.text, id="text", placeholder="loss rises again after step 900",
                    compact=True, select_on_focus=False)  # fmt: skip
        yield Label("What did you expect?", classes="label")
        yield Sentence(form.expected, id="expected", placeholder="it falls to the end",
                       compact=True, soft_wrap=True)  # fmt: skip
        yield Label("What did you observe?", classes="label")
        yield Sentence(form.observed, id="observed", compact=True, soft_wrap=True,
                       placeholder="0.31 at step 900, 0.44 at step 1000")  # fmt: skip
        yield Static(id="delta", markup=False)
        yield Label("Where was it met?", classes="label")
        yield Input(form.on, id="on", placeholder=_PLACE, compact=True)
        yield Static(id="on-title", markup=False)

    def on_mount(self) -> None:
        for area in self.query(Sentence):
            area.move_cursor(area.document.end)
        self.query_one(f"#{self._first_empty()}").focus()
        self._show(self._begun.delta)
        self._look(self._begun)

    def _first_empty(self) -> str:
        names = ("text", "expected", "observed")
        values = zip(names, self._begun.words, strict=False)
        return next((name for name, value in values if not value.strip()), "text")

    def unsaved(self) -> str:
        if self._refused or self._read().words != self._begun.words:
            return self.not_yet("The surprise is not kept yet", "keeps it", "leaves it")
        return ""

    def settle(self) -> None:
        """Nothing to keep: ``unsaved`` said so."""

    @on(Input.Submitted)
    def go_on(self) -> None:
        self.focus_next()

    async def action_accept(self) -> None:
        form = self._read()
        if not (form.text.strip() and form.expected.strip() and form.observed.strip()):
            self.complain("A surprise is a delta: all of the first three want a few words.")
            return
        try:
            self._save(form)
        except DeskError as error:
            self._refused = True
            self._keep(form)
            self.complain(words_of(error))
        else:
            self._leave(replace(form, saved=True))

    def action_cancel(self) -> None:
        self._leave(self._read())

    def _leave(self, form: SurpriseForm) -> None:
        for timer in (self._draft_soon, self._look_soon):
            if timer is not None:
                timer.stop()
        self.dismiss(form)

    def _read(self) -> SurpriseForm:
        return self._filled.with_words(
            self.query_one("#text", Input).value,
            self.query_one("#expected", Sentence).text,
            self.query_one("#observed", Sentence).text,
            self.query_one("#on", Input).value.strip(),
        )

    def action_reset(self) -> None:
        """What can be filled in; what was written before and not kept is let go."""
        form = self._filled
        self.query_one("#text", Input).value = form.text
        self.query_one("#expected", Sentence).text = form.expected
        self.query_one("#observed", Sentence).text = form.observed
        self.query_one("#on", Input).value = form.on

    # While one types

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _typed(self) -> None:
        """A crash loses no more than the last second of typing, also of typing without a pause."""
        if self._draft_soon is None:
            self._draft_soon = self.set_timer(_DRAFT_S, self._keep_now)
        if self._look_soon is not None:
            self._look_soon.stop()
        self._look_soon = self.set_timer(_PAUSE_S, self._look_now)

    def _keep_now(self) -> None:
        self._draft_soon = None
        form = self._read()
        if form.words != self._filled.words:
            self.complain(self._keep(form))

    def _look_now(self) -> None:
        self._look(self._read())

    @work(thread=True, exclusive=True, group="delta", exit_on_error=False)
    def _look(self, form: SurpriseForm) -> None:
        delta = form.delta or self._measure(form.expected, form.observed, form.on)
        named = self._named(form.on) if form.on.strip() else ""
        if not get_current_worker().is_cancelled:
            self.post_message(self.Known(form, delta, named))

    @on(Known)
    def _tell(self, message: Known) -> None:
        message.stop()
        if self._read().words == message.form.words:
            self._show(message.delta)
            self.query_one("#on-title", Static).update(Content(message.named))

    def _show(self, delta: Delta | None) -> None:
        if delta is not None:
            said = Content.assemble(("Δ  ", "$text-muted"), (words(delta), "bold $text-accent"))
        else:
            said = Content.styled(self._why_none(), "$text-muted")
        self.query_one("#delta", Static).update(said)

    def _why_none(self) -> str:
        one = stated(self.query_one("#expected", Sentence).text)
        other = stated(self.query_one("#observed", Sentence).text)
        if one is not None and other is not None and one.unit != other.unit:
            units = " and ".join(unit or "none" for unit in (one.unit, other.unit))
            return f"The units differ, so there is no delta: {units}."
        if one is not None and other is not None:
            return "The metrics differ, so there is no delta."
        return _HINT
