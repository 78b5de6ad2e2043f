"""The harness's end of a hatchery: commands run in processes that can be killed exactly."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

HERE = Path(__file__).parent
BEFORE, HALF, BEHIND = range(3)
HOW = ("before", "half way through", "behind")
SIGKILLED = -9


@dataclass(frozen=True, slots=True)
class Death:
    """How a command is to die: ``at`` its call of this number (0: at none), ``after`` seconds
    (None: never). ``scope``: ``one`` process, its ``group``, or ``all`` that it started."""

    at: int = 0
    how: int = BEFORE
    after: float | None = None
    scope: str = "one"

    def __str__(self) -> str:
        whom = {"one": "", "group": ", with its group", "all": ", with all it started"}[self.scope]
        if self.at:
            return f"{HOW[self.how]} its call {self.at}{whom}"
        return "not at all" if self.after is None else f"after {self.after:.3f} s{whom}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended: ``calls`` that changed files (0 where it was killed), its prints."""

    code: int
    calls: int
    seconds: float
    out: str
    err: str

    @property
    def killed(self) -> bool:
        return self.code == SIGKILLED

    @property
    def lines(self) -> list[str]:
        """The lines that it printed whole."""
        return self.out.split("\n")[:-1]


def build_shim(folder: Path) -> Path | None:
    """The shim, compiled; None where there is no C compiler, or none that makes it."""
    compiler, target = shutil.which("cc") or shutil.which("gcc"), folder / "shim.so"
    if compiler is None or not sys.platform.startswith("linux"):
        return None
    command = [compiler, "-shared", "-fPIC", "-O2", "-o", target, HERE / "shim.c", "-ldl"]
    return target if subprocess.run(command, capture_output=True).returncode == 0 else None


class Hatchery:
    """``with Hatchery(shim) as hatchery: hatchery.run([...], env, cwd)``."""

    def __init__(self, shim: Path | None) -> None:
        self.exact = shim is not None
        environ = dict(os.environ) | ({"LD_PRELOAD": str(shim)} if shim else {})
        environ["PYTHONPATH"] = os.pathsep.join([str(HERE.parents[2]), str(HERE.parents[1])])
        self._streams = tempfile.TemporaryDirectory(prefix="kills-")
        self._process = subprocess.Popen(
            [sys.executable, HERE / "hatchery.py"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environ,
        )

    def __enter__(self) -> Self:
        assert self._process.stdout
        assert self._process.stdout.readline() == "ready\n"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(30)
        self._streams.cleanup()

    def run(
        self,
        args: Sequence[str],
        env: dict[str, str],
        cwd: Path,
        death: Death = Death(),
        *,
        stdin: str = "",
        call: str = "",
    ) -> Outcome:
        """Run ``researchdesk args``, or the function ``call`` of a module; wait for its end."""
        assert self._process.stdin
        assert self._process.stdout
        files = [Path(self._streams.name) / name for name in ("in", "out", "err")]
        for file, text in zip(files, (stdin, "", ""), strict=True):
            file.write_text(text, "utf-8")
        asked = {
            **{"args": list(args), "call": call, "cwd": str(cwd), "env": env, "seconds": 120},
            **{"at": death.at, "how": death.how, "after": death.after, "scope": death.scope},
            "streams": [str(file) for file in files],
        }
        print(json.dumps(asked), file=self._process.stdin, flush=True)
        told = json.loads(self._process.stdout.readline())
        out, err = (file.read_text("utf-8", "replace") for file in files[1:])
        return Outcome(told["code"], told["calls"], told["seconds"], out, err)
