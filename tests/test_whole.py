"""The installed program in a real terminal, from an empty desk to an exported note."""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.made_paper import write_paper
from support.terminal import Terminal

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed"),
]


@pytest.fixture(params=[(80, 24), (200, 60)], ids=["80x24", "200x60"])
def terminal(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Terminal]:
    """The program, just opened on an empty desk, offline, beside a PDF called ``warmth.pdf``."""
    write_paper(tmp_path / "warmth.pdf", stamp="")
    program = Path(sys.executable).parent / "researchdesk"
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "TERM": "tmux-256color",
        "RESEARCHDESK_DESK": str(tmp_path / "desk"),
        "RESEARCHDESK_STATE": str(tmp_path / "state"),
        "RESEARCHDESK_CONFIG": str(tmp_path / "config.toml"),
        "RESEARCHDESK_OFFLINE": "1",
    }
    with Terminal([str(program)], environ, tmp_path, request.param) as opened:
        yield opened


def test_with_keys_alone(terminal: Terminal, tmp_path: Path) -> None:
    terminal.wait("Sashank")
    terminal.press("a")
    terminal.wait("Add a paper")
    terminal.write("warmth.pdf")
    terminal.press("Enter")
    terminal.wait("Warmth Before Speed")
    terminal.press("Enter")
    terminal.wait("1 of 5")
    terminal.press("Right")
    terminal.wait("short linear warmup")
    terminal.press("n")
    terminal.wait("Your words")
    terminal.write("Ten seeds; most papers give one.")
    terminal.press("C-s")
    terminal.wait("1 note")
    terminal.press("f")
    terminal.wait("Finish pass 1")
    terminal.write("worth a second look")
    terminal.press("C-s")
    terminal.wait("Pass 2")
    terminal.press("F4")
    terminal.wait("The parameter counts")
    terminal.press("s")
    terminal.wait("finished", 90)
    terminal.wait("✓ reproduced")
    terminal.press("F2")
    terminal.wait("in pass 2")
    terminal.press("e")
    terminal.wait("Folder: a vault")
    terminal.press("C-u")
    terminal.write(str(tmp_path / "out"))
    terminal.press("Enter")
    exported = _exported(tmp_path)
    assert "Ten seeds; most papers give one." in exported
    assert "worth a second look" in exported
    terminal.press("C-q")
    assert terminal.ended(), terminal.see()


def test_with_the_mouse(terminal: Terminal, tmp_path: Path) -> None:
    terminal.wait("Sashank")
    terminal.click("a Add")
    terminal.wait("Add a paper")
    terminal.write("warmth.pdf")
    terminal.click("Add  ")
    terminal.wait("Warmth Before Speed")
    terminal.click("examplewarmth")
    terminal.click("⏎ Read")
    terminal.wait("1 of 5")
    terminal.click("n Note")
    terminal.wait("Your words")
    terminal.write("clicked")
    terminal.click("Save")
    terminal.wait("1 note")
    terminal.click("F4 Bench")
    terminal.wait("The parameter counts")
    terminal.click("F2 Library")
    terminal.click("^p")
    terminal.wait("Search for commands")
    terminal.write("export notes")
    terminal.press("Enter")
    terminal.wait("Folder: a vault")
    terminal.press("C-u")
    terminal.write(str(tmp_path / "out"))
    terminal.press("Enter")
    assert "clicked" in _exported(tmp_path)


def test_three_passes_with_keys_alone(terminal: Terminal) -> None:
    terminal.wait("Sashank")
    _add(terminal)
    terminal.press("Enter")
    terminal.wait("1 of 5")
    terminal.press("Right", "Right")
    terminal.wait("1.41 ± 0.02")
    terminal.press("Down")
    terminal.wait("Loss against steps")
    terminal.press("f")
    terminal.wait("Finish pass 1")
    terminal.write("worth a second look")
    terminal.press("C-s")
    terminal.wait("Introduction to conclusion")
    terminal.wait("Warmup is in every recipe")
    terminal.press("v", "u")
    terminal.wait("1 open")
    terminal.press("f")
    terminal.wait("1 thing is marked as not understood")
    terminal.press("C-s")
    terminal.wait("○ open · pass 2 · page 1")
    terminal.press("r")
    terminal.wait("What you know now")
    terminal.write("The second moment is the reason.")
    terminal.press("C-s")
    terminal.wait("✓ answered")
    terminal.press("c")
    terminal.wait("6 found", 60)
    terminal.press("Space")
    terminal.wait("1 accepted")
    terminal.press("Escape")
    terminal.wait("Recap")
    terminal.press("f")
    terminal.wait("Finish pass 3")
    terminal.write("run it first")
    terminal.press("Tab", "Up", "Space")
    terminal.write("+0")
    terminal.press("C-s")
    terminal.wait("again on")
    terminal.press("F1")
    terminal.wait("Put off to now")
    assert "run it first" in terminal.see()
    terminal.press("p")
    terminal.wait("Nothing waits for you today")
    terminal.press("C-z")
    terminal.wait("Put off to now")
    terminal.press("1")
    terminal.wait("✓ answered")
    terminal.press("C-q")
    assert terminal.ended(), terminal.see()


def test_three_passes_with_the_mouse(terminal: Terminal) -> None:
    terminal.wait("Sashank")
    _add(terminal)
    terminal.click("⏎ Read")
    terminal.wait("1 of 5")
    terminal.click("←/→ Step")
    terminal.wait("short linear warmup")
    terminal.click("←/→ Step")
    terminal.wait("Tab 1")
    terminal.click("Fig 1")
    terminal.wait("Loss against steps")
    terminal.click("f Finish")
    terminal.wait("Finish pass 1")
    terminal.click("Save")
    terminal.wait("Warmup is in every recipe")
    terminal.drag("Our contributions", "ten seeds")
    terminal.click("u Unclear")
    terminal.wait("1 open")
    terminal.click("f Finish")
    terminal.wait("1 thing is marked as not understood")
    terminal.click("Save")
    terminal.wait("○ open · pass 2 · page 1")
    terminal.click("r Resolve")
    terminal.wait("What you know now")
    terminal.write("Four schedules.")
    terminal.click("Resolve  ^s")
    terminal.wait("✓ answered")
    terminal.press("f")
    terminal.wait("Finish pass 3")
    terminal.click("Come back on the day")
    terminal.write("+0")
    terminal.click("Save")
    terminal.wait("again on")
    terminal.click("F1 Home")
    terminal.wait("Put off to now")
    terminal.click("1 Warmth Before Speed")
    terminal.wait("✓ answered")


def _add(terminal: Terminal) -> None:
    terminal.press("a")
    terminal.wait("Add a paper")
    terminal.write("warmth.pdf")
    terminal.press("Enter")
    terminal.wait("Warmth Before Speed")


def _exported(folder: Path) -> str:
    limit = time.monotonic() + 20
    while not (found := list((folder / "out").glob("*.md"))):
        assert time.monotonic() < limit, "no file was written"
        time.sleep(0.1)
    return found[0].read_text("utf-8")
