"""Kinds of values on the command line."""

from datetime import date, datetime

import click

NUMBER = click.IntRange(1, 2**31 - 1)
DAY = click.DateTime(["%Y-%m-%d", "%Y-%m", "%Y"])


def as_date(ctx: click.Context, param: click.Parameter, value: datetime | None) -> date | None:
    """A callback that keeps the day of what was given."""
    return None if value is None else value.date()
