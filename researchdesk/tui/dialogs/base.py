"""A dialog: a box over the screen, left with escape, with buttons for the mouse."""

from typing import Any, ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static, TextArea
from textual.worker import Worker

from researchdesk.tui.commands import Command, bindings
from researchdesk.tui.notices import tell_fault

Result = TypeVar("Result")

ACCEPT = Command("dialog.accept", "ctrl+s", "accept", "Save", "Keep this.", key_label="^s")
CANCEL = Command(
    "dialog.cancel", "escape", "cancel", "Cancel", "Leave this dialog; nothing is done."
)


class Dialog(ModalScreen[Result | None], Generic[Result]):
    """Ends with a result, or with None where it was left.

    A subclass gives a ``HEADING``, what its button says (``ACCEPT_LABEL``), its fields in
    ``compose_fields``, and dismisses itself in ``action_accept``.
    """

    HEADING: ClassVar[str] = ""
    ACCEPT_LABEL: ClassVar[str] = "Save"
    VERBS: ClassVar[tuple[Command, ...]] = (ACCEPT, CANCEL)
    BINDINGS = bindings(VERBS)
    CSS_PATH: ClassVar[Any] = "dialogs.tcss"

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
        yield button("accept", f"{self.ACCEPT_LABEL}  ^s", ACCEPT.help, "primary")
        yield button("cancel", "Cancel  esc", CANCEL.help)

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
