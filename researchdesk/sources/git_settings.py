"""Whether a repository's own settings are such as fetching makes them.

Git runs programs that a repository's settings name (filters, ``core.sshCommand``), and works on
files elsewhere (``core.worktree``). A desk from elsewhere may bring repositories with any of them.
"""

import functools
import re
import subprocess
from pathlib import Path

from researchdesk.errors import DeskError

_HARMLESS = re.compile(
    r"core\.(repositoryformatversion|filemode|bare|logallrefupdates|ignorecase|precomposeunicode"
    r"|symlinks|autocrlf|eol|abbrev)"
    r"|remote\..+\.(url|pushurl|fetch|tagopt|prune)"
    r"|branch\..+\.(remote|merge|rebase)"
    r"|extensions\.objectformat"
    r"|user\.(name|email)|pull\.(rebase|ff)|push\.default|color\..+"
)
_LIMIT_S = 20.0


def check(program: str, folder: Path) -> None:
    """Raise DeskError where ``folder`` is a repository that could make git run something.

    ``program`` is git. A folder without ``.git`` is none, and is not looked at.
    """
    place = folder / ".git"
    if not (place.exists() or place.is_symlink()):
        return
    if place.is_symlink() or not place.is_dir() or (place / "commondir").exists():
        raise _refused(folder, "it lies elsewhere")
    try:
        found = (place / "config").stat()
    except FileNotFoundError:
        return
    except OSError as error:
        raise _refused(folder, str(error.strerror or error)) from error
    if odd := _odd(program, place / "config", (found.st_mtime_ns, found.st_size, found.st_ino)):
        raise _refused(folder, f"its settings have {odd}")


@functools.lru_cache(maxsize=200)
def _odd(program: str, config: Path, _stamp: tuple[int, int, int]) -> str:
    """The first setting that is not harmless, or empty."""
    try:
        told = subprocess.run(
            [program, "config", "--file", str(config.absolute()), "--no-includes", "--null",
             "--list", "--name-only"],
            cwd=config.anchor or "/", capture_output=True, stdin=subprocess.DEVNULL,
            timeout=_LIMIT_S, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"what git cannot tell ({type(error).__name__})"
    if told.returncode:
        return "what git cannot read"
    names = told.stdout.decode("utf-8", "replace").split("\0")
    return next((name for name in names if name and not _HARMLESS.fullmatch(name)), "")


def _refused(folder: Path, why: str) -> DeskError:
    return DeskError(
        f"The repository in {folder} is not used, since git could run something of it: {why}. "
        "Nothing was run.",
        "Remove that folder, and fetch the code again.",
    )
