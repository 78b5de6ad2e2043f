"""The bundled recipes are sound programs, and stay quiet."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.experiments import BUNDLED

TESTS = Path(__file__).parents[3]
PROGRAM = TESTS / "support" / "watched_recipe.py"
IDS = sorted(folder.name for folder in BUNDLED.folder.iterdir() if folder.is_dir())


@pytest.mark.slow
@pytest.mark.parametrize("name", IDS)
def test_a_bundled_recipe_is_quiet(name: str, tmp_path: Path) -> None:
    ref = name.split("-")[0] if name[0].isdigit() else name
    environ = {**os.environ, "PYTHONPATH": str(TESTS), "OMP_NUM_THREADS": "1"}
    ended = subprocess.run(
        [sys.executable, str(PROGRAM), ref],
        capture_output=True, text=True, env=environ, cwd=tmp_path, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout.splitlines()[-1]) == []
