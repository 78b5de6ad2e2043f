"""The log of surprises: what is shown of one, and what is done about it."""

from datetime import timedelta

import pytest
from textual.content import Content
from textual.widgets import Input, OptionList, Static, TextArea

from researchdesk.domain.deltas import Delta
from researchdesk.domain.surprises import SurpriseState
from researchdesk.services import claims, explaining, ideas, notes, surprises
from researchdesk.services.surprises import add_surprise
from researchdesk.tui.dialogs.choice import ChoiceDialog
from researchdesk.tui.dialogs.evidence import EvidenceDialog
from researchdesk.tui.dialogs.explanation import ExplanationDialog
from researchdesk.tui.dialogs.question import QuestionDialog
from researchdesk.tui.messages import Follow, OpenInvestigation
from researchdesk.tui.screens.reader import ReaderScreen
from researchdesk.tui.screens.surprises import SurprisesScreen
from researchdesk.tui.widgets.surprise_delta import DeltaPicture, picture
from researchdesk.tui.widgets.surprise_list import SurpriseList


@pytest.fixture
def odd(desk, paper):
    """A surprise on a paper, with numbers on both sides."""
    delta = Delta(93.4, 91.2, 0.5, "5 seeds of ours/accuracy")
    return add_surprise(desk, "warmup [red] hurts", "93.4", "91.2 ± 0.5", paper.name, delta=delta)


def words(app, selector="#detail-text"):
    return str(app.screen.query_one(selector, Static).content)


def told(app):
    return "\n".join(item.message for item in app._notifications)


def state(desk, number=1):
    return surprises.get_surprise(desk, number).state


async def shown(app, pilot, until, number=1):
    """At the log, with this one in full at the right."""
    await until(pilot, lambda: app.screen_stack)
    await pilot.press("f5")
    await until(pilot, lambda: isinstance(app.screen, SurprisesScreen) and app.screen.case)
    await until(pilot, lambda: app.screen.case.surprise.id == number)


async def choose(app, pilot, until, name):
    """Choose one of several by its name."""
    await until(pilot, lambda: isinstance(app.screen, ChoiceDialog))
    options = app.screen.query_one("#choices", OptionList)
    options.highlighted = options.get_option_index(name)
    await pilot.press("enter")
    await until(pilot, lambda: not isinstance(app.screen, ChoiceDialog))


async def test_what_was_expected_and_observed_is_a_picture(make_app, odd, until):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await shown(app, pilot, until)
        head = words(app)
        for part in ("warmup [red] hurts", "noticed", "met on", "93.4", "91.2 ± 0.5"):
            assert part in head
        drawn = str(app.screen.query_one(DeltaPicture).render())
        assert "4.4 standard deviations of 5 seeds of ours/accuracy" in drawn
        assert "Can the experiment be trusted?" in words(app, "#next")
        assert "Nothing that is linked speaks for it." in words(app, "#about-trust")
        assert "noticed" in words(app, "#history")


async def test_a_state_that_lost_its_grounds_is_told(make_app, desk, odd, paper, until):
    filed = [
        explaining.file_evidence(desk, odd.id, about, "for", paper.name)
        for about in ("trust", "expectation")
    ]
    surprises.resolve(desk, odd.id, SurpriseState.STANDING)
    explaining.withdraw_evidence(desk, odd.id, filed[0].id)
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(app, pilot, until)
        assert "standing, its evidence was withdrawn" in words(app)
        assert "files evidence. Can the experiment be trusted?" in words(app, "#next")


async def test_enter_goes_to_where_it_was_met(make_app, odd, until):
    app = make_app()
    async with app.run_test() as pilot:
        await shown(app, pilot, until)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))


async def test_without_any_it_says_what_to_do(make_app, desk, until):
    app = make_app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.screen_stack)
        await pilot.press("f5")
        await until(pilot, lambda: app.screen.has_class("-empty"))
        assert "Press !" in words(app, "#nothing")
        await pilot.press("e", "x", "r", "v", "g", "w")
        assert isinstance(app.screen, SurprisesScreen)


async def test_open_ones_first_closed_ones_asked_for(make_app, desk, odd, until):
    gone = add_surprise(desk, "known since long", "a", "b")
    surprises.resolve(desk, gone.id, SurpriseState.DROPPED, "known")
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await shown(app, pilot, until)
        items = app.screen.query_one(SurpriseList)
        assert [item.id for item in items.items] == [odd.id]
        assert "1 open — o shows 1 closed, too" in words(app, "#count")
        await pilot.press("o")
        await until(pilot, lambda: len(items) == 2)
        assert items.current.id == odd.id
        await pilot.press("end")
        await until(pilot, lambda: "because known" in words(app))
        assert "opens it again" in words(app, "#next")


async def test_words_are_found_as_one_types_in_closed_ones_too(make_app, desk, odd, until):
    gone = add_surprise(desk, "loss rises", "it falls", "0.44")
    surprises.resolve(desk, gone.id, SurpriseState.DROPPED, "the schedule")
    app = make_app()
    async with app.run_test() as pilot:
        await shown(app, pilot, until)
        await pilot.press("slash", *"sched")
        items = app.screen.query_one(SurpriseList)
        await until(pilot, lambda: [item.id for item in items.items] == [gone.id])
        await pilot.press("enter")
        assert items.has_focus
        await pilot.press("escape")
        await until(pilot, lambda: [item.id for item in items.items] == [odd.id])
        await pilot.press("escape")
        await until(pilot, lambda: app.screen.MODE == "library")


async def test_evidence_is_filed_for_a_question_and_taken_back(make_app, desk, odd, paper, until):
    app = make_app()
    async with app.run_test() as pilot:
        await shown(app, pilot, until)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, EvidenceDialog))
        await pilot.press("ctrl+s")
        assert "A link or a few words" in words(app, "#problem")
        app.screen.query_one("#text", Input).focus()
        await pilot.press(*f"{paper.name} five seeds", "enter")
        await until(pilot, lambda: "five seeds" in words(app, "#about-trust"))
        (item,) = surprises.case_of(desk, odd.id).evidence
        assert (item.about, item.side, item.ref, item.words) == (
            "trust", "for", paper.name, "five seeds",
        )  # fmt: skip
        assert paper.name in words(app, "#about-trust")
        title = app.screen.query_one("#about-trust", Static).border_title
        assert Content.from_markup(title).plain == "✓ trust"
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "five seeds" not in words(app, "#about-trust"))
        assert not surprises.case_of(desk, odd.id).evidence[0].counts


async def test_what_the_desk_knows_is_filed_by_enter(make_app, desk, odd, paper, until):
    claims.add_claim(desk, paper, "warmup helps", value=93.4, spread=0.1, where="Table 1")
    app = make_app()
    async with app.run_test() as pilot:
        await shown(app, pilot, until)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, EvidenceDialog))
        known = app.screen.query_one("#known", OptionList)
        await until(pilot, lambda: known.option_count == 1)
        known.focus()
        await pilot.press("home", "enter")
        await until(pilot, lambda: "warmup helps" in words(app, "#about-expectation"))
        (item,) = surprises.case_of(desk, odd.id).evidence
        assert (item.about, item.ref) == ("expectation", "claim:2501.00001-1")
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, EvidenceDialog))
        await until(pilot, lambda: "nothing more" in words(app, "#state"))
        state = app.screen.query_one("#state")
        await until(pilot, lambda: state.region.height == 2)


async def test_a_refusal_is_told_in_words(make_app, desk, odd, paper, until):
    app = make_app()
    async with app.run_test() as pilot:
        await shown(app, pilot, until)
        await pilot.press("r")
        await choose(app, pilot, until, "standing")
        await until(pilot, lambda: "may not count as real yet" in told(app))
        assert state(desk) is SurpriseState.NOTICED
        for about in ("trust", "expectation"):
            explaining.file_evidence(desk, odd.id, about, "for", paper.name)
        app.screen.reload()
        await until(pilot, lambda: "says that it stands" in words(app, "#next"))
        await pilot.press("r")
        await choose(app, pilot, until, "standing")
        await until(pilot, lambda: "standing" in words(app))
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "noticed" in words(app))
        assert state(desk) is SurpriseState.NOTICED


@pytest.mark.parametrize(("size", "beside"), [((120, 40), True), ((60, 30), False)])
async def test_two_explanations_side_by_side(make_app, desk, odd, until, size, beside):
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await shown(app, pilot, until)
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, ExplanationDialog))
        app.screen.query_one("#text", TextArea).text = "a bug"
        app.screen.query_one("#predicts", TextArea).text = "gone with r12"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: len(app.screen.query(".explanation")) and app.screen.case
                    and len(app.screen.case.explanations) == 1)  # fmt: skip
        await pilot.press("x")
        await choose(app, pilot, until, "new")
        await until(pilot, lambda: isinstance(app.screen, ExplanationDialog))
        assert "against A: a bug" in str(app.screen.query_one(".asked", Static).content)
        app.screen.query_one("#text", TextArea).text = "their data"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.screen.case and len(app.screen.case.explanations) == 2)
        one, two = app.screen.query(".explanation").results(Static)
        assert [str(one.border_title), str(two.border_title)] == ["A", "B"]
        assert "gone with r12" in str(one.content)
        assert "refuted by  not said yet" in str(two.content)
        assert (one.region.y == two.region.y) is beside
        assert (one.region.x == two.region.x) is not beside
        assert "which experiment would tell A from B?" in words(app, "#apart")


async def test_an_explanation_left_with_escape_is_there_again(make_app, odd, until):
    app = make_app()
    async with app.run_test() as pilot:
        await shown(app, pilot, until)
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, ExplanationDialog))
        await pilot.press(*"a bug", "escape")
        await until(pilot, lambda: isinstance(app.screen, SurprisesScreen))
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, ExplanationDialog))
        assert app.screen.query_one("#text", TextArea).text == "a bug"


async def test_explanations_are_told_apart_ruled_out_and_one_explains(make_app, desk, odd, until):
    for text in ("a bug", "their data"):
        explaining.explain(desk, odd.id, text)
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await shown(app, pilot, until)
        await pilot.press("x")
        await choose(app, pilot, until, "apart")
        await until(pilot, lambda: isinstance(app.screen, QuestionDialog))
        await pilot.press(*"theirs on ours", "enter")
        await until(pilot, lambda: "theirs on ours" in words(app, "#apart"))
        await pilot.press("x")
        await choose(app, pilot, until, "rule out B")
        await until(pilot, lambda: isinstance(app.screen, QuestionDialog))
        await pilot.press(*"same", "enter")
        await until(pilot, lambda: app.screen.case and len(app.screen.case.rivals) == 1)
        _, two = app.screen.query(".explanation").results(Static)
        assert "ruled out: same" in str(two.content)
        await pilot.press("r")
        await choose(app, pilot, until, "explained by A")
        await until(pilot, lambda: state(desk) is SurpriseState.EXPLAINED)
        assert surprises.get_surprise(desk, odd.id).why == "A: a bug"
        await pilot.press("ctrl+z")
        await until(pilot, lambda: state(desk) is SurpriseState.NOTICED)
        await pilot.press("ctrl+z")
        await until(pilot, lambda: len(surprises.case_of(desk, odd.id).rivals) == 2)
        await pilot.press("ctrl+z")
        await until(pilot, lambda: surprises.get_surprise(desk, odd.id).apart == "")


async def test_it_is_dropped_for_a_reason_and_put_off_to_a_day(make_app, desk, odd, until):
    app = make_app()
    async with app.run_test() as pilot:
        await shown(app, pilot, until)
        await pilot.press("r")
        await choose(app, pilot, until, "put off")
        await until(pilot, lambda: isinstance(app.screen, QuestionDialog))
        app.screen.query_one("#answer", Input).value = "+3"
        await pilot.press("enter")
        day = desk.today() + timedelta(days=3)
        await until(pilot, lambda: surprises.get_surprise(desk, odd.id).again_on == day)
        await pilot.press("r")
        await choose(app, pilot, until, "dropped")
        await until(pilot, lambda: isinstance(app.screen, QuestionDialog))
        await pilot.press(*"known", "enter")
        await until(pilot, lambda: state(desk) is SurpriseState.DROPPED)
        await until(pilot, lambda: "No open surprise" in words(app, "#count"))
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "again" in words(app))
        assert surprises.get_surprise(desk, odd.id).again_on == day


async def test_it_becomes_an_idea(make_app, desk, odd, until):
    app = make_app()
    async with app.run_test() as pilot:
        await shown(app, pilot, until)
        await pilot.press("r")
        await choose(app, pilot, until, "became an idea")
        await until(pilot, lambda: ideas.list_ideas(desk))
        assert ideas.list_ideas(desk)[0].of == odd.ref
        assert state(desk) is SurpriseState.IDEA


async def test_evidence_is_withdrawn_and_counts_again(make_app, desk, odd, until):
    kept = explaining.file_evidence(desk, odd.id, "trust", "against", "", "one seed")
    app = make_app()
    async with app.run_test() as pilot:
        await shown(app, pilot, until)
        assert "one seed" in words(app, "#about-trust")
        await pilot.press("w")
        await choose(app, pilot, until, f"withdraw {kept.id}")
        await until(pilot, lambda: app.screen.case and not app.screen.case.evidence[0].counts)
        assert "one seed" not in words(app, "#about-trust")
        await pilot.press("w")
        await choose(app, pilot, until, f"back {kept.id}")
        await until(pilot, lambda: app.screen.case.evidence[0].counts)
        assert "one seed" in words(app, "#about-trust")


async def test_it_asks_for_its_investigation_and_leads_to_its_links(
    make_app, desk, odd, paper, until, monkeypatch
):
    asked = []
    app = make_app()
    notes.add_note(desk, paper, 1, "see [[funny:1]]")
    async with app.run_test() as pilot:
        await shown(app, pilot, until)
        post = app.screen.post_message

        def posted(message):
            if not isinstance(message, OpenInvestigation):
                return post(message)
            asked.append(message.of)
            return True

        monkeypatch.setattr(app.screen, "post_message", posted)
        await pilot.press("v")
        await until(pilot, lambda: asked == [odd.ref])
        app.screen.action_links()
        await until(pilot, lambda: app.screen.query("#links"))
        options = app.screen.query_one("#links", OptionList)
        assert [option.id for option in options.options] == [paper.name, "note:1"]


async def test_what_it_led_to_stands_below(make_app, desk, odd, until):
    idea = ideas.add_idea(desk, "a longer warmup", of=odd.ref)
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await shown(app, pilot, until)
        assert f"{idea.ref}  a longer warmup · open" in words(app, "#followed-up")


async def test_a_click_on_a_link_follows_it(make_app, odd, until):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await shown(app, pilot, until)
        line = next(n for n, text in enumerate(words(app).splitlines()) if "met on" in text)
        await pilot.click(app.screen.query_one("#detail-text", Static), offset=(12, line))
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))


async def test_one_that_is_closed_is_gone_to_and_a_new_one_is_marked(make_app, desk, odd, until):
    surprises.resolve(desk, odd.id, SurpriseState.DROPPED, "known")
    add_surprise(desk, "another", "a", "b")
    app = make_app()
    async with app.run_test() as pilot:
        await shown(app, pilot, until, 2)
        app.post_message(Follow(odd.ref))
        await until(pilot, lambda: app.screen.case.surprise.id == odd.id)
        new = add_surprise(desk, "a third", "a", "b")
        app.screen.reload()
        await until(pilot, lambda: app.screen.case.surprise.id == new.id)


async def test_a_thousand_are_listed_at_once(make_app, desk, until):
    with desk.database.writing():
        for number in range(1_000):
            add_surprise(desk, f"odd {number}", "a", "b")
    app = make_app()
    async with app.run_test() as pilot:
        await shown(app, pilot, until, 1_000)
        assert "1,000 open" in words(app, "#count")
        await pilot.press("end")
        await until(pilot, lambda: app.screen.case.surprise.id == 1)


@pytest.mark.parametrize("width", [24, 40, 90])
@pytest.mark.parametrize(
    "delta",
    [
        Delta(93.4, 91.2, 0.5),
        Delta(91.2, 93.4),
        Delta(1, 1, 0.0),
        Delta(1, 1, 3.0),
        Delta(-1e9, 1e-9, 1e-12),
        Delta(0, 1, 1e12),
    ],
)
def test_a_picture_holds_both_numbers_in_any_width(delta, width):
    above, line, below, _ = str(picture(delta, width)).split("\n")
    assert "observed" in above
    assert "expected" in below
    assert len(line) == width
    marks = [mark for mark in line if mark in "●◆◈"]
    assert sorted(marks) in (["◆", "●"], ["◈"])
    assert max(len(above), len(below)) <= width


def test_the_spread_lies_about_what_was_observed():
    line = str(picture(Delta(0, 10, 2), 60)).split("\n")[1]
    assert line.index("◆") < line.index("━") < line.index("●") < line.rindex("━")
    thick = line.count("━") + 1
    assert thick / (line.index("●") - line.index("◆")) == pytest.approx(0.4, abs=0.08)
