"""Run as a file: imports torch once, then runs each program it is told of in a fork of itself.

A line of JSON in (``script``, ``args``, ``report``, ``every``, ``out``: a file for what it prints;
``seconds``; ``alone``: run it without observation), a line with its exit code out.
"""

import importlib.util
import json
import os
import runpy
import signal
import sys
from pathlib import Path


def main(bootstrap: str) -> None:
    import torch
    import torch._dynamo  # what the first optimizer of a process imports

    torch.set_num_threads(1)
    sys.dont_write_bytecode = True
    spec = importlib.util.spec_from_file_location("bootstrap", bootstrap)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            _run(module, asked)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _run(module: object, asked: dict) -> None:
    out = os.open(asked["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(out, 1)
    os.dup2(out, 2)
    signal.alarm(asked["seconds"])
    script = Path(asked["script"])
    os.chdir(script.parent)
    if asked.get("alone"):
        runpy.run_path(str(script), run_name="__main__")
        sys.stdout.flush()
        os._exit(0)
    code = module.main([asked["report"], str(asked["every"]), str(script), *asked["args"]])  # type: ignore[attr-defined]
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1])
