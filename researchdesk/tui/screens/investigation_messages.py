"""What the thread that reads an investigation says to its screen."""

from dataclasses import dataclass

from textual.message import Message

from researchdesk.errors import DeskError
from researchdesk.tui.investigation_view import InvestigationView


@dataclass
class Loaded(Message):
    """An investigation was read."""

    view: InvestigationView


@dataclass
class Lost(Message):
    """It could not be read."""

    error: DeskError
