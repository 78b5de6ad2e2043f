"""Follows trials at an engine: hands them over, reads their mail, tries again what was lost."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from researchdesk.domain.engines import EngineSettings, Fate, Standing
from researchdesk.domain.runs import Event, Task
from researchdesk.domain.text import clean
from researchdesk.errors import EngineError
from researchdesk.harness.engines.backend import Backend, Handed
from researchdesk.harness.engines.ears import Ears as Ears
from researchdesk.harness.engines.ears import Outcome as Outcome
from researchdesk.harness.engines.handing import (
    MailReader,
    adopt,
    clear,
    handed_before,
    key_of,
    rescue,
)
from researchdesk.harness.engines.handing_over import HandingOver, There, undisturbed
from researchdesk.harness.engines.recalled import CALLED_OFF, MAIL_MARK, OVER, recalled
from researchdesk.harness.events import number_of
from researchdesk.harness.jobs import MEASURE, Job, Plan
from researchdesk.harness.ledger import Ledger, Record, Underway, disk_full
from researchdesk.harness.schedule import Schedule
from researchdesk.harness.training.places import checkpoint_file

_POLL_S = 0.3
_ASK_S = 2.0
_MOST_AT_ONCE = 1_000


class Follower:
    """Follows the trials of one run. Another process may go on where one has ended.

    ``record`` takes the events, beside those of seeds ``trial_submitted`` (key, submission, handle,
    job, arm, seeds), ``trial_over`` (key), ``engine_lost`` (message) and ``engine_back``;
    ``on_engine`` what the first worker computes with; ``before`` are the run's events so far.
    ``rounds`` counts how often it looked at everything, ``handed_over`` says whether all that could
    be handed to the engine was.
    """

    def __init__(
        self,
        plan: Plan,
        engine: EngineSettings,
        connect: Callable[[], Backend],
        schedule: Schedule,
        record: Record,
        on_engine: Callable[[Mapping[str, Any]], None],
        before: Sequence[Event],
        ears: Ears,
    ) -> None:
        there, tries = recalled(before)
        self._plan, self._engine, self._schedule, self._ears = plan, engine, schedule, ears
        self._connect, self._on_engine = connect, on_engine
        self._backend: Backend | None = None
        self._engine_known = False
        self._ledger = Ledger(record, schedule, plan.drawn, engine.retries, tries)
        self._handing = HandingOver(plan, engine, self._ledger)
        self._there: dict[str, There] = {}
        self._closed: set[str] = set()
        self._taken = {task for one in there for task in one.left}
        self._again: set[str] = set()
        for one in there:
            trial = handed_before(one.job, one.submission, plan, engine)
            at = Underway(one.job, one.gpus)
            at.left = one.left
            mail = MailReader(trial.folder, one.read)
            there_now = There(at, trial, one.handle, mail, before=True, called_off=one.called_off)
            self._there[trial.key] = there_now
        self.rounds = 0
        self.handed_over = False
        self._asked_at = -_ASK_S
        self._lost_since: float | None = None

    def follow(self) -> Outcome:
        """Until all came to an end, or one of the ``ears`` heard otherwise.

        Raises EngineError where the engine stays out of reach, and DeskError where the disk is
        full; the trials go on then.
        """
        try:
            self._backend = self._connect()
            while True:
                if self._ears.call_off():
                    self._call_off()
                    return Outcome.CALLED_OFF
                if self._ears.leave():
                    return Outcome.LEFT
                if self._round():
                    return Outcome.THROUGH
                self._ears.sleep(_POLL_S)
        finally:
            if self._backend is not None:
                self._backend.close()

    @property
    def any_there(self) -> bool:
        """Whether the engine has trials of the run, as far as is known."""
        return bool(self._there)

    def abandon(self) -> None:
        """An engine that ended has nothing any more: all is handed over anew, from where it was."""
        for one in list(self._there.values()):
            self._give_back(one, self._ledger.unended(one.at), "ended with the engine")

    def _round(self) -> bool:
        """Look once at everything; True where nothing is left to wait for."""
        try:
            backend = self._reached()
            backend.collect(self._by_handle())
            for one in list(self._there.values()):
                self._read(one)
            self._submit(backend)
            if self._ears.clock() - self._asked_at >= _ASK_S:
                self._ask(backend)
        except EngineError as error:
            self._out_of_reach(error)
            return False
        self.rounds += 1
        return not self._there and self._schedule.over

    def _reached(self) -> Backend:
        if self._backend is None:
            self._backend = self._connect()
        if self._lost_since is not None:
            self._backend.describe()
            self._lost_since = None
            self._ledger.say("engine_back", None, {})
        return self._backend

    def _out_of_reach(self, error: EngineError) -> None:
        now = self._ears.clock()
        if self._lost_since is None:
            self._lost_since = now
            self._ledger.say("engine_lost", None, {"message": error.message})
        if now - self._lost_since >= self._ears.patience_s:
            raise error
        if self._backend is not None:
            self._backend.close()
            self._backend = None

    def _submit(self, backend: Backend) -> None:
        look = self._ears.look  # then one that waits is seen, and put back
        room = 1 if look else (self._engine.at_once or _MOST_AT_ONCE) - len(self._there)
        jobs: list[Job] = []
        while len(jobs) < room and (job := self._schedule.take()) is not None:
            if (fresh := self._not_there(job)) is not None:
                jobs.append(fresh)
        self.handed_over = True
        if look or not jobs:
            self._put_back(jobs)
            return
        try:
            handed = self._handing.hand_over(backend, jobs)
        except EngineError:
            self._put_back(jobs)
            self.handed_over = False
            raise
        for one in handed:
            self._taken.update(one.at.job.tasks if one.at.job.kind == MEASURE else ())
            self._there[one.trial.key] = one

    def _not_there(self, job: Job) -> Job | None:
        """What of the job was not handed over, by an earlier process or by this one."""
        key = key_of(job)
        if key in self._again:
            self._again.discard(key)
            return job
        if job.kind != MEASURE:
            return None if key in (*self._there, *self._closed) else job
        tasks = tuple(task for task in job.tasks if task not in self._taken)
        return replace(job, tasks=tasks) if tasks else None

    def _read(self, one: There) -> None:
        for kind, data, read_to in one.mail.new():
            one.over_since = None
            if kind == "done":
                self._ledger.undone(one.at, "The worker said nothing of it.")
                self._close(one, {})
                return
            if kind == "failed" and data.get("disk_full") and one.at.job.kind == MEASURE:
                self._no_room(one, clean(str(data.get("error", ""))))
                return
            self._hear(one, kind, data, [one.trial.submission, read_to])

    def _hear(self, one: There, kind: str, data: dict[str, Any], mark: list[int]) -> None:
        if kind == "hosted":
            one.node, one.words, one.own = clean(str(data.get("node", ""))), "", False
        elif kind == "ready":
            if not self._engine_known:
                self._engine_known = True
                self._on_engine(data.get("environment", {}))
        elif kind == "lost":
            one.words, one.own = clean(str(data.get("reason", ""))), data.get("own") is True
        elif kind == "retried":
            more = {k: data[k] for k in ("step", "seconds") if number_of(data.get(k)) is not None}
            for task in one.at.left if one.at.job.kind == MEASURE else ():
                words = clean(str(data.get("reason", "")))
                self._ledger.retried(task, words, **more, **{MAIL_MARK: mark})
        else:
            of_seed = {MAIL_MARK: mark} if one.at.job.kind == MEASURE else {}
            where = {"node": one.node} if kind == "started" and one.node else {}
            if kind in ("finished", "failed"):
                data = self._at_home(one, data)
            one.again += self._ledger.hear(one.at, kind, {**data, **where, **of_seed})

    def _at_home(self, one: There, data: dict[str, Any]) -> dict[str, Any]:
        """Take the files of a seed that came to its end; a checkpoint it tells of is there then."""
        task = Task(one.at.job.arm, data.get("seed", 0), data.get("vary") or "")
        if task in one.at.left:
            adopt(one.trial, self._plan.folder, [task])
        kept = checkpoint_file(self._plan.folder, task.arm, task.seed, task.vary)
        return {**data, "checkpoint": str(kept)} if "checkpoint" in data else data

    def _ask(self, backend: Backend) -> None:
        self._asked_at = self._ears.clock()
        standing = backend.standing(self._by_handle())
        for one in list(self._there.values()):
            said = standing.get(one.handle, Standing(Fate.UNKNOWN))
            one.node = one.node or clean(said.node)
            if not said.fate.is_over:
                one.over_since = None
            elif one.over_since is None:
                one.over_since = self._asked_at
            if one.over_since is not None and self._waited(one):
                self._read(one)
                if one.trial.key in self._there:
                    self._gone(one, said)

    def _waited(self, one: There) -> bool:
        """A trial that said itself that it was lost says no more."""
        since = self._asked_at if one.over_since is None else one.over_since
        return bool(one.words) or self._asked_at - since >= self._ears.grace_s

    def _gone(self, one: There, said: Standing) -> None:
        """The engine is done with it, and its mail has no end: try again, or give it up."""
        words = [one.words or said.fate.words, clean(said.words)]
        if said.fate not in (Fate.KILLED, Fate.ENDED):
            words.insert(0, said.fate.words)
        where = f" Node: {one.node}." if one.node else ""
        told = "\n".join(dict.fromkeys(filter(None, words))) + where
        cancelled = said.fate is Fate.CANCELLED
        if cancelled and one.called_off:
            return self._give_back(one, self._ledger.unended(one.at), str(said.fate))
        own = said.fate in (Fate.OUT_OF_MEMORY, Fate.OVER_TIME) or one.own
        if jobs := self._ledger.lost(one.at, told, again=not cancelled, own=own):
            self._give_back(one, jobs, str(said.fate))
        else:
            self._close(one, {"fate": str(said.fate)})

    def _give_back(self, one: There, jobs: Sequence[Job], fate: str) -> None:
        """What is left of it is to be handed over anew, from where it came to."""
        if len(one.trial.job.tasks) > 1:
            rescue(one.trial, self._plan.folder)
        self._ledger.say(OVER, None, {"key": one.trial.key, "fate": fate})
        del self._there[one.trial.key]
        self._put_back([*one.again, *jobs])

    def _put_back(self, jobs: Sequence[Job]) -> None:
        self._again.update(map(key_of, jobs))
        self._schedule.put_back(jobs)

    def _no_room(self, one: There, words: str) -> None:
        """A trial found the disk full: others would, too, unless that was told of before."""
        if self._backend is not None:
            self._backend.cancel([one.handle])
        self._give_back(one, self._ledger.unended(one.at), "disk full")
        if not one.before:
            raise disk_full(words)

    def _close(self, one: There, more: Mapping[str, Any]) -> None:
        if one.again:
            return self._give_back(one, (), str(Fate.OUT_OF_MEMORY))
        adopt(one.trial, self._plan.folder, one.at.job.tasks)
        self._ledger.say(OVER, None, {"key": one.trial.key, **more})
        clear(one.trial, self._plan.folder)
        del self._there[one.trial.key]
        self._closed.add(one.trial.key)

    def _call_off(self) -> None:
        backend = self._reached()
        with undisturbed(heeded=False):
            self._ledger.say(CALLED_OFF, None, {})
            backend.cancel([one.handle for one in self._there.values()])
            backend.collect(self._by_handle())
            for one in list(self._there.values()):
                self._read(one)
            for one in list(self._there.values()):
                rescue(one.trial, self._plan.folder)
                fate = str(Fate.CANCELLED)
                self._ledger.say(OVER, None, {"key": one.trial.key, "fate": fate})

    def _by_handle(self) -> dict[str, Handed]:
        return {one.handle: one.trial for one in self._there.values()}
