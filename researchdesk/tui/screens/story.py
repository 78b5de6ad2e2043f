"""Storylines: written again and again, with what each sentence leans on beside it."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import OptionList

from researchdesk.domain.clock import local_day
from researchdesk.domain.stories import Story
from researchdesk.services import stories
from researchdesk.tui.commands import bindings, keyed
from researchdesk.tui.dialogs.question import QuestionDialog
from researchdesk.tui.notices import telling
from researchdesk.tui.screens.story_asking import StoryAsking
from researchdesk.tui.screens.story_drafting import StoryDrafting
from researchdesk.tui.screens.story_keeping import StoryKeeping
from researchdesk.tui.screens.story_linking import StoryLinking
from researchdesk.tui.screens.story_talking import StoryTalking
from researchdesk.tui.screens.story_verbs import STORY_VERBS
from researchdesk.tui.widgets.brief import Option, Static
from researchdesk.tui.widgets.story_text import StoryText

_NOTHING = """No story yet.

Press {story.add} and give it a title. The first line is its red thread: one sentence, one idea.
Then the motivation, the problem, the evidence; [[ links each sentence to what shows it.
Every draft is kept, so rewrite it from scratch as often as you like."""
_NO_THREAD = "The first line is the red thread: one sentence."
_BESIDE = (
    " {^story.beside} puts it away · {^story.compare} compares · in here {story.take-up} "
    "takes it up, {story.back} goes back"
)
_OF_STORY = {
    "drafts", "editor", "new_draft", "compare", "missing", "seen", "export", "write",
}  # fmt: skip
_OF_TEXT = {"save", "beside", "section", "questions", "go", "link"}


class StoryScreen(StoryKeeping, StoryLinking, StoryDrafting, StoryAsking, StoryTalking):
    """Stories at the left; the draft with its margin; at the right an old draft, where one is."""

    MODE = "story"
    ABOUT = (
        "Storylines. What you type is on disk at once. Beside a line stands what it links says: "
        "✓ holds, · there, ○ not decided, ! changed, ✗ contradicted, ? gone. Outside the text the "
        "letter alone does what ctrl and the letter do in it."
    )
    VERBS = STORY_VERBS
    BINDINGS = bindings(STORY_VERBS)
    CSS_PATH = ["base.tcss", "story.tcss"]

    def compose_body(self) -> ComposeResult:
        yield Static(Content(keyed(_NOTHING)), id="nothing")
        with Horizontal(id="columns"):
            yield OptionList(id="stories", markup=False)
            with Vertical(id="writing"):
                yield Static(id="story-line", classes="heading", markup=False)
                yield Static(id="red-thread", markup=False)
                with Horizontal(id="page"):
                    yield from self.compose_text()
                yield self.offers
                yield Static(id="status", markup=False)
            with Vertical(id="beside"):
                yield Static(id="before-line", classes="heading", markup=False)
                yield Static(Content(keyed(_BESIDE)), id="before-keys", markup=False)
                yield self.before

    def on_mount(self) -> None:
        self.query_one("#stories").focus()

    def resumed(self) -> None:
        """What is there may have changed meanwhile, here or in another program."""
        known = self.story
        self._list()
        self.offers.forget()
        if known is not None:
            self.open(known.slug)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "take_up":
            return self.before.has_focus
        if action == "add":
            return not isinstance(self.focused, StoryText)
        if action in _OF_TEXT:
            return self.has_class("-writing")
        return action not in _OF_STORY or self.story is not None

    # The list

    def _list(self, prefer: str = "") -> None:
        found: list[Story] = []
        with telling(self):
            found = stories.list_stories(self.desk)
        items = self.query_one("#stories", OptionList)
        slugs = [story.slug for story in found]
        wanted = prefer or (self.story.slug if self.story else "")
        with self.prevent(OptionList.OptionHighlighted):
            items.clear_options()
            items.add_options([Option(_prompt(story), id=story.slug) for story in found])
            if slugs:
                items.highlighted = slugs.index(wanted) if wanted in slugs else 0
        self.set_class(not found, "-empty")
        if slugs and self.story is None:
            self.open(wanted if wanted in slugs else slugs[0])

    @on(OptionList.OptionHighlighted, "#stories")
    def look_at_story(self, event: OptionList.OptionHighlighted) -> None:
        if event.option_id is not None and event.option_id != (self.story and self.story.slug):
            self._leave_for(event.option_id)

    @on(OptionList.OptionSelected, "#stories")
    def write_in_story(self, event: OptionList.OptionSelected) -> None:
        if event.option_id is not None:
            self.look_at(event.option_id)

    def look_at(self, slug: str) -> None:
        """Open this story to be written in."""
        if self.story is not None and self.story.slug != slug:
            self._leave_for(slug)
        else:
            self.open(slug)
        if self.story is not None and self.story.slug == slug:
            self.add_class("-writing")
            self.text.focus()
            self.refresh_bindings()

    def _leave_for(self, slug: str) -> None:
        """Open another story; where this one cannot be kept, stay with it."""
        if self.kept():
            self.put_away()
            self.open(slug)
        else:
            self._list()

    def open(self, slug: str) -> None:
        with telling(self):
            if self.story is None or self.story.slug != slug:
                self.lacking = ()
            self.put(stories.get_story(self.desk, slug))
            self.think_soon()
            self.read_evidence()
            self.show_heading()
            self.show_status()

    def action_add(self) -> None:
        dialog = QuestionDialog("A new story", "Its title", accept="Begin")
        self.app.push_screen(dialog, self._begin)

    def _begin(self, title: str | None) -> None:
        if title:
            with telling(self):
                story = stories.new_story(self.desk, title)
                self._list(story.slug)
                self.look_at(story.slug)

    # Over the text

    def show_heading(self) -> None:
        if self.story is not None:
            self.query_one("#story-line", Static).update(self._line(self.story), layout=False)
            self.query_one("#red-thread", Static).update(self._thread(), layout=False)

    def _line(self, story: Story) -> Content:
        title = f": {story.draft_title}" if story.draft_title else ""
        words = "1 word" if self.words == 1 else f"{self.words} words"
        lacks = f" · {len(self.lacking)} missing" if self.lacking else ""
        kept = " · kept" if self.text.text.strip() else " · empty"
        if self.is_on_its_way:
            kept = " · being kept"
        seen = keyed("{story.seen}")
        alarm = f" · ! {len(self.news)} to look at: {seen}" if self.news else ""
        if self.unkept:
            alarm, kept = " · ✗ not written down yet", ""
        return Content.assemble(
            (f" {story.title}", "$foreground"),
            (alarm, "$text-error"),
            f" · draft {self.draft}{title} · {words}{lacks}{kept}",
        )

    def _thread(self) -> Content:
        """The red thread, after what the rules have against it."""
        if not self.thread:
            return Content.styled(f" {_NO_THREAD}", "$text-warning")
        against = [
            item.message for item in self.lacking if item.line == self.thread_line and item.sentence
        ]
        words = Content(f" Red thread: {self.thread}")
        warning = Content.styled(f" ! {against[0]}", "$text-warning") if against else Content()
        return Content.assemble(warning, words)

    # Out

    async def action_back(self) -> None:
        """From an old draft to the text, from there to the list, from there to the library."""
        self.settle()
        if self.has_class("-beside") and self.before.has_focus:
            self.action_beside()
        elif self.text.has_focus or self.has_class("-writing"):
            self.remove_class("-writing", "-beside")
            self._list()
            self.query_one("#stories").focus()
            self.refresh_bindings()
        else:
            await self.run_action("app.mode('library')")


def _prompt(story: Story) -> Content:
    drafts = {0: "no draft yet", 1: "1 draft"}.get(story.drafts, f"{story.drafts} drafts")
    day = f" · {local_day(story.saved_at)}" if story.saved_at else ""
    done = f" · finished {local_day(story.finished_at)}" if story.finished_at else ""
    return Content.assemble(Content.styled(story.title, "bold"), "\n", f"{drafts}{done or day}")
