"""What can be done about a surprise, as choices with a sentence each."""

from researchdesk.domain.surprises import Case, SurpriseState, lacks
from researchdesk.domain.text import one_line
from researchdesk.tui.dialogs.choice import Choice

NEW, APART, PUT_OFF = "new", "apart", "put off"
EXPLAINED_BY, CHANGE, RULE_OUT, STAND = "explained by ", "change ", "rule out ", "stand "
WITHDRAW, BACK = "withdraw ", "back "
"""The beginnings of the names of choices; a letter or a number follows where there is a blank."""

_WORDS = {
    SurpriseState.NOTICED: ("Noticed", "Nothing is decided yet; it is open again."),
    SurpriseState.ARTEFACT: ("Suspected artefact", "The experiment is doubted; it stays open."),
    SurpriseState.INVESTIGATED: ("Being investigated", "Experiments are under way."),
    SurpriseState.DROPPED: ("Dropped", "It is not followed up; you say why."),
    SurpriseState.IDEA: ("Became an idea", "An idea is kept as well; the surprise is closed."),
}


def resolutions(case: Case) -> list[Choice]:
    """The states that it may come to, the next ones first; the one that it is in is left out."""
    state = case.surprise.state
    found = [_standing(case), _of(SurpriseState.ARTEFACT), _of(SurpriseState.INVESTIGATED)]
    found += [
        Choice(f"{EXPLAINED_BY}{item.letter}", f"Explained by {item.letter}", one_line(item.text))
        for item in case.rivals
    ]
    found.append(Choice(SurpriseState.EXPLAINED.value, "Explained", "You say by what."))
    found += [_of(SurpriseState.DROPPED), _of(SurpriseState.IDEA)]
    if state.is_open:
        words = "It stays as it is, and comes back on Home on a day you name."
        found.append(Choice(PUT_OFF, "Put off", words))
    found.append(_of(SurpriseState.NOTICED))
    return [item for item in found if item.name != state.value]


def about_explanations(case: Case) -> list[Choice]:
    """What can be done about explanations, once there is one."""
    words = "Held against the others, with what it predicts."
    found = [Choice(NEW, "A rival explanation", words)]
    if len(case.rivals) > 1:
        letters = " from ".join(item.letter for item in case.rivals[:2])
        said = one_line(case.surprise.apart) or "Not said yet."
        found.append(Choice(APART, f"Which experiment tells {letters}?", said))
    for item in case.explanations:
        missing = [
            name
            for name, said in (
                ("what it predicts", item.predicts),
                ("what would refute it", item.refuted_by),
            )
            if not said
        ]
        words = f"Not said yet: {', '.join(missing)}." if missing else one_line(item.text)
        found.append(Choice(f"{CHANGE}{item.letter}", f"Change {item.letter}", words))
        if item.stands:
            words = "You say what speaks against it; it is kept."
            found.append(Choice(f"{RULE_OUT}{item.letter}", f"Rule {item.letter} out", words))
        else:
            words = f"It was ruled out: {one_line(item.ruled_out)}"
            found.append(Choice(f"{STAND}{item.letter}", f"Let {item.letter} stand again", words))
    return found


def about_evidence(case: Case) -> list[Choice]:
    """Each piece of evidence, to be withdrawn or to count again."""
    return [
        Choice(
            f"{WITHDRAW if item.counts else BACK}{item.id}",
            f"{'Withdraw' if item.counts else 'Count again'}: {item.side.value} {item.about}",
            item.line,
        )
        for item in case.evidence
    ]


def _standing(case: Case) -> Choice:
    missing = lacks(case)
    words = "It counts as real: both questions have their evidence."
    if missing:
        words = "Not yet. " + " ".join(f"{lack.doubt.question} {lack.words}" for lack in missing)
    return Choice(SurpriseState.STANDING.value, "Standing", words)


def _of(state: SurpriseState) -> Choice:
    title, words = _WORDS[state]
    return Choice(state.value, title, words)
