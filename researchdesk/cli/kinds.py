"""Kinds of values on the command line."""

import math
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import click

from researchdesk.cli.context import Session
from researchdesk.errors import UsageProblemError
from researchdesk.services.desk import Desk

NUMBER = click.IntRange(1, 2**31 - 1)


class _Finite(click.FloatRange):
    """A number that is one: no ``nan``, and nothing without end."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        found = super().convert(value, param, ctx)
        if not math.isfinite(found):
            self.fail(f"{value} is not a finite number.", param, ctx)
        return found


FINITE, AMOUNT = _Finite(), _Finite(min=0.0, min_open=True)


class _Numbered(click.IntRange):
    """A number that may also be given as the ref it stands in: ``3`` or ``funny:3``."""

    def __init__(self, kind: str) -> None:
        super().__init__(1, 2**31 - 1)
        self._kind = kind

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, str):
            value = value.strip().removeprefix("[[").removesuffix("]]")
            value = value.removeprefix(f"{self._kind}:")
        return super().convert(value, param, ctx)


SURPRISE, IDEA, INVESTIGATION = map(_Numbered, ("funny", "idea", "investigation"))


class Begun(click.types.StringParamType):
    """An id, or the beginning of one that no other thing of its kind has: ``full`` finds it."""

    def __init__(self, full: Callable[[Desk, str], str]) -> None:
        self._full = full

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        text = super().convert(value, param, ctx)
        session = ctx.find_object(Session) if ctx and not ctx.resilient_parsing else None
        return self._full(session.desk, text) if session else text


DAY = click.DateTime(["%Y-%m-%d", "%Y-%m", "%Y"])


def as_date(ctx: click.Context, param: click.Parameter, value: datetime | None) -> date | None:
    """A callback that keeps the day of what was given."""
    return None if value is None else value.date()


def check_until(until: date | None, state: str) -> None:
    """Raises UsageProblemError where a day was given to what is not parked."""
    if until is not None and state != "parked":
        raise UsageProblemError(
            "--until goes with parked only; nothing was changed.",
            "Leave --until out, or settle it as parked.",
        )
