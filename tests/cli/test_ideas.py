"""Ideas and their reviews on the command line."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from researchdesk.config import load_settings
from researchdesk.domain.ideas import Idea
from researchdesk.services.desk import open_desk
from researchdesk.services.ideas import add_idea, list_ideas
from researchdesk.services.investigations import begin


def data(done: Any) -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def three() -> None:
    """Three ideas, of which the first was kept three weeks ago and is investigated since."""
    then = datetime.now(UTC) - timedelta(days=21)
    desk = open_desk(load_settings(), clock=lambda: then)
    first = add_idea(desk, "warm up", impact=3, work_days=2, fun=3, instead="sleep")
    add_idea(desk, "cool down", impact=5, work_days=1, fun=5)
    add_idea(desk, "think")
    begin(desk, "Does warming help?", first.ref)
    desk.close()


def every_idea() -> list[Idea]:
    """All ideas on the desk, read without a process of its own."""
    desk = open_desk(load_settings())
    found = list_ideas(desk, every=True)
    desk.close()
    return found


def test_an_idea_is_kept_listed_and_shown(run) -> None:
    done = run("idea", "add", "Warm [b]up[/b]", "--impact", "4", "--work", "0.5", "--fun", "2",
               "--instead", "rest", "--from", "funny:9")  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "1\n")
    assert "score 8.0, place 1 of 1" in done.stderr
    assert "Nothing on this desk answers to funny:9" in done.stderr
    kept = data(run("idea", "add", "-", "--json", stdin="from stdin\n"))
    assert (kept["id"], kept["text"], kept["assumed"]) == (
        2,
        "from stdin",
        ["impact", "work", "fun"],
    )
    listed = data(run("idea", "list", "--json"))["ideas"]
    assert [(item["id"], item["score"]) for item in listed] == [(1, 8.0), (2, 1.8)]
    table = run("idea", "list").stdout.splitlines()
    assert table[0].split() == ["idea", "order", "score", "impact", "work", "fun", "state", "text"]
    assert table[1].split() == ["1", "8.0", "4", "0.5", "2", "open", "Warm", "[b]up[/b]"]
    assert table[2].split() == ["2", "~1.8", "?", "?", "?", "open", "from", "stdin"]
    shown = run("idea", "show", "1").stdout
    assert "instead  rest" in shown
    assert "from     funny:9" in shown


def test_the_own_order_stands_above_the_score(run, three) -> None:
    assert data(run("idea", "move", "3", "--top", "--json"))["ideas"][0]["place"] == 1
    done = run("idea", "move", "1", "--before", "2")
    assert "The first 2 stand in your own order" in done.stderr
    order = [item["id"] for item in data(run("idea", "list", "--json"))["ideas"]]
    assert order == [3, 1, 2]
    run("idea", "move", "3", "--by-score")
    assert [i["id"] for i in data(run("idea", "list", "--json"))["ideas"]] == [1, 2, 3]
    assert "Your own order is empty" in run("idea", "move", "--by-score").stderr
    assert [i["id"] for i in data(run("idea", "list", "--json"))["ideas"]] == [2, 1, 3]


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("add", " "), 2),
        (("add", "x", "--impact", "6"), 2),
        (("add", "x", "--work", "0"), 2),
        (("add", "x", "--work", "nan"), 2),
        (("add", "x", "--from", "funny:zz"), 2),
        (("move", "1"), 2),
        (("move", "--top"), 2),
        (("move", "1", "--top", "--by-score"), 2),
        (("move", "1", "--before", "99"), 3),
        (("show", "99"), 3),
        (("edit", "99", "x"), 3),
        (("settle", "1", "parked"), 2),
        (("settle", "1", "done", "--until", "2030-01-01"), 2),
        (("settle", "1", "parked", "--why", "x", "--until", "2020-01-01"), 2),
        (("review", "99"), 3),
        (("review", "funny:1"), 2),
        (("review", "1", "--why", "x"), 2),
        (("review", "--answer", "go-on"), 2),
        (("review", "1", "--answer", "stop"), 2),
    ],
)
def test_what_can_not_be_done_ends_with_its_code_and_changes_nothing(
    run, three, args: tuple[str, ...], code: int
) -> None:
    before = every_idea()
    done = run("idea", *args)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr
    assert every_idea() == before


def test_an_edit_and_a_settling_stand_in_the_history(run, three) -> None:
    assert data(run("idea", "edit", "2", "--fun", "1", "--json"))["fun"] == 1
    assert "Idea 2 unchanged" in run("idea", "edit", "2", "--fun", "1").stderr
    assert run("idea", "edit", "2", "cool it down").returncode == 0
    done = run("idea", "settle", "2", "stopped", "--why", "done by others")
    assert "Idea 2 is stopped." in done.stderr
    assert [item["id"] for item in data(run("idea", "list", "--json"))["ideas"]] == [1, 3]
    history = data(run("idea", "show", "2", "--json"))["history"]
    assert [(item["what"], item["said"], item["why"]) for item in history] == [
        ("state", "open", ""),
        ("edit", "fun: 1 (was: 5)", ""),
        ("edit", "text: cool it down (was: cool down)", ""),
        ("state", "stopped", "done by others"),
    ]
    assert run("idea", "settle", "2", "open").returncode == 0
    parked = data(run("idea", "settle", "2", "parked", "--why", "x", "--until", "2999-01-01",
                      "--json"))  # fmt: skip
    assert (parked["state"], parked["again_on"]) == ("parked", "2999-01-01")
    assert "parked until 2999-01-01" in run("idea", "list", "--all").stdout


def test_a_review_is_due_shown_and_answered(run, three) -> None:
    (due,) = data(run("idea", "review", "--json"))["due"]
    assert (due["ref"], due["reason"]) == ("investigation:1", "no progress for 21 days")
    shown = run("idea", "review", "1").stdout
    for words in (
        "idea:1  being investigated  warm up",
        "Nothing new",
        "21 days since it was begun, nothing was done",
        "impact 3 of 5; 2 of 2 days of work left",
        "sleep",
        "idea 2 (score 25.0, 1 days): cool down",
    ):
        assert words in shown
    record = data(run("idea", "review", "investigation:1", "--json"))
    assert record["progress"]["experiments_added"] == 0
    assert record["others"][0]["score"] == 25.0
    kept = data(run("idea", "review", "1", "--answer", "park", "--why", "no time", "--until",
                    "2999-01-01", "--json"))  # fmt: skip
    assert (kept["said"], kept["why"], kept["until"]) == ("park", "no time", "2999-01-01")
    assert "No review is due." in run("idea", "review").stderr
    assert "park until 2999-01-01: no time" in run("idea", "review", "1").stdout
