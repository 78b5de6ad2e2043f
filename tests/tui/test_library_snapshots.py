"""The library's screens as they look, small and large: searched, marked, followed, ranked, cited.

Renew with: pytest tests/tui --snapshot-update
"""

import pytest
from support.feed_desk import announce, followed
from support.many_papers import add_papers
from support.story_screen import at_rest
from support.topics import TOPICS, dropped, file_topic, liked

from researchdesk.domain.documents import Document, Reference
from researchdesk.domain.papers import Metadata
from researchdesk.domain.reading import NoteKind
from researchdesk.services import labels, library, notes, recommending
from researchdesk.services.documents import forget, keep_document
from researchdesk.tui.screens import recommended
from researchdesk.tui.screens.library import LibraryScreen
from researchdesk.tui.widgets.paper_list import PaperList

pytestmark = pytest.mark.slow

SIZES = pytest.mark.parametrize("size", [(80, 24), (200, 60)], ids=["80x24", "200x60"])
LONG = "Layers for everyone, and a title so long that it is cut where the list ends"
LISTED = (
    Reference("1", "A. Cited. [b]Adam[/b]: a method for many steps. arXiv:1412.6980, 2015.", 9,
              "[b]Adam[/b]: a method for many steps", "1412.6980", year=2015),
    Reference("2", "B. Else. Nothing is known of this report. 2001.", 9,
              "Nothing is known of this report", year=2001),
    Reference("3", f"C. Third and D. Fourth. {LONG}. NeurIPS 2017.", 9, LONG, "1706.03762",
              year=2017),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _colours(monkeypatch):
    """A terminal with all colours."""
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.fixture
def shown(snap_compare, make_app, until):
    """Compares the app after keys pressed in the library, once these words are on the screen."""

    def compare(size, keys, words):
        app = make_app()

        async def before(pilot):
            await pilot.press("f2")
            await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
            await until(pilot, lambda: app.screen.query_one(PaperList).current)
            await pilot.press(*keys)
            await until(pilot, lambda: words in _screen(app))
            await at_rest(app, pilot)

        return snap_compare(app, terminal_size=size, run_before=before)

    return compare


def _screen(app):
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


@pytest.fixture
def forty(desk, paper):
    """Forty papers beside that with a text; some with tags, stars, a note."""
    add_papers(desk, 40)
    dropouts = [number for number in (6, 11, 12, 17) if library.paper_of(desk, number)]
    labels.tag(desk, dropouts, ["regularisation"])
    labels.set_stars(desk, dropouts[:2], 4)
    labels.set_priority(desk, dropouts[1:3], 2)
    quote = "most of what is seen is noise"
    read = library.paper_of(desk, dropouts[0])
    words = "Is dropout here only noise added twice? See [x]."
    notes.add_note(desk, read, 1, words, quote=quote, kind=NoteKind.QUESTION)
    return desk


@SIZES
def test_a_search_with_its_hits(shown, forty, size):
    assert shown(size, ["slash", *"drop year:2016.. -is:"], "→ completes")


@SIZES
def test_papers_marked_and_starred(shown, forty, size):
    keys = ["space", "space", "down", "space", "4"]
    assert shown(size, keys, "3 papers given 4 stars")


@SIZES
def test_new_papers(shown, desk, size):
    library.seed_bundled(desk)
    titles = ("Sparse [b]attention[/b] for long documents", "Deep sets, again", "Transport")
    scores, speaks = (0.9, 0.5, 0.1), ("attention", "long documents")
    announce(desk, followed(desk), *titles, scores=scores, speaks=speaks)
    assert shown(size, ["N", "n", "u"], "Waits again")


@SIZES
def test_up_next(shown, desk, size, monkeypatch):
    async def ask(desk, question, progress):
        return recommending.recommend(desk, limit=question.limit, everything=question.everything)

    monkeypatch.setattr(recommended, "ask", ask)
    library.seed_bundled(desk)
    with desk.database.writing():
        visual, said, _ = (file_topic(desk, topic, 8) for topic in TOPICS)
        liked(desk, *visual[:3])
        dropped(desk, *said[:3])
    assert shown(size, ["U"], "left out, a shows all")


@SIZES
def test_what_is_around_a_paper(shown, desk, paper, size):
    library.file_metadata(desk, Metadata(title=LISTED[0].title, arxiv_id="1412.6980"))
    forget()
    keep_document(desk, "0" * 64, Document("T", 4, (), (), (), references=LISTED))
    search = ["slash", *"brackets", "enter"]
    assert shown(size, [*search, "A"], "Go there")
