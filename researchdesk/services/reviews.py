"""Reviews: what one shows, and what its answer does."""

from dataclasses import dataclass
from datetime import date

from researchdesk.domain.happenings import Happening
from researchdesk.domain.ideas import Idea, IdeaState
from researchdesk.domain.investigations import Investigation, InvestigationState
from researchdesk.domain.links import LinkKind, ref_link
from researchdesk.domain.reviews import Answer, Review
from researchdesk.domain.text import one_line
from researchdesk.errors import UsageProblemError
from researchdesk.services.desk import Desk
from researchdesk.services.ideas import day_to_come, get_idea, list_ideas, reason, settle_idea
from researchdesk.services.investigation_records import get_investigation, investigations_of
from researchdesk.services.investigations import settle
from researchdesk.services.progress import left_of, progress_since, spent_on, work_on
from researchdesk.services.waiting import back_today as back_today
from researchdesk.services.waiting import due_of
from researchdesk.services.waiting import reviews_due as reviews_due
from researchdesk.storage import happenings, reviews

_OTHERS = 3
_IDEA_STATES = {Answer.PARK: IdeaState.PARKED, Answer.STOP: IdeaState.STOPPED}
_STATES = {Answer.PARK: InvestigationState.PARKED, Answer.STOP: InvestigationState.STOPPED}


@dataclass(frozen=True, slots=True)
class _Subject:
    """What is reviewed: an idea with its investigations, or an investigation, with its idea where
    it has one. ``item`` is the one that was named."""

    item: Idea | Investigation
    idea: Idea | None
    investigations: tuple[Investigation, ...]

    @property
    def title(self) -> str:
        words = self.item.text if isinstance(self.item, Idea) else self.item.title
        return one_line(words)


def review_of(desk: Desk, ref: str) -> Review:
    """All that the question needs: progress, time, impact against work, what else there is.

    ``ref`` is that of an idea or an investigation. Raises UsageProblemError for another, and
    NotOnDeskError. Reads runs: for a thread.
    """
    subject = _subject(desk, ref)
    item, db = subject.item, desk.database.connection
    earlier = _earlier(desk, subject)
    work = work_on(desk, item.created_at, subject.investigations)
    last = earlier[-1].at if earlier else None
    begun = reviews.last_happened(db, reviews.STATE, item.ref).get(item.ref)
    due = due_of(item, begun, last, desk.today())
    spent = spent_on(desk, work)
    idea = subject.idea
    others = [one for one in list_ideas(desk) if idea is None or one.id != idea.id]
    return Review(
        ref=item.ref,
        title=subject.title,
        state=item.state.value,
        begun_at=work.begun_at,
        since=last or work.begun_at,
        due=due[1] if due and not item.state.is_closed else "",
        progress=progress_since(work, last or work.begun_at),
        spent=spent,
        left=left_of(idea, work, spent.active_days),
        instead=idea.instead if idea else "",
        others=tuple(others[:_OTHERS]),
        earlier=tuple(earlier),
    )


def answer_review(
    desk: Desk, ref: str, answer: Answer, why: str = "", until: date | None = None
) -> Happening:
    """Keep the answer and do what it says; gives what was kept.

    An idea and its open investigations are parked and stopped together; so is an idea with the last
    open investigation of it. To go on opens what was parked. Parked without ``until`` it comes back
    in thirty days. Raises UsageProblemError where it is parked or stopped without a reason, or
    ``until`` is not to come; then nothing is changed.
    """
    answer = Answer(answer)
    why = reason(why, needed=answer is not Answer.GO_ON)
    if until is not None and answer is not Answer.PARK:
        raise UsageProblemError(
            "Only what is parked has a day; nothing was changed.",
            "Leave the day out, or answer that it stays parked.",
        )
    day = day_to_come(desk, until) if answer is Answer.PARK else None
    with desk.database.writing() as db:
        subject = _subject(desk, ref)
        kept = Happening(subject.item.ref, reviews.REVIEW, answer.value, desk.clock(), why, day)
        happenings.insert(db, kept)
        if answer is Answer.GO_ON:
            _take_up(desk, subject, why)
        else:
            _lay_down(desk, subject, answer, why, day)
    return kept


def _earlier(desk: Desk, subject: _Subject) -> list[Happening]:
    """The reviews of the thing, of its idea and of its investigations, oldest first."""
    refs = dict.fromkeys(item.ref for item in (subject.item, *subject.investigations))
    if subject.idea is not None:
        refs[subject.idea.ref] = None
    db = desk.database.connection
    found = [one for ref in refs for one in happenings.of(db, ref, reviews.REVIEW)]
    return sorted(found, key=lambda one: one.at)


def _subject(desk: Desk, ref: str) -> _Subject:
    link = ref_link(ref)
    if link is not None and link.kind is LinkKind.IDEA:
        idea = get_idea(desk, int(link.target))
        return _Subject(idea, idea, tuple(investigations_of(desk, idea.ref)))
    if link is not None and link.kind is LinkKind.INVESTIGATION:
        item = get_investigation(desk, int(link.target))
        of = ref_link(item.of) if item.of else None
        found = get_idea(desk, int(of.target)) if of and of.kind is LinkKind.IDEA else None
        return _Subject(item, found, (item,))
    raise UsageProblemError(
        f"{one_line(ref)!r} can not be reviewed; nothing was kept.",
        "Reviewed are ideas and investigations: idea:3, investigation:2.",
    )


def _lay_down(desk: Desk, subject: _Subject, answer: Answer, why: str, until: date | None) -> None:
    for item in subject.investigations:
        if item is subject.item or not item.state.is_closed:
            settle(desk, item.id, _STATES[answer], why, until)
    idea = subject.idea
    if idea is None:
        return
    alone = not any(
        item.state is InvestigationState.OPEN for item in investigations_of(desk, idea.ref)
    )
    if subject.item is idea or (alone and idea.state is IdeaState.INVESTIGATED):
        settle_idea(desk, idea.id, _IDEA_STATES[answer], why, until)


def _take_up(desk: Desk, subject: _Subject, why: str) -> None:
    for item in subject.investigations:
        parked = item.state is InvestigationState.PARKED
        if parked or (item is subject.item and item.state.is_closed):
            settle(desk, item.id, InvestigationState.OPEN, why)
    idea = subject.idea
    if idea is None or idea.state in (IdeaState.OPEN, IdeaState.INVESTIGATED):
        return
    followed = any(
        item.state is InvestigationState.OPEN for item in investigations_of(desk, idea.ref)
    )
    state = IdeaState.INVESTIGATED if followed else IdeaState.OPEN
    if subject.item is idea or idea.state is IdeaState.PARKED:
        settle_idea(desk, idea.id, state, why)
