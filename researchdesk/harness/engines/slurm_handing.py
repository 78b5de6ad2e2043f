"""Has another process hand trials to submitit, and hears which jobs they became."""

import pickle
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from researchdesk.domain.json_text import parse_json
from researchdesk.domain.text import clean, one_line
from researchdesk.errors import EngineError
from researchdesk.harness.engines.slurm_python import after_setup
from researchdesk.harness.engines.slurm_submit import Order

_LOG, _ANSWER = "handing_over.log", "handed_over.jsonl"
_PATIENCE_S = 600
_TAIL_BYTES = 4_000
_TAIL_LINES = 8


@dataclass(frozen=True, slots=True)
class Answer:
    """The jobs that were handed over, and why not all were, if so. ``cut_short``: it was ended from
    without, so that there may be a job that it had no time to tell of."""

    ids: Sequence[str]
    error: str = ""
    cut_short: bool = False


def handed_over(order: Order, setup: Sequence[str]) -> Answer:
    """What becomes of an order; jobs that are begun are in a session of their own.

    It is answered in a file, which holds any number of jobs and is there for whoever looks after
    us. ``setup`` are commands of the shell to be begun after: submitit's local launcher would put a
    shell for them between a trial and whoever ends it. Raises EngineError where the process cannot
    be begun.
    """
    answer, log = order.folder / _ANSWER, order.folder / _LOG
    code: int | None = None
    try:
        with log.open("ab") as prints, answer.open("wb") as reply:
            code = subprocess.run(
                after_setup(setup, _submitter(reply.fileno())),
                input=pickle.dumps(order),
                stdout=prints,
                stderr=prints,
                pass_fds=(reply.fileno(),),
                cwd=order.folder,
                start_new_session=True,
                timeout=_PATIENCE_S,
                check=False,
            ).returncode
    except OSError as error:
        raise EngineError(f"Nothing could be handed over: {error}.", "Try again.") from error
    except subprocess.TimeoutExpired:
        pass
    return _read(answer.read_bytes(), code, log)


def last_lines(log: Path) -> list[str]:
    """The end of what was printed; nothing where there is no such file."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, file.seek(0, 2) - _TAIL_BYTES))
            text = clean(file.read().decode(errors="replace"))
    except OSError:
        return []
    return [one_line(line) for line in text.splitlines() if line.strip()][-_TAIL_LINES:]


def _submitter(reply: int) -> list[str]:
    """The command that hands over."""
    module = "researchdesk.harness.engines.slurm_submit"
    return [sys.executable, "-P", "-m", module, str(reply)]


def _read(content: bytes, code: int | None, log: Path) -> Answer:
    """``code`` is that of its exit, None where it was waited for no longer."""
    ids: list[str] = []
    for line in content.splitlines():
        try:
            record = parse_json(line)
        except ValueError:
            break
        if "ids" not in record:
            return Answer(ids, str(record.get("error", "")))
        ids += map(str, record["ids"])
    if code is None:
        return Answer(ids, f"handing over timed out after {_PATIENCE_S} s", cut_short=True)
    said = " ".join(last_lines(log))
    words = f"what hands over ended with exit code {code}. {said}"
    return Answer(ids, words, cut_short=code < 0)
