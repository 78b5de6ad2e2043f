"""What was not understood: each question with its place and its answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList

from researchdesk.domain.reading import Note
from researchdesk.tui.commands import Command, bindings, keyed
from researchdesk.tui.markdown import preview
from researchdesk.tui.widgets.brief import Option, Static

_NONE = (
    "Nothing is marked as not understood yet.\n\n"
    "In the text: {text.mark} marks a sentence, {reader.unclear} keeps it as not understood, "
    "and it stands here."
)


class QuestionOptions(OptionList):
    """The questions; the commands are those of the marked one."""

    VERBS: ClassVar[tuple[Command, ...]] = (
        Command("question.go", "enter", "select", "Place",
                "Go to the place in the text that the question is about.", True),
        Command("question.resolve", "r", "ask('resolve')", "Resolve",
                "Answer the marked question with a note.", True),
        Command("question.toggle", "space,R", "ask('toggle')", "Let go",
                "Let the marked question go without an answer, or open it again.", True,
                key_label="space"),
        Command("question.edit", "e", "ask('edit')", "Edit", "Change the marked question.", True),
        Command("question.down", "j", "cursor_down", "Down", "The next question.", moves=True),
        Command("question.up", "k", "cursor_up", "Up", "The question before.", moves=True),
    )  # fmt: skip
    BINDINGS = bindings(VERBS)
    DEFAULT_CSS = """
    QuestionOptions { height: 1fr; border: none; padding: 0; background: $background; }
    """

    def action_ask(self, what: str) -> None:
        self.post_message(QuestionList.Wanted(what))


class QuestionList(Vertical):
    """A count, and the questions, oldest first."""

    DEFAULT_CSS = """
    QuestionList {
        height: 1fr; padding: 1 1 0 1;
        #count { height: 1; padding: 0 1; text-style: bold; margin-bottom: 1; }
        #none { padding: 0 1; height: auto; display: none; }
        &.-none QuestionOptions, &.-none #count { display: none; }
        &.-none #none { display: block; }
    }
    """

    @dataclass
    class Wanted(Message):
        what: str

    @dataclass
    class Asked(Message):
        """``what`` is to be done with the question: go, resolve, toggle, edit."""

        what: str
        note: Note

    def __init__(self) -> None:
        super().__init__(id="view-questions", classes="-none")
        self._questions: list[Note] = []
        self._answers: Mapping[int, Sequence[Note]] = {}

    def compose(self) -> ComposeResult:
        yield Static(id="count", markup=False)
        yield Static(Content(keyed(_NONE)), id="none")
        yield QuestionOptions(markup=False)

    @property
    def current(self) -> Note | None:
        """The question that is marked."""
        at = self.query_one(QuestionOptions).highlighted
        return self._questions[at] if at is not None and at < len(self._questions) else None

    @property
    def text(self) -> str:
        """All the words that are shown."""
        options = self.query_one(QuestionOptions).options
        count = str(self.query_one("#count", Static).content)
        return "\n".join([count, *(str(option.prompt) for option in options)])

    def show(self, questions: Sequence[Note], answers: Mapping[int, Sequence[Note]]) -> None:
        """Show these, with the notes that answer them; the mark stays on its question."""
        if list(questions) == self._questions and answers == self._answers:
            return
        before = self.current.id if self.current else None
        self._questions, self._answers = list(questions), answers
        self.set_class(not questions, "-none")
        still = sum(question.resolved_at is None for question in questions)
        total = len(questions)
        self.query_one("#count", Static).update(Content(f"{still} of {total} open"))
        options = self.query_one(QuestionOptions)
        options.clear_options()
        made: list[Option | None] = []
        for question in questions:
            option = Option(_prompt(question, answers.get(question.id, ())))
            made += [None, option] if made else [option]
        options.add_options(made)
        ids = [question.id for question in questions]
        first = next((n for n, q in enumerate(questions) if q.resolved_at is None), 0)
        if questions:
            options.highlighted = ids.index(before) if before in ids else first

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Asked("go", self._questions[event.option_index]))

    @on(Wanted)
    def _wanted(self, event: Wanted) -> None:
        event.stop()
        if self.current is not None:
            self.post_message(self.Asked(event.what, self.current))


def _prompt(question: Note, answers: Sequence[Note]) -> Content:
    page = f" · page {question.page}" if question.page else ""
    if question.resolved_at is None:
        state = ("○ open", "bold")
    elif answers:
        state = ("✓ answered", "bold")
    else:
        state = ("– let go", "bold")
    parts = [Content.assemble(state, f" · pass {question.pass_number}{page}")]
    if question.quote:
        parts.append(Content.styled(f"“{question.quote}”", "italic"))
    if question.text:
        parts.append(preview(question.text))
    parts += [Content.assemble(("↳ ", "bold"), preview(answer.text)) for answer in answers]
    return Content("\n").join(parts)
