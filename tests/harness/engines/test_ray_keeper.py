"""A keeper of trials: what comes twice, comes late, or comes from one who was given up."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ray.exceptions import OutOfMemoryError, WorkerCrashedError

from researchdesk.domain.engines import Fate, Needs
from researchdesk.domain.runs import Task
from researchdesk.harness.engines.backend import Handed
from researchdesk.harness.engines.ray_keeper import Keeper
from researchdesk.harness.engines.ray_tickets import Manner, Ticket
from researchdesk.harness.engines.ray_trial import read_files, write_files
from researchdesk.harness.jobs import MEASURE, Job

TRIAL = Handed(
    "run", "k", 1, Job(MEASURE, "ours", (Task("ours", 0),)), b"{}", Path("f"), Path("r"), Needs(),
    retries=1,
)  # fmt: skip


class Still(Keeper):
    """A keeper whose tasks are ended by hand, and which notes its own end."""

    def __init__(self, manner: Manner) -> None:
        super().__init__(manner)
        self.tasks: list[asyncio.Future[Fate]] = []
        self.ended = False

    def _task(self, ticket: Ticket) -> Any:
        self.tasks.append(asyncio.get_running_loop().create_future())
        return self.tasks[-1]

    def _end(self) -> None:
        self.ended = True
        self._scratch.remove()


async def begun(count: int, keeper: Still) -> None:
    while len(keeper.tasks) < count:
        await asyncio.sleep(0.01)


async def over(keeper: Still) -> tuple[Fate, str]:
    while not (said := (await keeper.standing(["k/1"]))["k/1"])[0].is_over:
        await asyncio.sleep(0.01)
    return said[:2]


async def test_parcels_count_once_and_one_who_was_given_up_is_not_heard() -> None:
    keeper = Still(Manner("name"))
    for _ in range(2):
        assert await keeper.submit({"k/1": (TRIAL, {"steps/a": b"old"})}, {"recipe.toml": b"r"})
    await begun(1, keeper)
    assert await keeper.begun("k/1", 1, ("id", "n1"), 5) == (
        {"recipe.toml": b"r"},
        {"steps/a": b"old"},
    )
    for _ in range(2):
        assert await keeper.post("k/1", 1, 1, b"one\n", {"steps/a": b"new"}, True)
    offset, mail, files = (await keeper.collect({"k/1": (0, {})}))["k/1"]
    assert (offset, mail, files) == (0, b"one\n", {"steps/a": (2, b"new")})
    assert await keeper.collect({"k/1": (4, {"steps/a": 2})}) == {}
    assert (await keeper.collect({"k/1": (2, {"steps/a": 2})})) == {}, "it was let go of"
    keeper.tasks[0].set_exception(OutOfMemoryError("full"))
    await begun(2, keeper)
    assert not await keeper.post("k/1", 1, 2, b"late\n", {}, False)
    assert await keeper.begun("k/1", 1, ("id", "n1"), 5) is None
    given = await keeper.begun("k/1", 2, ("id", "n2"), 6)
    assert given is not None
    assert given[1] == {"steps/a": b"new"}
    assert await keeper.post("k/1", 2, 1, b"two\n", {}, False)
    offset, mail, files = (await keeper.collect({"k/1": (4, {"steps/a": 2})}))["k/1"]
    retried, last = mail.splitlines()
    assert (offset, last, files) == (4, b"two", {})
    reason = json.loads(retried)["reason"]
    assert "memory" in reason
    assert "n1" in reason
    assert "checkpoint_mb" in reason
    keeper.tasks[1].set_result(Fate.ENDED)
    assert await over(keeper) == (Fate.ENDED, "")
    await keeper.leave({"k/1": (4, {"steps/a": 2})})
    assert not keeper.ended, "the desk has not got everything"
    await keeper.leave({"k/1": (4 + len(mail), {"steps/a": 2})})
    assert keeper.ended


@pytest.mark.parametrize("cancelled", [False, True])
async def test_a_trial_is_begun_as_often_as_it_may_and_a_keeper_that_was_left_ends_after_it(
    cancelled: bool,
) -> None:
    keeper = Still(Manner("name"))
    await keeper.submit({"k/1": (replace(TRIAL, retries=0), {})}, {})
    await begun(1, keeper)
    assert await keeper.begun("k/1", 1, ("id", "n1"), 5) is not None
    if cancelled:
        await keeper.cancel(["k/1"])
        assert not await keeper.post("k/1", 1, 1, b"one\n", {}, False)
        await keeper.leave({"k/1": (0, {})})
        assert not keeper.ended
        keeper.tasks[0].set_result(Fate.CANCELLED)
        await asyncio.sleep(0.05)
        assert keeper.ended
        return
    keeper.tasks[0].set_exception(OutOfMemoryError("full"))
    fate, words = await over(keeper)
    assert fate is Fate.OUT_OF_MEMORY
    assert "full" in words
    await keeper.collect({}, ["k/1"])
    await keeper.leave({})
    assert keeper.ended


async def test_a_task_that_never_began_has_no_node_and_was_killed() -> None:
    keeper = Still(Manner("name"))
    await keeper.submit({"k/1": (replace(TRIAL, retries=0), {})}, {})
    await begun(1, keeper)
    keeper.tasks[0].set_exception(WorkerCrashedError())
    fate, words = await over(keeper)
    assert fate is Fate.KILLED
    assert "worker" in words
    keeper._end()


async def test_a_keeper_that_nobody_comes_to_ends_but_not_while_a_trial_runs() -> None:
    keeper = Still(Manner("name", keep_days=1e-6))
    await keeper.hello()
    await keeper.submit({"k/1": (TRIAL, {})}, {})
    await begun(1, keeper)
    await asyncio.sleep(0.4)
    assert not keeper.ended
    keeper.tasks[0].set_result(Fate.ENDED)
    await asyncio.sleep(0.4)
    assert keeper.ended


def test_files_travel_whole_checkpoints_first_and_never_out_of_their_folder(tmp_path: Path) -> None:
    files = {"steps/a/0.jsonl": b"s", "checkpoints/a/0.pt": b"c" * 2_000, "stdout.log": b""}
    write_files(tmp_path / "a", files)
    (tmp_path / "a" / ".half.new").write_bytes(b"x")
    found = read_files(tmp_path / "a")
    assert found == files
    assert next(iter(found)).startswith("checkpoints/")
    assert "checkpoints/a/0.pt" not in read_files(tmp_path / "a", 0.001)
    with pytest.raises(ValueError, match="outside"):
        write_files(tmp_path / "a", {"../b": b""})
    assert not (tmp_path / "b").exists()


async def test_a_later_submission_ends_the_one_that_nobody_knows_of() -> None:
    keeper = Still(Manner("name"))
    await keeper.submit({"k/1": (TRIAL, {})}, {})
    await begun(1, keeper)
    await keeper.begun("k/1", 1, ("id", "n1"), 5)
    await keeper.submit({"k/2": (replace(TRIAL, submission=2), {})}, {})
    await begun(2, keeper)
    assert not await keeper.post("k/1", 1, 1, b"late", {}, False)
    for task in keeper.tasks:
        task.set_result(Fate.ENDED)
    await over(keeper)
    await keeper.collect({"k/2": (0, {})}, ["k/2"])
    await keeper.leave({})
    assert keeper.ended
