"""What brings one to triage."""

from dataclasses import dataclass

from textual.message import Message


@dataclass
class OpenTriage(Message):
    """Show what is new in the feeds, one paper at a time."""
