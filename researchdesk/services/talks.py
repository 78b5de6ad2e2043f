"""Talks: slides outlined from a storyline."""

import hashlib
import re
from dataclasses import dataclass, replace
from pathlib import Path

from researchdesk import files
from researchdesk.assets import folder
from researchdesk.domain.stories import file_stem
from researchdesk.domain.talk_notes import audience_of, goals_of
from researchdesk.domain.talk_plan_files import read_plan
from researchdesk.domain.talks import PlannedSlide, PlanRow, timed, warnings_of
from researchdesk.domain.text import one_line
from researchdesk.errors import BadInputError, UsageProblemError
from researchdesk.export import talk_outline
from researchdesk.export.slides import read_slides
from researchdesk.export.talk_outline import TalkFrame as TalkFrame
from researchdesk.services.desk import Desk
from researchdesk.services.own_files import place_for
from researchdesk.services.stories import written_draft
from researchdesk.services.story_parts import story_parts
from researchdesk.services.talk_files import default_file
from researchdesk.services.talk_pictures import with_pictures

_MARK = re.compile(r"^written: ([0-9a-f]{16})\n", re.MULTILINE)
_MOST_MINUTES, _USUAL = 600, 30.0


@dataclass(frozen=True, slots=True)
class Outline:
    """What was written: ``path``. ``beside``: the file that was edited since and stays as it is,
    None where there was none. ``warnings`` are about the talk as a whole, ``kept`` says what was
    taken over from the slides that were there."""

    path: Path
    slides: tuple[PlannedSlide, ...]
    minutes: float
    warnings: tuple[str, ...]
    beside: Path | None = None
    kept: str = ""

    @property
    def todo(self) -> tuple[tuple[int, str], ...]:
        """What is asked for, each with the number of its slide."""
        return tuple(
            (number, words) for number, slide in enumerate(self.slides, 1) for words in slide.todo
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a talk; what is not said (None, or empty) is as in the slides that are
    there already, else half an hour, and the red thread as its goal."""

    minutes: float | None = None
    goals: tuple[str, ...] = ()
    audience: str = ""


def outline(
    desk: Desk, name: str, asked: Asked, to: Path | None = None, number: int | None = None
) -> Outline:
    """Outline a talk of a story's draft (the newest) and write its slides.

    Where the file holds slides that were edited since, or anything else, it stays as it is and the
    outline is written beside it, as ``NAME.new.md``. Raises NotOnDeskError, UsageProblemError for
    a time that is none, BadInputError where the draft is empty, a template is unsound or nothing
    can be written.
    """
    if asked.minutes is not None and not 1 <= asked.minutes <= _MOST_MINUTES:
        raise UsageProblemError(f"A talk takes 1 to {_MOST_MINUTES} minutes.", "Say --minutes 30.")
    story = story_parts(desk, name, written_draft(desk, name, number).number)
    wanted = _file(desk, story.slug, to)
    frame, kept = _frame(desk, story.slug, asked, wanted)
    frame = replace(frame, goals=frame.goals or tuple(filter(None, [story.red_thread])))
    plan = plan_of(desk)
    slides = talk_outline.planned(story, plan, frame)
    seconds = timed(slides, frame.minutes)
    told = tuple(replace(slide, seconds=each) for slide, each in zip(slides, seconds, strict=True))
    told = with_pictures(desk, told, wanted.parent / f"{file_stem(story.slug)}-pictures")
    text = _marked(talk_outline.written(story, told, frame, templates_of(desk)))
    # only now: somebody may have edited the slides while the pictures were drawn
    path = place_for(wanted, _is_as_written)
    files.write_text(path, text)
    beside = None if path == wanted else wanted
    warnings = warnings_of(seconds, frame.minutes)
    if left_out := talk_outline.untold(story, plan):
        warnings.append(f"On no slide: {', '.join(left_out)}.")
    return Outline(path, told, frame.minutes, tuple(warnings), beside, kept)


def frame_of(desk: Desk, slug: str, path: Path | None = None) -> TalkFrame | None:
    """Minutes, goals and audience of the slides that a story has, None where it has none. The red
    thread, which is the goal where none was given, is none of them; it stands on the last slide."""
    path = path or default_file(desk, slug)
    deck = read_slides(files.read_text(path)) if path.is_file() else None
    if deck is None or deck.front.get("story") != slug:
        return None
    goals = goals_of(deck.slides)
    if [_bare(goal) for goal in goals] == [_bare(deck.slides[-1].title)]:
        goals = ()
    minutes = deck.minutes if deck.minutes and 1 <= deck.minutes <= _MOST_MINUTES else _USUAL
    return TalkFrame(minutes, goals, audience_of(deck.slides))


def _bare(text: str) -> str:
    """Letters and digits alone: a slide escapes others than a comment does."""
    return "".join(filter(str.isalnum, text))


def _frame(desk: Desk, slug: str, asked: Asked, path: Path) -> tuple[TalkFrame, str]:
    """What is asked, else what the slides have that are there, and what of it was kept."""
    goals = tuple(filter(None, map(one_line, asked.goals)))
    audience = one_line(asked.audience)
    there = frame_of(desk, slug, path)
    if there is None:
        return TalkFrame(asked.minutes or _USUAL, goals, audience), ""
    frame = TalkFrame(
        asked.minutes or there.minutes, goals or there.goals, audience or there.audience
    )
    kept = [] if asked.minutes else [f"{frame.minutes:g} minutes"]
    if frame.goals and not goals:
        kept.append("1 goal" if len(frame.goals) == 1 else f"{len(frame.goals)} goals")
    if frame.audience and not audience:
        kept.append(f"the audience ({frame.audience})")
    return frame, f"{', '.join(kept)}: kept from the slides that were there." if kept else ""


def templates_of(desk: Desk) -> Path:
    """The user's own templates; the folder need not exist."""
    return desk.root / "templates"


def plan_of(desk: Desk) -> tuple[PlanRow, ...]:
    """The slides of a talk, by the user's own plan where there is one. Raises BadInputError."""
    own = templates_of(desk) / "talk" / "plan.toml"
    path = own if own.is_file() else folder("data") / "templates" / "talk" / "plan.toml"
    rows, problems = read_plan(files.read_text(path).removeprefix("\ufeff"))
    if problems:
        raise BadInputError(
            f"{path}: {problems[0]}. Nothing was written.",
            "Mend it, or move it away: then the shipped plan is used.",
        )
    return rows


def _file(desk: Desk, slug: str, to: Path | None) -> Path:
    if to is None:
        return default_file(desk, slug)
    named = to.suffix and not to.is_dir()
    return to if named else to / f"{file_stem(slug)}.md"


def _is_as_written(path: Path) -> bool:
    text = files.read_text(path)
    found = _MARK.search(text)
    if not text.strip():
        return True
    return found is not None and found[1] == _digest(text[: found.start()] + text[found.end() :])


def _marked(text: str) -> str:
    """The slides, their front matter ending with what they say: by that an edit is known again."""
    opened = text.startswith("---\n")
    at = text.find("\n---\n") + 1 if opened else 0
    return f"{text[:at]}written: {_digest(text)}\n{text[at:]}" if at else text


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]
