"""Programs run under observation, many in a short time; and pairs of a bug and its sound twin."""

import json
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from researchdesk.harness.training.watch import bootstrap

BOOTSTRAP = str(bootstrap.__file__)


@dataclass(frozen=True)
class Pair:
    """A program with one bug, and the same without it. ``finding`` is the bug's name.

    ``bug`` and ``sound`` take the place of ``<here>`` in ``program``, with its indentation.
    """

    name: str
    finding: str
    program: str
    bug: str
    sound: str

    def text(self, part: str) -> str:
        lines = []
        for line in textwrap.dedent(self.program).splitlines():
            if line.strip() == "<here>":
                space = line[: len(line) - len(line.lstrip())]
                lines.append(textwrap.indent(textwrap.dedent(part).strip("\n"), space))
            else:
                lines.append(line)
        return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Watched:
    """What came of a program."""

    exit_code: int
    printed: str
    report: dict[str, Any]

    @property
    def names(self) -> list[str]:
        return [item["name"] for item in self.report["findings"]]

    def named(self, name: str) -> dict[str, Any]:
        """The first finding of this name. AssertionError where there is none."""
        found = [item for item in self.report["findings"] if item["name"] == name]
        assert found, f"{name} is not among {self.names}\n{self.printed}\n{self.report}"
        return dict(found[0])

    @property
    def loud(self) -> list[str]:
        """Names of what is certain or likely."""
        return [f["name"] for f in self.report["findings"] if f["certainty"] != "worth a look"]


class Zygote:
    """One process with torch in it, from which each program is forked."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._count = folder, 0
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("zygote.py")), BOOTSTRAP],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def watch(self, program: str, *args: str, every: int = 0, seconds: int = 60) -> Watched:
        """Run a program under observation."""
        return self._run(program, *args, every=every, seconds=seconds)

    def watch_pair(self, pair: Pair) -> Watched:
        """Run both programs of a pair: the bug is named, its twin is quiet. Gives the bug's run."""
        bug = self.watch(pair.text(pair.bug))
        bug.named(pair.finding)
        sound = self.watch(pair.text(pair.sound))
        assert (sound.exit_code, sound.loud) == (0, []), (sound.printed, sound.report)
        assert pair.finding not in sound.names, sound.report
        return bug

    def watch_sound(self, program: str, names: set[str]) -> None:
        """Run a sound program: nothing loud is found, and none of these names at all."""
        watched = self.watch(program)
        assert (watched.exit_code, watched.loud) == (0, []), (watched.report, watched.printed)
        assert not names & set(watched.names), watched.report

    def run_alone(self, program: str) -> str:
        """Run a program without us, and give what it printed."""
        return self._run(program, alone=True).printed

    def _run(
        self, program: str, *args: str, every: int = 0, seconds: int = 60, alone: bool = False
    ) -> Watched:
        self._count += 1
        folder = self._folder / str(self._count)
        folder.mkdir()
        script, report, out = folder / "train.py", folder / "report.json", folder / "out"
        script.write_text(textwrap.dedent(program), "utf-8")
        asked = {"script": str(script), "args": args, "report": str(report), "every": every}
        assert self._process.stdin
        assert self._process.stdout
        asked |= {"out": str(out), "seconds": seconds, "alone": alone}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        code = int(self._process.stdout.readline())
        printed = out.read_text("utf-8", "replace")
        found = json.loads(report.read_text("utf-8")) if report.exists() else {"findings": []}
        assert not found.get("problems"), found["problems"]
        return Watched(code, printed, found)

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(20)
