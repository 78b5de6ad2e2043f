"""What watching finds in the suite's small programs, and how surely: the table of the README.

Run it with ``python tests/benchmarks/findings.py``; it takes minutes. Each bug has a sound twin;
beside them there are sound programs of many shapes.
"""

import importlib
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parents[1]
sys.path.insert(0, str(TESTS))

from support import programs as _programs  # noqa: E402
from support.watching import Pair, Watched, Zygote  # noqa: E402

from researchdesk.services.finding_pages import finding_pages  # noqa: E402

FAMILIES = ("optimisation", "losses", "mode", "model", "data", "readings", "randomness")
SOUND = {
    "sound": "PROGRAMS",
    "losses_sound": "PROGRAMS",
    "mode_sound": "SOUND",
    "optimisation_sound": "SOUND",
    "tempting": "PROGRAMS",
    "judged": "SOUND",
    "schedulers": "SOUND",
    "gradients": "SOUND",
    "handmade": "SOUND",
}


def programs() -> tuple[list[Pair], dict[str, str]]:
    """All pairs of a bug and its sound twin, and the programs that are sound alone."""
    pairs: dict[str, Pair] = {}
    for file in sorted(Path(next(iter(_programs.__path__))).glob("*.py")):
        module = importlib.import_module(f"support.programs.{file.stem}")
        for value in vars(module).values():
            for one in value if isinstance(value, list | tuple) else ():
                if isinstance(one, Pair):
                    pairs[one.name] = one
    sound: dict[str, str] = {}
    for name, attribute in SOUND.items():
        found: Any = getattr(importlib.import_module(f"support.programs.{name}"), attribute)
        sound |= {f"{name}: {key}": text for key, text in found.items()}
    return list(pairs.values()), sound


def false_ones(watched: Watched) -> Counter[str]:
    """How often each certainty was claimed of a sound program."""
    return Counter(item["certainty"] for item in watched.report["findings"])


def main() -> None:
    pairs, alone = programs()
    families = {page.name: page.family for page in finding_pages().values()}
    named: dict[str, Counter[str]] = {family: Counter() for family in FAMILIES}
    twins, others = Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        zygote = Zygote(Path(folder))
        for pair in pairs:
            found = zygote.watch(pair.text(pair.bug)).report["findings"]
            sure = [item["certainty"] for item in found if item["name"] == pair.finding]
            named[families[pair.finding]][sure[0] if sure else "missed"] += 1
            if not sure:
                print(f"missed: {pair.name} ({pair.finding})", file=sys.stderr)
            twins += Counter({str(key) for key in false_ones(zygote.watch(pair.text(pair.sound)))})
        for text in alone.values():
            others += Counter({str(key) for key in false_ones(zygote.watch(text))})
        zygote.close()
    print("| family | bugs | named | certain | likely | worth a look |")
    print("| --- | --- | --- | --- | --- | --- |")
    for family, counts in named.items():
        print(row(family, counts))
    print(row("all", sum(named.values(), Counter[str]())))
    for what, count, false in (("twins", len(pairs), twins), ("others", len(alone), others)):
        shares = ", ".join(f"{false[key]} {key}" for key in ("certain", "likely", "worth a look"))
        print(f"sound {what}: {count}, with a false finding that is: {shares}")


def row(name: str, counts: Counter[str]) -> str:
    """A line of the table; what was named is all but what was missed."""
    total = sum(counts.values())
    sure = " | ".join(str(counts[key]) for key in ("certain", "likely", "worth a look"))
    return f"| {name} | {total} | {total - counts['missed']} | {sure} |"


if __name__ == "__main__":
    main()
