"""What the screen of investigations shows, and how it follows the desk."""

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, ScrollableContainer, Vertical, VerticalScroll
from textual.content import Content
from textual.worker import get_current_worker

from researchdesk.domain.investigations import Experiment, Investigation
from researchdesk.errors import DeskError
from researchdesk.services import investigations
from researchdesk.services.desk import Desk
from researchdesk.tui.commands import keyed
from researchdesk.tui.investigation_view import InvestigationView, surprise_of, view_of
from researchdesk.tui.notices import tell, telling
from researchdesk.tui.reviewing import Reviewing
from researchdesk.tui.screens.investigation_messages import Loaded, Lost
from researchdesk.tui.surprise_form import SurpriseForm
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.investigation_list import InvestigationList
from researchdesk.tui.widgets.investigation_outline import InvestigationOutline
from researchdesk.tui.widgets.investigation_words import (
    experiment_words,
    investigation_state,
    next_words,
    step_words,
)

_NOTHING = (
    "No investigations yet.\n\n"
    "An investigation follows up a surprise or an idea, step by step: what is measured, the "
    "baseline, the smallest proof, what others did; then experiments, each with one change and "
    "with what you expect of it, run for real.\n\n"
    "Press {tinker.new} to begin one here, or {funny.investigate} on a surprise or an idea."
)
_RULE = "─"
FIRST = "Begin an investigation first; {tinker.new} does."


class InvestigationsBase(Reviewing):
    """Investigations at the left; at the right steps and experiments, the marked one in full, and
    the ablation table."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._shelf = InvestigationList()
        self._outline = InvestigationOutline()
        self._shown: InvestigationView | None = None
        self._want, self._prefer = 0, ""

    def compose_body(self) -> ComposeResult:
        yield Static(Content(keyed(_NOTHING)), id="nothing")
        with Horizontal(id="columns"):
            yield self._shelf
            with Vertical(id="right"):
                yield Static(id="head", markup=False)
                yield Static(id="next", markup=False)
                with Container(id="middle"):
                    yield self._outline
                    with VerticalScroll(id="detail"):
                        yield Static(id="detail-text", markup=False)
                with ScrollableContainer(id="table"):
                    yield Static(id="table-text", markup=False)
                    yield Static(id="table-notes", markup=False)

    def on_mount(self) -> None:
        self._shelf.focus()

    def resumed(self) -> None:
        self.reload()

    def reviewed(self) -> None:
        self.reload()

    def look_at(self, number: int, experiment: str = "") -> None:
        """Show the investigation of this number, at an experiment (``3.2``) where one is named.

        Raises NotOnDeskError.
        """
        investigations.get_investigation(self.desk, number)
        self._want = number
        self.reload(experiment)

    def subject_at_hand(self) -> str:
        return self._investigation.ref if self._investigation else ""

    def surprise_at_hand(self) -> SurpriseForm:
        item = self._investigation
        if self._marked is not None:
            return surprise_of(self._marked)
        return SurpriseForm(on=item.ref if item else "")

    def reload(self, prefer: str = "") -> None:
        """Read the investigations again; ``prefer`` is the step or experiment to mark."""
        self._prefer = prefer or self._prefer
        try:
            found = investigations.list_investigations(self.desk, every=True)
        except DeskError as error:
            tell(self, error)
            return
        self.set_class(not found, "-empty")
        want, self._want = self._want, 0
        self._shelf.show(found, self.desk.clock(), want)

    @property
    def _investigation(self) -> Investigation | None:
        return self._shelf.current

    @property
    def _marked(self) -> Experiment | None:
        """The experiment under the highlight, unless it is of one that was marked before."""
        entry = self._outline.current
        return entry if self._view is not None and isinstance(entry, Experiment) else None

    @property
    def _view(self) -> InvestigationView | None:
        """What is shown, where it is of the marked investigation and not of the one before."""
        marked, shown = self._investigation, self._shown
        return shown if shown and marked and shown.investigation.id == marked.id else None

    def at_hand(self) -> InvestigationView | None:
        """All of the marked investigation, whichever is shown still; what is wrong is told."""
        marked = self._investigation
        if marked is None or self._view is not None:
            return self._view
        with telling(self):
            return view_of(self.desk, marked.id)
        return None

    # One investigation

    @on(InvestigationList.Looked)
    def look(self, message: InvestigationList.Looked) -> None:
        message.stop()
        if message.investigation is None:
            self._shown = None
            self._outline.clear()
        else:
            self._load(message.investigation.id)

    @on(InvestigationList.Chosen)
    def go_to_steps(self) -> None:
        self._outline.focus()

    @on(InvestigationOutline.Left)
    def go_to_list(self) -> None:
        self._shelf.focus()

    @work(thread=True, exclusive=True, group="investigation", exit_on_error=False)
    def _load(self, number: int) -> None:
        try:
            view = view_of(self.desk, number)
        except DeskError as error:
            self.post_message(Lost(error))
            return
        if not get_current_worker().is_cancelled:
            self.post_message(Loaded(view))

    @on(Loaded)
    def show(self, message: Loaded) -> None:
        """Show what was read, unless another is looked at by now."""
        message.stop()
        at_hand, view = self._investigation, message.view
        if at_hand is None or at_hand.id != view.investigation.id:
            return
        self._shown = view
        prefer, self._prefer = self._prefer, ""
        self._show_head()
        self._outline.show(view, prefer)
        rows, notes = _parts(view.table)
        self.query_one("#table-text", Static).update(Content(rows))
        self.query_one("#table-notes", Static).update(Content(notes))
        self.set_class(bool(view.table), "-measured")
        self.refresh_bindings()

    @on(Lost)
    def let_go(self, message: Lost) -> None:
        message.stop()
        tell(self, message.error)

    @on(InvestigationOutline.Looked)
    def show_entry(self, message: InvestigationOutline.Looked) -> None:
        """The marked step or experiment in full."""
        message.stop()
        entry, view = message.entry, self._view
        if entry is None or view is None:
            words = Content("")
        elif isinstance(entry, Experiment):
            words = experiment_words(entry)
        else:
            words = step_words(entry, view.investigation.answers.get(entry.key, ""))
        self.query_one("#detail-text", Static).update(words)
        self.query_one("#detail").scroll_home(animate=False)
        self.refresh_bindings()

    def _show_head(self) -> None:
        view = self._view
        if view is None:
            return
        item = view.investigation
        of = f"  of {item.of}" if item.of else ""
        recipe = f"  {item.recipe}" if item.recipe else ""
        head = Content.assemble(
            (f"{item.id}  {item.title}  ", "bold $text-primary"), investigation_state(item),
            (f"{of}{recipe}", "$text-muted"),
        )  # fmt: skip
        self.query_one("#head", Static).update(head)
        self.query_one("#next", Static).update(self.doing() or next_words(view.next))

    def doing(self) -> Content | None:
        """What is under way, to stand where the next step does."""
        return None


def _parts(table: str) -> tuple[str, str]:
    """The rows of a table with their heads, and what stands below them."""
    lines = table.splitlines()
    rules = [at for at, line in enumerate(lines) if line and not line.strip(_RULE)]
    if len(rules) < 2:
        return "", table
    return "\n".join(lines[rules[0] + 1 : rules[-1]]), "\n".join(lines[rules[-1] + 1 :])
