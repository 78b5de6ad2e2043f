"""Investigations: begun from a surprise or an idea, answered step by step, settled."""

from dataclasses import replace
from datetime import date, datetime

from researchdesk.domain.happenings import Happening
from researchdesk.domain.ideas import IdeaState
from researchdesk.domain.investigations import Investigation, InvestigationState
from researchdesk.domain.links import LinkKind, ref_link
from researchdesk.domain.surprises import SurpriseState
from researchdesk.domain.text import clean, one_line
from researchdesk.errors import UsageProblemError
from researchdesk.services import experiments as trials
from researchdesk.services import ideas, recipes, surprises
from researchdesk.services.desk import Desk
from researchdesk.services.investigation_origins import origin_of
from researchdesk.services.investigation_records import USUAL, workflow_named
from researchdesk.services.investigation_records import answers_of as answers_of
from researchdesk.services.investigation_records import get_investigation as get_investigation
from researchdesk.services.investigation_records import history_of as history_of
from researchdesk.services.investigation_records import (
    investigation_workflows as investigation_workflows,
)
from researchdesk.services.investigation_records import investigations_of as investigations_of
from researchdesk.services.investigation_records import list_investigations as list_investigations
from researchdesk.services.investigation_records import steps_of as steps_of
from researchdesk.services.refs import whole_ref
from researchdesk.storage import happenings, investigations


def begin(
    desk: Desk,
    title: str,
    of: str = "",
    recipe: str = "",
    arm: str = "",
    *,
    workflow: str = USUAL,
) -> Investigation:
    """Begin an investigation; the surprise or idea that it is of is then being investigated.

    ``of`` is a ref, as ``funny:3`` or ``idea:2``. With a ``recipe`` its arm (the first of its own
    where none is named) is the baseline; without one, that of the run or paper that a surprise was
    seen on, where it has one. Raises UsageProblemError without a title, for an ``of`` that is no
    ref, an unknown arm and one without a recipe, NotOnDeskError.
    """
    title, of = one_line(title), _ref(desk, of)
    if not title:
        raise UsageProblemError(
            "An investigation has a title; nothing was begun.", "Say in a line what is looked into."
        )
    steps = workflow_named(desk, workflow)
    origin = origin_of(desk, of)
    if recipe:
        recipes.recipe_for(desk, recipe)
    if arm and not (recipe or origin.recipe):
        raise UsageProblemError(
            f"The arm {one_line(arm)!r} is of no recipe; nothing was begun.",
            "Name its recipe, too: --recipe R",
        )
    now = desk.clock()
    with desk.database.writing() as db:
        number = investigations.insert(db, _new(title, of, steps.name, now))
        happenings.insert(db, Happening(f"investigation:{number}", "state", "open", now))
        if recipe or origin.recipe:
            chosen = arm or ("" if recipe else origin.arm)
            trials.add_baseline(desk, number, recipe or origin.recipe, chosen)
        _tell_origin(desk, of, number)
    return get_investigation(desk, number)


def answer(desk: Desk, number: int, step: str, text: str) -> Investigation:
    """Answer a step; earlier answers are kept. Raises UsageProblemError for an unknown step or an
    answer that says nothing, NotOnDeskError."""
    found = get_investigation(desk, number)
    keys = [item.key for item in steps_of(desk, found)]
    if step not in keys:
        raise UsageProblemError(
            f"The investigation has no step {step!r}; nothing was kept.",
            f"Its steps: {', '.join(keys)}.",
        )
    text = clean(text).strip()
    if not text:
        raise UsageProblemError(
            "The answer says nothing; nothing was kept.",
            "Say it in a sentence, or give - to read it from standard input.",
        )
    if found.answers.get(step) != text:
        with desk.database.writing() as db:
            now = desk.clock()
            investigations.insert_answer(db, number, step, text, now)
            investigations.touch(db, number, now)
    return get_investigation(desk, number)


def settle(
    desk: Desk,
    number: int,
    state: InvestigationState,
    why: str = "",
    again_on: date | None = None,
) -> Investigation:
    """Give an investigation another state. Parked it comes back on ``again_on``, else in thirty
    days.

    Raises UsageProblemError where it is parked or stopped without a reason, or for a day that is
    not to come, and NotOnDeskError.
    """
    parked = state is InvestigationState.PARKED
    why = ideas.reason(why, needed=parked or state is InvestigationState.STOPPED)
    until = ideas.day_to_come(desk, again_on) if parked else None
    with desk.database.writing() as db:
        old = get_investigation(desk, number)
        now = desk.clock()
        new = replace(old, state=state, why=why, again_on=until, touched_at=now)
        investigations.update(db, new)
        happenings.insert(db, Happening(old.ref, "state", state.value, now, why, until))
    return get_investigation(desk, number)


def _new(title: str, of: str, workflow: str, now: datetime) -> Investigation:
    return Investigation(
        id=0,
        title=title,
        of=of,
        workflow=workflow,
        recipe="",
        state=InvestigationState.OPEN,
        why="",
        again_on=None,
        created_at=now,
        touched_at=now,
    )


def _ref(desk: Desk, text: str) -> str:
    text = whole_ref(desk, text)
    link = ref_link(text) if text else None
    if text and link is None:
        raise UsageProblemError(
            f"{text!r} names nothing that can be looked into; nothing was begun.",
            "An investigation is of a surprise or an idea: funny:3, idea:2.",
        )
    return link.ref if link else ""


def _tell_origin(desk: Desk, of: str, number: int) -> None:
    """The surprise or idea is being investigated from now on."""
    link = ref_link(of) if of else None
    why = f"[[investigation:{number}]]"
    if link and link.kind is LinkKind.FUNNY:
        surprises.resolve(desk, int(link.target), SurpriseState.INVESTIGATED, why)
    elif link and link.kind is LinkKind.IDEA:
        ideas.settle_idea(desk, int(link.target), IdeaState.INVESTIGATED, why)
