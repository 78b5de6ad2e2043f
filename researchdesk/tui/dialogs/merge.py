"""Two records side by side: is it one paper, or are they two?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button

from researchdesk.domain.merging import Line, SideBySide
from researchdesk.errors import DeskError
from researchdesk.services import library, merging
from researchdesk.services.desk import Desk
from researchdesk.tui.commands import Command, bindings, keyed
from researchdesk.tui.dialogs.base import Dialog, button
from researchdesk.tui.notices import words_of
from researchdesk.tui.widgets.brief import Static

_MERGE = Command(
    "merge.one",
    "m",
    "accept",
    "One paper",
    "Make one paper of both: all that hangs on either comes to the kept one.",
    True,
)
_REFUSE = Command(
    "merge.two", "n", "refuse", "Two papers", "They are two papers, and not proposed again.", True
)
_TURN = Command(
    "merge.keep-other",
    "k",
    "turn",
    "Keep the other",
    "Let the other record be the one that is kept.",
    True,
)
_LATER = Command("merge.later", "l", "later", "Later", "Leave this pair for later.", True)
_UNDO = Command("merge.undo", "ctrl+z", "undo", "Undo", "Take back what was decided last.", True)
_CLOSE = Command("merge.close", "escape", "cancel", "Close", "Leave the pairs that are left.", True)
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about a pair, in words, and what takes it back."""

    words: str
    pair: tuple[int, int]
    back: Callable[[], object]


class MergeDialog(Dialog[tuple[Decided, ...]]):
    """Shows the pairs, one after the other; ends with what was decided, the last at the end.

    ``pairs`` are rows of papers. What differs is marked with ≠.
    """

    VERBS: ClassVar[tuple[Command, ...]] = (_MERGE, _REFUSE, _TURN, _LATER, _UNDO, _CLOSE)
    BINDINGS = bindings(VERBS)
    CSS_PATH = ["dialogs.tcss", "merge.tcss"]
    AUTO_FOCUS = "#fields"

    def __init__(self, desk: Desk, pairs: Sequence[tuple[int, int]]) -> None:
        super().__init__()
        self._desk = desk
        self._pairs = list(pairs)
        self._at = 0
        self._kept: int | None = None
        self._whys = {frozenset(pair): why for pair, why in merging.waiting(desk).items()}
        self._shown: SideBySide | None = None
        self._done: list[Decided] = []

    @property
    def shown(self) -> SideBySide | None:
        """The pair that is looked at."""
        return self._shown

    def heading(self) -> str:
        count = f"  {self._at + 1} of {len(self._pairs)}" if len(self._pairs) > 1 else ""
        return f"Two records of one paper?{count}"

    def compose_fields(self) -> ComposeResult:
        yield from self._lines()

    def compose_buttons(self) -> ComposeResult:
        yield button("accept", keyed("One paper  {merge.one}"), _MERGE.help, "primary")
        yield button("refuse", keyed("Two papers  {merge.two}"), _REFUSE.help)
        yield button("turn", keyed("Keep the other  {merge.keep-other}"), _TURN.help)
        yield button("later", keyed("Later  {merge.later}"), _LATER.help)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#fields", VerticalScroll).can_focus = True
        self.query_one("#fields").focus()
        self._tell_hindrance()

    @on(Button.Pressed, "#refuse")
    @on(Button.Pressed, "#turn")
    @on(Button.Pressed, "#later")
    async def _pressed(self, event: Button.Pressed) -> None:
        await self.run_action(str(event.button.id))

    # What is shown

    def _lines(self) -> list[Widget]:
        found = self._read()
        if found is None:
            return [Static(Content("One of these papers is not on the desk any more."))]
        why = self._whys.get(frozenset((found.kept.id, found.other.id)), "")
        head = Horizontal(
            Static("", classes="mark"),
            Static("", classes="name"),
            Static(Content(f"Kept: {found.kept.name}"), classes="side"),
            Static(Content(f"Joins it: {found.other.name}"), classes="side"),
            classes="line -head",
        )
        told = [Static(Content(f"{why[:1].upper()}{why[1:]}."), id="why")] if why else []
        return [*told, head, *(_line(line) for line in found.lines)]

    def _read(self) -> SideBySide | None:
        one, other = (library.paper_of(self._desk, number) for number in self._pairs[self._at])
        if one is None or other is None:
            self._shown = None
        else:
            self._shown = merging.side_by_side(self._desk, one, other, self._kept)
        return self._shown

    async def _show(self) -> None:
        fields = self.query_one("#fields", VerticalScroll)
        with self.app.batch_update():
            await fields.remove_children()
            await fields.mount_all(self._lines())
        fields.scroll_home(animate=False)
        self.query_one("#box").border_title = Content(self.heading())
        self._tell_hindrance()

    def _tell_hindrance(self) -> None:
        self.complain(self._shown.hindrance if self._shown else "")

    # What keys do

    async def action_accept(self) -> None:
        found = self._shown
        if found is None:
            return
        await self._decide(lambda: self._merge(found.kept.id, found.other.id))

    async def action_refuse(self) -> None:
        found = self._shown
        if found is None:
            return
        await self._decide(lambda: self._refuse(found))

    async def action_turn(self) -> None:
        """Keep the other one."""
        if self._shown is not None:
            self._kept = self._shown.other.id
            await self._show()

    async def action_later(self) -> None:
        await self._next()

    async def action_undo(self) -> None:
        """Take back the last decision, and show its pair again."""
        if not self._done:
            self.complain("Nothing was decided here yet.")
            return
        decided = self._done.pop()
        try:
            decided.back()
        except DeskError as error:
            self._done.append(decided)
            self.complain(words_of(error))
            return
        self._at, self._kept = self._pairs.index(decided.pair), None
        await self._show()

    def action_cancel(self) -> None:
        self.dismiss(tuple(self._done))

    async def _decide(self, how: Callable[[], Decided]) -> None:
        try:
            self._done.append(how())
        except DeskError as error:
            self.complain(words_of(error))
        else:
            await self._next()

    def _merge(self, kept: int, other: int) -> Decided:
        change = merging.merge(self._desk, kept, other)
        back = merging.unmerge
        return Decided(change.what, self._pairs[self._at], lambda: back(self._desk, change.id))

    def _refuse(self, found: SideBySide) -> Decided:
        ids = found.kept.id, found.other.id
        merging.refuse(self._desk, *ids)
        words = f"{found.kept.name} and {found.other.name} are two papers"
        return Decided(words, self._pairs[self._at], lambda: merging.unrefuse(self._desk, *ids))

    async def _next(self) -> None:
        self._at += 1
        self._kept = None
        if self._at < len(self._pairs):
            await self._show()
        else:
            self.dismiss(tuple(self._done))


def _line(line: Line) -> Widget:
    sides = (Static(Content(_cut(text) or "–"), classes="side") for text in (line.kept, line.other))
    return Horizontal(
        Static("≠" if line.unlike else "", classes="mark"),
        Static(line.name, classes="name", markup=False),
        *sides,
        classes="line -unlike" if line.unlike else "line",
    )


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST else f"{flat[: _LONGEST - 1]}…"
