"""What every command shares: the settings, and the desk, opened when first needed."""

import os
from dataclasses import dataclass, field
from pathlib import Path

import click

from researchdesk.cli.diagnostics import warn
from researchdesk.config import Settings, load_settings
from researchdesk.errors import BadInputError
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.privacy import told_once


@dataclass
class Session:
    """The settings of this call. ``desk`` opens the desk folder. ``problem`` is why the settings
    file was left out, for commands that go on without it."""

    settings: Settings
    problem: BadInputError | None = None
    _desk: Desk | None = field(default=None, repr=False)

    @property
    def desk(self) -> Desk:
        if self._desk is None:
            self._desk = open_desk(self.settings)
        return self._desk

    def close(self) -> None:
        if self._desk is not None:
            self._desk.close()


def session(
    desk: str | None, offline: bool | None, only_ascii: bool | None, *, lenient: bool = False
) -> Session:
    """The session of this call; ``None`` is what was not given on the command line.

    Raises BadInputError where the settings cannot be used; where ``lenient`` the file of them is
    left out then.
    """
    try:
        settings = load_settings(desk=desk, offline=offline, ascii=only_ascii)
    except BadInputError as error:
        if not lenient:
            raise
        none = Path(os.devnull)
        return Session(
            load_settings(None, none, desk=desk, offline=offline, ascii=only_ascii), error
        )
    if said := told_once(settings):
        warn(said)
    return Session(settings)


pass_session = click.make_pass_decorator(Session)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
