"""The dialog that keeps a surprise."""

from dataclasses import dataclass

from textual.app import ComposeResult
from textual.widgets import Input, Label

from researchdesk.tui.dialogs.base import Dialog


@dataclass(frozen=True, slots=True)
class SurpriseForm:
    """What was filled in."""

    text: str
    expected: str
    observed: str
    on: str


class SurpriseDialog(Dialog[SurpriseForm]):
    """What is funny, what was expected, what was observed."""

    HEADING = "That's funny…"

    def __init__(self, on: str = "") -> None:
        super().__init__()
        self._on = on

    def compose_fields(self) -> ComposeResult:
        yield Label("What is funny?", classes="label")
        yield Input(id="text", placeholder="loss rises again after step 900", compact=True)
        yield Label("What did you expect?", classes="label")
        yield Input(id="expected", placeholder="it falls to the end", compact=True)
        yield Label("What did you observe?", classes="label")
        yield Input(id="observed", placeholder="0.31 at step 900, 0.44 at step 1000", compact=True)
        yield Label("Seen on (a paper's id, a run; may stay empty)", classes="label")
        yield Input(self._on, id="on", compact=True)

    def unsaved(self) -> str:
        if any(self._value(name) for name in ("text", "expected", "observed")):
            return "The surprise is not kept yet: ctrl+s keeps it, escape lets it go."
        return ""

    def settle(self) -> None:
        """Nothing to keep: ``unsaved`` said so."""

    async def on_input_submitted(self) -> None:
        self.focus_next()

    async def action_accept(self) -> None:
        form = SurpriseForm(*(self._value(name) for name in ("text", "expected", "observed", "on")))
        if not (form.text and form.expected and form.observed):
            self.complain("A surprise is a delta: all of the first three want a few words.")
            return
        self.dismiss(form)

    def _value(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value.strip()
