"""How surprises and their evidence are written: a mark, a word and a colour together."""

import re
from collections.abc import Mapping
from datetime import datetime

from textual.content import Content
from textual.style import Style

from researchdesk.domain.clock import local_minute
from researchdesk.domain.evidence import EvidenceState, Standing
from researchdesk.domain.happenings import Happening
from researchdesk.domain.links import links_in, ref_link
from researchdesk.domain.refs import names_run
from researchdesk.domain.surprises import (
    STATE,
    UNDONE,
    Case,
    Doubt,
    Evidence,
    Side,
    Surprise,
    SurpriseState,
    lacks,
)
from researchdesk.domain.text import one_line
from researchdesk.tui.widgets.bench_words import ago

States = Mapping[str, EvidenceState]
"""What the things of some refs say now."""

QUIET = "$text-muted"
_STATES = {
    SurpriseState.NOTICED: ("●", "$text-warning"),
    SurpriseState.ARTEFACT: ("?", "$text-secondary"),
    SurpriseState.STANDING: ("!", "$text-error"),
    SurpriseState.INVESTIGATED: ("▶", "$text-accent"),
    SurpriseState.EXPLAINED: ("✓", "$text-success"),
    SurpriseState.DROPPED: ("–", QUIET),
    SurpriseState.IDEA: ("✦", "$text-primary"),
}
_MOMENT = re.compile(r"\d{8}-\d{6}")
_SIDES = {Side.FOR: ("+", "bold $text-success"), Side.AGAINST: ("−", "bold $text-error")}


def mark_of(state: SurpriseState) -> str:
    """One character for a state; its words stand beside it, or in the detail."""
    return _STATES[state][0]


def state_words(state: SurpriseState) -> Content:
    """The state as mark and word, coloured."""
    mark, colour = _STATES[state]
    return Content.styled(f"{mark} {state.value}", colour)


def facts(item: Surprise, now: datetime) -> Content:
    """State, age and place in a line."""
    parts = [ago(item.noticed_at, now)]
    if item.again_on:
        parts.append(f"again {item.again_on}")
    if item.on:
        parts.append(f"on {short_ref(item.on)}")
    return Content.assemble(
        state_words(item.state), Content.styled(" · " + " · ".join(parts), QUIET)
    )


def evidence_lines(case: Case, about: str, states: States) -> list[Content]:
    """What counts for or against a question or an explanation, a piece each."""
    return [_evidence(item, states) for item in case.about(about)]


def _evidence(item: Evidence, states: States) -> Content:
    mark, sign = _SIDES[item.side]
    parts: list[Content | tuple[str, str]] = [(f"{mark} ", sign)]
    state = states.get(item.ref)
    title = state.title if state and state.standing is not Standing.GONE else ""
    words = one_line(item.words) or title
    if words:
        parts.append(Content(words))
    if item.ref:
        parts += [Content("  " if words else ""), link_words(item.ref)]
        if state:
            parts.append(said_now(state))
    return Content.assemble(*parts)


def said_now(state: EvidenceState) -> Content:
    """What a thing says now, behind its ref."""
    colour = "$text-warning" if state.standing is Standing.GONE else QUIET
    return Content.styled(f" · {state.said}", colour)


def linked(text: str) -> Content:
    """A text whose links a click follows."""
    parts: list[Content] = []
    at = 0
    for link in links_in(text):
        parts += [Content(text[at : link.start]), link_words(link.ref)]
        at = link.end
    return Content("").join([*parts, Content(text[at:])])


def link_words(ref: str, *, whole: bool = False) -> Content:
    """A ref that a click follows; as it is where it is no link. ``whole``: a run's id in full."""
    if ref_link(ref) is None:
        return Content(ref)
    style = Style.parse("$text-accent") + Style.from_meta({"@click": f"screen.follow({ref!r})"})
    return Content.styled(ref if whole else short_ref(ref), style)


def short_ref(ref: str) -> str:
    """A ref in few letters: of a run, without the recipe's name in its id."""
    run_id = names_run(ref)
    moment = _MOMENT.match(run_id)
    return ref.replace(run_id, f"{moment[0]}…") if moment else ref


def happening_words(item: Happening) -> Content:
    """What happened, in a line."""
    what = {STATE: "", UNDONE: "taken back: "}.get(item.what, f"{item.what} ")
    until = f", again on {item.until}" if item.until else ""
    why = f": {one_line(item.why)}" if item.why else ""
    day = f"{local_minute(item.at)}  "
    return Content.assemble((day, QUIET), f"{what}{item.said}{until}{why}")


def next_step(case: Case) -> tuple[str, str]:
    """The key that goes on from here, and what it does."""
    item, missing = case.surprise, lacks(case)
    if not item.is_open:
        return "r", "opens it again."
    if item.state is SurpriseState.ARTEFACT:
        return "r", "says how it ended: explained, or noticed again."
    if item.state in (SurpriseState.NOTICED, SurpriseState.STANDING) and missing:
        asked = " ".join(lack.doubt.question for lack in missing)
        return "e", f"files evidence. {asked}"
    if item.state is SurpriseState.NOTICED:
        return "r", "says that it stands: both questions have their evidence."
    if len(case.rivals) < 2 and not _narrowed(case):
        return "x", "puts an explanation beside the others: two that oppose each other."
    if len(case.rivals) > 1 and not item.apart:
        return "x", "says which experiment would tell them apart."
    if len(case.rivals) == 1:
        return "r", f"says that {case.rivals[0].letter} explains it: the others are ruled out."
    return "v", "investigates it, one change at a time."


def _narrowed(case: Case) -> bool:
    """Whether all explanations but one were ruled out."""
    return len(case.explanations) > 1 and len(case.rivals) == 1


def question_title(case: Case, doubt: Doubt) -> Content:
    """What a question is about, with a tick where its evidence says yes."""
    lack = next((item for item in lacks(case) if item.doubt is doubt), None)
    if lack is None:
        return Content.assemble(("✓ ", "bold $text-success"), doubt.value)
    mark = ("✗ ", "bold $text-error") if lack.against else ("○ ", QUIET)
    return Content.assemble(mark, doubt.value)
