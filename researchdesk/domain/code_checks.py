"""Whether the code is there: what it needs, what trains, what evaluates, what was trained."""

import re
from collections.abc import Mapping

from researchdesk.domain.checklist_facts import Answerer, Facts, graded
from researchdesk.domain.checklists import Answer, Evidence, Found
from researchdesk.domain.readmes import links_to_models, readme_of
from researchdesk.domain.record_checks import models as kept_models
from researchdesk.domain.run_checks import count_of, named, no_runs

_PINNED = re.compile(r"[-\w.\[\],\" ]+(?:==|@)\s*\S+")
_EXACTLY = r'(?m)^(?:name = ")?{}"?\s*(?:==|version = ")\s*{}(?![\w.])'
_DESK = "researchdesk"
"""It may be on no package index: then the README says where it is to be had."""
_LOOSE = re.compile(r"[A-Za-z][\w.\[\],-]*\s*(?:[<>~!;#].*)?$")
_NEEDS = ("requirements.txt", "environment.yml", "environment.yaml", "pyproject.toml", "setup.py",
          "setup.cfg", "Pipfile", "poetry.lock", "uv.lock", "pixi.lock")  # fmt: skip
_TRAIN = re.compile(
    r"(?:^|[/_.-])(?:train|training|fit|finetune|pretrain|main|run)\w*\.(?:py|sh|ipynb)$"
)
_EVALUATE = re.compile(
    r"(?:^|[/_.-])(?:eval|evaluate|evaluation|test|benchmark|score|infer\w*|sample)\w*"
    r"\.(?:py|sh|ipynb)$"
)
_UNIT_TEST = re.compile(r"(?:^|/)tests?/|(?:^|/)test_\w+\.py$|(?:^|/)conftest\.py$")
_MODELS = re.compile(r"\.(?:pt|pth|ckpt|safetensors|onnx|h5|pkl|npz|bin)$")


BY_LOOKS = "it looks so by names and words alone; whether it is what made the results is not known"
"""What keeps an answer from a plain yes where no run of the desk stands behind it."""
LOOK = (
    "Look at it and answer yourself; or name what was run: "
    "researchdesk checklist release REF --folder DIR"
)
"""What is done about that."""


def dependencies(facts: Facts) -> Found:
    """Whether a file says which packages are needed, in which versions."""
    folder = facts.folder
    if folder is None:
        return by_runs(facts, _packages(facts), "a requirements file")
    there = [name for name in _NEEDS if folder.texts.get(name, "").strip()]
    if not there:
        return lacking(facts, "a file of the packages it needs")
    mend = ["Write the versions that ran: NAME==VERSION."]
    locked = next((name for name in there if name.endswith(".lock")), "")
    if locked:
        good = [Evidence("exact versions, locked", locked)]
        return graded(good, _not_what_ran(facts, folder.texts[locked]), mend)
    name = there[0]
    lines = [line.strip() for line in folder.texts[name].splitlines()]
    pinned = [line for line in lines if _PINNED.match(line)]
    loose = [line for line in lines if _LOOSE.match(line)] if name.endswith(".txt") else []
    good = [Evidence(f"{count_of(pinned, 'exact version')}" if pinned else "what it needs", name)]
    lacks = [f"no exact version of {named(loose)}"] if loose else []
    lacks += ["no exact versions"] if not pinned and not loose else []
    return graded(good, lacks + _not_what_ran(facts, folder.texts[name]), mend)


def _not_what_ran(facts: Facts, text: str) -> list[str]:
    """What keeps a file of packages from being known as those that the runs recorded."""
    if not facts.runs:
        return ["whether these versions are what ran is not known: no run was named"]
    readme = readme_of(facts.folder.texts)[1] if facts.folder else ""
    ran = {str(name): str(version) for kept in facts.runs
           for name, version in (kept.environment.get("packages") or {}).items()}  # fmt: skip
    absent = [
        f"{name} {version}"
        for name, version in sorted(ran.items())
        if not re.search(_EXACTLY.format(re.escape(name), re.escape(version)), text)
        and not (name == _DESK and f"{name} {version}" in readme)
    ]
    return [f"what ran, and is not in it: {named(absent)}"] if absent else []


def training(facts: Facts) -> Found:
    """Whether the code that trains is there."""
    return _code(facts, _TRAIN, "code that trains")


def evaluation(facts: Facts) -> Found:
    """Whether the code that measures is there."""
    return _code(facts, _EVALUATE, "code that evaluates")


def models(facts: Facts) -> Found:
    """Whether trained models are in the folder, or linked in its README; else kept by the runs."""
    folder = facts.folder
    if facts.runs and not any(one.trains for one in facts.runs):
        recipes = named(sorted({one.recipe.name for one in facts.runs}))
        why = f"The code that ran ({recipes}) has nothing that trains, and its runs keep no model."
        return Found(Answer.NOT_APPLICABLE, lacks=(why,))
    if folder is None:
        return by_runs(facts, kept_models(facts), "a folder with trained models")
    kept = [(one, f"models/{one.run.id}/{path.removeprefix('checkpoints/')}")
            for one in facts.runs for path in one.checkpoints]  # fmt: skip
    there = [path for _, path in kept if path in folder.names]
    if kept and len(there) == len(kept):
        return graded([Evidence(f"{count_of(there, 'trained model')} of the runs", there[0])], [])
    inside = [name for name in folder.names if _MODELS.search(name)]
    name, text = readme_of(folder.texts)
    good = (
        [Evidence(f"{count_of(inside, 'file')}: {named(inside, 3)}", inside[0])] if inside else []
    )
    good += [Evidence(f"linked: {link}", name) for link in links_to_models(text)[:3]]
    mend = [
        f"{to_scaffold(facts)} --checkpoints, where the runs keep models; or link them.",
        "Where nothing is trained, answer n/a.",
    ]
    return graded(good, [BY_LOOKS if good else "trained models, or a link to them"], mend)


def by_runs(facts: Facts, good: list[Evidence], lacks: str) -> Found:
    """Partly, where the desk has it and no folder to give away was looked at."""
    if not good:
        bare = graded([], [f"nothing of that in its runs, and {lacks} was not looked at"])
        return bare if facts.runs else no_runs(facts)
    mend = f"{to_scaffold(facts)}; then ask again with --folder DIR"
    return graded(good, [f"no folder was looked at: {lacks} is not known of"], [mend])


def lacking(facts: Facts, what: str) -> Found:
    """No: it is not in the folder, and a scaffold would have it."""
    return graded([], [what], [to_scaffold(facts)])


def to_scaffold(facts: Facts) -> str:
    """What is typed to write a release of the work."""
    ref = facts.subject.ref if facts.subject else "REF"
    return f"researchdesk release scaffold DIR --of {ref}"


def _code(facts: Facts, wanted: re.Pattern[str], what: str) -> Found:
    folder = facts.folder
    if folder is None:
        kept = [Evidence("experiment.py of the run's recipe", one.ref) for one in facts.runs]
        return by_runs(facts, kept, f"a folder with the {what}")
    found = [
        name
        for name in folder.names
        if wanted.search(name)
        and not _UNIT_TEST.search(name)
        and folder.texts.get(name, "x").strip()
    ]
    ran = {one.run.recipe_digest for one in facts.runs}
    there = set(folder.recipes.values())
    good = [
        Evidence("a recipe: the code that ran, with what it claims", place)
        for place in folder.recipes
    ]
    good += (
        [Evidence(f"{count_of(found, 'script')} by name: {named(found, 3)}", found[0])]
        if found
        else []
    )
    if not good:
        return lacking(facts, what)
    if not ran:
        return graded(good, [BY_LOOKS], [LOOK])
    gone = [one.run.id for one in facts.runs if one.run.recipe_digest not in there]
    lacks = [f"the code that ran in {named(gone)} is not in the folder as it ran"] if gone else []
    return graded(good, lacks, [to_scaffold(facts)])


def _packages(facts: Facts) -> list[Evidence]:
    return [
        Evidence(f"versions of {len(kept.environment['packages'])} packages recorded", kept.ref)
        for kept in facts.runs
        if kept.environment.get("packages")
    ]


ANSWERERS: Mapping[str, Answerer] = {
    "dependencies": dependencies,
    "training code": training,
    "evaluation code": evaluation,
    "trained models": models,
}
