"""Showing what a message names, on the screen that it belongs to."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from researchdesk.services import runs
from researchdesk.tui.commands import key_words
from researchdesk.tui.messages import (
    OpenBench,
    OpenChanges,
    OpenCitations,
    OpenClaims,
    OpenCode,
    OpenInvestigation,
    OpenPaper,
    OpenRecommended,
    OpenRun,
)
from researchdesk.tui.notices import say, telling
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.screens.bench import BenchScreen
from researchdesk.tui.screens.changes import ChangesScreen
from researchdesk.tui.screens.citations import CitationsScreen
from researchdesk.tui.screens.claims import ClaimsScreen
from researchdesk.tui.screens.code import CodeScreen
from researchdesk.tui.screens.investigations import InvestigationsScreen
from researchdesk.tui.screens.reader import ReaderScreen
from researchdesk.tui.screens.recommended import RecommendedScreen
from researchdesk.tui.screens.triage import TriageScreen
from researchdesk.tui.verbs import DISCOVER

if TYPE_CHECKING:
    from researchdesk.tui.going import GoingApp


async def open_paper(app: "GoingApp", message: OpenPaper) -> None:
    """Show a paper in the reader, at a quote or page where one is given."""
    screen: ReaderScreen = await app.base_of("reader")
    screen.open(message.ref, message.number)
    if message.quote or message.page:
        screen.go_to_quote(message.quote, message.page)


async def open_code(app: "GoingApp", message: OpenCode) -> None:
    """Show a paper's code."""
    with telling(app):
        await app.push_screen(CodeScreen(app.desk, message.ref))


async def open_changes(app: "GoingApp", message: OpenChanges) -> None:
    """Show what changed between a paper's versions."""
    with telling(app):
        await app.push_screen(ChangesScreen(app.desk, message.ref))


async def open_claims(app: "GoingApp", message: OpenClaims) -> None:
    """Show a paper's claims."""
    with telling(app):
        await app.push_screen(ClaimsScreen(app.desk, message.ref))


async def open_bench(app: "GoingApp", message: OpenBench) -> None:
    """Show a paper's recipe and runs."""
    screen: BenchScreen = await app.base_of("bench")
    screen.show_paper(message.ref)


async def open_run(app: "GoingApp", message: OpenRun) -> None:
    """Show a run on the bench."""
    with telling(app):
        run = runs.get_run(app.desk, message.run_id)
        screen: BenchScreen = await app.base_of("bench")
        screen.show_run(run)


async def open_investigation(app: "GoingApp", message: OpenInvestigation) -> None:
    """Show an investigation, or begin that of a surprise or an idea."""
    screen: InvestigationsScreen = await app.base_of("tinker")
    with telling(app):
        if message.number:
            screen.look_at(message.number)
        else:
            await screen.begin_for(message.of)


async def open_triage(app: "GoingApp") -> None:
    """Show what is new in the feeds."""
    await _over(app, TriageScreen, lambda: TriageScreen(app.desk))


async def open_next(app: "GoingApp") -> None:
    """Show what to read next."""
    await _over(app, RecommendedScreen, lambda: RecommendedScreen(app.desk))


async def open_recommended(app: "GoingApp", message: OpenRecommended) -> None:
    """Show what to read next of a tag, or what is like a paper."""
    with telling(app):
        await app.push_screen(RecommendedScreen(app.desk, message.tag, message.like))


async def open_citations(app: "GoingApp", message: OpenCitations) -> None:
    """Show what is around a paper."""
    with telling(app):
        await app.push_screen(CitationsScreen(app.desk, message.ref))


async def open_similar(app: "GoingApp") -> None:
    """Show what is like the paper that is looked at."""
    if ref := _at_hand(app, "app.similar"):
        await open_recommended(app, OpenRecommended(like=ref))


async def open_around(app: "GoingApp") -> None:
    """Show what is around the paper that is looked at."""
    if ref := _at_hand(app, "app.citations"):
        await open_citations(app, OpenCitations(ref))


async def _over(app: "GoingApp", kind: type[DeskScreen], make: Callable[[], DeskScreen]) -> None:
    if not isinstance(app.screen, kind):
        with telling(app):
            await app.push_screen(make())


def _at_hand(app: "GoingApp", name: str) -> str:
    ref = app.paper_at_hand()
    if not ref:
        command = next(item for item in DISCOVER if item.id == name)
        say(app, f"Mark a paper first, then press {key_words(app, command)}.")
    return ref
