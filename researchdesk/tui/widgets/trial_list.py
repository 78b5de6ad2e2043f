"""The trials of a sweep, one a line, the best on validation first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.message import Message

from researchdesk.domain.sweeps import Trial, TrialState
from researchdesk.domain.text import one_line
from researchdesk.tui.commands import Command
from researchdesk.tui.widgets.line_list import LineList, fit
from researchdesk.tui.widgets.sweep_words import TRIALS, number_words, setting_words

_STYLES = {
    TrialState.RUNNING: "trial-list--running",
    TrialState.FAILED: "trial-list--failed",
    TrialState.STOPPED: "trial-list--stopped",
    TrialState.LOST: "trial-list--failed",
}
_NUMBER, _VALUE, _TOOK, _STATE, _TRIES, _NODE = 7, 9, 8, 11, 4, 12
_SETTING, _WIDEST = 8, 14


@dataclass(frozen=True, slots=True)
class _Columns:
    """How wide the value is; the settings there is room for and how wide each is; what is told."""

    value: int
    settings: tuple[str, ...]
    each: int
    took: bool
    node: bool


class TrialList(LineList[Trial]):
    """Number, value, what varies, how long it took, how it stands, how often it was tried, where.

    Where there is little room the last settings are left out: they stand below the list.
    """

    VERBS: ClassVar[tuple[Command, ...]] = LineList.VERBS
    COMPONENT_CLASSES = set(_STYLES.values()) | {"trial-list--best"}
    DEFAULT_CSS = """
    TrialList { scrollbar-gutter: stable; }
    TrialList > .trial-list--running { color: $text-accent; }
    TrialList > .trial-list--failed { color: $text-error; }
    TrialList > .trial-list--stopped { color: $text-warning; }
    TrialList > .trial-list--best { color: $text-success; }
    """

    @dataclass
    class Looked(Message):
        """The cursor came to this trial."""

        trial: Trial | None

    @dataclass
    class Fitted(Message):
        """The heads of the columns changed."""

        heads: str

    def __init__(self) -> None:
        super().__init__()
        self._names: tuple[str, ...] = ()
        self._metric, self._best = "", -1
        self._has_nodes = False

    def show(
        self,
        trials: Sequence[Trial],
        names: Sequence[str],
        metric: str,
        best: int,
        *,
        anew: bool = False,
    ) -> None:
        """Show these; ``names`` are the settings that vary, ``best`` is the number of the one that
        validation chooses, -1 for none. ``anew``: from the first, as they are of another sweep."""
        self._names, self._metric, self._best = tuple(names), metric, best
        self._has_nodes = any(trial.node for trial in trials)
        self.put(trials, self.key_of(trials[0]) if anew and trials else "")
        self.post_message(self.Fitted(self.heads))

    def go_to(self, number: int) -> None:
        """Mark this trial, if it is here."""
        self.put(self.items, str(number))

    def on_resize(self) -> None:
        self.post_message(self.Fitted(self.heads))

    def key_of(self, item: Trial) -> str:
        return str(item.number)

    def announce(self) -> None:
        self.post_message(self.Looked(self.current))

    @property
    def heads(self) -> str:
        """The heads of the columns, as wide as they are."""
        columns = self._columns(self.room)
        line = f"{'trial':>{_NUMBER}}  " + fit(one_line(self._metric) or "value", columns.value)
        for name in columns.settings:
            line += " " + fit(one_line(name), columns.each)
        line += f"{'took':>{_TOOK}}" if columns.took else ""
        return line + "  " + fit("state", _STATE) + (" node" if columns.node else "")

    def segments(self, item: Trial, width: int, base: Style, muted: Style) -> list[Segment]:
        columns, marked = self._columns(width), muted == base
        best = item.number == self._best
        first, state = base, muted
        if not marked:
            if best:
                first += self.get_component_rich_style("trial-list--best", partial=True)
            if name := _STYLES.get(item.state):
                state = base + self.get_component_rich_style(name, partial=True)
        head = f"{'★' if best else ' '}{item.number:>{_NUMBER - 1}}"
        told = [Segment(f"{head}  {fit(number_words(item.value), columns.value)}", first)]
        cells = [
            " " + fit(setting_words(item.settings.get(name, "–")), columns.each)
            for name in columns.settings
        ]
        told.append(Segment("".join(cells), base))
        if columns.took:
            took = f"{item.seconds:,.1f} s" if item.seconds else "–"
            told.append(Segment(f"{took:>{_TOOK}}", muted))
        mark, _ = TRIALS[item.state]
        told.append(Segment("  " + fit(f"{mark} {item.state.words}", _STATE), state))
        if columns.node:
            told.append(Segment(" " + fit(one_line(item.node), _NODE), muted))
        again = f" ×{1 + len(item.retries)}" if item.retries else ""
        return [*told, Segment(fit(again, _TRIES), muted)]

    def _columns(self, width: int) -> _Columns:
        left = width - _NUMBER - 2 - _VALUE - 2 - _STATE - _TRIES
        wanted = len(self._names) * (_SETTING + 1)
        spare = max(0, left - _TOOK - wanted)
        more = min(spare, max(0, min(_WIDEST, cell_len(self._metric)) - _VALUE))
        value, left = _VALUE + more, left - more
        took = left - _TOOK >= min(wanted, 2 * (_SETTING + 1))
        left -= _TOOK if took else 0
        node = self._has_nodes and left - _NODE - 1 >= wanted
        left -= _NODE + 1 if node else 0
        count = min(len(self._names), max(0, left // (_SETTING + 1)))
        shown = self._names[:count]
        each = min(_WIDEST, left // count - 1) if count else 0
        each = min(each, max([_SETTING, *(cell_len(name) for name in shown)]))
        return _Columns(value, shown, max(each, 1), took, node)
