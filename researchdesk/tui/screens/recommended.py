"""What to read next, ranked by what was read, liked, dropped and tagged; and what is like a paper.

The ranking is another process's work: this one never waits for it.
"""

from dataclasses import dataclass, replace

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message

from researchdesk.domain.recommending import Recommended, Suggestion
from researchdesk.domain.text import one_line
from researchdesk.errors import DeskError
from researchdesk.services import library, recommending
from researchdesk.services.desk import Desk
from researchdesk.services.recommending_apart import Question, ask
from researchdesk.tui.commands import bindings, keyed
from researchdesk.tui.dialogs.choice import Choice, ChoiceDialog
from researchdesk.tui.messages import Fetch, OpenPaper
from researchdesk.tui.notices import say, telling, words_of
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.screens.recommended_verbs import RECOMMENDED_VERBS
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.recommended_detail import detail, stands_on
from researchdesk.tui.widgets.recommended_list import RecommendedList, head

_BEGINNING = "Papers are put in order …"
_HOW = """{why}

What is like the papers you liked comes first here. The desk learns it from passes finished with \
"go on", notes, stars, a high priority and entries kept from the feed; and from papers that you \
left, what not to show.

Finish a pass in the reader ({app.reader}), or give stars and tags in the library \
({app.library})."""
_LEFT_OUT = """Press {recommended.all} to see these too. Add papers in the library \
({app.library}: {library.add}), or follow arXiv categories ({app.triage}, then {triage.follow}): \
what is new there is ranked here."""
_FIRST = """The words of the desk's papers are read and weighed.

The first time takes longer, half a minute where there are 100,000 papers; then what is new is \
added. Go on with something else meanwhile: the list is here when you come back."""
_WHOLE = "The whole desk"
_MOST = 50


class RecommendedScreen(DeskScreen):
    """Ranked papers at the left, what speaks for and against the marked one at the right."""

    ABOUT = (
        "What to read next, the best first: + words speak for a paper, − words against it, by "
        "what you read, liked, left and tagged."
    )
    VERBS = RECOMMENDED_VERBS
    BINDINGS = bindings(RECOMMENDED_VERBS)
    CSS_PATH = ["base.tcss", "recommended.tcss"]

    @dataclass
    class Found(Message):
        question: Question
        found: Recommended

    @dataclass
    class Failed(Message):
        question: Question
        error: DeskError

    def __init__(self, desk: Desk, tag: str = "", like: str = "") -> None:
        """Raises NotOnDeskError where there is no paper ``like``."""
        super().__init__(desk)
        self._list = RecommendedList()
        self._like_title = ""
        self._before: list[tuple[Question, str]] = []
        self._asked: Question | None = None
        self._question = Question(tag=tag, limit=_MOST)
        if like:
            paper = library.get_paper(desk, like)
            self._question, self._like_title = Question(like=paper.id, limit=_MOST), paper.title

    def compose_body(self) -> ComposeResult:
        yield Static("", id="about", markup=False)
        yield Static(Content(_FIRST), id="nothing", markup=False)
        with Horizontal(id="columns"):
            with Vertical(id="list"):
                yield Static("", id="head", markup=False)
                yield self._list
            with VerticalScroll(id="detail", can_focus=False):
                yield Static(id="detail-text", markup=False)

    def on_mount(self) -> None:
        self.add_class("-empty")
        self._list.focus()

    def resumed(self) -> None:
        """Ask again, unless an answer to just this is on its way."""
        if self._asked != self._question:
            self.action_again()

    def paper_at_hand(self) -> str:
        item = self._list.current
        return item.name if item and item.paper_id is not None else ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "like":
            return bool(self.paper_at_hand())
        if action == "all":
            return self._question.like is None
        return True

    # What stands there

    def action_again(self) -> None:
        """Ask again; what stands there stays until the answer comes."""
        self._tell_progress(_BEGINNING)
        self._asked = self._question
        self._ask(self._question)

    @work(exclusive=True, group="ranking", exit_on_error=False)
    async def _ask(self, question: Question) -> None:
        try:
            found = await ask(self.desk, question, self._tell_progress)
        except DeskError as error:
            self.post_message(self.Failed(question, error))
        else:
            self.post_message(self.Found(question, found))

    def _tell_progress(self, words: str) -> None:
        self.query_one("#about", Static).update(Content.assemble(("◌ ", "$text-accent"), words))

    @on(Found)
    def show_found(self, message: Found) -> None:
        if message.question != self._question:
            return
        self._asked, found = None, message.found
        self.query_one("#about", Static).update(stands_on(found, self._like_title))
        self._show(found)

    @on(Failed)
    def show_failure(self, message: Failed) -> None:
        if message.question != self._question:
            return
        self._asked = None
        self._show(Recommended(()))
        self.query_one("#about", Static).update("")
        self.query_one("#nothing", Static).update(Content(words_of(message.error)))

    def _show(self, found: Recommended) -> None:
        none = not found.suggestions
        self.set_class(none, "-empty")
        if none:
            self.query_one("#nothing", Static).update(Content(self._why_none(found)))
        self.query_one("#head", Static).update(head(found.left_out, self._question.everything))
        self._list.show(found.suggestions)
        self.refresh_bindings()

    def _why_none(self, found: Recommended) -> str:
        if self._question.like:
            return found.why_none
        if found.why_none == recommending.NOTHING_LEFT:
            return f"{found.why_none}\n\n{keyed(_LEFT_OUT)}"
        return keyed(_HOW, why=found.why_none)

    @on(RecommendedList.Looked)
    def look(self, event: RecommendedList.Looked) -> None:
        if event.suggestion:
            alike = self._question.like is not None
            text = detail(event.suggestion, alike)
            self.query_one("#detail-text", Static).update(text)
        self.query_one("#detail").scroll_home(animate=False)
        self.refresh_bindings()

    # What keys do

    @on(RecommendedList.Opened)
    def open(self, event: RecommendedList.Opened) -> None:
        item = event.suggestion
        if item.paper_id is None:
            self.post_message(Fetch((item.name,)))
            say(self, one_line(item.title), "Put on the desk")
        else:
            self.post_message(OpenPaper(item.name))

    def action_tag(self) -> None:
        choices = [Choice("", _WHOLE, "By all that was read, liked and left.")]
        with telling(self):
            known = recommending.tags(self.desk)
            choices += [Choice(tag, tag, "By the papers with this tag.") for tag in known]
            if not known:
                say(self, "No paper has a tag yet: tag some in the library.")
                return
            dialog = ChoiceDialog("Rank by …", choices, self._question.tag)
            self.app.push_screen(dialog, self._by_tag)

    def _by_tag(self, tag: str | None) -> None:
        if tag is not None:
            self._go(Question(tag=tag, limit=_MOST), "")

    def action_all(self) -> None:
        """What was read or judged is in the list too, or is not any more."""
        shown = replace(self._question, everything=not self._question.everything)
        self._turn(shown, self._like_title)

    def action_like(self) -> None:
        item: Suggestion | None = self._list.current
        if item is not None and item.paper_id is not None:
            self._go(Question(like=item.paper_id, limit=_MOST), item.title)

    def _go(self, question: Question, like_title: str) -> None:
        self._before.append((self._question, self._like_title))
        self._turn(question, like_title)

    def _turn(self, question: Question, like_title: str) -> None:
        self._question, self._like_title = replace(question), like_title
        self.action_again()

    def action_back(self) -> None:
        """To the list before; from the first one out."""
        if self._before:
            self._turn(*self._before.pop())
        else:
            self.dismiss()
