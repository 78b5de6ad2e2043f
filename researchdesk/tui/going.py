"""How one comes from one thing to another: papers, runs, claims, code, links of notes."""

from collections.abc import Callable
from functools import partial

from textual import on
from textual.content import Content
from textual.screen import Screen

from researchdesk.domain.links import Link, LinkKind, links_in
from researchdesk.domain.papers import Paper
from researchdesk.domain.reading import Note
from researchdesk.domain.text import one_line
from researchdesk.errors import DeskError, NotOnDeskError
from researchdesk.services import claims, experiments, library, links, notes, runs, watching
from researchdesk.services.desk import Desk
from researchdesk.tui.dialogs.backlinks import Backlink, BacklinksDialog
from researchdesk.tui.dialogs.bench_confirm import ConfirmDialog
from researchdesk.tui.keys import KeysInTurn
from researchdesk.tui.messages import (
    Fetch,
    Follow,
    OpenBench,
    OpenChanges,
    OpenClaims,
    OpenCode,
    OpenInvestigation,
    OpenPaper,
    OpenRun,
)
from researchdesk.tui.notices import say, telling, warn
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.screens.bench import BenchScreen
from researchdesk.tui.screens.changes import ChangesScreen
from researchdesk.tui.screens.claims import ClaimsScreen
from researchdesk.tui.screens.code import CodeScreen
from researchdesk.tui.screens.findings import FindingsScreen
from researchdesk.tui.screens.home import HomeScreen
from researchdesk.tui.screens.ideas import IdeasScreen
from researchdesk.tui.screens.investigations import InvestigationsScreen
from researchdesk.tui.screens.library import LibraryScreen
from researchdesk.tui.screens.reader import ReaderScreen
from researchdesk.tui.screens.story import StoryScreen
from researchdesk.tui.screens.surprises import SurprisesScreen

MODE_SCREENS: dict[str, Callable[[Desk], Screen[None]]] = {
    "home": HomeScreen,
    "library": LibraryScreen,
    "reader": ReaderScreen,
    "bench": partial(BenchScreen, arxiv_id=None),
    "funny": SurprisesScreen,
    "story": StoryScreen,
    "tinker": InvestigationsScreen,
    "ideas": IdeasScreen,
}


class GoingApp(KeysInTurn):
    """Knows every screen, and brings one to what a message names."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        for name, screen in MODE_SCREENS.items():
            self.add_mode(name, partial(screen, desk))

    async def action_mode(self, mode: str) -> None:
        """Show a mode; asked for where one is there already, what lies over it is left."""
        if mode == self.current_mode:
            await self._to_base()
            return
        left = self.screen
        await self.switch_mode(mode)
        if isinstance(self.screen, BenchScreen) and isinstance(left, DeskScreen):
            self.screen.begin_with(left.paper_at_hand())

    async def _to_base(self) -> None:
        while len(self.screen_stack) > 1:
            await self.pop_screen()

    async def _base_of(self, mode: str) -> Screen[object]:
        """The mode's own screen, with nothing over it, shown."""
        await self.switch_mode(mode)
        await self._to_base()
        return self.screen

    @on(OpenPaper)
    async def open_paper(self, message: OpenPaper) -> None:
        """Show a paper in the reader."""
        screen = await self._base_of("reader")
        if isinstance(screen, ReaderScreen):
            screen.open(message.ref, message.number)
            if message.quote or message.page:
                screen.go_to_quote(message.quote, message.page)

    @on(OpenCode)
    async def open_code(self, message: OpenCode) -> None:
        """Show a paper's code, over where one is."""
        with telling(self):
            await self.push_screen(CodeScreen(self.desk, message.ref))

    @on(OpenChanges)
    async def open_changes(self, message: OpenChanges) -> None:
        """Show what changed between a paper's versions, over where one is."""
        with telling(self):
            await self.push_screen(ChangesScreen(self.desk, message.ref))

    @on(OpenClaims)
    async def open_claims(self, message: OpenClaims) -> None:
        """Show a paper's claims, over where one is."""
        with telling(self):
            await self.push_screen(ClaimsScreen(self.desk, message.ref))

    @on(OpenBench)
    async def open_bench(self, message: OpenBench) -> None:
        """Show a paper's recipe and runs."""
        screen = await self._base_of("bench")
        if isinstance(screen, BenchScreen):
            screen.show_paper(message.ref)

    @on(OpenRun)
    async def open_run(self, message: OpenRun) -> None:
        """Show a run on the bench."""
        with telling(self):
            run = runs.get_run(self.desk, message.run_id)
            screen = await self._base_of("bench")
            if isinstance(screen, BenchScreen):
                screen.show_run(run)

    @on(OpenInvestigation)
    async def open_investigation(self, message: OpenInvestigation) -> None:
        """Show an investigation, or begin that of a surprise or an idea."""
        screen = await self._base_of("tinker")
        with telling(self):
            if isinstance(screen, InvestigationsScreen):
                if message.number:
                    screen.look_at(message.number)
                else:
                    await screen.begin_for(message.of)

    # Links

    @on(Follow)
    async def follow(self, message: Follow) -> None:
        """Go where a link points, or say why not. A paper not on the desk may be fetched."""
        found = links_in(f"[[{message.target}]]")
        if not found:
            warn(self, f"[[{message.target}]] is no link that this desk knows.", "Not followed")
            return
        with telling(self):
            await self._follow_link(found[0])

    async def _follow_link(self, link: Link) -> None:
        go = {
            LinkKind.PAPER: self._follow_paper,
            LinkKind.NOTE: self._follow_note,
            LinkKind.CLAIM: self._follow_claim,
            LinkKind.RUN: self._follow_run,
            LinkKind.FUNNY: self._follow_surprise,
            LinkKind.IDEA: self._follow_idea,
            LinkKind.INVESTIGATION: self._follow_investigation,
            LinkKind.EXPERIMENT: self._follow_investigation,
            LinkKind.WATCH: self._follow_watched,
        }[link.kind]
        await go(link.target)

    async def _follow_note(self, target: str) -> None:
        note = notes.get_note(self.desk, int(target))
        paper = self._paper(note.paper_id)
        await self.open_paper(OpenPaper(paper.name, note.pass_number))
        if isinstance(self.screen, ReaderScreen):
            self.screen.go_to_note(note)

    async def _follow_claim(self, target: str) -> None:
        claim = claims.get_claim(self.desk, target)
        paper = self._paper(claim.paper_id)
        await self.push_screen(ClaimsScreen(self.desk, paper.name, claim.slug))

    async def _follow_run(self, target: str) -> None:
        """On the bench; that of an investigation there, beside what was expected of it."""
        run = runs.get_run(self.desk, target.partition("#")[0])
        made_for = experiments.experiments_of_run(self.desk, run.id)
        if made_for and not run.arxiv_id:
            await self._follow_investigation(made_for[0][0].name)
        else:
            await self.open_run(OpenRun(run.id))

    async def _follow_surprise(self, target: str) -> None:
        screen = await self._base_of("funny")
        if isinstance(screen, SurprisesScreen):
            screen.look_at(int(target))

    async def _follow_idea(self, target: str) -> None:
        screen = await self._base_of("ideas")
        if isinstance(screen, IdeasScreen):
            screen.look_at(int(target))

    async def _follow_investigation(self, target: str) -> None:
        screen = await self._base_of("tinker")
        if isinstance(screen, InvestigationsScreen):
            number, _, experiment = target.partition(".")
            screen.look_at(int(number), target if experiment else "")

    async def _follow_watched(self, target: str) -> None:
        report = watching.watch_report(self.desk, int(target))
        await self.push_screen(FindingsScreen(self.desk, report.on))

    def _paper(self, paper_id: int) -> Paper:
        paper = library.paper_of(self.desk, paper_id)
        if paper is None:
            raise NotOnDeskError(
                "The paper of this was taken off the desk.", "Add it again with a."
            )
        return paper

    def action_backlinks(self) -> None:
        """Show which notes link to the paper that is looked at."""
        screen = self.screen
        ref = screen.paper_at_hand() if isinstance(screen, DeskScreen) else ""
        if not ref:
            say(self, "Mark a paper first, then press L.")
            return
        with telling(self):
            paper = library.get_paper(self.desk, ref)
            found = [self._backlink(note) for note in links.backlinks(self.desk, "paper", ref)]
            dialog = BacklinksDialog(paper.name, paper.title, found)
            self.push_screen(dialog, self._go_to_link)

    def _backlink(self, note: Note) -> Backlink:
        paper = library.paper_of(self.desk, note.paper_id)
        where = f"{paper.title if paper else 'A paper off the desk'} · pass {note.pass_number}"
        page = f" · page {note.page}" if note.page else ""
        return Backlink(f"note:{note.id}", f"{where}{page}", one_line(note.text or note.quote))

    async def _go_to_link(self, target: str | None) -> None:
        if target is not None:
            await self.follow(Follow(target))

    async def _follow_paper(self, ref: str) -> None:
        try:
            paper = library.get_paper(self.desk, ref)
        except NotOnDeskError as error:
            if library.as_arxiv_id(ref) is None:
                raise
            self._offer(ref, error)
        else:
            await self.open_paper(OpenPaper(paper.name))

    def _offer(self, ref: str, error: DeskError) -> None:
        """Ask whether to fetch a paper that a link names."""
        words = Content(f"{error.message}\n\nFetch it from arXiv? What you read stays open.")
        dialog = ConfirmDialog(f"{ref} is not on this desk", words, "Yes, fetch it")
        self.push_screen(dialog, partial(self._fetch_if, ref))

    def _fetch_if(self, ref: str, yes: bool | None) -> None:
        if yes:
            self.post_message(Fetch((ref,)))
