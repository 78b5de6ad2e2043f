"""Storylines: written in markdown, kept as one types, every draft to be had again."""

from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import OptionList, Static, TextArea
from textual.widgets.option_list import Option

from researchdesk.domain.stories import Story
from researchdesk.services import stories
from researchdesk.services.desk import Desk
from researchdesk.tui.commands import Command, bindings
from researchdesk.tui.dialogs.choice import Choice, ChoiceDialog
from researchdesk.tui.dialogs.question import QuestionDialog
from researchdesk.tui.editor import edit_text
from researchdesk.tui.notices import say, telling
from researchdesk.tui.screens.base import DeskScreen

_IDLE = 3.0
_VERBS = (
    Command("story.add", "a", "add", "New", "Begin a story.", True),
    Command("story.save", "ctrl+s", "save", "Save", "Keep a draft now; else it is kept by itself.",
            True, key_label="^s"),
    Command("story.drafts", "ctrl+r", "drafts", "Drafts", "Every draft; an old one can come back.",
            True, key_label="^r"),
    Command("story.editor", "ctrl+o", "editor", "Editor", "Open the story in your own editor.",
            True, key_label="^o"),
    Command("story.back", "escape", "back", "Back", "From the text to the list, then the library.",
            True),
)  # fmt: skip
_NOTHING = """No story yet.

Press a and give it a title. Write what you would tell: the problem, the idea, what you saw.
Every draft is kept, so rewrite from scratch as often as you like."""


class StoryScreen(DeskScreen):
    """Stories at the left, the text of one at the right."""

    MODE = "story"
    ABOUT = "Storylines. The text is kept three seconds after the last key, and when you leave it."
    VERBS = _VERBS
    BINDINGS = bindings(_VERBS)
    CSS_PATH = ["base.tcss", "story.tcss"]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._story: Story | None = None
        self._idle: Timer | None = None
        self._kept = ""

    def compose_body(self) -> ComposeResult:
        yield Static(Content(_NOTHING), id="nothing")
        with Horizontal(id="columns"):
            yield OptionList(id="stories", markup=False)
            with Vertical(id="writing"):
                yield Static(id="story-line", classes="heading", markup=False)
                yield TextArea(id="text", compact=True, soft_wrap=True)

    def on_mount(self) -> None:
        self._list()
        self._show_text(False)
        self.query_one("#stories").focus()

    def on_screen_resume(self) -> None:
        self._list()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in {"save", "drafts", "editor"}:
            return self._story is not None
        return True

    def _list(self, prefer: str = "") -> None:
        found: list[Story] = []
        with telling(self):
            found = stories.list_stories(self.desk)
        items = self.query_one("#stories", OptionList)
        wanted = prefer or (self._story.slug if self._story else "")
        items.clear_options()
        items.add_options([Option(_prompt(story), id=story.slug) for story in found])
        self.set_class(not found, "-empty")
        slugs = [story.slug for story in found]
        if slugs:
            items.highlighted = slugs.index(wanted) if wanted in slugs else 0

    def _show_text(self, shown: bool) -> None:
        self.set_class(shown, "-writing")
        self.query_one("#text").display = self._story is not None
        self._show_line()
        self.refresh_bindings()

    def _show_line(self) -> None:
        line = " Enter on a story opens it."
        if self._story is not None:
            changed = self.query_one("#text", TextArea).text != self._kept
            line = _line(self._story, changed=changed)
        self.query_one("#story-line", Static).update(Content(line))

    @on(OptionList.OptionSelected, "#stories")
    def open_story(self, event: OptionList.OptionSelected) -> None:
        if event.option_id is not None:
            self._open(event.option_id)

    def _open(self, slug: str) -> None:
        self.settle()
        with telling(self):
            self._story = stories.get_story(self.desk, slug)
            area = self.query_one("#text", TextArea)
            area.load_text(self._story.text)
            self._kept = area.text
            self._show_text(True)
            area.move_cursor(area.document.end)
            area.focus()

    # Keeping

    @on(TextArea.Changed, "#text")
    def keep_soon(self) -> None:
        if self._idle is not None:
            self._idle.stop()
        self._idle = self.set_timer(_IDLE, self.settle)
        self._show_line()

    def settle(self) -> None:
        """Keep the text as a draft, if anything changed."""
        if self._idle is not None:
            self._idle.stop()
            self._idle = None
        if self._story is not None:
            with telling(self):
                text = self.query_one("#text", TextArea).text
                self._story = stories.save_draft(self.desk, self._story.slug, text)
                self._kept = text
                self._show_line()

    def on_screen_suspend(self) -> None:
        self.settle()

    def action_save(self) -> None:
        self.settle()

    # Beginning, drafts, editor

    def action_add(self) -> None:
        self.app.push_screen(
            QuestionDialog("A new story", "Its title", accept="Begin"), self._begin
        )

    def _begin(self, title: str | None) -> None:
        if title:
            with telling(self):
                story = stories.new_story(self.desk, title)
                self._list(story.slug)
                self._open(story.slug)

    def action_drafts(self) -> None:
        if self._story is None:
            return
        self.settle()
        with telling(self):
            found = stories.drafts(self.desk, self._story.slug)
            if not found:
                say(self, "There is no draft yet; write something.")
                return
            choices = [
                Choice(
                    str(draft.number),
                    f"Draft {draft.number} · {draft.saved_at:%Y-%m-%d %H:%M}",
                    f"{len(draft.text.split())} words · {draft.text.strip()[:60]}",
                )
                for draft in reversed(found)
            ]
            texts = {str(draft.number): draft.text for draft in found}
            dialog = ChoiceDialog("Drafts; enter takes one up again", choices)
            self.app.push_screen(dialog, lambda name: self._take_up(texts, name))

    def _take_up(self, texts: dict[str, str], name: str | None) -> None:
        if name is not None:
            area = self.query_one("#text", TextArea)
            area.replace(texts[name], area.document.start, area.document.end)
            self.settle()
            say(self, "It is the newest draft now; the others are kept.", f"Draft {name}")

    def action_editor(self) -> None:
        if self._story is None:
            return
        with telling(self):
            app: Any = self.app
            area = self.query_one("#text", TextArea)
            area.replace(edit_text(app, area.text), area.document.start, area.document.end)
            self.settle()

    async def action_back(self) -> None:
        """From the text to the list, from the list to the library."""
        self.settle()
        if self.query_one("#text").has_focus or (
            self.has_class("-narrow") and self.has_class("-writing")
        ):
            self._show_text(False)
            self._list()
            self.query_one("#stories").focus()
        else:
            await self.run_action("app.mode('library')")


def _prompt(story: Story) -> Content:
    drafts = {0: "no draft yet", 1: "1 draft"}.get(story.drafts, f"{story.drafts} drafts")
    return Content.assemble(Content.styled(story.title, "bold"), "\n", drafts)


def _line(story: Story, *, changed: bool) -> str:
    if changed:
        return f" {story.title} · not kept yet"
    return f" {story.title} · {f'draft {story.drafts} is kept' if story.drafts else 'no draft yet'}"
