"""``write`` on the command line."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from researchdesk.assets import folder
from researchdesk.config import load_settings
from researchdesk.domain.papers import Metadata
from researchdesk.errors import DeskError
from researchdesk.services import notes, stories
from researchdesk.services.desk import open_desk
from researchdesk.services.library import file_metadata
from researchdesk.services.writing_review import review_values
from researchdesk.services.writing_story import story_values

Run = Callable[..., Result]


@pytest.fixture
def run(invoked: Run) -> Run:
    return invoked


def test_the_templates_are_listed_with_what_they_want(run: Run) -> None:
    lines = run("write").stdout.splitlines()
    listed = {line.split()[0]: line for line in lines[1:]}
    assert set(listed) == {
        "grant", "lay-summary", "project-page", "rebuttal", "review", "technical-report", "thread",
    }  # fmt: skip
    assert "PAPER" in listed["review"]
    assert "--points FILE" in listed["rebuttal"]
    assert "md, tex" in listed["technical-report"]
    assert all(line.rstrip().endswith(".") for line in listed.values())
    told = json.loads(run("write", "--json").stdout)["templates"]
    assert {item["name"]: item["posts"] for item in told}["thread"] == 280


def test_a_thread_goes_to_stdout_and_into_a_file(run: Run, tmp_path: Path) -> None:
    slug = run("story", "new", "--title", "Why it falls").stdout.strip()
    run("story", "edit", slug, "# Why it falls\n\nIt falls because it is cold.")
    done = run("write", "thread", slug)
    assert done.stdout.startswith(
        "1/2 It falls because it is cold.\n<!-- 32 of 280 characters -->\n"
    )
    assert "2 posts, the longest has 32 characters." in done.stderr
    assert "nothing under problem, idea, evidence" in done.stderr
    told = json.loads(run("write", "thread", slug, "--json").stdout)
    assert told["posts"][0] == {"text": "1/2 It falls because it is cold.", "length": 32}
    assert run("write", "thread", slug, "--to", "t.md").stdout == "written  t.md\n"
    file = tmp_path / "t.md"
    file.write_text(file.read_text("utf-8") + "mine", "utf-8")
    run("story", "edit", slug, "# Why it falls\n\nIt rises.")
    done = run("write", "thread", slug, "--to", "t.md")
    assert done.stdout == "written  t.new.md\n"
    assert "t.md was changed since it was written, and stays as it is" in done.stderr
    assert file.read_text("utf-8").endswith("mine")
    tex = run("write", "technical-report", slug, "--format", "latex")
    assert tex.stdout.startswith("\\documentclass")
    assert run("write", "technical-report", slug, "--to", "r.tex").stdout == "written  r.tex\n"


def test_a_rebuttal_reads_its_points_from_a_file_or_stdin(run: Run, tmp_path: Path) -> None:
    slug = run("story", "new", "--title", "Why it falls").stdout.strip()
    (tmp_path / "points.md").write_text("\ufeff# Reviewer 1\n\nWhy?\n", "utf-8")
    done = run("write", "rebuttal", slug, "--points", "points.md")
    assert "### R1.1" in done.stdout
    assert done.stderr == "1 point, none answered yet.\n"
    assert (
        "### 1\n\n> Really?"
        in run("write", "rebuttal", slug, "--points", "-", stdin="Really?").stdout
    )
    for args, code in (
        (("write", "rebuttal", slug), 2),
        (("write", "rebuttal", slug, "--points", "none.md"), 2),
        (("write", "grant"), 2),
        (("write", "poem", slug), 3),
        (("write", "grant", "no-such"), 3),
    ):
        error = run(*args).exception
        assert isinstance(error, DeskError)
        assert error.exit_code == code


def test_a_template_is_printed_to_start_ones_own_from(run: Run, tmp_path: Path) -> None:
    slug = run("story", "new", "--title", "Why it falls").stdout.strip()
    run("story", "edit", slug, "It falls.")
    desk = load_settings().desk
    shown = run("write", "thread", "--template")
    head = "{#\nfor: Numbered posts"
    assert shown.stdout.startswith(head)
    assert "  cited: papers (key, name, title, arxiv)\n" in shown.stdout
    own = desk / "templates" / "writing" / "thread.md.j2"
    assert str(own) in shown.stderr
    own.parent.mkdir(parents=True)
    own.write_text(shown.stdout.replace("posts: 280", "posts: 60"), "utf-8")
    assert "of 60 characters" in run("write", "thread", slug).stdout
    assert run("write", "thread", "--template").stdout.startswith(head)
    for stray in (own.with_name("thread.md"), desk / "templates" / "thread.md"):
        stray.write_text("mine", "utf-8")
        assert f"{stray} is not used" in run("write", "thread", slug).stderr
    error = run("write", "rebutal", slug).exception
    assert isinstance(error, DeskError)
    assert error.hint.startswith("Did you mean 'rebuttal'?")


def test_the_values_that_are_told_are_those_that_there_are(run: Run) -> None:
    slug = run("story", "new", "--title", "Why it falls").stdout.strip()
    desk = open_desk(load_settings())
    paper = file_metadata(desk, Metadata("Tiny", arxiv_id="2001.00001"))
    notes.add_note(desk, paper, 3, "Doubtful.")
    stories.save_draft(desk, slug, "It falls.")
    told = tomllib.loads((folder("data") / "templates/writing/values.toml").read_text("utf-8"))
    known, _, _ = story_values(desk, slug, None, tex=False, bib="")
    assert set(told["story"]) == set(known)
    assert set(told["paper"]) == set(review_values(desk, paper.name)[0])
    desk.close()
