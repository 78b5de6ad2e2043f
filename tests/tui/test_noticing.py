"""``!`` from anywhere: filled in with what is looked at, measured as one types, never lost."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from support.funny_runs import RUNG, ended_run, watched
from support.recipe_maker import write_recipe
from textual.widgets import Input, Static, TextArea

from researchdesk.domain.claims import ClaimCandidate
from researchdesk.domain.deltas import Delta
from researchdesk.domain.ladder import Ladder, Rung, RungState
from researchdesk.domain.surprises import Surprise
from researchdesk.domain.watching import Certainty, WatchFinding
from researchdesk.errors import DeskError
from researchdesk.services import checking, claims, documents
from researchdesk.services.desk import Desk
from researchdesk.services.library import get_paper
from researchdesk.services.offers import offers_of_run, take_offer
from researchdesk.services.surprises import add_surprise, list_surprises
from researchdesk.tui import noticing
from researchdesk.tui.dialogs.surprise import SurpriseDialog
from researchdesk.tui.messages import Follow, OpenClaims
from researchdesk.tui.screens.arms_table import TableScreen
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.screens.bench import BenchScreen
from researchdesk.tui.screens.claims import ClaimsScreen
from researchdesk.tui.screens.error_analysis import ErrorsScreen
from researchdesk.tui.screens.findings import FindingsScreen
from researchdesk.tui.screens.home import HomeScreen
from researchdesk.tui.screens.ladder import LadderScreen
from researchdesk.tui.screens.large_picture import LargePicture, Subject
from researchdesk.tui.screens.library import LibraryScreen
from researchdesk.tui.screens.reader import ReaderScreen
from researchdesk.tui.screens.run_comparison import CompareScreen
from researchdesk.tui.screens.samples import SamplesScreen
from researchdesk.tui.surprise_form import SurpriseForm
from researchdesk.tui.widgets.claim_list import ClaimList
from researchdesk.tui.widgets.home_list import HomeList
from researchdesk.tui.widgets.page_list import PageList

pytestmark = pytest.mark.slow

TINY, SIZE = "2001.00001-tiny", (80, 24)
FIELDS = ("text", "expected", "observed", "on")


@pytest.fixture
def recipe(desk: Desk) -> None:
    write_recipe(desk.settings.recipes)


def values(app) -> tuple[str, ...]:
    """What stands in the dialog's fields."""
    assert isinstance(app.screen, SurpriseDialog)
    fields = [app.screen.query_one(f"#{name}") for name in FIELDS]
    return tuple(one.text if isinstance(one, TextArea) else one.value for one in fields)


def line(app, name: str) -> str:
    return str(app.screen.query_one(f"#{name}", Static).content)


async def asked(app, pilot, until) -> tuple[str, ...]:
    """Press the key, and tell what is filled in."""
    await pilot.press("exclamation_mark")
    await until(pilot, lambda: isinstance(app.screen, SurpriseDialog) and app.focused)
    return values(app)


async def on_bench(app, pilot, until, run_id: str) -> BenchScreen:
    await until(pilot, lambda: isinstance(app.screen, DeskScreen))
    app.post_message(Follow(f"run:{run_id}"))
    await until(pilot, lambda: isinstance(app.screen, BenchScreen))
    screen = app.screen
    await until(pilot, lambda: screen._detail.run and screen._detail.run.id == run_id)
    await until(pilot, lambda: screen.query_one("#claims").has_focus)
    await until(pilot, lambda: screen._detail.claims)
    return screen


async def pushed(app, pilot, until, screen: DeskScreen) -> None:
    await until(pilot, lambda: isinstance(app.screen, DeskScreen))
    await app.push_screen(screen)
    await until(pilot, lambda: not screen.has_class("-busy") and not getattr(screen, "busy", False))


# Each screen fills in what it knows


async def test_a_different_claim_on_the_bench_is_filled_in_and_kept_as_an_offer(
    make_app, desk, recipe, until
):
    run = ended_run(desk)
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        bench = await on_bench(app, pilot, until, run)
        await until(pilot, lambda: "! keeps it as a surprise" in line(app, "status-words"))
        assert await asked(app, pilot, until) == (
            "Different here: The score is 0.5",
            "0.5 (table 1)",
            "0.82 ± 0.01 (n=3)",
            f"run:{run}#score",
        )
        told = "+0.32, 32.0 standard deviations of 3 seeds of ours/score"
        assert told in line(app, "delta")
        await until(pilot, lambda: "different" in line(app, "on-title"))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.screen is bench)
        (kept,) = list_surprises(desk)
        assert kept.source == f"run:{run}#claim:score"
        assert kept.delta.in_spreads == pytest.approx(32)
        assert offers_of_run(desk, run) == []
        notice = next(iter(app._notifications)).message
        assert "Surprise 1; F5 shows it." in notice
        assert told in notice
        await until(pilot, lambda: "surprise 1 tells of it" in line(app, "status-words"))


async def test_one_that_is_told_already_is_not_kept_twice_by_one_key(make_app, desk, recipe, until):
    run = ended_run(desk)
    take_offer(desk, offers_of_run(desk, run)[0])
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await on_bench(app, pilot, until, run)
        assert await asked(app, pilot, until) == (
            "", "0.5 (table 1)", "0.82 ± 0.01 (n=3)", f"run:{run}#score"
        )  # fmt: skip
        assert "Surprise 1 tells of this already" in line(app, "told")
        await pilot.press("ctrl+s")
        assert "first three" in line(app, "problem")
        await pilot.press(*"another", "ctrl+s")
        await until(pilot, lambda: len(list_surprises(desk)) == 2)
        assert {one.source for one in list_surprises(desk)} == {f"run:{run}#claim:score", ""}


async def test_one_after_the_other_is_kept_by_the_same_two_keys(make_app, desk, recipe, until):
    run = ended_run(desk, checks=[RUNG])
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        bench = await on_bench(app, pilot, until, run)
        for count in (1, 2):
            await until(pilot, lambda: "! keeps it as a surprise" in line(app, "status-words"))
            await asked(app, pilot, until)
            await pilot.press("ctrl+s")
            await until(pilot, lambda: app.screen is bench)
            assert len(list_surprises(desk)) == count
        await until(pilot, lambda: "tells of it" in line(app, "status-words"))
        assert [one.source for one in list_surprises(desk)] == [
            f"run:{run}#check:ours:one-batch",
            f"run:{run}#claim:score",
        ]


async def test_a_claim_that_holds_gives_both_numbers(make_app, desk, recipe, until):
    run = ended_run(desk, (0.5, 0.51, 0.52))
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await on_bench(app, pilot, until, run)
        filled = await asked(app, pilot, until)
        assert filled == ("", "0.5 (table 1)", "0.51 ± 0.01 (n=3)", f"run:{run}#score")
        assert "+0.01, 1.0 standard deviation of 3 seeds" in line(app, "delta")


async def test_the_curves_under_view_give_where_they_end(make_app, desk, recipe, until):
    run = ended_run(desk)
    app = make_app()
    async with app.run_test(size=(160, 50)) as pilot:
        screen = await on_bench(app, pilot, until, run)
        await until(pilot, lambda: screen._detail.curves.metric == "loss")
        screen._detail.curves.focus()
        filled = await asked(app, pilot, until)
        assert filled == ("", "", "loss: ours 0.25 at step 2", f"run:{run}")
        assert app.focused.id == "text"


async def test_elsewhere_on_the_bench_the_first_funny_thing_of_the_run(
    make_app, desk, recipe, until
):
    run = ended_run(desk, (0.5, 0.51, 0.52), [RUNG])
    app = make_app()
    async with app.run_test(size=(160, 50)) as pilot:
        screen = await on_bench(app, pilot, until, run)
        screen.query_one("#runs").focus()
        text, expected, observed, on = await asked(app, pilot, until)
        assert text.startswith("A rung failed: one batch learnt by heart")
        assert expected.startswith("The rung “one batch learnt by heart” passes.")
        assert observed == RUNG["message"]
        assert on == f"run:{run}"


async def test_a_recipe_that_never_ran_gives_its_claim_and_its_paper(make_app, desk, recipe, until):
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, DeskScreen))
        await pilot.press("f4")
        await until(pilot, lambda: isinstance(app.screen, BenchScreen) and app.screen._recipe)
        app.screen.show_paper("2001.00001")
        await until(pilot, lambda: app.screen._recipe.name == TINY)
        await pilot.pause()
        assert await asked(app, pilot, until) == ("", "0.5 (table 1)", "", "2001.00001")


async def test_a_number_of_a_paper_is_what_was_expected(make_app, desk, paper, until, monkeypatch):
    found = (ClaimCandidate("28.4", 28.4, "BLEU", "WMT14", "Table 2", 3, "big 28.4"),)
    monkeypatch.setattr(documents, "candidates_of", lambda *_: found)
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        app.post_message(OpenClaims(paper.name))
        await until(pilot, lambda: isinstance(app.screen, ClaimsScreen))
        await until(pilot, lambda: app.screen.query_one(ClaimList).current)
        filled = await asked(app, pilot, until)
        assert filled == ("", "BLEU WMT14 28.4 (Table 2)", "", "2501.00001")
        await pilot.press("escape", "space")
        (claim,) = claims.claims_of(desk, paper)
        await until(pilot, lambda: app.screen.query_one(ClaimList).current.claim)
        filled = await asked(app, pilot, until)
        assert filled == ("", "BLEU WMT14 28.4 (Table 2)", "", f"claim:{claim.slug}")
        await until(pilot, lambda: "BLEU" in line(app, "on-title"))


async def test_the_words_marked_in_the_reader_were_expected(make_app, paper, until):
    app = make_app("2501.00001")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.material)
        assert await asked(app, pilot, until) == ("", "", "", "2501.00001")
        await until(pilot, lambda: "Brackets [red]everywhere" in line(app, "on-title"))
        await pilot.press("escape")
        app.screen.text.focus()
        await pilot.press("v")
        await until(pilot, lambda: app.screen.text.marking)
        quote = app.screen.text.taken().quote
        assert quote
        assert await asked(app, pilot, until) == ("", " ".join(quote.split()), "", "2501.00001")


async def test_a_finding_is_filled_in_with_its_line(make_app, desk, until):
    name = "evaluation-in-training-mode"
    likely = WatchFinding(name, Certainty.LIKELY, "Dropout was on.", "a.py", 3)
    again = WatchFinding(name, Certainty.LIKELY, "Again.", "b.py", 4)
    look = WatchFinding("seed-not-set", Certainty.LOOK, "No seed.", "a.py", 1)
    report = watched(desk, likely, again, look)
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await pushed(app, pilot, until, FindingsScreen(desk))
        pages = app.screen.query_one(PageList)
        await until(pilot, lambda: len(pages) == 4)
        assert await asked(app, pilot, until) == ("", "", "", f"watch:{report.id}")
        await pilot.press("escape", "down")
        text, expected, observed, on = await asked(app, pilot, until)
        assert text == "Evaluation in training mode, in train.py"
        assert expected.startswith("No “Evaluation in training mode”. In training mode dropout")
        assert (observed, on) == ("Dropout was on. (a.py:3)", f"watch:{report.id}")
        await pilot.press("escape", "down")
        await asked(app, pilot, until)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: list_surprises(desk))
        assert list_surprises(desk)[0].source == f"watch:{report.id}#{name}:2"
        await pilot.press("down")
        text, _, observed, _ = await asked(app, pilot, until)
        assert observed == "No seed. (a.py:1)"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: len(list_surprises(desk)) == 2)
        assert list_surprises(desk)[0].source == ""


@pytest.mark.parametrize("ran", [False, True], ids=["checked", "of a run"])
async def test_a_rung_that_failed(make_app, desk, recipe, until, monkeypatch, ran):
    run = ended_run(desk, (0.5, 0.51, 0.52), [RUNG]) if ran else ""
    failed = Rung("one-batch", RungState.FAILED, "accuracy 0.50", "It does not fit.")
    ladder = Ladder(TINY, "ours", (Rung("overlap", RungState.PASSED), failed), (), 1.0)
    monkeypatch.setattr(checking, "kept", lambda *_: ladder)
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await pushed(app, pilot, until, LadderScreen(desk, TINY, "ours"))
        await until(pilot, lambda: len(app.screen.query_one(PageList)) == 3)
        assert (await asked(app, pilot, until))[3] == "2001.00001"
        await pilot.press("escape", "down", "down")
        text, expected, observed, on = await asked(app, pilot, until)
        assert text == f"A rung failed: one batch learnt by heart, ours of {TINY}"
        assert "Does training fit one batch" in expected
        wanted = (RUNG["message"], f"run:{run}") if ran else (
            "accuracy 0.50; It does not fit.", "2001.00001"
        )  # fmt: skip
        assert (observed, on) == wanted


async def test_two_runs_compared_give_the_metric_of_both(make_app, desk, recipe, until):
    a = ended_run(desk, (0.5, 0.51, 0.52), more={"loss": 0.25})
    b = ended_run(desk, (0.8, 0.81, 0.82), more={"loss": 0.5})
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await pushed(app, pilot, until, CompareScreen(desk, a, b))
        await until(pilot, lambda: app.screen._curves)
        assert await asked(app, pilot, until) == (
            "", f"0.25 ± 0 (n=3), as in run:{a}", "0.5 ± 0 (n=3)", f"run:{b}"
        )  # fmt: skip
        await until(pilot, lambda: "+0.25" in line(app, "delta"))


@pytest.mark.parametrize("what", ["errors", "table", "samples"])
async def test_screens_over_the_bench(make_app, desk, recipe, until, what):
    run = ended_run(desk)
    made: dict[str, Callable[[], DeskScreen]] = {
        "errors": lambda: ErrorsScreen(desk, run),
        "table": lambda: TableScreen(desk, run),
        "samples": lambda: SamplesScreen(desk, TINY),
    }
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await pushed(app, pilot, until, made[what]())
        on = {"errors": f"run:{run}", "table": f"run:{run}#score", "samples": "2001.00001"}[what]
        assert (await asked(app, pilot, until))[3] == on


async def test_a_figure_over_the_whole_screen_gives_its_name(make_app, desk, paper, until):
    app = make_app("2501.00001")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.material)
        await app.push_screen(LargePicture(desk, paper, Subject("Figure 3", 1, None)))
        filled = await asked(app, pilot, until)
        assert filled == ("", "as Figure 3 shows", "", "2501.00001")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, LargePicture))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))


async def test_the_library_gives_its_paper(make_app, desk, paper, until):
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        await until(pilot, lambda: app.screen.paper_at_hand())
        named = app.screen.paper_at_hand()
        assert await asked(app, pilot, until) == ("", "", "", named)


async def test_home_gives_what_its_row_leads_to(make_app, desk, recipe, until):
    run = ended_run(desk)
    add_surprise(desk, "odd", "down", "up", "1904.09237")
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        rows = app.screen.query_one(HomeList)
        await until(pilot, lambda: rows.current)
        seen = {}
        for _ in range(2):
            key = rows.current.key
            seen[key] = await asked(app, pilot, until)
            await pilot.press("escape", "down")
            await until(pilot, lambda key=key: rows.current and rows.current.key != key)
            if len(seen) == 2:
                break
        assert seen[f"run:{run}"][3] == f"run:{run}#score"
        assert seen["funny:1"] == ("", "", "", "1904.09237")


# The dialog


async def test_the_delta_is_told_as_one_types(make_app, desk, recipe, until):
    run = ended_run(desk, (0.5, 0.51, 0.52))
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, DeskScreen))
        await asked(app, pilot, until)
        app.screen.query_one("#on", Input).value = ""
        await pilot.press(*"odd", "enter", *"0.40", "enter")
        assert app.focused.id == "observed"
        assert "one number in one unit" in line(app, "delta")
        await pilot.press(*"0.51")
        await until(pilot, lambda: "+0.11" in line(app, "delta"))
        app.screen.query_one("#on", Input).value = f"run:{run}"
        told = "+0.11, 11.0 standard deviations of 3 seeds of ours/score"
        await until(pilot, lambda: told in line(app, "delta"))
        assert f"{TINY}" in line(app, "on-title")
        await pilot.press(*" %")
        await until(pilot, lambda: "there is no delta: none and %" in line(app, "delta"))
        app.screen.query_one("#on", Input).value = "run:20200101-000000-gone"
        await until(pilot, lambda: "nothing of this name" in line(app, "on-title"))
        await pilot.press("backspace", "backspace", "ctrl+s")
        await until(pilot, lambda: list_surprises(desk))
        (kept,) = list_surprises(desk)
        assert (kept.expected, kept.observed, kept.delta.spread) == ("0.40", "0.51", None)


async def test_words_that_were_changed_are_measured_anew(make_app, desk, recipe, until):
    run = ended_run(desk)
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await on_bench(app, pilot, until, run)
        await asked(app, pilot, until)
        app.screen.query_one("#expected", TextArea).text = "0.62"
        await until(pilot, lambda: "+0.2, 20.0 standard deviations" in line(app, "delta"))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: list_surprises(desk))
        (kept,) = list_surprises(desk)
        assert kept.source == f"run:{run}#claim:score"
        assert kept.delta.by == pytest.approx(0.2)


async def test_what_was_not_kept_is_gone_on_with_in_the_same_place(make_app, desk, paper, until):
    app = make_app("2501.00001")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.material)
        await asked(app, pilot, until)
        await pilot.press(*"loss! ri", "enter", *"down", "escape")
        assert any("! in the same place goes on" in one.message for one in app._notifications)
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        app.screen.reload(get_paper(desk, "1904.09237").id)
        await until(pilot, lambda: app.screen.paper_at_hand() == "1904.09237")
        assert (await asked(app, pilot, until))[0] == ""
        await pilot.press("escape")
    again = make_app("2501.00001")
    async with again.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: isinstance(again.screen, ReaderScreen) and again.screen.material)
        assert await asked(again, pilot, until) == ("loss! ri", "down", "", "2501.00001")
        assert again.focused.id == "observed"
        await pilot.press(*"up", "ctrl+s")
        await until(pilot, lambda: list_surprises(desk))
        assert await asked(again, pilot, until) == ("", "", "", "2501.00001")
        await pilot.press("escape")
    assert not list((desk.root / "drafts").glob("funny-*"))


async def test_a_crash_loses_no_more_than_a_second(make_app, desk, paper, until):
    app = make_app("2501.00001")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.material)
        await asked(app, pilot, until)
        await pilot.press(*"odd")
        await until(pilot, lambda: list((desk.root / "drafts").glob("funny-*.json")))
        assert "not kept yet" in app.screen.unsaved()
        (file,) = (desk.root / "drafts").glob("funny-*.json")
        assert '"odd"' in file.read_text()
        file.write_text("{broken")
    again = make_app("2501.00001")
    async with again.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: isinstance(again.screen, ReaderScreen) and again.screen.material)
        assert (await asked(again, pilot, until))[0] == ""


async def test_what_was_begun_on_an_offer_can_be_taken_back(make_app, desk, recipe, until):
    run = ended_run(desk)
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await on_bench(app, pilot, until, run)
        first = await asked(app, pilot, until)
        await pilot.press(*" more", "escape")
        changed = await asked(app, pilot, until)
        assert changed == (f"{first[0]} more", *first[1:])
        await pilot.press("ctrl+r")
        await until(pilot, lambda: values(app) == first)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: list_surprises(desk))
        assert list_surprises(desk)[0].source == f"run:{run}#claim:score"


async def test_a_surprise_that_could_not_be_kept_is_not_lost(
    make_app, desk, paper, until, monkeypatch
):
    def refuse(*_: object, **__: object) -> Surprise:
        raise DeskError("The disk is full.", "Make room.")

    app = make_app("2501.00001")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.material)
        await asked(app, pilot, until)
        await pilot.press(*"odd", "enter", *"one", "enter", *"two")
        with monkeypatch.context() as broken:
            broken.setattr(noticing, "add_surprise", refuse)
            await pilot.press("ctrl+s")
            told = app.screen.query(Static)
            await until(pilot, lambda: any("The disk is full" in str(one.content) for one in told))
        assert isinstance(app.screen, SurpriseDialog)
        assert list_surprises(desk) == []
        await pilot.press("ctrl+s")
        await until(pilot, lambda: list_surprises(desk))
        (kept,) = list_surprises(desk)
        assert (kept.text, kept.expected, kept.observed) == ("odd", "one", "two")


async def test_in_a_text_field_it_is_an_exclamation_mark(make_app, desk, paper, until):
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        await pilot.press("slash", "a", "exclamation_mark")
        assert isinstance(app.screen, LibraryScreen)
        assert app.screen.query_one("#filter", Input).value == "a!"


async def test_a_screen_that_cannot_say_asks_all_the_same(
    make_app, desk, recipe, until, monkeypatch
):
    run = ended_run(desk)
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await pushed(app, pilot, until, TableScreen(desk, run))
        app.screen._run_id = "20200101-000000-gone"
        assert await asked(app, pilot, until) == ("", "", "", "")
        assert any("no run" in one.message for one in app._notifications)


@pytest.mark.parametrize("size", [(80, 24), (80, 20), (200, 60)])
async def test_all_of_a_long_one_can_be_seen(make_app, desk, until, size):
    report = watched(desk)
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await pushed(app, pilot, until, FindingsScreen(desk))
        await until(pilot, lambda: len(app.screen.query_one(PageList)) == 2)
        await pilot.press("down")
        filled = await asked(app, pilot, until)
        assert report.findings[0].message in filled[2]
        await pilot.pause()
        for name in (*FIELDS, "delta"):
            area = app.screen.query_one(f"#{name}")
            assert area.region.bottom <= size[1]
            assert area.region in app.screen.query_one("#fields").region
        for area in app.screen.query(TextArea):
            assert area.virtual_size.height <= area.size.height
        assert app.screen.query_one("#accept").region.bottom <= size[1]


def test_a_form_with_other_numbers_has_no_delta_of_the_old() -> None:
    form = SurpriseForm("t", "1", "2", "", "s", Delta(1, 2))
    assert form.with_words("other", "1", "2", "x").delta == Delta(1, 2)
    assert form.with_words("t", "1", "3", "").delta is None
    assert replace(form, saved=True).words == form.words
