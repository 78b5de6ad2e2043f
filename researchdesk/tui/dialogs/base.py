"""A dialog: a box over the screen, left with escape, with buttons for the mouse."""

from collections.abc import Callable
from typing import Any, ClassVar, Generic, Self, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, TextArea
from textual.worker import Worker

from researchdesk.errors import DeskError
from researchdesk.tui.commands import Command, bindings, key_words
from researchdesk.tui.notices import hurried, tell_fault, words_of
from researchdesk.tui.widgets.brief import Static

Result = TypeVar("Result")

ACCEPT = Command("dialog.accept", "ctrl+s", "accept", "Save", "Keep this.", key_label="^s")
CANCEL = Command(
    "dialog.cancel", "escape", "cancel", "Cancel", "Leave this dialog; nothing is done."
)


class Dialog(ModalScreen[Result | None], Generic[Result]):
    """Ends with a result, or with None where it was left.

    A subclass gives a ``HEADING``, what its button says (``ACCEPT_LABEL``), its fields in
    ``compose_fields``, and ends in ``action_accept`` with ``end_with``.
    """

    HEADING: ClassVar[str] = ""
    ACCEPT_LABEL: ClassVar[str] = "Save"
    VERBS: ClassVar[tuple[Command, ...]] = (ACCEPT, CANCEL)
    BINDINGS = bindings(VERBS)
    CSS_PATH: ClassVar[Any] = "dialogs.tcss"

    _saver: Callable[[Any], object] | None = None
    _ended = False

    def saved_by(self, save: Callable[[Result], object]) -> Self:
        """Let ``save`` put what was filled in on the desk before the dialog ends with it. Where it
        raises DeskError the dialog says so, and stays with all its words."""
        self._saver = save
        return self

    def end_with(self, result: Result) -> None:
        """Have it saved, and end with it."""
        if self._ended:
            return
        try:
            if self._saver is not None:
                with hurried(self):
                    self._saver(result)
        except DeskError as error:
            self.complain(words_of(error))
        else:
            self.dismiss(result)

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """End, once: a double click asks for it twice, and the screen below would go, too."""
        if self._ended:
            return AwaitComplete()
        self._ended = True
        return super().dismiss(result)

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = Content(self.heading())
            with VerticalScroll(id="fields", can_focus=False):
                yield from self.compose_fields()
            yield Static("", id="problem", markup=False)
            with Horizontal(id="buttons"):
                yield from self.compose_buttons()

    def on_mount(self) -> None:
        self.app.clear_notifications()

    def heading(self) -> str:
        return self.HEADING

    def compose_fields(self) -> ComposeResult:
        """What is filled in."""
        yield from ()

    def compose_buttons(self) -> ComposeResult:
        yield button("accept", self.accepting(self.ACCEPT_LABEL), ACCEPT.help, "primary")
        yield button("cancel", self.leaving("Cancel"), CANCEL.help)

    def accepting(self, label: str) -> str:
        """What the button says that accepts, with its key."""
        return f"{label}  {self._key('accept', ACCEPT)}"

    def leaving(self, label: str) -> str:
        """What the button says that leaves, with its key."""
        return f"{label}  {self._key('cancel', CANCEL)}"

    def not_yet(self, state: str, accepting: str, leaving: str) -> str:
        """What is to be said of words that would be lost, with the keys that do either."""
        accept = self._key("accept", ACCEPT).replace("^", "ctrl+")
        return f"{state}: {accept} {accepting}, {self.cancel_key} {leaving}."

    @property
    def cancel_key(self) -> str:
        """The key that leaves, as it stands in a sentence."""
        return self._key("cancel", CANCEL).replace("esc", "escape")

    def _key(self, action: str, usual: Command) -> str:
        own = (item for item in self.VERBS if item.action == action)
        return key_words(self.app, next(own, usual))

    def complain(self, text: str) -> None:
        """Say in the dialog what is wrong; an empty text takes it away."""
        problem = self.query_one("#problem", Static)
        problem.update(Content(text))
        problem.set_class(bool(text), "-shown")

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        tell_fault(self, event)

    async def action_accept(self) -> None:
        """Check the fields and dismiss with the result."""
        self.dismiss(None)

    def action_cancel(self) -> None:
        self.dismiss(None)

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _mended(self) -> None:
        """What was complained of was about what stood there before."""
        self.complain("")

    @on(Button.Pressed, "#accept")
    async def _accepted(self) -> None:
        await self.run_action("accept")

    @on(Button.Pressed, "#cancel")
    async def _cancelled(self) -> None:
        await self.run_action("cancel")


def button(name: str, label: str, tooltip: str, variant: str = "default") -> Button:
    """A low button, so that dialogs fit into 24 lines."""
    return Button(
        Content(label),
        variant="primary" if variant == "primary" else "default",
        id=name,
        compact=True,
        tooltip=tooltip,
    )
