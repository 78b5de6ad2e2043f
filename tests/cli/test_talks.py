"""Talks on the command line."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from support.talk_file import TALK

from researchdesk.config import load_settings
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services import rehearsals
from researchdesk.services.desk import open_desk
from researchdesk.services.talk_files import talk_of

Run = Callable[..., Result]


@pytest.fixture
def run(invoked: Run) -> Run:
    return invoked


@pytest.fixture
def slug(run: Run) -> str:
    slug = run("story", "new", "--title", "Narrowing").stdout.strip()
    run("story", "edit", slug, "Narrow networks lose little.\n\n## Idea\n\nHalve them.")
    return slug


def test_a_talk_is_outlined_and_checked(run: Run, slug: str, tmp_path: Path) -> None:
    done = run("talk", "outline", slug, "--minutes", "10", "--goal", "Narrow is enough", "--to",
               "t.md")  # fmt: skip
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[-1] == "t.md"
    assert "Slide 1: Who listens?" in done.stderr
    assert "- Narrow is enough" in (tmp_path / "t.md").read_text("utf-8")
    (tmp_path / "t.md").write_text(TALK, "utf-8")
    done = run("talk", "outline", slug, "--to", "t.md", "--json")
    told = json.loads(done.stdout)
    assert (told["file"], told["beside"]) == ("t.new.md", "t.md")
    assert [item["slide"] for item in told["todo"]][:2] == [1, 2]
    assert "was edited and stays as it is" in done.stderr
    assert (tmp_path / "t.md").read_text("utf-8") == TALK
    for command in (("talk", "check", "t.md"), ("checklist", "talk", "t.md")):
        told = run(*command).stdout
        assert "✓ time:" in told
        assert "slide 1: Who listens?" in told
    assert json.loads(run("talk", "check", "t.md", "--json").stdout)["checklist"] == "talk"
    assert isinstance(run("talk", "check", "gone").exception, NotOnDeskError)


def test_rehearsals_are_listed_with_their_slides(run: Run, slug: str, tmp_path: Path) -> None:
    assert "No rehearsal yet" in run("talk", "rehearsals").stderr
    (tmp_path / "t.md").write_text(TALK, "utf-8")
    desk = open_desk(load_settings())
    begun = rehearsals.begin(desk, talk_of(desk, "t.md"))
    rehearsals.end(desk, begun.id, (20, 125, 60))
    rehearsals.keep(desk, rehearsals.begin(desk, talk_of(desk, "t.md")).id, (9, 0, 0))
    desk.close()
    told = json.loads(run("talk", "rehearsals", slug, "--json").stdout)["rehearsals"]
    assert [(one["id"], one["state"], one["used_s"]) for one in told] == [
        (2, "broken off on slide 1 of 3", 9.0), (1, "whole", 205.0),
    ]  # fmt: skip
    assert told[1]["slides"][1] == {
        "number": 2, "title": "Narrow networks lose little", "planned_s": 90.0, "used_s": 125.0,
    }  # fmt: skip
    lines = run("talk", "rehearsals", "--slides").stdout
    assert "Rehearsal 1: 3:25 of 3:00 planned (0:25 over); whole" in lines
    assert "0:35 over" in lines
    assert "█" in lines
    assert isinstance(run("talk", "rehearse", "t.md").exception, UsageProblemError)


def test_leaving_a_rehearsal_says_where_it_is_kept(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "t.md").write_text(TALK, "utf-8")
    monkeypatch.setattr("researchdesk.cli.talks._is_terminal", lambda: True)
    monkeypatch.setattr("researchdesk.tui.app.run", lambda *_, **__: None)
    assert run("talk", "rehearse", "t.md").stdout == ""
    monkeypatch.setattr(
        "researchdesk.tui.app.run",
        lambda desk, **_: rehearsals.begin(desk, talk_of(desk, "t.md")),
    )
    assert run("talk", "rehearse", "t.md").stdout == "Kept: researchdesk talk rehearsals t.md\n"
