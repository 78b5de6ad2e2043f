"""The libraries that would tell their makers of us are told not to."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from researchdesk.harness.engines.ray_bridging import Bridge

_LIBRARY = """
import os, sys, types
from pathlib import Path
sys.modules["datasets"] = types.ModuleType("datasets")
from researchdesk.harness.training.datasets import _library
_library(Path("hub"))
print(*sorted(name for name in os.environ if os.environ[name] == "1"))
"""


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="no /proc here")
def test_ray_is_started_without_its_usage_statistics() -> None:
    bridge = Bridge()
    try:
        given = Path(f"/proc/{bridge._process.pid}/environ").read_bytes().split(b"\0")
    finally:
        bridge._process.kill()
        bridge.close()
    assert b"RAY_USAGE_STATS_ENABLED=0" in given


def test_the_hub_learns_nothing_of_us() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LIBRARY], capture_output=True, text=True, check=True,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert {"DO_NOT_TRACK", "HF_HUB_DISABLE_TELEMETRY"} <= set(done.stdout.split())
