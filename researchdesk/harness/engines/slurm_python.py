"""The command that starts Python for a trial, tried where trials are processes of this machine."""

import shlex
import subprocess
from collections.abc import Sequence

from researchdesk.domain.text import one_line
from researchdesk.errors import BadInputError
from researchdesk.harness.engines.slurm_options import LOCAL, Options

_TRY = ("-c", "import submitit, researchdesk")
_PATIENCE_S = 120


def after_setup(setup: Sequence[str], command: Sequence[str]) -> list[str]:
    """The command, begun by a shell after the commands of ``setup`` where there are any."""
    if not setup:
        return list(command)
    return ["/bin/sh", "-c", " && ".join([*setup, f"exec {shlex.join(command)}"])]


def try_python(options: Options) -> None:
    """See that the interpreter that the options name starts here, and finds what a trial needs.

    Of one that is started on nodes nothing is known here. Raises BadInputError.
    """
    if options.launcher != LOCAL or not options.python:
        return
    try:
        command = after_setup(options.setup, [*shlex.split(options.python), *_TRY])
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_PATIENCE_S,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise _of_no_use(options, one_line(str(error))) from error
    if done.returncode:
        said = [one_line(line) for line in done.stderr.splitlines() if line.strip()]
        raise _of_no_use(options, said[-1] if said else f"it ends with code {done.returncode}")


def _of_no_use(options: Options, why: str) -> BadInputError:
    return BadInputError(
        f"The interpreter of the engine's table, python = {options.python!r}, does not run a "
        f"trial here: {why.rstrip('.')}. Nothing was handed over.",
        "Name one that has researchdesk[slurm] installed, or leave `python` out: the desk's own "
        "is taken then.",
    )
