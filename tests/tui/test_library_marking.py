"""What is done to one paper of the library or to all that are marked, and taken back."""

import threading

import pytest
from support.many_papers import add_papers
from support.undoing import undo_last
from textual.widgets import Input, Static

from researchdesk.domain.clock import local_minute
from researchdesk.domain.papers import Metadata
from researchdesk.domain.search_query import parse_query
from researchdesk.services import collecting, labels, library, library_search
from researchdesk.tui.dialogs.bench_confirm import ConfirmDialog
from researchdesk.tui.dialogs.labels import LabelKind, LabelsDialog
from researchdesk.tui.dialogs.merge import MergeDialog
from researchdesk.tui.screens.library import LibraryScreen
from researchdesk.tui.widgets.paper_list import PaperList

SIZES = pytest.mark.parametrize("size", [(80, 24), (200, 60)], ids=["80x24", "200x60"])


@pytest.fixture
def ten(desk):
    """Ten papers of our own before the two that come with the program."""
    add_papers(desk, 10)
    library.seed_bundled(desk)
    return desk


def listed(app):
    return app.screen.query_one(PaperList)


def notices(app):
    return [item.message for item in app._notifications]


def hint(app):
    return str(app.screen.query_one(".hint", Static).content)


def row(desk, paper_id):
    (found,) = [
        item
        for item in library_search.page(desk, parse_query(""), 0, 50).rows
        if item.id == paper_id
    ]
    return found


async def shown(app, pilot, until):
    await pilot.press("f2")
    await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
    await until(pilot, lambda: app.screen.query(PaperList) and listed(app).current is not None)


@SIZES
async def test_stars_and_priority_of_the_one_under_the_cursor(make_app, ten, until, size):
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await shown(app, pilot, until)
        await pilot.press("down")
        chosen = listed(app).current.id
        await pilot.press("4", "plus")
        await until(pilot, lambda: row(ten, chosen).priority == 1)
        assert row(ten, chosen).stars == 4
        await until(pilot, lambda: "★" in listed(app).render_line(1).text)
        assert "!" in listed(app).render_line(1).text
        assert listed(app).current.id == chosen
        await pilot.press("ctrl+z", "ctrl+z")
        await until(pilot, lambda: row(ten, chosen).stars == 0)
        assert row(ten, chosen).priority == 0
        await pilot.press("minus")
        await until(pilot, lambda: any("no priority already" in text for text in notices(app)))


@SIZES
async def test_marked_papers_are_tagged_together_and_undone(make_app, ten, until, size):
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await shown(app, pilot, until)
        await pilot.press("space", "down", "space")
        marked = listed(app).marked
        assert len(marked) == 2
        assert "✓" in listed(app).render_line(0).text
        assert "2 marked" in str(app.screen.query_one("#count", Static).content)
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, LabelsDialog))
        await pilot.press(*"vision", "enter")
        await until(pilot, lambda: labels.all_tags(ten) == [("vision", 2)])
        await until(pilot, lambda: any("ctrl+z" in text for text in notices(app)))
        assert all(labels.tags_of(ten, one) == ["vision"] for one in marked)
        await pilot.press("ctrl+z")
        await until(pilot, lambda: labels.all_tags(ten) == [])
        await pilot.press("escape")
        assert not listed(app).marked


async def test_a_tag_is_taken_off_where_all_have_it(make_app, ten, until):
    labels.tag(ten, [1], ["vision", "theory"])
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(app, pilot, until)
        while listed(app).current.id != 1:
            await pilot.press("down")
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, LabelsDialog))
        await until(pilot, lambda: app.screen.query_one("#names").option_count == 2)
        await pilot.press(*"vis")
        await until(pilot, lambda: "takes “vision” off" in hint(app))
        await pilot.press("enter")
        await until(pilot, lambda: labels.tags_of(ten, 1) == ["theory"])
        assert isinstance(app.screen, LibraryScreen)


async def test_several_tags_are_chosen_with_space_before_enter_saves(make_app, ten, until):
    labels.tag(ten, [1, 2, 3], ["vision"])
    labels.tag(ten, [2, 3], ["to read"])
    labels.tag(ten, [3], ["theory"])
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(app, pilot, until)
        listed(app).mark({4, 5})
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, LabelsDialog))
        await until(pilot, lambda: app.screen.query_one("#names").option_count == 3)
        await pilot.press("down", "space", "down", "down", "space")
        await until(pilot, lambda: "saves the 2 chosen" in hint(app))
        assert labels.tags_of(ten, 4) == []
        await pilot.press(*"to read", "enter")
        await until(pilot, lambda: set(labels.tags_of(ten, 4)) == {"vision", "theory", "to read"})
        assert isinstance(app.screen, LibraryScreen)


async def test_a_name_typed_whole_is_that_one_also_before_the_names_are_read(
    make_app, ten, until, monkeypatch
):
    every = library_search.ids_of(ten, parse_query(""))
    labels.tag(ten, every[:3], ["mlops"])
    labels.tag(ten, every[:1], ["ml"])
    may_read, read = threading.Event(), LabelKind.names

    def names(kind, desk):
        assert may_read.wait(60)
        return read(kind, desk)

    monkeypatch.setattr(LabelKind, "names", names)
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(app, pilot, until)
        chosen = listed(app).current.id
        before = labels.tags_of(ten, chosen)
        await pilot.press("end")
        await until(pilot, lambda: listed(app).current.id not in (chosen, *every[:3]))
        other = listed(app).current.id
        await pilot.press("t", "m", "l", "enter")
        await until(pilot, lambda: isinstance(app.screen, LabelsDialog))
        assert labels.tags_of(ten, other) == []
        may_read.set()
        await until(pilot, lambda: labels.tags_of(ten, other) == ["ml"])
        assert labels.tags_of(ten, chosen) == before


async def test_a_name_that_cannot_be_one_is_complained_of(make_app, ten, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(app, pilot, until)
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, LabelsDialog))
        app.screen.query_one("#name", Input).value = "one, two"
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, lambda: "comma" in str(app.screen.query_one("#problem", Static).content))


async def test_all_that_are_found_are_put_in_a_collection(make_app, ten, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(app, pilot, until)
        await pilot.press("slash", *"part", "enter")
        await until(pilot, lambda: len(listed(app)) == 10)
        await pilot.press("asterisk")
        await until(pilot, lambda: len(listed(app).marked) == 10)
        await pilot.press("p")
        await until(pilot, lambda: isinstance(app.screen, LabelsDialog))
        await pilot.press(*"thesis", "enter")
        await until(pilot, lambda: len(labels.collections(ten)) == 1)
        assert len(collecting.papers_in(ten, "thesis")) == 10
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        await pilot.press("asterisk")
        await until(pilot, lambda: not listed(app).marked)


async def test_marked_papers_are_removed_and_come_back_together(make_app, ten, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(app, pilot, until)
        await pilot.press("space", "space", "space", "d")
        await until(pilot, lambda: len(listed(app)) == 9)
        assert not listed(app).marked
        await pilot.press("ctrl+z")
        await until(pilot, lambda: len(listed(app)) == 12)


async def test_undo_with_nothing_to_take_back_says_so(make_app, desk, until):
    library.seed_bundled(desk)
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(app, pilot, until)
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "There is nothing to take back." in notices(app))


async def test_what_could_not_be_taken_back_is_next_again(make_app, ten, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(app, pilot, until)
        chosen = listed(app).current.id
        await pilot.press("4", "plus")
        await until(pilot, lambda: row(ten, chosen).priority == 1)
        await until(pilot, lambda: not app.screen.busy)
        labels.set_priority(ten, [chosen], 3)
        await pilot.press("ctrl+z", "ctrl+z")
        await until(
            pilot, lambda: sum("cannot be taken back" in text for text in notices(app)) == 2
        )
        assert (row(ten, chosen).stars, row(ten, chosen).priority) == (4, 3)
        undo_last(ten)
        await pilot.press("ctrl+z", "ctrl+z")
        await until(pilot, lambda: row(ten, chosen).stars == 0)
        assert row(ten, chosen).priority == 0


async def test_what_was_taken_back_elsewhere_is_passed_over(make_app, ten, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(app, pilot, until)
        chosen = listed(app).current.id
        await pilot.press("4", "plus")
        await until(pilot, lambda: row(ten, chosen).priority == 1)
        await until(pilot, lambda: not app.screen.busy)
        undo_last(ten)
        await pilot.press("ctrl+z")
        await until(pilot, lambda: row(ten, chosen).stars == 0)


async def test_no_import_is_taken_back_unasked_however_it_comes_to_be_next(make_app, ten, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(app, pilot, until)
        chosen = listed(app).current.id
        await pilot.press("4")
        await until(pilot, lambda: row(ten, chosen).stars == 4 and not app.screen.busy)
        undo_last(ten)
        every = library_search.ids_of(ten, parse_query(""))
        add_papers(ten, 30, first=100)
        more = library_search.ids_of(ten, parse_query(""))
        labels.tag(ten, more, ["vision"])
        await pilot.press("ctrl+z")
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
        asked = [str(item.content) for item in app.screen.query(Static)]
        assert any(local_minute(ten.clock()) in words for words in asked)
        assert not any("UTC" in words for words in asked)
        labels.set_stars(ten, every[:1], 5)
        await pilot.press("y")
        await until(pilot, lambda: labels.all_tags(ten) == [])
        assert row(ten, every[0]).stars == 5


async def test_a_history_that_begins_again_is_not_taken_for_ours(make_app, ten, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(app, pilot, until)
        chosen = listed(app).current.id
        await pilot.press("4")
        await until(pilot, lambda: row(ten, chosen).stars == 4 and not app.screen.busy)
        with ten.database.writing() as db:
            db.execute("DELETE FROM library_actions")
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "There is nothing to take back." in notices(app))
        assert row(ten, chosen).stars == 4


async def test_keys_pressed_in_a_burst_act_in_their_order(make_app, ten, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(app, pilot, until)
        chosen = listed(app).current.id
        await pilot.press("plus", "plus", "plus", "minus")
        await until(pilot, lambda: row(ten, chosen).priority == 2)
        await pilot.press("1", "5", "3", "ctrl+z", "ctrl+z")
        await until(pilot, lambda: row(ten, chosen).stars == 1)
        await until(pilot, lambda: not app.screen.busy)
        assert row(ten, chosen).stars == 1


async def test_what_a_paper_is_signed_by(make_app, ten, until):
    with ten.database.writing() as db:
        db.conn.execute("UPDATE papers SET withdrawn_version = 2 WHERE id = 3")
        db.conn.execute("UPDATE papers SET latest_version = 4 WHERE id = 4")
    labels.tag(ten, [5], ["vision"])
    app = make_app()
    async with app.run_test(size=(200, 60)) as pilot:
        await shown(app, pilot, until)
        at = {item.id: place for place, item in enumerate(listed(app).held)}
        assert "withdrawn" in listed(app).render_line(at[3]).text
        assert "↑v4" in listed(app).render_line(at[4]).text
        assert "#vision" in listed(app).render_line(at[5]).text
        await pilot.press("home", *["down"] * at[3])
        text = app.screen.query_one("#preview-text", Static)
        await until(pilot, lambda: "Version 2 was withdrawn" in str(text.content))


async def test_two_marked_records_become_one_paper_and_two_again(make_app, desk, until):
    add_papers(desk, 3)
    kept = first_of(desk)
    filed = library.file_metadata(desk, Metadata(title=kept.title, authors=("Ada Example",)))
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await shown(app, pilot, until)
        await pilot.press("m")
        await until(pilot, lambda: any("Mark two records" in text for text in notices(app)))
        before = len(listed(app))
        listed(app).mark({kept.id, filed.id})
        await pilot.press("m")
        await until(pilot, lambda: isinstance(app.screen, MergeDialog) and app.screen.shown)
        await pilot.press("m")
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        await until(pilot, lambda: len(listed(app)) == before - 1)
        await pilot.press("ctrl+z")
        await until(pilot, lambda: len(listed(app)) == before)


def first_of(desk):
    return library.get_paper(desk, "made0")


async def test_many_papers_are_taken_back_after_a_question_and_made_again(make_app, desk, until):
    add_papers(desk, 30)
    library.seed_bundled(desk)
    every = library_search.ids_of(desk, parse_query(""))
    labels.tag(desk, every, ["vision"])
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(app, pilot, until)
        await pilot.press("ctrl+z")
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
        await pilot.press("n")
        assert labels.all_tags(desk) == [("vision", len(every))]
        await pilot.press("ctrl+z", "y")
        await until(pilot, lambda: labels.all_tags(desk) == [])
        await pilot.press("ctrl+y")
        await until(pilot, lambda: labels.all_tags(desk) == [("vision", len(every))])
        await pilot.press("ctrl+z")
        await until(pilot, lambda: labels.all_tags(desk) == [])
        await pilot.press("ctrl+y", "ctrl+y")
        await until(pilot, lambda: any("nothing to make again" in one for one in notices(app)))
