"""The bar at the top: which screens there are, and on which one is.

It is one widget: of one for each name, every screen would open with a dozen more to style.
"""

from collections.abc import Sequence

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

from researchdesk.tui.commands import Command, key_words


class ModeBar(Widget):
    """The screens' names with their keys, a click goes there; at the right the keys for help and
    palette.

    Where there is little room, those of ``seldom`` are left out, and the last of ``others`` has no
    words; the seldom one that is on takes the place of help and palette.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    ModeBar {
        dock: top; height: 1; width: 1fr; background: $panel; color: $foreground;
        text-wrap: nowrap;
    }
    """

    hovered = reactive("")

    def __init__(
        self,
        screens: Sequence[Command],
        seldom: Sequence[Command],
        others: Sequence[Command],
        mode: str,
    ) -> None:
        super().__init__()
        self._screens, self._seldom, self._others = screens, seldom, others
        self._on = f"app.{mode}"

    @property
    def text(self) -> str:
        """What stands in it."""
        return self.render().plain

    def render(self) -> Content:
        narrow = self.screen.has_class("-narrow")
        seldom = [item for item in self._seldom if not narrow or item.id == self._on]
        on_seldom = any(item.id == self._on for item in self._seldom)
        others = () if narrow and on_seldom else self._others
        left = [self._tab(item) for item in (*self._screens, *seldom)]
        right = [self._tab(item, narrow and item is others[-1]) for item in others]
        room = self.size.width - sum(part.cell_length for part in (*left, *right))
        return Content.assemble(*left, " " * max(0, room), *right)

    def _tab(self, command: Command, bare: bool = False) -> Content:
        meta = Style.from_meta({"command": command.id})
        if command.id == self._on:
            whole = Style.parse("bold underline on $background") + meta
        elif command.id == self.hovered:
            whole = Style.parse("on $primary 30%") + meta
        else:
            whole = meta
        around = Style.parse("on $background") + meta if command.id == self._on else whole
        label = "" if bare else f" {command.label}"
        key = Style.parse("$accent") + whole
        return Content.assemble(
            (" ", around), (key_words(self.app, command), key), (label, whole), (" ", around)
        )

    def place_of(self, command: Command) -> int | None:
        """The column at which the command's name begins; None where it is left out."""
        at = self.text.find(f" {key_words(self.app, command)} {command.label} ")
        return None if at < 0 else cell_len(self.text[:at])

    def _under(self, event: events.MouseEvent) -> Command | None:
        name = event.style.meta.get("command")
        every = (*self._screens, *self._seldom, *self._others)
        return next((item for item in every if item.id == name), None)

    async def on_click(self, event: events.Click) -> None:
        event.stop()
        if (command := self._under(event)) is not None:
            await self.run_action(command.action)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        command = self._under(event)
        self.hovered = command.id if command else ""
        self.tooltip = command.help if command else None

    def on_leave(self) -> None:
        self.hovered = ""
