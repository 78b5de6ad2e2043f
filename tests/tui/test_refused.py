"""What the desk refuses stays in its dialog, with what is wrong with it."""

from datetime import UTC, datetime

from textual.widgets import Button, Input, Static, TextArea

from researchdesk.domain.stories import Draft
from researchdesk.errors import DeskError
from researchdesk.services import claims, explaining, notes, reading
from researchdesk.services.surprises import add_surprise
from researchdesk.tui.dialogs.answer import AnswerDialog
from researchdesk.tui.dialogs.claim import ClaimDialog
from researchdesk.tui.dialogs.ending import EndingDialog
from researchdesk.tui.dialogs.evidence import EvidenceDialog
from researchdesk.tui.dialogs.investigation import BeginDialog
from researchdesk.tui.dialogs.question import QuestionDialog
from researchdesk.tui.dialogs.story_drafts import DraftsDialog
from researchdesk.tui.screens.claims import ClaimsScreen
from researchdesk.tui.screens.investigations import InvestigationsScreen
from researchdesk.tui.screens.surprises import SurprisesScreen

NOW = datetime(2026, 1, 1, tzinfo=UTC)
_FULL = "No space is left on the disk."


def full(*_given, **_named):
    raise DeskError(_FULL)


async def refused(app, pilot, until, kind, said):
    """Accept the dialog of this kind, which stays open."""
    await pilot.press("ctrl+s")
    await until(pilot, lambda: said in str(app.screen.query_one("#problem", Static).content))
    assert isinstance(app.screen, kind)


async def test_in_the_reader_a_claim_an_answer_and_a_reason_stay(
    make_app, desk, paper, until, monkeypatch
):
    question = notes.mark(desk, paper, 1, "some words")
    reading.start_pass(desk, paper, 1)
    app = make_app("2501.00001")
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: getattr(app.screen, "material", None))
        reader = app.screen
        with monkeypatch.context() as refusing:
            refusing.setattr(notes, "resolve", full)
            reader._resolve(question)
            await until(pilot, lambda: isinstance(app.screen, AnswerDialog))
            app.screen.query_one("#answer", TextArea).text = "long thought about"
            await refused(app, pilot, until, AnswerDialog, _FULL)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.screen is reader)
        assert "long thought about" in [note.text for note in notes.notes_of(desk, paper)]
        with monkeypatch.context() as refusing:
            refusing.setattr(reading, "drop_pass", full)
            reader.action_drop()
            await until(pilot, lambda: isinstance(app.screen, EndingDialog))
            app.screen.query_one("#why", Input).value = "a reason"
            await refused(app, pilot, until, EndingDialog, _FULL)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.screen is reader)
        assert [item.why for item in reading.passes_of(desk, paper)] == ["a reason"]
        await app.push_screen(ClaimsScreen(desk, paper.name))
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, ClaimDialog))
        app.screen.query_one("#text", Input).value = "a long claim"
        app.screen.query_one("#value", Input).value = "nan"
        await refused(app, pilot, until, ClaimDialog, "nan")
        app.screen.query_one("#value", Input).value = "1"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, ClaimsScreen))
        assert [item.text for item in claims.claims_of(desk, paper)] == ["a long claim"]


async def test_a_double_click_saves_once(make_app, until):
    kept = []
    app = make_app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.screen_stack)
        for name in ("accept", "cancel"):
            dialog = QuestionDialog("Why?", "A reason", "none").saved_by(kept.append)
            await app.push_screen(dialog)
            dialog.query_one(f"#{name}", Button).press()
            dialog.query_one(f"#{name}", Button).press()
            await until(pilot, lambda shown=dialog: app.screen is not shown)
            assert kept == ["none"]


async def test_a_double_click_on_a_button_of_its_own_ends_a_dialog_once(make_app, until):
    answers = []
    app = make_app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.screen_stack)
        below = app.screen
        dialog = DraftsDialog("A story", [Draft(1, "words", NOW, "first", NOW)])
        await app.push_screen(dialog, answers.append)
        dialog.query_one("#title", Button).press()
        dialog.query_one("#title", Button).press()
        await until(pilot, lambda: app.screen is not dialog)
        assert app.screen is below
        assert [(one.what, one.number) for one in answers] == [("title", 1)]


async def test_a_beginning_and_evidence_stay(make_app, desk, until, monkeypatch):
    add_surprise(desk, "odd", "a", "b")
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("f7")
        await until(pilot, lambda: isinstance(app.screen, InvestigationsScreen))
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, BeginDialog))
        app.screen.query_one("#title", Input).value = "does it matter?"
        app.screen.query_one("#of", Input).value = "hello world"
        await refused(app, pilot, until, BeginDialog, "hello world")
        await pilot.press("escape", "f5")
        await until(pilot, lambda: isinstance(app.screen, SurprisesScreen) and app.screen.case)
        monkeypatch.setattr(explaining, "file_evidence", full)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, EvidenceDialog))
        app.screen.query_one("#text", Input).value = "seen twice"
        await refused(app, pilot, until, EvidenceDialog, _FULL)
        assert app.screen.query_one("#text", Input).value == "seen twice"
