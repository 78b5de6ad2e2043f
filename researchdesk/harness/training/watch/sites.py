"""Finds the line of the user's code that led to what is observed."""

import linecache
import site
import sys
import sysconfig
from types import FrameType

from researchdesk.harness.training.watch.findings import Site

_OURS = __file__.rpartition("watch")[0]
_DEEPEST = 60
_MARK = "researchdesk: ok"


def _foreign_folders() -> tuple[str, ...]:
    paths = sysconfig.get_paths()
    folders = [paths["stdlib"], paths["platstdlib"], paths["purelib"], paths["platlib"]]
    folders += [*site.getsitepackages(), site.getusersitepackages(), _OURS]
    return tuple({f"{folder.rstrip('/')}/" for folder in folders if folder})


_FOREIGN = _foreign_folders()
_known: dict[str, bool] = {}


def is_users(file: str) -> bool:
    """Whether a file is the user's: neither a library's, nor Python's, nor ours."""
    found = _known.get(file)
    if found is None:
        found = not (file.startswith(("<", *_FOREIGN)) or "/site-packages/" in file)
        _known[file] = found
    return found


def here(skip: int = 1) -> Site:
    """The innermost line of the user's code that is being run."""
    frame = users_frame(skip + 1)
    return Site(frame.f_code.co_filename, frame.f_lineno) if frame is not None else Site()


def users_frame(skip: int = 1) -> FrameType | None:
    """The innermost call of the user's code that is being run, if it is not too deep to see."""
    frame: FrameType | None = sys._getframe(skip)
    for _ in range(_DEEPEST):
        if frame is None or is_users(frame.f_code.co_filename):
            return frame
        frame = frame.f_back
    return None


def is_silenced(name: str, at: Site) -> bool:
    """Whether the line, or the one above, says ``# researchdesk: ok NAME``."""
    if not at.file:
        return False
    lines = (linecache.getline(at.file, number) for number in (at.line, at.line - 1))
    said = (line.partition(_MARK)[2].replace(",", " ") for line in lines)
    return any(name in words.split() for words in said)
