"""Explanations of a surprise, held side by side, and evidence for and against them and the two
questions. Nothing is deleted: evidence is withdrawn, explanations are ruled out."""

from dataclasses import replace
from string import ascii_uppercase

from sqlite_utils import Database

from researchdesk.domain.happenings import Happening
from researchdesk.domain.surprises import Case, Doubt, Evidence, Explanation, Side, Surprise
from researchdesk.domain.text import clean, one_line
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services.desk import Desk
from researchdesk.services.refs import normal_ref
from researchdesk.services.surprise_rules import no_explanation
from researchdesk.services.surprises import case_of, get_surprise
from researchdesk.storage import explanations, happenings, surprises


def explain(
    desk: Desk, number: int, text: str, predicts: str = "", refuted_by: str = ""
) -> Explanation:
    """Put an explanation beside those there are, under the next letter.

    ``predicts`` is what would be seen if it were so, ``refuted_by`` what would refute it. Raises
    UsageProblemError without words or where there are 26 already, NotOnDeskError.
    """
    text = clean(text).strip()
    if not text:
        raise UsageProblemError(
            "The explanation is empty; nothing was kept.",
            "Say in a sentence what may be behind it.",
        )
    with desk.database.writing() as db:
        case = case_of(desk, number)
        taken = {item.letter for item in case.explanations}
        letter = next((one for one in ascii_uppercase if one not in taken), "")
        if not letter:
            raise UsageProblemError(
                f"Surprise {number} has an explanation for each letter; nothing was kept.",
                f"Change one: researchdesk funny explain {number} --letter A TEXT",
            )
        new = Explanation(
            0,
            number,
            letter,
            text,
            clean(predicts).strip(),
            clean(refuted_by).strip(),
            desk.clock(),
        )
        kept = explanations.insert(db, new)
        _happened(desk, db, case, "explanation", f"{letter}: {one_line(text)}")
    return kept


def change_explanation(
    desk: Desk,
    number: int,
    letter: str,
    text: str | None = None,
    predicts: str | None = None,
    refuted_by: str | None = None,
) -> Explanation:
    """Say an explanation in other words; what is None stays as it is.

    What it said before stands in the history. Raises UsageProblemError where nothing is left of its
    text, NotOnDeskError.
    """
    with desk.database.writing() as db:
        case = case_of(desk, number)
        old = _named(case, letter)
        new = replace(
            old,
            text=old.text if text is None else clean(text).strip(),
            predicts=old.predicts if predicts is None else clean(predicts).strip(),
            refuted_by=old.refuted_by if refuted_by is None else clean(refuted_by).strip(),
        )
        if not new.text:
            raise UsageProblemError(
                f"Explanation {old.letter} would say nothing; it stays as it is.",
                f'It may be ruled out: researchdesk funny rule-out {number} {old.letter} --why "…"',
            )
        if new != old:
            explanations.update(db, new)
            _happened(desk, db, case, "reworded", old.letter, why=_said_before(old, new))
    return new


def rule_out(desk: Desk, number: int, letter: str, why: str) -> Explanation:
    """Say that an explanation does not stand, and why. Raises UsageProblemError without a reason,
    NotOnDeskError."""
    why = clean(why).strip()
    if not why:
        raise UsageProblemError(
            f"An explanation is ruled out for a reason; {letter.strip().upper()} still stands.",
            f'Say: researchdesk funny rule-out {number} {letter.strip().upper()} --why "…"',
        )
    return _stand(desk, number, letter, why)


def let_stand(desk: Desk, number: int, letter: str) -> Explanation:
    """Take back that an explanation was ruled out. Raises NotOnDeskError."""
    return _stand(desk, number, letter, "")


def file_evidence(
    desk: Desk, number: int, about: str, side: Side | str, ref: str = "", words: str = ""
) -> Evidence:
    """File evidence about a question (a Doubt's value) or an explanation (its letter).

    ``ref`` links a paper, a run, a claim or what else the desk holds; words may come with it, or
    stand alone. Raises UsageProblemError where it is about nothing, says nothing, is the surprise
    itself, or was filed so already; NotOnDeskError.
    """
    ref, words = normal_ref(desk, ref), clean(words).strip()
    with desk.database.writing() as db:
        case = case_of(desk, number)
        new = Evidence(0, number, _about(case, about), Side(side), ref, words, desk.clock())
        _check(case, new)
        kept = explanations.file_evidence(db, new)
        _happened(desk, db, case, "evidence", f"{_spoken(kept)}: {kept.line}")
    return kept


def withdraw_evidence(desk: Desk, number: int, evidence_id: int) -> Evidence:
    """Evidence no longer counts; it is kept. Raises NotOnDeskError."""
    return _withdraw(desk, number, evidence_id, withdrawn=True)


def give_back_evidence(desk: Desk, number: int, evidence_id: int) -> Evidence:
    """Evidence that was withdrawn counts again. Raises NotOnDeskError."""
    return _withdraw(desk, number, evidence_id, withdrawn=False)


def set_apart(desk: Desk, number: int, text: str) -> Surprise:
    """Say which experiment would tell the explanations apart; without words, what was said is taken
    back. Raises UsageProblemError where nothing was said yet, NotOnDeskError."""
    text = clean(text).strip()
    with desk.database.writing() as db:
        case = case_of(desk, number)
        if not text and not case.surprise.apart:
            raise UsageProblemError(
                "Which experiment? There are no words; nothing was changed.",
                "Say in a sentence how the two would turn out differently.",
            )
        if case.surprise.apart != text:
            surprises.set_apart(db, number, text, desk.clock())
            _happened(desk, db, case, "apart", one_line(text) or "not said any more")
    return get_surprise(desk, number)


def _stand(desk: Desk, number: int, letter: str, ruled_out: str) -> Explanation:
    with desk.database.writing() as db:
        case = case_of(desk, number)
        old = _named(case, letter)
        new = replace(old, ruled_out=ruled_out)
        if new != old:
            explanations.update(db, new)
            what = "ruled out" if ruled_out else "stands again"
            _happened(desk, db, case, what, old.letter, why=ruled_out)
    return new


def _withdraw(desk: Desk, number: int, evidence_id: int, *, withdrawn: bool) -> Evidence:
    with desk.database.writing() as db:
        case = case_of(desk, number)
        found = next((item for item in case.evidence if item.id == evidence_id), None)
        if found is None:
            raise NotOnDeskError(
                f"Surprise {number} has no evidence {evidence_id}; nothing was changed.",
                f"See it with: researchdesk funny show {number}",
            )
        moment = desk.clock() if withdrawn else None
        if found.counts is not withdrawn:
            return found
        explanations.set_withdrawn(db, evidence_id, moment)
        what = "withdrawn" if withdrawn else "counts again"
        _happened(desk, db, case, what, f"{_spoken(found)}: {found.line}")
    return replace(found, withdrawn_at=moment)


def _happened(desk: Desk, db: Database, case: Case, what: str, said: str, *, why: str = "") -> None:
    surprises.touch(db, case.surprise.id, desk.clock())
    happenings.insert(db, Happening(case.surprise.ref, what, said, desk.clock(), why))


def _named(case: Case, letter: str) -> Explanation:
    wanted = letter.strip().upper()
    found = case.explanation(wanted)
    if found is None:
        raise no_explanation(case.surprise.id, wanted)
    return found


def _about(case: Case, about: str) -> str:
    wanted = about.strip()
    if wanted.casefold() in list(Doubt):
        return Doubt(wanted.casefold()).value
    if case.explanation(wanted.upper()):
        return wanted.upper()
    letters = [item.letter for item in case.explanations]
    raise UsageProblemError(
        f"Evidence about what? Surprise {case.surprise.id} has no {one_line(wanted)!r}; "
        "nothing was filed.",
        f"It is about one of: {', '.join([*Doubt, *letters])}.",
    )


def _check(case: Case, new: Evidence) -> None:
    if not new.ref and not new.words:
        raise UsageProblemError(
            "Evidence is a link or words; nothing was filed.", "Name a run, a paper, a claim."
        )
    if new.ref == case.surprise.ref:
        raise UsageProblemError(
            "A surprise is no evidence about itself; nothing was filed.",
            "Name a run, a note, a paper or a claim, or say it in words.",
        )
    same = (new.side, new.ref, new.words)
    if any((item.side, item.ref, item.words) == same for item in case.about(new.about)):
        raise UsageProblemError(
            f"That stands there already, {_spoken(new)}; nothing was filed twice.",
            "To take it back: researchdesk funny evidence NUMBER --withdraw ID",
        )


def _spoken(evidence: Evidence) -> str:
    return f"{evidence.side.value} {evidence.about}"


def _said_before(old: Explanation, new: Explanation) -> str:
    return "; ".join(
        f"{name} was: {one_line(said)}"
        for name, said, now in (
            ("it", old.text, new.text),
            ("what it predicts", old.predicts, new.predicts),
            ("what would refute it", old.refuted_by, new.refuted_by),
        )
        if said and said != now
    )
