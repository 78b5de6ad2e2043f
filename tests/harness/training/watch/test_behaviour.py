"""A watched script behaves as it does without us: what it prints, raises, and ends with."""

import json
import signal
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from support.watching import BOOTSTRAP

ENDS = {
    "falls off its end": "print(__name__, __file__, sys.argv, sys.path[0])",
    "exits with a number": "sys.exit(3)",
    "exits with words": "sys.exit('no such data')",
    "exits with nothing": "sys.exit()",
    "exits with a truth": "sys.exit(True)",
    "raises": "def f():\n    raise ValueError('é')\nf()",
    "raises from another": (
        "try:\n    {}['a']\nexcept KeyError as e:\n    raise RuntimeError('b') from e"
    ),
    "raises a group": "raise ExceptionGroup('both', [ValueError(1), TypeError(2)])",
    "is not Python": "def (",
    "is interrupted": "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\ninput()",
    "has a hook for errors": "sys.excepthook = lambda *e: sys.exit(9)\n1 / 0",
    "says goodbye": "import atexit\natexit.register(print, 'bye')\nsys.exit(4)",
    "goes on in a thread": (
        "import threading, time\n"
        "threading.Thread(target=lambda: (time.sleep(0.2), print('late'))).start()"
    ),
    "is forked": (
        "import os\nif os.fork():\n    os.wait()\n    print('parent')\nelse:\n    sys.exit(5)"
    ),
    "gets arguments": (
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--rate', type=float)\n"
        "print(p.parse_args())"
    ),
    "pickles what is its own": (
        "import multiprocessing\nclass Item:\n    pass\ndef give(q):\n    q.put(Item())\n"
        "if __name__ == '__main__':\n    context = multiprocessing.get_context('spawn')\n"
        "    q = context.Queue()\n    p = context.Process(target=give, args=(q,))\n    p.start()\n"
        "    print(type(q.get()), p.join(), p.exitcode)"
    ),
    "asks for its own source": (
        "import inspect\ndef f():\n    return 1\nprint(inspect.getsource(f))"
    ),
    "imports what lies beside it": "import beside\nprint(beside.x)",
}
HEAD = "import sys\n"


def run(command: Sequence[str], folder: Path) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
    )
    return done.returncode, done.stdout, done.stderr


def both(folder: Path, *argv: str) -> tuple[tuple[int, str, str], dict[str, Any]]:
    """What the watched script did, which is what it does alone; and the report."""
    alone = run(argv, folder)
    watched = run([BOOTSTRAP, "report.json", "0", *argv], folder)
    assert watched == alone
    return alone, json.loads((folder / "report.json").read_text())


def write(folder: Path, text: str) -> None:
    (folder / "train.py").write_text(HEAD + textwrap.dedent(text) + "\n", "utf-8")
    (folder / "beside.py").write_text("x = 1\n")


@pytest.mark.parametrize("text", ENDS.values(), ids=list(ENDS))
def test_the_end_of_a_script_is_its_own(tmp_path: Path, text: str) -> None:
    write(tmp_path, text)
    (code, _, _), report = both(tmp_path, "train.py", "--rate", "0.5")
    assert report["exit_code"] == (code if code >= 0 else 128 - code)
    assert "never imported torch" in report["limits"][0]


def test_a_module_is_run_as_one(tmp_path: Path) -> None:
    write(
        tmp_path, "print(__name__, __package__, __spec__.name, sys.argv, sys.path[0])\nsys.exit(2)"
    )
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "__main__.py").write_text(
        "import sys\nprint(sys.argv, __package__)\n1 / 0"
    )
    assert both(tmp_path, "-m", "train", "x")[0][0] == 2
    assert both(tmp_path, "-m", "pack", "-v")[0][0] == 1
    assert both(tmp_path, "pack", "-v")[0][0] == 1
    assert both(tmp_path, "-m", "no_such_module")[0][0] == 1
    assert both(tmp_path, "no_such_file.py")[0][0] == 2


def test_one_that_imports_us_gets_what_is_installed(tmp_path: Path) -> None:
    write(tmp_path, "import researchdesk\nprint(researchdesk.__version__)")
    assert both(tmp_path, "train.py")[0][0] == 0


TRAINING = """
import importlib.util
assert importlib.util.find_spec("torch")
import torch
from torch import nn
torch.manual_seed(0)
torch.set_num_threads(1)
model = nn.Linear(4, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
def train(steps):
    x = torch.randn(64, 4)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), (x[:, 0] > 0).long())
        loss.backward()
        optimizer.step()
    print(loss.item().hex())
"""


@pytest.mark.slow
def test_training_is_watched_from_the_first_import_of_torch_on(tmp_path: Path) -> None:
    write(tmp_path, TRAINING + "train(20)\nraise SystemExit(train(3))")
    _, report = both(tmp_path, "train.py")
    assert report["seen"]["optimizer steps"] == 23


@pytest.mark.slow
def test_a_thread_that_outlives_the_script_is_watched(tmp_path: Path) -> None:
    text = "import threading\nthreading.Timer(0.3, train, [25]).start()\nprint('end')"
    write(tmp_path, TRAINING + text)
    _, report = both(tmp_path, "train.py")
    assert (report["seen"]["optimizer steps"], report["exit_code"]) == (25, 0)


@pytest.mark.slow
def test_of_a_script_that_is_killed_the_last_report_stays(tmp_path: Path) -> None:
    text = "import os, signal, time\ntrain(9)\ntime.sleep(1.2)\ntrain(9)\nos.kill(os.getpid(), 9)"
    write(tmp_path, TRAINING + text)
    (code, _, _), report = both(tmp_path, "train.py")
    assert code == -signal.SIGKILL
    assert report["exit_code"] is None
    assert report["seen"]["optimizer steps"] >= 10


@pytest.mark.slow
def test_processes_that_train_are_told_of(tmp_path: Path) -> None:
    text = """
import os
import torch.distributed as dist
import torch.multiprocessing as mp
def work(rank, file):
    dist.init_process_group("gloo", init_method=f"file://{file}", rank=rank, world_size=2)
    net = nn.parallel.DistributedDataParallel(nn.Linear(4, 2))
    by = torch.optim.SGD(net.parameters(), lr=0.1)
    for _ in range(5):
        by.zero_grad()
        net(torch.ones(3, 4) * (rank + 1)).square().sum().backward()
        by.step()
    if rank == 0:
        print(net.module.weight.sum().item().hex())
    dist.destroy_process_group()
if __name__ == "__main__":
    file = os.path.abspath("rendezvous" + str(os.getpid()))
    mp.spawn(work, (file,), nprocs=2)
"""
    write(tmp_path, TRAINING + text)
    _, report = both(tmp_path, "train.py")
    assert any("started 2 processes" in limit for limit in report["limits"])
    assert report["findings"] == []
