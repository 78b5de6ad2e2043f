"""A talk's outline out of the parts of a storyline: slides in Marp's form, by plan and template."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from researchdesk.domain.evidence import Standing
from researchdesk.domain.links import LinkKind
from researchdesk.domain.slides import write_time
from researchdesk.domain.story_parts import Evidence, Role, Sentence, StoryParts
from researchdesk.domain.talks import PlannedSlide, PlanRow, Takes
from researchdesk.domain.text import one_line
from researchdesk.export.escaping import escape
from researchdesk.export.formulas import harmless
from researchdesk.export.plain import parted_at_formulas
from researchdesk.export.templates import fill

_SHORT, _POINTS, _TITLE, _LISTED = 12, 3, 16, 6
"""Words of a point, points of a slide, words of a title, items of a list: what is read while one
listens."""
_MEASURED = (LinkKind.RUN, LinkKind.CLAIM, LinkKind.EXPERIMENT, LinkKind.WATCH, LinkKind.FUNNY)
_ALONE = "The storyline has this one sentence: what is shown with it, and what do you say?"
_TRAILING = re.compile(r"(#+)$")


@dataclass(frozen=True, slots=True)
class TalkFrame:
    """What is known of the occasion."""

    minutes: float = 30.0
    goals: tuple[str, ...] = ()
    audience: str = ""


def planned(story: StoryParts, plan: Sequence[PlanRow], frame: TalkFrame) -> list[PlannedSlide]:
    """The slides of the plan, filled from the story. What it has nothing for is asked."""
    has_formulas = "$" in "".join(sentence.text for sentence in story.sentences())
    return [
        slide
        for row in plan
        if has_formulas or not row.formulas
        for slide in _MAKERS[row.takes](story, row, frame)
    ]


def untold(story: StoryParts, plan: Sequence[PlanRow]) -> list[str]:
    """What of the story stands on no slide of the plan, by its headings."""
    told: set[Role] = set()
    for row in plan:
        filled = [role for role in row.roles if story.of(role)]
        told.update(filled if row.takes is Takes.RESULTS else filled[:1])
    parts = [part for part in story.parts if part.role not in told and part.sentences]
    return [
        f"“{part.heading}”" if part.heading else "what stands below the red thread"
        for part in parts
    ]


def _title(story: StoryParts, row: PlanRow, frame: TalkFrame) -> Iterator[PlannedSlide]:
    todo = () if frame.audience else ("Who listens? Say it with --audience, or write it below.",)
    yield _slide(row, story.title, todo=todo)


def _thread(story: StoryParts, row: PlanRow, frame: TalkFrame) -> Iterator[PlannedSlide]:
    if story.red_thread:
        yield _slide(row, story.red_thread)
    elif row.ask:
        yield _slide(row, row.name.capitalize(), todo=(row.ask,))


def _part(story: StoryParts, row: PlanRow, frame: TalkFrame) -> Iterator[PlannedSlide]:
    said = next(filter(None, (story.sentences(role) for role in row.roles)), ())
    if not said:
        if row.ask:
            yield _slide(row, row.name.capitalize(), todo=(row.ask,))
        return
    first, *rest = said
    points = [one for one in rest if len(one.text.split()) <= _SHORT][:_POINTS]
    notes = tuple(one.text for one in rest if one not in points) + tuple(
        item.words for one in said for item in one.evidence if item.is_there
    )
    alone = () if points or notes or row.say else (_ALONE,)
    points_said = tuple(one.text for one in points)
    yield _slide(row, first.text, points=points_said, notes=notes, todo=_doubts(said) + alone)


def _list(story: StoryParts, row: PlanRow, frame: TalkFrame) -> Iterator[PlannedSlide]:
    part = next((found[0] for role in row.roles if (found := story.of(role))), None)
    if part is None:
        yield from _part(story, replace(row, roles=()), frame)
        return
    said = story.sentences(part.role)
    yield _slide(
        row,
        part.heading or row.name.capitalize(),
        points=tuple(one.text for one in said[:_LISTED]),
        notes=tuple(one.text for one in said[_LISTED:]),
        todo=_doubts(said),
    )


def _results(story: StoryParts, row: PlanRow, frame: TalkFrame) -> Iterator[PlannedSlide]:
    said = story.sentences(*row.roles)
    slides: list[tuple[Sentence, list[Sentence]]] = []
    above: list[Sentence] = []
    for sentence in said:
        if any(item.kind in _MEASURED for item in sentence.evidence):
            slides.append((sentence, above))
            above = []
        else:
            (slides[-1][1] if slides else above).append(sentence)
    if not slides and row.ask:
        yield _slide(
            row,
            said[0].text if said else row.name.capitalize(),
            notes=tuple(one.text for one in said[1:]),
            todo=(row.ask,),
        )
    for sentence, beside in slides:
        yield _result(row, sentence, beside)


def _result(row: PlanRow, sentence: Sentence, beside: Sequence[Sentence]) -> PlannedSlide:
    measured = [item for item in sentence.evidence if item.kind in _MEASURED and item.is_there]
    shown = [point for item in measured for point in _points(item)]
    results = [result for item in measured for result in item.results]
    runs = [run for item in measured for run in item.runs]
    notes = [one.text for one in beside]
    notes += [f"{one.claim}: {one.words}; {one.why}" for one in results]
    notes += [item.words for item in sentence.evidence if item.is_there and not item.results]
    todo = _doubts([sentence])
    if len(shown) > _POINTS:
        notes += shown[_POINTS:]
    slide = _slide(row, sentence.text, points=tuple(shown[:_POINTS]), notes=tuple(notes), todo=todo)
    claim = results[0].claim_id if len(results) == 1 else ""
    return replace(slide, run=runs[0] if runs else "", claim=claim)


def _points(item: Evidence) -> Iterator[str]:
    """What stands on the slide of a thing that was measured: at most its three numbers."""
    if len(item.results) > 1:
        counted = Counter((one.mark, one.verdict.value) for one in item.results)
        for (mark, verdict), count in counted.items():
            yield f"{mark} {count} of {len(item.results)} claims: {verdict}"
        return
    if not item.results:
        yield f"{item.title}: {item.said}"
    for result in item.results:
        if result.measured:
            yield f"Measured: {result.measured}"
        if result.claimed:
            yield f"Claimed: {result.claimed}"
        yield f"{result.mark} {result.verdict.value}"


def _doubts(said: Sequence[Sentence]) -> tuple[str, ...]:
    """What is to be looked at before it is told to others."""
    return tuple(
        dict.fromkeys(words for one in said for item in one.evidence for words in _doubt(item))
    )


def _doubt(item: Evidence) -> Iterator[str]:
    if item.standing is Standing.GONE:
        yield f"{item.ref} is linked and not on the desk: link what shows it."
    elif item.standing is Standing.AGAINST:
        yield f"{item.ref} says {item.said}: it is against the sentence that leans on it."
    if any(result.quick for result in item.results):
        yield f"{item.ref} is a quick run, which shows little: run it in full."


_MAKERS = {
    Takes.TITLE: _title,
    Takes.THREAD: _thread,
    Takes.PART: _part,
    Takes.LIST: _list,
    Takes.RESULTS: _results,
}


def _slide(
    row: PlanRow,
    title: str,
    *,
    points: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
    todo: tuple[str, ...] = (),
) -> PlannedSlide:
    words = len(title.split())
    if words > _TITLE:
        todo += (f"The title has {words} words; say its message in {_SHORT} or fewer.",)
    says = (row.say,) if row.say else ()
    if row.takes is not Takes.THREAD and not title.endswith(("..", "…")):
        title = title.removesuffix(".")
    return PlannedSlide(row.name, title, points, notes + says, todo, row.weight, row.css_class)


def written(
    story: StoryParts,
    slides: Sequence[PlannedSlide],
    frame: TalkFrame,
    own: Path | None = None,
) -> str:
    """The slides as a file. Raises BadInputError where the user's own template is unsound."""
    values = {
        "title_yaml": json.dumps(one_line(story.title), ensure_ascii=False),
        "story": story.slug,
        "draft": story.draft,
        "minutes": f"{frame.minutes:g}",
        "audience": said(frame.audience),
        "goals": [said(goal) for goal in frame.goals],
        "slides": [
            {
                "name": slide.name,
                "title": shown(slide.title),
                "points": [shown(point) for point in slide.points],
                "notes": [said(line) for line in slide.notes],
                "todo": [said(line) for line in slide.todo],
                "class": slide.css_class,
                "run": slide.run,
                "picture": slide.picture,
                "wide": bool(slide.claim),
                "time": write_time(slide.seconds),
            }
            for slide in slides
        ],
    }
    return fill("talk/outline.md.j2", values, own)


def shown(text: str) -> str:
    """Words for a slide: one line, nothing of it a mark but harmless formulas."""
    parts = []
    for part, is_formula in parted_at_formulas(one_line(text)):
        good = is_formula and harmless(part.strip("$")) is not None
        parts.append(part if good else escape(part).replace("&", "\\&"))
    return _TRAILING.sub(r"\\\1", "".join(parts))


def said(text: str) -> str:
    """Words for a comment: one line, which does not end it."""
    return re.sub(r"--(!?)>", r"--\1 >", one_line(text))
