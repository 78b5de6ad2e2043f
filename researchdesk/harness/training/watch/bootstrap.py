"""Runs somebody's script under observation: ``python bootstrap.py REPORT EVERY [-m] SCRIPT ARGS``.

Run as a file by the script's own interpreter, in which nothing of ours is installed; needs the
standard library only. The script is run as Python would run it: its folder first on ``sys.path``,
as ``__main__``, with its own arguments, exit code and traceback.
"""

import importlib
import importlib.util
import io
import os
import runpy
import signal
import sys
import types
from collections.abc import Callable, Sequence
from types import CodeType, ModuleType
from typing import Any

_HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - no pathlib before theirs
_PACKAGES = ("researchdesk", "harness", "training", "watch")


def _open_our_room() -> None:
    """Make our package importable by its name, without putting its folder on the path.

    Beside it lie whatever libraries we are installed with, and the script is to get its own.
    """
    folder, name = _HERE, ".".join(_PACKAGES)
    while name:
        package = types.ModuleType(name)
        package.__path__ = [folder]
        sys.modules.setdefault(name, package)
        folder, name = os.path.dirname(folder), name.rpartition(".")[0]  # noqa: PTH120


class _WhenTorchComes:
    """Starts watching right after torch is imported first; a script without it is left alone."""

    def __init__(self, start: Callable[[], None]) -> None:
        self._start = start

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name != "torch":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            return spec
        loader, start = spec.loader, self._start
        run = loader.exec_module

        def and_then(module: ModuleType) -> None:
            run(module)
            start()

        loader.exec_module = and_then  # type: ignore[method-assign]
        return spec


class _Watched:
    """The observer, there from the moment that torch is."""

    def __init__(self, report: str, every: int, argv: Sequence[str]) -> None:
        self._where, self._every, self._argv = report, every, list(argv)
        self._observer: Any = None

    def start(self) -> None:
        module = importlib.import_module("researchdesk.harness.training.watch.observer")
        self._observer = module.Observer(self._where, self._every, self._argv)

    def end(self, exit_code: int, how: str) -> None:
        module = importlib.import_module("researchdesk.harness.training.watch.reporting")
        if self._observer is None:
            module.write(self._where, module.empty(self._argv, exit_code, how))
        else:
            self._observer.end(exit_code, how)


def main(argv: Sequence[str]) -> int:
    """Run the script and give its exit code."""
    report, every, *rest = argv
    _open_our_room()
    watched = _Watched(report, int(every), rest)
    if "torch" in sys.modules:
        watched.start()
    else:
        sys.meta_path.insert(0, _WhenTorchComes(watched.start))
    as_module = rest[0] == "-m"
    sys.argv = rest[1:] if as_module else rest
    sys.path[0] = "" if as_module else os.path.dirname(os.path.realpath(rest[0]))  # noqa: PTH120
    try:
        _run(sys.argv[0], as_module)
    except SystemExit as error:
        code, how = _code_of(error), "exit"
        _say(error)
    except KeyboardInterrupt:
        watched.end(130, "interrupted")
        _die_of_interrupt()
        return 130
    except BaseException as error:  # noqa: BLE001 - told as Python itself tells it
        code, how = 1, type(error).__name__
        _tell(error)
    else:
        code, how = 0, "end"
    watched.end(code, how)
    return code


def _run(name: str, as_module: bool) -> None:
    if as_module:
        runpy.run_module(name, run_name="__main__", alter_sys=True)
        return
    module = types.ModuleType("__main__")
    module.__dict__.update(__file__=name, __builtins__=__builtins__, __loader__=None)
    sys.modules["__main__"] = module
    exec(_compiled(name), module.__dict__)  # noqa: S102 - the user's script, which they named


def _compiled(name: str) -> CodeType:
    with io.open_code(os.path.abspath(name)) as source:  # noqa: PTH100
        return compile(source.read(), name, "exec")


def _code_of(error: SystemExit) -> int:
    if error.code is None:
        return 0
    return error.code if isinstance(error.code, int) else 1


def _say(error: SystemExit) -> None:
    if error.code is not None and not isinstance(error.code, int):
        print(error.code, file=sys.stderr)  # noqa: T201 - as Python does


def _tell(error: BaseException) -> None:
    """The traceback, from the script's first line on."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename in (__file__, runpy.__file__):
        trace = trace.tb_next
    sys.excepthook(type(error), error, trace)


def _die_of_interrupt() -> None:
    """End as a program ends that Ctrl-C ended, so that a shell's loop stops too."""
    sys.stdout.flush()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGINT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
