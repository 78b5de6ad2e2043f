"""Commands from a cold start, beside bare Python, ``import click`` and papis."""

import os
import sys
from collections.abc import Iterator

import library_rivals

from parts import places
from parts.rows import Place, Program, Row, in_turn

HELP_LIMIT, LIST_LIMIT = 2.5, 3.5
"""Ratios to ``import click``, on any machine; those that are committed are narrower."""
WORDS = "neural attention"
_MANY = 10_000
_CLICK, _BARE = "import click", "python -c pass"


def commands(place: Place) -> Iterator[Row]:
    """Of an empty desk, and of one of 10,000 papers."""
    yield from _of(place, "empty desk", str(places.empty(place)))
    if not place.quick:
        yield from _of(
            place, "10,000 papers", str(places.copied(place, places.papers(place, _MANY)))
        )


def beside_papis(place: Place) -> Iterator[Row]:
    """The search that papis has, and bare SQLite, on the same 10,000 papers."""
    desk = places.papers(place, _MANY)
    name = "cold search, 10,000 papers"
    programs: dict[str, Program] = {"ours": (_ours("search", WORDS, "--json"), _environ(str(desk)))}
    programs |= library_rivals.programs(desk, None, WORDS)
    times = {of: 1000 * seconds for of, seconds in in_turn(programs, place.rounds).items()}
    papis = times.get("papis")
    note = "" if papis else "papis is not here"
    limit = library_rivals.SHARE if papis else None
    yield Row(f"{name}, papis", times["ours"], "ms", "papis", papis, limit, note=note)
    bare = "bare SQLite FTS5"
    yield Row(f"{name}, SQLite", times["ours"], "ms", bare, times[bare])


def _of(place: Place, words: str, desk: str) -> Iterator[Row]:
    environ, paper = _environ(desk), "1907.10121" if words == "empty desk" else "paper17"
    programs: dict[str, Program] = {
        _BARE: ([sys.executable, "-c", "pass"], environ),
        _CLICK: ([sys.executable, "-c", _CLICK], environ),
        "--help": (_ours("--help"), environ),
        "list": (_ours("list", "--limit", "50"), environ),
        "search": (_ours("search", WORDS), environ),
    }
    if words != "empty desk":
        programs["show"] = (_ours("show", paper), environ)
        programs["note add"] = (_ours("note", "add", paper, "--pass", "1", "words"), environ)
    times = {name: 1000 * seconds for name, seconds in in_turn(programs, place.rounds).items()}
    limits = {"--help": HELP_LIMIT, "list": LIST_LIMIT, "search": LIST_LIMIT}
    for name in programs:
        if name in (_BARE, _CLICK):
            continue
        note = f"{times[name] / times[_BARE]:.1f} of bare Python"
        yield Row(
            f"{name}, {words}", times[name], "ms", _CLICK, times[_CLICK], limits.get(name),
            note=note,
        )  # fmt: skip


def _ours(*words: str) -> list[str]:
    return [sys.executable, "-m", "researchdesk", *words]


def _environ(desk: str) -> dict[str, str]:
    return {
        **os.environ,
        "RESEARCHDESK_DESK": desk,
        "RESEARCHDESK_STATE": f"{desk}/state",
        "RESEARCHDESK_CONFIG": os.devnull,
        "RESEARCHDESK_OFFLINE": "1",
    }
