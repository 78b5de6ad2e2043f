"""A sweep on the command line: by its id, or by the beginning of one that no other sweep has."""

from typing import Any

import click

from researchdesk.cli.context import Session
from researchdesk.services.sweep_store import full_sweep_id


class _Sweep(click.types.StringParamType):
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        text = super().convert(value, param, ctx)
        session = ctx.find_object(Session) if ctx and not ctx.resilient_parsing else None
        return full_sweep_id(session.desk, text) if session else text


SWEEP = _Sweep()
