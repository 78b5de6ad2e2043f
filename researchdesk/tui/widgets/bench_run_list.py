"""The runs of a recipe."""

from dataclasses import dataclass
from datetime import datetime

from textual import on
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList

from researchdesk.domain.run_rows import RunRow, RunsListed
from researchdesk.tui.widgets.bench_words import ago, seeds_words, state_words, verdict_words
from researchdesk.tui.widgets.brief import Option
from researchdesk.tui.widgets.steady_options import SteadyOptions


class RunList(SteadyOptions):
    """One entry a run, newest first: state, seeds done, verdict, when."""

    @dataclass
    class Looked(Message):
        """The highlight went to this run."""

        run_id: str

    @dataclass
    class Chosen(Message):
        """Enter or a click on this run."""

        run_id: str

    def __init__(self, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, markup=False, compact=True)
        self.border_title = "Runs"

    def show(self, listed: RunsListed, chosen: str, now: datetime) -> None:
        """List these; the highlight goes to ``chosen``, and nobody is told of it."""
        ids = [row.id for row in listed.rows]
        with self.prevent(OptionList.OptionHighlighted):
            if ids == [option.id for option in self.options]:
                for row in listed.rows:
                    prompt = _prompt(row, now)
                    if self.get_option(row.id).prompt != prompt:
                        self.replace_option_prompt(row.id, prompt)
            else:
                self.set_options([Option(_prompt(row, now), id=row.id) for row in listed.rows])
            self.highlighted = ids.index(chosen) if chosen in ids else None
        more = f"and {listed.more:,} older" if listed.more else ""
        self.border_subtitle = more if ids else "none yet"

    @on(OptionList.OptionHighlighted)
    def look(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if event.option_id:
            self.post_message(self.Looked(event.option_id))

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option_id:
            self.post_message(self.Chosen(event.option_id))


def _prompt(run: RunRow, now: datetime) -> Content:
    first = [
        state_words(run.state),
        Content.styled(" quick", "$text-accent") if run.quick else Content(""),
        Content.styled(f" · {seeds_words(run)}", "$text-muted"),
    ]
    verdict = verdict_words(run.verdict) if run.verdict else Content("no verdict yet")
    when = Content.styled(f" · {ago(run.started_at, now)}", "$text-muted")
    return Content.assemble(*first, "\n", verdict, when)
