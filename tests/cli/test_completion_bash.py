"""Completion in a real bash, by the script that is printed."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from researchdesk.config import load_settings
from researchdesk.domain.papers import Metadata
from researchdesk.services import labels, library
from researchdesk.services.desk import Desk, open_desk

Complete = Callable[[str], list[str]]


@pytest.fixture
def desk() -> Iterator[Desk]:
    """The desk that the environment names, with a paper and tags."""
    opened = open_desk(load_settings())
    paper = library.file_metadata(opened, Metadata("Attention", ("A",), arxiv_id="1706.03762"))
    labels.tag(opened, [paper.id], ["vision", "text", "to read"])
    yield opened
    opened.close()


@pytest.fixture
def in_bash(desk: Desk, tmp_path: Path) -> Complete:
    """Completes a line in a real bash, by the script that is printed."""
    if (bash := shutil.which("bash")) is None:
        pytest.skip("there is no bash")
    program = tmp_path / "bin" / "researchdesk"
    program.parent.mkdir()
    program.write_text(
        f"#!{sys.executable}\n"
        "import os, sys\n"
        "from researchdesk.cli import completion_answers\n"
        "from researchdesk.cli.main import cli, main\n"
        "if completion_answers.VARIABLE in os.environ:\n"
        "    sys.exit(completion_answers.answer(cli))\n"
        "main()\n"
    )
    program.chmod(0o755)
    asking = (
        'eval "$(researchdesk completion bash 2>/dev/null)"; COMP_LINE=$1; COMP_POINT=${#1};'
        ' _researchdesk researchdesk; printf "%s\\n" "${COMPREPLY[@]}"'
    )

    def ask(line: str) -> list[str]:
        done = subprocess.run(
            [bash, "--norc", "-c", asking, "bash", line],
            env={**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.stderr == ""
        return done.stdout.split("\n")[:-1]

    return ask


def test_bash_completes(in_bash: Complete) -> None:
    assert in_bash("researchdesk reading") == ["reading-list"]
    assert in_bash("researchdesk tag add vision t") == ["text", r"to\ read"]
    assert in_bash('researchdesk tag add "t') == ["text", "to read"]
    assert in_bash("researchdesk tag add v --to=17") == ["1706.03762"]
    assert in_bash("researchdesk list tag:v") == ["vision"]
    assert in_bash("researchdesk list 'tag:v") == ["tag:vision"]
    assert in_bash("researchdesk import ") == [""]


@pytest.mark.parametrize(
    ("tag", "quotes"), [("x$(touch a)`touch b`\\!", ("", '"')), ("y'$(touch c)';'", "'")]
)
def test_what_bash_completes_is_one_word_and_runs_nothing(
    tag: str, quotes: str, in_bash: Complete, desk: Desk, tmp_path: Path
) -> None:
    labels.tag(desk, [library.get_paper(desk, "1706.03762").id], [tag])
    for quote in quotes:
        (word,) = in_bash(f"researchdesk tag remove {quote}{tag[0]}")
        closed = quote if quote and not word.endswith(quote) else ""
        line = ["bash", "--norc", "-c", f"printf %s {quote}{word}{closed}"]
        done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=True)
        assert done.stdout == tag
    assert not [path for path in tmp_path.iterdir() if len(path.name) == 1]
