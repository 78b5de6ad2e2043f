"""What a sentence of a storyline can lack, seen from what it links. Pure functions, one a rule."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from researchdesk.domain.recipes import ArmKind
from researchdesk.domain.statements import Statement
from researchdesk.domain.story_facts import ArmFacts, Facts, PaperFacts, RunFacts

_WORD = re.compile(r"[^\W_]{3,}")
_COMMON = frozenset(
    ("the", "and", "for", "with", "from", "via", "using", "towards", "deep", "neural", "network",
     "networks", "learning", "training", "model", "models", "method", "methods", "data", "are",
     "how", "what", "why", "all", "you", "need", "can", "not")
)  # fmt: skip
_BOTH = "the ablation and its baseline"
_BEGIN = "researchdesk investigate new"


@dataclass(frozen=True, slots=True)
class Gap:
    """``values`` fill the slots of the rule's words; ``recipe`` and ``arm`` are to be run.

    ``unlinked``: what is lacking is a link; a sentence is told of that once.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    recipe: str = ""
    arm: str = ""
    unlinked: bool = False


Look = Callable[[Statement, Facts, str], Gap | None]
"""Given a sentence, what is known of its links, and the words of it that the rule matched."""


def no_evidence(sentence: Statement, facts: Facts, what: str) -> Gap | None:
    """Nothing that the sentence links is on the desk and shows something."""
    if facts.shown:
        return None
    lacks = "nothing on the desk is linked that shows it"
    if facts.there:
        lacks = (
            f"what is linked ({', '.join(facts.there)}) shows nothing: only what was measured or "
            "is cited does, or a surprise that holds"
        )
    return Gap({"what": what, "lacks": lacks}, unlinked=True)


def no_baseline(sentence: Statement, facts: Facts, what: str) -> Gap | None:
    """An ablation, and neither a baseline nor the parent of what was ablated was run beside it."""
    if not facts.runs:
        lacks = "it links no run" if facts.there else "nothing is linked"
        values = {"what": what, "lacks": lacks, "command": _BEGIN, "arms": _BOTH}
        return Gap(values, unlinked=not facts.there)
    if any(run.against_parent or _has_baseline(run) for run in facts.runs):
        return None
    run = facts.runs[0]
    arms = _ablation_with_parents(run)
    values = {
        "what": what,
        "lacks": f"{run.id} measured no baseline and no parent beside it",
        "arms": " and ".join(arms) or _BOTH,
        "command": run.command(arms) if arms else _BEGIN,
    }
    return Gap(values, run.known_recipe, arms[-1] if arms else "")


def one_seed(sentence: Statement, facts: Facts, what: str) -> Gap | None:
    """An arm that depends on its seed was run with one, in all the runs linked together."""
    seeds: dict[tuple[str, str], set[int]] = {}
    for run in facts.runs:
        for arm in run.arms_meant():
            if not arm.deterministic:
                seeds.setdefault((run.recipe, arm.name), set()).update(arm.seeds)
    for run in facts.runs:
        arms = [
            arm.name for arm in run.arms_meant() if len(seeds.get((run.recipe, arm.name), ())) == 1
        ]
        if arms:
            values = {
                "arms": ", ".join(arms),
                "run": run.id,
                "recipe": run.whole,
                "seeds": str(run.wanted_seeds),
                "command": f"{run.command(arms)} --seeds {run.wanted_seeds}",
            }
            return Gap(values, run.known_recipe, arms[0])
    return None


def one_data_set(sentence: Statement, facts: Facts, what: str) -> Gap | None:
    """All that the sentence links was measured on one and the same data."""
    data = {name for run in facts.runs for name in run.data}
    if len(data) != 1:
        return None
    run = next(run for run in facts.runs if run.data)
    arms = [arm.name for arm in run.arms_meant()]
    values = {
        "what": what,
        "data": data.pop(),
        "recipe": run.whole,
        "arms": ", ".join(arms),
        "seeds": str(run.wanted_seeds),
    }
    return Gap(values, run.known_recipe, arms[0] if arms else "")


def method_not_run(sentence: Statement, facts: Facts, what: str) -> Gap | None:
    """A comparison with a paper, and no run linked has an arm of that paper's method."""
    for paper in facts.papers:
        if not any(_is_of(run, paper) for run in facts.runs):
            command = (
                f"researchdesk {'reproduce' if paper.has_recipe else 'recipe new'} {paper.ref}"
            )
            values = {
                "what": what,
                "paper": paper.ref,
                "title": paper.title,
                "command": command,
                "seeds": str(max([run.wanted_seeds for run in facts.runs], default=5)),
            }
            return Gap(values, paper.ref if paper.has_recipe else "")
    return None


def outdated_evidence(sentence: Statement, facts: Facts, what: str) -> Gap | None:
    """Of what it leans on a paper was withdrawn, or replaced by a newer version, since."""
    if not facts.outdated:
        return None
    return Gap({"what": what, "lacks": "; ".join(facts.outdated)})


def four_questions(sentence: Statement, facts: Facts, what: str) -> Gap | None:
    """Of the four questions of a statement some have no answer."""
    asked = sentence.questions
    open_ = [name for name, said in asked.each() if not said]
    return Gap({"what": what, "questions": ", ".join(open_)}) if open_ else None


SENTENCE_GAPS: Mapping[str, tuple[Look, frozenset[str]]] = {
    "no evidence": (no_evidence, frozenset({"what", "lacks"})),
    "no baseline": (no_baseline, frozenset({"what", "lacks", "arms", "command"})),
    "one seed": (one_seed, frozenset({"arms", "run", "recipe", "seeds", "command"})),
    "one data set": (one_data_set, frozenset({"what", "data", "recipe", "arms", "seeds"})),
    "method not run": (
        method_not_run, frozenset({"what", "paper", "title", "command", "seeds"}),
    ),
    "outdated evidence": (outdated_evidence, frozenset({"what", "lacks"})),
    "four questions": (four_questions, frozenset({"what", "questions"})),
}  # fmt: skip
"""What a rule can look for in a sentence, with the slots that its words may have."""

TO_RUN = frozenset(SENTENCE_GAPS) - {"four questions", "outdated evidence"}
"""Those of them that an experiment fills; the others are to be written."""


def _has_baseline(run: RunFacts) -> bool:
    """Whether a baseline, or an arm together with its parent, was measured."""
    done = {arm.name for arm in run.arms if arm.seeds}
    return any(arm.name in done and (_is_baseline(arm) or arm.parent in done) for arm in run.arms)


def _ablation_with_parents(run: RunFacts) -> list[str]:
    """The arms meant that take something away, then what they are to be held against."""
    meant = [arm for arm in run.arms_meant() if arm.parent] or [
        arm for arm in run.arms if arm.kind is ArmKind.ABLATION and arm.parent
    ]
    if meant:
        return list(dict.fromkeys([*(arm.name for arm in meant), *(arm.parent for arm in meant)]))
    baselines = [arm.name for arm in run.arms if _is_baseline(arm)]
    return [*(arm.name for arm in run.arms_meant()), *baselines] if baselines else []


def _is_baseline(arm: ArmFacts) -> bool:
    """Not one of those that come free for a classification: no ablation is held against them."""
    return arm.kind is ArmKind.BASELINE and not arm.name.startswith("baseline:")


def _is_of(run: RunFacts, paper: PaperFacts) -> bool:
    """Whether the run measured the paper's method: its recipe, or an arm that is named so."""
    if run.arxiv_id and run.arxiv_id == paper.ref:
        return bool(run.arms_meant())
    theirs = [
        arm for arm in run.arms if arm.seeds and arm.kind in (ArmKind.BASELINE, ArmKind.AUTHORS)
    ]
    return any(_names(arm, paper) for arm in theirs)


def _names(arm: ArmFacts, paper: PaperFacts) -> bool:
    """Whether an arm is named after a paper: its id, its key, or a word of its title."""
    said = f"{arm.name} {arm.words}".casefold()
    if any(name and name.casefold() in said for name in (paper.ref, paper.key)):
        return True
    title = set(_WORD.findall(paper.title.casefold())) - _COMMON
    return bool(title & set(_WORD.findall(arm.name.casefold())))
