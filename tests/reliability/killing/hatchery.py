"""Run as a file, with the shim loaded: imports the program once, then runs each command in a fork.

The fork is a process of its own, in a session of its own, and dies by SIGKILL where it is told to:
at its n-th call that changes a file (the shim), or after some seconds. A line of JSON in, a line
with how it ended out.
"""

import contextlib
import ctypes
import importlib
import io
import json
import mmap
import os
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from reliability.killing.processes import marked

_MODES = (os.O_RDONLY, os.O_WRONLY | os.O_CREAT | os.O_APPEND, os.O_WRONLY | os.O_CREAT)
_EARLY = (
    *("researchdesk.cli.context", "researchdesk.services.quotes", "researchdesk.sources.arxiv"),
    *("researchdesk.storage.migrations", "researchdesk.storage.search_index", "sqlite_utils"),
    *("researchdesk.services.pdf_imports", "researchdesk.services.importing", "filelock"),
    *("researchdesk.tui.app", "researchdesk.tui.screens.reader", "reliability.killing.writers"),
    *("researchdesk.services.exporting", "researchdesk.services.bibtex_out", "httpx", "arxiv"),
)


def main() -> None:
    from researchdesk.cli import main as command_line

    sys.dont_write_bytecode = True
    for target, _ in command_line.COMMANDS.values():
        importlib.import_module(target.partition(":")[0])
    for name in _EARLY:
        importlib.import_module(name)
    told = mmap.mmap(-1, 8)
    print("ready", flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        told[:] = bytes(8)
        begun = time.monotonic()
        child = os.fork()
        if child == 0:
            _run(command_line, asked, told)
        status = _until_its_end(child, asked)
        seconds = time.monotonic() - begun
        calls = int.from_bytes(told[:], "little")
        code = os.waitstatus_to_exitcode(status)
        print(json.dumps({"code": code, "calls": calls, "seconds": seconds}), flush=True)


def _until_its_end(child: int, asked: dict) -> int:
    if asked["after"] is None:
        return os.waitpid(child, 0)[1]
    deadline = time.monotonic() + asked["after"]
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status
        time.sleep(0.001)
    match asked["scope"]:
        case "group":
            with contextlib.suppress(ProcessLookupError):  # it may not have its own yet
                os.killpg(child, signal.SIGKILL)
        case "all":
            os.kill(child, signal.SIGKILL)
            for pid in marked(asked["env"]["KILLS_MARK"]):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
    os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def _run(command_line, asked: dict, told: mmap.mmap) -> None:
    shim = ctypes.CDLL(None) if "LD_PRELOAD" in os.environ else None
    code = 70
    try:
        os.setsid()
        for number, (file, mode) in enumerate(zip(asked["streams"], _MODES, strict=True)):
            os.dup2(os.open(file, mode), number)
        sys.stdin = io.TextIOWrapper(io.FileIO(0, closefd=False), encoding="utf-8")
        sys.stdout = io.TextIOWrapper(io.FileIO(1, "w", closefd=False), encoding="utf-8")
        sys.stderr = io.TextIOWrapper(
            io.FileIO(2, "w", closefd=False), encoding="utf-8", write_through=True
        )
        os.environ.clear()
        os.environ.update(asked["env"])
        os.chdir(asked["cwd"])
        sys.argv = ["researchdesk", *asked["args"]]
        signal.alarm(asked["seconds"])
        if shim:
            shim.kills_arm.argtypes = [ctypes.c_long, ctypes.c_int, ctypes.c_int]
            shim.kills_arm(asked["at"], asked["how"], int(asked["scope"] == "group"))
        if asked["call"]:
            module, _, name = asked["call"].partition(":")
            getattr(importlib.import_module(module), name)(*asked["args"])
        else:
            command_line.main()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else bool(ended.code)
    finally:
        sys.stdout.flush()
        if shim:
            told[:] = shim.kills_counted().to_bytes(8, "little")
        os._exit(code)


if __name__ == "__main__":
    main()
