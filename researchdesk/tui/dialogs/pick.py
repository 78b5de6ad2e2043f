"""A dialog in which one types the beginning of a name, and the names that fit stand below."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, OptionList

from researchdesk.tui.commands import Command, bindings, keyed
from researchdesk.tui.dialogs.base import ACCEPT, CANCEL, Dialog, Result
from researchdesk.tui.widgets.brief import Option, Static

_UP = Command("pick.up", "up", "choose(-1)", "Up", "The name above.", moves=True)
_DOWN = Command("pick.down", "down", "choose(1)", "Down", "The name below.", moves=True)


class PickDialog(Dialog[Result]):
    """Up and down choose while one goes on typing; enter takes what is marked.

    A subclass gives the names in ``options_for`` and says in ``picked`` what comes of one. Enter
    where nothing is typed and nothing is marked accepts the dialog.
    """

    AUTO_FOCUS = "#name"
    HINT: ClassVar[str] = ""
    MARKS_FIRST: ClassVar[bool] = False
    """Whether the first name is marked though nothing is typed."""
    VERBS: ClassVar[tuple[Command, ...]] = (ACCEPT, CANCEL, _UP, _DOWN)
    BINDINGS = bindings(VERBS)

    def compose_fields(self) -> ComposeResult:
        yield self.field()
        names = OptionList(id="names", markup=False)
        names.can_focus = False
        yield names
        yield Static(Content(keyed(self.HINT)), classes="hint")

    def field(self) -> Input:
        """Where one types; its id is ``name``."""
        return Input(id="name", placeholder=self.placeholder(), compact=True)

    def placeholder(self) -> str:
        """What may be typed."""
        return "the beginning of a name"

    def options_for(self, text: str) -> Sequence[Option]:
        """The options for what is typed, the likeliest first."""
        raise NotImplementedError

    async def picked(self, name: str) -> None:
        """The option of this id was chosen."""
        raise NotImplementedError

    def show_names(self) -> None:
        """Read the options anew, and mark the first where something is typed."""
        names = self.query_one("#names", OptionList)
        text = self.typed
        options = self.options_for(text)
        names.set_options(options)
        enabled = [at for at, item in enumerate(options) if not item.disabled]
        wanted = text or self.MARKS_FIRST
        names.highlighted = enabled[0] if wanted and enabled else None

    @property
    def typed(self) -> str:
        """What is typed, without spaces around it."""
        return self.query_one("#name", Input).value.strip()

    @property
    def marked(self) -> str:
        """The id of the option that is marked, or ``""``."""
        names = self.query_one("#names", OptionList)
        if names.highlighted is None:
            return ""
        return names.get_option_at_index(names.highlighted).id or ""

    def action_choose(self, by: int) -> None:
        names = self.query_one("#names", OptionList)
        if by > 0:
            names.action_cursor_down()
        else:
            names.action_cursor_up()

    @on(Input.Changed, "#name")
    def _typed(self) -> None:
        self.show_names()

    async def entered(self, name: str) -> None:
        """Enter was pressed with this option marked, or with none (``""``)."""
        if name:
            await self.picked(name)
        else:
            await self.action_accept()

    @on(Input.Submitted, "#name")
    async def _taken(self) -> None:
        await self.entered(self.marked)

    @on(OptionList.OptionSelected, "#names")
    async def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        await self.picked(event.option_id or "")
