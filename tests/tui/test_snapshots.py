"""Each screen as it looks, small and large. Renew with: pytest tests/tui --snapshot-update"""

from dataclasses import replace

import pytest
from support.made_paper import write_paper
from support.story_screen import at_rest

from researchdesk.domain.deltas import Delta
from researchdesk.domain.papers import PaperVersion
from researchdesk.domain.reading import Decision, NoteKind
from researchdesk.services import (
    acquire,
    claims,
    documents,
    explaining,
    library,
    notes,
    reading,
)
from researchdesk.services.surprises import add_surprise
from researchdesk.storage import papers
from researchdesk.tui.screens.home import HomeScreen
from researchdesk.tui.screens.library import LibraryScreen
from researchdesk.tui.screens.reader import ReaderScreen
from researchdesk.tui.widgets.home_list import HomeList
from researchdesk.tui.widgets.paper_list import PaperList

SIZES = pytest.mark.parametrize("size", [(80, 24), (200, 60)], ids=["80x24", "200x60"])


@pytest.fixture
def shown(snap_compare, make_app, until):
    """Compares the app after keys, once the condition holds."""

    def compare(size, keys=(), *, ref="", ready=lambda app: True, notices=True):
        app = make_app(ref)

        async def before(pilot):
            await until(pilot, lambda: _settled(app, ref))
            await pilot.press(*keys)
            await until(pilot, lambda: ready(app))
            if not notices:
                app.clear_notifications()
                await until(pilot, lambda: not _toasts(app))
            await at_rest(app, pilot)

        return snap_compare(app, terminal_size=size, run_before=before)

    return compare


def _settled(app, ref):
    if ref:
        return getattr(app.screen, "material", None)
    if isinstance(app.screen, HomeScreen):
        return app.screen.query_one(HomeList).current
    return isinstance(app.screen, LibraryScreen) and len(app.screen.query_one(PaperList))


def _text(app):
    return "\n".join(block.text for block in app.screen.text.blocks)


@pytest.fixture(autouse=True)
def _colours(monkeypatch):
    """A terminal with all colours and no pictures of its own; no time passes."""
    monkeypatch.setattr(ReaderScreen, "CLOCK", staticmethod(lambda: 0.0))
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.fixture
def read(desk, paper):
    """The paper in its first pass, with two notes."""
    reading.set_step(desk, reading.start_pass(desk, paper, 1), 4)
    notes.add_note(desk, paper, 1, "Is [x] ever parsed?", page=2, quote="text such as [/b]",
                   kind=NoteKind.QUESTION)  # fmt: skip
    notes.add_note(desk, paper, 1, "They strip control characters first.", kind=NoteKind.TRICK)
    return paper


@pytest.fixture
def warmth(desk, tmp_path):
    """A paper of our own making, from its PDF, with a thing not understood in pass 2."""
    paper = acquire.add(desk, str(write_paper(tmp_path / "warmth.pdf", stamp=""))).paper
    documents.document_of(desk, paper)
    reading.start_pass(desk, paper, 1)
    reading.finish_pass(desk, paper, 1, decision=Decision.GO_ON)
    quote = "A learning rate that grows from zero over the first steps costs nothing"
    notes.mark(desk, paper, 2, quote, 1, step="read")
    return paper


@pytest.fixture
def waiting(desk, read):
    """One paper put off to today, one half done, one surprise."""
    other = reading.start_pass(desk, library.get_paper(desk, "1904.09237"), 1)
    reading.set_step(desk, other, 3)
    reading.spend(desk, other.id, 24 * 60)
    day = desk.clock().date()
    reading.finish_pass(desk, read, 1, "the proof is worth a second look", day, Decision.LATER)
    add_surprise(desk, "loss rises [red]", "it falls", "0.31, then 0.44", "1904.09237")
    return read


@SIZES
def test_home(shown, waiting, size):
    assert shown(size)


@SIZES
def test_home_empty(shown, desk, size):
    assert shown(size, ["f1"], ready=lambda app: app.screen.has_class("-empty"))


@SIZES
def test_claims(shown, warmth, desk, size):
    found = documents.candidates_of(desk, warmth)
    claims.accept(desk, warmth, found[0])
    claims.accept(desk, warmth, found[3])
    claims.add_claim(desk, warmth, "warmup mends a poor [estimate]")
    assert shown(
        size, ["c", "down"], ref=warmth.name, ready=lambda app: not app.screen.has_class("-busy")
    )


def test_claims_none(shown, read, monkeypatch):
    monkeypatch.setattr(documents, "candidates_of", lambda *_: ())
    assert shown((80, 24), ["c"], ref=read.name, ready=lambda app: app.screen.has_class("-empty"))


def test_claim_by_hand(shown, read, monkeypatch):
    monkeypatch.setattr(documents, "candidates_of", lambda *_: ())
    assert shown((80, 24), ["c", "n"], ref=read.name)


def test_links_to_a_paper(shown, read, desk):
    notes.add_note(desk, read, 1, "Compare with [[1904.09237]], which shows why.", page=2)
    assert shown((80, 24), ["f2", "home", "down", "L"])


@SIZES
def test_library_with_due_and_newer(shown, waiting, desk, size):
    pdf = "papers/2501.00001/v3.pdf"
    newer = PaperVersion(3, pdf, "3" * 64, 9, desk.clock())
    papers.set_version(desk.database.connection, waiting.id, newer)
    assert shown(size, ["f2", "home"])


@SIZES
def test_gallery_of_tables_and_figures(shown, warmth, size):
    assert shown(size, ["1", "F"], ref=warmth.name, ready=lambda app: "1.41" in _screen(app))


def test_figure(shown, warmth):
    assert shown(
        (80, 24), ["1", "F", "down"], ref=warmth.name, ready=lambda app: "▀" in _screen(app)
    )


@SIZES
def test_marking(shown, warmth, size):
    assert shown(size, ["2", "v", "down", "shift+down"], ref=warmth.name)


@SIZES
def test_questions(shown, warmth, size):
    assert shown(size, ["3"], ref=warmth.name, ready=lambda app: "open · pass 2" in _screen(app))


def test_answer(shown, warmth):
    assert shown((80, 24), ["3", "r"], ref=warmth.name)


@SIZES
def test_code_links(shown, warmth, size):
    assert shown(
        size, ["C"], ref=warmth.name, ready=lambda app: "github.com/example" in _screen(app)
    )


@SIZES
def test_changes(shown, read, desk, size, monkeypatch):
    monkeypatch.setattr("researchdesk.services.changes.tables_of", lambda *_: ())
    path = desk.root / "papers" / "2501.00001" / "v1.pdf"
    path.write_bytes(b"%PDF-1.7 stands in for a file")
    old = PaperVersion(1, "papers/2501.00001/v1.pdf", "1" * 64, 29, desk.clock())
    papers.set_version(desk.database.connection, read.id, old)
    words = documents.document_of(desk, read)
    blocks = [replace(b, text=b.text.replace("Paragraph 2", "The 2nd one")) for b in words.blocks]
    documents.keep_document(desk, "1" * 64, replace(words, blocks=tuple(blocks)))
    assert shown(size, ["D"], ref=read.name, ready=lambda app: "changed" in _screen(app))


@SIZES
def test_library(shown, read, size):
    assert shown(size, ["f2", "home"])


@SIZES
def test_library_empty(shown, desk, size):
    assert shown(size, ["d", "d"], ready=lambda app: _empty(app) and _toasts(app), notices=False)


@SIZES
def test_reader(shown, read, size):
    assert shown(size, ref="2501.00001", ready=lambda app: "Paragraph 1" in _text(app))


def test_reader_notes_narrow(shown, read):
    assert shown((80, 24), ["o"], ref="2501.00001")


@SIZES
def test_reader_without_pdf(shown, read, size):
    assert shown(size, ref="1904.09237", ready=lambda app: "Press g" in _screen(app))


@SIZES
def test_surprises(shown, desk, paper, size):
    add_surprise(desk, "warmup does not matter", "half a point", "the same")
    delta = Delta(93.4, 91.2, 0.7, "5 seeds of ours/accuracy")
    odd = add_surprise(desk, "worse [red] than Adam", "93.4", "91.2 ± 0.7", paper.name, delta=delta)
    explaining.file_evidence(desk, odd.id, "trust", "for", paper.name, "the same settings")
    explaining.file_evidence(desk, odd.id, "trust", "against", "", "[b]one seed[/b] of Adam")
    explaining.explain(desk, odd.id, "the steps stay small", "mended with r12", "not mended")
    explaining.explain(desk, odd.id, "their projection comes before the step")
    assert shown(
        size, ["f5"], ready=lambda app: "91.2" in str(app.screen.query_one("#detail-text").content)
    )


@pytest.mark.parametrize(
    "keys", [["n"], ["f"], ["x"], ["w"]], ids=["note", "finish", "leave", "workflow"]
)
def test_dialogs_of_the_reader(shown, read, keys):
    assert shown((80, 24), keys, ref="2501.00001")


@pytest.mark.parametrize(
    "keys",
    [["a"], ["f"], ["question_mark"], ["exclamation_mark"]],
    ids=["add", "find", "help", "funny"],
)
def test_dialogs_of_the_library(shown, read, keys):
    assert shown((80, 24), ["f2", *keys])


@pytest.mark.parametrize("theme", ["desk-light", "desk-contrast"])
def test_themes(shown, read, theme, make_app, monkeypatch):
    monkeypatch.setattr("researchdesk.tui.app.ResearchDeskApp._load_themes", _with(theme))
    assert shown((80, 24), ref="2501.00001")


def _with(theme):
    from researchdesk.tui.app import ResearchDeskApp

    load = ResearchDeskApp._load_themes

    def themed(app):
        load(app)
        app.theme = theme

    return themed


def _screen(app):
    """What stands on the screen, as text."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


def _empty(app):
    return app.screen.has_class("-empty")


def _toasts(app):
    return list(app.screen.query("Toast"))
