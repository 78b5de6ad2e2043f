"""With ``--offline`` no command opens a socket, nor does any process that it starts."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.made_paper import write_paper

from researchdesk.cli.main import COMMANDS

_SUPPORT = Path(__file__).parents[1] / "support"
ID = "1512.03385"
KEY = "9912.00001"
OFFLINE = """
    add paper.pdf | add 1706.03762 | find words | list --json | search words | show KEY --json
    similar KEY | tag add x --to KEY | tag list | collection list | mark KEY --stars 3 | lists
    undo | redo | import refs.bib | sync | sync KEY | merge propose | feed list | feed follow cs.LG
    feed refresh | recommend --json | cites KEY | cites 1706.03762 --refresh | reading-list list
    backup | doctor | doctor --json | completion bash | pass start KEY --pass 1
    pass list KEY | note add KEY --pass 1 words | note list KEY | claim suggest KEY
    claim list KEY | code list KEY | code clone KEY https://github.com/a/b | changes KEY
    workflow list | recipe list | recipe show ID | reproduce ID --quick --json | runs list
    check ID | engine list | engine check local | engine check here
    engine check ray | engine check slurm | reproduce ID --on ray --quick | sweep list
    watch script.py | funny add Odd --expected a --observed b | funny list | idea add Try
    idea list | investigate list | story new --title T | story list | checklist list
    report ID --to page | read KEY --pass 1 | release scaffold out --of ID --author A
    export notes --all --to notes | export bibtex --all --to all.bib
    talk outline KEY | write list | keys | theme list | config | remove KEY | restore
"""
"""Commands, some of which end with an error, since they need the network or something more."""
_ENGINE = '[engines.here]\nkind = "slurm"\nlauncher = "local"\n'


@pytest.fixture(scope="module")
def sockets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sockets") / "opened"


@pytest.fixture(scope="module")
def watched(sockets: Path) -> dict[str, str]:
    """The environment in which Python writes down the sockets it opens."""
    return {**os.environ, "PYTHONPATH": str(_SUPPORT / "audit"), "PYTHONSOCKETS": str(sockets)}


@pytest.fixture(scope="module")
def server(watched: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, str(_SUPPORT / "forked_cli.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=watched,
        text=True,
    )
    yield process
    process.communicate()


@pytest.fixture
def files(tmp_path: Path, watched: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Path:
    write_paper(tmp_path / "paper.pdf")
    (tmp_path / "refs.bib").write_text("@article{a, title={On words}, author={A B}, year=2020}")
    Path(os.environ["RESEARCHDESK_CONFIG"]).write_text(_ENGINE, "utf-8")
    (tmp_path / "script.py").write_text("import torch\nprint(torch.ones(2).sum())\n")
    for name in ("PYTHONPATH", "PYTHONSOCKETS"):
        monkeypatch.setenv(name, watched[name])
    return tmp_path


def test_the_watch_sees_what_is_opened(watched: dict[str, str], sockets: Path) -> None:
    code = "import socket; socket.socket(); socket.socketpair()"
    subprocess.run([sys.executable, "-c", code], env=watched, check=True)
    (line,) = sockets.read_text().splitlines()
    assert line.startswith("socket.__new__")
    sockets.unlink()


def _commands() -> list[list[str]]:
    text = OFFLINE.replace("KEY", KEY).replace("\n", "|").replace(" ID", f" {ID}")
    return [line.split() for line in text.split("|") if line.strip()]


def test_every_command_is_tried() -> None:
    assert {words[0] for words in _commands()} == set(COMMANDS)


@pytest.mark.slow
def test_offline_no_command_opens_a_socket(run, files: Path, sockets: Path) -> None:
    codes = {}
    for words in _commands():
        done = run("--offline", *words)
        assert "Traceback" not in done.stderr, done.stderr
        assert not sockets.exists(), (words, sockets.read_text())
        codes[" ".join(words)] = done.returncode
    wrong = [words for words, code in codes.items() if code == 2]
    assert wrong == [f"read {KEY} --pass 1"], "only what needs a terminal is not tried"
    assert codes["find words"] == 4
    assert codes["add paper.pdf"] == codes[f"show {KEY} --json"] == 0
    assert codes[f"reproduce {ID} --quick --json"] in {0, 6}
    assert codes["engine check here"] == 0
    assert codes["engine check ray"] == codes[f"reproduce {ID} --on ray --quick"] == 4


_WALK = """
import asyncio
from researchdesk.config import load_settings
from researchdesk.services.desk import open_desk
from researchdesk.tui.app import ResearchDeskApp
from researchdesk.tui.going import MODE_SCREENS

async def walk():
    desk = open_desk(load_settings(offline=True))
    app = ResearchDeskApp(desk, "KEY")
    async with app.run_test(size=(120, 40)) as pilot:
        for mode in (*MODE_SCREENS, "reader"):
            await app.switch_mode(mode)
            await pilot.pause(0.5)
        for key in ("p", "F", "S", "g", "ctrl+p", "escape"):
            await pilot.press(key)
            await pilot.pause(0.3)
    desk.close()
    print(len(MODE_SCREENS))

asyncio.run(walk())
"""


@pytest.mark.slow
def test_offline_the_terminal_app_opens_none(run, files: Path, sockets: Path, watched) -> None:
    run("--offline", "add", "paper.pdf")
    done = subprocess.run(
        [sys.executable, "-c", _WALK.replace("KEY", KEY)],
        env={**os.environ, "PYTHONPATH": watched["PYTHONPATH"]},
        capture_output=True,
        text=True,
    )
    assert int(done.stdout or 0) > 3, done.stderr
    assert not sockets.exists(), sockets.read_text()


@pytest.mark.slow
def test_what_needs_no_network_opens_no_socket_online_either(
    run, files: Path, sockets: Path
) -> None:
    for words in (["list"], ["search", "words"], ["reading-list", "list"],
                  ["note", "add", ID, "--pass", "1", "words"], ["show", ID],
                  ["reproduce", ID, "--quick"], ["recommend"], ["config"]):  # fmt: skip
        run(*words)
        assert not sockets.exists(), (words, sockets.read_text())


@pytest.mark.slow
def test_the_kernel_sees_none_either(files: Path, watched: dict[str, str]) -> None:
    """What libraries of C open, Python does not see."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not here")
    seen = files / "seen"
    for words in (["add", "paper.pdf"], ["show", KEY], ["reproduce", ID, "--quick"]):
        done = subprocess.run(
            [strace, "-f", "-qq", "-e", "trace=socket,connect,bind", "-o", str(seen),
             sys.executable, "-m", "researchdesk", "--offline", *words],
            cwd=files, capture_output=True, text=True, timeout=150,
        )  # fmt: skip
        if "ptrace" in done.stderr or "attach" in done.stderr:
            pytest.skip("no process may be traced here")
        assert done.returncode in {0, 6}, done.stderr
        assert "AF_INET" not in seen.read_text(), words
