"""A loop of commands and one of experiments, each command a process of its own."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from reliability.together_oracle import Fact, Ledger

BAD = ("database is locked", "Traceback (most recent")
_ENTRY = """@article{{{key}, title={{Imported {key}}}, author={{Ann Author}}, year={{2020}},
  eprint={{{id}}}, archivePrefix={{arXiv}}}}
"""


class Commands:
    """Runs the program; what no user may meet is kept in the ledger."""

    def __init__(self, ledger: Ledger, environ: Mapping[str, str], folder: Path, seed: str) -> None:
        self.ledger, self.folder = ledger, folder
        self.dice = random.Random(seed)
        self.number = 0
        self._environ = dict(environ)

    def run(self, *args: str, fine: tuple[int, ...] = (0,)) -> "subprocess.CompletedProcess[str]":
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "researchdesk", *args],
            env=self._environ,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=300,
        )
        self.ledger.waits.append(time.monotonic() - began)
        said = done.stdout + done.stderr
        if done.returncode not in fine or any(words in said for words in BAD):
            self.ledger.failures.append(f"{' '.join(args)}: exit {done.returncode}\n{said[-2000:]}")
        return done

    def word(self, kind: str) -> str:
        self.number += 1
        return f"{self.ledger.name}{kind}{self.number}"


class Loop(Commands):
    """Writes, imports, exports, backs up, asks a loopback server, lists, searches."""

    papers: tuple[str, ...] = ()
    common = ""
    imported = 0

    def act(self) -> None:
        ways: list[tuple[str, int, Callable[[], None]]] = [
            ("note", 4, self.note),
            ("tag", 3, self.tag),
            ("import", 2, self.import_),
            ("claim", 2, self.claim),
            ("surprise", 2, self.surprise),
            ("story", 2, self.story),
            ("export", 1, self.export),
            ("backup", 1, self.backup),
            ("search and list", 2, self.look),
            ("feed and sync", 1, self.ask),
            ("remove and undo", 2, self.remove_undone),
        ]
        name, _, way = self.dice.choices(ways, [weight for _, weight, _ in ways])[0]
        way()
        self.ledger.actions[name] += 1

    def _kept(self, kind: str, words: str, *args: str, about: str = "") -> None:
        if self.run(*args).returncode == 0:
            self.ledger.keep(kind, words, about)

    def note(self) -> None:
        text, paper = self.word("note"), self.dice.choice([*self.papers, self.common])
        self._kept("note", text, "note", "add", paper, "--pass", "1", text)

    def tag(self) -> None:
        tag, paper = self.word("tag"), self.dice.choice(self.papers)
        self._kept("tag", tag, "tag", "add", tag, "--to", paper, about=paper)

    def import_(self) -> None:
        self.imported += 1
        paper = f"2105.{self.imported:05d}"
        file = self.folder / f"{paper}.bib"
        file.write_text(_ENTRY.format(key=self.word("key"), id=paper), "utf-8")
        self._kept("paper", paper, "import", str(file))

    def claim(self) -> None:
        text, paper = self.word("claim"), self.dice.choice(self.papers)
        self._kept("claim", text, "claim", "add", paper, text)

    def surprise(self) -> None:
        text = self.word("funny")
        more = ("--expected", "less", "--observed", "more")
        self._kept("surprise", text, "funny", "add", text, *more)

    def story(self) -> None:
        slug = self.run("story", "new", "--title", self.word("title")).stdout.strip()
        text = self.word("story")
        self._kept("story", text, "story", "edit", slug, text)

    def export(self) -> None:
        self.run("export", "notes", "--all", "--to", str(self.folder / "vault"))

    def backup(self) -> None:
        if (done := self.run("backup", "--keep", "500")).returncode == 0:
            self.ledger.keep("file", done.stdout.strip())

    def look(self) -> None:
        self.run("list", "--json")
        self.run("search", self.dice.choice(("study", "note", "imported")), "--json")

    def ask(self) -> None:
        self.run("feed", "refresh", "--json")
        self.run("sync", *self.papers[:2], "--json")

    def remove_undone(self) -> None:
        """What is taken back is named by its number: another change may have come in between."""
        known = [fact for fact in self.ledger.known() if fact.kind == "paper"]
        if not known:
            return
        fact = self.dice.choice(known)
        if self.run("remove", fact.words).returncode != 0:
            return
        self.ledger.take(fact, "removed")
        if self.dice.random() < 0.7:
            self._undo(Fact("removed", fact.words))

    def _undo(self, fact: Fact) -> None:
        listed = json.loads(self.run("undo", "--list", "--json").stdout)["changes"]
        mine = next(item for item in listed if "off the desk" in item["what"])
        if self.run("undo", str(mine["id"])).returncode == 0:
            self.ledger.take(fact, "paper")


class Bench(Commands):
    """A small experiment again and again."""

    recipe = ""

    def act(self) -> None:
        seeds = str(self.dice.randint(1, 3))
        args = ("reproduce", self.recipe, "--seeds", seeds, "--trust", "--json")
        done = self.run(*args, fine=(0, 1, 6))
        if done.returncode in (0, 1, 6) and done.stdout:
            self.ledger.keep("run", json.loads(done.stdout)["run"])
        self.ledger.actions["reproduce"] += 1
