"""Checklists put to work on the desk, to a release's folder, or to a file of slides."""

import importlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from researchdesk import files
from researchdesk.assets import folder
from researchdesk.domain import (
    code_checks,
    comparison_checks,
    folder_checks,
    record_checks,
    run_checks,
    story_checks,
)
from researchdesk.domain.checklist_facts import Answerer as Answerer
from researchdesk.domain.checklist_facts import Facts as Facts
from researchdesk.domain.checklist_facts import not_known
from researchdesk.domain.checklists import About as About
from researchdesk.domain.checklists import Answer as Answer
from researchdesk.domain.checklists import Answered as Answered
from researchdesk.domain.checklists import (
    Checklist,
    Found,
    Item,
    OwnAnswer,
    Sheet,
    parse_answer,
    read_checklist,
)
from researchdesk.domain.text import one_line
from researchdesk.domain.toml_tables import Problem, unknown
from researchdesk.errors import BadInputError, NotOnDeskError, UsageProblemError
from researchdesk.services import talk_checks, talk_files
from researchdesk.services.desk import Desk
from researchdesk.storage import checklists

_FAMILIES = (
    run_checks,
    comparison_checks,
    record_checks,
    story_checks,
    code_checks,
    folder_checks,
    talk_checks,
)


def _by_name(families: Iterable[Mapping[str, Answerer]]) -> dict[str, Answerer]:
    """All of them; a name that two families have would hide an answerer."""
    found: dict[str, Answerer] = {}
    for family in families:
        taken = found.keys() & family.keys()
        if taken:
            raise ValueError(f"two answerers are called {', '.join(sorted(taken))}")
        found.update(family)
    return found


ANSWERERS: Mapping[str, Answerer] = _by_name(family.ANSWERERS for family in _FAMILIES)
"""What answers items from the desk, by the name that ``answered_by`` of a checklist gives.

Each is a pure function of ``domain.checklist_facts.Facts``; those of slides look at ``slides``
alone.
"""

_RULES = "storyline"


def all_checklists(desk: Desk) -> list[Checklist]:
    """The shipped ones and the user's own by name; one of a shipped name takes its place. A file
    that cannot be used is left out: see ``checklist_problems``."""
    found = (_read_or_tell(desk, name)[0] for name in _names(desk))
    return [item for item in found if item is not None]


def checklist_problems(desk: Desk) -> list[str]:
    """What is wrong with the user's own files, each with the file, the line and the key."""
    return [
        one_line(f"{_file(desk, name)[0]}: {problem}")
        for name in _names(desk)
        for problem in _read_or_tell(desk, name)[1]
    ]


def get_checklist(desk: Desk, name: str) -> Checklist:
    """The checklist of this name. Raises NotOnDeskError with the names there are, BadInputError
    with every problem of its file."""
    name = one_line(name)
    if name == _RULES:
        raise NotOnDeskError(
            "storyline is no list of questions: its rules look at a story's sentences.",
            "Ask them with: researchdesk story missing STORY",
        )
    if name not in _names(desk):
        said = unknown(name, _names(desk))
        raise NotOnDeskError(f"There is no checklist {name!r}.", _sentence(said))
    found, problems = _read_or_tell(desk, name)
    if found is None:
        path = _file(desk, name)[0]
        raise BadInputError(
            f"The checklist {path} cannot be used: {'; '.join(map(str, problems))}",
            "Mend the file, or move it away: a shipped one of its name is then used.",
        )
    return found


def sheet_of(desk: Desk, name: str, ref: str = "", place: Path | None = None) -> Sheet:
    """A checklist, answered as far as the desk can, with what the person said before.

    ``ref`` names a paper, run, story or investigation; for a checklist about slides it is their
    file. ``place`` is a folder of code to be released, which is looked at too. Raises
    NotOnDeskError where these are not there, UsageProblemError where neither is given.
    """
    checklist = get_checklist(desk, name)
    of, title, facts = _put_to(desk, checklist, ref, place)
    said = checklists.answers(desk.database.connection, checklist.name, of)
    items = tuple(_answered(item, facts, said.get(item.id, [])) for item in checklist.items)
    return Sheet(checklist, of, title, items)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}{'' if words.endswith('?') else '.'}"


def answer(desk: Desk, sheet: Sheet, item: str, said: Answer | None, why: str = "") -> Sheet:
    """Keep a person's answer to an item; None takes the one that counts back. Earlier ones stay.

    The desk's own answer stays beside it. Raises UsageProblemError for an item that the checklist
    has not, and for an answer to take back where there is none.
    """
    known = {one.item.id: one for one in sheet.items}
    if item not in known:
        raise UsageProblemError(
            f"{sheet.checklist.name} has no item {one_line(item)!r}; nothing was kept.",
            _sentence(unknown(item, tuple(known))),
        )
    if said is None and not known[item].is_own:
        raise UsageProblemError(
            f"You have not answered {item}; there is nothing to take back.",
            "What stands there is the desk's own answer.",
        )
    with desk.database.writing() as db:
        kept = OwnAnswer(said, one_line(why), desk.clock())
        checklists.insert(db, sheet.checklist.name, sheet.of, item, kept)
    told = checklists.answers(desk.database.connection, sheet.checklist.name, sheet.of)
    items = tuple(_with_said(one.item, one.found, told.get(one.item.id, [])) for one in sheet.items)
    return Sheet(sheet.checklist, sheet.of, sheet.title, items)


def answer_named(word: str) -> Answer:
    """Raises UsageProblemError for a word that is no answer."""
    found = parse_answer(word)
    if found is None:
        raise UsageProblemError(
            f"{one_line(word)!r} is no answer; nothing was kept.",
            "Answers are: yes, partly, no, n/a (not applicable), not known.",
        )
    return found


def _put_to(
    desk: Desk, checklist: Checklist, ref: str, place: Path | None
) -> tuple[str, str, Facts]:
    if checklist.about is About.SLIDES:
        if not ref:
            raise UsageProblemError(
                f"{checklist.name} is put to the slides of a talk.",
                f"Name it: researchdesk checklist {checklist.name} STORY|SLIDES.md",
            )
        talk = talk_files.talk_of(desk, ref)
        of, facts = _judging().talk_subject(desk, talk)
        return of, talk.path.name, facts
    if not ref and place is None:
        raise UsageProblemError(
            f"{checklist.name} is put to a paper, a run, a story or an investigation.",
            f"Name one: researchdesk checklist {checklist.name} REF",
        )
    subject, facts = _judging().subject_and_facts(desk, ref, place)
    if subject is not None:
        return subject.ref, subject.title, facts
    path = files.path_of(place or Path()).resolve()
    return f"folder:{path}", path.name, facts


def _judging() -> Any:
    """What looks at runs takes scipy to judge them: who only asks which checklists there are does
    not wait for it."""
    return importlib.import_module("researchdesk.services.checklist_facts")


def _answered(item: Item, facts: Facts, said: list[OwnAnswer]) -> Answered:
    found = ANSWERERS[item.answered_by](facts) if item.answered_by else not_known()
    return _with_said(item, found, said)


def _with_said(item: Item, found: Found, said: list[OwnAnswer]) -> Answered:
    return Answered(item, found, said[-1] if said else None, tuple(said[:-1]))


def _names(desk: Desk) -> list[str]:
    places = (desk.root / "checklists", folder("data") / "checklists")
    found = {path.stem for place in places for path in place.glob("*.toml") if path.is_file()}
    return sorted(found - {_RULES})


def _file(desk: Desk, name: str) -> tuple[Path, bool]:
    own = desk.root / "checklists" / f"{name}.toml"
    return (own, True) if own.is_file() else (folder("data") / "checklists" / own.name, False)


def _read_or_tell(desk: Desk, name: str) -> tuple[Checklist | None, tuple[Problem, ...]]:
    path, own = _file(desk, name)
    try:
        text = files.read_text(path).removeprefix("\ufeff")
    except BadInputError as error:
        return None, (Problem(1, "", error.message),)
    return read_checklist(name, text, tuple(ANSWERERS), own=own)
