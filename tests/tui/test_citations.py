"""The works around a paper on the screen: three lists, the way on and back, the service."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from support.s2_server import Fault, S2Server
from textual.widgets import Input, Static

from researchdesk.domain.citations import Relation
from researchdesk.domain.documents import Document, Reference
from researchdesk.domain.papers import Metadata
from researchdesk.services import library
from researchdesk.services.documents import forget, keep_document
from researchdesk.services.reference_index import keep_references
from researchdesk.tui.messages import Fetch
from researchdesk.tui.screens.citations import CitationsScreen
from researchdesk.tui.screens.reader import ReaderScreen
from researchdesk.tui.widgets.citation_list import CitationList
from researchdesk.tui.widgets.citation_tabs import CitationTabs

TITLES = ("[b]Adam[/b]: a method", "Nothing is known of this report", "Layers for everyone")
LIST = (
    Reference("1", f"A. Cited. {TITLES[0]}. arXiv:1412.6980. ICLR 2015.", 9, TITLES[0], "1412.6980",
              year=2015),
    Reference("2", "B. Else. Nothing is known of this report. 2001.", 9, TITLES[1], year=2001),
    Reference("3", "C. Third. Layers for everyone. 2017.", 9, TITLES[2], "1706.03762", year=2017),
)  # fmt: skip


@pytest.fixture
def server() -> Iterator[S2Server]:
    with S2Server() as started:
        yield started


@pytest.fixture
def cited(desk, paper):
    """The paper with a list of three, of which one is on the desk."""
    library.file_metadata(desk, Metadata(title=TITLES[0], arxiv_id="1412.6980"))
    forget()
    keep_document(desk, "0" * 64, Document("T", 4, (), (), (), references=LIST))
    return paper


@pytest.fixture
def opened(make_app, desk, cited, until):
    """Opens the screen, with a service where there is a server."""

    async def show(app, pilot, server=None):
        used = desk
        if server is not None:
            settings = replace(
                desk.settings, offline=False, s2_url=server.url, semantic_scholar=True
            )
            used = replace(desk, settings=settings)
        await app.push_screen(CitationsScreen(used, "2501.00001"))
        await until(pilot, lambda: len(app.screen.query_one(CitationList)) == 3)
        return app.screen

    return show


def titles(screen):
    return [near.work.title for near in screen.query_one(CitationList).items]


def text(screen, name):
    return str(screen.query_one(name, Static).content)


def lines(screen):
    found = screen.query_one(CitationList)
    return ["".join(s.text for s in found.render_line(y)).rstrip() for y in range(len(found))]


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_its_own_list_with_what_is_on_the_desk_first(make_app, opened, size):
    app = make_app()
    async with app.run_test(size=size) as pilot:
        screen = await opened(app, pilot)
        assert titles(screen) == [TITLES[0], TITLES[2], TITLES[1]]
        assert lines(screen)[0].startswith(f" ○   {TITLES[0]}")
        assert "[1 References 3]" in text(screen, CitationTabs)
        assert "off (g says how)" in text(screen, "#state")
        assert "on the desk as 1412.6980, unread" in text(screen, "#about")
        head = str(screen.query_one("#head", Static).render())
        assert len(head) == size[0] - 1 or size[0] > 80
        assert head.index("venue") == lines(screen)[0].index("ICLR")
        assert head.index("year") == lines(screen)[1].index("2017")


async def test_one_walks_on_and_comes_back_where_one_was(make_app, opened, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        await pilot.press("enter")
        await until(pilot, lambda: text(screen, "#centre") == TITLES[0] and screen.shown.known)
        assert text(screen, "#trail").startswith("Brackets [red]")
        assert "2 Cited by 1" in text(screen, CitationTabs)
        await pilot.press("2")
        await until(pilot, lambda: len(titles(screen)) == 1)
        await pilot.press("enter")
        await until(pilot, lambda: len(screen.trail) == 3 and len(titles(screen)) == 3)
        await pilot.press("escape")
        await until(pilot, lambda: screen.stop.relation is Relation.CITED_BY and titles(screen))
        await pilot.press("escape")
        await until(pilot, lambda: len(titles(screen)) == 3)
        assert screen.query_one(CitationList).current.name == "1412.6980"
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, CitationsScreen))


async def test_a_work_of_which_nothing_is_known(make_app, opened, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        await pilot.press("end", "enter")
        await until(pilot, lambda: screen.has_class("-empty"))
        assert "semantic_scholar = true" in text(screen, "#empty")
        await pilot.press("right", "right")
        assert "[3 Similar –]" in text(screen, CitationTabs)
        await pilot.press("escape")
        await until(pilot, lambda: titles(screen)[-1:] == [TITLES[1]])
        assert screen.query_one(CitationList).cursor == 2


async def test_the_filter_leaves_what_has_the_words(make_app, opened, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        await pilot.press("slash", *"2001")
        await until(pilot, lambda: titles(screen) == [TITLES[1]])
        await pilot.press("escape")
        await until(pilot, lambda: len(titles(screen)) == 3)
        assert isinstance(app.screen, CitationsScreen)
        assert not screen.query_one("#filter", Input).value


async def test_adding_one_and_one_that_cannot_be_added(make_app, opened, until, monkeypatch):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        sent = []
        post = screen.post_message
        monkeypatch.setattr(
            screen,
            "post_message",
            lambda m: sent.append(m) or True if isinstance(m, Fetch) else post(m),
        )
        await pilot.press("down", "a")
        await until(pilot, lambda: sent)
        assert sent[0].texts == ("1706.03762",)
        await pilot.press("down", "a")
        await until(pilot, lambda: any("No arXiv id" in n.message for n in app._notifications))
        assert len(sent) == 1


async def test_one_on_the_desk_is_read(make_app, opened, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await pilot.press("r")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))


async def test_switched_off_the_key_says_how_to_switch_it_on(make_app, opened, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        await pilot.press("g")
        await until(
            pilot,
            lambda: any("semantic_scholar = true" in n.message for n in app._notifications),
        )
        assert "off (g says how)" in text(screen, "#state")


async def test_the_service_is_asked_by_a_key_and_what_it_says_is_kept(
    make_app, opened, until, server, desk
):
    ours = server.add("Brackets", arxiv="2501.00001", citationCount=1200)
    for name in ("Loud", "Louder"):
        server.cite(server.add(name, citationCount=len(name), year=2026), ours)
    server.cite(server.add("Weighty", arxiv="2601.00001"), ours, influential=True)
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot, server)
        await pilot.press("2")
        assert "was not asked yet (g)" in text(screen, "#state")
        assert not server.asked
        await pilot.press("g")
        await until(pilot, lambda: len(titles(screen)) == 3)
        assert titles(screen) == ["Weighty", "Louder", "Loud"]
        assert lines(screen)[0].startswith("   ★ Weighty")
        assert "[2 Cited by 3 of 1,200]" in text(screen, CitationTabs)
        assert "as of 2026-03-14" in text(screen, "#state")


async def test_a_service_that_fails_is_told_and_what_was_known_stays(
    make_app, opened, until, server
):
    server.add("Brackets", arxiv="2501.00001")
    server.fail(Fault(status=403))
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot, server)
        await pilot.press("g")
        await until(pilot, lambda: any("HTTP 403" in n.message for n in app._notifications))
        assert len(titles(screen)) == 3
        assert "was not asked yet" in text(screen, "#state")


async def test_a_click_chooses_a_list(make_app, opened, until, cited, desk):
    keep_references(desk, cited, Document("T", 4, (), (), (), references=LIST))
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        at = text(screen, CitationTabs).index("3 Similar")
        await pilot.click(CitationTabs, offset=(at + 3, 0))
        await until(pilot, lambda: screen.stop.relation is Relation.SIMILAR)


async def test_the_lists_of_all_papers_are_read_by_a_key(make_app, opened, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        await pilot.press("I")
        await until(pilot, lambda: any("were read before" in n.message for n in app._notifications))
        await until(pilot, lambda: "off (g says how)" in text(screen, "#state"))
