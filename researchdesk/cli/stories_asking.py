"""Storylines asked: what changed between drafts, what is missing, what was seen, four questions."""

from typing import Any

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.kinds import NUMBER
from researchdesk.domain.statements import Statement, statement_at, with_answers
from researchdesk.domain.word_diff import BRACKETS, How, Piece
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services import stories, story_evidence, story_missing
from researchdesk.services.story_missing import Missing

_name = click.argument("name", metavar="STORY")
_COLOURS = {How.REMOVED: "red", How.ADDED: "green"}


def register(group: click.Group) -> None:
    """Add these commands to the group of storylines."""
    for command in (diff, missing, seen, questions):
        group.add_command(command)


@click.command()
@_name
@click.argument("one", type=NUMBER, required=False)
@click.argument("other", type=NUMBER, required=False)
@json_option
@pass_session
def diff(session: Session, name: str, one: int | None, other: int | None, as_json: bool) -> None:
    """Tell what changed from draft ONE to draft OTHER, word by word: [-gone-] {+come+}.

    Without numbers the last two drafts; with one, from that to the newest.
    """
    last = stories.get_story(session.desk, name).drafts
    if one is None and last < 2:
        raise NotOnDeskError(
            f"{name} has {'one draft' if last else 'no draft'}: there is nothing to compare.",
            f"Begin another: researchdesk story draft {name}",
        )
    old = last - 1 if one is None else one
    new = last if other is None else other
    pieces = stories.diff_of(session.desk, name, old, new)
    if as_json:
        output.emit_json({"story": name, "one": old, "other": new, "pieces": pieces})
        return
    diagnostics.say(f"From draft {old} to draft {new}, {_changed(pieces)}.")
    output.write("".join(_shown(piece) for piece in pieces).rstrip("\n"))


def _changed(pieces: tuple[Piece, ...]) -> str:
    counts = {
        how: sum(len(piece.text.split()) for piece in pieces if piece.how is how)
        for how in _COLOURS
    }
    return f"{counts[How.REMOVED]} words gone, {counts[How.ADDED]} come"


def _shown(piece: Piece) -> str:
    """A piece between its marks, which hold no white space at their ends."""
    if piece.how not in _COLOURS or not piece.text.strip():
        return piece.text
    opened, closed = BRACKETS[piece.how]
    colour = _COLOURS[piece.how]
    parts = []
    for part in piece.text.split("\n"):
        bare = part.strip()
        before = part[: len(part) - len(part.lstrip())]
        after = part[len(part.rstrip()) :]
        said = f"{opened}{bare}{closed}"
        parts.append(f"{before}{click.style(said, fg=colour)}{after}" if bare else part)
    return "\n".join(parts)


@click.command()
@_name
@click.option("--draft", "number", type=NUMBER, help="Another draft than the newest.")
@click.option("--take", type=NUMBER, help="Make an investigation step of number K of the list.")
@json_option
@pass_session
def missing(
    session: Session, name: str, number: int | None, take: int | None, as_json: bool
) -> None:
    """List what a storyline lacks, with the experiment to run.

    Statements without evidence, ablations without a baseline, claims on one seed or data set,
    comparisons without the other's method, the red thread, and the parts that are not there. The
    rules are those of checklists/storyline.toml. This is a report: it ends with 0.
    """
    desk = session.desk
    begun = number is not None or stories.get_story(desk, name).drafts
    draft = stories.get_draft(desk, name, number) if begun else None
    text = draft.text if draft else ""
    if draft and draft.number > 1 and not text.strip():
        diagnostics.say(f"{draft.name} is empty; the one before has --draft {draft.number - 1}.")
    if not begun:
        diagnostics.say(f"Nothing is written yet. Write: researchdesk story edit {name}")
    for problem in story_missing.rule_problems(desk):
        diagnostics.warn(f"{problem}. The shipped rules are used.")
    found = story_missing.missing_of(desk, text)
    if take is not None:
        _take(session, name, found, take, as_json=as_json)
    elif as_json:
        output.emit_json({"missing": [_record(k, item) for k, item in enumerate(found, start=1)]})
    elif begun or found:
        _emit_missing(name, found)


def _take(session: Session, name: str, found: list[Missing], take: int, *, as_json: bool) -> None:
    if take > len(found):
        raise NotOnDeskError(
            f"There is no number {take}: {len(found)} things are missing.",
            f"See them: researchdesk story missing {name}",
        )
    begun = story_missing.take_up(session.desk, name, found[take - 1])
    if as_json:
        output.emit_json({"investigation": begun, "missing": _record(take, found[take - 1])})
        return
    output.emit_number("investigation", begun.id)
    diagnostics.say(
        f"It stands in investigation {begun.id}: researchdesk investigate show {begun.id}"
    )


def _emit_missing(name: str, found: list[Missing]) -> None:
    for number, item in enumerate(found, start=1):
        taken = f"  (in investigation {item.investigation})" if item.investigation else ""
        output.emit(f"{number}. line {item.line + 1}: {item.rule}{taken}")
        if item.sentence:
            output.emit(f"   “{item.sentence}”")
        output.emit(f"   {item.message}")
        output.emit(f"   → {item.experiment}")
    to_run = sum(item.to_run for item in found)
    if not found:
        diagnostics.say("Nothing is missing by these rules.")
    elif to_run:
        diagnostics.say(f"Take one up: researchdesk story missing {name} --take K")


def _record(number: int, item: Missing) -> dict[str, Any]:
    return {
        "number": number,
        "rule": item.rule,
        "line": item.line + 1,
        "sentence": item.sentence,
        "message": item.message,
        "experiment": item.experiment,
        "refs": item.refs,
        "recipe": item.recipe,
        "arm": item.arm,
        "to_run": item.to_run,
        "investigation": item.investigation or None,
    }


@click.command()
@_name
@click.argument("refs", nargs=-1, metavar="[REF...]")
@json_option
@pass_session
def seen(session: Session, name: str, refs: tuple[str, ...], as_json: bool) -> None:
    """Say that you have seen what linked things say now: their lines are marked no more.

    Without REF: all that the newest draft links and that is news.
    """
    chosen = list(refs) or _news(session, name)
    known = story_evidence.acknowledge(session.desk, name, chosen)
    if as_json:
        output.emit_json({"seen": known})
        return
    for ref in known:
        output.emit(ref)
    unknown = len(chosen) - len(known)
    if unknown:
        diagnostics.warn(f"{unknown} of these name nothing that can be linked.")
    diagnostics.say("Nothing was news." if not chosen else f"{len(known)} seen.")


def _news(session: Session, name: str) -> list[str]:
    text = stories.get_story(session.desk, name).text
    lines = story_evidence.lines_with_evidence(session.desk, name, text)
    return list(dict.fromkeys(item.ref for line in lines for item in line.links if item.news))


@click.command()
@_name
@click.argument("line", type=NUMBER)
@click.option("--sentence", type=NUMBER, default=1, help="Which one, where a line has several.")
@click.option("--draft", "number", type=NUMBER, help="Another draft than the newest.")
@click.option("--proof", help="How it is proved.")
@click.option("--refuted-by", help="What would refute it.")
@click.option("--mechanism", help="By what mechanism.")
@click.option("--weak", help="Where it is weak.")
@json_option
@pass_session
def questions(
    session: Session,
    name: str,
    line: int,
    sentence: int,
    number: int | None,
    proof: str | None,
    refuted_by: str | None,
    mechanism: str | None,
    weak: str | None,
    as_json: bool,
) -> None:
    """Show or answer the four questions of the sentence on a LINE (from 1).

    The answers stand below it in the text, as "? proof: …"; an empty one is taken away.
    """
    draft = stories.get_draft(session.desk, name, number)
    text = draft.text
    found = _sentence(text, line, sentence)
    answers = {"proof": proof, "refuted_by": refuted_by, "mechanism": mechanism, "weak": weak}
    given = {key: said for key, said in answers.items() if said is not None}
    if given:
        column = found.start - (text.rfind("\n", 0, found.start) + 1)
        written = with_answers(text, found.line, given, column)
        stories.save_draft(session.desk, name, written, draft.number)
        found = _sentence(written, line, sentence)
    if as_json:
        output.emit_json({"line": found.line + 1, "sentence": found.text, **_answers(found)})
        return
    output.emit(found.text)
    for question, said in found.questions.each():
        output.emit(f"? {question}: {said or '–'}")


def _answers(found: Statement) -> dict[str, Any]:
    return {question.replace(" ", "_"): said for question, said in found.questions.each()}


def _sentence(text: str, line: int, place: int) -> Statement:
    at, column = statement_at(text, line - 1), 0
    for _ in range(place - 1):
        if at is None:
            break
        column = at.end - (text.rfind("\n", 0, at.end) + 1)
        after = statement_at(text, line - 1, column)
        at = after if after is not None and after.start > at.start else None
    if at is None:
        which = "no sentence" if place == 1 else f"no sentence {place}"
        raise UsageProblemError(
            f"On line {line} there is {which}.",
            "Lines count from 1; headings, code and quotations hold no statements.",
        )
    return at
