"""One of a few ways to settle something, with its reason and its day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Label, RadioSet

from researchdesk.tui.days import coming, no_day
from researchdesk.tui.dialogs.base import Dialog
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.option import OptionButton, OptionSet

_USUAL_DAYS = 30


@dataclass(frozen=True, slots=True)
class Way:
    """``name`` comes back, ``label`` is shown. It may need a reason, or be until a day."""

    name: str
    label: str
    reason: bool = False
    day: bool = False


PARK = Way("park", "Park it until the day below", reason=True, day=True)


@dataclass(frozen=True, slots=True)
class Settled:
    """The way that was chosen; ``until`` is there where it is until a day."""

    name: str
    why: str
    until: date | None


class SettleDialog(Dialog[Settled]):
    """Asks which way, why, and until when. ``today`` is the day from which ``+7`` counts."""

    ACCEPT_LABEL = "Settle"
    AUTO_FOCUS = "#now"
    WHY = "in a line"

    def __init__(self, title: str, subject: str, ways: Sequence[Way], today: date) -> None:
        super().__init__()
        self._title, self._subject = title, subject
        self._ways, self._today = tuple(ways), today

    def heading(self) -> str:
        return self._title

    def compose_facts(self) -> ComposeResult:
        """What is shown above the question."""
        yield from ()

    def compose_fields(self) -> ComposeResult:
        yield Static(Content(self._subject), id="subject")
        yield from self.compose_facts()
        with OptionSet(id="now", compact=True):
            for at, way in enumerate(self._ways):
                yield OptionButton(way.label, chosen=at == 0)
        with Horizontal(classes="row"):
            yield Label("Why", classes="name")
            yield Input(id="why", placeholder=self.WHY, compact=True)
        if any(way.day for way in self._ways):
            usual = self._today + timedelta(days=_USUAL_DAYS)
            words = f"{usual}, or +7 for in seven days"
            with Horizontal(classes="row", id="day"):
                yield Label("Until", classes="name")
                yield Input(id="until", placeholder=words, compact=True)

    def on_mount(self) -> None:
        super().on_mount()
        self._ask_for_the_day()

    def unsaved(self) -> str:
        if self.query_one("#why", Input).value.strip():
            return self.not_yet("The reason is not kept yet", "keeps it", "lets it go")
        return ""

    def settle(self) -> None:
        """Nothing to keep: ``unsaved`` said so."""

    @property
    def way(self) -> Way:
        """The one that is chosen."""
        return self._ways[max(self.query_one("#now", RadioSet).pressed_index, 0)]

    async def on_input_submitted(self) -> None:
        await self.action_accept()

    @on(RadioSet.Changed)
    def _ask_for_the_day(self) -> None:
        """The day is asked for only where it is until one."""
        for field in self.query("#until").results(Input):
            field.disabled = not self.way.day

    @on(OptionSet.Settled)
    def go_to_the_reason(self) -> None:
        self.set_focus(self.query_one("#why", Input))

    async def action_accept(self) -> None:
        way, why = self.way, self.query_one("#why", Input).value.strip()
        if way.reason and not why:
            self.complain("Say why, in a few words: you will read it when you wonder again.")
            self.set_focus(self.query_one("#why", Input))
            return
        until = None
        if way.day:
            typed = self.query_one("#until", Input).value.strip()
            until = coming(typed or f"+{_USUAL_DAYS}", self._today)
            if until is None:
                self.complain(no_day(typed))
                return
        self.end_with(Settled(way.name, why, until))
