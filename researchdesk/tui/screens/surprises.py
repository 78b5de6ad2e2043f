"""The "that's funny" log."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from researchdesk.domain.surprises import Surprise
from researchdesk.domain.text import one_line
from researchdesk.domain.watching import WatchReport
from researchdesk.errors import NotOnDeskError
from researchdesk.services.desk import Desk
from researchdesk.services.surprises import list_surprises
from researchdesk.services.watching import watch_reports
from researchdesk.tui.commands import Command, bindings
from researchdesk.tui.notices import telling
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.screens.findings import FindingsScreen

_VERBS = (
    Command("funny.add", "a", "app.add_surprise", "Add", "Keep a surprise.", True),
    Command("funny.findings", "W", "findings", "Watched",
            "What watching training scripts found: is the experiment to be trusted?", True),
    Command("funny.back", "escape", "app.mode('library')", "Library", "Back to the library.", True),
)  # fmt: skip
_NOTHING = """No surprises yet.

A surprise is a delta: you expected one thing and observed another.
Press ! on any screen, or a here, when you think “that's funny”."""


class SurprisesScreen(DeskScreen):
    """Surprises at the left, the one under the cursor at the right."""

    MODE = "funny"
    ABOUT = "What was expected and what was observed, the last noticed first."
    VERBS = _VERBS
    BINDINGS = bindings(_VERBS)
    CSS_PATH = ["base.tcss", "surprises.tcss"]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._surprises: list[Surprise] = []
        self._watched: list[WatchReport] = []

    def compose_body(self) -> ComposeResult:
        yield Static(Content(_NOTHING), id="nothing")
        with Horizontal(id="columns"):
            yield OptionList(id="surprises", markup=False)
            with VerticalScroll(id="detail"):
                yield Static(id="detail-text", markup=False)

    def on_mount(self) -> None:
        self.reload()
        self.query_one("#surprises").focus()

    def on_screen_resume(self) -> None:
        self.reload()

    def paper_at_hand(self) -> str:
        return ""

    def look_at(self, number: int) -> None:
        """Show the surprise of this number. Raises NotOnDeskError."""
        self.reload()
        at = next((i for i, item in enumerate(self._surprises) if item.id == number), None)
        if at is None:
            raise NotOnDeskError(f"There is no surprise {number}.", "Press ! to keep one.")
        self.query_one("#surprises", OptionList).highlighted = at

    def action_findings(self) -> None:
        """What was found in watched scripts, those that belong to the marked surprise first."""
        at = self.query_one("#surprises", OptionList).highlighted
        on_ref = self._surprises[at].on if at is not None else ""
        self.app.push_screen(FindingsScreen(self.desk, on_ref))

    def reload(self) -> None:
        """Read the log again."""
        with telling(self):
            self._surprises = list_surprises(self.desk)
            self._watched = watch_reports(self.desk)
        items = self.query_one("#surprises", OptionList)
        at = items.highlighted or 0
        items.clear_options()
        items.add_options([Option(_prompt(item)) for item in self._surprises])
        self.set_class(not self._surprises, "-empty")
        if self._surprises:
            items.highlighted = min(at, len(self._surprises) - 1)

    @on(OptionList.OptionHighlighted, "#surprises")
    def show(self, event: OptionList.OptionHighlighted) -> None:
        item = self._surprises[event.option_index]
        watched = [report for report in self._watched if item.on and report.on == item.on]
        self.query_one("#detail-text", Static).update(_detail(item, watched))


def _prompt(item: Surprise) -> Content:
    return Content.assemble(Content.styled(item.text, "bold"), "\n", f"{item.noticed_at:%Y-%m-%d}")


def _detail(item: Surprise, watched: Sequence[WatchReport]) -> Content:
    parts = [
        Content.styled(item.text, "bold"),
        Content(""),
        Content.styled("Expected", "$text-muted"),
        Content(item.expected),
        Content(""),
        Content.styled("Observed", "$text-muted"),
        Content(item.observed),
        Content(""),
        Content.styled(f"Noticed {item.noticed_at:%Y-%m-%d %H:%M}", "$text-muted"),
    ]
    if item.on:
        parts.append(Content.assemble(("Seen on ", "$text-muted"), Content(item.on)))
    if watched:
        parts += [Content(""), Content.styled("Watched (W shows what was found)", "$text-muted")]
        parts += [Content(f"{one_line(report.name)}: {report.counts}") for report in watched]
    return Content("\n").join(parts)
