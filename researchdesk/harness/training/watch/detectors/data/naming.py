"""What the script itself calls the data: for training or for evaluation."""

import linecache
import re
import sys
from types import FrameType

from researchdesk.harness.training.watch.findings import Site
from researchdesk.harness.training.watch.sites import is_users

_TEST = re.compile(
    r"(?<![a-z])(test|val|valid|validate|validation|dev|holdout|held_?out|unseen)"
    r"(?![a-z])|(?<![a-z])(test|val|valid|dev)_?(set|loader|data|dl|ds|x|y|iter|acc|loss)"
    r"|(?<![a-z])[xy]_?(te|va|val|test|valid)(?![a-z])|(?<![a-z])te_?[xy](?![a-z])"
)
_TRAIN = re.compile(r"train|(?<![a-z])[xy]_?tr(?![a-z])|(?<![a-z])tr_?[xy](?![a-z])")
_MODE = re.compile(r"\.train\(\w*\)|\.training\b|[\"'][^\"']*[\"']")
_FRAMES = 40


def _of(line: str) -> str:
    line = _MODE.sub("", line.lower())
    # what the result is called, rather than what it is computed of
    made, sign, _ = line.partition(" = ")
    for part in (made, line) if sign and "(" not in made else (line,):
        test, train = bool(_TEST.search(part)), bool(_TRAIN.search(part))
        if test != train:
            return "test" if test else "train"
        if test:
            return ""
    return ""


def named_by(sites: list[Site]) -> str:
    """``test`` or ``train`` by the innermost line of the user's code that says either.

    ``sites`` are asked first, then the lines that are being run.
    """
    for site in sites:
        if site.file and (found := _of(linecache.getline(site.file, site.line))):
            return found
    frame: FrameType | None = sys._getframe(1)
    for _ in range(_FRAMES):
        if frame is None:
            break
        if is_users(frame.f_code.co_filename):
            line = linecache.getline(frame.f_code.co_filename, frame.f_lineno)
            if found := _of(line) or _of_function(frame.f_code.co_name):
                return found
        frame = frame.f_back
    return ""


def _of_function(name: str) -> str:
    return "test" if name != "<module>" and _of(name) == "test" else ""
