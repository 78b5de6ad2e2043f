"""One desk, killed ten times in a row: each time looked at, and the command done again."""

import json
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from reliability.killing import leftovers, processes
from reliability.killing.attempts import Attempt, Operation
from reliability.killing.hatched import BEFORE, BEHIND, HALF, Death, Hatchery, Outcome
from reliability.killing.judging import Verdict, before_and_after, when_done
from reliability.killing.observing import Facts
from reliability.killing.world import Everything, World

KILLS = 10
_PATIENCE_S = 60.0


def dealt(seed: int, operations: Sequence[Operation], count: int) -> list[Operation]:
    """What is killed, kill by kill: each operation once, then as often as its weight says."""
    dice = Random(f"operations {seed}")
    weights = [one.weight for one in operations]
    order = dice.sample(operations, len(operations))
    while len(order) < count:
        order += dice.choices(operations, weights)
    return order[:count]


def series(
    hatchery: Hatchery, seed: int, first: int, operations: Sequence[Operation]
) -> Iterator[Verdict]:
    """Kill these operations one after the other; the first has the number ``first``."""
    root = Path(tempfile.mkdtemp(prefix="kills-desk-"))
    dice = Random(f"{seed} {first}")
    try:
        with Everything() as server:
            world = World(root, hatchery, server, dice)
            world.peacefully("list")
            for number, operation in enumerate(operations, first):
                begun = time.monotonic()
                verdict = killed_once(world, number, dice, operation)
                verdict.seconds = time.monotonic() - begun
                if number == first + len(operations) - 1:
                    verdict.faults += leftovers.untold(world)
                yield verdict
    finally:
        processes.gone(str(root), _PATIENCE_S)
        shutil.rmtree(root, ignore_errors=True)


def killed_once(world: World, number: int, dice: Random, operation: Operation) -> Verdict:
    """Kill one operation, look at the desk, do it again."""
    desk = world.desk
    try:
        attempt = operation.make(world)
        death = drawn(operation, dice, world.hatchery.exact)
    except AssertionError as error:
        return Verdict(number, operation.name, "not killed", True, [f"in peace: {error}"])
    before = world.seen()
    done = world.run(*attempt.args, death=death, stdin=attempt.stdin, call=attempt.call)
    verdict = Verdict(number, operation.name, str(death), not done.killed)
    if not done.killed and done.code not in attempt.codes:
        verdict.faults.append(f"it ended with {done.code}: {done.err[-600:]}")
    verdict.faults += _looked_at(world, attempt, before, done)
    verdict.faults += _done_again(world, attempt, before, world.seen(), verdict)
    world.desk = desk
    world.facts = world.seen()
    return verdict


def drawn(operation: Operation, dice: Random, exact: bool) -> Death:
    """A call that changes a file, or a moment; and who dies with it."""
    at, after = dice.randint(1, operation.calls), dice.uniform(0, operation.seconds)
    how = dice.choice((BEFORE, HALF, BEHIND))
    scope = dice.choice(("one", "one", "group", "all"))
    if exact and dice.random() < 0.75:
        return Death(at, how, scope="one" if scope == "all" else scope)
    return Death(after=after, scope=scope)


def _looked_at(world: World, attempt: Attempt, before: Facts, done: Outcome) -> list[str]:
    faults = []
    if not processes.gone(world.mark, _PATIENCE_S):
        left = [_command(pid) for pid in processes.marked(world.mark)]
        faults.append(f"still there {_PATIENCE_S:.0f} s after the kill: {'; '.join(left)}")
    faults += health(world)
    mid = world.seen()
    told = [*attempt.new] if done.code in attempt.codes else attempt.said(done)
    faults += before_and_after(attempt, before, mid, told)
    return faults + attempt.look(world, mid, done)


def _done_again(
    world: World, attempt: Attempt, before: Facts, mid: Facts, verdict: Verdict
) -> list[str]:
    args = attempt.again(world, mid) if attempt.again else attempt.args
    if args is None:
        return []
    again = world.run(*args, stdin=attempt.stdin, call=attempt.call)
    if again.code not in attempt.codes:
        return [f"done again, it ended with {again.code}: {again.err[-600:]}"]
    verdict.calls, verdict.whole = again.calls, again.seconds
    after = world.seen()
    return when_done(attempt, mid, after, before) + attempt.look(world, after, again)


def health(world: World) -> list[str]:
    """What doctor calls a problem, or that it could not look."""
    if not (world.desk / "desk.db").exists():
        return []
    done = world.run("--offline", "doctor", "--deep", "--json")
    if done.code != 0:
        return [f"doctor ended with {done.code}: {done.err[-600:]}"]
    checks = json.loads(done.out)["checks"]
    return [
        f"doctor: {check['name']}: {check['message']}"
        for check in checks
        if check["health"] == "problem"
    ]


def _command(pid: int) -> str:
    try:
        said = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")
    except OSError:
        return str(pid)
    return f"{pid} {said.decode(errors='replace')[:100]}"
