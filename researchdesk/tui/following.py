"""Going where a link points: papers, notes, claims, runs, surprises, ideas, investigations."""

from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from researchdesk.domain.links import Link, LinkKind, links_in
from researchdesk.domain.papers import Paper
from researchdesk.domain.reading import Note
from researchdesk.domain.text import one_line
from researchdesk.errors import DeskError, NotOnDeskError
from researchdesk.services import claims, experiments, library, links, notes, runs, watching
from researchdesk.tui.commands import key_words
from researchdesk.tui.dialogs.backlinks import Backlink, BacklinksDialog
from researchdesk.tui.dialogs.bench_confirm import ConfirmDialog
from researchdesk.tui.messages import Fetch, Follow, OpenPaper, OpenRun
from researchdesk.tui.notices import say, telling, warn
from researchdesk.tui.opening import open_paper, open_run
from researchdesk.tui.screens.claims import ClaimsScreen
from researchdesk.tui.screens.findings import FindingsScreen
from researchdesk.tui.screens.ideas import IdeasScreen
from researchdesk.tui.screens.investigations import InvestigationsScreen
from researchdesk.tui.screens.reader import ReaderScreen
from researchdesk.tui.screens.surprises import SurprisesScreen
from researchdesk.tui.verbs import LINKS

if TYPE_CHECKING:
    from researchdesk.tui.going import GoingApp


async def follow(app: "GoingApp", target: str) -> None:
    """Go to what stands between ``[[`` and ``]]``, or say why not."""
    found = links_in(f"[[{target}]]")
    if not found:
        warn(app, f"[[{target}]] is no link that this desk knows.", "Not followed")
        return
    with telling(app):
        await _follow_link(app, found[0])


def show_backlinks(app: "GoingApp") -> None:
    """Show which notes link to the paper that is looked at."""
    ref = app.paper_at_hand()
    if not ref:
        say(app, f"Mark a paper first, then press {key_words(app, LINKS)}.")
        return
    with telling(app):
        paper = library.get_paper(app.desk, ref)
        found = [_backlink(app, note) for note in links.backlinks(app.desk, "paper", ref)]
        dialog = BacklinksDialog(paper.name, paper.title, found)
        app.push_screen(dialog, partial(_go_to_link, app))


async def _follow_link(app: "GoingApp", link: Link) -> None:
    go = {
        LinkKind.PAPER: _follow_paper,
        LinkKind.NOTE: _follow_note,
        LinkKind.CLAIM: _follow_claim,
        LinkKind.RUN: _follow_run,
        LinkKind.FUNNY: _follow_surprise,
        LinkKind.IDEA: _follow_idea,
        LinkKind.INVESTIGATION: _follow_investigation,
        LinkKind.EXPERIMENT: _follow_investigation,
        LinkKind.WATCH: _follow_watched,
    }[link.kind]
    await go(app, link.target)


async def _follow_note(app: "GoingApp", target: str) -> None:
    note = notes.get_note(app.desk, int(target))
    paper = _paper(app, note.paper_id)
    await open_paper(app, OpenPaper(paper.name, note.pass_number))
    if isinstance(app.screen, ReaderScreen):
        app.screen.go_to_note(note)


async def _follow_claim(app: "GoingApp", target: str) -> None:
    claim = claims.get_claim(app.desk, target)
    paper = _paper(app, claim.paper_id)
    await app.push_screen(ClaimsScreen(app.desk, paper.name, claim.slug))


async def _follow_run(app: "GoingApp", target: str) -> None:
    """On the bench; that of an investigation there, beside what was expected of it."""
    run = runs.get_run(app.desk, target.partition("#")[0])
    made_for = experiments.experiments_of_run(app.desk, run.id)
    if made_for and not run.arxiv_id:
        await _follow_investigation(app, made_for[0][0].name)
    else:
        await open_run(app, OpenRun(run.id))


async def _follow_surprise(app: "GoingApp", target: str) -> None:
    screen: SurprisesScreen = await app.base_of("funny")
    screen.look_at(int(target))


async def _follow_idea(app: "GoingApp", target: str) -> None:
    screen: IdeasScreen = await app.base_of("ideas")
    screen.look_at(int(target))


async def _follow_investigation(app: "GoingApp", target: str) -> None:
    screen: InvestigationsScreen = await app.base_of("tinker")
    number, _, experiment = target.partition(".")
    screen.look_at(int(number), target if experiment else "")


async def _follow_watched(app: "GoingApp", target: str) -> None:
    report = watching.watch_report(app.desk, int(target))
    await app.push_screen(FindingsScreen(app.desk, report.on))


async def _follow_paper(app: "GoingApp", ref: str) -> None:
    try:
        paper = library.get_paper(app.desk, ref)
    except NotOnDeskError as error:
        if library.as_arxiv_id(ref) is None:
            raise
        _offer(app, ref, error)
    else:
        await open_paper(app, OpenPaper(paper.name))


def _offer(app: "GoingApp", ref: str, error: DeskError) -> None:
    """Ask whether to fetch a paper that a link names."""
    words = Content(f"{error.message}\n\nFetch it from arXiv? What you read stays open.")
    dialog = ConfirmDialog(f"{ref} is not on this desk", words, "Yes, fetch it")
    app.push_screen(dialog, partial(_fetch_if, app, ref))


def _fetch_if(app: "GoingApp", ref: str, yes: bool | None) -> None:
    if yes:
        app.post_message(Fetch((ref,)))


def _paper(app: "GoingApp", paper_id: int) -> Paper:
    paper = library.paper_of(app.desk, paper_id)
    if paper is None:
        raise NotOnDeskError("The paper of this was taken off the desk.", "Add it again with a.")
    return paper


def _backlink(app: "GoingApp", note: Note) -> Backlink:
    paper = library.paper_of(app.desk, note.paper_id)
    where = f"{paper.title if paper else 'A paper off the desk'} · pass {note.pass_number}"
    page = f" · page {note.page}" if note.page else ""
    return Backlink(f"note:{note.id}", f"{where}{page}", one_line(note.text or note.quote))


async def _go_to_link(app: "GoingApp", target: str | None) -> None:
    if target is not None:
        await app.follow(Follow(target))
