"""A walk through the app: every screen and dialog that a command leads to, over a desk that has
something for each."""

import contextlib
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from support.feed_desk import announce, followed
from support.made_paper import write_paper
from textual.worker import Worker

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import full_desk

from researchdesk.domain.reading import NoteKind
from researchdesk.services import acquire, library, notes, reading
from researchdesk.services.desk import Desk
from researchdesk.tui.app import MODE_SCREENS, ResearchDeskApp
from researchdesk.tui.messages import OpenPaper
from researchdesk.tui.palette import commands_at
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.screens.ladder import LadderScreen

FEW = {
    "PAPERS": 6, "NOTES": 18, "SURPRISES": 8, "IDEAS": 22, "INVESTIGATIONS": 3, "STORIES": 2,
    "DRAFTS": 6,
}  # fmt: skip
_LEFT = (
    "quit", "editor", "browser", "outside", "start", "quick", "resume", "run", "cancel", "stop",
    "update", "clone", "ask", "ask-arxiv", "refresh", "fetch", "get", "export", "report",
    "extend", "test", "pause", "back", "close", "undo", "redo", "mode",
)  # fmt: skip
"""The last words of ids of commands that lead to no screen, or out of the app, or ask sources."""
_DEPTH = 3


def fill(desk: Desk, folder: Path) -> None:
    """Papers, notes, feeds, surprises, ideas, stories, runs and investigations; a few of each."""
    for name, count in FEW.items():
        setattr(full_desk, name, count)
    library.seed_bundled(desk)
    full_desk.fill(desk)
    pdf = write_paper(folder / "warmth.pdf", stamp="")
    paper = acquire.add(desk, str(pdf)).paper
    reading.start_pass(desk, paper, 1)
    notes.add_note(desk, paper, 1, "Ten **seeds** each.", page=1, quote="over ten seeds")
    notes.add_note(desk, paper, 1, "Why?", page=1, kind=NoteKind.QUESTION)
    announce(desk, followed(desk), "One more transformer", "Two of them", "Three [b]more")


async def walk(app: ResearchDeskApp, pilot) -> AsyncIterator[str]:
    """The name of each screen when it is shown, once; all of them are left again."""
    seen: set[object] = set()
    for mode in MODE_SCREENS:
        await app.run_action(f"app.mode('{mode}')")
        await _still(app, pilot)
        if mode == "reader":
            await app.open_paper(OpenPaper(full_desk.REF))
            await _still(app, pilot)
        async for name in _from(app, pilot, seen, _DEPTH):
            yield name


async def _from(app, pilot, seen, depth) -> AsyncIterator[str]:
    screen = app.screen
    if type(screen) not in seen:
        seen.add(type(screen))
        yield type(screen).__name__
    if depth == 0 or not isinstance(screen, DeskScreen):
        return
    stack = len(app.screen_stack)
    for owner, command in list(commands_at(app.focused or screen)):
        if command.moves or command.id in seen or command.id.rpartition(".")[2] in _LEFT:
            continue
        if "mode(" in command.action:
            continue
        seen.add(command.id)
        await app.run_action(command.action, owner)
        await _still(app, pilot)
        if app.screen is not screen and type(app.screen) not in seen:
            async for name in _from(app, pilot, seen, depth - 1):
                yield name
        await _back(app, pilot, screen, stack)


async def _back(app, pilot, screen, stack) -> None:
    if screen not in app.screen_stack:
        for mode in MODE_SCREENS:
            with contextlib.suppress(KeyError):
                if screen in app.get_screen_stack(mode):
                    await app.switch_mode(mode)
    while app.screen is not screen and len(app.screen_stack) > 1:
        await app.pop_screen()
        await pilot.pause()


async def _still(app, pilot) -> None:
    for turn in range(3000):
        await pilot.pause(0.02)
        if not any(map(_ends_soon, app.workers) if turn >= 25 else _at_work(app)):
            break
    else:
        raise AssertionError(f"what is not yet done: {_at_work(app)}")
    await pilot.pause()


def _at_work(app) -> list[Worker]:
    return [worker for worker in app.workers if not worker.is_finished]


def _ends_soon(worker) -> bool:
    """Whether it is still at work, and not for long: the ladder trains for many seconds."""
    return not worker.is_finished and not isinstance(worker.node, LadderScreen)
