"""Gathers what a bug report needs: of the user's own only how many, and which settings are set."""

import contextlib
import locale
import os
import platform
import re
import shutil
import sqlite3
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from importlib.abc import InspectLoader
from types import CodeType, ModuleType

from researchdesk import assets, config, errors, faults
from researchdesk.config import ENVIRONMENT, Settings, config_path
from researchdesk.domain import bug_reports, health
from researchdesk.domain.bug_reports import BugReport, Finding, own_words, rounded
from researchdesk.domain.engines import EngineKind
from researchdesk.domain.runs import RunState
from researchdesk.harness.environment import gpu_likely
from researchdesk.harness.store import RunStore
from researchdesk.services import desk_files, doctor, keeping, surroundings, synced_folders
from researchdesk.services.doctor import Examination
from researchdesk.services.surroundings import versions
from researchdesk.sources import failures, http
from researchdesk.storage import connecting, database, soundness, steps

_TABLES = {
    "papers": "papers", "notes": "notes", "claims": "claims", "passes": "passes",
    "surprises": "surprises", "ideas": "ideas", "investigations": "investigations",
    "stories": "stories", "clones": "clones", "feeds": "feeds",
}  # fmt: skip
_SPEAKERS: tuple[ModuleType, ...] = (
    doctor, surroundings, soundness, database, connecting, desk_files, keeping, synced_folders,
    failures, http, errors, health, config,
)  # fmt: skip
_PLAIN = {"offline", "ascii", "semantic_scholar", "arxiv_interval"}
"""Settings whose values say nothing of their user."""
_TERMS = re.compile(r"(?:xterm|screen|tmux|linux|vt\d+|rxvt|alacritty|kitty|foot|dumb|ansi|wezterm)"
                    r"[\w+.-]{0,20}")  # fmt: skip
_PROGRAMS = {
    "Apple_Terminal", "iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "tmux", "WarpTerminal",
    "mintty", "kitty", "alacritty", "contour", "rio",
}  # fmt: skip
_OTHER = "another"
_OF_SQLITE = """
not an error; SQL logic error; access permission denied; query aborted; database is locked;
database table is locked; out of memory; attempt to write a readonly database; interrupted;
disk I/O error; database disk image is malformed; unknown operation; database or disk is full;
unable to open database file; locking protocol; database schema has changed; string or blob too
big; constraint failed; datatype mismatch; bad parameter or other API misuse; authorization denied;
column index out of range; file is not a database; notification message; warning message
"""
"""What sqlite3_errstr says of the result codes: https://www.sqlite.org/c3ref/errcode.html"""
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*")


def bug_report(
    asked: Examination,
    options: Iterable[str] = (),
    environ: Mapping[str, str] = os.environ,
) -> BugReport:
    """Look at the desk as ``doctor`` does, and tell of it what may be shown to anybody.

    ``options`` are the names of the program's options, which hints may have in them.
    """
    settings = asked.settings
    checks = doctor.examine(asked)
    ours = _words_of(_SPEAKERS) | {*options} | {*_WORD.findall(_OF_SQLITE), "I/O"}
    return BugReport(
        versions=versions(),
        platform=_platform(),
        terminal=_terminal(environ),
        settings=dict(_settings(settings, environ)),
        schema=_schema(settings),
        counts=dict(_counts(asked)),
        health=doctor.worst(checks),
        findings=[
            Finding(check.name, check.health, own_words(f"{check.message} {check.hint}", ours))
            for check in checks
            if check.name != "versions"
        ],
        faults=[asdict(fault) for fault in faults.recent(settings.state)],
    )


def text_of(report: BugReport) -> str:
    """The report in Markdown."""
    return bug_reports.as_markdown(report)


def _platform() -> dict[str, str]:
    release = re.match(r"\d+(?:\.\d+)*", platform.release())
    found = {
        "system": f"{platform.system()} {release[0] if release else ''}".strip(),
        "machine": platform.machine(),
        "implementation": platform.python_implementation(),
        "GPU": "yes" if gpu_likely() else "no",
    }
    with contextlib.suppress(OSError):
        told = platform.freedesktop_os_release()
        words = f"{told.get('ID', '')} {told.get('VERSION_ID', '')}".strip()
        if re.fullmatch(r"[a-z0-9. _-]{1,40}", words):
            found["distribution"] = words
    return found


def _terminal(environ: Mapping[str, str]) -> dict[str, str]:
    term, program = environ.get("TERM", ""), environ.get("TERM_PROGRAM", "")
    colours = environ.get("COLORTERM", "")
    size = shutil.get_terminal_size()
    return {
        "TERM": (term if _TERMS.fullmatch(term) else _OTHER) if term else "not set",
        "COLORTERM": colours
        if colours in ("truecolor", "24bit")
        else "no"
        if not colours
        else _OTHER,
        "program": (program if program in _PROGRAMS else _OTHER) if program else "not told",
        "size": f"{size.columns} x {size.lines}",
        "is a terminal": _yes(sys.stderr.isatty()),
        "tmux or screen": _yes(any(environ.get(name) for name in ("TMUX", "STY"))),
        "ssh": _yes(any(environ.get(name) for name in ("SSH_CONNECTION", "SSH_TTY"))),
        "NO_COLOR": _yes(bool(environ.get("NO_COLOR"))),
        "encoding": f"{locale.getpreferredencoding(False)}, stderr {sys.stderr.encoding}",
    }


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"


def _settings(settings: Settings, environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Which keys are set, where, and the values of those that are the program's own words."""
    in_file: set[str] = set()
    with contextlib.suppress(OSError, ValueError):
        in_file = set(tomllib.loads(config_path().read_text(encoding="utf-8")))
    bundled = {
        "theme": {path.stem for path in assets.folder("themes").glob("*.toml")},
        "workflow": {path.stem for path in (assets.folder("data") / "workflows").glob("*.toml")},
        "vault": {"plain", "obsidian", "logseq"},
    }
    for key in sorted(field.name for field in fields(Settings)):
        name = ENVIRONMENT.get(key, "")
        value = getattr(settings, key)
        said = "set"
        if key == "engines":
            said = f"set, of the kinds {', '.join(_kinds(value.values()))}"
        elif key in _PLAIN:
            said = str(value)
        elif key in bundled:
            said = str(value) if value in bundled[key] else "of the user"
        places = (("in the file", key in in_file), ("in the environment", environ.get(name)))
        if where := " and ".join(place for place, is_set in places if is_set):
            yield key, f"{said} ({where})"


def _kinds(tables: Iterable[Mapping[str, object]]) -> list[str]:
    known = {kind.value for kind in EngineKind}
    return sorted({str(one.get("kind")) if one.get("kind") in known else _OTHER for one in tables})


def _schema(settings: Settings) -> str:
    try:
        with contextlib.closing(_looked_at(settings)) as raw:
            rows = raw.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = ?",
                               (steps.SET,))  # fmt: skip
            names = {row[0] for row in rows}
    except sqlite3.Error:
        return "none, or not to be read"
    known = [name for name in steps.STEPS if name in names]
    more = f", and {len(names) - len(known)} unknown" if len(names) > len(known) else ""
    return (
        f"{len(known)} of {len(steps.STEPS)} steps, the last {known[-1] if known else 'none'}{more}"
    )


def _counts(asked: Examination) -> Iterator[tuple[str, str]]:
    settings = asked.settings
    try:
        with contextlib.closing(_looked_at(settings)) as raw:
            for name, table in _TABLES.items():
                with contextlib.suppress(sqlite3.Error):
                    (count,) = raw.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
                    yield name, rounded(count)
    except sqlite3.Error:
        yield "rows", "could not be counted"
    if not settings.runs.is_dir():
        return
    states: Counter[RunState] = Counter()
    with contextlib.suppress(errors.DeskError, OSError):
        listed = RunStore(settings.runs, asked.clock).index.newest()
        states.update(row.state for row in listed.rows)
    for state, count in sorted(states.items()):
        yield f"runs, {state.value}", rounded(count)


def _looked_at(settings: Settings) -> sqlite3.Connection:
    place = (settings.desk / "desk.db").absolute().as_uri()
    return sqlite3.connect(f"{place}?mode=ro", uri=True)


def _words_of(modules: Sequence[ModuleType]) -> frozenset[str]:
    """Every word that stands in a text of these modules' code."""
    found: set[str] = set()
    for module in modules:
        loader = module.__spec__.loader if module.__spec__ else None
        code = loader.get_code(module.__name__) if isinstance(loader, InspectLoader) else None
        for text in _texts(code) if code else ():
            found.update(_WORD.findall(text))
    return frozenset(found)


def _texts(code: CodeType) -> Iterator[str]:
    for one in code.co_consts:
        if isinstance(one, str):
            yield one
        elif isinstance(one, tuple):
            yield from (text for text in one if isinstance(text, str))
        elif isinstance(one, CodeType):
            yield from _texts(one)
