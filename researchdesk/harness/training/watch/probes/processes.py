"""Processes that the script starts, other than those that load its data."""

from multiprocessing.process import BaseProcess
from typing import Any

from torch.utils.data._utils import worker

from researchdesk.harness.training.watch.probes.wrapping import wrap
from researchdesk.harness.training.watch.session import Session


def install(session: Session) -> None:
    """Count the processes, and those that load data: what they do is not seen."""

    def start(original: Any, process: Any) -> Any:
        loads = getattr(process, "_target", None) is worker._worker_loop
        session.seen["processes that load data" if loads else "processes started"] += 1
        return original(process)

    wrap(BaseProcess, "start", start)
