"""The paper's code: cloned after a yes, looked through, noted upon; never run."""

import os
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from support.origin import Origin
from textual.widgets import Input, Label, OptionList, Static, TextArea

from researchdesk.domain.documents import Block, CodeLink, Document
from researchdesk.domain.reading import CodePlace
from researchdesk.services import code, notes
from researchdesk.services.documents import keep_document
from researchdesk.tui.dialogs.bench_confirm import ConfirmDialog
from researchdesk.tui.dialogs.code_find import CodeFindDialog
from researchdesk.tui.dialogs.note import NoteDialog
from researchdesk.tui.messages import OpenCode
from researchdesk.tui.screens.code import CodeScreen
from researchdesk.tui.widgets.code_notes import CodeNotes
from researchdesk.tui.widgets.code_sources import CodeSources
from researchdesk.tui.widgets.code_tree import CodeTree
from researchdesk.tui.widgets.code_view import CodeView

LONG = "\n".join(f"line_{n} = {n}  # [b]{n}[/b]" for n in range(1, 3001))


@pytest.fixture
def origin(tmp_path):
    made = Origin(tmp_path / "far" / "attention")
    made.commit(
        model_dot_py=b"import torch\n\nclass Attention:\n    warmup = 4000  # [red]steps[/b]\n",
        src__long_dot_py=LONG.encode(),
        src__deep__x_dot_py=b"from model import Attention\n",
        weights_dot_bin=b"\0\1",
    )
    return made


@pytest.fixture
def linked(desk, paper, origin):
    """The paper, whose text names its code and a project page."""
    links = (
        CodeLink("https://example.org/[x]", 2, "See our [page].", False, False),
        CodeLink(origin.url, 3, "Our code [b]is[/b] here.", True, True),
    )
    keep_document(desk, "0" * 64, Document("T", 4, (Block(1, "x"),), (), (), code_links=links))
    return paper


@pytest.fixture
def opened(make_app, desk, paper, until, monkeypatch):
    """Opens the screen over the app; a desk that may use the network, and repositories of here."""
    monkeypatch.setattr(CodeScreen, "PROTOCOLS", ("https", "file"))
    online = replace(desk, settings=replace(desk.settings, offline=False))

    async def show(app, pilot):
        await app.push_screen(CodeScreen(online, "2501.00001"))
        await until(pilot, lambda: "Looking" not in str(app.screen.query_one("#empty").content))
        return app.screen

    return show


async def cloned(screen, pilot, until):
    await pilot.press("enter", "y")
    await until(pilot, lambda: screen.query_one(CodeTree).root.children)


def doing(screen):
    return str(screen.query_one("#doing", Static).content)


def where(screen):
    return str(screen.query_one("#file", Static).content)


def rows(view):
    return [
        "".join(segment.text for segment in view.render_line(y)) for y in range(view.size.height)
    ]


SIZES = pytest.mark.parametrize("size", [(80, 24), (200, 60)], ids=["small", "large"])


@SIZES
async def test_a_link_is_cloned_after_a_yes_and_a_file_is_read(
    make_app, opened, linked, desk, origin, until, size
):
    app = make_app()
    async with app.run_test(size=size) as pilot:
        screen = await opened(app, pilot)
        assert screen.query_one(CodeSources).has_focus
        assert "enter on a link" in str(screen.query_one("#empty", Static).content)
        await pilot.press("enter")
        assert isinstance(app.screen, ConfirmDialog)
        said = str(app.screen.query_one(".words", Static).content)
        assert origin.url in said
        assert str(desk.root / "papers" / "2501.00001" / "code") in said.replace("\n", "")
        await pilot.press("n")
        assert code.clones_of(desk, linked) == []
        await cloned(screen, pilot, until)
        (held,) = code.clones_of(desk, linked)
        assert held.url == origin.url
        tree = screen.query_one(CodeTree)
        assert [str(node.label) for node in tree.root.children] == [
            "src/", "model.py", "weights.bin",
        ]  # fmt: skip
        await until(pilot, lambda: tree.has_focus)
        await pilot.press("down", "enter")
        view = screen.query_one(CodeView)
        await until(pilot, lambda: view.line_count == 4 and view.has_focus)
        await pilot.press("down", "down", "down", "down")
        assert view.line == 4
        assert "model.py:4" in where(screen)
        await until(pilot, lambda: rows(view)[3].rstrip().endswith("4000  # [red]steps[/b]"))
        assert rows(view)[0].split() == ["1", "import", "torch"]
        await pilot.press("escape")
        assert tree.has_focus
        await pilot.press("escape")
        assert app.screen is not screen


async def test_with_the_mouse(make_app, opened, linked, desk, until):
    app = make_app()
    async with app.run_test(size=(200, 60)) as pilot:
        screen = await opened(app, pilot)
        await pilot.click(CodeSources, offset=(6, 0))
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
        await pilot.click("#accept")
        tree = screen.query_one(CodeTree)
        await until(pilot, lambda: tree.root.children)
        await pilot.click(CodeTree, offset=(4, 0))
        await until(pilot, lambda: tree.root.children[0].is_expanded)
        assert [str(node.label) for node in tree.root.children[0].children] == ["deep/", "long.py"]
        await pilot.click(CodeTree, offset=(8, 2))
        view = screen.query_one(CodeView)
        await until(pilot, lambda: view.line_count == 3000)
        await pilot.click(CodeView, offset=(20, 7))
        assert view.line == 8


async def test_without_links_an_address_is_asked_for(make_app, opened, desk, paper, origin, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        assert "names no code" in str(screen.query_one("#empty", Static).content)
        await pilot.press("a")
        app.screen.query_one("#answer", Input).value = "ssh://nowhere"
        await pilot.press("enter")
        await until(pilot, lambda: any("no repository" in n.message for n in app._notifications))
        await pilot.press("a")
        app.screen.query_one("#answer", Input).value = origin.url
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
        await pilot.press("y")
        await until(pilot, lambda: screen.query_one(CodeTree).root.children)
        assert len(code.clones_of(desk, paper)) == 1


async def test_a_page_that_is_no_repository_is_not_cloned(make_app, opened, linked, desk, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await pilot.press("down", "enter")
        await until(pilot, lambda: any("o opens it" in n.message for n in app._notifications))
        assert code.clones_of(desk, linked) == []


async def test_offline_it_says_so(make_app, desk, linked, until, monkeypatch, origin):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(CodeScreen(desk, "2501.00001"))
        await until(pilot, lambda: app.screen.query_one(CodeSources).option_count)
        app.screen.ask_and_clone("https://github.com/a/b")
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
        await pilot.press("y")
        await until(pilot, lambda: any("offline" in n.message for n in app._notifications))


async def test_fetching_is_stopped_by_a_key(
    make_app, opened, linked, desk, until, tmp_path, monkeypatch
):
    tool = tmp_path / "bin" / "git"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\necho 'Receiving objects:  45% (9/20)' >&2\nsleep 600\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tool.parent}:{os.environ['PATH']}")
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        await pilot.press("enter", "y")
        await until(pilot, lambda: "Receiving objects 45 %" in doing(screen))
        await pilot.press("escape")
        assert app.screen is screen
        await pilot.press("x")
        await until(pilot, lambda: not screen.busy)
        assert not doing(screen)
        assert code.clones_of(desk, linked) == []


async def test_a_note_is_pinned_to_file_line_and_commit(
    make_app, opened, linked, desk, origin, until
):
    app = make_app()
    async with app.run_test(size=(200, 60)) as pilot:
        screen = await opened(app, pilot)
        await cloned(screen, pilot, until)
        screen.open_file("model.py", 4)
        view = screen.query_one(CodeView)
        await until(pilot, lambda: view.line == 4)
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, NoteDialog))
        assert app.screen.query_one("#quote", TextArea).text == "warmup = 4000  # [red]steps[/b]"
        labels = [str(label.content) for label in app.screen.query(Label)]
        assert "The line of code" in labels
        assert "Quote from the paper" not in labels
        await pilot.press(*"half", "escape")
        assert notes.notes_of(desk, linked) == []
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, NoteDialog))
        await pilot.press(*" done", "ctrl+s")
        await until(pilot, lambda: notes.notes_of(desk, linked))
        (note,) = notes.notes_of(desk, linked)
        commit = origin.git("rev-parse", "HEAD")
        assert note.text == "half done"
        assert note.code == CodePlace(origin.url, commit, "model.py", 4)
        assert (note.pass_number, note.step) == (3, "code")
        await until(pilot, lambda: "✎" in rows(view)[3])
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, NoteDialog))
        await pilot.press("!", "ctrl+s")
        await until(pilot, lambda: notes.get_note(desk, note.id).text == "half done!")
        screen.query_one(CodeNotes).focus()
        await pilot.press("delete")
        await until(pilot, lambda: notes.notes_of(desk, linked) == [])
        await until(pilot, lambda: "✎" not in rows(view)[3])
        await pilot.press("ctrl+z")
        await until(pilot, lambda: notes.notes_of(desk, linked))


@pytest.mark.slow
async def test_after_an_update_a_note_still_shows_its_own_commit(
    make_app, opened, linked, desk, origin, until
):
    app = make_app()
    async with app.run_test(size=(200, 60)) as pilot:
        screen = await opened(app, pilot)
        await cloned(screen, pilot, until)
        (held,) = code.clones_of(desk, linked)
        place = CodePlace(held.url, held.commit, "model.py", 4)
        notes.add_note(desk, linked, 3, "so many", code=place)
        origin.commit(model_dot_py=b"class Other:\n    pass\n")
        await pilot.press("u")
        await until(pilot, lambda: code.clones_of(desk, linked)[0].commit != held.commit)
        await until(pilot, lambda: screen.query_one(CodeNotes).option_count == 1)
        screen.open_file("model.py")
        view = screen.query_one(CodeView)
        await until(pilot, lambda: view.line_count == 2)
        screen.query_one(CodeNotes).focus()
        await pilot.press("enter")
        await until(pilot, lambda: view.line_count == 4 and view.line == 4)
        assert "an earlier commit" in where(screen)
        assert "✎" in rows(view)[3]


async def test_words_are_found_and_gone_to(make_app, opened, linked, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        await cloned(screen, pilot, until)
        await pilot.press("slash", *"line_2000")
        await until(pilot, lambda: isinstance(app.screen, CodeFindDialog))
        results = app.screen.query_one("#results", OptionList)
        await until(pilot, lambda: results.option_count == 1)
        assert "src/long.py:2000" in str(results.get_option_at_index(0).prompt)
        await pilot.press("enter", "enter")
        view = screen.query_one(CodeView)
        await until(pilot, lambda: view.line == 2000)
        await until(pilot, lambda: any("line_2000 = 2000" in row for row in rows(view)))
        await pilot.press("slash", *"deep/x")
        await until(pilot, lambda: isinstance(app.screen, CodeFindDialog))
        results = app.screen.query_one("#results", OptionList)
        await until(pilot, lambda: results.option_count == 1)
        await pilot.press("down", "enter")
        await until(pilot, lambda: "src/deep/x.py:1" in where(screen))


async def test_a_long_file_is_moved_through(make_app, opened, linked, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        await cloned(screen, pilot, until)
        screen.open_file("src/long.py")
        view = screen.query_one(CodeView)
        await until(pilot, lambda: view.line_count == 3000 and view.has_focus)
        for keys, line in ((("end",), 3000), (("up", "k"), 2998), (("home", "j"), 2)):
            await pilot.press(*keys)
            assert view.line == line
            await until(pilot, lambda line=line: any(f" {line}  " in row for row in rows(view)))
        await pilot.press("pagedown")
        assert 2 < view.line < 30


async def test_what_holds_no_text_says_so(make_app, opened, linked, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        await cloned(screen, pilot, until)
        screen.open_file("weights.bin")
        await until(pilot, lambda: "no text" in str(screen.query_one("#unread", Static).content))


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("nano", "+4 {path}"),
        ("vim", "--cmd set nomodeline +4 {path}"),
        ("code", "--goto {path}:4"),
        ("hx", "{path}:4"),
        ("strange", "{path}"),
    ],
)
async def test_the_editor_opens_at_the_line(
    make_app, opened, linked, desk, until, tmp_path, monkeypatch, name, wanted
):
    tool = tmp_path / name
    tool.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/told\n')
    tool.chmod(0o755)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", str(tool))
    app = make_app()
    monkeypatch.setattr(app, "suspend", nullcontext)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        await cloned(screen, pilot, until)
        screen.open_file("model.py", 4)
        await until(pilot, lambda: screen.query_one(CodeView).line == 4)
        await pilot.press("E")
        told = tmp_path / "told"
        await until(pilot, told.exists)
        path = code.clones_of(desk, linked)[0].folder / "model.py"
        assert told.read_text().strip() == wanted.format(path=path)


async def test_the_reader_leads_here_and_what_was_cloned_is_there(
    make_app, opened, linked, desk, origin, until
):
    online = replace(desk, settings=replace(desk.settings, offline=False))
    code.clone(online, linked, origin.url, protocols=("file",))
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        app.post_message(OpenCode("2501.00001"))
        await until(pilot, lambda: isinstance(app.screen, CodeScreen))
        await until(pilot, lambda: app.screen.query_one(CodeTree).root.children)
        assert app.screen.paper_at_hand() == "2501.00001"
        assert Path(origin.url).name in where(app.screen)
