"""What the runs' records answer: machine, time, versions, settings, data, code, what is kept."""

from collections.abc import Callable, Mapping

from researchdesk.domain.checklist_facts import Answerer, Facts, RunKept, graded
from researchdesk.domain.checklists import Answer, Evidence, Found
from researchdesk.domain.durations import in_words
from researchdesk.domain.recipes import SUBSTITUTE
from researchdesk.domain.run_checks import STOPPED, changed_since, count_of, lists, named, of_runs
from researchdesk.domain.runs import RunSummary
from researchdesk.domain.sizes import megabytes

TWICE = "same seed, same result"
"""The name of the check that trains one seed twice."""
_KEPT = {
    "events.jsonl": "every event",
    "environment.json": "the environment",
    "config.toml": "the plan",
    "recipe": "the recipe as it was run",
}
_OF_A_VERSION = ("made", "scikit-learn:")
"""Sources of data that come with code, whose version each run records."""
_Told = tuple[list[str], list[str], list[str]]
"""Of one run: evidence, what lacks, what mends it."""


def _each(tell: Callable[[RunKept], _Told]) -> Answerer:
    """An answerer that asks each run the same."""

    @of_runs
    def answer(facts: Facts) -> Found:
        good, lacks, mend = lists()
        for kept in facts.runs:
            told = tell(kept)
            good += [Evidence(text, kept.ref) for text in told[0]]
            lacks += told[1]
            mend += told[2]
        return graded(good, lacks, tuple(dict.fromkeys(mend)))

    return answer


def _hardware(kept: RunKept) -> _Told:
    known = kept.environment
    device = known.get("gpu") or known.get("cpu")
    if not device:
        return [], [f"the machine of {kept.run.id} was not recorded"], [kept.command]
    cpus = f", {known['cpus']} cores" if known.get("cpus") else ""
    beside = f" ({known['cpu']}{cpus})" if known.get("gpu") and known.get("cpu") else cpus
    said = f"{device}{beside}, {known.get('platform', 'system not recorded')}"
    return [said], *_went_elsewhere(kept)


def _time(kept: RunKept) -> _Told:
    seconds = [one.seconds for one in kept.run.results]
    if not seconds:
        return [], [f"{kept.run.id} has no finished seed"], [kept.command]
    whole = in_words(sum(seconds))
    said = (
        f"{count_of(seconds, 'seed')} in {whole} of computing, the longest {in_words(max(seconds))}"
    )
    if not kept.run.failures and kept.run.state not in STOPPED:
        return [said], [], []
    return [said], [f"what seeds of {kept.run.id} took that came to no end"], []


def _versions(kept: RunKept) -> _Told:
    packages = kept.environment.get("packages")
    if not isinstance(packages, Mapping) or not packages:
        return [], [f"the packages of {kept.run.id} were not recorded"], [kept.command]
    told = ", ".join(f"{name} {packages[name]}" for name in sorted(packages))
    said = f"Python {kept.environment.get('python', '?')}, {told}"
    return [said], *_went_elsewhere(kept)


def _settings(kept: RunKept) -> _Told:
    arms = [arm for arm, _ in kept.seeds()]
    bare = [arm.name for arm in arms if not arm.settings and not arm.command]
    whole = [arm for arm in arms if arm.settings or arm.command]
    good = []
    if whole:
        said = f"recipe.toml of the run has the settings of {count_of(whole, 'arm')}"
        good = [f"{said}; what its code fixes is in the copy kept beside it"]
    lacks = [f"no settings in recipe.toml for {named(bare)}"] if bare else []
    mend = ["Move what is fixed in experiment.py to [arms.settings]."] if bare else []
    _, changed, again = _whole(kept)
    return good, lacks + changed, mend + again


def _data(kept: RunKept) -> _Told:
    good, lacks, mend = [], [], []
    for need in kept.recipe.data:
        taken = kept.run.data.get(need.name, need.name)
        if taken.startswith(SUBSTITUTE):
            lacks.append(
                f"{need.name} was not to be had; {taken.removeprefix(SUBSTITUTE)} stood in"
            )
            mend.append(f"Say so where the numbers stand, or get {need.source} and run it again.")
        else:
            good.append(f"{need.name}: {need.source}")
            if not need.source.startswith(_OF_A_VERSION) and "@" not in need.source:
                lacks.append(f"{need.name} is of no pinned version")
                mend.append(f"Name its version in recipe.toml: {need.source}@VERSION")
    if not kept.recipe.data and kept.recipe.data_note:
        good.append(f"data: {kept.recipe.data_note}")
    elif not kept.recipe.data:
        lacks.append(f"{kept.recipe.name} does not say what data it works on")
        mend.append('Say it in recipe.toml: [[data_needs]] with name and source, or data = "…".')
    return good, lacks, mend


def _whole(kept: RunKept) -> _Told:
    if changed := changed_since(kept):
        return [], changed, [kept.command]
    return [f"the code and settings that ran, SHA-256 {kept.run.recipe_digest[:12]}…"], [], []


def _committed(kept: RunKept) -> _Told:
    states = kept.environment.get("git")
    state = states.get("recipe") if isinstance(states, Mapping) else None
    dirty = isinstance(state, Mapping) and bool(state.get("dirty"))
    if kept.recipe.bundled and not dirty:
        version = (kept.environment.get("packages") or {}).get("researchdesk", "")
        return [f"a recipe that ships with researchdesk {version}".strip()], [], []
    if not isinstance(state, Mapping) or not state.get("commit"):
        said = f"the recipe of {kept.run.id} lay in no git checkout; its own copy is kept"
        return [], [said], ["Put your recipe under git, commit it, and run it from there."]
    if state.get("dirty"):
        said = f"{kept.run.id} ran code that was not committed (after {str(state['commit'])[:12]})"
        return [], [said], ["git commit what ran, then run it again: " + kept.command]
    return [f"commit {str(state['commit'])[:12]}, nothing uncommitted"], [], []


def _saved(kept: RunKept) -> _Told:
    there = [words for name, words in _KEPT.items() if name in kept.files]
    gone = [words for name, words in _KEPT.items() if name not in kept.files]
    good = [f"kept: {', '.join(there)}"] if there else []
    if kept.recipe.digest == kept.run.recipe_digest:
        good.append(f"digest of the recipe: {kept.run.recipe_digest[:12]}…, unchanged")
    else:
        gone.append("the recipe as it was run")
    return good, [f"{words} of {kept.run.id}" for words in gone], [kept.command] if gone else []


@of_runs
def deterministic(facts: Facts) -> Found:
    """Whether the same seed gave the same number again, by a check or by a run made again."""
    good, lacks, mend = lists()
    against = False
    for kept in facts.runs:
        told = [one for one in kept.run.checks if one.get("name") == TWICE]
        again = [run for run in facts.repeats if run.recipe_digest == kept.run.recipe_digest]
        for check in told:
            if check.get("ok") is True:
                good.append(Evidence(str(check.get("message", "")), kept.ref))
            elif check.get("ok") is False:
                against = True
                lacks.append(f"{kept.run.id}: {check.get('message', '')}")
        for run in again:
            same, others = _compared(kept.run, run)
            if same and not others:
                said = f"{same} of its seeds run again: the same numbers to the last digit"
                good.append(Evidence(said, f"run:{run.id}"))
            elif others:
                against = True
                lacks.append(f"{others} of {same + others} seeds gave other numbers in {run.id}")
        if not any(one.get("ok") is not None for one in told) and not again:
            lacks.append(f"no seed of {kept.run.id} was run a second time")
            mend.append(f"Run it once more, then it is compared: {kept.command}")
        if kept.run.quick:
            lacks.append(f"{kept.run.id} is a quick run, with shortened settings")
        elsewhere, again_typed = _went_elsewhere(kept)
        lacks += elsewhere
        mend += again_typed
    if not good and not against:
        return Found(Answer.UNKNOWN, (), tuple(lacks), tuple(mend))
    return graded(good, lacks, mend)


def _went_elsewhere(kept: RunKept) -> tuple[list[str], list[str]]:
    """What lacks, and what mends it, where a run was resumed in another environment."""
    changed = kept.environment.get("changed_on_resume")
    if not changed:
        return [], []
    said = f"{kept.run.id} went on in another environment: {', '.join(changed)}"
    return [said], [kept.command]


def _compared(one: RunSummary, other: RunSummary) -> tuple[int, int]:
    """How many seeds that both finished have the same numbers, and how many others."""
    first = {result.task: dict(result.metrics) for result in one.results}
    both = [result for result in other.results if result.task in first]
    same = sum(dict(result.metrics) == first[result.task] for result in both)
    return same, len(both) - same


def models(facts: Facts) -> list[Evidence]:
    """The trained models that the runs keep; sizes are told."""
    return [
        Evidence(
            f"{count_of(list(kept.checkpoints), 'checkpoint')}, "
            + megabytes(sum(kept.checkpoints.values())),
            kept.ref,
        )
        for kept in facts.runs
        if kept.checkpoints
    ]


ANSWERERS: Mapping[str, Answerer] = {
    "hardware": _each(_hardware),
    "time": _each(_time),
    "versions": _each(_versions),
    "settings": _each(_settings),
    "data": _each(_data),
    "code kept": _each(_whole),
    "committed": _each(_committed),
    "everything saved": _each(_saved),
    "deterministic": deterministic,
}
