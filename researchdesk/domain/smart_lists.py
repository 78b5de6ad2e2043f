"""Smart lists: searches of the library under a name."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SmartList:
    """``query`` is what was typed; what it finds is looked up anew each time."""

    name: str
    query: str
    created_at: datetime
