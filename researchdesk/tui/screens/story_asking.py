"""What is asked of a draft: sections, the four questions, what is missing, a file of it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from textual import on, work
from textual.message import Message
from textual.timer import Timer
from textual.widgets import TextArea
from textual.worker import get_current_worker

from researchdesk.domain.statements import Statement, statement_at, statements, with_answers
from researchdesk.errors import DeskError, NotOnDeskError
from researchdesk.services import story_export, story_missing, story_templates
from researchdesk.services.desk import Desk
from researchdesk.services.story_missing import Missing
from researchdesk.services.story_templates import Template
from researchdesk.tui.dialogs.choice import Choice, ChoiceDialog
from researchdesk.tui.dialogs.story_export import ExportDialog, ExportForm
from researchdesk.tui.dialogs.story_missing import MissingAsked, MissingDialog
from researchdesk.tui.dialogs.story_questions import QuestionsDialog
from researchdesk.tui.editor import edit_text
from researchdesk.tui.late import late
from researchdesk.tui.messages import OpenInvestigation
from researchdesk.tui.notices import say, telling
from researchdesk.tui.screens.story_base import StoryBase

_THINKING = 2.0


class StoryAsking(StoryBase):
    """The part of the storyline's screen that asks and gives out."""

    @dataclass
    class Lacking(Message):
        """What the story of this name lacks, as it stood at the last pause."""

        slug: str
        missing: Sequence[Missing]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.lacking: Sequence[Missing] = ()
        self._thinking: Timer | None = None

    # Sections

    def action_section(self) -> None:
        found = {item.name: item for item in story_templates.templates(self.desk)}
        choices = [Choice(name, item.title, _first_question(item)) for name, item in found.items()]
        dialog = ChoiceDialog("Put a section here", choices)
        self.app.push_screen(dialog, lambda name: self._insert(found.get(name or "")))

    def _insert(self, section: Template | None) -> None:
        """Below the cursor's line, with an empty line on either side."""
        if section is None:
            return
        area = self.text
        row, _ = area.cursor_location
        line = area.document.get_line(row)
        last = row == area.document.line_count - 1
        before = "\n\n" if line.strip() else ""
        below = "" if last or not area.document.get_line(row + 1).strip() else "\n"
        area.move_cursor((row, len(line)))
        area.insert(f"{before}{section.text.rstrip()}\n{below}")
        area.focus()

    # The four questions

    def action_questions(self) -> None:
        """Those of the sentence that the cursor is in."""
        line, column = self.text.cursor_location
        found = statement_at(self.text.text, line, column)
        if found is None:
            say(self, "Put the cursor into a sentence; headings and lists of links state nothing.")
        else:
            dialog = QuestionsDialog(found).saved_by(partial(self._answer, found))
            self.app.push_screen(dialog, self._write_on)

    def _write_on(self, _: object) -> None:
        self.text.focus()

    def _answer(self, asked: Statement, answers: dict[str, str]) -> None:
        """Another program may have changed the draft since. Raises NotOnDeskError."""
        text = self.text.text
        here = [item for item in statements(text) if item.text == asked.text]
        if not here:
            raise NotOnDeskError(
                "This sentence is not in the draft any more: another program changed it. Nothing "
                "was written.",
                "Copy the answers that you want to keep before you close this.",
            )
        found = min(here, key=lambda item: abs(item.start - asked.start))
        column = found.start - (text.rfind("\n", 0, found.start) + 1)
        self.write(with_answers(text, found.line, answers, column))

    # What is missing

    @on(TextArea.Changed, "#text")
    def think_soon(self) -> None:
        """Look for what is missing when one pauses."""
        if self._thinking is not None:
            self._thinking.stop()
        self._thinking = self.set_timer(_THINKING, self._think)

    def _think(self) -> None:
        if self.story is not None:
            self._find_missing(self.story.slug, self.text.text)

    @work(thread=True, exclusive=True, group="missing", exit_on_error=False)
    def _find_missing(self, slug: str, text: str) -> None:
        worker = get_current_worker()
        with suppress(DeskError):  # told where one asks for the list
            found = story_missing.missing_of(self.desk, text)
            if not worker.is_cancelled:
                self.post_message(self.Lacking(slug, found))

    @on(Lacking)
    def show_lacking(self, message: Lacking) -> None:
        if self.story is not None and self.story.slug == message.slug:
            self.lacking = message.missing
            self.show_heading()

    def action_missing(self) -> None:
        text = self.text.text
        find = partial(story_missing.missing_of, self.desk, text)
        dialog = MissingDialog(find, self.text.cursor_location[0])
        self.app.push_screen(dialog, self._mend)

    def _mend(self, asked: MissingAsked | None) -> None:
        if asked is None or self.story is None:
            return
        if asked.what == "go":
            self.look_at(self.story.slug)
            self.text.move_cursor((asked.missing.line, 0), center=True)
            return
        self.settle()
        with telling(self):
            number = asked.missing.investigation
            if not number:
                number = story_missing.take_up(self.desk, self.story.slug, asked.missing).id
            self.post_message(OpenInvestigation(number=number))

    # Elsewhere

    def action_editor(self) -> None:
        """The draft in the person's own editor; what comes back is one change."""
        with telling(self):
            app: Any = self.app
            if (text := edit_text(app, self.text.text)) is not None:
                self.write(text)
            self.settle()

    def action_export(self) -> None:
        if self.story is not None:
            self.settle()
            path = Path.cwd() / f"{self.story.slug}.md"
            dialog = ExportDialog(path, partial(self._export, self.story.slug))
            self.app.push_screen(dialog, self._exported)

    def action_write(self) -> None:
        if self.story is not None:
            self.settle()
            late("tui.writing").ask_of_story(self, self.story.slug)

    def _export(self, slug: str, form: ExportForm) -> Sequence[Path]:
        if form.latex:
            return story_export.write_latex(self.desk, slug, form.path)
        write = story_export.write_markdown
        return write(self.desk, slug, form.path, questions=form.questions)

    def _exported(self, paths: Sequence[Path] | None) -> None:
        if paths:
            say(self, "\n".join(str(path) for path in paths), "Written")


def _first_question(section: Template) -> str:
    """The first that it asks, without the marks of a comment."""
    _, opened, rest = section.text.partition("<!--")
    return " ".join(rest.partition("-->")[0].split()) if opened else ""
