"""The storyline's screens as they look. Renew with: pytest tests/tui --snapshot-update"""

from pathlib import Path

import pytest
from support.story_screen import at_rest, shown, words

from researchdesk.domain.surprises import SurpriseState
from researchdesk.services import claims, library, stories
from researchdesk.services.ideas import add_idea
from researchdesk.services.surprises import add_surprise, resolve
from researchdesk.tui.screens.story import StoryScreen
from researchdesk.tui.screens.story_compare import StoryCompareScreen
from researchdesk.tui.widgets.story_diff import StoryDiff

pytestmark = pytest.mark.slow

SIZES = pytest.mark.parametrize("size", [(80, 24), (200, 60)], ids=["80x24", "200x60"])
_FIRST = """Adam is bad. Sometimes.

It forgets what it saw in the rare large gradients of the problem.
"""
_SECOND = """# Why Adam forgets

Adam forgets the rare large gradients, and a maximum over the past remembers them.

## Problem

On the synthetic problem of the paper Adam goes to the worst point [[1904.09237]], and our loss \
rose again after step 900 [[funny:1]], although the step size was lowered all the while; the seed \
matters more than the optimizer does [[funny:2]], with a [spread] of 0.9.

Without the maximum the loss is 0.13 higher [[claim:{claim}]].
? proof: ten seeds on the synthetic problem
? refuted by: one seed in which Adam converges

## Idea

- Warm the second moment up [[idea:1]].
- Nothing else is changed [[run:20260101-000000-gone]].
"""


@pytest.fixture(autouse=True)
def _steady(monkeypatch):
    """All colours, and no waiting for a pause."""
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr("researchdesk.tui.screens.story_linking._PAUSE", 0.01)
    monkeypatch.setattr("researchdesk.tui.screens.story_asking._THINKING", 0.02)


@pytest.fixture
def story(desk):
    """Two drafts; of what the newer one links, one changed and one is gone."""
    library.seed_bundled(desk)
    add_surprise(desk, "loss rises [again] after step 900", "it falls", "0.31, then 0.44")
    add_surprise(desk, "the seed matters more than the optimizer", "spread 0.1", "spread 0.9")
    add_idea(desk, "Warm the second moment up over the first hundred steps")
    paper = library.get_paper(desk, "1904.09237")
    claim = claims.add_claim(desk, paper, "AMSGrad converges where Adam does not")
    stories.new_story(desk, "What a seed is worth")
    stories.new_story(desk, "Why Adam forgets")
    stories.save_draft(desk, "why-adam-forgets", _FIRST)
    stories.new_draft(desk, "why-adam-forgets", "with numbers")
    stories.save_draft(desk, "why-adam-forgets", _SECOND.format(claim=claim.slug))
    resolve(desk, 1, SurpriseState.DROPPED, "the schedule was never stepped")


@pytest.fixture
def looks(snap_compare, make_app, until):
    """Compares the screen after keys, once everything is told."""

    def compare(size, keys=(), ready=lambda app: True, top=True):
        app = make_app()

        async def before(pilot):
            screen = await shown(app, pilot, until)
            await until(pilot, lambda: screen.story is None or screen.lacking)
            await until(pilot, lambda: set(screen.margin.refs) <= set(screen.told))
            if top:
                screen.text.move_cursor((6, 0))
            await pilot.press(*keys)
            await until(pilot, lambda: ready(app))
            await at_rest(app, pilot)

        return snap_compare(app, terminal_size=size, run_before=before)

    return compare


def compared(app):
    return isinstance(app.screen, StoryCompareScreen) and app.screen.query_one(StoryDiff).changes


@SIZES
def test_stories(looks, story, size):
    assert looks(size)


@SIZES
def test_no_story(looks, desk, size):
    assert looks(size, top=False)


@SIZES
def test_writing(looks, story, size):
    assert looks(size, ["enter"])


def test_writing_in_between(looks, story):
    assert looks((120, 40), ["enter"])


@SIZES
def test_an_empty_draft(looks, story, size):
    assert looks(
        size,
        ["enter", "ctrl+n"],
        lambda app: app.screen.draft == 3 and "empty" in words(app.screen, "#story-line"),
        top=False,
    )


@SIZES
def test_the_last_draft(looks, story, size):
    assert looks(size, ["enter", "ctrl+l"], lambda app: app.screen.has_class("-beside"))


@SIZES
def test_compared(looks, story, size):
    assert looks(size, ["enter", "ctrl+b"], compared)


def test_drafts(looks, story):
    assert looks((80, 24), ["enter", "ctrl+r"], lambda app: app.screen.query("#drafts"))


def test_states(looks, story):
    keys = ["enter", "ctrl+r", "end", "s"]
    assert looks((80, 24), keys, lambda app: app.screen.query("#states"))


@SIZES
def test_missing(looks, story, size):
    assert looks(
        size,
        ["enter", "ctrl+f"],
        lambda app: any(one.option_count for one in app.screen.query("#missing")),
    )


@pytest.mark.parametrize(
    "keys", [["ctrl+underscore"], ["ctrl+t"], [*"[[seed"]], ids=["questions", "section", "link"]
)
def test_asked_of_the_text(looks, story, keys):
    assert looks((80, 24), ["enter", *keys])


def test_export(looks, story, monkeypatch):
    monkeypatch.setattr(Path, "cwd", lambda: Path("/home/ada"))
    assert looks((80, 24), ["enter", "f10"], lambda app: app.screen.query("#path"))


@pytest.mark.parametrize("theme", ["desk-light", "desk-contrast"])
def test_themes(looks, story, theme, monkeypatch):
    monkeypatch.setattr(StoryScreen, "on_mount", _themed(theme))
    assert looks((120, 40), ["enter"])


def _themed(theme):
    before = StoryScreen.on_mount

    def on_mount(screen):
        before(screen)
        screen.app.theme = theme

    return on_mount
