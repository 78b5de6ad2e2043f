"""The dialog that finishes or leaves a pass."""

from dataclasses import dataclass
from datetime import date, timedelta

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Label, RadioSet

from researchdesk.domain.durations import spent
from researchdesk.domain.reading import Decision
from researchdesk.domain.workflows import Step
from researchdesk.services.reading import StepsLeft
from researchdesk.tui.days import coming, no_day
from researchdesk.tui.dialogs.base import Dialog
from researchdesk.tui.position import Position
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.option import OptionButton, OptionSet

_MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Ending:
    """``decision``: the next pass begins now, on the day ``again_on``, or not at all."""

    why: str
    decision: Decision
    again_on: date | None

    @property
    def go_on(self) -> bool:
        return self.decision is Decision.GO_ON


class EndingDialog(Dialog[Ending]):
    """Why, and what comes now: the next pass, a later day, or nothing more.

    ``left`` are the steps that were not come to, or have no note; ``open_questions`` counts what
    is marked as not understood.
    """

    def __init__(
        self,
        position: Position,
        today: date,
        left: StepsLeft,
        open_questions: int,
        *,
        dropped: bool,
    ) -> None:
        super().__init__()
        self._position, self._today, self._dropped = position, today, dropped
        self._left, self._open = left, open_questions
        self._following = None if dropped else position.next_pass
        self._choices = [Decision.LATER, Decision.STOP]
        if self._following:
            self._choices.insert(0, Decision.GO_ON)

    def heading(self) -> str:
        number = self._position.plan.number
        return f"Leave the paper in pass {number}" if self._dropped else f"Finish pass {number}"

    def compose_fields(self) -> ComposeResult:
        yield Static(self._summary(), id="summary")
        if self._dropped:
            yield Label("Leaving is a good end. Why?", classes="label")
        else:
            yield Label("Why, in one line? (may stay empty)", classes="label")
        yield Input(id="why", compact=True)
        yield Label("And now?", classes="label")
        words = {
            Decision.GO_ON: self._following
            and f"Go on to pass {self._following.number} now: {self._following.title}",
            Decision.LATER: "Come back on the day below",
            Decision.STOP: "That is all for this paper",
        }
        default = Decision.STOP if self._dropped or not self._following else Decision.GO_ON
        with OptionSet(id="now", compact=True):
            for choice in self._choices:
                yield OptionButton(words[choice] or "", chosen=choice is default)
        yield Label("Day to come back: YYYY-MM-DD, or +7 for in seven days", classes="label")
        yield Input(
            id="day",
            placeholder=str(self._today + timedelta(days=7)),
            compact=True,
            disabled=True,
        )

    def _summary(self) -> Content:
        """What the pass was: its time, its steps, what is open."""
        item, plan = self._position.item, self._position.plan
        took = f"{spent(item.seconds) or 'under a minute'} of reading" if item else "not begun"
        lines = [Content(f"Pass {plan.number} {plan.title}: {took}")]
        if self._left.not_reached:
            lines.append(_named("Not visited: ", self._left.not_reached))
        else:
            lines.append(Content("Every step was visited."))
        if self._left.without_note:
            lines.append(_named("Without a note: ", self._left.without_note))
        if self._open:
            things = "1 thing is" if self._open == 1 else f"{self._open} things are"
            lines.append(Content(f"{things} marked as not understood."))
        return Content("\n").join(lines)

    async def on_input_submitted(self) -> None:
        await self.action_accept()

    @on(RadioSet.Changed)
    def ask_for_the_day(self, event: RadioSet.Changed) -> None:
        """The day is asked for only where one wants to come back."""
        later = self._choices[event.index] is Decision.LATER
        self.query_one("#day", Input).disabled = not later

    @on(OptionSet.Settled)
    def go_to_the_day(self, event: OptionSet.Settled) -> None:
        if self._choices[event.index] is Decision.LATER:
            field = self.query_one("#day", Input)
            field.disabled = False
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
        if choice is Decision.LATER:
            again = coming(day or "+7", self._today, least=0)
            if again is None:
                self.complain(no_day(day, least=0))
                return
        self.end_with(Ending(why, choice, again))


def _named(lead: str, steps: tuple[Step, ...]) -> Content:
    names = ", ".join(step.title for step in steps[:_MOST_NAMED])
    more = len(steps) - _MOST_NAMED
    return Content.assemble((lead, "bold"), names + (f" and {more} more" if more > 0 else ""))
