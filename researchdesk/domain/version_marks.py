"""What is said beside notes and claims whose version was withdrawn or replaced since."""

from dataclasses import dataclass

OWN_FILES = 1000
"""Versions above this are files of another record of the paper (the published one), not arXiv's."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a paper's versions. ``newest`` is the newest known, ``withdrawn`` the one
    that took it back, or None."""

    newest: int
    withdrawn: int | None = None
    why: str = ""


def mark(version: int, now: Standing) -> str:
    """``"withdrawn in v3: …"``, ``"v3 is out; this was read in v2"``, or ``""``."""
    if now.withdrawn is not None:
        why = f": {now.why}" if now.why else ""
        return f"withdrawn in v{now.withdrawn}{why}"
    if version < now.newest and now.newest < OWN_FILES:
        return f"v{now.newest} is out; this was read in v{version}"
    return ""


def version_words(version: int) -> str:
    """``v2``, or ``published`` for the file of the published record."""
    return f"v{version}" if version <= OWN_FILES else "published"
