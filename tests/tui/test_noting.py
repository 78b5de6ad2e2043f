"""Notes of the reader: their states, links, what is taken back, and drafts."""

import subprocess
import sys

from textual.widgets import Input, Label, OptionList, TextArea

from researchdesk.domain.reading import NoteKind
from researchdesk.errors import DeskError
from researchdesk.services import library, notes
from researchdesk.tui import draft_files
from researchdesk.tui.dialogs.note import NoteDialog, NoteForm
from researchdesk.tui.dialogs.revisions import RevisionsDialog
from researchdesk.tui.drafts import Drafts
from researchdesk.tui.messages import Follow
from researchdesk.tui.screens import noting
from researchdesk.tui.screens.reader import ReaderScreen
from researchdesk.tui.widgets.note_list import NoteList
from researchdesk.tui.widgets.option import OptionButton, OptionSet


async def opened(app, pilot, until):
    await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.material)
    return app.screen


async def test_what_was_done_is_taken_back_and_done_again_after_a_restart(
    make_app, paper, desk, until
):
    app = make_app("2501.00001")
    async with app.run_test(size=(200, 60)) as pilot:
        await opened(app, pilot, until)
        await pilot.press("n", *"one", "ctrl+s")
        await until(pilot, lambda: notes.notes_of(desk, paper))
    again = make_app("2501.00001")
    async with again.run_test(size=(200, 60)) as pilot:
        await opened(again, pilot, until)
        await pilot.press("ctrl+z")
        await until(pilot, lambda: not notes.notes_of(desk, paper))
        await pilot.press("ctrl+y")
        await until(pilot, lambda: notes.notes_of(desk, paper))
        await pilot.press("ctrl+y")
        await pilot.pause()
        assert any("Nothing to do again" in item.message for item in again._notifications)


async def test_an_earlier_state_is_taken_back(make_app, paper, desk, until):
    note = notes.add_note(desk, paper, 1, "first words", page=2)
    notes.edit_note(desk, note.id, text="second words", page=None)
    app = make_app("2501.00001")
    async with app.run_test(size=(200, 60)) as pilot:
        screen = await opened(app, pilot, until)
        screen.query_one(NoteList).focus()
        await pilot.press("e", *" begun", "escape", "h")
        await until(pilot, lambda: isinstance(app.screen, RevisionsDialog))
        await pilot.press("enter")
        await until(pilot, lambda: notes.get_note(desk, note.id).text == "first words")
        assert notes.get_note(desk, note.id).page == 2
        assert len(notes.revisions(desk, note.id)) == 3
        assert screen._drafts.load(f"note-{note.id}").text == "second words begun"


async def test_the_page_of_a_note_is_taken_away(make_app, paper, desk, until):
    note = notes.add_note(desk, paper, 1, "somewhere", page=2)
    app = make_app("2501.00001")
    async with app.run_test(size=(200, 60)) as pilot:
        screen = await opened(app, pilot, until)
        screen.query_one(NoteList).focus()
        await pilot.press("e")
        app.screen.query_one("#page", Input).value = ""
        await pilot.press("ctrl+s")
        await until(pilot, lambda: notes.get_note(desk, note.id).page is None)


async def test_a_change_not_kept_is_gone_on_with_or_let_go(make_app, paper, desk, until):
    note = notes.add_note(desk, paper, 1, "as it stands")
    app = make_app("2501.00001")
    async with app.run_test(size=(200, 60)) as pilot:
        screen = await opened(app, pilot, until)
        screen.query_one(NoteList).focus()
        await pilot.press("e", *" more", "escape")
        assert notes.get_note(desk, note.id).text == "as it stands"
        await pilot.press("e")
        assert app.screen.query_one("#text", TextArea).text == "as it stands more"
        app.screen.query_one("#kind").query(OptionButton)[1].value = True
        await pilot.press("ctrl+r")
        assert app.screen.query_one("#kind", OptionSet).pressed_index == 0
        await pilot.press("escape", "e")
        await until(pilot, lambda: isinstance(app.screen, NoteDialog))
        assert app.screen.query_one("#text", TextArea).text == "as it stands"


async def test_the_users_own_editor_loses_no_words(make_app, paper, desk, until, monkeypatch):
    def full(*_given, **_named):
        raise DeskError("No space is left on the disk.")

    monkeypatch.setattr(noting, "edit_text", lambda _app, text: f"{text} more\n")
    app = make_app("2501.00001")
    async with app.run_test(size=(200, 60)) as pilot:
        screen = await opened(app, pilot, until)
        await pilot.press("n", *"begun", "escape", "E")
        await until(pilot, lambda: notes.notes_of(desk, paper))
        (note,) = notes.notes_of(desk, paper)
        assert note.text == "begun more"
        assert screen._drafts.load(f"paper-{paper.id}") is None
        notes.edit_note(desk, note.id, text="written elsewhere")
        screen.query_one(NoteList).focus()
        with monkeypatch.context() as refusing:
            refusing.setattr(notes, "edit_note", full)
            await pilot.press("E")
            told = [item.message for item in app._notifications][-1]
            assert "No space is left" in told
            assert "is kept beside the note" in told
        await pilot.press("E")
        assert notes.get_note(desk, note.id).text == "written elsewhere more\n more"


async def test_an_editor_left_without_saving_keeps_a_draft_and_emptied_none(
    make_app, paper, desk, until, monkeypatch
):
    left = [None, "\n"]
    monkeypatch.setattr(noting, "edit_text", lambda _app, _text: left.pop(0))
    app = make_app("2501.00001")
    async with app.run_test(size=(200, 60)) as pilot:
        screen = await opened(app, pilot, until)
        await pilot.press("n", *"begun", "escape", "E")
        assert screen._drafts.load(f"paper-{paper.id}").text == "begun"
        await pilot.press("E")
        assert left == []
        assert screen._drafts.load(f"paper-{paper.id}") is None
        assert notes.notes_of(desk, paper) == []


async def test_the_link_of_a_note_is_followed(make_app, paper, desk, until, monkeypatch):
    notes.add_note(desk, paper, 1, "none here")
    notes.add_note(desk, paper, 1, "see [[1904.09237]]")
    followed = []
    app = make_app("2501.00001")
    async with app.run_test(size=(200, 60)) as pilot:
        screen = await opened(app, pilot, until)
        listed = screen.query_one(NoteList)
        listed.focus()
        await pilot.press("up")
        assert listed.check_action("ask", ("follow",)) is False
        await pilot.press("down")
        post = screen.post_message
        monkeypatch.setattr(
            screen,
            "post_message",
            lambda m: followed.append(m.target) if isinstance(m, Follow) else post(m),
        )
        await pilot.press("l")
        await until(pilot, lambda: followed == ["1904.09237"])


async def test_two_brackets_offer_what_can_be_linked(make_app, paper, desk, until):
    other = library.get_paper(desk, "1904.09237")
    app = make_app("2501.00001")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, until)
        await pilot.press("n", *"as in [[convergence adam bey")
        offered = app.screen.query_one("#offered", OptionList)
        await until(pilot, lambda: offered.option_count == 1)
        assert other.title in str(offered.options[0].prompt)
        assert offered.region.bottom <= 24
        await pilot.press("enter")
        area = app.screen.query_one("#text", TextArea)
        await until(pilot, lambda: area.text == "as in [[1904.09237]]")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: notes.notes_of(desk, paper))


async def test_tab_takes_the_link_that_was_marked(make_app, paper, desk, until):
    app = make_app("2501.00001")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, until)
        await pilot.press("n", *"see [[")
        offered = app.screen.query_one("#offered", OptionList)
        await until(pilot, lambda: offered.option_count > 1)
        assert "tab or enter" in str(app.screen.query_one("#words", Label).content)
        second = str(offered.options[1].prompt).split("  ")[0]
        await pilot.press("down", "tab")
        area = app.screen.query_one("#text", TextArea)
        await until(pilot, lambda: area.text == f"see [[{second}]]")
        assert area.has_focus
        await pilot.press("enter", *"on")
        assert area.text == f"see [[{second}]]\non"


async def test_tab_goes_from_field_to_field_where_nothing_is_offered(make_app, paper, until):
    app = make_app("2501.00001")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, until)
        await pilot.press("n", *"words")
        area = app.screen.query_one("#text", TextArea)
        await pilot.press("shift+tab")
        assert app.focused is app.screen.query_one("#quote")
        await pilot.press("tab", "tab")
        assert app.focused is app.screen.query_one("#accept")
        assert area.text == "words"


async def test_a_marked_question_may_do_without_words(make_app, paper, desk, until):
    question = notes.mark(desk, paper, 1, "It was data all along.", 4)
    app = make_app("2501.00001")
    async with app.run_test(size=(200, 60)) as pilot:
        screen = await opened(app, pilot, until)
        screen.query_one(NoteList).focus()
        await pilot.press("e")
        app.screen.query_one("#page", Input).value = "3"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: notes.get_note(desk, question.id).page == 3)


async def test_typing_without_a_pause_is_kept_too(make_app, paper, desk, until, monkeypatch):
    monkeypatch.setattr("researchdesk.tui.dialogs.note._DRAFT_S", 0.3)
    app = make_app("2501.00001")
    async with app.run_test(size=(200, 60)) as pilot:
        await opened(app, pilot, until)
        await pilot.press("n")
        files = []
        for _ in range(60):
            await pilot.press("a")
            files = list((desk.root / "drafts").glob("paper-*.json"))
            if files:
                break
        assert files


def test_drafts_outlive_the_program_and_a_broken_one_is_none(tmp_path):
    form = NoteForm("words [/b]", "quote", 3, NoteKind.TRICK)
    Drafts(tmp_path / "drafts").keep("paper-1", form)
    again = Drafts(tmp_path / "drafts")
    assert again.load("paper-1") == form
    assert again.load("paper-2") is None
    again.keep("paper-1", NoteForm("  ", "quote"))
    assert Drafts(tmp_path / "drafts").load("paper-1") is None
    (tmp_path / "drafts" / "paper-3.json").write_text('{"text": 1')
    assert again.load("paper-3") is None


def test_a_draft_is_held_where_the_disk_refuses_it(tmp_path):
    (tmp_path / "drafts").write_text("a file, and no folder")
    drafts = Drafts(tmp_path / "drafts")
    drafts.keep("paper-1", NoteForm("words"))
    assert drafts.load("paper-1") == NoteForm("words")


def test_what_another_screen_wrote_into_a_draft_is_what_it_says(tmp_path):
    one, other = Drafts(tmp_path / "drafts"), Drafts(tmp_path / "drafts")
    one.keep("note-5", NoteForm("first"))
    other.keep("note-5", NoteForm("first and second"))
    assert one.load("note-5") == NoteForm("first and second")
    other.forget("note-5")
    assert one.load("note-5") is None


def test_what_another_program_is_writing_stays_its_own(tmp_path):
    folder = tmp_path / "drafts"
    writer = (
        "import sys; from pathlib import Path; from researchdesk.tui.drafts import Drafts\n"
        "from researchdesk.tui.dialogs.note import NoteForm\n"
        "Drafts(Path(sys.argv[1])).keep('paper-1', NoteForm('theirs'))\n"
        "print(flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", writer, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        other.stdout.readline()
        drafts = Drafts(folder)
        assert drafts.load("paper-1") is None
        drafts.keep("paper-1", NoteForm("mine"))
        drafts.forget("paper-1")
        assert drafts.load("paper-1") is None
        other.kill()
    assert drafts.load("paper-1") == NoteForm("theirs")
    drafts.forget("paper-1")
    assert not list(folder.glob("*.json"))


def test_a_draft_whose_lock_is_of_another_person_stays_theirs(tmp_path, monkeypatch):
    class Refused(draft_files.FileLock):
        def acquire(self, *_args, **_options):
            raise PermissionError

    (tmp_path / ".theirs.lock").touch()
    (tmp_path / "paper-1@theirs.json").write_text('{"text": "private"}')
    monkeypatch.setattr(draft_files, "FileLock", Refused)
    assert Drafts(tmp_path).load("paper-1") is None
    assert (tmp_path / "paper-1@theirs.json").exists()
