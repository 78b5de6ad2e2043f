"""The desk that is open: its settings, its database, its clock."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from researchdesk.config import Settings
from researchdesk.domain.clock import Clock, local_day, utc_now
from researchdesk.services.privacy import make_private
from researchdesk.storage.database import DeskDatabase
from researchdesk.storage.database import damage_told as damage_told


@dataclass(frozen=True, slots=True)
class Desk:
    """What every service takes first. Safe to share between threads."""

    settings: Settings
    database: DeskDatabase
    clock: Clock

    @property
    def root(self) -> Path:
        return self.settings.desk

    def today(self) -> date:
        """The day it is where the user is."""
        return local_day(self.clock())

    def close(self) -> None:
        self.database.close()


def open_desk(settings: Settings, clock: Clock = utc_now) -> Desk:
    """Open the desk folder, making it where it is not there; a new one is its owner's alone.

    An older desk is migrated after a backup.

    Raises BadInputError where it is no desk, or one of a newer researchdesk.
    """
    make_private(settings.state)
    return Desk(settings, DeskDatabase(settings.desk, clock), clock)
