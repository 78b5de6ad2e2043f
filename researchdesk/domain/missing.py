"""What a storyline still lacks, as experiments to run."""

import re
from dataclasses import dataclass

_LINK = re.compile(r"\s*\[\[[^\[\]\n|]*(?:\|([^\[\]\n]*))?\]\]")
_LONGEST = 90


@dataclass(frozen=True, slots=True)
class Missing:
    """``line`` (from 0) is that of ``sentence`` in the text; ``rule`` names the rule.

    ``message`` says what is missing, ``experiment`` what to run or write; ``refs`` are those that
    the sentence links. ``to_run``: it wants an experiment, not words; ``recipe`` and ``arm`` are
    its baseline, where that is known. ``investigation`` is the one that it was taken up in, or 0.
    """

    rule: str
    line: int
    sentence: str
    message: str
    experiment: str
    refs: tuple[str, ...] = ()
    recipe: str = ""
    arm: str = ""
    to_run: bool = False
    investigation: int = 0

    @property
    def title(self) -> str:
        """What an investigation of it is called: the rule, and the sentence without its links."""
        said = self._said()
        return _short(f"{self.rule}: {said}" if said else self.rule)

    def step(self, story: str) -> str:
        """It as a line of an investigation's experiments, which ``is_step`` knows again."""
        return f"{self._begins()}{story}{self._ends()}"

    def is_step(self, line: str) -> bool:
        """Whether a line of an investigation's experiments is this one's, whatever the story."""
        return line.startswith(self._begins()) and line.endswith(self._ends())

    def _begins(self) -> str:
        return f"- {self.experiment} ({self.message} Storyline "

    def _ends(self) -> str:
        said = self._said()
        return f": “{_short(said)}”)" if said else ")"

    def _said(self) -> str:
        return _LINK.sub(lambda match: f" {match[1]}" if match[1] else "", self.sentence).strip()


def _short(line: str) -> str:
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"
