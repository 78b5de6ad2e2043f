"""What is told to others of a surprise: where it was noticed, and what became of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from researchdesk.domain.links import LinkKind, ref_link
from researchdesk.domain.surprises import (
    Case,
    Side,
    Surprise,
    SurpriseState,
    named_explanation,
    unfounded,
)
from researchdesk.domain.text import one_line
from researchdesk.errors import DeskError
from researchdesk.services.desk import Desk
from researchdesk.services.investigation_records import investigations_of
from researchdesk.services.run_recipes import same_recipe
from researchdesk.services.surprises import case_of, list_surprises


@dataclass(frozen=True, slots=True)
class Noticed:
    """A surprise about a run, or about a claim (``""`` for none) of another run of its recipe."""

    surprise: Surprise
    run_id: str
    claim_id: str
    became: str

    @property
    def words(self) -> str:
        """``funny:1: Explained by A: …``."""
        return f"{self.surprise.ref}: {self.became}"

    @property
    def is_explained(self) -> bool:
        return self.surprise.state is SurpriseState.EXPLAINED


def noticed_about(desk: Desk, run_id: str) -> tuple[Noticed, ...]:
    """The surprises that were noticed on this run, or on a claim when its recipe ran another time;
    the first noticed first."""
    found = []
    for item in sorted(list_surprises(desk), key=lambda item: item.id):
        on, claim_id = _met_on(item)
        if on == run_id or (claim_id and on and _same(desk, on, run_id)):
            found.append(Noticed(item, on, claim_id, became(desk, case_of(desk, item.id))))
    return tuple(found)


def noticed_by_claim(desk: Desk, run_id: str) -> dict[str, tuple[Noticed, ...]]:
    """Of ``noticed_about`` those that are about a claim, by its id."""
    found: dict[str, tuple[Noticed, ...]] = {}
    for one in noticed_about(desk, run_id):
        if one.claim_id:
            found[one.claim_id] = (*found.get(one.claim_id, ()), one)
    return found


def became(desk: Desk, case: Case) -> str:
    """Its state with the explanation that stands, what was ruled out with what, and the experiment
    that was to tell them apart; in short sentences."""
    told = [_state(case), *_others(case)]
    if case.surprise.apart:
        told.append(f"To tell them apart: {one_line(case.surprise.apart)}")
    for item in investigations_of(desk, case.surprise.ref):
        told.append(f"Followed up in {item.ref}, {one_line(item.title)}")
    return " ".join(_sentence(words) for words in told)


def _met_on(item: Surprise) -> tuple[str, str]:
    """The run that it was noticed on and the claim; ``""`` for none."""
    link = ref_link(item.on) if item.on else None
    if link is None or link.kind is not LinkKind.RUN:
        return "", ""
    run_id, _, claim_id = link.target.partition("#")
    return run_id, claim_id


def _same(desk: Desk, one: str, other: str) -> bool:
    try:
        return same_recipe(desk, one, other)
    except DeskError:
        return False


def _state(case: Case) -> str:
    item, why = case.surprise, one_line(case.surprise.why)
    state = item.state.value.capitalize()
    if lost := unfounded(case):
        return f"{state}, but {lost}" + (f" ({why})" if why else "")
    named = named_explanation(case, item.why) if item.state is SurpriseState.EXPLAINED else None
    if named is not None:
        return f"{state} by {why}{_with(case, named.letter, Side.FOR)}"
    return f"{state}: {why}" if why else state


def _others(case: Case) -> Iterator[str]:
    """The explanations that do not stand, and those that are held beside each other still."""
    gone = [
        f"{item.letter}, {one_line(item.text)} ({one_line(item.ruled_out)})"
        + _with(case, item.letter, Side.AGAINST)
        for item in case.explanations
        if not item.stands
    ]
    if gone:
        yield f"Ruled out: {'; '.join(gone)}"
    explained = case.surprise.state is SurpriseState.EXPLAINED
    held = [f"{item.letter}, {one_line(item.text)}" for item in case.rivals]
    if held and not explained:
        yield f"Possible explanations: {'; '.join(held)}"


def _with(case: Case, letter: str, side: Side) -> str:
    refs = [item.ref for item in case.about(letter, side) if item.ref]
    return f" ({', '.join(dict.fromkeys(refs))})" if refs else ""


def _sentence(words: str) -> str:
    return words if words.endswith((".", "!", "?")) else f"{words}."
