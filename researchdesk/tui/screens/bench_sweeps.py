"""The bench's way to the sweeps; those that run go on while it is looked at."""

from typing import TYPE_CHECKING

from researchdesk.domain.text import one_line
from researchdesk.tui.commands import keyed
from researchdesk.tui.late import late
from researchdesk.tui.notices import say, tell, warn
from researchdesk.tui.screens.bench_reports import BenchReports

if TYPE_CHECKING:
    from researchdesk.tui.screens.sweep_runs import OwnSweep, SweepKeeper

_TICK_S = 0.25


class BenchSweeps(BenchReports):
    """Keeps the sweeps that were started in this app, and tells of those that ended."""

    _sweeps: "SweepKeeper | None" = None

    def on_mount(self) -> None:
        self.set_interval(_TICK_S, self._mind_sweeps)

    @property
    def busy(self) -> bool:
        return super().busy or (self._sweeps is not None and self._sweeps.busy)

    def settle(self) -> None:
        super().settle()
        if self._sweeps is not None:
            self._sweeps.stop_all()

    def action_sweeps(self) -> None:
        """To the sweeps; of this recipe where one is started there."""
        if self._sweeps is None:
            self._sweeps = late("tui.screens.sweep_runs").SweepKeeper()
        recipe = self._recipe.name if self._recipe else ""
        screen = late("tui.screens.sweeps").SweepsScreen
        self.app.push_screen(screen(self.desk, self._sweeps, recipe))

    def _mind_sweeps(self) -> None:
        for own in self._sweeps.take_over() if self._sweeps else ():
            self._tell_end(own)

    def _tell_end(self, own: "OwnSweep") -> None:
        name = one_line(own.name)
        if own.error is not None:
            tell(self, own.error)
        elif own.run is not None:
            page, notes = own.run.page, "".join(f"\n{note}" for note in own.run.notes)
            told = f"{page.spent.trials:,} trials are there{notes}"
            if page.can_go_on:
                say(
                    self,
                    keyed("{told}\n{sweeps.resume} goes on with it.", told=told),
                    f"Sweep {name}: {page.state.value}",
                )
            elif page.best is None:
                warn(self, f"No trial has a value to choose by.{notes}", f"Sweep {name}")
            else:
                best = f"trial {page.best.number}, {page.spec.metric} {page.best.value:.4g}"
                say(self, f"{told}; best: {best}.", f"Sweep {name}: {page.state.value}")
