"""What an examination of the desk found."""

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. ``repair`` says in words what a repair would do; empty where
    there is nothing that the desk can mend by itself."""

    name: str
    health: Health
    message: str
    hint: str = ""
    repair: str = ""


def ok(name: str, message: str) -> Check:
    return Check(name, Health.OK, message)


def note(name: str, message: str, hint: str = "", repair: str = "") -> Check:
    return Check(name, Health.NOTE, message, hint, repair)


def problem(name: str, message: str, hint: str = "", repair: str = "") -> Check:
    return Check(name, Health.PROBLEM, message, hint, repair)
