"""Runs somebody's script under observation: ``python bootstrap.py REPORT EVERY [-m] SCRIPT ARGS``.

Run as a file by the script's own interpreter, in which nothing of ours is installed; needs the
standard library only. The script is run as Python would run it: its folder first on ``sys.path``,
as ``__main__``, with its own arguments, exit code and traceback.
"""

import atexit
import builtins
import contextlib
import importlib
import importlib.util
import io
import os
import runpy
import sys
import threading
import types
import zipfile
from collections.abc import Callable, Iterator, Sequence
from importlib.machinery import SourceFileLoader
from types import CodeType, ModuleType
from typing import Any

_HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - no pathlib before theirs
_ROOM = "researchdesk.harness.training.watch"
_NO_FILE = 2


@contextlib.contextmanager
def _in_our_room() -> Iterator[None]:
    """Our package is importable by its name, without its folder on the path.

    Beside it lie whatever libraries we are installed with, and the script is to get its own. What
    it imports by our name later, if anything, is what is installed for it.
    """
    folder, name, before = _HERE, _ROOM, {}
    while name:
        package = types.ModuleType(name)
        package.__path__ = [folder]
        before[name], sys.modules[name] = sys.modules.get(name), package
        folder, name = os.path.dirname(folder), name.rpartition(".")[0]  # noqa: PTH120
    try:
        yield
    finally:
        for name, known in before.items():
            sys.modules.pop(name)
            if known is not None:
                sys.modules[name] = known


class _WhenTorchComes:
    """Starts watching right after torch is imported first; a script without it is left alone.

    Asked only whether there is a torch, it waits on.
    """

    def __init__(self, start: Callable[[], None]) -> None:
        self._start = start
        self._busy = False

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name != "torch" or self._busy:
            return None
        self._busy = True
        try:
            spec = importlib.util.find_spec(name)
        finally:
            self._busy = False
        if spec is None or spec.loader is None:
            return spec
        loader, run = spec.loader, spec.loader.exec_module

        def and_then(module: ModuleType) -> None:
            run(module)
            del loader.__dict__["exec_module"]
            if self in sys.meta_path:
                sys.meta_path.remove(self)
                self._start()

        loader.exec_module = and_then  # type: ignore[method-assign]
        return spec


class _Watched:
    """The observer, there from the moment that torch is."""

    def __init__(self, report: str, every: int, argv: Sequence[str]) -> None:
        self._where, self._every, self._argv = report, every, list(argv)
        self._owner = os.getpid()
        self._observer: Any = None
        self._problem = ""
        self._outcome: tuple[int, str] | None = None
        with _in_our_room():
            self._reporting: Any = importlib.import_module(f"{_ROOM}.reporting")

    def start(self) -> None:
        """Watch from now on. Where that fails, the script goes on without."""
        try:
            with _in_our_room():
                module: Any = importlib.import_module(f"{_ROOM}.observer")
            self._observer = module.Observer(self._where, self._every, self._argv)
        except Exception as error:  # noqa: BLE001 - it is the script that matters
            self._problem = f"This torch cannot be watched: {type(error).__name__}: {error}"

    def end(self, exit_code: int, how: str) -> None:
        """The script's last line ran. Its threads may go on, and so does the watching then."""
        self._outcome = (exit_code, how)
        atexit.register(self._tell)
        if not any(t.is_alive() and not t.daemon for t in threading.enumerate()[1:]):
            self._tell()

    def _tell(self) -> None:
        if self._outcome is None or os.getpid() != self._owner:
            return
        exit_code, how = self._outcome
        self._outcome = None
        if self._observer is not None:
            self._observer.end(exit_code, how)
            return
        report = self._reporting.empty(self._argv, exit_code, how)
        if self._problem:
            report["limits"] = [self._problem]
        self._reporting.write(self._where, report)


def main(argv: Sequence[str]) -> int:
    """Run the script and give its exit code. Raises the KeyboardInterrupt that ended it."""
    report, every, *rest = argv
    watched = _Watched(report, int(every), rest)
    if "torch" in sys.modules:
        watched.start()
    else:
        sys.meta_path.insert(0, _WhenTorchComes(watched.start))
    try:
        _run(rest)
    except SystemExit as error:
        code, how = _code_of(error), "exit"
    except KeyboardInterrupt as error:
        _traceback(error)
        watched.end(130, "interrupted")
        # the interpreter then ends as one that Ctrl-C ended, and a shell's loop stops too
        sys.excepthook = lambda *_: None
        raise
    except BaseException as error:  # noqa: BLE001 - told as Python itself tells it
        code, how = _traceback(error), type(error).__name__
    else:
        code, how = 0, "end"
    watched.end(code, how)
    return code


def _run(argv: list[str]) -> None:
    name = argv[0]
    sys.modules["__main__"] = module = types.ModuleType("__main__")
    module.__dict__.update(__builtins__=builtins, __annotations__={})
    ours = not getattr(sys.flags, "safe_path", False)
    if name == "-m":
        name, sys.argv = argv[1], ["-m", *argv[2:]]
        if ours:
            sys.path[0] = os.getcwd()  # noqa: PTH109
        runpy._run_module_as_main(name)  # type: ignore[attr-defined]
        return
    sys.argv = argv
    if os.path.isdir(name) or (not name.endswith(".py") and zipfile.is_zipfile(name)):  # noqa: PTH112
        sys.path[0] = name
        runpy._run_module_as_main("__main__", False)  # type: ignore[attr-defined]
        return
    if ours:
        sys.path[0] = os.path.dirname(os.path.realpath(name))  # noqa: PTH120
    file = os.path.abspath(name)  # noqa: PTH100
    module.__dict__.update(__file__=file, __cached__=None)
    module.__loader__ = SourceFileLoader("__main__", file)
    exec(_compiled(file), module.__dict__)  # noqa: S102 - the user's script, which they named


def _compiled(file: str) -> CodeType:
    try:
        with io.open_code(file) as source:
            text = source.read()
    except OSError as error:
        said = f"can't open file {file!r}: [Errno {error.errno}] {error.strerror}"
        print(f"{sys.executable}: {said}", file=sys.stderr)  # noqa: T201 - as Python does
        raise SystemExit(_NO_FILE) from None
    return compile(text, file, "exec", dont_inherit=True)


def _code_of(error: SystemExit) -> int:
    """The exit code; words in its place are printed, as Python does."""
    if error.code is None:
        return 0
    if isinstance(error.code, int):
        return error.code
    print(error.code, file=sys.stderr)  # noqa: T201
    return 1


def _traceback(error: BaseException) -> int:
    """Show it from the script's first line on, and give the exit code."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename in (__file__, runpy.__file__):
        trace = trace.tb_next
    error.__traceback__ = trace
    sys.last_type, sys.last_value, sys.last_traceback = type(error), error, trace
    try:
        sys.excepthook(type(error), error, trace)
    except SystemExit as other:
        return _code_of(other)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
