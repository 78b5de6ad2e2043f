"""What a start loads, held against the list in ``imports.toml``."""

import functools
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest

from researchdesk.config import Settings
from researchdesk.domain.papers import Metadata
from researchdesk.services import library
from researchdesk.services.desk import open_desk
from researchdesk.services.library_search import page, parse_query

_ALLOWED: dict[str, list[str]] = tomllib.loads(
    Path(__file__).with_name("imports.toml").read_text("utf-8")
)
_SLOW = """
    asyncio concurrent.futures csv ctypes decimal email html http importlib.metadata json logging
    multiprocessing pathlib pickle socket sqlite3 ssl statistics subprocess tomllib unittest
    urllib.request xml zipfile
"""
_HEAVY = frozenset(_SLOW.split())
"""Of the standard library: those that take a millisecond or more."""
_TOLD = """
def told():
    print(*sys.modules, file=sys.stderr)
import sys
"""
_COMMAND = """
import atexit
atexit.register(told)
sys.argv = ["researchdesk", *{words!r}]
from researchdesk.cli.start import main
main()
"""
_COMPLETING = """
import atexit, os
atexit.register(told)
os.environ.update(_RESEARCHDESK_COMPLETE="zsh", RESEARCHDESK_LINE="researchdesk " + {line!r})
from researchdesk.cli.start import main
main()
"""
_FIRST_SCREEN = """
from researchdesk.config import load_settings
from researchdesk.services.desk import open_desk
from researchdesk.tui.app import ResearchDeskApp
from researchdesk.tui.screens import library_looking

library_looking._SOON_S = 3600.0  # on a busy machine that comes before the rest

class Begun(ResearchDeskApp):
    def _load_rest(self):
        told()
        self.exit()

desk = open_desk(load_settings())
Begun(desk).run(headless=True)
desk.close()
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk that was used before, with a paper that has no pass yet."""
    folder = tmp_path_factory.mktemp("made")
    desk = open_desk(Settings(desk=folder, state=folder / "state", offline=True))
    library.seed_bundled(desk)
    library.file_metadata(desk, Metadata("On warmup", arxiv_id="2401.00001"))
    page(desk, parse_query("warmup"))
    desk.close()
    return folder


@pytest.fixture
def environ(made: Path, tmp_path: Path) -> dict[str, str]:
    shutil.copytree(made, tmp_path / "desk")
    given = {name: value for name, value in os.environ.items() if "RESEARCHDESK" not in name}
    return given | {
        "RESEARCHDESK_DESK": str(tmp_path / "desk"),
        "RESEARCHDESK_STATE": str(tmp_path / "state"),
        "RESEARCHDESK_CONFIG": str(tmp_path / "none.toml"),
        "RESEARCHDESK_OFFLINE": "1",
    }


@pytest.mark.parametrize("start", sorted(_ALLOWED))
def test_a_start_loads_no_more_than_is_written_down(start: str, environ: dict[str, str]) -> None:
    kind, _, words = start.partition(": ")
    script = {
        "command": _COMMAND.format(words=words.split()),
        "complete": _COMPLETING.format(line=words),
        "app": _FIRST_SCREEN,
    }[kind]
    new = _names(environ, script) - _always() - set(_ALLOWED[start])
    assert not new, f"{start} loads what it did not: {sorted(new)}; see imports.toml"


@functools.cache
def _always() -> frozenset[str]:
    """What click loads; and the environment, in any process."""
    return frozenset(_names(dict(os.environ), "import click; told()"))


def _names(environ: dict[str, str], script: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", _TOLD + script],
        env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return _worth_naming(done.stderr.splitlines()[-1].split())


def _worth_naming(modules: Sequence[str]) -> set[str]:
    found = set()
    for name in modules:
        parts = name.split(".")
        if parts[0] == "researchdesk":
            found.add(".".join(parts[:2]))
        elif parts[0] in sys.stdlib_module_names:
            found |= {name} & _HEAVY
        elif not parts[0].startswith("_"):
            found.add(parts[0])
    return found - {"researchdesk"}
