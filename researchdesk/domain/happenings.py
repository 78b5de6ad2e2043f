"""What happened to surprises, ideas and investigations: every change, with its reason."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Happening:
    """``of`` is a link's ref (``funny:3``); ``what`` is ``state``, ``review`` or what was done.

    ``said`` is the new state, or the answer; ``why`` its reason, ``until`` the day it holds to.
    """

    of: str
    what: str
    said: str
    at: datetime
    why: str = ""
    until: date | None = None
