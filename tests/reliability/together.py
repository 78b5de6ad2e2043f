"""Two apps, a loop of commands and a running experiment on one desk: nothing acknowledged is lost.

    python tests/reliability/together.py --minutes 10 --seed N [--only "story of both"]

Each does things at random by the seed, the people only what ``--only`` names. What an actor was
told (an exit code of 0, a notice on the screen) is compared with the desk now and then, and at the
end. Ends with 1 where something acknowledged is not there or is there twice, where a person reads
"database is locked" or meets a traceback, where an app dies or a key is not answered within ten
seconds, or the desk is not sound.
"""

import argparse
import json
import os
import platform
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from reliability.together_loops import Bench, Loop
from reliability.together_oracle import Ledger, lost
from reliability.together_people import COMMON, SHARED, Person
from reliability.together_screen import Screen
from support.feed_server import FeedServer, Told
from support.oai_server import OaiServer
from support.recipe_maker import write_recipe

from researchdesk import __version__

ANSWER_S = 10.0
_WORDS = ("aurora", "basalt", "cobalt", "dunlin", "ember", "fjord", SHARED, COMMON, "iris", "jade",
          "kelp", "larch")  # fmt: skip
PAPERS = {word: f"2001.{number:05d}" for number, word in enumerate(_WORDS, 1)}
_PROGRAM = Path(sys.executable).parent / "researchdesk"
_LOOKED_S = 60.0
_MORE_S = 120.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--only", action="append", default=[])
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="together-") as name:
        ledgers = together(Path(name), args.minutes * 60, args.seed, args.only)
    return report(ledgers, args.minutes, args.seed)


def together(
    home: Path, seconds: float, seed: int, only: Collection[str] = (), least: int = 0
) -> list[Ledger]:
    """Let all work for so long on a desk in ``home``, the people at ``only`` these where any are
    named; what each did, and what went wrong. A person with fewer than ``least`` facts by then goes
    on for two minutes more at the most, and so do the others without one."""
    with _servers() as urls, ExitStack() as stack:
        environ = _environ(home, urls)
        desk = Ledger("desk")
        loop = Loop(Ledger("commands"), environ, home, f"{seed}-commands")
        _fill(home, loop)
        bench = Bench(Ledger("experiment"), environ, home, f"{seed}-experiment")
        bench.recipe = PAPERS["larch"]
        people = [
            _person(stack, name, mine, environ, home, seed, only)
            for name, mine in (("first", _WORDS[:3]), ("second", _WORDS[3:6]))
        ]
        ledgers = [person.ledger for person in people] + [loop.ledger, bench.ledger]
        for person in people:
            person.begin()
        stop = time.monotonic() + seconds
        acts = [_Act(one.ledger, one.act, least) for one in people]
        acts += [_Act(one.ledger, one.act, min(least, 1)) for one in (loop, bench)]
        _let_go(home / "desk", acts, desk, stop)
        for person in people:
            person.ledger.waits = person.screen.waits
            person.ledger.failures += person.screen.bad
            if not person.screen.quit():
                person.ledger.failures.append(f"it did not end:\n{person.screen.see()}")
        _look(home / "desk", ledgers, desk)
        _examine(loop, desk)
    return [*ledgers, desk]


class _Act(NamedTuple):
    ledger: Ledger
    act: Callable[[], None]
    least: int

    def repeat(self, stop: float) -> None:
        try:
            while (now := time.monotonic()) < stop or (
                len(self.ledger.facts) < self.least and now < stop + _MORE_S
            ):
                self.act()
        except Exception as error:  # noqa: BLE001 - told in the table, whatever it is
            self.ledger.failures.append(f"{type(error).__name__}: {error}")


def _let_go(desk: Path, acts: list[_Act], told: Ledger, stop: float) -> None:
    threads = [threading.Thread(target=act.repeat, args=(stop,)) for act in acts]
    for thread in threads:
        thread.start()
    looked = time.monotonic()
    while any(thread.is_alive() for thread in threads):
        time.sleep(0.5)
        if time.monotonic() - looked > _LOOKED_S:
            looked = time.monotonic()
            _look(desk, [act.ledger for act in acts], told, settled=False)
            print(f"{stop - looked:.0f} s left", file=sys.stderr)


def _look(desk: Path, ledgers: list[Ledger], told: Ledger, *, settled: bool = True) -> None:
    """While they work, what is being taken back just now is no loss: it is looked at again."""
    for ledger in ledgers:
        facts = ledger.known()
        problems = lost(desk, facts)
        if problems and not settled:
            time.sleep(3)
            still = set(ledger.known())
            problems = lost(desk, [fact for fact in facts if fact in still])
        told.actions["looked at"] += len(facts)
        ledger.failures += [f"LOST {problem}" for problem in problems]


def _examine(loop: Loop, desk: Ledger) -> None:
    done = loop.run("--offline", "doctor", "--deep", "--json")
    for check in json.loads(done.stdout)["checks"]:
        if check["health"] == "problem":
            desk.failures.append(f"doctor: {check}")


# The desk they share


@contextmanager
def _servers() -> Iterator[dict[str, str]]:
    with FeedServer() as feeds, OaiServer() as histories:
        for number, paper in enumerate(PAPERS.values()):
            feeds.add(paper)
            histories.add(paper)
            feeds.announce(datetime.now(UTC), Told(f"2106.{number + 1:05d}"))
        yield {
            "RESEARCHDESK_ARXIV_URL": feeds.url,
            "RESEARCHDESK_RSS_URL": f"{feeds.url}/rss",
            "RESEARCHDESK_OAI_URL": f"{histories.url}/oai",
            "RESEARCHDESK_S2_URL": "http://127.0.0.1:9",
        }


def _environ(home: Path, urls: dict[str, str]) -> dict[str, str]:
    return {
        **urls,
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TERM": "tmux-256color",
        "NO_PROXY": "127.0.0.1",
        "RESEARCHDESK_DESK": str(home / "desk"),
        "RESEARCHDESK_STATE": str(home / "state"),
        "RESEARCHDESK_CONFIG": str(home / "config.toml"),
        "RESEARCHDESK_ARXIV_INTERVAL": "0",
    }


def _fill(home: Path, loop: Loop) -> None:
    entries = "".join(
        f"@article{{{word}, title={{Study {word}}}, author={{Ann Author}}, year={{2020}},\n"
        f"  eprint={{{paper}}}, archivePrefix={{arXiv}}, abstract={{Words.}}}}\n"
        for word, paper in PAPERS.items()
    )
    (home / "all.bib").write_text(entries, "utf-8")
    loop.papers, loop.common = tuple(PAPERS[word] for word in _WORDS[8:11]), PAPERS[COMMON]
    loop.run("import", str(home / "all.bib"))
    loop.run("note", "add", PAPERS[SHARED], "--pass", "1", "begun")
    loop.run("story", "new", "--title", "Of both")
    loop.run("feed", "follow", "cs.LG")
    write_recipe(home / "desk" / "recipes", arxiv_id=PAPERS["larch"])
    assert not loop.ledger.failures, loop.ledger.failures
    loop.ledger.waits.clear()


def _person(
    stack: ExitStack,
    name: str,
    mine: tuple[str, ...],
    environ: dict[str, str],
    home: Path,
    seed: int,
    only: Collection[str],
) -> Person:
    screen = stack.enter_context(Screen(name, environ, home, str(_PROGRAM)))
    own = {word: PAPERS[word] for word in mine}
    return Person(screen, Ledger(name), own, f"{seed}-{name}", only)


# What came of it


def report(ledgers: list[Ledger], minutes: float, seed: int) -> int:
    """Print the table; 0 where nothing went wrong."""
    print(f"Together for {minutes:g} minutes, seed {seed}, {datetime.now(UTC):%Y-%m-%d}; "
          f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
          f"researchdesk {__version__}")  # fmt: skip
    head = ("who", "actions", "acknowledged", "lost", "failures", "answer p95", "slowest")
    print("{:<12}{:>9}{:>14}{:>6}{:>10}{:>12}{:>9}".format(*head))
    failed = 0
    for ledger in ledgers:
        gone = sum(text.startswith("LOST") for text in ledger.failures)
        waits = sorted(ledger.waits)
        if ledger.name in ("first", "second") and waits and waits[-1] > ANSWER_S:
            ledger.failures.append(f"a key was answered after {waits[-1]:.1f} s")
        failed += len(ledger.failures)
        p95 = f"{waits[int(0.95 * (len(waits) - 1))]:.2f} s" if waits else ""
        slowest = f"{waits[-1]:.2f} s" if waits else ""
        print(f"{ledger.name:<12}{sum(ledger.actions.values()):>9}{len(ledger.facts):>14}"
              f"{gone:>6}{len(ledger.failures) - gone:>10}{p95:>12}{slowest:>9}")  # fmt: skip
    for ledger in ledgers:
        did = ", ".join(f"{count} {name}" for name, count in sorted(ledger.actions.items()))
        print(f"{ledger.name}: {did}", file=sys.stderr)
        for failure in ledger.failures:
            print(f"{ledger.name}: {failure}")
    if failed:
        print(f"Again: python tests/reliability/together.py --minutes {minutes:g} --seed {seed}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
