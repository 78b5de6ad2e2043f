"""What a person put on a paper, as bibliographies carry it: collections, stars, a priority.

In BibTeX the fields are JabRef's: ``groups = {Thesis, To read}``, ``ranking = {rank4}``,
``priority = {prio1}`` (the highest; ours is 3). ``groupplaces`` is our own: the places of the paper
in these groups, where they are not the order of the file. In CSL-JSON all of it stands under
``custom``.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from researchdesk.domain.labels import HIGHEST_PRIORITY, MOST_STARS
from researchdesk.domain.text import one_line

CSL_MARKS = "researchdesk"
"""Under ``custom`` of a CSL item: the marks."""
FIELDS = ("groups", "groupplaces", "ranking", "priority")
_LONGEST = 80
_STARS = re.compile(r"rank([1-5])", re.IGNORECASE)
_PRIORITY = re.compile(r"prio([1-3])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Marks:
    """``collections`` are names, each with the place of the paper in it; 0 is the order of the
    file."""

    stars: int = 0
    priority: int = 0
    collections: tuple[tuple[str, int], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.stars or self.priority or self.collections)

    def and_also(self, other: "Marks") -> "Marks":
        """What either says; where both do, this one."""
        known = {name.casefold() for name, _ in self.collections}
        more = tuple(item for item in other.collections if item[0].casefold() not in known)
        return Marks(
            self.stars or other.stars,
            self.priority or other.priority,
            (*self.collections, *more),
        )

    def is_like(self, other: "Marks") -> bool:
        """Whether both say the same; collections stand in no order, capitals do not count."""
        one, two = (
            sorted((name.casefold(), place) for name, place in marks.collections)
            for marks in (self, other)
        )
        return (self.stars, self.priority, one) == (other.stars, other.priority, two)


UNMARKED = Marks()


def name_of(text: str) -> str:
    """``text`` as the name of a collection: without commas and double quotes; ``""`` for none."""
    return one_line(re.sub(r'[,"]', " ", text)).lstrip("#").strip()[:_LONGEST].strip()


def fields_of(marks: Marks) -> dict[str, str]:
    """The marks as texts of BibTeX fields."""
    places = [str(place) for _, place in marks.collections]
    said = {
        "groups": ", ".join(name for name, _ in marks.collections),
        "groupplaces": ", ".join(places) if set(places) - {"0"} else "",
        "ranking": f"rank{marks.stars}" if marks.stars else "",
        "priority": f"prio{HIGHEST_PRIORITY + 1 - marks.priority}" if marks.priority else "",
    }
    return {name: text for name, text in said.items() if text}


def of_fields(said: Mapping[str, str]) -> Marks:
    """The marks that BibTeX fields say, as texts; what is none is passed over."""
    names = [name_of(part) for part in said.get("groups", "").split(",")]
    told = [part.strip() for part in said.get("groupplaces", "").split(",")]
    sound = len(told) == len(names) and all(re.fullmatch(r"\d{1,9}", place) for place in told)
    places = [int(place) for place in told] if sound else [0] * len(names)
    stars, priority = (
        pattern.fullmatch(said.get(name, "").strip())
        for pattern, name in ((_STARS, "ranking"), (_PRIORITY, "priority"))
    )
    return Marks(
        int(stars[1]) if stars else 0,
        HIGHEST_PRIORITY + 1 - int(priority[1]) if priority else 0,
        _each_once(zip(names, places, strict=True)),
    )


def record_of(marks: Marks) -> dict[str, Any]:
    """The marks as JSON."""
    said = {
        "stars": marks.stars,
        "priority": marks.priority,
        "collections": [
            {"name": name, "place": place} if place else {"name": name}
            for name, place in marks.collections
        ],
    }
    return {name: value for name, value in said.items() if value}


def of_record(record: object) -> Marks:
    """The marks that such JSON says; what is none is passed over."""
    if not isinstance(record, Mapping):
        return Marks()
    held = record.get("collections")
    found = [item for item in held if isinstance(item, Mapping)] if isinstance(held, list) else []
    return Marks(
        _number(record.get("stars"), MOST_STARS),
        _number(record.get("priority"), HIGHEST_PRIORITY),
        _each_once(
            (name_of(str(item.get("name", ""))), _number(item.get("place"), 10**9))
            for item in found
        ),
    )


def _number(value: object, most: int) -> int:
    sound = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most
    return value if sound and isinstance(value, int) else 0


def _each_once(pairs: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    found: dict[str, tuple[str, int]] = {}
    for name, place in pairs:
        if name:
            found.setdefault(name.casefold(), (name, place))
    return tuple(found.values())
