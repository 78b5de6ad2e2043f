"""What comes from outside: newer versions, announcements, and what a person decides of them."""

from datetime import UTC, datetime

from reliability.killing.attempts import Attempt, Operation
from reliability.killing.observing import Facts, Key
from reliability.killing.world import World
from support.feed_server import Told


def sync(world: World) -> Attempt:
    """News of papers: each is told once, whatever was killed."""
    names = [world.offer() for _ in range(2)]
    world.peacefully("add", *names)
    for name in names:
        world.server.add(f"{name}v2", title=f"Newer words of {name}")

    def news(key: Key) -> bool:
        return key[0] == "news"

    return Attempt(["sync", *names], settles=news)


def refresh(world: World) -> Attempt:
    """What a followed category brings."""
    if not world.books.get("followed"):
        world.peacefully("feed", "follow", "cs.LG")
        world.books["followed"] = True
    told = [Told(f"2602.{world.number():05}", title="Sparse words") for _ in range(5)]
    earlier = world.books.setdefault("told", [])
    earlier += told
    world.server.announce(datetime.now(UTC), *earlier)
    return Attempt(["feed", "refresh"], settles=_entry)


def decide(world: World) -> Attempt:
    """A paper that a feed brought, kept or refused."""
    waiting = [key for key in world.has("entry") if world.facts[key] == "new"]
    if not waiting:
        attempt = refresh(world)
        world.peacefully(*attempt.args)
        waiting = world.has("entry")
    key = world.dice.choice(waiting)
    if world.dice.random() < 0.5:
        return Attempt(["feed", "no", key[1]], settles=_entry)
    world.server.add(key[1], title=f"Kept {key[1]}")
    mine = (("paper", key[1]), ("pdf", key[1], "1"))

    def again(world: World, facts: Facts) -> list[str] | None:
        return None if all(one in facts for one in mine) else ["feed", "keep", key[1]]

    return Attempt(
        ["feed", "keep", key[1]],
        settles=lambda one: one == key or one in mine,
        again=again,
    )


def _entry(key: Key) -> bool:
    return key[0] == "entry"


OPERATIONS = (
    Operation("sync", sync, 3, 110),
    Operation("feed refresh", refresh, 3, 50, 0.6),
    Operation("feed keep, no", decide, 3, 80),
)
