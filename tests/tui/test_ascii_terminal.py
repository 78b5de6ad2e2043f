"""The program in a terminal that says that it has few signs."""

import os
import sys

import pytest
from support.terminal import Terminal


@pytest.mark.slow
@pytest.mark.parametrize(
    "environ",
    [
        {"TERM": "dumb"},
        {"TERM": "linux", "LANG": "C"},
        {"NO_COLOR": "1", "RESEARCHDESK_ASCII": "1"},
    ],
    ids=["dumb", "linux", "no-color"],
)
def test_a_terminal_of_few_signs_is_shown_only_those(environ, settings, tmp_path):
    kept = {**os.environ, "RESEARCHDESK_DESK": str(settings.desk), "RESEARCHDESK_OFFLINE": "1"}
    command = [sys.executable, "-m", "researchdesk"]
    with Terminal(command, {**kept, **environ}, tmp_path, (80, 24)) as terminal:
        seen = terminal.wait("1904.09237", 60)
        assert seen.isascii()
        assert "[F2 Library]" in seen
        assert any(line.startswith(">") for line in seen.splitlines())
        terminal.press("a")
        seen = terminal.wait("+- Add a paper ---")
        assert seen.isascii()
