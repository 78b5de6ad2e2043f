"""A run's arms, results and claims as tables, as papers have them."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on, work
from textual.app import ComposeResult
from textual.containers import ScrollableContainer
from textual.content import Content
from textual.message import Message

from researchdesk.domain.text import one_line
from researchdesk.errors import DeskError
from researchdesk.services import tables
from researchdesk.services.desk import Desk
from researchdesk.tui.at_hand import of_run
from researchdesk.tui.commands import Command, bindings, keyed
from researchdesk.tui.notices import say, words_of
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.surprise_form import SurpriseForm
from researchdesk.tui.widgets.brief import Static

_CLAIMS = "claims"
TABLE_VERBS = (
    Command("table.form", "f", "form", "Format", "Text, markdown, LaTeX, CSV in turn.", True),
    Command("table.kind", "k", "kind", "Kind", "Ablation, results, claims in turn.", True),
    Command("table.metric", "m", "metric", "Metric", "The next metric.", True),
    Command("table.copy", "y", "copy", "Copy", "Copy what is shown to the clipboard.", True),
    Command("table.back", "escape", "back", "Back", "Back to where you were.", True),
)


class TableScreen(DeskScreen):
    """The tables of a run: what each arm changes, what it measures, what that gains."""

    ABOUT = (
        "The arms of the run: what each changes against its parent, mean ± standard deviation over "
        "the seeds, and the difference with its interval; {table.kind} turns to results by "
        "metric and to the "
        "claims, {table.metric} to the next metric. Bold, in markdown and LaTeX, is what "
        "differs significantly "
        "from every other row. {table.form} turns to markdown, LaTeX and CSV, {table.copy} copies."
    )
    KINDS: tuple[str, ...] = tables.KINDS
    VERBS = TABLE_VERBS
    BINDINGS = bindings(TABLE_VERBS)
    CSS_PATH = ["base.tcss", "arms_table.tcss"]

    @dataclass
    class Written(Message):
        text: str
        metrics: Sequence[str] = ()

    def __init__(self, desk: Desk, run_id: str) -> None:
        super().__init__(desk)
        self._run_id = run_id
        self._kind, self._form = self.KINDS[0], tables.FORMATS[0]
        self._text, self._metric = "", ""
        self._metrics: Sequence[str] = ()

    def surprise_at_hand(self) -> SurpriseForm:
        return of_run(self.desk, self._run_id)

    @property
    def subject(self) -> str:
        """What stands over the table."""
        return f"Tables of {self._run_id}"

    def written(self, kind: str, form: str, metric: str) -> str:
        """The tables of one of ``KINDS`` as ``text``, ``markdown``, ``latex`` or ``csv``; of one
        metric where it is not empty. Called in a thread; may raise DeskError, whose words are then
        shown."""
        chosen = (metric,) if metric else ()
        found = tables.tables_of_runs(self.desk, [self._run_id], kind, chosen)
        return tables.text_of(found, form)

    def metrics(self) -> list[str]:
        """The metrics there are. Called in a thread; may raise DeskError."""
        return tables.metrics_of_run(self.desk, self._run_id)

    def compose_body(self) -> ComposeResult:
        yield Static(Content(self.subject), id="table-head")
        with ScrollableContainer(id="table-page"):
            yield Static("…", id="table-text", markup=False)

    def on_mount(self) -> None:
        self.query_one("#table-page").focus()
        self._write_anew()

    def _write_anew(self) -> None:
        metric = "" if self._kind == _CLAIMS else self._metric
        named = f", {metric}" if metric else ""
        self.query_one("#table-head", Static).update(Content(one_line(f"{self.subject}{named}")))
        self._write(self._kind, self._form, metric)

    @work(thread=True, exclusive=True, group="table", exit_on_error=False)
    def _write(self, kind: str, form: str, metric: str) -> None:
        metrics: Sequence[str] = ()
        try:
            text = self.written(kind, form, metric)
            metrics = self.metrics()
        except DeskError as error:
            text = words_of(error)
        self.post_message(self.Written(text, metrics))

    @on(Written)
    def show_text(self, message: Written) -> None:
        """Show the table in its format."""
        message.stop()
        self._text, self._metrics = message.text, message.metrics or self._metrics
        self.query_one("#table-text", Static).update(Content(message.text))

    def action_form(self) -> None:
        self._form = _after(self._form, tables.FORMATS)
        self._write_anew()

    def action_kind(self) -> None:
        self._kind = _after(self._kind, self.KINDS)
        self._write_anew()

    def action_metric(self) -> None:
        if self._kind == _CLAIMS:
            say(
                self,
                keyed(
                    "This table has the claims about every metric; {table.kind} turns to the "
                    "others."
                ),
            )
        elif self._metrics:
            self._metric = _after(self._metric, ["", *self._metrics])
            self._write_anew()

    def action_copy(self) -> None:
        self.app.copy_to_clipboard(self._text)
        say(self, f"The table is on the clipboard, as {self._form}.")

    def action_back(self) -> None:
        self.dismiss()


def _after(one: str, every: Sequence[str]) -> str:
    """The next of them, the first after the last."""
    return every[(every.index(one) + 1) % len(every)]
