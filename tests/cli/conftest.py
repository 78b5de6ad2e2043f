"""The installed program, each command a process of its own; or its commands in this process."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from researchdesk.cli.main import cli
from researchdesk.errors import DeskError

Run = Callable[..., "subprocess.CompletedProcess[str]"]
_SERVER = Path(__file__).parents[1] / "support" / "forked_cli.py"


@pytest.fixture(scope="session")
def server() -> Iterator["subprocess.Popen[str]"]:
    """What has imported the command line, and forks for each command."""
    process = subprocess.Popen(
        [sys.executable, str(_SERVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    yield process
    process.communicate()


@pytest.fixture
def run(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, server) -> Run:
    """Runs ``researchdesk ARGS`` on the test's own desk and gives what came of it."""
    beside = tmp_path_factory.mktemp("streams")
    numbers = count()

    def call(
        *args: str, stdin: str = "", timeout: float = 90
    ) -> "subprocess.CompletedProcess[str]":
        streams = [beside / f"{next(numbers)}" for _ in range(3)]
        streams[0].write_text(stdin, "utf-8")
        asked = {
            "args": args,
            "cwd": str(tmp_path),
            "env": dict(os.environ),
            "streams": list(map(str, streams)),
            "seconds": int(timeout),
        }
        server.stdin.write(json.dumps(asked) + "\n")
        server.stdin.flush()
        code = int(server.stdout.readline())
        out, said = (file.read_text("utf-8") for file in streams[1:])
        return subprocess.CompletedProcess(args, code, out, said)

    return call


@pytest.fixture
def invoked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs ``researchdesk ARGS`` in this process, on the test's own desk."""
    monkeypatch.chdir(tmp_path)
    return lambda *args, stdin="": CliRunner().invoke(cli, args, input=stdin)


@pytest.fixture
def invoked_run(invoked: Callable[..., Result]) -> Run:
    """As ``run``, in this process."""

    def call(*args: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
        done = invoked(*args, stdin=stdin)
        code, said = done.exit_code, done.stderr
        if isinstance(done.exception, DeskError):
            code, said = done.exception.exit_code, f"{said}{done.exception.message}"
        elif done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return subprocess.CompletedProcess(args, code, done.stdout, said)

    return call
