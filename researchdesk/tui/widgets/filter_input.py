"""The line in which the library is searched."""

from typing import ClassVar

from textual.suggester import Suggester
from textual.widgets import Input

from researchdesk.tui.commands import Command, bindings
from researchdesk.tui.search_words import Names, endings

_LIST = Command(
    "filter.list",
    "enter,down",
    "submit",
    "To the list",
    "Leave the line: to the papers found.",
    True,
    "enter",
)
_COMPLETE = Command(
    "filter.complete",
    "right",
    "cursor_right",
    "Complete",
    "Take what the last word may become.",
    True,
    "→",
)


class FilterInput(Input):
    """Completes its last word as the grammar and the names of the desk have it.

    What it may become stands behind what is typed; right takes it.
    """

    VERBS: ClassVar[tuple[Command, ...]] = (_LIST, _COMPLETE)
    BINDINGS = bindings(VERBS)

    def __init__(self, placeholder: str, name: str) -> None:
        super().__init__(placeholder=placeholder, id=name, compact=True, suggester=_Endings(self))
        self.names = Names()

    @property
    def endings(self) -> tuple[str, ...]:
        """What the text may become, the likeliest first."""
        return endings(self.value, self.names)

    def action_cursor_right(self, select: bool = False) -> None:
        found = self.endings
        if found and not select and self.cursor_position == len(self.value):
            self.value = found[0]
            self.cursor_position = len(self.value)
        else:
            super().action_cursor_right(select)


class _Endings(Suggester):
    def __init__(self, field: FilterInput) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._field = field

    async def get_suggestion(self, value: str) -> str | None:
        """The first that goes on where the cursor is."""
        found = endings(value, self._field.names)
        fitting = (item for item in found if item.casefold().startswith(value.casefold()))
        longer = next(fitting, None)
        return None if longer is None else value + longer[len(value) :]
