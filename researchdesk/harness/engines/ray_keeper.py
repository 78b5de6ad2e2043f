"""The keeper of a run's trials on a Ray cluster: an actor that outlives the desk's process.

It owns the tasks, begins anew those that were lost, and keeps what they say and write until the
desk has it. Everything here runs on the cluster.
"""

import asyncio
import hashlib
import json
import shutil
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import researchdesk
from researchdesk.domain.engines import Fate
from researchdesk.harness.engines.backend import Handed
from researchdesk.harness.engines.ray_fates import Node, fate_of
from researchdesk.harness.engines.ray_scratch import Scratch
from researchdesk.harness.engines.ray_tickets import Had, Manner, Ticket, load
from researchdesk.harness.engines.ray_trial import run_trial

_AGAIN = (Fate.KILLED, Fate.OUT_OF_MEMORY, Fate.NODE_LOST)
_PATIENCE_S = 10.0
_IDLE_LOOK_S = 60.0
_DAY_S = 86_400.0


@dataclass(slots=True)
class _Held:
    """A trial. ``mail`` begins at byte ``dropped`` of all that it said; ``files`` are versions."""

    trial: Handed
    start: int = 0
    ref: Any = None
    node: Node | None = None
    begun: float | None = None
    heard: int = 0
    mail: bytes = b""
    dropped: int = 0
    files: dict[str, int] = field(default_factory=dict)
    fate: Fate = Fate.WAITING
    words: str = ""
    large: bool = False
    cancelled: bool = False
    gone: bool = False

    @property
    def settled(self) -> bool:
        return self.fate.is_over and (self.gone or self.cancelled)


class Keeper:
    """See the module. Its methods are called through Ray, one at a time between their awaits."""

    def __init__(self, manner: Manner) -> None:
        self._manner = manner
        self._held: dict[str, _Held] = {}
        self._recipe: dict[str, bytes] = {}
        self._scratch = Scratch()
        self._left = False
        self._visited = time.monotonic()
        self._at_work: set[asyncio.Task[None]] = set()

    async def hello(self) -> str:
        """The version of this program that the keeper is."""
        if not self._at_work:
            self._begin(self._idle())
        return researchdesk.__version__

    async def submit(
        self,
        trials: Mapping[str, tuple[Handed, Mapping[str, bytes]]],
        recipe: Mapping[str, bytes],
    ) -> bool:
        """Take trials by their handles, each with the files it goes on from; a handle that is known
        is not taken twice. ``recipe`` are the files of the recipe. True: they are taken. Earlier
        submissions of theirs are ended: nobody knows of them, or they were given up."""
        self._visit()
        await self._end_earlier(trials)
        self._recipe = self._recipe or dict(recipe)
        for handle, (trial, files) in trials.items():
            if handle not in self._held:
                held = self._held[handle] = _Held(trial)
                self._keep(handle, held, files)
                self._begin(self._run(handle, held))
        return True

    async def _end_earlier(self, trials: Iterable[str]) -> None:
        new = {handle: handle.rpartition("/")[0] for handle in trials if handle not in self._held}
        old = [one for one in self._held if one.rpartition("/")[0] in new.values()]
        await self.cancel(old)
        for handle in old:
            self._forget(handle)

    async def collect(
        self, had: Mapping[str, Had], done: Sequence[str] = ()
    ) -> dict[str, tuple[int, bytes, dict[str, Any]]]:
        """What is new of each trial since what the desk has, which may be let go of: where the mail
        goes on, the mail, and each new file with its version. The desk asks for those that are
        ``done`` no more."""
        self._visit()
        self._let_go(had)
        for handle in done:
            self._forget(handle)
        found: dict[str, tuple[int, bytes, dict[str, Any]]] = {}
        for handle, (offset, versions) in had.items():
            held = self._held.get(handle)
            if held is None:
                continue
            begin = max(offset, held.dropped)
            files = {
                name: (version, self._place(handle, name).read_bytes())
                for name, version in held.files.items()
                if versions.get(name) != version and self._place(handle, name).exists()
            }
            if files or begin < held.dropped + len(held.mail):
                found[handle] = (begin, held.mail[begin - held.dropped :], files)
        return found

    async def standing(self, handles: Sequence[str]) -> dict[str, tuple[Fate, str, str]]:
        """Fate, words and node of each trial that is known."""
        self._visit()
        known = {handle: self._held[handle] for handle in handles if handle in self._held}
        return {
            handle: (held.fate, held.words, held.node.name if held.node else "")
            for handle, held in known.items()
        }

    async def cancel(self, handles: Sequence[str]) -> None:
        """End these trials; what runs is told so first, and killed where it does not listen."""
        ray = load()

        self._visit()
        for handle in handles:
            held = self._held.get(handle)
            if held is None or held.fate.is_over:
                continue
            held.cancelled = True
            if held.fate is Fate.WAITING:
                ray.cancel(held.ref, force=True)
            else:
                self._begin(self._insist(held, held.ref))

    async def leave(self, had: Mapping[str, Had]) -> None:
        """The desk goes, and has what it says. With nothing left to do, the keeper ends."""
        self._let_go(had)
        self._left = True
        self._end_if_settled()

    async def begun(
        self, handle: str, number: int, node: tuple[str, str], pid: int
    ) -> tuple[dict[str, bytes], dict[str, bytes]] | None:
        """A start of the trial has begun: the recipe's files and those that it goes on from. None
        where the trial is not wanted, or has been begun again since."""
        held = self._held.get(handle)
        if held is None or held.start != number or held.cancelled:
            return None
        held.node, held.fate, held.heard = Node(*node, pid), Fate.RUNNING, 0
        held.begun = time.monotonic()
        kept = {name: self._place(handle, name) for name in held.files}
        return self._recipe, {n: place.read_bytes() for n, place in kept.items() if place.exists()}

    async def post(
        self,
        handle: str,
        number: int,
        parcel: int,
        mail: bytes,
        files: Mapping[str, bytes],
        large: bool,
    ) -> bool:
        """Take what a start of the trial said and wrote; False where it is not wanted any more.

        Parcels are numbered from 1, and one that comes twice is taken once. ``large``: some of its
        files are larger than what is sent.
        """
        held = self._held.get(handle)
        if held is None or held.start != number or held.fate.is_over or held.cancelled:
            return False
        if parcel > held.heard:
            held.heard, held.large = parcel, large
            self._keep(handle, held, files)
            held.mail += mail
        return True

    async def _run(self, handle: str, held: _Held) -> None:
        while True:
            held.start += 1
            held.ref = self._task(Ticket(handle, held.start, held.trial, self._manner))
            fate, words = await fate_of(held.ref, lambda: held.node)
            if held.cancelled:
                fate = Fate.CANCELLED
            if fate not in _AGAIN or held.start > held.trial.retries:
                break
            if held.large:
                most = f"checkpoint_mb = {self._manner.checkpoint_mb:g}"
                words += f" Its files are larger than {most}: it goes on without the newest."
            said = {"kind": "retried", "reason": words, "start": held.start + 1}
            if held.begun is not None:
                said, held.begun = {**said, "seconds": time.monotonic() - held.begun}, None
            held.mail += json.dumps(said).encode() + b"\n"
            held.fate = Fate.WAITING
        held.fate, held.words, held.ref = fate, words, None
        self._end_if_settled()

    def _task(self, ticket: Ticket) -> Any:
        ray = load()

        needs = ticket.trial.needs
        options: dict[str, Any] = {
            "num_cpus": needs.cpus,
            "num_gpus": needs.gpus,
            "max_retries": 0,
            "name": f"researchdesk {ticket.trial.key}",
        }
        if needs.memory_gb:
            options["memory"] = int(needs.memory_gb * 1e9)
        if self._manner.runtime_env:
            options["runtime_env"] = dict(self._manner.runtime_env)
        return ray.remote(run_trial).options(**options).remote(ticket)

    async def _insist(self, held: _Held, ref: Any) -> None:
        ray = load()

        await asyncio.sleep(_PATIENCE_S)
        if held.ref is ref and not held.fate.is_over:
            ray.cancel(ref, force=True)

    async def _idle(self) -> None:
        """Where nobody came for so many days and nothing runs, the keeper ends."""
        while True:
            await asyncio.sleep(min(_IDLE_LOOK_S, self._manner.keep_days * _DAY_S))
            idle = time.monotonic() - self._visited > self._manner.keep_days * _DAY_S
            if idle and all(held.fate.is_over for held in self._held.values()):
                self._end()

    def _let_go(self, had: Mapping[str, Had]) -> None:
        for handle, (offset, versions) in had.items():
            held = self._held.get(handle)
            if held is None:
                continue
            offset = min(offset, held.dropped + len(held.mail))
            if offset > held.dropped:
                held.mail, held.dropped = held.mail[offset - held.dropped :], offset
            if held.fate.is_over and not held.mail and versions == held.files:
                self._forget(handle)

    def _forget(self, handle: str) -> None:
        if held := self._held.get(handle):
            held.gone = True
            if held.fate.is_over:
                shutil.rmtree(self._folder(handle), ignore_errors=True)
                held.mail, held.files = b"", {}

    def _keep(self, handle: str, held: _Held, files: Mapping[str, bytes]) -> None:
        for name, content in files.items():
            place = self._place(handle, name)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
            held.files[name] = held.files.get(name, 0) + 1

    def _folder(self, handle: str) -> Path:
        return self._scratch.folder / hashlib.sha256(handle.encode()).hexdigest()[:32]

    def _place(self, handle: str, name: str) -> Path:
        return self._folder(handle) / hashlib.sha256(name.encode()).hexdigest()[:32]

    def _visit(self) -> None:
        self._visited, self._left = time.monotonic(), False

    def _begin(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)

    def _end_if_settled(self) -> None:
        if self._left and all(held.settled for held in self._held.values()):
            self._end()

    def _end(self) -> None:
        ray = load()

        self._scratch.remove()
        ray.kill(ray.get_runtime_context().current_actor)
