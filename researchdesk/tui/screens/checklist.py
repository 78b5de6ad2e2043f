"""A checklist, put to a paper, a run, a story or an investigation, answered by keys."""

from dataclasses import dataclass

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList

from researchdesk.domain.checklists import Answer, Answered, Sheet
from researchdesk.errors import DeskError
from researchdesk.files import path_of
from researchdesk.services import checklist_text, checklists
from researchdesk.services.desk import Desk
from researchdesk.tui.checklist_words import detail_words, row_words, sheet_words
from researchdesk.tui.commands import bindings
from researchdesk.tui.dialogs.choice import Choice, ChoiceDialog
from researchdesk.tui.dialogs.question import QuestionDialog
from researchdesk.tui.dialogs.why import WhyDialog
from researchdesk.tui.notices import say, words_of
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.screens.checklist_verbs import CHECKLIST_VERBS
from researchdesk.tui.widgets.brief import Option, Static


class ChecklistScreen(DeskScreen):
    """Items at the left under their headings; at the right the evidence of the one at hand."""

    ABOUT = (
        "A checklist. ✓ yes, ≈ partly, ✗ no, ? not known, – not applicable. The desk answers what "
        "its runs, notes and stories show; your own answers stand beside it, marked, and hide "
        "nothing."
    )
    VERBS = CHECKLIST_VERBS
    BINDINGS = bindings(CHECKLIST_VERBS)
    CSS_PATH = ["base.tcss", "checklist.tcss"]

    @dataclass
    class Looked(Message):
        sheet: Sheet

    @dataclass
    class Failed(Message):
        error: DeskError

    def __init__(self, desk: Desk, name: str, ref: str) -> None:
        super().__init__(desk)
        self._wanted, self._ref = name, ref
        self.sheet: Sheet | None = None

    def compose_body(self) -> ComposeResult:
        yield Static(Content("Looking at the runs …"), id="about", markup=False)
        with Horizontal(id="columns"):
            yield OptionList(id="items", markup=False)
            with VerticalScroll(id="detail"):
                yield Static(id="detail-words", markup=False)

    def on_mount(self) -> None:
        self.query_one("#items").focus()
        self.action_look()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("answer", "write"):
            return self.sheet is not None
        if action == "take_back":
            item = self.item
            return item is not None and item.is_own
        return True

    @property
    def item(self) -> Answered | None:
        """The item at hand."""
        items = self.query_one("#items", OptionList)
        if self.sheet is None or items.highlighted is None:
            return None
        wanted = items.get_option_at_index(items.highlighted).id
        return next((one for one in self.sheet.items if one.item.id == wanted), None)

    @work(thread=True, exclusive=True, group="checklist", exit_on_error=False)
    def action_look(self) -> None:
        try:
            sheet = checklists.sheet_of(self.desk, self._wanted, self._ref)
        except DeskError as error:
            self.post_message(self.Failed(error))
        else:
            self.post_message(self.Looked(sheet))

    @on(Looked)
    def show_sheet(self, message: Looked) -> None:
        message.stop()
        self._show(message.sheet)

    @on(Failed)
    def show_failure(self, message: Failed) -> None:
        message.stop()
        self.query_one("#about", Static).update(Content(words_of(message.error)))

    def _show(self, sheet: Sheet) -> None:
        at = self.item.item.id if self.item else ""
        self.sheet = sheet
        self.query_one("#about", Static).update(sheet_words(sheet), layout=False)
        options: list[Option] = []
        for part, answered in sheet.parts():
            gap = "\n" if options else ""
            options += [Option(Content(f"{gap}{part}"), disabled=True)] if part else []
            options += [Option(row_words(one), id=one.item.id) for one in answered]
        items = self.query_one("#items", OptionList)
        with self.prevent(OptionList.OptionHighlighted):
            items.clear_options()
            items.add_options(options)
            ids = [option.id for option in options]
            first = next((index for index, name in enumerate(ids) if name), None)
            items.highlighted = ids.index(at) if at in ids else first
        self._show_item()

    @on(OptionList.OptionHighlighted, "#items")
    def look_at_item(self) -> None:
        self._show_item()

    def _show_item(self) -> None:
        item = self.item
        words = detail_words(item) if item else Content()
        self.query_one("#detail-words", Static).update(words)
        self.query_one("#detail").scroll_home(animate=False)
        self.refresh_bindings()

    # A person's answers

    def action_answer(self, said: str) -> None:
        item, answer = self.item, Answer(said)
        if item is None:
            return
        before = item.own.why if item.own and item.own.answer is answer else ""
        dialog = WhyDialog(f"{answer.value}: {item.item.question}", "Why?", before, "Answer")
        dialog.saved_by(lambda why: self._keep(item.item.id, answer, why))
        self.app.push_screen(dialog)

    def _keep(self, item: str, answer: Answer | None, why: str) -> None:
        if self.sheet is not None:
            self._show(checklists.answer(self.desk, self.sheet, item, answer, why))

    def action_take_back(self) -> None:
        if self.item is not None:
            self._keep(self.item.item.id, None, "")

    # Elsewhere

    def action_other(self) -> None:
        found = [one for one in checklists.all_checklists(self.desk)
                 if one.about is checklists.About.WORK]  # fmt: skip
        choices = [Choice(one.name, one.title, f"{len(one.items)} questions") for one in found]
        self.app.push_screen(ChoiceDialog("Which checklist", choices, self._wanted), self._take)

    def _take(self, name: str | None) -> None:
        if name is not None:
            self._wanted, self.sheet = name, None
            self.query_one("#items", OptionList).clear_options()
            self.action_look()

    def action_write(self) -> None:
        path = f"{self._wanted}.md"
        dialog = QuestionDialog("Write the checklist", "The file", path, "Write")
        self.app.push_screen(dialog.saved_by(self._write))

    def _write(self, path: str) -> None:
        if self.sheet is not None:
            where = path_of(path)
            changed = checklist_text.write_markdown(self.desk, self.sheet, where)
            say(self, f"{'Written' if changed else 'Unchanged'}: {where.resolve()}")

    def action_back(self) -> None:
        self.dismiss(None)
