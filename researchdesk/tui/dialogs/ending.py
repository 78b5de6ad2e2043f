"""The dialog that finishes or leaves a pass."""

from dataclasses import dataclass
from datetime import date, timedelta

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input, Label, RadioSet

from researchdesk.tui.dialogs.base import Dialog
from researchdesk.tui.position import Position
from researchdesk.tui.widgets.option import OptionButton


@dataclass(frozen=True, slots=True)
class Ending:
    """``go_on``: the next pass begins now. ``again_on``: the day to come back, if any."""

    why: str
    go_on: bool
    again_on: date | None


class EndingDialog(Dialog[Ending]):
    """Why, and what comes now: the next pass, a later day, or nothing more."""

    def __init__(self, position: Position, today: date, *, dropped: bool) -> None:
        super().__init__()
        self._position, self._today, self._dropped = position, today, dropped
        following = None if dropped else position.next_pass
        self._choices = ["go on", "later", "stop"] if following else ["later", "stop"]
        self._following = following

    def heading(self) -> str:
        number = self._position.plan.number
        return f"Leave the paper in pass {number}" if self._dropped else f"Finish pass {number}"

    def compose_fields(self) -> ComposeResult:
        if self._dropped:
            yield Label("Leaving is a good end. Why?", classes="label")
        else:
            yield Label("What did the pass give you? (may stay empty)", classes="label")
        yield Input(id="why", compact=True)
        yield Label("And now?", classes="label")
        words = {
            "go on": self._following
            and f"Go on to pass {self._following.number} now: {self._following.title}",
            "later": "Come back on the day below",
            "stop": "That is all for this paper",
        }
        with RadioSet(id="now", compact=True):
            for name in self._choices:
                chosen = name == ("stop" if self._dropped else self._choices[0])
                yield OptionButton(words[name] or "", chosen=chosen)
        yield Label("Day to come back: YYYY-MM-DD, or +7 for in seven days", classes="label")
        yield Input(
            id="day",
            placeholder=str(self._today + timedelta(days=7)),
            compact=True,
            disabled=self._dropped or self._choices[0] != "later",
        )

    async def on_input_submitted(self) -> None:
        await self.action_accept()

    @on(RadioSet.Changed)
    def ask_for_the_day(self, event: RadioSet.Changed) -> None:
        """The day is asked for only where one wants to come back."""
        field = self.query_one("#day", Input)
        before, field.disabled = field.disabled, self._choices[event.index] != "later"
        if before and not field.disabled:
            self.set_focus(field)

    async def action_accept(self) -> None:
        why = self.query_one("#why", Input).value.strip()
        index = self.query_one("#now", RadioSet).pressed_index
        choice = self._choices[max(index, 0)]
        day = self.query_one("#day", Input).value.strip()
        if self._dropped and not why:
            self.complain("Say why, in a few words: the next reader of the list may be you.")
            return
        again = None
        if choice == "later":
            again = _day(day or "+7", self._today)
            if again is None or again < self._today:
                self.complain(f"{day!r} is no day to come; say 2027-01-31, or +7.")
                return
        self.dismiss(Ending(why, choice == "go on", again))


def _day(text: str, today: date) -> date | None:
    try:
        if text.startswith("+"):
            return today + timedelta(days=int(text[1:]))
        return date.fromisoformat(text)
    except (ValueError, OverflowError):
        return None
