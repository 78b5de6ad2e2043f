"""arXiv's search, from which papers are added."""

from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Label, OptionList

from researchdesk.domain.papers import Metadata
from researchdesk.domain.queries import FindPage, FindQuery
from researchdesk.errors import DeskError
from researchdesk.services import acquire
from researchdesk.services.desk import Desk
from researchdesk.tui.dialogs.base import CANCEL, Dialog, button
from researchdesk.tui.fetching import Fetching
from researchdesk.tui.messages import Fetch
from researchdesk.tui.notices import words_of
from researchdesk.tui.widgets.brief import Option, Static

_MORE = "more"


class FindDialog(Dialog[None]):
    """Words and categories at the top, what arXiv found below; enter adds one."""

    HEADING: ClassVar[str] = "Find on arXiv"

    @dataclass
    class Found(Message):
        query: FindQuery
        page: FindPage

    @dataclass
    class Failed(Message):
        query: FindQuery
        error: DeskError

    def __init__(self, desk: Desk, words: str = "") -> None:
        """``words`` stand there to begin with."""
        super().__init__()
        self._desk, self._words = desk, words
        self._query = FindQuery()
        self._papers: dict[str, Metadata] = {}

    def compose_fields(self) -> ComposeResult:
        with Horizontal(classes="row"):
            yield Label("Words    ", classes="label")
            yield Input(self._words, id="words", placeholder="attention translation", compact=True)
        with Horizontal(classes="row"):
            yield Label("Author   ", classes="label")
            yield Input(id="author", placeholder="may stay empty", compact=True)
        with Horizontal(classes="row"):
            yield Label("Category ", classes="label")
            yield Input(id="category", placeholder="cs.LG (may stay empty)", compact=True)
        yield Static("Enter searches.", id="state", markup=False)
        yield OptionList(id="results", markup=False)

    def compose_buttons(self) -> ComposeResult:
        yield button("accept", self.accepting("Search"), "Ask arXiv.", "primary")
        yield button("cancel", self.leaving("Close"), CANCEL.help)

    async def on_input_submitted(self) -> None:
        await self.action_accept()

    async def action_accept(self) -> None:
        words, author = self._value("words"), self._value("author")
        categories = tuple(self._value("category").replace(",", " ").split())
        if not (words or author or categories):
            self.complain("Give a word, an author or a category.")
            return
        self._papers.clear()
        self.query_one("#results", OptionList).clear_options()
        self._ask(FindQuery(words=words, author=author, categories=categories))

    def _ask(self, query: FindQuery) -> None:
        self.complain("")
        self._query = query
        self.query_one("#state", Static).update("Asking arXiv …")
        self._search(query)

    @work(thread=True, exclusive=True, group="find", exit_on_error=False)
    def _search(self, query: FindQuery) -> None:
        try:
            page = acquire.find(self._desk, query)
        except DeskError as error:
            self.post_message(self.Failed(query, error))
        else:
            self.post_message(self.Found(query, page))

    @on(Failed)
    def show_failure(self, message: Failed) -> None:
        if message.query is not self._query:
            return
        self.query_one("#state", Static).update("")
        self.complain(words_of(message.error))

    @on(Found)
    def show_found(self, message: Found) -> None:
        if message.query is not self._query:
            return
        page = message.page
        results = self.query_one("#results", OptionList)
        if results.option_count and results.get_option_at_index(-1).id == _MORE:
            results.remove_option(_MORE)
        for paper in page.papers:
            name = paper.arxiv_id or paper.title
            if name not in self._papers:
                self._papers[name] = paper
                results.add_option(Option(_prompt(paper), id=name))
        shown = page.start + len(page.papers)
        if page.papers and shown < page.total:
            results.add_option(Option(Content(f"▼ more of {page.total:,}"), id=_MORE))
        words = f"{shown:,} of {page.total:,}. Enter adds the marked one." if shown else "Nothing."
        self.query_one("#state", Static).update(Content(words))
        if shown:
            results.focus()

    @on(OptionList.OptionSelected, "#results")
    def choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option_id == _MORE:
            self._ask(replace(self._query, start=len(self._papers)))
        elif event.option_id is not None:
            self.post_message(Fetch((event.option_id,)))

    def show_fetching(self, fetching: Fetching) -> bool:
        """How far the chosen paper is; a tick when it came."""
        if fetching.text not in self._papers:
            return False
        if fetching.error is not None:
            self.complain(words_of(fetching.error))
        elif fetching.added is not None:
            results = self.query_one("#results", OptionList)
            prompt = Content.assemble(
                ("✓ on the desk  ", "bold"), _prompt(self._papers[fetching.text])
            )
            results.replace_option_prompt(fetching.text, prompt)
        self.query_one("#state", Static).update(Content("" if fetching.error else fetching.words))
        return True

    def _value(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value.strip()


def _prompt(paper: Metadata) -> Content:
    year = f"{paper.published:%Y}" if paper.published else ""
    authors = ", ".join(paper.authors[:3]) + (" and others" if len(paper.authors) > 3 else "")
    below = " · ".join(filter(None, (paper.arxiv_id, year, authors)))
    return Content.assemble(Content.styled(paper.title, "bold"), "\n", below)
