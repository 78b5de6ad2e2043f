"""Run in processes that are killed: people who type, as the screens let them.

Each prints a line for what is done, when it is done.
"""

import asyncio
import time
import uuid
from random import Random
from typing import Any

from textual.widgets import TextArea

from researchdesk.config import load_settings
from researchdesk.services import stories
from researchdesk.services.desk import open_desk
from researchdesk.tui import draft_files
from researchdesk.tui.app import ResearchDeskApp
from researchdesk.tui.dialogs.note import NoteDialog, NoteForm
from researchdesk.tui.drafts import Drafts
from researchdesk.tui.screens.reader import ReaderScreen
from researchdesk.tui.widgets.note_list import NoteList

_PATIENCE_S = 30.0


def letters(seed: str, count: int) -> str:
    """What somebody types: letters only, so that each of them shows at the end of a text."""
    dice = Random(seed)
    return "".join(dice.choice("abcdefgh") for _ in range(count))


def type_draft(slug: str, seed: str, keys: str) -> None:
    """A draft typed key by key, as the story editor keeps it; a state of it now and then."""
    desk, dice = open_desk(load_settings()), Random(seed)
    number = stories.new_draft(desk, slug, seed).number
    over = stories.get_draft(desk, slug, number).text
    print("draft", number, flush=True)
    typed = letters(seed, int(keys))
    for count in range(1, len(typed) + 1):
        over = stories.autosave(desk, slug, number, typed[:count], over)
        print("typed", count, flush=True)
        if dice.random() < 0.1:
            stories.save_draft(desk, slug, typed[:count], number)
            over = stories.states(desk, slug, number)[-1].text
            print("state", count, flush=True)


def keep_form(seed: str, keys: str) -> None:
    """The draft of a note, kept as the reader keeps it, again and again."""
    draft_files._OWN = uuid.uuid4().hex[:8]  # as of a program that was not forked
    drafts = Drafts(load_settings().desk / "drafts")
    typed = letters(seed, int(keys))
    for count in range(1, len(typed) + 1):
        drafts.keep(seed, NoteForm(text=typed[:count]))
        print("typed", count, flush=True)


def write_in_reader(paper: str, token: str, notes: str) -> None:
    """Notes written in the app itself: so many kept with ctrl+s, then one typed and not kept;
    with none, the app is opened and left."""
    draft_files._OWN = uuid.uuid4().hex[:8]
    desk = open_desk(load_settings(offline=True))
    app = ResearchDeskApp(desk, paper)
    app.animation_level = "none"
    asyncio.run(_write(app, token, int(notes)))


async def _write(app: ResearchDeskApp, token: str, notes: int) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await _until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.material)
        print("open", flush=True)
        if not notes:
            return
        for number in range(notes):
            await pilot.press("n")
            await _until(pilot, lambda: isinstance(app.screen, NoteDialog))
            app.screen.query_one("#text", TextArea).text = ""  # what an earlier kill left there
            text = f"{token}{number} kept"
            await pilot.press(*text, "ctrl+s")
            await _until(pilot, lambda text=text: _lists(app, text))
            print("kept", text, flush=True)
        await pilot.press("n")
        await _until(pilot, lambda: isinstance(app.screen, NoteDialog))
        app.screen.query_one("#text", TextArea).text = ""
        typed = letters(token, 40)
        for count, key in enumerate(typed, 1):
            await pilot.press(key)
            print("typed", count, time.monotonic(), flush=True)
            await pilot.pause(0.03)


def _lists(app: ResearchDeskApp, text: str) -> bool:
    """Whether the reader shows a note of this text."""
    if not isinstance(app.screen, ReaderScreen):
        return False
    return any(note.text == text for note in app.screen.query_one(NoteList)._notes)


async def _until(pilot: Any, holds: Any) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline
        await pilot.pause(0.02)
