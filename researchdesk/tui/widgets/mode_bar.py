"""The bar at the top: which screens there are, and on which one is.

It is one widget: of one for each name, every screen would open with a dozen more to style.
"""

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

from researchdesk.tui.commands import Command, key_words

_Tab = tuple[Command, Content]


class ModeBar(Widget):
    """The screens' names with their keys, a click goes there; at the right the keys for help and
    palette.

    Where there is little room, those of ``seldom`` are left out but the one that is on, of several
    keys only the first is shown, and the last of ``others`` has no words; what then does not fit
    loses its words, and after that its place, that which is furthest from where one is first.
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
        left, right = self._tabs()
        parts = [tab for _, tab in left], [tab for _, tab in right]
        room = self.size.width - _width(left) - _width(right)
        return Content.assemble(*parts[0], " " * max(0, room), *parts[1])

    def _tabs(self) -> tuple[list[_Tab], list[_Tab]]:
        """What stands at the left and at the right, cut down until it fits."""
        narrow = self.screen.has_class("-narrow")
        left = [
            *self._screens,
            *(item for item in self._seldom if not narrow or item.id == self._on),
        ]
        right = [
            (item, self._tab(item, narrow, narrow and item is self._others[-1]))
            for item in self._others
        ]
        tabs = [(item, self._tab(item, narrow)) for item in left]
        here = next((at for at, item in enumerate(left) if item.id == self._on), 0)
        room = self.size.width - _width(right)
        furthest = sorted(range(len(left)), key=lambda at: -abs(at - here))[:-1]
        for at in furthest:
            if _width(tabs) > room:
                tabs[at] = (left[at], self._tab(left[at], True, True))
        for at in furthest:
            if _width(tabs) > room:
                tabs[at] = (left[at], Content(""))
        return [tab for tab in tabs if tab[1]], right

    def _tab(self, command: Command, narrow: bool, bare: bool = False) -> Content:
        meta = Style.from_meta({"command": command.id})
        if command.id == self._on:
            whole = Style.parse("bold underline on $background") + meta
        elif command.id == self.hovered:
            whole = Style.parse("on $primary 30%") + meta
        else:
            whole = meta
        around = Style.parse("on $background") + meta if command.id == self._on else whole
        label = "" if bare else f" {command.label}"
        keys = key_words(self.app, command, first=narrow)
        key = Style.parse("$accent") + whole
        return Content.assemble((" ", around), (keys, key), (label, whole), (" ", around))

    def place_of(self, command: Command) -> int | None:
        """The column at which the command's name begins; None where it is left out."""
        left, right = self._tabs()
        ids = [item.id for item, _ in left]
        if command.id in ids:
            return _width(left[: ids.index(command.id)])
        ids = [item.id for item, _ in right]
        if command.id in ids:
            return self.size.width - _width(right[ids.index(command.id) :])
        return None

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


def _width(tabs: Sequence[_Tab]) -> int:
    return sum(tab.cell_length for _, tab in tabs)
