"""Run as a file: imports the command line once, then runs each command in a fork of itself.

A command is a process of its own, with its own streams, folder and environment, as from a shell;
what is spared is a second of imports. A line of JSON in (``args``, ``cwd``, ``env``, ``streams``:
the files of stdin, stdout and stderr; ``seconds``), a line with its exit code out. What ``keys``
imports besides is imported when it is first asked for.
"""

import importlib
import io
import json
import os
import signal
import sys

_MODES = (os.O_RDONLY, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)


def main() -> None:
    from researchdesk.cli import main as command_line

    for target, _ in command_line.COMMANDS.values():
        importlib.import_module(target.partition(":")[0])
    importlib.import_module("researchdesk.cli.context")
    for line in sys.stdin:
        asked = json.loads(line)
        if asked["args"][:1] == ["keys"]:
            importlib.import_module("researchdesk.tui.own_keys").every_command()
        child = os.fork()
        if child == 0:
            _run(command_line, asked)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _run(command_line, asked: dict) -> None:
    code = 70
    try:
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
        signal.alarm(asked["seconds"])
        sys.argv = ["researchdesk", *asked["args"]]
        command_line.main()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else bool(ended.code)
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
