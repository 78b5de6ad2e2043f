"""The screen of claims: nothing becomes a claim but by a key."""

import threading

import pytest
from textual.widgets import Input, Static

from researchdesk.domain.claims import ClaimCandidate
from researchdesk.errors import BadInputError
from researchdesk.services import claims, documents
from researchdesk.tui.dialogs.claim import ClaimDialog
from researchdesk.tui.messages import Follow, OpenClaims
from researchdesk.tui.screens.claims import ClaimsScreen
from researchdesk.tui.screens.library import LibraryScreen
from researchdesk.tui.screens.reader import ReaderScreen
from researchdesk.tui.widgets.claim_list import ClaimList

CANDIDATES = (
    ClaimCandidate(
        "28.4", 28.4, "BLEU", "WMT14 EN-DE", "Table 2", 3, "big [b] 28.4 41.8", row="big [b]"
    ),
    ClaimCandidate("41.8", 41.8, "BLEU", "WMT14 EN-FR", "Table 2", 3, "big [b] 28.4 41.8"),
    ClaimCandidate(
        "1.41", 1.41, "loss", "", "abstract", 1, "lowers the loss to 1.41 ± 0.02", spread=0.02
    ),
)


@pytest.fixture
def candidates(monkeypatch):
    monkeypatch.setattr(documents, "candidates_of", lambda *_: CANDIDATES)


@pytest.fixture
def opened(make_app, paper, until):
    """The app with the screen of claims over the library, everything found."""

    async def show(app, pilot):
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        app.post_message(OpenClaims(paper.name))
        await until(pilot, lambda: isinstance(app.screen, ClaimsScreen))
        await until(pilot, lambda: not app.screen.has_class("-busy"))

    return show


def rows(app):
    items = app.screen.query_one(ClaimList)
    return [items.render_line(y).text for y in range(len(items))]


def about(app):
    return str(app.screen.query_one("#about", Static).content)


async def test_nothing_is_a_claim_until_space_and_space_takes_it_back(
    make_app, opened, candidates, desk, paper, until
):
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(app, pilot)
        assert len(rows(app)) == 3
        assert claims.claims_of(desk, paper) == []
        await pilot.press("space")
        await until(pilot, lambda: "✓" in rows(app)[0])
        (claim,) = claims.claims_of(desk, paper)
        assert (claim.value, claim.metric, claim.page) == (28.4, "BLEU", 3)
        assert "1 accepted · 3 found" in about(app)
        await pilot.press("space")
        await until(pilot, lambda: "✓" not in rows(app)[0])
        assert claims.claims_of(desk, paper) == []


async def test_ctrl_z_takes_back_step_by_step(make_app, opened, candidates, desk, paper, until):
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(app, pilot)
        await pilot.press("a", "down", "a")
        await until(pilot, lambda: len(claims.claims_of(desk, paper)) == 2)
        await pilot.press("ctrl+z")
        await until(pilot, lambda: [c.value for c in claims.claims_of(desk, paper)] == [28.4])
        await pilot.press("ctrl+z")
        await until(pilot, lambda: claims.claims_of(desk, paper) == [])


async def test_the_quote_of_the_marked_one_is_shown_as_it_is(make_app, opened, candidates, until):
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(app, pilot)
        await until(
            pilot,
            lambda: "“big [b] 28.4 41.8”" in str(app.screen.query_one("#detail-text").content),
        )
        await pilot.press("end")
        assert "1.41 ± 0.02" in rows(app)[2]


async def test_filters_as_one_types_and_shows_what_is_accepted(make_app, opened, candidates, until):
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(app, pilot)
        await pilot.press("slash", *"en-fr")
        await until(pilot, lambda: len(rows(app)) == 1)
        await pilot.press("enter", "space", "escape")
        await until(pilot, lambda: len(rows(app)) == 3)
        await pilot.press("v")
        await until(pilot, lambda: len(rows(app)) == 1)
        assert "41.8" in rows(app)[0]
        await pilot.press("escape")
        await until(pilot, lambda: len(rows(app)) == 3)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))


async def test_a_claim_by_hand_and_other_words_for_it(
    make_app, opened, candidates, desk, paper, until
):
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(app, pilot)
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, ClaimDialog))
        await pilot.press("ctrl+s")
        assert "Say what" in str(app.screen.query_one("#problem", Static).content)
        app.screen.query_one("#text", Input).value = "text is [data]"
        app.screen.query_one("#value", Input).value = "abc"
        await pilot.press("ctrl+s")
        assert "no number" in str(app.screen.query_one("#problem", Static).content)
        app.screen.query_one("#value", Input).value = "0,5"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, ClaimsScreen) and len(rows(app)) == 4)
        (claim,) = claims.claims_of(desk, paper)
        assert (claim.text, claim.value) == ("text is [data]", 0.5)
        assert "text is [data]" in rows(app)[0]
        await pilot.press("e")
        app.screen.query_one("#answer", Input).value = "said otherwise"
        await pilot.press("enter")
        await until(pilot, lambda: "said otherwise" in rows(app)[0])
        assert claims.get_claim(desk, claim.slug).text == "said otherwise"
        claims.reword_claim(desk, claim.slug, "by another")
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "by another" in rows(app)[0])
        assert any("was changed since" in item.message for item in app._notifications)
        claims.reword_claim(desk, claim.slug, "by another again")
        await pilot.press("e")
        assert app.screen.query_one("#answer", Input).value == "by another again"
        app.screen.query_one("#answer", Input).value = "said otherwise"
        await pilot.press("enter")
        await until(pilot, lambda: "said otherwise" in rows(app)[0])
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "by another again" in rows(app)[0])


async def test_other_words_for_a_candidate_keep_it_in_its_place(
    make_app, opened, candidates, desk, paper, until
):
    claim = claims.accept(desk, paper, CANDIDATES[1])
    claims.reword_claim(desk, claim.slug, "better than all before")
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(app, pilot)
        assert len(rows(app)) == 3
        assert "better than all before" in rows(app)[1]


async def test_while_numbers_are_looked_for_one_can_leave(make_app, paper, monkeypatch, until):
    go_on = threading.Event()

    def slow(*_):
        go_on.wait(30)
        return CANDIDATES

    monkeypatch.setattr(documents, "candidates_of", slow)
    app = make_app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        app.post_message(OpenClaims(paper.name))
        await until(pilot, lambda: isinstance(app.screen, ClaimsScreen))
        await until(pilot, lambda: app.screen.has_class("-busy"))
        assert "Looking for printed numbers" in str(app.screen.query_one("#doing").content)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        go_on.set()


async def test_a_paper_that_cannot_be_read_says_why_and_takes_claims_by_hand(
    make_app, opened, monkeypatch, until
):
    def broken(*_):
        raise BadInputError("The PDF is encrypted.", "Add one without a password.")

    monkeypatch.setattr(documents, "candidates_of", broken)
    app = make_app()
    async with app.run_test() as pilot:
        await opened(app, pilot)
        await until(pilot, lambda: app.screen.has_class("-empty"))
        words = str(app.screen.query_one("#nothing", Static).content)
        assert "encrypted" in words
        assert "Press n" in words


async def test_enter_reads_it_where_it_stands(make_app, opened, candidates, until):
    app = make_app()
    async with app.run_test() as pilot:
        await opened(app, pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.position)
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, ClaimsScreen))
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))


async def test_a_link_to_a_claim_goes_to_it(make_app, candidates, desk, paper, until):
    claim = claims.accept(desk, paper, CANDIDATES[2])
    app = make_app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        app.post_message(Follow(f"claim:{claim.slug}"))
        await until(pilot, lambda: isinstance(app.screen, ClaimsScreen))
        await until(pilot, lambda: app.screen.query_one(ClaimList).cursor == 2)
