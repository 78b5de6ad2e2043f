"""The installed program, as a subprocess."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs ``researchdesk ARGS`` on the test's own desk and gives what came of it."""

    def call(
        *args: str, stdin: str = "", timeout: float = 90
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "researchdesk", *args],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=timeout,
            cwd=tmp_path,
        )

    return call
