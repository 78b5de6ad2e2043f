"""What a person does every day: papers added, notes, claims, surprises, stories, tags, removal."""

from reliability.killing.attempts import Attempt, Operation, all_when, each_when
from reliability.killing.hatched import Outcome
from reliability.killing.observing import GONE, Facts, Key, digest_of
from reliability.killing.world import World


def add_ids(world: World) -> Attempt:
    """One to three papers by their ids: each whole, with its PDF, or not there."""
    names = [world.offer() for _ in range(world.dice.choice((1, 1, 2, 3)))]
    groups = {}
    new = {}
    for name in names:
        served = world.server.papers[name, 1]
        paper, pdf = ("paper", name), ("pdf", name, "1")
        new |= {paper: (served.title, True, False), pdf: digest_of(served.pdf or b"")}
        groups[rf"{name}v1\s+added"] = (paper, pdf)
    return Attempt(["add", *names], new=new, together=[*groups.values()], said=each_when(groups))


def add_file(world: World) -> Attempt:
    """A PDF of one's own."""
    stem = f"p{world.number()}"
    path = world.pdf(stem)
    new = {("paper", stem): (stem, True, False), ("pdf", stem, "1"): digest_of(path.read_bytes())}
    keys = [*new]
    return Attempt(["add", str(path)], new=new, together=[keys], said=all_when("added", keys))


def note_add(world: World) -> Attempt:
    """A note, its words from the arguments or from stdin."""
    paper, token = world.paper(), f"n{world.number()}"
    text = f"{token} " + words(world)
    key = ("note", token)

    def look(world: World, facts: Facts, outcome: Outcome) -> list[str]:
        if outcome.code != 0:
            return []
        found = world.run("--offline", "search", token, "--json").out
        return [] if paper in found else [f"the search does not find the note {token}"]

    piped = world.dice.random() < 0.3
    return Attempt(
        ["note", "add", paper, "--pass", "1", "-" if piped else text],
        stdin=text if piped else "",
        new={key: (paper, (text,), True)},
        loose=lambda key: key[0] == "pass",
        look=look,
        said=all_when("Note .* kept", [key]),
    )


def note_edit(world: World) -> Attempt:
    """Other words for a note; what it said before stays."""
    key = a_note(world)
    paper, states, there = world.facts[key]
    text = f"{key[1]} again " + words(world)
    return Attempt(
        ["note", "edit", number_of(world, key), text],
        new={key: (paper, (*states, text), there)},
        said=all_when("kept|changed", [key]),
    )


def note_remove(world: World) -> Attempt:
    """A note taken away, or brought back."""
    key = a_note(world)
    paper, states, there = world.facts[key]
    verb = "rm" if there else "restore"
    return Attempt(
        ["note", verb, number_of(world, key)],
        new={key: (paper, states, not there)},
        said=all_when("deleted" if there else "back", [key]),
    )


def claim(world: World) -> Attempt:
    token = f"c{world.number()}"
    key = ("claim", token)
    return Attempt(
        ["claim", "add", world.paper(), f"{token} we gain 2 %", "--value", "2", "--metric", "acc"],
        new={key: (f"{token} we gain 2 %", True)},
        said=all_when("Claim .* kept", [key]),
    )


def funny(world: World) -> Attempt:
    token = f"f{world.number()}"
    key = ("funny", token)
    return Attempt(
        ["funny", "add", f"{token} it fell", "--expected", "93.4", "--observed", "91.2"],
        new={key: (f"{token} it fell", "93.4", "91.2")},
        said=all_when(r"(?m)^\d+$", [key]),
    )


def story_new(world: World) -> Attempt:
    slug = f"s{world.number()}"
    key = ("story", slug)
    return Attempt(
        ["story", "new", "--title", slug],
        new={key: slug},
        said=all_when(f"(?m)^{slug}$", [key]),
        again=lambda world, facts: None if facts.get(key) else ["story", "new", "--title", slug],
    )


def story_edit(world: World) -> Attempt:
    """A story's newest draft written; each state of it stays, and what was typed is one."""
    slug = a_story(world)
    draft, states = ("draft", slug, "1"), ("states", slug, "1")
    text = f"Written {world.number()}: {words(world)}\n"
    kept = world.facts.get(states, ())
    last = (kept[-1] if kept else "").strip()
    typed = world.facts.get(draft, "").strip()
    typed = (f"{typed}\n",) if typed and typed != last else ()
    new = {draft: text, states: (*kept, *typed, text)}
    return Attempt(
        ["story", "edit", slug, "--draft", "1", text]
        if draft in world.facts
        else ["story", "edit", slug, text],
        new=new,
        together=[[draft, states]],
        said=all_when("Draft .* kept", [*new]),
    )


def remove(world: World) -> Attempt:
    """A paper off the desk, its notes stay; or back on it."""
    name = world.paper()
    key = ("paper", name)
    title, *_ = world.facts[key]
    return Attempt(
        ["remove", name],
        new={key: (title, False, False)},
        said=all_when("taken off|removed|off the desk", [key]),
        again=lambda world, facts: ["remove", name] if facts[key][1] else None,
    )


def tag(world: World) -> Attempt:
    """Tags for some papers at once, and taken back."""
    world.paper()
    label = f"t{world.number()}"
    papers = sorted({world.paper() for _ in range(3)})
    new: dict[Key, object] = {("tag", paper, label): True for paper in papers}
    args = ["tag", "add", label, "--to", *papers]
    if world.dice.random() < 0.4:
        world.peacefully(*args)
        args, new = ["undo", "--yes"], dict.fromkeys(new, GONE)
        return Attempt(
            args,
            new=new,
            together=[[*new]],
            again=lambda world, facts: args if any(key in facts for key in new) else None,
        )
    return Attempt(args, new=new, together=[[*new]])


def words(world: World) -> str:
    """Some words, few or many, on several lines."""
    count = world.dice.choice((1, 5, 400))
    return "\n\n".join(f"word {world.dice.random():.6f} ä ∑ [b]" for _ in range(count))


def a_note(world: World) -> Key:
    if not world.has("note"):
        world.peacefully("note", "add", world.paper(), "--pass", "1", f"n{world.number()} first")
    return world.dice.choice(world.has("note"))


def number_of(world: World, note: Key) -> str:
    sql = "SELECT MIN(note_id) FROM note_revisions WHERE text LIKE ? || ' %'"
    return str(world.ask(sql, note[1])[0][0])


def a_story(world: World) -> str:
    if not world.has("story"):
        world.peacefully("story", "new", "--title", f"s{world.number()}")
    return world.dice.choice(world.has("story"))[1]


OPERATIONS = (
    Operation("add, by id", add_ids, 10, 90),
    Operation("add, a PDF", add_file, 6, 60, 0.6),
    Operation("note add", note_add, 9, 30),
    Operation("note edit", note_edit, 6, 30),
    Operation("note rm, restore", note_remove, 2, 25),
    Operation("claim add", claim, 2, 25),
    Operation("funny add", funny, 2, 25),
    Operation("story new", story_new, 2, 20),
    Operation("story edit", story_edit, 5, 30),
    Operation("remove", remove, 2, 20),
    Operation("tag, undo", tag, 3, 25),
)
