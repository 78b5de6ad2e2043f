"""What could not be seen of a script, in words."""

import sys
from collections.abc import Iterator
from typing import Any

from researchdesk.harness.training.watch.session import Session


def limits_of(session: Session, *, over: bool) -> list[str]:
    """``over``: the script came to its end, and what is missing will not come."""
    return [*_hidden(session), *_elsewhere(session), *(_missing(session) if over else ())]


def _hidden(session: Session) -> Iterator[str]:
    for why, times in session.unseen.items():
        # what is compiled is seen from outside, and this count is of its traces
        if why != "in torch.compile":
            yield f"{times} events {why} were not looked at."
    if _compiled():
        yield "Of code that torch.compile compiled, only inputs and outputs are seen."
    if taken := session.seen.get("gradients by autograd.grad"):
        yield (
            f"Gradients were taken with torch.autograd.grad ({taken} times): what checks of "
            "backward() see is not known for these."
        )


def _compiled() -> bool:
    dynamo: Any = sys.modules.get("torch._dynamo.utils")
    counters = getattr(dynamo, "counters", None)
    return bool(counters and counters["stats"]["unique_graphs"])


def _elsewhere(session: Session) -> Iterator[str]:
    if started := session.seen.get("processes started"):
        yield (
            f"The script started {started} processes of its own: what they do was not watched. "
            "Where they train, watch one that runs alone."
        )
    if loading := session.seen.get("processes that load data"):
        yield (
            f"Worker processes loaded data ({loading} in all, new ones for each pass): only their "
            "batches were seen."
        )
    if "torch.distributed.run" in sys.modules:
        yield (
            "torchrun starts each worker as a process of its own, which was not watched. Put the "
            "watching inside of it: torchrun --no-python researchdesk watch SCRIPT."
        )


def _missing(session: Session) -> Iterator[str]:
    steps, backwards = session.seen.get("optimizer steps"), session.seen.get("backward passes")
    if not session.seen.get("calls by the script") and not steps and not backwards:
        yield "No call of a module came to its end, and nothing was trained in this process."
    elif not backwards and not steps:
        yield "No backward pass and no optimizer step was seen: no training was judged."
    elif not steps:
        yield (
            "No step of an optimizer of torch.optim was seen: checks of steps and their gradients "
            "say nothing of parameters that are changed by hand."
        )
