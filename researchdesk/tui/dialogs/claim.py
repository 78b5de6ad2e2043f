"""The dialog for a claim in one's own words."""

from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Label, TextArea

from researchdesk.tui.dialogs.base import Dialog
from researchdesk.tui.widgets.long_text import LongText


@dataclass(frozen=True, slots=True)
class ClaimForm:
    """What was filled in; ``value`` and ``spread`` are None where they were left empty."""

    text: str = ""
    metric: str = ""
    dataset: str = ""
    value: float | None = None
    spread: float | None = None
    page: int | None = None
    quote: str = ""


class ClaimDialog(Dialog[ClaimForm]):
    """What is claimed, the number if there is one, and where it stands."""

    HEADING = "A claim in your own words"
    AUTO_FOCUS = "#text"

    def compose_fields(self) -> ComposeResult:
        yield Label("What is claimed?", classes="label")
        yield Input(id="text", placeholder="warmup lowers the final loss", compact=True)
        for name, label, example in (
            ("metric", "Metric  ", "test loss (may stay empty)"),
            ("dataset", "On      ", "data set or task (may stay empty)"),
            ("value", "Number  ", "1.41 (may stay empty)"),
            ("spread", "±       ", "0.02 (may stay empty)"),
            ("page", "Page    ", "may stay empty"),
        ):
            with Horizontal(classes="row"):
                yield Label(label, classes="label")
                yield Input(id=name, placeholder=example, compact=True)
        yield Label("Quote from the paper (may stay empty)", classes="label")
        yield LongText(id="quote", compact=True, soft_wrap=True)

    def unsaved(self) -> str:
        if self._value("text"):
            return self.not_yet("The claim is not kept yet", "keeps it", "lets it go")
        return ""

    def settle(self) -> None:
        """Nothing to keep: ``unsaved`` said so."""

    async def on_input_submitted(self) -> None:
        self.focus_next()

    async def action_accept(self) -> None:
        if not self._value("text"):
            self.complain("Say what is claimed, in a few words.")
            return
        try:
            form = ClaimForm(
                self._value("text"),
                self._value("metric"),
                self._value("dataset"),
                self._number("value"),
                self._number("spread"),
                self._page(),
                self.query_one("#quote", TextArea).text,
            )
        except ValueError as error:
            self.complain(str(error))
        else:
            self.end_with(form)

    def _value(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value.strip()

    def _number(self, name: str) -> float | None:
        text = self._value(name).replace(",", ".")
        if not text:
            return None
        try:
            return float(text)
        except ValueError as error:
            raise ValueError(f"{text!r} is no number.") from error

    def _page(self) -> int | None:
        text = self._value("page")
        if text and not (text.isdecimal() and int(text) >= 1):
            raise ValueError("Pages count from 1.")
        return int(text) if text else None
