"""Notes exported from the library and the reader."""

from threading import Event

import pytest
from textual.widgets import Input, Static

from researchdesk.services import notes
from researchdesk.tui.dialogs import notes_export
from researchdesk.tui.dialogs.notes_export import NotesExportDialog
from researchdesk.tui.screens.library import LibraryScreen
from researchdesk.tui.screens.reader import ReaderScreen


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(app, name):
    return str(app.screen.query_one(name, Static).content)


def told(app):
    return "\n".join(f"{one.title} {one.message}" for one in app._notifications)


async def in_dialog(app, pilot, until, key):
    await pilot.press(key)
    await until(pilot, lambda: isinstance(app.screen, NotesExportDialog) and app.focused)
    return app.screen


async def test_the_reader_exports_and_a_part_changed_by_hand_is_settled_there(
    make_app, desk, paper, here, until
):
    vault = here / "vault"
    (vault / ".obsidian").mkdir(parents=True)
    first = notes.add_note(desk, paper, 1, "worth a second look")
    app = make_app("2501.00001")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.position)
        dialog = await in_dialog(app, pilot, until, "X")
        assert dialog.query_one("#box").region.bottom <= 24
        assert dialog.query_one("#buttons").region.bottom <= 23
        assert said(app, "#kind") == "A plain folder of markdown files; the folder is made."
        dialog.query_one("#folder", Input).value = str(vault / "read")
        await until(pilot, lambda: "the folder is made" in said(app, "#kind"))
        assert said(app, "#kind") == f"In an Obsidian vault, {vault}; the folder is made."
        await pilot.press("enter")
        page = vault / "read" / "2501.00001.md"
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and page.is_file())
        assert "1 of 1 pages changed" in told(app)

        page.write_text(page.read_text("utf-8").replace(first.text, "MINE"), "utf-8")
        notes.add_note(desk, paper, 1, "and a third")
        dialog = await in_dialog(app, pilot, until, "X")
        assert dialog.query_one("#folder", Input).value == str(vault / "read")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        assert "you changed notes; the newer text is in 2501.00001.new.md" in told(app)
        assert "export again and choose there" in told(app)
        assert "MINE" in page.read_text("utf-8")

        await in_dialog(app, pilot, until, "X")
        await pilot.press("tab", "tab", "down", "down", "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        assert "and a third" in page.read_text("utf-8")
        assert not page.with_name("2501.00001.new.md").exists()


async def test_the_library_exports_those_marked_or_all(make_app, desk, paper, here, until):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen) and app.screen.papers)
        await until(pilot, lambda: len(app.screen.papers) == 3)
        await pilot.press("space", "space")
        assert len(app.screen.papers.marked) == 2
        await in_dialog(app, pilot, until, "e")
        await pilot.press("enter")
        await until(pilot, lambda: "2 of 2 pages changed" in told(app))
        await in_dialog(app, pilot, until, "e")
        await pilot.press("shift+tab", "down", "ctrl+s")
        await until(pilot, lambda: "1 of 3 pages changed" in told(app))
        assert len([*(here / "notes").glob("*.md")]) == 3


async def test_a_file_in_the_folders_place_is_told_in_the_dialog(
    make_app, desk, paper, here, until
):
    (here / "taken").write_text("mine")
    (here / "notes").mkdir()
    (here / "notes" / "1512.03385.md").write_text("my own")
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen) and app.screen.papers)
        dialog = await in_dialog(app, pilot, until, "e")
        field = dialog.query_one("#folder", Input)
        field.value = "taken/notes"
        await until(pilot, lambda: said(app, "#kind") == f"{here / 'taken'} is a file, no folder.")
        await pilot.press("enter")
        await until(pilot, lambda: dialog.query_one("#problem").has_class("-shown"))
        assert "taken is a file, so there is no folder" in said(app, "#problem")
        assert (here / "taken").read_text() == "mine"
        assert dialog.query_one("#box").region.bottom <= 24
        await pilot.press("shift+tab", "down", "tab")
        field.value = "notes"
        await pilot.press("enter")
        await until(pilot, lambda: "was not written by researchdesk" in told(app))
        assert (here / "notes" / "1512.03385.md").read_text() == "my own"
        assert (here / "notes" / "2501.00001.md").is_file()


async def test_an_export_under_way_is_stopped(make_app, desk, paper, here, until, monkeypatch):
    never = Event()

    def endless(_desk, _refs, _folder, _options, tell):
        tell("pages", 25, 1000)
        while not never.wait(0.01):
            tell("pages", 26, 1000)

    monkeypatch.setattr(notes_export, "export_notes", endless)
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen) and app.screen.papers)
        dialog = await in_dialog(app, pilot, until, "e")
        await pilot.press("enter")
        await until(pilot, lambda: said(app, "#state") == "Pages: 25 of 1,000")
        assert dialog.query_one("#folder", Input).disabled
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        assert "Stopped" in told(app)
