"""What reading, arms and the storyline answer: literature, comparison, ablation, limits."""

from collections import Counter
from collections.abc import Mapping

from researchdesk.domain.checklist_facts import (
    Answerer,
    Facts,
    PaperRead,
    RunKept,
    graded,
    not_known,
)
from researchdesk.domain.checklists import Answer, Evidence, Found
from researchdesk.domain.links import links_in
from researchdesk.domain.recipes import Arm, ArmKind
from researchdesk.domain.run_checks import (
    changed_since,
    count_of,
    lists,
    named,
    of_runs,
    tell_doubts,
)
from researchdesk.domain.statements import red_thread as thread_of
from researchdesk.domain.statements import statements

_WELL_READ = 2
_OF_THREAD = ("no red thread", "red thread is long", "two ideas")
_LIMITS = ("weak spot", "limitation", "weakness")


def literature(facts: Facts) -> Found:
    """Whether the papers that the work leans on were read, and how far."""
    if facts.subject is None:
        return not_known("Name the work: a paper or a story.")
    if not facts.papers:
        link = "Cite the papers it builds on in the story: [[1412.6980]]."
        return not_known(link, lacks="It names no paper.")
    read = [one for one in facts.papers if max(one.passes, default=0) >= _WELL_READ]
    rest = [one for one in facts.papers if one not in read]
    good = [Evidence(f"{one.title}: {_read_said(one)}", one.ref) for one in read]
    lacks = [f"{one.title} ({one.ref}): {_read_said(one)}" for one in rest]
    mend = [_to_read(one) for one in rest[:3]]
    return graded(good, lacks, mend)


@of_runs
def ablation(facts: Facts) -> Found:
    """Whether parts were taken away one at a time, beside the arm that has them."""
    good, lacks, mend = lists()
    for kept in facts.runs:
        done = _run(kept)
        arms = [arm for arm in kept.recipe.arms if arm.kind is ArmKind.ABLATION or arm.parent]
        beside = [arm.name for arm in arms if arm.name in done and arm.parent in done]
        alone = [arm for arm in arms if arm.name not in beside]
        if beside:
            said = f"{count_of(beside, 'arm')} beside what they were changed from: {named(beside)}"
            good.append(Evidence(said, kept.ref))
        if alone:
            lacks.append(f"not run beside their parent in {kept.run.id}: {_names(alone)}")
            mend.append(kept.command)
        if arms:
            tell_doubts(kept, lacks, mend)
    told = [one for one in facts.missing if one.rule == "ablation without baseline"]
    lacks += [one.message for one in told]
    mend += [one.experiment for one in told]
    if not good and not lacks:
        lacks = ["No recipe that was run has an arm with a parent."]
        mend = ['Give the recipe an arm with kind = "ablation", parent and change.']
    return graded(good, lacks, mend)


@of_runs
def refutable(facts: Facts) -> Found:
    """Whether what would contradict each claim stood in the recipe when it ran."""
    good: list[Evidence] = []
    open_: list[str] = []
    late = [f"{name}: its hypothesis was written after the result" for name in facts.late]
    for kept in facts.runs:
        sharp = [one for one in kept.recipe.claims if one.tolerance is not None or one.direction]
        open_ += [one.id for one in kept.recipe.claims if one not in sharp]
        if sharp:
            said = f"{count_of(sharp, 'claim')} with what would contradict it"
            good.append(Evidence(f"{said}, in the recipe that ran", kept.ref))
        late += changed_since(kept)
    lacks = [f"no tolerance is declared for {named(open_)}"] if open_ else []
    mend = ["Declare it in recipe.toml before the next run: tolerance, with its rule."]
    if not good and not lacks:
        return not_known(lacks="No claim and no hypothesis stands in the recipes that ran.")
    return graded(good, lacks + late, mend if lacks else [])


def red_thread(facts: Facts) -> Found:
    """Whether the story begins with one sentence that holds one idea."""
    story = facts.told_in.story if facts.told_in else None
    if story is None:
        return not_known("Write it as a story; its first line is the one sentence.")
    found = thread_of(story.text)
    told = [one for one in facts.missing if one.rule in _OF_THREAD]
    good = [Evidence(f"“{_unlinked(found.text)}”", f"story:{story.slug}")] if found else []
    lacks = [one.message for one in told] or ([] if good else ["The story has no first sentence."])
    return graded(good, lacks, [one.experiment for one in told])


def limitations(facts: Facts) -> Found:
    """Whether the story has a part that says where it is weak."""
    subject = facts.told_in
    if subject is None or subject.story is None:
        return not_known("Say it in a story, or answer yourself where it is said.")
    said = Counter(
        one.section
        for one in statements(subject.story.text)
        if any(word in one.section.casefold() for word in _LIMITS) and not one.text.endswith("?")
    )
    if said:
        told = [f"“{name}”: {count_of(range(n), 'sentence')}" for name, n in said.items()]
        return graded([Evidence(words, subject.ref) for words in told], [])
    typed = f"researchdesk story edit {subject.story.slug} --template weak-spots"
    return Found(Answer.NO, lacks=("The story has no part on its weak spots.",), mend=(typed,))


def backed(facts: Facts) -> Found:
    """Whether each statement of the story has its evidence: what `story missing` finds."""
    subject = facts.told_in
    if subject is None or subject.story is None:
        return not_known("Write it as a story, each sentence with its run, claim or paper.")
    typed = f"researchdesk story missing {subject.story.slug}"
    if not subject.story.text.strip():
        return not_known(
            f"researchdesk story edit {subject.story.slug}", lacks="It is not written."
        )
    told = [one for one in facts.missing if one.rule not in ("sections", *_OF_THREAD)]
    if not (subject.runs or subject.cited):
        return graded([], ["It links no run and no paper that is on the desk."], [typed])
    said = f"{count_of(subject.runs, 'run')} and {count_of(subject.cited, 'paper')} linked"
    lacks = [f"line {one.line + 1}: {one.message}" for one in told[:5]]
    lacks += [f"and {len(told) - len(lacks)} more"] if len(told) > len(lacks) else []
    lacks += _unlinked_lines(subject.story.text)
    return graded([Evidence(said, subject.ref)], lacks, [typed])


def _unlinked_lines(text: str) -> list[str]:
    """The lines of sentences that link nothing, but for the red thread and for questions."""
    thread = thread_of(text)
    first = thread.line if thread else -1
    bare = [one for one in statements(text)
            if not one.refs and one.line != first and not one.text.endswith("?")]  # fmt: skip
    lines = named(str(line) for line in dict.fromkeys(one.line + 1 for one in bare))
    said = f"{count_of(bare, 'sentence')} with no link (line {lines}); whether they need one, "
    return [f"{said}only you can say"] if bare else []


def _unlinked(text: str) -> str:
    for link in reversed(links_in(text)):
        text = f"{text[: link.start].rstrip()} {link.label}".rstrip() + text[link.end :]
    return text


def _run(kept: RunKept) -> set[str]:
    return {arm.name for arm, _ in kept.seeds()}


def _names(arms: list[Arm]) -> str:
    return named(arm.name for arm in arms)


def _read_said(paper: PaperRead) -> str:
    written = f", {paper.notes} note{'' if paper.notes == 1 else 's'}" if paper.notes else ""
    if paper.passes:
        return f"pass {', '.join(map(str, paper.passes))} finished{written}"
    return f"{paper.status if paper.on_desk else 'not on this desk'}{written}"


def _to_read(paper: PaperRead) -> str:
    if not paper.on_desk:
        return f"researchdesk add {paper.ref}"
    return f"researchdesk read {paper.ref} --pass {max(paper.passes, default=0) + 1}"


ANSWERERS: Mapping[str, Answerer] = {
    "literature": literature,
    "ablation": ablation,
    "limitations": limitations,
    "backed": backed,
    "refutable": refutable,
    "red thread": red_thread,
}
