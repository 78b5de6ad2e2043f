"""The steps of an investigation and its experiments as a tree."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList

from researchdesk.domain.investigation_workflows import InvestigationStep, is_done
from researchdesk.domain.investigations import Experiment, as_tree
from researchdesk.domain.text import one_line
from researchdesk.tui.commands import Command, bindings, keyed
from researchdesk.tui.investigation_view import InvestigationView
from researchdesk.tui.markdown import preview
from researchdesk.tui.widgets.brief import Option
from researchdesk.tui.widgets.investigation_words import QUIET, experiment_line
from researchdesk.tui.widgets.steady_options import SteadyOptions

Entry = InvestigationStep | Experiment


class InvestigationOutline(SteadyOptions):
    """Steps with a tick and their answer, then the experiments; enter asks about the marked one."""

    VERBS: ClassVar[tuple[Command, ...]] = (
        Command("tinker.open", "enter", "select", "Answer",
                "Answer the marked step; of an experiment, show all there is.", True),
        Command("tinker.list", "left", "to_list", "The list", "Back to the list."),
    )  # fmt: skip
    BINDINGS = bindings(VERBS)
    DEFAULT_CSS = """
    InvestigationOutline {
        text-wrap: nowrap; text-overflow: ellipsis;
        & > .option-list--option-disabled { color: $text-primary; text-style: bold; }
    }
    """

    @dataclass
    class Looked(Message):
        """The highlight is on this step or experiment, or there is none."""

        entry: Entry | None

    @dataclass
    class Chosen(Message):
        entry: Entry

    @dataclass
    class Left(Message):
        """The list is wanted."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._entries: dict[str, Entry] = {}
        self._prompts: dict[str, Content] = {}
        self._shown = 0
        self._marked = ""

    @property
    def current(self) -> Entry | None:
        """The step or experiment under the highlight."""
        if self.highlighted is None:
            return None
        return self._entries.get(self.get_option_at_index(self.highlighted).id or "")

    def show(self, view: InvestigationView, prefer: str = "") -> None:
        """Show this investigation; the highlight goes to ``prefer`` (a step's key, an experiment's
        name), else stays, of another investigation to what comes next."""
        other = view.investigation.id != self._shown
        self._shown = view.investigation.id
        before = self.current
        wanted = prefer or (next(iter(view.next.about), "") if other else "")
        wanted = wanted or (_key(before) if before and not other else "")
        entries: list[Entry] = [*view.steps, *view.experiments]
        self._entries = {_key(item): item for item in entries}
        self._prompts = dict(_prompts(view))
        with self.prevent(OptionList.OptionHighlighted):
            self.set_options(list(self._rows_of(view)))
            keys = list(self._prompts)
            if keys:
                key = wanted if wanted in keys else keys[0]
                self.highlighted = self.get_option_index(key)
        self._marked = ""
        self._remark()
        self.call_after_refresh(self.scroll_to_highlight)
        self.post_message(self.Looked(self.current))

    def clear(self) -> None:
        """Nothing is looked at."""
        self._entries, self._shown, self._marked = {}, 0, ""
        self.clear_options()
        self.post_message(self.Looked(None))

    def _rows_of(self, view: InvestigationView) -> Iterator[Option]:
        yield Option(Content("Steps"), disabled=True)
        for step in view.steps:
            yield Option(self._prompts[step.key], id=step.key)
        yield Option(Content("Experiments"), disabled=True)
        for _, item in as_tree(view.experiments):
            yield Option(self._prompts[item.name], id=item.name)
        if not view.experiments:
            none = keyed(
                "  None yet: {tinker.baseline} names the recipe and the arm that are the baseline."
            )
            yield Option(Content.styled(none, QUIET), disabled=True)

    def _remark(self) -> None:
        """The marked one without colours of its own: those are made for the background."""
        current = self.current
        marked = _key(current) if current else ""
        for key in {self._marked, marked} - {""}:
            if key in self._prompts:
                words = self._prompts[key]
                self.replace_option_prompt(key, _plain(words) if key == marked else words)
        self._marked = marked

    @on(OptionList.OptionHighlighted)
    def look(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self._remark()
        self.post_message(self.Looked(self.current))

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if self.current:
            self.post_message(self.Chosen(self.current))

    def action_to_list(self) -> None:
        self.post_message(self.Left())


def _plain(words: Content) -> Content:
    """The words without their colours, bold where they were."""
    return Content(words.plain, [span for span in words.spans if span.style == "bold"])


def _key(entry: Entry) -> str:
    return entry.key if isinstance(entry, InvestigationStep) else entry.name


def _prompts(view: InvestigationView) -> Iterator[tuple[str, Content]]:
    for step in view.steps:
        done = is_done(step, view.investigation, view.experiments)
        answer = view.investigation.answers.get(step.key, "")
        mark = ("✓ ", "$text-success") if done else ("○ ", QUIET)
        if not done and answer:
            mark = ("◐ ", "$text-warning")
        said = f"  {one_line(preview(answer).plain)}" if answer else ""
        yield step.key, Content.assemble(mark, (step.title, "bold"), (said, QUIET))
    for depth, item in as_tree(view.experiments):
        yield item.name, experiment_line(item, depth)
