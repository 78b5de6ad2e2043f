"""What the shells are told while a line is typed."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from researchdesk.cli import completion_answers
from researchdesk.cli.completion_answers import Line, complete, read_line
from researchdesk.cli.completion_tree import Page, Word, page_of
from researchdesk.cli.completion_values import KINDS
from researchdesk.cli.main import COMMANDS, cli
from researchdesk.config import load_settings
from researchdesk.domain.papers import Metadata
from researchdesk.services import (
    collecting,
    labels,
    library,
    notes,
    smart_lists,
    stories,
    surprises,
)
from researchdesk.services.desk import Desk, open_desk

Complete = Callable[[str], list[str]]


@pytest.fixture
def desk() -> Desk:
    """The desk that the environment names, with two papers, tags and a collection."""
    opened = open_desk(load_settings())
    first = library.file_metadata(
        opened, Metadata("Attention", ("Ada Vaswani",), arxiv_id="1706.03762", stated_year=2017)
    )
    second = library.file_metadata(opened, Metadata("On Rest", ("Bo Writer",), stated_year=2020))
    labels.tag(opened, [first.id], ["vision", "to read"])
    labels.tag(opened, [second.id], ["text"])
    collecting.put_in(opened, [first.id], "my thesis")
    smart_lists.keep_list(opened, "methods", "tag:vision")
    (opened.root / "runs" / "20260101-120000-adam").mkdir(parents=True)
    (opened.root / "sweeps" / "20260102-120000-adam").mkdir(parents=True)
    return opened


def told(line: str) -> list[str]:
    return [value for value, _ in complete(cli, read_line(line))]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("researchdesk ", Line(("researchdesk",), "")),
        ("researchdesk sh", Line(("researchdesk",), "sh")),
        (r"rd tag add to\ re", Line(("rd", "tag", "add"), "to re")),
        ('rd tag add "to re', Line(("rd", "tag", "add"), "to re", '"')),
        ("rd tag add 'a b' ", Line(("rd", "tag", "add", "a b"), "")),
        ("rd ''", Line(("rd",), "")),
        ("", Line((), "")),
        ("rd x\\", Line(("rd",), "x")),
    ],
)
def test_a_line_is_split_as_a_shell_does(text: str, line: Line) -> None:
    assert read_line(text) == line


def test_commands_and_options_need_no_desk() -> None:
    assert told("researchdesk reading") == ["reading-list"]
    assert "tag" in told("researchdesk ")
    assert told("researchdesk --de") == ["--desk"]
    assert told("researchdesk --desk ") == [":folders"]
    assert told("researchdesk tag re") == ["remove", "rename"]
    assert told("researchdesk mark --st") == ["--stars"]
    assert told("researchdesk nonsense ") == []
    assert told("researchdesk tag nonsense ") == []
    assert told("researchdesk tag list x ") == []
    assert told("researchdesk completion ") == ["bash", "zsh", "fish"]
    assert not load_settings().desk.exists()


OFFERED = {
    "researchdesk show 17": ["1706.03762"],
    "researchdesk show wr": ["writer2020rest"],
    "researchdesk show ": ["1706.03762", "writer2020rest"],
    "researchdesk tag add v": ["vision"],
    "researchdesk tag add vision t": ["text", "to read"],
    "researchdesk tag add vision --to ": ["1706.03762", "writer2020rest"],
    "researchdesk tag add vision --to 1706.03762 w": ["writer2020rest"],
    "researchdesk tag add vision --to=17": ["--to=1706.03762"],
    "researchdesk tag add vision --to 1706.03762 --js": ["--json"],
    "researchdesk tag rename v": ["vision"],
    "researchdesk tag rename vision ": [],
    "researchdesk collection show m": ["my thesis"],
    "researchdesk collection new m": [],
    "researchdesk collection add 'my thesis' 17": ["1706.03762"],
    "researchdesk collection move x --place 1 17": ["1706.03762"],
    "researchdesk mark --stars 3 17": ["1706.03762"],
    "researchdesk runs show ": ["20260101-120000-adam"],
    "researchdesk sweep test ": ["20260102-120000-adam"],
    "researchdesk sweep new 1803": ["1803.03635", "1803.03635-lottery-ticket"],
    "researchdesk reproduce 1803": ["1803.03635", "1803.03635-lottery-ticket"],
    "researchdesk recipe show 1803": ["1803.03635", "1803.03635-lottery-ticket"],
    "researchdesk reproduce writer": [],
    "researchdesk search --h": ["--help"],
    "researchdesk reading-list add arch": ["architectures"],
    "researchdesk checklist repr": ["reproducibility"],
    "researchdesk check 1803": ["1803.03635", "1803.03635-lottery-ticket"],
    "researchdesk add x": [":files"],
    "researchdesk undo ": [],
    "researchdesk lists show m": ["methods"],
    "researchdesk list ti": ["title:"],
    "researchdesk list --limit 3 attention in:": ['in:"my thesis"'],
    "researchdesk search -- -tag:v": ["-tag:vision"],
    "researchdesk search sort:ye": ["sort:year"],
    'researchdesk mark --stars 3 --query "year:2019 list:m': ["year:2019 list:methods"],
}


def test_values_of_the_desk_are_completed(desk: Desk) -> None:
    assert {line: told(line) for line in OFFERED} == OFFERED


def test_the_desk_that_the_line_names_is_asked(desk: Desk, tmp_path: Path) -> None:
    assert told(f"researchdesk --desk {tmp_path / 'none'} show ") == []
    assert told(f"researchdesk --desk {desk.root} show 17") == ["1706.03762"]


def test_removed_papers_are_not_offered(desk: Desk) -> None:
    labels.remove_papers(desk, [1])
    assert told("researchdesk show ") == ["writer2020rest"]


def test_a_desk_that_cannot_be_read_is_not_complained_of(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.close()
    for path in desk.root.glob("desk.db*"):
        path.write_bytes(b"no database at all" * 100)
    asked = {"_RESEARCHDESK_COMPLETE": "zsh", "RESEARCHDESK_LINE": "researchdesk show "}
    assert completion_answers.answer(cli, asked) == 0
    assert capsys.readouterr() == ("", "")


def test_what_is_kept_is_made_again_where_it_is_broken(desk: Desk) -> None:
    assert told("researchdesk tag re") == ["remove", "rename"]
    kept = load_settings().state / "completion" / "tag.json"
    kept.write_text("{broken")
    assert told("researchdesk tag re") == ["remove", "rename"]
    assert kept.read_text().startswith('{"stamp"')


def test_a_kept_command_is_completed_without_importing_it(desk: Desk) -> None:
    told("researchdesk tag add v")
    script = (
        "import sys; from researchdesk.cli.main import cli;"
        "from researchdesk.cli import completion_answers as answers;"
        "asked = {answers.VARIABLE: 'zsh', 'RESEARCHDESK_LINE': 'researchdesk tag add v'};"
        "answers.answer(cli, asked);"
        "print(*sorted({'sqlite_utils', 'numpy', 'sklearn', 'torch', 'textual',"
        " 'researchdesk.cli.tagging'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.stdout, done.stderr.strip()) == ("vision\t1 paper\n", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_is_printed(run, shell: str) -> None:
    done = run("completion", shell)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"_RESEARCHDESK_COMPLETE={shell}" in done.stdout
    if program := shutil.which(shell):
        checked = subprocess.run([program, "-n"], input=done.stdout, text=True, check=False)
        assert checked.returncode == 0


def test_help_says_where_the_script_goes(run) -> None:
    told_of = run("completion", "--help").stdout
    assert 'eval "$(researchdesk completion zsh)"' in told_of
    assert "~/.config/fish/completions/" in told_of


def test_a_shell_that_is_not_known(run) -> None:
    assert run("completion", "tcsh").returncode == 2


@pytest.mark.slow
def test_it_is_quick(desk: Desk) -> None:
    told("researchdesk tag add v")
    begun = time.process_time()
    for _ in range(20):
        told("researchdesk tag add v")
    assert (time.process_time() - begun) / 20 < 0.05


OWN_WORDS = """
about abstract add address again against answer arm arms audience author authors back by claim
claims commit dataset day draft every expect expectation expected explain file for format fresh
from fun goal gpu_hours gpus hours ids ignore impact instead jobs keep letter limit line
mechanism metric metrics minutes new newer newest number numbers observed of offset older on one
other page pass place predicts priority proof python quote reach refuted_by report said script
search seconds seed seeds sentence set settings since sources spread stars start state states status
step steps tag take take_back text title to trial trials unit until url value venue wanted weak
what where why withdraw words work
"""
FREE = {*OWN_WORDS.split(), "collection new name", "workflow new name", "feed show ref"}
"""Words and numbers that are the user's own."""


def words_of(page: Page, path: str) -> Iterator[tuple[str, Word]]:
    for word in (*page.arguments, *(one for one in page.options if one.takes)):
        yield path, word
    for name, below in page.commands.items():
        yield from words_of(below, f"{path} {name}")


def test_every_word_that_names_something_of_the_desk_is_completed(tmp_path: Path) -> None:
    kinds, left = set(), set()
    for command in COMMANDS:
        page = page_of(cli, command, tmp_path)
        assert page is not None
        for path, word in words_of(page, command):
            kinds.add(word.kind)
            param = word.names[-1].lstrip("-").replace("-", "_")
            if not (word.kind or word.values) and not {param, f"{path} {param}"} & FREE:
                left.add(f"{path} {param}")
    assert left == set()
    assert kinds - {""} >= {
        "paper", "run", "sweep", "recipe", "tag", "collection", "list", "reading-list",
        "checklist", "note", "claim", "surprise", "idea", "investigation", "experiment", "story",
        "feed", "engine", "workflow", "category", "template", "writing", "ref", "files",
    }  # fmt: skip
    unknown = {kind for kind in kinds if kind not in KINDS} - {"", "files", "folders"}
    assert unknown == set()


def test_notes_surprises_stories_and_what_leads_to_them(desk: Desk) -> None:
    paper = library.get_paper(desk, "1706.03762")
    note = notes.add_note(desk, paper, 1, "what is a head?")
    odd = surprises.add_surprise(desk, "it learns", expected="1", observed="2")
    stories.new_story(desk, "My Thesis")
    assert told("researchdesk note show ") == [str(note.id)]
    assert told("researchdesk funny show ") == [str(odd.id)]
    assert told("researchdesk story show m") == ["my-thesis"]
    assert told("researchdesk idea add x --from story:") == ["story:my-thesis"]
    assert told("researchdesk idea add x --from 17") == ["1706.03762"]
    assert told("researchdesk note backlinks fu") == ["funny:"]
    assert told("researchdesk find --category cs.LG") == ["cs.LG"]
    assert "keshav" in told("researchdesk pass start 1706.03762 --workflow ")
    assert told("researchdesk reproduce 1706.03762 --on r") == ["ray"]
