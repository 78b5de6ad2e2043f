"""``engines.py verdicts`` ends with 1 where engines do not come to the same."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

_BENCHMARK = Path(__file__).with_name("engines.py")
_PYTHON = """#!/bin/sh
case "$*" in *" --on slurm "*) mean={other};; *) mean=0.5;; esac
echo '{{"claims": [{{"id": "c", "mean": '$mean', "verdict": "x"}}], "seeds": [], "verdict": "x",'
echo '"environment": {{"engine": "any"}}}}'
"""
_MAIN = """
import sys
sys.argv = ["engines.py", "verdicts", "--engines", "local", "slurm", "--recipe", "r"]
sys.executable = {python!r}
import runpy
runpy.run_path({benchmark!r}, run_name="__main__")
"""


@pytest.mark.slow
@pytest.mark.parametrize(("other", "code"), [("0.5", 0), ("0.7", 1)])
def test_a_claim_that_differs_is_told_by_the_exit_code(
    tmp_path: Path, other: str, code: int
) -> None:
    python = tmp_path / "python"
    python.write_text(_PYTHON.format(other=other))
    python.chmod(python.stat().st_mode | stat.S_IXUSR)
    main = _MAIN.format(python=str(python), benchmark=str(_BENCHMARK))
    done = subprocess.run(
        [sys.executable, "-c", main], capture_output=True, text=True, env=os.environ
    )
    assert done.returncode == code, done.stderr
    assert ("NOT THE SAME" in done.stdout) is bool(code)
