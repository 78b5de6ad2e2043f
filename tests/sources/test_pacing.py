"""One request at a time, so many seconds apart, whatever else runs and whoever is killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from support.faketime import FakeTime

from researchdesk.errors import SourceError
from researchdesk.sources.pacing import Pacer, interval_for, is_arxiv
from researchdesk.sources.progress import silent

HOST = "127.0.0.1:80"


@pytest.fixture
def pacer(tmp_path: Path, fake_time: FakeTime) -> Pacer:
    return Pacer(tmp_path / "state", fake_time.clock, fake_time.sleep)


def take(pacer: Pacer, host: str = HOST, interval: float = 3.0) -> list[str]:
    told: list[str] = []
    with pacer.turn(host, interval, lambda what, done, total: told.append(what)):
        pass
    return told


def test_the_first_request_does_not_wait(pacer: Pacer, fake_time: FakeTime) -> None:
    assert take(pacer) == []
    assert fake_time.slept == []


def test_the_second_waits_for_the_rest_of_the_interval(pacer: Pacer, fake_time: FakeTime) -> None:
    take(pacer)
    fake_time.advance(seconds=1)
    assert take(pacer) == [f"waiting for {HOST}"]
    assert fake_time.slept == [2.0]
    take(pacer, "export.arxiv.org")
    assert take(pacer, "arxiv.org") == ["waiting for arXiv"]


def test_a_short_wait_is_not_told(pacer: Pacer, fake_time: FakeTime) -> None:
    take(pacer)
    fake_time.advance(seconds=2.5)
    assert take(pacer) == []
    assert fake_time.slept == [0.5]


def test_another_pacer_of_the_same_folder_waits_too(
    pacer: Pacer, tmp_path: Path, fake_time: FakeTime
) -> None:
    take(pacer)
    take(Pacer(tmp_path / "state", fake_time.clock, fake_time.sleep))
    assert fake_time.slept == [3.0]


def test_arxiv_is_one_host_and_others_are_their_own(pacer: Pacer, fake_time: FakeTime) -> None:
    take(pacer, "export.arxiv.org")
    take(pacer, "127.0.0.1:1")
    assert fake_time.slept == []
    take(pacer, "arxiv.org")
    assert fake_time.slept == [3.0]


@pytest.mark.parametrize("back", [timedelta(seconds=10), timedelta(days=4000)])
def test_a_clock_set_back_costs_one_interval(
    pacer: Pacer, fake_time: FakeTime, back: timedelta
) -> None:
    take(pacer)
    fake_time.now -= back
    take(pacer)
    take(pacer)
    assert fake_time.slept == [3.0, 3.0]


def test_a_clock_set_back_lifts_a_long_hold(pacer: Pacer, fake_time: FakeTime) -> None:
    with pacer.turn(HOST, 0.0, silent):
        pacer.postpone(HOST, 3000)
    fake_time.now -= timedelta(days=300)
    take(pacer, interval=0.0)
    assert fake_time.slept == [120.0]


def test_what_a_host_asked_for_holds_for_the_next(pacer: Pacer, fake_time: FakeTime) -> None:
    with pacer.turn(HOST, 0.0, silent):
        pacer.postpone(HOST, 20)
    take(pacer, interval=0.0)
    take(pacer, interval=0.0)
    assert fake_time.slept == [20.0]


def test_a_long_hold_is_an_error_that_says_how_long(pacer: Pacer, fake_time: FakeTime) -> None:
    with pacer.turn(HOST, 0.0, silent):
        pacer.postpone(HOST, 600)
    with pytest.raises(SourceError, match="another 10 min"):
        take(pacer)
    fake_time.advance(minutes=10)
    take(pacer)
    assert fake_time.slept == []


def test_a_broken_file_counts_as_a_request_just_now(
    pacer: Pacer, tmp_path: Path, fake_time: FakeTime
) -> None:
    take(pacer)
    next((tmp_path / "state").glob("*.json")).write_text('{"at": "20', encoding="utf-8")
    fake_time.advance(hours=1)
    take(pacer)
    assert fake_time.slept == [3.0]


def test_a_failed_request_gives_up_its_turn(pacer: Pacer) -> None:
    with pytest.raises(KeyboardInterrupt), pacer.turn(HOST, 0.0, silent):
        raise KeyboardInterrupt
    take(pacer, interval=0.0)


def test_a_state_folder_that_cannot_be_made_is_an_error(
    tmp_path: Path, fake_time: FakeTime
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    pacer = Pacer(tmp_path / "file" / "state", fake_time.clock, fake_time.sleep)
    with pytest.raises(SourceError) as caught:
        take(pacer)
    assert "RESEARCHDESK_STATE" in caught.value.hint


@pytest.mark.parametrize(
    ("host", "configured", "seconds"),
    [
        ("export.arxiv.org", 0.0, 3.0),
        ("ARXIV.org", 3.0, 3.0),
        ("arxiv.org.", -1.0, 3.0),
        ("export.arxiv.org", 10.0, 10.0),
        ("export.arxiv.org", float("nan"), 3.0),
        ("127.0.0.1", 0.2, 0.2),
        ("127.0.0.1", -5.0, 0.0),
        ("notarxiv.org", 0.5, 0.5),
    ],
)
def test_the_setting_can_only_raise_the_interval_of_arxiv(
    host: str, configured: float, seconds: float
) -> None:
    assert interval_for(host, configured) == seconds


def test_a_name_that_only_contains_arxiv_is_not_arxiv() -> None:
    assert is_arxiv("rss.arxiv.org")
    assert not is_arxiv("arxiv.org.example.com")


_ASK = """
import sys, time
from pathlib import Path
from researchdesk.domain.clock import utc_now
from researchdesk.sources.pacing import Pacer
looks = []

def clock():
    looks.append(utc_now())
    return looks[-1]

pacer = Pacer(Path(sys.argv[1]), clock, time.sleep)
for _ in range(int(sys.argv[2])):
    with pacer.turn("127.0.0.1", 0.2, lambda *_: None):
        print(looks[-1].timestamp(), flush=True)
"""
"""A turn is from its last look at the clock on: what comes after that may take its time."""

_HOLD = """
import sys, time
from pathlib import Path
from researchdesk.domain.clock import utc_now
from researchdesk.sources.pacing import Pacer
with Pacer(Path(sys.argv[1]), utc_now, time.sleep).turn("127.0.0.1", 0.0, lambda *_: None):
    print("held", flush=True)
    time.sleep(60)
"""


def start(script: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments], stdout=subprocess.PIPE, text=True
    )


def test_two_processes_share_the_pace(tmp_path: Path) -> None:
    processes = [start(_ASK, str(tmp_path), "4") for _ in range(2)]
    times = sorted(float(line) for p in processes for line in p.communicate()[0].split())
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert len(times) == 8
    assert min(gaps) > 0.199


def test_a_killed_process_gives_up_its_turn(tmp_path: Path) -> None:
    holder = start(_HOLD, str(tmp_path))
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    told: list[str] = []
    waiting = threading.Event()

    def progress(what: str, done: int, total: int | None) -> None:
        told.append(what)
        waiting.set()

    def ask() -> None:
        with Pacer(tmp_path, lambda: FakeTime().now, time.sleep).turn("127.0.0.1", 0.0, progress):
            told.append("mine")

    asker = threading.Thread(target=ask)
    asker.start()
    assert waiting.wait(20)
    assert "mine" not in told
    os.kill(holder.pid, signal.SIGKILL)
    holder.communicate()
    asker.join(20)
    assert told[-1] == "mine"
    assert "another researchdesk" in told[0]
