"""One of several, each with a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList

from researchdesk.domain.text import one_line
from researchdesk.tui.dialogs.base import Dialog
from researchdesk.tui.widgets.brief import Option, Static


@dataclass(frozen=True, slots=True)
class Choice:
    """``name`` comes back; ``title`` and ``words`` are shown."""

    name: str
    title: str
    words: str


class ChoiceDialog(Dialog[str]):
    """Ends with the name of the chosen one. ``about`` says in a line what it is done to."""

    AUTO_FOCUS = "#choices"
    ACCEPT_LABEL = "Choose"

    def __init__(
        self, title: str, choices: Sequence[Choice], current: str = "", about: str = ""
    ) -> None:
        super().__init__()
        self._about = one_line(about)
        self._title, self._choices, self._current = title, list(choices), current

    def heading(self) -> str:
        return self._title

    def compose_fields(self) -> ComposeResult:
        if self._about:
            yield Static(Content(self._about), id="about")
        options = [
            Option(
                Content.assemble((item.title, "bold"), "\n", item.words),
                id=item.name,
            )
            for item in self._choices
        ]
        yield OptionList(*options, id="choices", markup=False)

    def on_mount(self) -> None:
        choices = self.query_one("#choices", OptionList)
        names = [item.name for item in self._choices]
        choices.highlighted = names.index(self._current) if self._current in names else 0
        choices.focus()

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(event.option_id)

    async def action_accept(self) -> None:
        at = self.query_one("#choices", OptionList).highlighted
        self.dismiss(None if at is None else self._choices[at].name)
