"""Two versions compared on the screen: signs and marks beside colours, and what they touch."""

from dataclasses import replace

import pytest
from textual.widgets import OptionList, Static

from researchdesk.domain.documents import Block, Document, Section, SectionKind
from researchdesk.domain.papers import PaperVersion
from researchdesk.services import library, notes
from researchdesk.services.acquire import Added
from researchdesk.services.documents import keep_document
from researchdesk.storage import papers
from researchdesk.tui.dialogs.choice import ChoiceDialog
from researchdesk.tui.messages import OpenChanges
from researchdesk.tui.screens.changes import ChangesScreen
from researchdesk.tui.screens.reader import ReaderScreen
from researchdesk.tui.widgets.changes_list import ChangesList
from researchdesk.tui.widgets.note_list import NoteList

SCORE = "On the large test set our [b]model[/b] reaches a score of {} after three days of training."
METHOD = "The encoder has six layers, each with attention and a network that feeds forward."
GONE = "The rate was chosen by hand among five values, on the first fold of the smaller corpus."


def document(*sections, page=1):
    blocks, made = [], []
    for title, *paragraphs in sections:
        first = len(blocks)
        blocks += [Block(page, title, 1), *(Block(page, text) for text in paragraphs)]
        kind = SectionKind.ABSTRACT if title == "Abstract" else SectionKind.BODY
        made.append(Section(title, 1, kind, page, first, len(blocks)))
    return Document("T", page, tuple(blocks), tuple(made), ())


OLD = document(("Abstract", SCORE.format("41.0")), ("1 [Method]", METHOD), ("2 Rate", GONE))
NEW = document(
    ("Abstract", SCORE.format("41.8")), ("1 [Method]", METHOD), ("2 Limits", "None are known."),
    page=2,
)  # fmt: skip


def hold(desk, paper, version, held):
    path = desk.root / "papers" / "2501.00001" / f"v{version}.pdf"
    path.write_bytes(b"%PDF-1.7 stands in for a file")
    digest = f"{version:064d}"
    kept = PaperVersion(version, f"papers/2501.00001/v{version}.pdf", digest, 29)
    papers.set_version(desk.database.connection, paper.id, kept)
    keep_document(desk, digest, held)
    return library.get_paper(desk, "2501.00001")


@pytest.fixture
def no_tables(monkeypatch):
    """The files have no tables; they are no real PDFs either."""
    monkeypatch.setattr("researchdesk.services.changes.tables_of", lambda *_: ())


@pytest.fixture
def two(desk, paper, no_tables):
    hold(desk, paper, 1, OLD)
    return hold(desk, paper, 2, NEW)


@pytest.fixture
def opened(desk, until):
    async def show(app, pilot):
        await app.push_screen(ChangesScreen(desk, "2501.00001"))
        await until(pilot, lambda: app.screen.query_one(ChangesList).option_count)
        return app.screen

    return show


def listed(screen):
    options = screen.query_one(ChangesList).options
    return [str(option.prompt).strip() for option in options]


def words(screen):
    return str(screen.query_one("#words", Static).content)


def nothing(screen):
    return str(screen.query_one("#empty", Static).content)


async def test_sections_with_their_signs_and_their_text(make_app, opened, two, until):
    app = make_app()
    async with app.run_test(size=(200, 60)) as pilot:
        screen = await opened(app, pilot)
        assert "version 1 → version 2" in str(screen.query_one("#pair", Static).content)
        assert listed(screen) == [
            "✎ Notes and claims: 0 of 0 touched",
            "# Numbers: 1 changed",
            "~ Abstract  1 of 1",
            "1 [Method]",
            "− 2 Rate",
            "+ 2 Limits",
        ]
        text = "our [b]model[/b] reaches a score of [-41.0-] {+41.8+} after three days"
        await until(pilot, lambda: text in words(screen))
        assert "page 1 → page 2" in words(screen)
        await pilot.press("right_square_bracket")
        await until(pilot, lambda: f"[-{GONE}-]" in words(screen))
        await pilot.press("right_square_bracket")
        await until(pilot, lambda: "{+None are known.+}" in words(screen))
        await pilot.press("right_square_bracket", "left_square_bracket")
        await until(pilot, lambda: f"[-{GONE}-]" in words(screen))


async def test_what_stayed_is_shown_when_asked_for(make_app, opened, two, until):
    app = make_app()
    async with app.run_test(size=(200, 60)) as pilot:
        screen = await opened(app, pilot)
        await pilot.press("down")
        await until(pilot, lambda: "= 1 paragraph the same" in words(screen))
        assert METHOD not in words(screen)
        await pilot.press("s")
        await until(pilot, lambda: METHOD in words(screen))


async def test_notes_whose_words_changed_stand_first(make_app, opened, desk, two, until):
    def note(text, quote):
        return notes.add_note(desk, two, 1, text, quote=quote, version=1).id

    kept = note("good [x]", "six layers, each with attention")
    gone = note("why?", "The rate was chosen by hand")
    changed = note("how?", "reaches a score of 41.0 after three days")
    app = make_app()
    async with app.run_test(size=(200, 60)) as pilot:
        screen = await opened(app, pilot)
        assert listed(screen)[0] == "✎ Notes and claims: 2 of 3 touched"
        await until(pilot, lambda: "✎ note" in words(screen))
        text = words(screen)
        assert text.index(f"− gone  ✎ note {gone}") < text.index(f"~ changed  ✎ note {changed}")
        assert text.index(f"note {changed}") < text.index(f"= stands as it was  ✎ note {kept}")
        assert f"now: {SCORE.format('41.8')}" in text
        assert "good [x]" in text


async def test_numbers_that_changed(make_app, opened, two, until):
    app = make_app()
    async with app.run_test(size=(200, 60)) as pilot:
        screen = await opened(app, pilot)
        await pilot.press("home", "down")
        await until(pilot, lambda: "abstract, page 2: [-41.0-]{+41.8+}" in words(screen))
        await until(pilot, lambda: "still being compared" not in words(screen))


async def test_narrow_the_text_takes_the_place_of_the_list(make_app, opened, two, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        shown, reading = screen.query_one(ChangesList), screen.query_one("#reading")
        assert shown.region.width > 70
        assert not reading.region
        await pilot.press("enter")
        await until(pilot, lambda: reading.region.width > 70)
        assert not shown.region
        await pilot.press("escape")
        await until(pilot, lambda: shown.has_focus and shown.region.width > 70)
        await pilot.click(ChangesList, offset=(6, 4))
        await until(pilot, lambda: "2 Rate" in words(screen) and reading.region)
        await pilot.press("escape", "escape")
        assert app.screen is not screen


async def test_the_two_versions_are_chosen(make_app, opened, desk, two, until):
    hold(desk, two, 3, NEW)
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        pair = screen.query_one("#pair", Static)
        assert "version 2 → version 3  The text says the same" in str(pair.content)
        await pilot.press("v")
        await until(pilot, lambda: isinstance(app.screen, ChoiceDialog))
        assert app.screen.query_one("#choices", OptionList).option_count == 3
        await pilot.press("end", "enter")
        await until(pilot, lambda: "version 1 → version 2" in str(pair.content))
        await until(pilot, lambda: "~ Abstract  1 of 1" in listed(screen))


async def test_with_one_version_another_is_fetched(
    make_app, desk, paper, no_tables, until, monkeypatch
):
    wanted = []

    def add(_, text, progress):
        wanted.append(text)
        hold(desk, paper, 1, OLD)
        return Added(library.get_paper(desk, "2501.00001"), 1, already=False, fetched=True)

    monkeypatch.setattr("researchdesk.services.acquire.add", add)
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(ChangesScreen(desk, "2501.00001"))
        screen = app.screen
        await until(pilot, lambda: "Only version 2" in nothing(screen))
        await pilot.press("g", "x", "enter")
        await until(pilot, lambda: any("no version" in n.message for n in app._notifications))
        await pilot.press("g", "1", "enter")
        await until(pilot, lambda: wanted == ["2501.00001v1"])
        await until(pilot, lambda: screen.query_one(ChangesList).option_count)


async def test_a_version_without_text_says_why(make_app, desk, two, until):
    scan = replace(OLD, blocks=(), sections=(), problem="It is a [scan] without text.")
    hold(desk, two, 3, scan)
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(ChangesScreen(desk, "2501.00001"))
        await until(pilot, lambda: "a [scan] without text" in nothing(app.screen))


async def test_the_reader_leads_here_and_back(make_app, two, until):
    app = make_app("2501.00001")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        app.post_message(OpenChanges("2501.00001"))
        await until(pilot, lambda: isinstance(app.screen, ChangesScreen))
        await until(pilot, lambda: app.screen.query_one(ChangesList).option_count)
        assert app.screen.paper_at_hand() == "2501.00001"
        await pilot.press("r")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))


async def test_one_goes_from_a_touched_note_to_the_note(make_app, opened, desk, two, until):
    quote = "The rate was chosen by hand"
    first = notes.add_note(desk, two, 1, "why?", quote=quote, version=1)
    app = make_app()
    async with app.run_test(size=(200, 60)) as pilot:
        await opened(app, pilot)
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        await until(pilot, lambda: app.screen.query_one(NoteList).current == first)


async def test_of_several_touched_notes_one_is_chosen(make_app, opened, desk, two, until):
    for text in ("why?", "who?"):
        notes.add_note(desk, two, 1, text, quote="The rate was chosen by hand", version=1)
    last = notes.notes_of(desk, two)[-1]
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await pilot.press("n", "down", "enter")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        await until(pilot, lambda: app.screen.query_one(NoteList).current == last)


async def test_a_click_on_a_touched_note_goes_there(make_app, opened, desk, two, until):
    notes.add_note(desk, two, 1, "why?", quote="The rate was chosen by hand", version=1)
    app = make_app()
    async with app.run_test(size=(200, 60)) as pilot:
        screen = await opened(app, pilot)
        await until(pilot, lambda: "✎ note" in words(screen))
        await pilot.click("#words", offset=(4, 2))
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
