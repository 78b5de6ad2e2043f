"""The keys that work where one is, in one line: drawn at once, where a footer of widgets is made
anew with every change."""

from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.screen import Screen
from textual.style import Style
from textual.widget import Widget

from researchdesk.tui.commands import keyed

_GAP = 2
_WAY_OUT = "escape"


class _Item(NamedTuple):
    key: str
    shown: str
    label: str
    tooltip: str

    @property
    def width(self) -> int:
        return cell_len(self.shown) + cell_len(self.label) + 1


class KeyBar(Widget):
    """As many keys as there is room for, whole; a click presses one.

    The way out keeps its place at the end, however many keys there are.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    KeyBar {
        dock: bottom; height: 1; width: 1fr; background: $panel; color: $footer-foreground;
        text-wrap: nowrap; padding: 0 0 0 0;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._items: tuple[_Item, ...] = ()

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    @property
    def text(self) -> str:
        """What stands in it."""
        return self.render().plain

    def render(self) -> Content:
        parts: list[str | tuple[str, str | Style]] = []
        for item in self._fitting(self.size.width):
            meta = Style.from_meta({"key": item.key})
            key = Style.parse("bold $footer-key-foreground") + meta
            parts += [(item.shown, key), (f" {item.label}", meta), " " * _GAP]
        return Content.assemble(*parts)

    def _fitting(self, room: int) -> list[_Item]:
        """Those that fit side by side, the way out always among them."""
        out = next((item for item in self._items if item.key == _WAY_OUT), None)
        if sum(item.width + _GAP for item in self._items) <= room + _GAP:
            return list(self._items)
        room += _GAP - (out.width + _GAP if out else 0)
        found = []
        for item in self._items:
            if item is out:
                continue
            room -= item.width + _GAP
            if room < 0:
                break
            found.append(item)
        return [*found, out] if out else found

    def on_click(self, event: events.Click) -> None:
        key = event.style.meta.get("key")
        if isinstance(key, str):
            self.app.simulate_key(key)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        key = event.style.meta.get("key")
        self.tooltip = next((item.tooltip for item in self._items if item.key == key), None)

    def _changed(self, screen: Screen[object]) -> None:
        if screen is not self.screen or not screen.app.app_focus:
            return
        found: dict[str, _Item] = {}
        for _, binding, enabled, tooltip in screen.active_bindings.values():
            if binding.show and enabled and binding.action not in found:
                shown = self.app.get_key_display(binding)
                found[binding.action] = _Item(
                    binding.key, shown, binding.description, keyed(tooltip)
                )
        items = tuple(found.values())
        if items != self._items:
            self._items = items
            self.refresh()
