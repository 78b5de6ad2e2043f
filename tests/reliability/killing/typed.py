"""Somebody types, in the story editor and in the reader: what the screens promise is kept."""

import json
from collections.abc import Callable

from reliability.killing.attempts import Attempt, Operation
from reliability.killing.everyday import a_story
from reliability.killing.hatched import Outcome
from reliability.killing.observing import Facts, Key
from reliability.killing.world import World
from reliability.killing.writers import letters

_WRITERS = "reliability.killing.writers"
_KEYS = 60
_PROMISED_S, _GRACE_S = 1.0, 0.5


def story_typed(world: World) -> Attempt:
    """Each key is kept, and every state."""
    slug, seed = a_story(world), f"w{world.number()}"
    older = {key: world.facts[key] for key in world.facts if _of_story(slug)(key)}
    typed = letters(seed, _KEYS)

    def look(world: World, facts: Facts, outcome: Outcome) -> list[str]:
        faults = [
            f"{' '.join(key)} was {was!r}, and is {facts.get(key)!r}"
            for key, was in older.items()
            if not _goes_on(was, facts.get(key))
        ]
        draft = _last(outcome, "draft")
        if not draft:
            return faults
        text = facts.get(("draft", slug, str(draft)), "").rstrip("\n")
        states = facts.get(("states", slug, str(draft)), ())
        if not typed.startswith(text) or len(text) < _last(outcome, "typed"):
            faults.append(f"{_last(outcome, 'typed')} keys were kept, there is {text!r}")
        state = _last(outcome, "state")
        if state and f"{typed[:state]}\n" not in states:
            faults.append(f"the state of {state} keys is not there")
        return faults

    return Attempt(
        [slug, seed, str(_KEYS)],
        call=f"{_WRITERS}:type_draft",
        loose=_of_story(slug),
        changes=_of_story(slug),
        look=look,
    )


def note_typed(world: World) -> Attempt:
    """The draft of a note is a whole one: the last that was kept, or the one after it."""
    seed = f"w{world.number()}"
    typed = letters(seed, _KEYS)

    def look(world: World, facts: Facts, outcome: Outcome) -> list[str]:
        held, kept = _drafts(world, seed), _last(outcome, "typed")
        if any(not typed.startswith(text) for text in held):
            return [f"there are drafts that nobody typed: {held}"]
        well = max(map(len, held), default=0) >= kept
        return [] if well else [f"{kept} keys were kept, there is {held}"]

    return Attempt([seed, str(_KEYS)], call=f"{_WRITERS}:keep_form", look=look)


def in_the_app(world: World) -> Attempt:
    """A note that the screen shows is kept; of what is typed, all but the last second."""
    paper, token = world.paper(), f"w{world.number()}z"
    typed = letters(token, 40)

    def look(world: World, facts: Facts, outcome: Outcome) -> list[str]:
        lines = [line.split() for line in outcome.lines]
        shown = {line[1] for line in lines if line[0] == "kept"}
        faults = [
            f"the screen showed the note {name}, and it is not there"
            for name in shown
            if facts.get(("note", name), ("", (), False))[1:] != ((f"{name} kept",), True)
        ]
        keys = [(int(line[1]), float(line[2])) for line in lines if line[0] == "typed"]
        limit = max([at for _, at in keys], default=0.0) - _PROMISED_S - _GRACE_S
        wanted = max([count for count, at in keys if at < limit], default=0)
        held = _drafts(world)
        if wanted and not any(typed[:wanted] in text for text in held):
            faults.append(f"{wanted} keys were older than a second, the drafts are {held}")
        return faults

    return Attempt(
        [paper, token, "2"],
        call=f"{_WRITERS}:write_in_reader",
        loose=lambda key: (
            key[0] in ("paper", "pass") or (key[0] == "note" and key[1].startswith(token))
        ),
        again=lambda world, facts: [paper, token, "0"],
        look=look,
    )


def _drafts(world: World, name: str = "") -> list[str]:
    """The texts of the drafts of this name."""
    files = sorted((world.desk / "drafts").glob(f"{name}*.json"))
    return [json.loads(file.read_text("utf-8"))["text"] for file in files]


def _last(outcome: Outcome, word: str) -> int:
    """The last number that a whole line told behind this word; 0 where none did."""
    said = [line.split() for line in outcome.lines]
    return max([int(parts[1]) for parts in said if parts[0] == word], default=0)


def _goes_on(was: str | tuple[str, ...], now: object) -> bool:
    """Whether a draft says what it said (an empty one may be written into), and a list of states
    begins as it began."""
    if isinstance(was, tuple):
        return isinstance(now, tuple) and now[: len(was)] == was
    return now == was or not was.strip()


def _of_story(slug: str) -> Callable[[Key], bool]:
    return lambda key: key[0] in ("draft", "states") and key[1] == slug


OPERATIONS = (
    Operation("story typed", story_typed, 6, 250, 0.2),
    Operation("note's draft typed", note_typed, 4, 490, 0.1),
    Operation("notes in the app", in_the_app, 3, 300, 6.0),
)
