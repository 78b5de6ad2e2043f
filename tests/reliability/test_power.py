"""A loss of power at any moment, small; the long run is ``power.py``."""

import random
import shutil
from collections import Counter
from pathlib import Path

import pytest
from reliability.power import power
from reliability.power_disk import Call, Disk

needs_cc = pytest.mark.skipif(shutil.which("cc") is None, reason="no compiler is installed")


@pytest.mark.slow
@needs_cc
def test_what_was_acknowledged_outlives_a_loss_of_power(tmp_path: Path) -> None:
    done: Counter[str] = Counter()
    failures = power(tmp_path, 40, 7, done, actions=80)
    assert not failures
    assert done["cuts"] == 40
    assert done["acknowledged"] > 200


def test_the_disk_forgets_what_was_not_waited_for(tmp_path: Path) -> None:
    disk = Disk()
    for kind, data in ((b"c", b""), (b"w", b"sure"), (b"s", b""), (b"w", b"lost")):
        disk.do(Call(kind, "file", "", 7, 0, data))
    disk.do(Call(b"s", "", "", 1, 0, b""))
    disk.do(Call(b"r", "file", "other", 0, 0, b""))
    left = set()
    for number in range(40):
        folder = tmp_path / str(number)
        folder.mkdir()
        disk.lose_power(folder, random.Random(number))
        left |= {(path.name, path.read_bytes()) for path in folder.iterdir()}
    assert left == {(name, data) for name in ("file", "other") for data in (b"sure", b"lost")}
