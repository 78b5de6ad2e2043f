"""Searches of the library that are kept under a name."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SmartList:
    """``query`` is what was typed; what it finds is looked up anew each time."""

    name: str
    query: str
    created_at: datetime
