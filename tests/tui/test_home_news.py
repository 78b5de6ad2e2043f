"""Home and the library's news: what changed, arXiv asked, two records made one."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from support.arxiv_server import Fault
from support.oai_server import OaiServer
from textual.widgets import Static

from researchdesk.domain.news import NewsKind
from researchdesk.domain.papers import Metadata
from researchdesk.services import library, merging, news, notes, reading
from researchdesk.tui.app import ResearchDeskApp
from researchdesk.tui.dialogs.merge import MergeDialog
from researchdesk.tui.screens.changes import ChangesScreen
from researchdesk.tui.screens.home import HomeScreen
from researchdesk.tui.screens.reader import ReaderScreen
from researchdesk.tui.widgets.home_list import HomeList

SIZES = [(80, 24), (200, 60)]


def shown(app) -> str:
    items = app.screen.query_one(HomeList)
    return "\n".join(str(option.prompt) for option in items.options)


def said(app) -> str:
    return "\n".join(f"{note.title}\n{note.message}" for note in app._notifications)


async def at_home(app, until, pilot, text):
    await pilot.press("f1")
    await until(pilot, lambda: isinstance(app.screen, HomeScreen))
    await until(pilot, lambda: text in shown(app))


@pytest.fixture
def changed(desk, paper):
    """A note of a paper of which there is a newer version; another paper was withdrawn."""
    notes.add_note(desk, paper, 1, "an [b]odd[/b] step")
    reading.finish_pass(desk, paper, 1)
    other = library.get_paper(desk, "1904.09237")
    with desk.database.writing() as db:
        news.tell(db, other.id, NewsKind.WITHDRAWN, "withdrawn in v3: [x] false", 3, desk.clock())
        news.tell(db, paper.id, NewsKind.VERSION, "v3 is out; v2 is at hand", 3, desk.clock())
    return paper


@pytest.fixture
def pair(desk, paper):
    """The published record of the paper, proposed as the same."""
    twin = library.file_metadata(
        desk,
        Metadata(
            paper.title,
            ("Example, Ada",),
            doi="10.1/[b]",
            venue="ICML [x]",
            published=datetime(2026, 1, 1, tzinfo=UTC),
        ),
    )
    merging.propose(desk)
    return paper, twin


@pytest.mark.parametrize("size", SIZES)
async def test_what_changed_stands_there_and_is_seen_and_unseen(
    make_app, desk, changed, until, size
):
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await at_home(app, until, pilot, "What changed 2")
        words = shown(app)
        assert "2501.00001 · v3 is out; v2 is at hand" in words
        assert "withdrawn in v3: [x] false" in words
        detail = app.screen.query_one("#detail-text", Static)
        await until(pilot, lambda: "Enter compares the versions" in str(detail.content))
        assert "1 note of yours is of an older version." in str(detail.content)
        await pilot.press("s")
        await until(pilot, lambda: "What changed 1" in shown(app))
        assert news.count_unseen(desk) == 1
        await pilot.press("S")
        await until(pilot, lambda: "What changed" not in shown(app))
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "What changed 1" in shown(app))
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "What changed 2" in shown(app))
        assert news.count_unseen(desk) == 2


async def test_enter_compares_a_newer_version_and_opens_a_withdrawn_paper(
    make_app, desk, changed, until
):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await at_home(app, until, pilot, "What changed 2")
        await pilot.press("home", "enter")
        await until(pilot, lambda: isinstance(app.screen, ChangesScreen))
        await pilot.press("escape")
        await at_home(app, until, pilot, "What changed 2")
        await pilot.press("end", "enter")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.position)
        assert app.screen.position.paper.name == "1904.09237"


@pytest.mark.parametrize("size", SIZES)
async def test_two_records_are_shown_side_by_side_and_made_one_and_two_again(
    make_app, desk, pair, until, size
):
    paper, twin = pair
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await at_home(app, until, pilot, "Two records of one paper? 1")
        assert f"2501.00001 · {twin.key} · same title, same first authors" in shown(app)
        await pilot.press("home", "enter")
        await until(pilot, lambda: isinstance(app.screen, MergeDialog) and app.screen.shown)
        lines = {
            str(line.query(".name").first(Static).content): [
                str(side.content) for side in line.query(".side").results(Static)
            ]
            for line in app.screen.query(".line.-unlike")
        }
        assert lines["authors"] == ["Ada Example, Ben Sample", "Example, Ada"]
        assert lines["year"] == ["2025", "2026"]
        assert "title" not in lines
        await pilot.press("m")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await until(pilot, lambda: app.screen.has_class("-empty"))
        assert library.get_paper(desk, twin.key).id == paper.id
        assert library.get_paper(desk, twin.key).metadata.venue == "ICML [x]"
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "Two records of one paper? 1" in shown(app))
        assert library.get_paper(desk, twin.key).id == twin.id


async def test_the_other_one_can_be_kept_and_a_pair_refused(make_app, desk, pair, until):
    paper, twin = pair
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await at_home(app, until, pilot, "Two records of one paper? 1")
        await pilot.press("home", "enter")
        await until(pilot, lambda: isinstance(app.screen, MergeDialog) and app.screen.shown)
        dialog = app.screen
        await pilot.press("k")
        await until(pilot, lambda: dialog.shown.kept.id == twin.id)
        await pilot.press("k")
        await until(pilot, lambda: dialog.shown.kept.id == paper.id)
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await until(pilot, lambda: app.screen.has_class("-empty"))
        assert merging.propose(desk) == []
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "Two records of one paper? 1" in shown(app))


async def test_several_pairs_come_one_after_the_other_with_undo_inside(make_app, desk, pair, until):
    again = replace(pair[1].metadata, doi="10.48550/arXiv.2501.00001", title="Brackets")
    third = library.file_metadata(desk, again)
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await at_home(app, until, pilot, "Two records of one paper? 1")
        await pilot.press("m")
        await until(pilot, lambda: isinstance(app.screen, MergeDialog) and app.screen.shown)
        dialog = app.screen
        assert dialog.heading().endswith("1 of 2")
        first = dialog.shown.other.id
        await pilot.click("#accept")
        await until(pilot, lambda: dialog.heading().endswith("2 of 2"))
        assert {first, dialog.shown.other.id} == {pair[1].id, third.id}
        await pilot.press("ctrl+z")
        await until(pilot, lambda: dialog.heading().endswith("1 of 2"))
        assert dialog.shown.other.id == first
        await pilot.press("m")
        await until(pilot, lambda: dialog.heading().endswith("2 of 2"))
        await pilot.press("l")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        assert len(merging.proposals(desk)) == 1


async def test_what_could_not_be_taken_back_is_next_again(make_app, desk, pair, changed, until):
    twin = library.file_metadata(desk, replace(pair[1].metadata, doi="10.1/third"))
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await at_home(app, until, pilot, "What changed 2")
        await pilot.press("S")
        await until(pilot, lambda: not news.unseen(desk))
        await pilot.press("m")
        await until(pilot, lambda: isinstance(app.screen, MergeDialog) and app.screen.shown)
        await pilot.press("m", "escape")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        later = merging.merge(desk, twin.id, changed.id)
        for _ in range(2):
            app.clear_notifications()
            await pilot.press("ctrl+z")
            await until(pilot, lambda: "cannot be taken back" in said(app))
        assert not news.unseen(desk)
        merging.unmerge(desk, later.id)
        await pilot.press("ctrl+z")
        await until(pilot, lambda: library.get_paper(desk, pair[1].key).id == pair[1].id)
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "What changed 2" in shown(app))


async def test_where_no_pair_is_found_that_is_said(make_app, desk, paper, until):
    app = make_app()
    async with app.run_test() as pilot:
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await pilot.press("m")
        await until(pilot, lambda: "No two papers here look like one" in said(app))


@pytest.fixture
def server():
    with OaiServer() as running:
        yield running


@pytest.fixture
def online(desk, server):
    there = replace(desk.settings, offline=False, arxiv_url=server.url, oai_url=f"{server.url}/oai")
    return replace(desk, settings=there)


async def test_arxiv_is_asked_by_a_key_and_what_changed_comes(online, paper, server, until):
    for item in library.list_papers(online):
        server.add(f"{item.paper.name}v{item.paper.version}", title=item.paper.title)
    server.add("2501.00001v3", pdf=None, comment="This paper has been withdrawn: [x]")
    app = ResearchDeskApp(online)
    app.animation_level = "none"
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await pilot.press("n")
        await until(pilot, lambda: "What changed 1" in shown(app))
        assert "withdrawn in v3: This paper has been withdrawn: [x]" in shown(app)
        assert "asked about: 1 change." in said(app)
        await pilot.press("n")
        await until(pilot, lambda: "asked about today already" in said(app))


async def test_that_arxiv_could_not_be_asked_is_told(online, paper, server, until):
    server.fail("/api/query", *[Fault(status=403, body=b"")] * 9)
    app = ResearchDeskApp(online)
    app.animation_level = "none"
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await pilot.press("n")
        await until(pilot, lambda: "wait an hour" in said(app))


async def test_offline_is_told(make_app, paper, until):
    app = make_app()
    async with app.run_test() as pilot:
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await pilot.press("n")
        await until(pilot, lambda: "The desk is offline" in said(app))
