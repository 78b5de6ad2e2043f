"""Rungs of the ladder as the events of a run keep them: among its checks."""

from collections.abc import Mapping
from typing import Any

from researchdesk.domain.ladder import RUNGS, RungState
from researchdesk.domain.text import clean

_OK = {RungState.PASSED.value: True, RungState.FAILED.value: False}


def rung_record(arm: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """A rung as a worker tells it, as the data of an event ``check``.

    ``ok`` is None where it was not run; ``rung`` is its name, ``name`` its title.
    """
    name, state, figure, message = (
        clean(str(told.get(key) or "")) for key in ("name", "state", "figure", "message")
    )
    return {
        "arm": arm,
        "name": RUNGS[name].title if name in RUNGS else name,
        "ok": _OK.get(state),
        "message": "; ".join(filter(None, (figure, message))),
        "rung": name,
        "state": state,
        "figure": figure,
    }
