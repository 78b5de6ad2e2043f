"""Commands in a process group of their own: their output kept, their limits held."""

import os
import sys
import time
from pathlib import Path
from threading import Event

import pytest
from support.processes import is_alive

from researchdesk.domain.recipes import Limits
from researchdesk.harness.groups import Ended, resident_gb, run_group

NONE = Limits()


def run(folder: Path, code: str, limits: Limits = NONE, cancel: Event | None = None) -> Ended:
    return run_group([sys.executable, "-c", code], folder, folder / "log", limits, cancel)


def test_it_tells_how_a_command_ended_and_its_last_lines(tmp_path: Path) -> None:
    first = run(tmp_path, "print('one')")
    assert (first.well, first.code, first.tail) == (True, 0, "one")
    second = run(tmp_path, "import sys; print('two'); print('\\x1b[1mthree', file=sys.stderr); 1/0")
    assert (second.well, second.code, second.stopped) == (False, 1, "")
    assert "one" not in second.tail
    assert "three" in second.tail
    assert "\x1b" not in second.tail
    assert (tmp_path / "log").read_text().startswith("one\ntwo")


def test_a_command_that_is_not_there_is_an_oserror(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no-such"):
        run_group(["no-such-program"], tmp_path, tmp_path / "log", Limits())


def test_time_is_limited(tmp_path: Path) -> None:
    ended = run(tmp_path, "import time; time.sleep(60)", Limits(minutes=0.005))
    assert ended.stopped == "it took longer than 0.005 minutes"


def test_it_is_stopped(tmp_path: Path) -> None:
    cancel = Event()
    cancel.set()
    assert run(tmp_path, "import time; time.sleep(60)", cancel=cancel).stopped == "it was stopped"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the system does not tell")
def test_memory_of_the_whole_group_is_limited(tmp_path: Path) -> None:
    assert 0.001 < resident_gb(os.getpgid(0)) < 100
    child = "import time; x = b'x' * 300_000_000; time.sleep(60)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    ended = run(tmp_path, parent, Limits(memory_gb=0.2, minutes=0.5))
    assert ended.stopped == "it took more than 0.2 GB of memory"


def test_the_group_ends_with_its_leader(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys; "
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); "
        "print(child.pid)"
    )
    ended = run(tmp_path, code)
    assert ended.well
    deadline = time.monotonic() + 60
    while (running := is_alive(int(ended.tail))) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not running
