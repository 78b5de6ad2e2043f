"""Kinds of values on the command line."""

from datetime import date, datetime
from typing import Any

import click

NUMBER = click.IntRange(1, 2**31 - 1)


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
DAY = click.DateTime(["%Y-%m-%d", "%Y-%m", "%Y"])


def as_date(ctx: click.Context, param: click.Parameter, value: datetime | None) -> date | None:
    """A callback that keeps the day of what was given."""
    return None if value is None else value.date()
