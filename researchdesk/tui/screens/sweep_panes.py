"""The parts of the screen of sweeps, side by side where there is room, else one at a time."""

from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget

from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.setting_scatter import SettingScatter
from researchdesk.tui.widgets.sweep_list import SweepList
from researchdesk.tui.widgets.sweep_plot import SweepPlot
from researchdesk.tui.widgets.trial_detail import TrialDetail
from researchdesk.tui.widgets.trial_list import TrialList

_PARTS = ("list", "picture", "trials")


class SweepPanes(Horizontal):
    """The class ``-at-…`` says which part is looked at, ``-settings`` that the picture is that of
    the settings; CSS does the rest."""

    @dataclass
    class Shown(Message):
        """Another part is looked at, or another picture."""

    def __init__(self) -> None:
        super().__init__(id="sweep-body", classes="-at-list")
        self._goes_to = ""

    def compose(self) -> ComposeResult:
        with Vertical(id="sweeps-side") as side:
            side.border_title = "Sweeps"
            yield SweepList()
        with Vertical(id="sweep-right"):
            with Vertical(id="picture"):
                yield SweepPlot(id="sweep-plot")
                yield SettingScatter(id="scatter")
            with Vertical(id="trials-side") as trials:
                trials.border_title = "Trials"
                yield Static(id="trial-heads", markup=False)
                yield Static(id="trial-none", markup=False)
                yield TrialList()
                yield TrialDetail(id="trial-detail")

    @property
    def settings(self) -> bool:
        """Whether the picture is that of the settings."""
        return self.has_class("-settings")

    @property
    def part(self) -> str:
        """``list``, ``picture`` or ``trials``."""
        return next((name for name in _PARTS if self.has_class(f"-at-{name}")), _PARTS[0])

    def go_to(self, part: str) -> None:
        """Show a part, and put the focus there."""
        self._goes_to = part
        self._mark(part)
        self.call_after_refresh(self._focus_on, part)

    def step(self, by: int) -> None:
        """To the next part (1), or the one before (-1)."""
        self.go_to(_PARTS[(_PARTS.index(self.part) + by) % len(_PARTS)])

    def turn_picture(self) -> None:
        """From the curve to the settings, and back."""
        self.toggle_class("-settings")
        self.go_to("picture")

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The mouse leads to a part too. On the way to one, what is hidden loses the focus."""
        if self._goes_to or event.widget is not self.screen.focused:
            return
        for node in event.widget.ancestors_with_self:
            if node.id in _SIDES:
                self._mark(_SIDES[node.id])

    def _mark(self, part: str) -> None:
        for name in _PARTS:
            self.set_class(name == part, f"-at-{name}")

    def _focus_on(self, part: str) -> None:
        if part != self._goes_to:
            return
        self._goes_to = ""
        picture = SettingScatter if self.settings else SweepPlot
        widgets: dict[str, type[Widget]] = {
            "list": SweepList, "picture": picture, "trials": TrialList,
        }  # fmt: skip
        self.query_one(widgets[part]).focus()
        self.post_message(self.Shown())


_SIDES = {"sweeps-side": "list", "picture": "picture", "trials-side": "trials"}
