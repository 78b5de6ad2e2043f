"""What the desk stands on: settings, the versions of the programs, the sources of the world."""

import platform
import sqlite3
import time
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from researchdesk import __version__
from researchdesk.config import Settings, config_path
from researchdesk.domain.clock import Clock
from researchdesk.domain.health import Check, note, ok, problem
from researchdesk.errors import DeskError, SourceError
from researchdesk.sources.http import Fetcher
from researchdesk.sources.progress import silent

_PACKAGES = ("textual", "arxiv", "pymupdf", "sqlite-utils", "httpx", "torch", "scikit-learn")
_ANY = range(200, 500)


def settings_check(settings: Settings) -> Check:
    """Where the settings come from, where nothing is wrong with them."""
    path = config_path()
    there = str(path) if path.is_file() else f"{path} (not there: the defaults hold)"
    return ok("settings", f"{there}{', offline' if settings.offline else ''}")


def settings_problems(
    broken: DeskError | None, keys: Sequence[str], theme: Sequence[str]
) -> list[Check]:
    """What is wrong with the settings: their file, the lines of [keys], the theme; in words."""
    if broken is not None:
        told = f"{broken.message.rstrip('.')}. The defaults hold meanwhile."
        return [problem("settings", told, broken.hint)]
    found = [
        problem("settings", f"[keys] {words}", "See: researchdesk keys check") for words in keys
    ]
    return found + [problem("settings", words, "See: researchdesk theme list") for words in theme]


def versions() -> dict[str, str]:
    """The versions of everything by its name, without importing it; empty of what is absent."""
    found = {
        "researchdesk": __version__,
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
    }
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = ""
    return found


def versions_check() -> Check:
    """Whether all that is needed is installed."""
    found = versions()
    absent = [name for name, number in found.items() if not number]
    told = ", ".join(f"{name} {number}" for name, number in found.items() if number)
    if absent:
        return problem("versions", f"{told}; not installed: {', '.join(absent)}", "Install again.")
    return ok("versions", told)


def sources_check(settings: Settings, clock: Clock) -> list[Check]:
    """Whether arXiv answers, and Semantic Scholar where it is switched on; one request each.

    A source that does not answer is a note: the desk is as sound as before.
    """
    if settings.offline:
        return [ok("network", "The desk is offline: nothing was asked.")]
    asked = [("arXiv", f"{settings.arxiv_url}/api/query?id_list=1706.03762&max_results=1")]
    if settings.semantic_scholar:
        asked.append(("Semantic Scholar", f"{settings.s2_url}/graph/v1/paper/ARXIV:1706.03762"))
    fetcher = Fetcher(settings, clock, time.sleep)
    return [_reached(fetcher, name, url) for name, url in asked]


def _reached(fetcher: Fetcher, name: str, url: str) -> Check:
    try:
        status = fetcher.get(url, accept=_ANY, progress=silent, tries=1).status
    except SourceError as error:
        return note("network", f"{name}: {error.message}", error.hint)
    if status == 200:
        return ok("network", f"{name} answers")
    return note("network", f"{name} refuses (HTTP {status})", "Wait, and try again later.")
