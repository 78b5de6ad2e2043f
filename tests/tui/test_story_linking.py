"""What a storyline links: told beside its line, offered, followed, seen."""

import threading

import pytest
from support.story_screen import begun, opened, words
from textual.widgets import OptionList

from researchdesk.domain.surprises import SurpriseState
from researchdesk.services import library, stories, story_evidence
from researchdesk.services.surprises import add_surprise, resolve
from researchdesk.tui.dialogs.bench_confirm import ConfirmDialog
from researchdesk.tui.messages import Follow

_LONG = "A sentence that is long enough to be wrapped on any screen there is, and then some. " * 3
_TEXT = f"""The loss rises.

{_LONG}It rises [[funny:1]], it does.

Nothing is linked here.
As in [[1904.09237]] and [[idea:9]].
Deep ones too [[1512.03385]].
"""


@pytest.fixture
def story(desk):
    """A story that links a surprise, a paper, and an idea that there is not."""
    library.seed_bundled(desk)
    add_surprise(desk, "loss rises [red]", "it falls", "0.31, then 0.44")
    stories.new_story(desk, "Why")
    stories.save_draft(desk, "why", _TEXT)
    return stories.get_story(desk, "why")


def beside(screen, ref):
    """The row of the margin that stands where the link to ``ref`` is written, on the screen."""
    lines = screen.text.text.split("\n")
    line = next(at for at, words in enumerate(lines) if f"[[{ref}]]" in words)
    offset = screen.text.wrapped_document.location_to_offset(
        (line, lines[line].index(f"[[{ref}]]"))
    )
    row = offset.y - screen.text.scroll_offset.y
    assert screen.margin.region.y == screen.text.content_region.y
    return screen.margin.rows[row]


@pytest.mark.parametrize("size", [(120, 40), (200, 60)])
async def test_what_is_linked_stands_beside_its_wrapped_line(make_app, story, until, size):
    app = make_app()
    async with app.run_test(size=size) as pilot:
        screen = await opened(app, pilot, until)
        assert screen.margin.size.width >= 36
        assert beside(screen, "funny:1").startswith("○ noticed")
        assert beside(screen, "idea:9").startswith("? nothing of this name")
        assert beside(screen, "idea:9").endswith("(+1)")
        below = screen.margin.rows.index(beside(screen, "funny:1")) + 1
        assert screen.margin.rows[below].strip() == "loss rises [red]"


async def test_a_narrow_margin_shows_marks_and_the_line_below_says_the_rest(make_app, story, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot, until)
        assert screen.margin.size.width == 2
        assert screen.margin.region.x == 0
        assert beside(screen, "funny:1") == "○"
        assert beside(screen, "idea:9") == "?"
        screen.text.move_cursor((2, 0))
        await until(pilot, lambda: "noticed · loss rises [red]" in words(screen, "#status"))
        screen.text.move_cursor((5, 30))
        await until(pilot, lambda: words(screen, "#status").startswith("? nothing"))
        assert "On the Convergence of Adam" in words(screen, "#status")
        screen.text.move_cursor((0, 0))
        await until(pilot, lambda: "No link on this line" in words(screen, "#status"))


async def test_the_margin_goes_with_the_text_when_it_is_scrolled_or_grows(
    make_app, desk, story, until
):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(app, pilot, until)
        before = screen.margin.rows.index(beside(screen, "funny:1"))
        screen.text.move_cursor((0, 0))
        await pilot.press("enter", "enter", "enter")
        await until(pilot, lambda: screen.margin.rows[before + 3].startswith("○ noticed"))
        assert beside(screen, "funny:1").startswith("○ noticed")
        screen.text.insert("\n" * 60, (0, 0))
        await pilot.press("ctrl+end", *["pagedown"] * 4)
        await until(pilot, lambda: screen.text.scroll_offset.y > 30)
        await until(pilot, lambda: beside(screen, "funny:1").startswith("○ noticed"))


async def test_the_margin_goes_with_what_stands_behind_fences(make_app, desk, until):
    stories.new_story(desk, "Code")
    text = "Words.\n\n```\n[[funny:1]]\n```\n\nSee [[funny:2]].\n"
    stories.save_draft(desk, "code", text)
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(app, pilot, until)
        assert screen.margin.refs == ("funny:2",)
        assert screen.margin.rows[6].startswith("? nothing of this name")


async def test_what_changed_is_marked_until_it_was_seen(make_app, desk, story, until):
    resolve(desk, 1, SurpriseState.EXPLAINED, "a warmup too short")
    app = make_app()
    async with app.run_test(size=(200, 60)) as pilot:
        screen = await opened(app, pilot, until)
        changed = beside(screen, "funny:1")
        assert changed[0] in "!✗"
        assert "explained" in changed
        assert any("it said: noticed" in said for said in screen.margin.rows)
        assert "2 to look at: F12" in words(screen, "#story-line")
        screen.text.move_cursor((2, 0))
        await pilot.press("f12")
        await until(pilot, lambda: screen.news == ["idea:9"])
        assert beside(screen, "funny:1")[0] != "!"
        screen.text.move_cursor((0, 0))
        await pilot.press("f12")
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
        await pilot.press("y")
        await until(pilot, lambda: app.screen is screen and not screen.news)
        assert "to look at" not in words(screen, "#story-line")
    found = story_evidence.lines_with_evidence(desk, "why", _TEXT)
    assert not any(line.news for line in found)


async def test_reading_what_is_linked_never_keeps_a_key_waiting(
    make_app, story, until, monkeypatch
):
    monkeypatch.setattr("researchdesk.tui.screens.story_linking._PAUSE", 0.01)
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(app, pilot, until)
        asked, go_on, ask = threading.Event(), threading.Event(), story_evidence.lines_with_evidence

        def slow(desk, name, text):
            asked.set()
            assert go_on.wait(120)
            return ask(desk, name, text)

        monkeypatch.setattr(story_evidence, "lines_with_evidence", slow)
        screen.text.move_cursor(screen.text.document.end)
        await pilot.press(*"So [[funny:1")
        await until(pilot, asked.is_set)
        await pilot.press(*"]] [[funny:7]]")
        assert screen.text.text.endswith("So [[funny:1]] [[funny:7]]")
        row = screen.text.wrapped_document.location_to_offset((7, 0)).y
        assert screen.margin.rows[row].startswith("○ noticed")
        go_on.set()
        await until(pilot, lambda: "funny:7" in screen.told)


async def test_two_brackets_offer_what_can_be_linked(make_app, desk, story, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot, until)
        await pilot.press(*"see [[loss ris")
        offered = screen.query_one("#offered", OptionList)
        await until(pilot, lambda: offered.option_count == 1)
        assert "funny:1  loss rises [red]" in str(offered.options[0].prompt)
        assert offered.region.bottom <= 22
        assert "tab or enter" in words(screen, "#status")
        await pilot.press("enter")
        await until(pilot, lambda: screen.text.text.endswith("see [[funny:1]]"))
        assert not offered.display
        await pilot.press("enter", "down", "up")
        assert screen.text.text.endswith("see [[funny:1]]\n")


async def test_offers_are_there_for_what_was_kept_since(make_app, desk, story, until):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(app, pilot, until)
        await pilot.press(*"[[gradients vanish")
        await pilot.press("f2")
        add_surprise(desk, "gradients vanish", "they stay", "0")
        await pilot.press("f6")
        await until(pilot, lambda: app.screen is screen)
        screen.text.focus()
        await pilot.press("backspace")
        await until(pilot, lambda: screen.has_class("-offering"))


async def test_a_link_is_followed_by_key_and_by_mouse(make_app, story, until, monkeypatch):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(app, pilot, until)
        followed, post = [], screen.post_message
        monkeypatch.setattr(
            screen,
            "post_message",
            lambda m: followed.append(m.target) if isinstance(m, Follow) else post(m),
        )
        screen.text.move_cursor((5, 8))
        await pilot.press("ctrl+g")
        await until(pilot, lambda: followed == ["1904.09237"])
        assert screen.paper_at_hand() == "1904.09237"
        row = screen.margin.rows.index(beside(screen, "funny:1"))
        await pilot.click("#margin", offset=(3, row))
        await until(pilot, lambda: screen.text.cursor_location[0] == 2)
        assert followed == ["1904.09237"]
        await pilot.click("#margin", offset=(3, row), times=2)
        await until(pilot, lambda: followed == ["1904.09237", "funny:1"])
        assert screen.surprise_at_hand().on == ""
        screen.text.move_cursor((0, 0))
        await pilot.press("ctrl+g")
        await until(pilot, lambda: list(app._notifications))
        assert len(followed) == 2


async def test_a_link_is_begun_from_the_list_of_commands(make_app, desk, story, until):
    app = make_app()
    async with app.run_test() as pilot:
        screen = await begun(app, pilot, until)
        await screen.run_action("link")
        await until(pilot, lambda: screen.has_class("-offering"))
        assert screen.text.text == "[["
