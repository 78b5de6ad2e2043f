"""What on the desk may back an answer to a reviewer: looked up, never decided."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from researchdesk import files
from researchdesk.assets import folder
from researchdesk.domain.common_words import in_common
from researchdesk.domain.investigations import Experiment
from researchdesk.domain.links import Link, LinkKind, ref_link
from researchdesk.domain.review_points import Point
from researchdesk.domain.story_parts import Result
from researchdesk.domain.text import one_line
from researchdesk.errors import DeskError
from researchdesk.services import evidence
from researchdesk.services.claim_runs import last_result
from researchdesk.services.claims import claims_of, get_claim
from researchdesk.services.desk import Desk
from researchdesk.services.experiment_records import experiments_of, get_experiment
from researchdesk.services.story_parts import results_of, story_parts
from researchdesk.services.subjects import Subject, SubjectKind

_LONGEST = 70


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may back an answer. ``ref`` names it, ``said`` is what it says in words with
    its numbers and runs; ``run`` is False where nothing was run of it yet. ``words`` are what it
    is found by."""

    ref: str
    title: str
    said: str
    run: bool
    words: str


@dataclass(frozen=True, slots=True)
class Suggested:
    """A candidate, and the words that it has in common with a point."""

    candidate: Candidate
    common: tuple[str, ...]


def candidates_of(desk: Desk, subject: Subject) -> list[Candidate]:
    """All that a story, an investigation or a paper has as evidence, each ref once: what its
    sentences link, claims with what runs say of them, arms that were run, experiments."""
    found: dict[str, Candidate] = {}
    for one in _all(desk, subject):
        known = found.get(one.ref)
        words = f"{known.words} {one.words}" if known else one.words
        found[one.ref] = Candidate(one.ref, one.title, one.said, one.run, words)
    return list(found.values())


def suggested(point: Point, candidates: list[Candidate]) -> list[Suggested]:
    """At most three candidates that have words in common with a point, the best first."""
    by_ref = {one.ref: one for one in candidates}
    words = {ref: one.words for ref, one in by_ref.items()}
    return [Suggested(by_ref[ref], common) for ref, common in in_common(point.text, words, _stop())]


def backing(desk: Desk, ref: str) -> Candidate:
    """What a person linked in an answer, with its numbers and runs."""
    link = ref_link(ref)
    state = evidence.state_of(desk, ref)
    try:
        results = list(_results(desk, link)) if link else []
        runs = _runs_of(desk, link) if link else ""
    except DeskError:
        results, runs = [], ""
    said = "; ".join(one.words for one in results) if results else f"{state.said}{runs}"
    title = results[0].claim if len(results) == 1 else state.title
    return Candidate(state.ref, title, said, bool(results or runs), "")


def command_for(subject: Subject, point: Point) -> str:
    """What begins the experiment that a point asks for; it can stand in a comment. ``""`` where it
    speaks of nothing that could be measured."""
    if not _measured_words().search(point.text):
        return ""
    words = one_line(point.text)
    short = words if len(words) <= _LONGEST else words[: _LONGEST - 1].rstrip() + "…"
    title = shlex.quote(f"{point.label}: {short}").replace("--", "- -")
    if subject.kind is SubjectKind.INVESTIGATION and subject.investigation:
        number = subject.investigation.id
        return f"researchdesk investigate try {number} --set NAME=VALUE --title {title}"
    return f"researchdesk investigate new {title}"


def _all(desk: Desk, subject: Subject) -> Iterator[Candidate]:
    if subject.story is not None and subject.story.drafts:
        yield from _of_story(desk, subject.story.slug)
    if subject.investigation is not None:
        for item in experiments_of(desk, subject.investigation.id):
            yield _experiment(item)
    if subject.paper is not None:
        for claim in claims_of(desk, subject.paper):
            tested = last_result(desk, claim)
            said = "no run has tested it" if tested is None else ""
            if tested is not None:
                said = "; ".join(
                    one.words for one in results_of(desk, tested[0].id, {tested[1].claim_id})
                )
            words = f"{claim.text} {claim.where} {claim.quote}"
            yield Candidate(f"claim:{claim.slug}", claim.text, said, tested is not None, words)
    yield from _of_runs(desk, subject)


def _of_story(desk: Desk, slug: str) -> Iterator[Candidate]:
    """What the newest draft's sentences link, found by the sentences too."""
    parts = story_parts(desk, slug)
    thread = (parts.thread,) if parts.thread else ()
    for sentence in (*thread, *parts.sentences()):
        for item in sentence.evidence:
            if not item.is_there or item.kind in (LinkKind.PAPER, LinkKind.NOTE):
                continue
            words = f"{sentence.text} {item.title}"
            known = bool(item.results or item.runs)
            said = item.results[0].words if len(item.results) == 1 else item.said
            if item.runs and len(item.results) != 1:
                said += f" ({', '.join(f'run {run}' for run in item.runs)})"
            yield Candidate(item.ref, item.title, said, known, words)


def _of_runs(desk: Desk, subject: Subject) -> Iterator[Candidate]:
    """Of each run what it says of its claims, and the arms that were run."""
    for run, recipe in zip(subject.runs, subject.recipes, strict=True):
        try:
            for one in results_of(desk, run.id):
                ref = f"run:{run.id}#{one.claim_id}"
                words = f"{one.claim} {one.where} {one.claim_id.replace('-', ' ')}"
                yield Candidate(ref, one.claim, one.words, bool(one.measured), words)
        except DeskError:
            continue
        for arm in recipe.arms:
            seeds = {result.task.seed for result in run.results if result.task.arm == arm.name}
            if seeds:
                count = "1 seed" if len(seeds) == 1 else f"{len(seeds)} seeds"
                words = f"{arm.name.replace('-', ' ')} {arm.kind.value} {arm.description}"
                title = f"the arm {arm.name}"
                said = f"{count} of it finished (run {run.id})"
                yield Candidate(f"run:{run.id}@{arm.name}", title, said, True, words)


def _experiment(item: Experiment) -> Candidate:
    hypothesis = item.hypothesis.words if item.hypothesis else ""
    words = f"{item.label} {item.changed} {hypothesis} {' '.join(item.settings)}".replace("_", " ")
    return Candidate(item.ref, item.label, _outcome(item), item.is_run(quick=True), words)


def _outcome(item: Experiment) -> str:
    runs = ", ".join(f"run {run.run_id}" for run in item.runs if run.done)
    return f"{item.outcome.words} ({runs})" if runs else "not run yet"


def _results(desk: Desk, link: Link) -> Iterator[Result]:
    """Raises DeskError."""
    if link.kind is LinkKind.RUN and "#" in link.target:
        run_id, _, claim = link.target.partition("#")
        yield from results_of(desk, run_id, {claim})
    elif link.kind is LinkKind.CLAIM:
        found = last_result(desk, get_claim(desk, link.target))
        if found is not None:
            yield from results_of(desk, found[0].id, {found[1].claim_id})


def _runs_of(desk: Desk, link: Link) -> str:
    """Raises DeskError."""
    if link.kind is LinkKind.RUN:
        return f" (run {link.target.partition('#')[0]})"
    if link.kind is LinkKind.EXPERIMENT:
        runs = [run.run_id for run in get_experiment(desk, link.target).runs if run.done]
        return f" ({', '.join(f'run {run}' for run in runs)})" if runs else ""
    return ""


@cache
def _measured_words() -> re.Pattern[str]:
    """Words of what a run can measure, as ``measured_words.txt`` has them."""
    words = _words_of("templates/writing/measured_words.txt")
    every = "|".join(re.escape(word).replace(r"\*", r"[\w-]*") for word in words)
    return re.compile(rf"(?<![\w-])(?:{every})(?![\w-])", re.IGNORECASE)


@cache
def _stop() -> frozenset[str]:
    names = ("recommending/stop_words.txt", "templates/writing/reviewers_words.txt")
    return frozenset(word for name in names for word in _words_of(name))


def _words_of(name: str) -> list[str]:
    """The words of a file of data, without its comments."""
    lines = files.read_text(folder("data") / name).splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]
