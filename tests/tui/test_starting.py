"""What is looked at once the first screen stands."""

import sqlite3

import pytest

from researchdesk.errors import BusyError
from researchdesk.services import library
from researchdesk.tui.screens.library import LibraryScreen
from researchdesk.tui.starting import begin_desk
from researchdesk.tui.widgets.paper_list import PaperList


@pytest.fixture
def writer(desk):
    """Another program that writes on the desk, and does not come to an end."""
    other = sqlite3.connect(desk.database.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield other
    other.close()


def test_a_desk_is_begun_once(desk):
    assert begin_desk(desk)
    assert not begin_desk(desk)


def test_another_that_writes_is_not_waited_for(desk, writer):
    with pytest.raises(BusyError):
        begin_desk(desk)
    writer.execute("ROLLBACK")
    assert begin_desk(desk)
    writer.execute("BEGIN IMMEDIATE")
    assert not begin_desk(desk)


async def test_an_empty_desk_on_which_another_writes_is_shown(make_app, desk, writer, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        await until(pilot, lambda: app._notifications)
    writer.execute("ROLLBACK")
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: len(app.screen.query_one(PaperList)))
        assert len(library.list_papers(desk)) == len(app.screen.query_one(PaperList))
