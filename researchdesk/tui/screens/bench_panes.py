"""The parts of the bench, side by side where there is room, behind tabs where there is not."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.dom import DOMNode
from textual.widget import Widget
from textual.widgets import Tab, Tabs

from researchdesk.services.desk import Desk
from researchdesk.tui.screens.bench_detail import RunDetail
from researchdesk.tui.screens.bench_runs import RunKeeper
from researchdesk.tui.widgets.bench_predictions import PredictionStrip
from researchdesk.tui.widgets.bench_recipe_list import RecipeList
from researchdesk.tui.widgets.bench_run_list import RunList

_TABS = {
    "runs": "Runs",
    "curves": "Curves",
    "predictions": "Predictions",
    "claims": "Claims",
    "seeds": "Seeds",
    "about": "About",
}
_PANES = {
    "recipes": "runs",
    "runs": "runs",
    "curves": "curves",
    "predictions": "predictions",
    "claims": "claims",
    "claim-detail": "claims",
    "seeds": "seeds",
    "about": "about",
}
_PARTS = {
    "#left": "runs",
    "#right": "curves predictions claims seeds about",
    "#top": "curves predictions seeds about",
    "#learning": "curves predictions",
    "#curves": "curves",
    "#predictions": "predictions",
    "#side": "seeds about",
    "#seeds": "seeds",
    "#about": "about",
    "#claims-pane": "claims",
}
"""What is seen, and behind which tabs, where not all is."""


class BenchPanes(Vertical):
    """The lists and the detail. What is behind the tab that is on has the class ``-on``; CSS does
    the rest. It is given to each part by itself, and only these are styled anew: what is under them
    does not ask for it.
    """

    def __init__(self, desk: Desk, keeper: RunKeeper) -> None:
        super().__init__(id="panes")
        self.detail = RunDetail(desk, keeper)

    def compose(self) -> ComposeResult:
        yield Tabs(*(Tab(label, id=f"tab-{name}") for name, label in _TABS.items()), id="tabs")
        with Horizontal(id="body"):
            with Vertical(id="left", classes="-on"):
                yield RecipeList(id="recipes")
                yield RunList(id="runs")
            yield self.detail

    def on_mount(self) -> None:
        self.query_one("#tabs", Tabs).can_focus = False

    def on_resize(self) -> None:
        if self.tab == "runs" and not self._alone:
            self._switch("curves")

    @property
    def _alone(self) -> bool:
        """Whether one part has the whole screen."""
        return self.screen.has_class("-narrow")

    @property
    def tab(self) -> str:
        """The tab that is on."""
        return self.query_one("#tabs", Tabs).active.removeprefix("tab-")

    def go_to(self, pane: str) -> None:
        """Show a part, and put the focus there."""
        if self._alone or _PANES[pane] != "runs":
            self._switch(_PANES[pane])
        self.call_after_refresh(self._focus_on, pane)

    def step(self, step: int) -> None:
        """Go to the part after (1) or before (-1) the one that has the focus."""
        names = [pane for pane in _PANES if self._part(pane).can_focus and not self._is_empty(pane)]
        here = self._here()
        self.go_to(names[(names.index(here) + step) % len(names)] if here in names else names[0])

    @on(Tabs.TabActivated)
    def take_tab(self, event: Tabs.TabActivated) -> None:
        event.stop()
        self._switch(self.tab)
        if _PANES.get(self._here()) != self.tab:
            first = next(pane for pane, tab in _PANES.items() if tab == self.tab)
            self.call_after_refresh(self._focus_on, first)

    def _switch(self, tab: str) -> None:
        changed = set[DOMNode]()
        for selector, names in _PARTS.items():
            part, on = self.query_one(selector), tab in names.split()
            if part.has_class("-on") != on:
                changed.add(part)
                part.set_class(on, "-on", update=False)
        self.app.stylesheet.update_nodes(changed, animate=True)
        tabs = self.query_one("#tabs", Tabs)
        if self.tab != tab:
            with self.prevent(Tabs.TabActivated):
                tabs.active = f"tab-{tab}"

    def _focus_on(self, pane: str) -> None:
        self._part(pane).focus()

    def _here(self) -> str:
        focused = self.screen.focused
        for node in focused.ancestors_with_self if focused else ():
            for pane in _PANES:
                if isinstance(node, Widget) and node is self._part(pane):
                    return pane
        return ""

    def _part(self, pane: str) -> Widget:
        return self.query_one(f"#{pane}")

    def _is_empty(self, pane: str) -> bool:
        part = self._part(pane)
        if isinstance(part, PredictionStrip):
            return part.has_class("-empty")
        return isinstance(part, RunList) and not part.option_count
