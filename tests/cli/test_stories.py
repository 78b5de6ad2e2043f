"""Storylines on the command line."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.funny_runs import ended_run
from support.pseudo_terminal import pseudo_terminal
from support.recipe_maker import write_recipe

from researchdesk.config import load_settings
from researchdesk.services import stories
from researchdesk.services.desk import open_desk

Run = Callable[..., "subprocess.CompletedProcess[str]"]
THREAD = "# Why it falls\n\nIt falls because it is cold.\n"


def data(done: "subprocess.CompletedProcess[str]") -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def run(invoked_run: Run) -> Run:
    return invoked_run


@pytest.fixture
def slug(run: Run) -> str:
    slug = run("story", "new", "--title", "Why it falls").stdout.strip()
    run("story", "edit", slug, THREAD)
    return slug


def test_a_draft_is_changed_and_another_begun(run: Run, slug: str) -> None:
    done = run("story", "edit", slug, "-", stdin=THREAD + "\nMore of it.\n")
    assert (done.stdout, done.stderr) == ("", "Draft 1 kept.\n")
    assert run("story", "edit", slug, THREAD + "\nMore of it.").stderr == "Nothing changed.\n"
    done = run("story", "draft", slug, "--title", "shorter")
    assert done.stdout == "2\n"
    assert "Draft 2: shorter is empty." in done.stderr
    assert "--draft 1" in run("story", "show", slug).stderr
    kept = data(run("story", "edit", slug, "It falls.", "--json"))["draft"]
    assert (kept["number"], kept["text"], kept["states"]) == (2, "It falls.\n", 1)
    run("story", "edit", slug, "--draft", "1", "Old, mended.")
    told = data(run("story", "drafts", slug, "--json"))["drafts"]
    assert [(item["text"], item["states"]) for item in told] == [
        ("Old, mended.\n", 3), ("It falls.\n", 1),
    ]  # fmt: skip
    listed = run("story", "drafts", slug).stdout.splitlines()
    assert listed[0].split()[:2] == ["draft", "begun"]
    assert listed[2].endswith("shorter")
    states = data(run("story", "drafts", slug, "--states", "1", "--json"))["states"]
    assert states[0]["text"] == THREAD
    listed = run("story", "drafts", slug, "--states", "1")
    assert len(listed.stdout.splitlines()) == 4
    assert "{+More of it.+}" in listed.stdout.splitlines()[2]
    assert f"story show {slug} --draft 1 --state STATE" in listed.stderr
    assert run("story", "show", slug, "--draft", "1", "--state", "1").stdout == THREAD
    assert run("story", "show", slug, "--draft", "1", "--state", "9").returncode == 3
    (story,) = data(run("story", "list", "--json"))["stories"]
    assert (story["drafts"], story["draft_title"]) == (2, "shorter")
    for args in (("edit", slug, "x", "--draft", "3"), ("drafts", slug, "--states", "3")):
        assert run("story", *args).returncode == 3


def test_what_is_edited_is_the_draft_that_was_read(
    run: Run, slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def written(text: str | None, old: str) -> str:
        """As an editor that is open while another draft is begun."""
        desk = open_desk(load_settings())
        stories.new_draft(desk, slug)
        stories.save_draft(desk, slug, "The second.")
        desk.close()
        return f"{old}\nMore.\n"

    monkeypatch.setattr("researchdesk.cli.stories.words", written)
    assert run("story", "edit", slug).stderr == "Draft 1 kept.\n"
    told = data(run("story", "drafts", slug, "--json"))["drafts"]
    assert [item["text"] for item in told] == [f"{THREAD}\nMore.\n", "The second.\n"]


def test_a_part_is_put_behind_what_is_there(run: Run, slug: str) -> None:
    run("story", "edit", slug, "--template", "problem")
    run("story", "edit", slug, "--template", "idea", "-", stdin="It falls.\n")
    text = data(run("story", "show", slug, "--json"))["text"]
    assert text.startswith("It falls.\n\n## Idea\n\n<!--")
    states = data(run("story", "drafts", slug, "--states", "1", "--json"))["states"]
    assert states[1]["text"].startswith(f"{THREAD}\n## Problem\n")
    assert run("story", "edit", slug, "--template", "nothing").returncode == 3
    assert run("story", "templates", "idea").stdout in text
    assert data(run("story", "templates", "--json"))["templates"][0]["name"] == "motivation"
    assert run("story", "templates").stdout.splitlines()[1].split() == ["motivation", "Motivation"]


def test_drafts_are_compared_word_by_word(run: Run, slug: str) -> None:
    done = run("story", "diff", slug)
    assert (done.returncode, done.stdout) == (3, "")
    assert "one draft" in done.stderr
    run("story", "draft", slug)
    run("story", "edit", slug, THREAD.replace("it is cold", "of the wind") + "\nMore.\n")
    done = run("story", "diff", slug)
    assert done.stdout == (
        "# Why it falls\n\nIt falls because [-it is cold-] {+of the wind+}.\n\n{+More.+}\n"
    )
    assert "From draft 1 to draft 2, 3 words gone, 4 come." in done.stderr
    back = run("story", "diff", slug, "2", "1").stdout
    assert "[-of the wind-] {+it is cold+}" in back
    pieces = data(run("story", "diff", slug, "1", "--json"))["pieces"]
    assert [piece["how"] for piece in pieces] == ["same", "removed", "added", "same", "added"]


def test_colours_are_for_terminals(run: Run, slug: str) -> None:
    run("story", "draft", slug)
    run("story", "edit", slug, THREAD.replace("cold", "hot"))
    command = [sys.executable, "-m", "researchdesk", "story", "diff", slug]
    with pseudo_terminal() as (end, told):
        process = subprocess.Popen(command, stdout=end, stderr=subprocess.DEVNULL)
        assert process.wait(60) == 0
        assert "\x1b[31m[-cold-]" in told()
    assert "\x1b" not in run("story", "diff", slug).stdout


def test_what_is_linked_stands_below_its_line(run: Run, slug: str) -> None:
    desk = open_desk(load_settings())
    write_recipe(desk.settings.recipes)
    run_id = ended_run(desk, (0.89, 0.9, 0.91))
    text = f"It is 0.5 [[run:{run_id}#score]].\nSee [[1904.09237]] and [[funny:7]].\n"
    run("story", "edit", slug, text)
    done = run("story", "show", slug, "--evidence")
    lines = done.stdout.splitlines()
    assert lines[0] == text.splitlines()[0]
    assert lines[1].startswith(f"    ✗ run:{run_id}#score: 2001.00001-tiny: score: different: 0.9")
    assert lines[3].startswith("    · 1904.09237: On the Convergence")
    assert lines[4].startswith("    ? funny:7")
    assert "2 links are changed, gone, or against its line" in done.stderr
    told = data(run("story", "show", slug, "--evidence", "--json"))["evidence"]
    assert [(item["line"], item["mark"], item["news"]) for item in told] == [
        (1, "contradicted", True), (2, "gone", True),
    ]  # fmt: skip
    assert data(run("story", "seen", slug, f"[[run:{run_id}#score]]", "--json")) == {
        "seen": [f"run:{run_id}#score"]
    }
    assert run("story", "seen", slug).stdout == "funny:7\n"
    assert "Nothing was news." in run("story", "seen", slug).stderr
    assert "leaned" not in run("story", "show", slug, "--evidence").stderr
    assert "evidence" not in data(run("story", "show", slug, "--json"))
    desk.close()


def test_what_is_missing_is_a_report_and_is_taken_up(run: Run, slug: str) -> None:
    run("story", "edit", slug, f"{THREAD}\nIt is 5 % colder.\n")
    done = run("story", "missing", slug)
    assert done.returncode == 0
    assert done.stdout.startswith(
        "1. line 5: statement without evidence\n   “It is 5 % colder.”\n   “5 %” is said"
    )
    found = data(run("story", "missing", slug, "--json"))["missing"]
    assert [(item["number"], item["rule"], item["to_run"]) for item in found][:2] == [
        (1, "statement without evidence", True), (2, "sections", False),
    ]  # fmt: skip
    assert run("story", "missing", slug, "--take", "1").stdout == "1\n"
    shown = data(run("investigate", "show", "1", "--json"))
    assert "statement without evidence: It is 5 % colder." in json.dumps(shown)
    assert "(in investigation 1)" in run("story", "missing", slug).stdout
    assert run("story", "missing", slug, "--take", "2").returncode == 2
    assert run("story", "missing", slug, "--take", "99").returncode == 3


def test_rules_of_ones_own_that_are_broken_are_told(run: Run, slug: str) -> None:
    path = load_settings().desk / "checklists" / "storyline.toml"
    path.parent.mkdir(parents=True)
    path.write_text("[[rules]]\nname = 3\n", "utf-8")
    done = run("story", "missing", slug)
    assert done.returncode == 0
    assert "storyline.toml: line 2: rules[1].name: 3, but text is wanted." in done.stderr
    assert "sections" in done.stdout


def test_the_four_questions_are_asked_and_answered(run: Run, slug: str) -> None:
    run("story", "edit", slug, "It falls. It rises.\n\n# Head\n")
    done = run("story", "questions", slug, "1")
    assert done.stdout == ("It falls.\n? proof: –\n? refuted by: –\n? mechanism: –\n? weak: –\n")
    args = ("--sentence", "2", "--proof", "a run", "--refuted-by", "a fall")
    told = data(run("story", "questions", slug, "1", *args, "--json"))
    assert (told["sentence"], told["proof"], told["weak"]) == ("It rises.", "a run", "")
    run("story", "questions", slug, "1", "--weak", "cold days")
    assert run("story", "show", slug).stdout == (
        "It falls.\n? weak: cold days\nIt rises.\n? proof: a run\n? refuted by: a fall\n\n# Head\n"
    )
    run("story", "questions", slug, "2", "--weak", "")
    assert "cold" not in run("story", "show", slug).stdout
    for line in ("6", "77"):
        assert run("story", "questions", slug, line).returncode == 2
    assert run("story", "questions", slug, "1", "--sentence", "2").returncode == 2


def test_a_story_is_exported(run: Run, slug: str, tmp_path: Path) -> None:
    run("story", "edit", slug, "It falls [[1904.09237]].\n? proof: none\n")
    done = run("story", "export", slug, "--to", "out", "--questions")
    assert done.stdout == "out/why-it-falls.md\n"
    assert "*Proof:* none" in (tmp_path / done.stdout.strip()).read_text("utf-8")
    told = data(run("story", "export", slug, "--format", "latex", "--to", "i.tex", "--json"))
    assert told == {"files": ["i.tex", "i.bib"]}
    assert "\\cite{" in (tmp_path / "i.tex").read_text("utf-8")
    args = ("--format", "latex", "--to", "i.tex", "--questions")
    assert run("story", "export", slug, *args).returncode == 2
    assert run("story", "export", slug, "--format", "latex", "--to", "i.bib").returncode == 2
    assert run("story", "export", slug, "--to", "I.TEX").stdout == "I.TEX\nI.bib\n"
    assert "\\section{" in (tmp_path / "I.TEX").read_text("utf-8")
    for form, name in (("markdown", "j.tex"), ("latex", "j.md")):
        done = run("story", "export", slug, "--format", form, "--to", name)
        assert (done.returncode, (tmp_path / name).exists()) == (2, False)
    (tmp_path / "mine.md").write_text("mine", "utf-8")
    assert run("story", "export", slug, "--to", "mine.md").returncode == 5
    assert run("story", "export", slug, "--to", "x.md", "--draft", "4").returncode == 3


def test_nothing_is_made_of_an_empty_draft_without_a_word(run: Run, slug: str) -> None:
    run("story", "draft", slug)
    told = run("story", "missing", slug)
    assert (told.returncode, "Draft 2 is empty" in told.stderr) == (0, True)
    for words in (("story", "export", slug, "--format", "latex"), ("write", "thread", slug),
                  ("talk", "outline", slug)):  # fmt: skip
        done = run(*words, "--to", "paper")
        assert (done.returncode, "Draft 2 of why-it-falls is empty" in done.stderr) == (5, True)
    assert not Path("paper").exists()
