"""A rebuttal as a file that is the writer's: a marked region for each point, its answer below."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from researchdesk.domain.story_lines import without_comments
from researchdesk.export import regions

_NAME = "point{}"
_END = re.compile(r"^<!-- researchdesk:end point([a-z]+) -->[ \t]*(?:\r\n|\r|\n|\Z)", re.M)
_BEGIN = re.compile(r"^<!-- researchdesk:begin ", re.M)
_LABEL = re.compile(r"^### (\S+)", re.M)
_QUOTE = re.compile(r"^> (.+)$", re.M)
_OUT = " (in no review any more)"
_LONGEST = 50
PROMPT = "<!-- Your answer, below. It is kept whenever this is written again. -->"


@dataclass(frozen=True, slots=True)
class Merged:
    """The file's text. ``edited`` are the keys of points whose region was changed by hand and
    stays so, ``new`` those that were put at its end, ``gone`` those of the file that no reviewer
    says any more, which stay too, each with how it is named there."""

    text: str
    edited: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    gone: Mapping[str, str] = field(default_factory=dict)


def written(head: str, bodies: Mapping[str, str]) -> str:
    """A file that was not there: ``head``, then each point's region (by key), to be answered."""
    return "\n".join([head.rstrip() + "\n", *(_block(*item) for item in bodies.items())])


def merged(old: str, bodies: Mapping[str, str], where: str) -> Merged:
    """``old`` with the regions of its points brought up to date; all else stays byte for byte.

    Points that it has not are put at its end. Raises BadInputError, naming ``where``, where the
    marks do not pair.
    """
    there = {name for name in regions.names_in(old) if name.startswith("point")}
    known = {_NAME.format(key): body for key, body in bodies.items() if _NAME.format(key) in there}
    written = regions.bodies_in(old, where)
    gone = {name: written[name] for name in sorted(there - {_NAME.format(key) for key in bodies})}
    known |= {name: _taken_out(body) for name, body in gone.items()}
    found = regions.merge(old, known, where)
    new = [key for key in bodies if _NAME.format(key) not in there]
    text = found.text
    for key in new:
        end = regions.line_end(text)
        gap = "" if text.endswith(("\n", "\r")) or not text else end
        text += f"{gap}{end}" + _block(key, bodies[key]).replace("\n", end)
    return Merged(
        text,
        tuple(name.removeprefix("point") for name in found.edited if name not in gone),
        tuple(new),
        {name.removeprefix("point"): _named(body) for name, body in gone.items()},
    )


def is_rebuttal(text: str) -> bool:
    """Whether points of ours stand in a file of this text."""
    return any(name.startswith("point") for name in regions.names_in(text))


def answers_in(text: str) -> dict[str, str]:
    """What a file answers, by the keys of its points: all that stands between a point's region and
    the next one, without our prompt; ``""`` where there is nothing yet but comments."""
    found: dict[str, str] = {}
    for match in _END.finditer(text):
        following = _BEGIN.search(text, match.end())
        answer = text[match.end() : following.start() if following else len(text)]
        answer = answer.replace(PROMPT, "", 1).strip()
        found[match[1]] = answer if without_comments(answer).strip() else ""
    return found


def unanswered(text: str, keys: Sequence[str]) -> list[str]:
    """The keys of the points that have no answer in this file."""
    answers = answers_in(text)
    return [key for key in keys if not answers.get(key)]


def _taken_out(body: str) -> str:
    """A point that is in no review any more: its number may be another's by now."""
    return (
        _LABEL.sub(lambda match: f"{match[0]}{_OUT}", body, count=1) if _OUT not in body else body
    )


def _named(body: str) -> str:
    """How a point is known to who wrote its answer: by its number and what it says first."""
    label, quote = _LABEL.search(body), _QUOTE.search(body)
    words = " ".join(quote[1].replace("\\", "").split()) if quote else ""
    short = words if len(words) <= _LONGEST else words[: _LONGEST - 1].rstrip() + "…"
    return " ".join(filter(None, (label[1] if label else "", f"“{short}”" if short else "")))


def _block(key: str, body: str) -> str:
    return f"{regions.wrap(_NAME.format(key), body)}\n{PROMPT}\n"
