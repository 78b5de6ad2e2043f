"""What can be linked, offered below a text while ``[[`` is being written in it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar

from textual import on
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList

from researchdesk.tui.commands import Command, bindings
from researchdesk.tui.widgets.brief import Option
from researchdesk.tui.widgets.long_text import LongText

LINKING = (
    Command("note.take", "tab,enter", "take", "Take the link",
            "While links are offered: take the marked one.", True, "tab", priority=True),
    Command("note.next-link", "down", "mark_link(1)", "Next link",
            "While links are offered: mark the next.", priority=True, moves=True),
    Command("note.link-before", "up", "mark_link(-1)", "Link before",
            "While links are offered: mark the one before.", priority=True, moves=True),
)  # fmt: skip
TAKING = "{*note.take} takes the marked link, ↑ ↓ mark another"


@dataclass(frozen=True, slots=True)
class Target:
    """What ``[[`` can link to: ``name`` goes between the brackets, ``words`` say what it is."""

    name: str
    words: str


class LinkingText(LongText):
    """A text in which links are written. While some are offered, tab, enter and the arrows choose.

    ``offers`` are those of the LinkOffers that were made for it.
    """

    VERBS: ClassVar[tuple[Command, ...]] = LINKING
    BINDINGS = bindings(LINKING)
    offers: "LinkOffers | None" = None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in {"take", "mark_link"}:
            return self.has_focus and self.offers is not None and self.offers.offering
        return super().check_action(action, parameters)

    def action_take(self) -> None:
        if self.offers is not None:
            self.offers.take()

    def action_mark_link(self, by: int) -> None:
        if self.offers is not None:
            self.offers.mark(by)


class LinkOffers(OptionList):
    """The targets in which every word stands that was typed after ``[[``, the first few."""

    ALLOW_SELECT = False
    can_focus = False

    @dataclass
    class Changed(Message):
        """Others are offered now, or none any more."""

        offered: bool

    def __init__(
        self, text: LinkingText, targets: Callable[[], Iterable[Target]], shown: int
    ) -> None:
        super().__init__(id="offered", markup=False)
        text.offers = self
        self._text, self._targets, self._most = text, targets, shown
        self._known: Sequence[Target] | None = None
        self._offered: list[Target] = []

    @property
    def offering(self) -> bool:
        """Whether there is something that could be taken."""
        return bool(self._offered)

    def forget(self) -> None:
        """Ask again what there is when ``[[`` is written next."""
        self._known = None

    def offer(self) -> None:
        """The text or its cursor changed."""
        found = [] if (begun := self._begun()) is None else self._matching(begun)
        if found == self._offered:
            return
        self._offered = found
        self.clear_options()
        self.add_options(
            [Option(Content.assemble((item.name, "bold"), f"  {item.words}")) for item in found]
        )
        if found:
            self.highlighted = 0
        self.post_message(self.Changed(bool(found)))

    def _matching(self, begun: str) -> list[Target]:
        if self._known is None:
            self._known = list(self._targets())
        words = begun.casefold().split()
        found = (
            target
            for target in self._known
            if all(word in f"{target.name} {target.words}".casefold() for word in words)
        )
        return list(islice(found, self._most))

    def _begun(self) -> str | None:
        """What stands between ``[[`` and the cursor, where a link is being written."""
        row, column = self._text.cursor_location
        line = self._text.document.get_line(row)[:column]
        _, opened, rest = line.rpartition("[[")
        return rest if opened and "]]" not in rest else None

    def mark(self, by: int) -> None:
        """Mark the next one, or the one before."""
        if self._offered:
            self.highlighted = ((self.highlighted or 0) + by) % len(self._offered)

    @on(OptionList.OptionSelected)
    def _pointed_at(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.take(event.option_index)

    def take(self, at: int | None = None) -> None:
        """Write the link that is marked, or the one at this place."""
        begun = self._begun()
        at = (self.highlighted or 0) if at is None else at
        if begun is None or at >= len(self._offered):
            return
        row, column = self._text.cursor_location
        name = self._offered[at].name
        self._text.replace(f"{name}]]", (row, column - len(begun)), (row, column))
        self._text.focus()
