"""Where the process begins: without a word the terminal app opens, and click is not loaded."""

import gc
import importlib
import io
import os
import sys

_MAIN = "researchdesk.cli.main"


def main() -> None:
    """Open the terminal app, or run the command line; end the process with its exit code."""
    _open_streams()
    if sys.argv[1:] or "_RESEARCHDESK_COMPLETE" in os.environ or not _is_terminal():
        importlib.import_module(_MAIN).main()
        return
    gc.disable()  # until the app stands: nothing that is loaded for it goes away
    try:
        _open_app()
    except BaseException as error:  # noqa: BLE001 - told as that of any command is
        importlib.import_module(_MAIN).end_with(error)


def _open_app() -> None:
    settings = importlib.import_module("researchdesk.config").load_settings()
    desk = importlib.import_module("researchdesk.services.desk").open_desk(settings)
    try:
        importlib.import_module("researchdesk.tui.app").run(desk)
    finally:
        desk.close()


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _open_streams() -> None:
    """Make sure that 0, 1 and 2 are open, lest a database be opened in their place."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    sys.stdin = sys.stdin or open(0, closefd=False)  # noqa: SIM115
    sys.stdout = sys.stdout or open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", closefd=False)  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
