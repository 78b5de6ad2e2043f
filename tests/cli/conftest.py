"""The installed program, each command a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

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
