"""Each screen as it looks, small and large. Renew with: pytest tests/tui --snapshot-update"""

import pytest
from textual.widgets import Input, Static, TextArea

from researchdesk.domain.reading import NoteKind
from researchdesk.services import notes, reading, stories
from researchdesk.services.surprises import add_surprise
from researchdesk.tui.screens.library import LibraryScreen
from researchdesk.tui.widgets.paper_list import PaperList

SIZES = pytest.mark.parametrize("size", [(80, 24), (200, 60)], ids=["80x24", "200x60"])


@pytest.fixture
def shown(snap_compare, make_app, until):
    """Compares the app after keys, once the condition holds."""

    def compare(size, keys=(), *, ref="", ready=lambda app: True):
        app = make_app(ref)

        async def before(pilot):
            await until(pilot, lambda: _settled(app, ref))
            await pilot.press(*keys)
            await until(pilot, lambda: ready(app))
            for field in (*app.screen.query(Input), *app.screen.query(TextArea)):
                field.cursor_blink = False
            await app.workers.wait_for_complete()
            await pilot.pause(0.3)

        return snap_compare(app, terminal_size=size, run_before=before)

    return compare


def _settled(app, ref):
    if ref:
        return getattr(app.screen, "position", None) and _text(app)
    return isinstance(app.screen, LibraryScreen) and len(app.screen.query_one(PaperList))


def _text(app):
    return "".join(
        str(item.content) for item in app.screen.query("PassageView Static").results(Static)
    )


@pytest.fixture
def read(desk, paper):
    """The paper in its first pass, with two notes."""
    reading.set_step(desk, reading.start_pass(desk, paper, 1), 4)
    notes.add_note(desk, paper, 1, "Is [x] ever parsed?", page=2, quote="text such as [/b]",
                   kind=NoteKind.QUESTION)  # fmt: skip
    notes.add_note(desk, paper, 1, "They strip control characters first.", kind=NoteKind.TRICK)
    return paper


@SIZES
def test_library(shown, read, size):
    assert shown(size, ["home"])


@SIZES
def test_library_empty(shown, desk, size):
    assert shown(
        size, ["d", "d"], ready=lambda app: app.screen.has_class("-empty") and not _toasts(app)
    )


@SIZES
def test_reader(shown, read, size):
    assert shown(size, ref="2501.00001", ready=lambda app: "Paragraph 1" in _text(app))


def test_reader_notes_narrow(shown, read):
    assert shown((80, 24), ["o"], ref="2501.00001")


@SIZES
def test_reader_without_pdf(shown, read, size):
    assert shown(size, ref="1904.09237", ready=lambda app: "Press g" in _text(app))


@SIZES
def test_surprises(shown, desk, size):
    add_surprise(desk, "loss rises [red]", "it falls", "0.31, then 0.44", "1904.09237")
    assert shown(
        size, ["f5"], ready=lambda app: "0.44" in str(app.screen.query_one("#detail-text").content)
    )


@SIZES
def test_story(shown, desk, size):
    stories.new_story(desk, "Why it fails")
    stories.save_draft(desk, "why-it-fails", "# Why it fails\n\nBecause [x] is **text**.\n")
    assert shown(size, ["f6", "enter"])


@pytest.mark.parametrize(
    "keys", [["n"], ["f"], ["x"], ["w"]], ids=["note", "finish", "leave", "workflow"]
)
def test_dialogs_of_the_reader(shown, read, keys):
    assert shown((80, 24), keys, ref="2501.00001")


@pytest.mark.parametrize(
    "keys",
    [["a"], ["f"], ["question_mark"], ["exclamation_mark"]],
    ids=["add", "find", "help", "funny"],
)
def test_dialogs_of_the_library(shown, read, keys):
    assert shown((80, 24), keys)


@pytest.mark.parametrize("theme", ["desk-light", "desk-contrast"])
def test_themes(shown, read, theme, make_app, monkeypatch):
    monkeypatch.setattr("researchdesk.tui.app.ResearchDeskApp._load_themes", _with(theme))
    assert shown((80, 24), ref="2501.00001")


def _with(theme):
    from researchdesk.tui.app import ResearchDeskApp

    load = ResearchDeskApp._load_themes

    def themed(app):
        load(app)
        app.theme = theme

    return themed


def _toasts(app):
    return list(app.screen.query("Toast"))
