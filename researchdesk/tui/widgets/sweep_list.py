"""The sweeps of the desk, the newest first, two lines each."""

from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual.message import Message

from researchdesk.domain.sampling import grid_size
from researchdesk.domain.text import one_line
from researchdesk.services.sweeps import SweepHead
from researchdesk.tui.commands import Command, bindings
from researchdesk.tui.widgets.bench_words import state_mark
from researchdesk.tui.widgets.line_list import LineList, fit
from researchdesk.tui.widgets.sweep_words import number_words

_OPEN = Command("sweeps.open", "enter", "open", "Trials", "To the trials of the marked sweep.")


class SweepList(LineList[SweepHead]):
    """State and name; below when it was begun, trials, the best value so far, and engine."""

    VERBS = (*LineList.VERBS, _OPEN)
    BINDINGS = bindings([_OPEN])
    item_height = 2

    @dataclass
    class Looked(Message):
        """The cursor came to this sweep, or the list became empty."""

        sweep_id: str

    @dataclass
    class Chosen(Message):
        sweep_id: str

    def key_of(self, item: SweepHead) -> str:
        return item.id

    def announce(self) -> None:
        self.post_message(self.Looked(self.current.id if self.current else ""))

    def announce_opened(self, item: SweepHead) -> None:
        self.post_message(self.Chosen(item.id))

    def segments(self, item: SweepHead, width: int, base: Style, muted: Style) -> list[Segment]:
        name = one_line(item.spec.name or item.spec.recipe)
        mark = state_mark(item.state)
        word = item.state.value
        room = max(1, width - len(word) - 4)
        return [Segment(f"{mark} {fit(name, room)} ", base), Segment(word + " ", muted)]

    def further_segments(
        self, item: SweepHead, part: int, width: int, base: Style, muted: Style
    ) -> list[Segment]:
        wanted = min(filter(None, (item.budget.trials, grid_size(item.spec))), default=0)
        done = f"{item.ended:,}/{wanted:,}" if wanted else f"{item.ended:,}"
        best = f"★ {number_words(item.value)}" if item.value is not None else "no value yet"
        parts = [_when(item), done, best, one_line(item.engine)]
        parts.append(one_line(f"{item.spec.recipe} {item.spec.arm}"))
        return [Segment(fit("  " + " · ".join(parts), width), muted)]


def _when(item: SweepHead) -> str:
    """Month, day and minute of its id, so that equal names are told apart."""
    day, time, *_ = (*item.id.split("-"), "", "")
    return f"{day[4:6]}-{day[6:8]} {time[:2]}:{time[2:4]}"
