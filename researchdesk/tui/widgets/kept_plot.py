"""A plot of plotext that is built once for all the times that it is painted."""

from textual.app import RenderResult
from textual_plotext import PlotextPlot


class KeptPlot(PlotextPlot):
    """Textual paints all in a frame anew whose colour changes, and building takes long.

    Who draws calls ``redraw`` for ``refresh``.
    """

    _kept: tuple[object, RenderResult] | None = None

    def redraw(self) -> None:
        """Build and paint what was drawn since."""
        self._kept = None
        self.refresh()

    def render(self) -> RenderResult:
        built_for = self.size, self.app.theme, self.app.ansi_color
        if self._kept is None or self._kept[0] != built_for:
            self._kept = built_for, super().render()
        return self._kept[1]
