"""What a key does, said once: binding, footer, palette, tooltip and help come from it."""

from collections.abc import Iterable
from dataclasses import dataclass

from textual.binding import Binding, BindingType
from textual.keys import key_to_character


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that a person can ask for.

    ``keys`` as Textual names them, separated by commas; ``key_label`` how they are shown, where
    Textual's own way would be too long. ``label`` stands in the footer where ``shown``; ``help``
    is a whole sentence for palette, tooltip and help. One that only ``moves`` is not in the
    palette. ``id`` is unique over the whole program.
    """

    id: str
    keys: str
    action: str
    label: str
    help: str
    shown: bool = False
    key_label: str = ""
    priority: bool = False
    moves: bool = False

    @property
    def binding(self) -> Binding:
        return Binding(
            self.keys,
            self.action,
            self.label,
            show=self.shown,
            key_display=self.key_label or None,
            priority=self.priority,
            tooltip=self.help,
            id=self.id,
        )

    @property
    def key_words(self) -> str:
        """The keys that it comes with, as a person reads them."""
        return self.key_label or spoken(self.keys)


def key_words(app: object, command: Command) -> str:
    """The keys that a command has in this app, as a person reads them: the user's own, if any."""
    own = getattr(app, "own_keys", {}).get(command.id)
    return command.key_words if own is None else spoken(own)


def bindings(commands: Iterable[Command]) -> list[BindingType]:
    """The bindings of a screen or widget, from its commands."""
    return [command.binding for command in commands]


_SPOKEN = {
    "plus": "+",
    "minus": "-",
    "slash": "/",
    "at": "@",
    "backslash": "\\",
    "underscore": "_",
    "escape": "esc",
    "delete": "del",
    "pageup": "pgup",
    "pagedown": "pgdn",
}


def spoken(keys: str) -> str:
    """Keys, divided by commas, as a person reads them."""
    return " or ".join(_spoken(key) for key in keys.split(","))


def _spoken(key: str) -> str:
    *modifiers, last = key.strip().split("+")
    sign = key_to_character(last) or ""
    name = last.upper() if last[:1] == "f" and last[1:].isdigit() else last
    return "+".join([*modifiers, _SPOKEN.get(last, sign.strip() or name)])
