"""A desk every text of which is hostile: what is shown, drawn and written of it is only text."""

import io
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, redirect_stderr
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from lxml import html
from markdown_it import MarkdownIt
from reliability.hostile import ACTS, HOSTILE, IDS, LONG
from reliability.hostile_commands import shown, written
from reliability.hostile_desk import Planted, plant
from rich.cells import cell_len
from support.pseudo_terminal import pseudo_terminal

from researchdesk.cli.diagnostics import tell
from researchdesk.cli.main import cli
from researchdesk.config import Settings
from researchdesk.domain.papers import Metadata
from researchdesk.errors import DeskError
from researchdesk.services import ideas, notes
from researchdesk.services.desk import open_desk
from researchdesk.services.library import file_metadata
from researchdesk.tui.app import ResearchDeskApp

_OURS = re.compile(r"\x1b\[(?:[0-47;]|[39][0-7]|38;[25];[\d;]+)*m|\r?\x1b\[2K")
_FAST = ("list", "show", "note", "claim", "funny", "feed", "runs", "sweep")
_MAY_BE_LONG = (
    "papers.title", "papers.abstract", "papers.comment", "notes.text", "notes.quote",
    "surprises.text", "surprises.expected", "surprises.observed", "explanations.text",
    "explanations.predicts", "ideas.text", "ideas.instead", "stories.title",
)  # fmt: skip
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


@pytest.fixture
def desk(settings: Settings) -> Settings:
    return replace(settings, offline=True)


@pytest.fixture
def planted(desk: Settings) -> Planted:
    return plant(desk, HOSTILE)


def _say(desk: Settings, args: list[str]) -> tuple[int, str, str]:
    done = CliRunner().invoke(cli, ["--offline", "--desk", str(desk.desk), *args], color=True)
    if not isinstance(done.exception, DeskError):
        return done.exit_code, done.stdout, done.stderr
    with redirect_stderr(io.StringIO()) as said:
        code = tell(done.exception)
    return code, done.stdout, done.stderr + said.getvalue()


def _check(args: list[str], code: int, *said: str) -> None:
    assert code in {0, 1, 2, 3, 5, 6}, (args, said[-1][-300:])
    for text in said:
        found = ACTS.search(_OURS.sub("", text))
        assert not found, (args, ascii(text[max(0, found.start() - 60) : found.end() + 20]))


def test_what_is_shown_acts_on_no_terminal_and_json_is_json(
    desk: Settings, planted: Planted
) -> None:
    for args in shown(planted):
        if args[0] in _FAST:
            _check(args, *_say(desk, args))
    code, out, _ = _say(desk, ["list", "--json"])
    assert code == 0
    _check(["list", "--json"], code, out)
    assert any("\x1b" in paper["title"] for paper in json.loads(out)["papers"])


@pytest.mark.slow
def test_every_command_shows_text_and_json(desk: Settings, planted: Planted) -> None:
    for args in shown(planted):
        _check(args, *_say(desk, args))
        if args[0] != "completion" and "--format" not in args:
            code, out, err = _say(desk, [*args, "--json"])
            _check(args, code, out, err)
            if out and code in {0, 1}:
                json.loads(out)


@pytest.mark.slow
def test_a_terminal_is_told_no_more_than_colours(desk: Settings, planted: Planted) -> None:
    for args in (["list"], ["show", "key"], ["export", "bibtex", "--all"], ["runs", "list"],
                 ["runs", "show", planted.run], ["report", "2001.00001", "--to", "r"]):  # fmt: skip
        argv = [sys.executable, "-m", "researchdesk", "--offline", "--desk", str(desk.desk), *args]
        place = desk.desk.parent
        with pseudo_terminal() as (end, told):
            done = subprocess.run(argv, stdout=end, stderr=end, cwd=place, check=False)
            _check(args, done.returncode, told())


@pytest.mark.slow
def test_what_is_written_is_text_and_stays_where_it_was_asked(
    desk: Settings, planted: Planted, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    before = set(_outside(tmp_path, out))
    for args in written(planted, str(out)):
        code, said, err = _say(desk, args)
        assert code in {0, 1, 6}, (args, err)
        _check(args, code, said, err)
    assert set(_outside(tmp_path, out)) == before
    verbatim = {"all.bib", "all.json", "recipe.toml"}
    for path in (path for path in out.rglob("*") if path.is_file()):
        assert path.name.isascii()
        if path.name not in verbatim:
            _check([str(path)], 0, path.read_bytes().decode("utf-8").replace("\r\n", "\n"))
    for path in out.rglob("*.html"):
        _check_page(path.read_text("utf-8"))
    for path in (out / "obsidian" / "ideas" / "idea-1.md", out / "talk.md", out / "report.md"):
        _check_markdown(path.read_text("utf-8"))
    lines = (out / "release" / "results" / "results.csv").read_text("utf-8").splitlines()
    assert not [line for line in lines if re.search(r'(?:^|,)"?[=+@]', line)]


def _outside(root: Path, out: Path) -> Iterator[Path]:
    for path in root.rglob("*"):
        if not path.is_relative_to(out) and path.relative_to(root).parts[0] not in {
            "desk",
            "state",
        }:
            yield path


def _check_page(text: str) -> None:
    tree = html.document_fromstring(text)
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy == _POLICY
    assert tree.xpath("//script | //img | //iframe | //object | //link | //base | //form") == []
    for element in tree.iter(html.etree.Element):
        assert not [name for name in element.attrib if name.startswith("on")]
        for name in ("href", "src", "{http://www.w3.org/1999/xlink}href"):
            address = element.get(name) or "#"
            assert re.match(r"#|https://arxiv\.org/|[\w.-]+\.html", address), address


def _check_markdown(text: str) -> None:
    body = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.S)
    tree = html.fromstring(f"<div>{MarkdownIt('commonmark').enable('table').render(body)}</div>")
    assert tree.xpath("//script | //svg | //img[contains(@src, 'evil')] | //iframe") == []
    assert not [one for one in tree.xpath("//a/@href") if "evil" in one or "script:" in one]


@pytest.mark.slow
async def test_the_screens_draw_text_and_nothing_of_it_is_a_link_or_an_action(
    desk: Settings, planted: Planted
) -> None:
    with closing(open_desk(desk)) as opened:
        app = ResearchDeskApp(opened)
        app.animation_level = "none"
        async with app.run_test(size=(120, 40)) as pilot:
            for mode in ("home", "library", "funny", "ideas", "tinker", "story", "bench"):
                await app.action_mode(mode)
                for _ in range(4):
                    await pilot.pause(0.02)
                await pilot.press("down")
                _check_screen(app)


def _check_screen(app: ResearchDeskApp) -> None:
    strips = app.screen._compositor.render_strips()
    text = "\n".join(strip.text for strip in strips)
    _check([type(app.screen).__name__], 0, text)
    assert len(text.split("\n")) == len(strips) == app.size.height
    assert {cell_len(strip.text) for strip in strips} == {app.size.width}
    for segment in (segment for strip in strips for segment in strip if segment.style):
        assert "evil" not in (segment.style.link or "")
        assert segment.style.meta.get("@click") != "app.quit"


@pytest.mark.slow
async def test_lines_of_a_million_signs_hold_nothing_up(desk: Settings) -> None:
    plant(desk, "x")
    with closing(open_desk(desk)) as opened:
        for column in _MAY_BE_LONG:
            table, _, name = column.partition(".")
            opened.database.raw.execute(f"UPDATE {table} SET {name} = ?", (LONG,))
        opened.database.raw.commit()
        app = ResearchDeskApp(opened)
        app.animation_level = "none"
        began = time.process_time()
        async with app.run_test(size=(120, 40)) as pilot:
            for mode in ("home", "library", "funny", "ideas", "story"):
                await app.action_mode(mode)
                for key in ("down", "down", "up"):
                    await pilot.press(key)
                    await pilot.pause(0.02)
                _check_screen(app)
        assert time.process_time() - began < 20
    began = time.process_time()
    for args in (["list"], ["show", "2001.00001", "--no-parse"], ["search", "cat:cs.LG"]):
        _check(args, *_say(desk, args))
    assert time.process_time() - began < 10


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    ["add ID --no-pdf", "show ID", "note add ID hello", "code clone ID", "changes ID",
     "recipe new ID",
     "recipe check ID", "reproduce ID --quick", "runs show ID", "sweep start ID", "story show ID",
     "report ID --to out", "release scaffold out --of ID",
     "export notes ID --to out", "reading-list show ID", "restore ID", "import ID"],
)  # fmt: skip
def test_no_id_leads_out_and_each_refusal_says_what_to_do(
    command: str, desk: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "a" / "b"
    place.mkdir(parents=True)
    monkeypatch.chdir(place)
    open_desk(desk).close()
    before = set(_outside(tmp_path, place / "out"))
    for given in (one for one in IDS if "\0" not in one and one not in {"/", ".", "..", "--"}):
        args = [given if word == "ID" else word for word in command.split()]
        code, out, err = _say(desk, args)
        assert code in {2, 3, 5} or "error:" in err, (args, code, err[-300:])
        assert "hint" in err or "Usage" in err, (args, err)
        _check(args, code, out, err)
    assert set(_outside(tmp_path, place / "out")) == before


def test_what_a_person_wrote_stays_as_it_is_written(desk: Settings) -> None:
    wrote = "\u2067\u05e9\u05dc\u05d5\u05dd\u2069 ze\u200bro \U0001f469\u200d\U0001f52c\n\t[b] $x$"
    with closing(open_desk(desk)) as opened:
        paper = file_metadata(opened, Metadata("One", ("A",), arxiv_id="2001.00001"))
        assert notes.add_note(opened, paper, 1, wrote).text == wrote
        assert ideas.add_idea(opened, wrote).text == wrote
    _check([], *_say(desk, ["note", "show", "1"]))
