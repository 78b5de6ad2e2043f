"""What every command shares: the settings, and the desk, opened when first needed."""

from dataclasses import dataclass, field

import click

from researchdesk.cli.diagnostics import warn
from researchdesk.config import Settings, load_settings
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.privacy import told_once


@dataclass
class Session:
    """The settings of this call. ``desk`` opens the desk folder."""

    settings: Settings
    _desk: Desk | None = field(default=None, repr=False)

    @property
    def desk(self) -> Desk:
        if self._desk is None:
            self._desk = open_desk(self.settings)
        return self._desk

    def close(self) -> None:
        if self._desk is not None:
            self._desk.close()


def session(desk: str | None, offline: bool | None, only_ascii: bool | None) -> Session:
    """The session of this call; ``None`` is what was not given on the command line."""
    settings = load_settings(desk=desk, offline=offline, ascii=only_ascii)
    if said := told_once(settings):
        warn(said)
    return Session(settings)


pass_session = click.make_pass_decorator(Session)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
