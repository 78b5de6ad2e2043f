"""What a person goes on with: recipes, talks, reports, releases; and ideas and passes."""

from reliability.killing.attempts import Attempt, Operation, all_when
from reliability.killing.everyday import a_story, words
from reliability.killing.exports import whole_files
from reliability.killing.hatched import Outcome
from reliability.killing.observing import Facts, Key
from reliability.killing.running import reproduce
from reliability.killing.world import World

_RECIPE_FILES = {"recipe.toml", "experiment.py"}


def recipe_new(world: World) -> Attempt:
    """The folder of a new recipe is there with all its files, or not at all."""
    name = f"2003.{world.number():05}"
    args = ["--offline", "recipe", "new", name, "--shape", "measure"]

    def folders(world: World) -> list[set[str]]:
        found = (world.desk / "recipes").glob(f"{name}-*")
        return [{path.name for path in folder.iterdir()} for folder in found]

    def again(world: World, facts: Facts) -> list[str] | None:
        return None if folders(world) else args

    def look(world: World, facts: Facts, outcome: Outcome) -> list[str]:
        held = folders(world)
        half = [f"half a recipe: {files}" for files in held if not files >= _RECIPE_FILES]
        if not outcome.killed and not held:
            half.append("the recipe is not there")
        return half

    return Attempt(args, again=again, look=look)


def talk(world: World) -> Attempt:
    """A talk's slides written over older ones, from another draft."""
    slug = a_story(world)
    args = ["--offline", "talk", "outline", slug, "--to", str(world.out / f"{slug}-talk.md")]
    world.peacefully("story", "edit", slug, f"First of it {world.number()}. {words(world)}")
    if world.dice.random() < 0.7:
        world.peacefully(*args)
        world.peacefully("story", "edit", slug, f"Second of it {world.number()}. {words(world)}")
    return Attempt(args, settles=_files, look=whole_files)


def release(world: World) -> Attempt:
    """A folder of code to give away, written over an older one."""
    run = _a_run(world)
    folder = str(world.out / f"release-{run}")
    args = ["--offline", "release", "scaffold", folder, "--of", f"run:{run}"]
    if world.dice.random() < 0.7:
        world.peacefully(*args, "--author", "Byron, Ada")
    return Attempt([*args, "--author", "Lovelace, Ada"], settles=_files, look=whole_files)


def report(world: World) -> Attempt:
    """The page about a run."""
    run = _a_run(world)
    name = f"{run}-{world.number()}.{world.dice.choice(('html', 'md'))}"
    args = ["--offline", "report", run, "--to", str(world.out / name)]
    return Attempt(args, settles=_files, look=whole_files)


def _a_run(world: World) -> str:
    """A run that came to its end."""

    def ran() -> list[str]:
        return [key[1] for key in world.has("run") if key[1].endswith("-tiny")]

    if not ran():
        world.peacefully(*reproduce(world).args)
    return world.dice.choice(ran())


def idea(world: World) -> Attempt:
    """An idea, and a surprise that is followed up by it."""
    token = f"i{world.number()}"
    key = ("idea", token)
    return Attempt(
        ["idea", "add", f"{token} warm it up", "--impact", "3"],
        new={key: f"{token} warm it up"},
        said=all_when(r"(?m)^\d+$", [key]),
    )


def passes(world: World) -> Attempt:
    """A pass begun and ended."""
    paper = world.paper()
    key = ("pass", paper, "1")
    if world.facts.get(key) != "started":
        return Attempt(["pass", "start", paper, "--pass", "1"], new={key: "started"})
    return Attempt(
        ["pass", "finish", paper, "--pass", "1", "--why", "read"],
        new={key: "finished"},
        again=lambda world, facts: (
            None
            if facts[key] == "finished"
            else ["pass", "finish", paper, "--pass", "1", "--why", "read"]
        ),
    )


def _files(key: Key) -> bool:
    return key[0] == "file"


OPERATIONS = (
    Operation("recipe new", recipe_new, 3, 30, 0.3),
    Operation("talk outline", talk, 2, 44, 0.2),
    Operation("report", report, 2, 36, 0.5),
    Operation("release scaffold", release, 2, 60, 0.3),
    Operation("idea add", idea, 2, 40),
    Operation("pass start, finish", passes, 2, 45),
)
