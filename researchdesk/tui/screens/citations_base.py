"""The screen of citations: its parts, the way one came, and what is read for it in threads."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input
from textual.worker import get_current_worker

from researchdesk.domain.citations import Relation
from researchdesk.domain.papers import Paper
from researchdesk.domain.text import one_line
from researchdesk.errors import DeskError
from researchdesk.services import citations, library, references
from researchdesk.services.citations import Around, Near
from researchdesk.services.desk import Desk
from researchdesk.tui.notices import say, warn, words_of
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.citation_list import CitationList, head_line, with_words
from researchdesk.tui.widgets.citation_tabs import CitationTabs
from researchdesk.tui.widgets.citation_words import about, empty_words, state_line

_LOOKING = "The paper is taken apart for its list of references …"


@dataclass(frozen=True, slots=True)
class Stop:
    """A place on the way: what is looked at, which list of it, filtered how, at which work."""

    of: Paper | Near
    relation: Relation = Relation.REFERENCES
    words: str = ""
    at: str = ""

    @property
    def title(self) -> str:
        return one_line(self.of.title if isinstance(self.of, Paper) else self.of.work.title)

    @property
    def key(self) -> str:
        if isinstance(self.of, Paper):
            return f"{self.of.id}.0"
        return f"{self.of.paper_id}.{0 if self.of.paper_id else self.of.work_id}"


@dataclass
class Shown:
    """What is known of the stop at hand, and what is being done for it."""

    known: dict[Relation, Around] = field(default_factory=dict)
    doing: str = ""
    works: list[Near] = field(default_factory=list)


class CitationsBase(DeskScreen):
    """Three lists; the marked work is told of beside the list, or below it where it is narrow."""

    AUTO_FOCUS = "CitationList"
    CSS_PATH = ["base.tcss", "citations.tcss"]

    @dataclass
    class Loaded(Message):
        key: str
        known: Mapping[Relation, Around]
        last: bool

    @dataclass
    class Progressed(Message):
        key: str
        words: str

    @dataclass
    class Failed(Message):
        key: str
        error: DeskError

    @dataclass
    class Indexed(Message):
        built: references.Built

    def __init__(self, desk: Desk, ref: str) -> None:
        """Raises NotOnDeskError where there is no such paper."""
        super().__init__(desk)
        self.trail = [Stop(library.get_paper(desk, ref))]
        self.shown = Shown()

    def compose_body(self) -> ComposeResult:
        with Horizontal(id="where"):
            yield Static(id="trail", markup=False)
            yield Static(id="centre", markup=False)
        yield CitationTabs()
        yield Static(id="state", markup=False)
        yield Input(placeholder="words of title, authors, venue, year", id="filter")
        yield Static(id="empty", markup=False)
        with Horizontal(id="panes"):
            with Vertical(id="list-side"):
                yield Static(id="head", markup=False)
                yield CitationList()
            yield Static(id="about", markup=False)

    def on_mount(self) -> None:
        self.query_one("#filter", Input).compact = True
        self.arrive()

    def resumed(self) -> None:
        """Reading may have moved on meanwhile."""
        if self.shown.known:
            self.load(self.stop)

    def paper_at_hand(self) -> str:
        near = self.marked()
        if near is not None and near.on_desk:
            return near.name
        of = self.stop.of
        return of.name

    @property
    def stop(self) -> Stop:
        return self.trail[-1]

    def marked(self) -> Near | None:
        found = self.query(CitationList)
        return found.first().current if found else None

    def arrive(self) -> None:
        """Show the last stop of the trail; what is not known yet of it is read."""
        self.shown = Shown()
        before = " › ".join(stop.title for stop in self.trail[-3:-1])
        self.query_one("#trail", Static).update(Content(f"{before} › " if before else ""))
        self.query_one("#centre", Static).update(Content(self.stop.title))
        field_ = self.query_one("#filter", Input)
        with self.prevent(Input.Changed):
            field_.value = self.stop.words
        field_.set_class(bool(self.stop.words), "-shown")
        self.show_list()
        self.load(self.stop)

    # What is known

    @work(thread=True, exclusive=True, group="load", exit_on_error=False)
    def load(self, stop: Stop) -> None:
        """What is kept at once; then, where the paper's own list was not read, with that."""
        worker = get_current_worker()
        known = {relation: citations.around(self.desk, stop.of, relation) for relation in Relation}
        listed = known[Relation.REFERENCES].listed is not None
        whole = not isinstance(stop.of, Paper) or listed
        self.post_message(self.Loaded(stop.key, known, whole))
        if whole or not isinstance(stop.of, Paper) or worker.is_cancelled:
            return
        try:
            references.read_references(self.desk, stop.of)
        except DeskError as error:
            self.post_message(self.Failed(stop.key, error))
        known[Relation.REFERENCES] = citations.around(self.desk, stop.of, Relation.REFERENCES)
        self.post_message(self.Loaded(stop.key, known, True))

    @on(Loaded)
    def show_loaded(self, message: Loaded) -> None:
        if message.key == self.stop.key:
            self.shown.known |= message.known
            if not self.shown.doing or self.shown.doing == _LOOKING:
                self.shown.doing = "" if message.last else _LOOKING
            self.show_list()

    @on(Progressed)
    def show_progress(self, message: Progressed) -> None:
        if message.key == self.stop.key:
            self.shown.doing = message.words
            self.show_state()

    @on(Failed)
    def show_failure(self, message: Failed) -> None:
        if message.key == self.stop.key:
            self.shown.doing = ""
            self.show_state()
        warn(self, words_of(message.error), "Not all is known")

    def show_list(self) -> None:
        """The list at hand, and all that is said around it."""
        stop, known = self.stop, self.shown.known
        self.query_one(CitationTabs).show(stop.relation, known)
        around = known.get(stop.relation)
        self.shown.works = list(around.works) if around else []
        found = with_words(self.shown.works, stop.words)
        self.set_class(around is not None and not around.works, "-empty")
        listed = self.query_one(CitationList)
        listed.put(found, stop.at)
        if found:
            self.trail[-1] = replace(stop, at="")
        if found:
            self.call_after_refresh(self._focus_list)
        self.show_state()
        self.refresh_bindings()

    def _focus_list(self) -> None:
        """Once it is shown: a list that was hidden until now cannot be focused before."""
        if self.focused is None:
            self.query_one(CitationList).focus()

    def show_state(self) -> None:
        around = self.shown.known.get(self.stop.relation)
        words = self.shown.doing or (state_line(around) if around else "Looking …")
        self.query_one("#state", Static).update(Content(words))
        if around is not None and not around.works:
            of = self.stop.of
            has_file = isinstance(of, Paper) and bool(of.held())
            told = self.shown.doing or empty_words(around, self.desk.settings, has_file)
            self.query_one("#empty", Static).update(Content(told))

    @on(CitationList.Highlighted)
    def look(self, event: CitationList.Highlighted) -> None:
        self.query_one("#about", Static).update(about(event.near))
        self.refresh_bindings()

    @on(CitationList.Fitted)
    def fit_head(self, event: CitationList.Fitted) -> None:
        """The heads stand over the columns, however wide they came to be."""
        self.query_one("#head", Static).update(Content(head_line(event.width)))

    @work(thread=True, exclusive=True, group="ask", exit_on_error=False)
    def ask(self, stop: Stop) -> None:
        def told(what: str, done: int, total: int | None) -> None:
            self.post_message(self.Progressed(stop.key, f"{what} …"))

        try:
            found = citations.around(self.desk, stop.of, stop.relation, refresh=True, progress=told)
        except DeskError as error:
            self.post_message(self.Failed(stop.key, error))
        else:
            self.post_message(self.Progressed(stop.key, ""))
            self.post_message(self.Loaded(stop.key, {stop.relation: found}, True))

    @work(thread=True, exclusive=True, group="index", exit_on_error=False)
    def index(self) -> None:
        worker, stop = get_current_worker(), self.stop

        def told(what: str, done: int, total: int | None) -> None:
            self.post_message(self.Progressed(stop.key, f"Reading the papers' lists: {what} …"))

        try:
            built = references.build(self.desk, told, stop=lambda: worker.is_cancelled)
        except DeskError as error:
            self.post_message(self.Failed(stop.key, error))
            return
        self.post_message(self.Progressed(stop.key, ""))
        if not worker.is_cancelled:
            self.post_message(self.Indexed(built))

    @on(Indexed)
    def tell_indexed(self, message: Indexed) -> None:
        built = message.built
        broken = f", {len(built.broken)} cannot be read" if built.broken else ""
        words = f"{built.kept} read now, {built.current} were read before{broken}."
        say(self, words, "The papers' own lists")
        self.load(self.stop)
