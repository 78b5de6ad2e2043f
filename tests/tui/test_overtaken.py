"""What comes late: of words no longer asked for it is dropped, on a screen not looked at it is
told."""

from researchdesk.domain.code import CodeHit
from researchdesk.domain.papers import Metadata
from researchdesk.domain.queries import FindPage, FindQuery
from researchdesk.errors import DeskError
from researchdesk.services.acquire import Added
from researchdesk.tui.dialogs import code_find
from researchdesk.tui.dialogs.code_find import CodeFindDialog
from researchdesk.tui.dialogs.find import FindDialog
from researchdesk.tui.fetching import Fetching
from researchdesk.tui.screens.triage import TriageScreen


async def test_a_search_that_was_overtaken_is_not_shown(make_app, desk, until, monkeypatch):
    monkeypatch.setattr(code_find, "find_words", lambda *_: [CodeHit("new.py", 1, "new")])
    old = FindQuery(words="old")
    paper = Metadata(title="Old", authors=("A",), arxiv_id="2501.00009")
    app = make_app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.screen_stack)
        dialog = CodeFindDialog(None, "", [])
        await app.push_screen(dialog)
        results = dialog.query_one("#results")
        await pilot.press(*"new")
        await until(pilot, lambda: results.option_count == 1)
        dialog.post_message(dialog.Found("ne", [CodeHit("old.py", 1, "ne")] * 2))
        dialog.post_message(dialog.Failed("ne", DeskError("It failed.")))
        await pilot.pause()
        assert results.option_count == 1
        assert not dialog.query_one("#problem").has_class("-shown")
        find = FindDialog(desk)
        await app.push_screen(find)
        find.post_message(find.Found(old, FindPage(1, 0, (paper,))))
        find.post_message(find.Failed(old, DeskError("It failed.")))
        await pilot.pause()
        assert find.query_one("#results").option_count == 0
        assert not find.query_one("#problem").has_class("-shown")


async def test_a_paper_that_came_is_told_where_triage_is_not_looked_at(
    make_app, desk, paper, until
):
    app = make_app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.screen_stack)
        await app.push_screen(TriageScreen(desk))
        await pilot.press("f8")
        app.clear_notifications()
        app._announce(Fetching("2501.00001", added=Added(paper, 2, already=False, fetched=True)))
        await until(pilot, lambda: any("2501.00001v2" in n.message for n in app._notifications))
