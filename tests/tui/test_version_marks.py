"""Notes and claims of a version that was withdrawn or replaced are marked where they are read."""

import pytest
from textual.widgets import Static

from researchdesk.services import claims, notes
from researchdesk.tui.messages import OpenClaims
from researchdesk.tui.screens.claims import ClaimsScreen
from researchdesk.tui.screens.reader import ReaderScreen
from researchdesk.tui.widgets.claim_list import ClaimList
from researchdesk.tui.widgets.note_list import NoteList


@pytest.fixture
def noted(desk, paper):
    """A note and a claim of version 2."""
    notes.add_note(desk, paper, 1, "an [b]odd[/b] step")
    claims.add_claim(desk, paper, "94 % [x]")
    return paper


def became(desk, paper, **columns):
    with desk.database.writing() as db:
        db.table("papers").update(paper.id, columns)


async def header_and_notes(make_app, until, paper):
    app = make_app(paper.name)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.position)
        items = app.screen.query_one(NoteList)
        await until(pilot, lambda: items.option_count)
        line = app.screen.query_one("#versions-line", Static)
        told = str(line.content) if line.display else ""
        return told, str(items.get_option_at_index(0).prompt)


async def test_a_note_of_a_replaced_version_says_so(make_app, desk, noted, until):
    became(desk, noted, latest_version=4)
    header, note = await header_and_notes(make_app, until, noted)
    assert header == "arXiv has v4; this is v2. D fetches and compares."
    assert "≠ v4 is out; this was read in v2" in note
    assert "odd" in note


async def test_a_note_of_a_withdrawn_paper_says_so(make_app, desk, noted, until):
    became(desk, noted, latest_version=3, withdrawn_version=3, withdrawn_why="Lemma [b]")
    header, note = await header_and_notes(make_app, until, noted)
    assert header == "Its authors withdrew this paper in v3."
    assert "≠ withdrawn in v3: Lemma [b]" in note


async def test_nothing_is_said_of_what_is_current(make_app, desk, noted, until):
    became(desk, noted, latest_version=2)
    header, note = await header_and_notes(make_app, until, noted)
    assert header == ""
    assert "≠" not in note


async def test_a_claim_of_a_replaced_version_says_so(make_app, desk, noted, until):
    became(desk, noted, latest_version=3)
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        app.post_message(OpenClaims(noted.name))
        await until(pilot, lambda: isinstance(app.screen, ClaimsScreen))
        detail = app.screen.query_one("#detail-text", Static)
        await until(pilot, lambda: "94 % [x]" in str(detail.content))
        assert "≠ v3 is out; this was read in v2" in str(detail.content)
        items = app.screen.query_one(ClaimList)
        assert items.since(items.current) == "v3 is out; this was read in v2"
        row = "".join(segment.text for segment in items.render_line(0))
        assert " ≠ " in row
