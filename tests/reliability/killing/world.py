"""A desk that is killed again and again, with its servers, its dice and what it ought to hold."""

import os
import sqlite3
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from reliability.killing.hatched import Death, Hatchery, Outcome
from reliability.killing.observing import GONE, Key, observe
from support.feed_server import FeedServer
from support.oai_server import OaiServer
from support.tiny_pdf import tiny_pdf

NO_DEATH = Death()


class Everything(FeedServer, OaiServer):
    """arXiv with its API, PDFs, announcements and histories, on loopback."""


@dataclass
class World:
    """``facts``: what the desk is known to hold. ``books``: what operations remember of earlier
    ones. ``desk`` may be another for a while (a migration has one of its own)."""

    root: Path
    hatchery: Hatchery
    server: Everything
    dice: Random
    desk: Path = field(init=False)
    facts: dict[Key, Any] = field(default_factory=dict)
    books: dict[str, Any] = field(default_factory=dict)
    _count: int = 0

    def __post_init__(self) -> None:
        for name in ("in", "out", "home", "cwd"):
            (self.root / name).mkdir(parents=True)
        self.desk = self.root / "desk"

    @property
    def out(self) -> Path:
        return self.root / "out"

    @property
    def mark(self) -> str:
        return str(self.root)

    @property
    def env(self) -> dict[str, str]:
        home = self.root / "home"
        urls = {f"RESEARCHDESK_{name}_URL": "http://127.0.0.1:9" for name in ("S2",)}
        return {
            **{key: os.environ[key] for key in ("PATH", "LANG") if key in os.environ},
            **{"HOME": str(home), "TMPDIR": str(self.root), "PYTHONPATH": ":".join(sys.path)},
            **{f"XDG_{name}_HOME": str(home) for name in ("DATA", "CONFIG", "STATE", "CACHE")},
            **{"RESEARCHDESK_DESK": str(self.desk), "RESEARCHDESK_STATE": str(home / "state")},
            **{"RESEARCHDESK_CONFIG": str(home / "config.toml"), **urls},
            **{"RESEARCHDESK_ARXIV_URL": self.server.url, "RESEARCHDESK_ARXIV_INTERVAL": "0"},
            "MPLCONFIGDIR": str(Path(tempfile.gettempdir(), "researchdesk-tests-fonts")),
            "RESEARCHDESK_OAI_URL": f"{self.server.url}/oai",
            "RESEARCHDESK_RSS_URL": self.server.url,
            **{"NO_PROXY": "127.0.0.1", "KILLS_MARK": self.mark, "COLUMNS": "200"},
        }

    def number(self) -> int:
        """Another for each thing that is made."""
        self._count += 1
        return self._count

    def run(self, *args: str, death: Death = NO_DEATH, stdin: str = "", call: str = "") -> Outcome:
        cwd = self.root / "cwd"
        return self.hatchery.run(args, self.env, cwd, death, stdin=stdin, call=call)

    def peacefully(self, *args: str, stdin: str = "") -> Outcome:
        """A command that nobody kills, and that has to succeed; the facts are those after it."""
        done = self.run(*args, stdin=stdin)
        if done.code != 0:
            raise AssertionError(f"{args} ended with {done.code}:\n{done.out}{done.err}")
        self.facts = self.seen()
        return done

    def seen(self) -> dict[Key, Any]:
        return observe(self.desk, self.out)

    def ask(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.desk / "desk.db")) as raw:
            return raw.execute(sql, values).fetchall()

    def has(self, kind: str) -> list[Key]:
        """The keys of this kind that are there, in order."""
        return sorted(key for key, value in self.facts.items() if key[0] == kind and value != GONE)

    def paper(self) -> str:
        """A paper of the desk; one is added where there is none."""
        on_desk = [key[1] for key in self.has("paper") if self.facts[key][1:] == (True, False)]
        if not on_desk:
            name = self.offer()
            self.peacefully("add", name)
            return name
        return self.dice.choice(on_desk)

    def offer(self) -> str:
        """A new paper at arXiv; its id."""
        name = f"2401.{self.number():05}"
        title = f"The paper number {name.partition('.')[2]}"
        pages = [f"{title}\nPage {page} of it" for page in range(self.dice.randint(1, 3))]
        self.server.add(
            name, title=title, pdf=tiny_pdf(*pages, padding=self.dice.choice((0, 9_000, 200_000)))
        )
        return name

    def pdf(self, stem: str) -> Path:
        """A PDF of one's own, of this name."""
        path = self.root / "in" / f"{stem}.pdf"
        path.write_bytes(
            tiny_pdf(*[f"Words of {stem}"], padding=self.dice.choice((0, 5_000, 100_000)))
        )
        return path
