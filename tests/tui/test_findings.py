"""What watching found, from the surprise log and from the bench."""

from dataclasses import replace

import pytest
from support.story_screen import at_rest
from textual.widgets import Static

from researchdesk.domain.watching import Certainty, FindingPage, WatchFinding, WatchReport
from researchdesk.services.surprises import add_surprise
from researchdesk.services.watching import keep_report
from researchdesk.tui.dialogs.surprise import SurpriseDialog
from researchdesk.tui.screens import findings
from researchdesk.tui.screens.bench import BenchScreen
from researchdesk.tui.screens.findings import FindingsScreen
from researchdesk.tui.screens.surprises import SurprisesScreen
from researchdesk.tui.widgets.page_list import PageList

FOUND = (
    WatchFinding(
        "gradients-not-zeroed", Certainty.CERTAIN, "4 steps [red] used them.", "src/train.py", 11,
        "loss.backward()  # [/b]", 57, {"steps": 4},
    ),
    WatchFinding("not-a-page", Certainty.LOOK, "A finding of a later release."),
)  # fmt: skip
PAGE = FindingPage(
    "gradients-not-zeroed", "Gradients are never zeroed", "optimisation", (Certainty.CERTAIN,),
    "Each step used what all backward passes added.", "It is a momentum of 1 [/b].\n\nAnd more.",
    "Call `optimizer.zero_grad()`.", "Accumulation on purpose zeroes too.",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _pages(monkeypatch):
    monkeypatch.setattr(findings, "finding_pages", lambda: {PAGE.name: PAGE})


@pytest.fixture
def reports(desk):
    """Two scripts; the first one watched belongs to a paper."""
    first = WatchReport(
        ("src/train.py", "--lr", "1"), "/home/ada", "/usr/bin/python3", 3, "exit",
        desk.clock(), 12.5, "2.9", FOUND, {"optimizer steps": 8_000}, {"ms per step": 1.25},
        ("Children were not watched.",), ("Traceback\nKeyError: 'x'",), on="1904.09237",
    )  # fmt: skip
    second = replace(first, argv=("-m", "pkg.fit"), findings=(), on="", problems=())
    return [keep_report(desk, item) for item in (first, second)]


def words(app):
    return str(app.screen.query_one("#page-text", Static).content)


def titles(app):
    return [(page.mark, page.title) for page in app.screen.query_one(PageList).items]


async def shown(app, pilot, until):
    await until(pilot, lambda: isinstance(app.screen, FindingsScreen) and not app.screen.busy)


async def test_from_a_surprise_its_own_reports_come_first(make_app, desk, reports, until):
    add_surprise(desk, "loss rises", "it falls", "0.31, then 0.44", "1904.09237")
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f5")
        detail = "train.py: 1 certain, 1 worth a look"
        await until(pilot, lambda: app.screen.query("#watched"))
        await until(pilot, lambda: detail in str(app.screen.query_one("#watched", Static).content))
        await pilot.press("W")
        await shown(app, pilot, until)
        assert titles(app) == [
            ("", "train.py"),
            ("!", "gradients-not-zeroed"),
            ("·", "not-a-page"),
            ("", "-m pkg.fit"),
        ]
        for part in (
            "src/train.py --lr 1", "1 certain, 1 worth a look.", "It ended with 3",
            "8,000 optimizer steps", "1.25 ms per step", "Children were not", "KeyError: 'x'",
        ):  # fmt: skip
            assert part in words(app), part
        await pilot.press("down")
        for part in (
            "Gradients are never zeroed", "seen 57 times", "4 steps [red] used them.",
            "src/train.py, line 11", "loss.backward()  # [/b]", "momentum of 1 [/b].\nAnd more.",
            "optimizer.zero_grad()", "# researchdesk: ok gradients-not-zeroed",
        ):  # fmt: skip
            assert part in words(app), part
        await pilot.press("down")
        assert "A finding of a later release." in words(app)
        assert "--ignore not-a-page" in words(app)
        await pilot.press("right_square_bracket")
        assert "Nothing found." in words(app)
        await pilot.press("left_square_bracket", "exclamation_mark")
        await until(pilot, lambda: isinstance(app.screen, SurpriseDialog))
        assert app.screen.query_one("#on").value == "1904.09237"
        await pilot.press("escape", "enter", "escape", "escape")
        await until(pilot, lambda: isinstance(app.screen, SurprisesScreen))


async def test_from_the_bench_and_what_was_watched_meanwhile(make_app, desk, reports, until):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("f4")
        await until(pilot, lambda: isinstance(app.screen, BenchScreen))
        await pilot.press("W")
        await shown(app, pilot, until)
        assert len(titles(app)) == 4
        keep_report(desk, replace(reports[1], argv=("new.py",)))
        await pilot.press("r")
        await until(pilot, lambda: ("", "new.py") in titles(app))


async def test_without_a_report_it_says_how_to_make_one(make_app, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f5", "W")
        await shown(app, pilot, until)
        assert "researchdesk watch train.py" in str(app.screen.query_one("#nothing").content)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, SurprisesScreen))


@pytest.mark.parametrize("size", [(80, 24), (200, 60)], ids=["80x24", "200x60"])
def test_looks(make_app, desk, reports, until, snap_compare, size, monkeypatch):
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    app = make_app()

    async def before(pilot):
        await pilot.press("f5", "W")
        await shown(app, pilot, until)
        await pilot.press("down", "down")
        await until(pilot, lambda: "momentum" in words(app))
        await at_rest(app, pilot)

    assert snap_compare(app, terminal_size=size, run_before=before)
