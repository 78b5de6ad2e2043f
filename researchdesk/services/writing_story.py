"""What texts about one's own work are filled with: a storyline's parts, its runs, its gaps."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from researchdesk.domain.durations import spent
from researchdesk.domain.evidence import Standing
from researchdesk.domain.links import LinkKind, links_in
from researchdesk.domain.missing import Missing
from researchdesk.domain.story_parts import Evidence, Part, Role, Sentence, StoryParts
from researchdesk.domain.surprises import SurpriseState
from researchdesk.domain.verdict_counts import counted, sentence
from researchdesk.errors import BadInputError, DeskError, UsageProblemError
from researchdesk.export.own_words import own_words
from researchdesk.services import report_again, story_export
from researchdesk.services.desk import Desk
from researchdesk.services.reports import Report, report_of
from researchdesk.services.runs import store_of
from researchdesk.services.stories import written_draft
from researchdesk.services.story_facts import FactsOf
from researchdesk.services.story_missing import missing_of
from researchdesk.services.story_parts import story_parts
from researchdesk.services.subjects import Subject, subject_of
from researchdesk.services.surprise_words import became
from researchdesk.services.surprises import case_of

_GAP = re.compile(r"[ \t]+(?=[.,;:!?](?:\s|\Z))")
"""What a link leaves that became no words."""
_COUNTS = re.compile(r"\b[\w-]+ of (?:the |its |all )*[\w-]+ claims\b", re.IGNORECASE)
"""That a sentence itself counts what held."""
_TINKERED = (LinkKind.EXPERIMENT, LinkKind.INVESTIGATION)


def story_values(
    desk: Desk, ref: str, number: int | None, *, tex: bool, bib: str
) -> tuple[dict[str, Any], list[str], Subject]:
    """What a text from a storyline is filled with, and what is to be told beside it.

    ``tex``: with the story's text and its sources in LaTeX; ``bib`` is then what the file of the
    sources is called. Raises NotOnDeskError where there is no such story or draft,
    UsageProblemError where ``ref`` is none, BadInputError where the draft is empty.
    """
    subject = subject_of(desk, ref)
    if subject.story is None:
        raise UsageProblemError(
            f"{subject.ref} is no storyline: this text is written from one.",
            "Name a story: researchdesk story list",
        )
    slug = subject.story.slug
    draft = written_draft(desk, slug, number)
    parts, lacks = story_parts(desk, slug, draft.number), missing_of(desk, draft.text)
    values = _values(desk, parts, draft.text, lacks)
    if tex:
        # without the first line, which says of a whole file what it was written from
        text, bibtex = story_export.story_latex(desk, slug, draft.number)
        values |= {"latex_body": text.partition("\n")[2], "bibtex": bibtex.partition("\n")[2]}
    return _harmless({**values, "bib": bib}), _told(parts, lacks, slug), subject


def _values(desk: Desk, parts: StoryParts, text: str, lacks: Sequence[Missing]) -> dict[str, Any]:
    runs = _runs(desk, text)
    return {
        "title": parts.title,
        "story": parts.slug,
        "draft": parts.draft,
        "thread": _sentence(parts.thread) if parts.thread else None,
        "parts": {_name(role): [_part(one) for one in parts.of(role)] for role in Role},
        "results": [asdict(one) for one in parts.results()],
        "tinkered": _evidence(e for e in parts.evidence() if e.kind in _TINKERED),
        "surprises": _surprises(desk, parts),
        "runs": runs,
        "compute": spent(sum(run["seconds"] for run in runs)),
        "missing": [*(asdict(one) for one in lacks), *_unsupported(parts)],
        "to_run": [asdict(one) for one in lacks if one.to_run],
        "cited": _cited(desk, text),
    }


def bib_name(to: Path | None, slug: str) -> str:
    """What the file of the sources is called beside ``to``, without its ending.

    Raises BadInputError for a name that LaTeX would not find.
    """
    name = to.stem if to else slug
    if not name.replace("-", "").replace("_", "").replace(".", "").isalnum():
        raise BadInputError(
            f"LaTeX would not find its sources beside {name!r}. Nothing was written.",
            "Name the file with letters, digits, - and _ only.",
        )
    return name


def _told(parts: StoryParts, lacks: Sequence[Missing], slug: str) -> list[str]:
    told = []
    if gone := [item.ref for item in parts.evidence() if _is_gone(item)]:
        told.append(
            f"Not on this desk, and yet linked: {', '.join(gone)}. Nothing stands behind the "
            f"sentences that rest on it: take them out, or link another run."
        )
    empty = [role.value for role in (Role.PROBLEM, Role.IDEA, Role.EVIDENCE) if not parts.of(role)]
    if empty:
        told.append(
            f"The storyline has nothing under {', '.join(empty)}: prompts stand there instead. "
            f"Parts with their questions: researchdesk story edit {slug} --template NAME"
        )
    if lacks:
        told.append(f"It lacks something still: researchdesk story missing {slug}")
    return told


def _is_gone(item: Evidence) -> bool:
    """Whether a sentence rests on what is not on the desk; a paper can be cited all the same."""
    return item.standing is Standing.GONE and item.kind is not LinkKind.PAPER


def _unsupported(parts: StoryParts) -> list[dict[str, str]]:
    """As the other things that are missing: the sentences whose evidence is gone."""
    lead = (parts.thread,) if parts.thread else ()
    return [
        {
            "message": f"“{one.text}” rests on {item.ref}, which is not on this desk.",
            "experiment": "Take the sentence out, or link another run.",
        }
        for one in (*lead, *parts.sentences())
        for item in one.evidence
        if _is_gone(item)
    ]


def _name(role: Role) -> str:
    return role.value.replace(" ", "_")


def _part(part: Part) -> dict[str, Any]:
    return {
        "heading": part.heading,
        "markdown": _GAP.sub("", own_words(part.markdown, lambda link: link.label or link.ref)),
        "text": part.text,
        "sentences": [_sentence(one) for one in part.sentences],
    }


def _sentence(sentence: Sentence) -> dict[str, Any]:
    return {
        "text": sentence.text,
        "paragraph": sentence.paragraph,
        "counts": bool(_COUNTS.search(sentence.text)),
        "evidence": _evidence(sentence.evidence),
    }


def _surprises(desk: Desk, parts: StoryParts) -> list[dict[str, Any]]:
    """As other evidence, with what became of each, and whether it is explained."""
    found = []
    for told in _evidence(e for e in parts.evidence() if e.kind is LinkKind.FUNNY):
        case = None if told["gone"] else case_of(desk, int(told["ref"].partition(":")[2]))
        explained = case is not None and case.surprise.state is SurpriseState.EXPLAINED
        found.append(
            {**told, "became": became(desk, case) if case else told["said"], "explained": explained}
        )
    return found


def _evidence(items: Iterable[Evidence]) -> list[dict[str, Any]]:
    return [
        {
            "ref": item.ref,
            "kind": item.kind.value,
            "title": item.title,
            "said": item.said,
            "words": item.words,
            "gone": _is_gone(item),
            "counts": sentence(counted(item.results)),
            "runs": list(item.runs),
            "results": [asdict(one) for one in item.results],
        }
        for item in items
    ]


def _runs(desk: Desk, text: str) -> list[dict[str, Any]]:
    """The runs that a draft leads to, each once; those that cannot be read are left out."""
    refs = dict.fromkeys(link.ref for link in links_in(text))
    found: dict[str, dict[str, Any]] = {}
    for fact in FactsOf(desk)(refs).runs:
        if fact.id in found:
            continue
        try:
            report = report_of(desk, fact.id)
        except DeskError:
            continue
        command = fact.command([])
        if not fact.investigation:
            command = report_again.commands(report, store_of(desk).config(fact.id))[0]
        found[fact.id] = {**_run(report, command), "own": bool(fact.investigation)}
    return list(found.values())


def _run(report: Report, command: str) -> dict[str, Any]:
    run, environment = report.run, report.environment
    return {
        "id": run.id,
        "recipe": run.recipe,
        "paper": run.arxiv_id,
        "state": run.state.value,
        "verdict": run.verdict.value if run.verdict else "",
        "quick": run.quick,
        "seeds": len({result.task.seed for result in run.results}),
        "trainings": len(run.results),
        "seconds": sum(result.seconds for result in run.results),
        "time": spent(sum(result.seconds for result in run.results)),
        "device": str(environment.get("device") or run.device),
        "data": {
            name: f"{source}, {taken}" for name, source, taken in report_again.data_taken(report)
        },
        "environment": {key: str(environment[key]) for key in _TOLD if environment.get(key)},
        "command": command,
    }


_TOLD = ("python", "compute", "numpy", "platform", "cpu", "gpu")


def _cited(desk: Desk, text: str) -> list[dict[str, Any]]:
    """The papers that a draft links, by their authors' names."""
    found = {one.key: one for one in story_export.sources_of(desk, links_in(text)).values()}
    return [
        {
            "key": source.key,
            "name": source.name,
            "title": source.words.title,
            "arxiv": source.words.arxiv_id or "",
        }
        for source in sorted(found.values(), key=lambda one: (one.name.casefold(), one.key))
    ]


def _harmless(value: Any) -> Any:
    """``value`` in which no text begins a comment: what stands in comments is the template's."""
    if isinstance(value, str):
        return value.replace("<!--", "<! --")
    if isinstance(value, Mapping):
        return {key: _harmless(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_harmless(item) for item in value]
    return value
