"""What the tests of all rooms share: a desk of their own, time that does not pass, no network."""

import os
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import hypothesis
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from support.arxiv_server import ArxivServer
from support.faketime import FakeTime

from researchdesk.config import Settings

_OWN = {
    *("LC_ALL", "LC_CTYPE", "LANGUAGE", "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "CLICOLOR"),
    *("VISUAL", "EDITOR", "BROWSER", "PAGER", "RAY_ADDRESS"),
}

# as for a user: what the tests start compiles a module once, not each time
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# matplotlib's list of fonts is made once for all tests, and not in the user's home
os.environ.setdefault("MPLCONFIGDIR", str(Path(tempfile.gettempdir(), "researchdesk-tests-fonts")))

# whoever runs the tests may have set these for themselves
for _name in [*os.environ]:
    if _name in _OWN or _name.startswith("GIT_"):
        del os.environ[_name]
os.environ["LANG"] = "C.UTF-8"
if os.environ.get("TERM") == "dumb":
    os.environ["TERM"] = "xterm-256color"

# how long an example takes is the machine's affair; what failed can be made to fail again
hypothesis.settings.register_profile("suite", deadline=None, print_blob=True)
hypothesis.settings.load_profile("suite")

# one's own clock is what a person reads: the tests have the same wherever they are run
os.environ["TZ"] = "UTC"
time.tzset()

LOOPBACK = {"127.0.0.1", "::1", "localhost", None, ""}
CORPUS = Path(__file__).parents[2] / "shared" / "corpus"


@pytest.fixture(autouse=True)
def _apart(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the user's settings, nor home, nor any host but this one."""
    for name in os.environ:
        if name.startswith("RESEARCHDESK_"):
            monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("home")
    for name, folder in {
        "HOME": home,
        "XDG_DATA_HOME": home / "data",
        "XDG_CONFIG_HOME": home / "config",
        "XDG_STATE_HOME": home / "state",
        "XDG_CACHE_HOME": home / "cache",
        "RESEARCHDESK_DESK": home / "desk",
        "RESEARCHDESK_STATE": home / "researchdesk-state",
        "RESEARCHDESK_CONFIG": home / "config.toml",
    }.items():
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setenv("RESEARCHDESK_ARXIV_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("RESEARCHDESK_ARXIV_INTERVAL", "0")
    for name in ("OAI", "RSS", "S2"):
        monkeypatch.setenv(f"RESEARCHDESK_{name}_URL", "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1,localhost")
    monkeypatch.setattr(socket.socket, "connect", _loopback_only(socket.socket.connect))
    monkeypatch.setattr(socket, "getaddrinfo", _no_names(socket.getaddrinfo))


def _loopback_only(connect: Any) -> Any:
    def guarded(self: socket.socket, address: Any) -> Any:
        if isinstance(address, tuple) and address[0] not in LOOPBACK:
            raise AssertionError(f"a test wanted to reach {address}")
        return connect(self, address)

    return guarded


def _no_names(getaddrinfo: Any) -> Any:
    def guarded(host: Any, *rest: Any, **named: Any) -> Any:
        if host not in LOOPBACK:
            raise socket.gaierror(socket.EAI_NONAME, f"a test looked up {host}")
        return getaddrinfo(host, *rest, **named)

    return guarded


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A desk and a state of its own; arXiv is an address where nobody answers, and not paced."""
    return Settings(
        desk=tmp_path / "desk",
        state=tmp_path / "state",
        arxiv_url="http://127.0.0.1:9",
        arxiv_interval=0.0,
    )


@pytest.fixture
def arxiv_server() -> Iterator[ArxivServer]:
    """A loopback arXiv without papers; ``add`` some."""
    with ArxivServer() as server:
        yield server


@pytest.fixture
def arxiv_settings(
    settings: Settings, arxiv_server: ArxivServer, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """``settings`` whose arXiv is ``arxiv_server``; processes started by the test find it too."""
    monkeypatch.setenv("RESEARCHDESK_ARXIV_URL", arxiv_server.url)
    monkeypatch.setenv("RESEARCHDESK_DESK", str(settings.desk))
    monkeypatch.setenv("RESEARCHDESK_STATE", str(settings.state))
    return replace(settings, arxiv_url=arxiv_server.url)


@pytest.fixture
def fake_time() -> FakeTime:
    """A clock that goes on only when its sleep is called."""
    return FakeTime()


@pytest.fixture
def corpus() -> Path:
    """The folder of real papers and recordings; the test is skipped where it is absent."""
    if not CORPUS.is_dir():
        pytest.skip("the shared corpus is not here")
    return CORPUS
