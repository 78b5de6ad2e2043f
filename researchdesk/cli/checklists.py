"""Checklists: listed, put to work on the desk, answered by a person."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.domain.checklists import MARKS, Answered, Checklist, Sheet
from researchdesk.domain.clock import local_minute
from researchdesk.domain.refs import as_ref
from researchdesk.errors import UsageProblemError
from researchdesk.services import checklist_text, checklists

_IN = "      "


@click.command()
@click.argument("name", required=False)
@click.argument("ref", required=False)
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Look at this folder of code to be released, too.",
)
@click.option(
    "--answer",
    "said",
    nargs=2,
    metavar="ITEM ANSWER",
    help="Your own answer: yes, partly, no, n/a, not known.",
)
@click.option("--why", default="", help="What stands behind your answer.")
@click.option("--take-back", "taken", metavar="ITEM", help="Take your answer to an item back.")
@click.option("--history", is_flag=True, help="With your earlier answers.")
@click.option("--to", "path", type=click.Path(path_type=Path), help="Write it as markdown.")
@click.option("--force", is_flag=True, help="Replace the file, though it is not as we wrote it.")
@json_option
@pass_session
def checklist(session: Session, /, name: str | None, ref: str | None, **chosen: Any) -> None:
    """List the checklists, or put one to a paper, a run, a story, an investigation.

    \b
    researchdesk checklist
    researchdesk checklist release 1512.03385
    researchdesk checklist release --folder ~/code/mine
    researchdesk checklist scientist my-story --answer motivating-examples yes --why "Figure 1"
    researchdesk checklist reproducibility 1512.03385 --to appendix.md

    The desk answers what its runs, recipes, notes and stories show, with the evidence; where
    something is missing it says what mends it. Your own answers are kept beside the desk's, with
    their history, and hide none of it. With a name alone the questions are printed. Your own
    checklists are files in checklists/ of the desk. This is a report: it ends with 0.
    """
    as_json = chosen["as_json"]
    if name is None:
        _list(session, as_json=as_json)
    elif ref is None and chosen["folder"] is None:
        _nothing_to_answer(chosen)
        _questions(checklists.get_checklist(session.desk, name), as_json=as_json)
    else:
        _put(session, name, ref or "", **chosen)


def _put(
    session: Session,
    name: str,
    ref: str,
    *,
    folder: Path | None,
    said: tuple[str, str] | None,
    why: str,
    taken: str | None,
    history: bool,
    path: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    if (said and taken) or (why and not said):
        raise UsageProblemError(
            "--why goes with --answer, and --take-back without it. Nothing was kept.",
            "Give --answer with --why, or --take-back alone.",
        )
    given = checklists.answer_named(said[1]) if said else None
    sheet = checklists.sheet_of(session.desk, name, ref, folder)
    if said or taken:
        item = said[0] if said else taken or ""
        sheet = checklists.answer(session.desk, sheet, item, given, why)
    if path is not None:
        changed = checklist_text.write_markdown(session.desk, sheet, path, force=force)
        diagnostics.say(f"{'written' if changed else 'unchanged'}  {path}")
    if as_json:
        output.emit_json(_record(sheet))
    elif said or taken:
        for one in sheet.items:
            if one.item.id == (said[0] if said else taken):
                _emit_item(one, history=True)
    elif path is None:
        _emit(sheet, name, ref or f"--folder {folder}", history=history)


def _nothing_to_answer(chosen: dict[str, Any]) -> None:
    if chosen["said"] or chosen["taken"] or chosen["path"]:
        raise UsageProblemError(
            "It is not said what the checklist is put to. Nothing was kept or written.",
            "Name a paper, a run, a story or investigation:N; or a folder with --folder.",
        )


def _list(session: Session, *, as_json: bool) -> None:
    found = checklists.all_checklists(session.desk)
    for problem in checklists.checklist_problems(session.desk):
        diagnostics.warn(problem)
    if as_json:
        records = [
            {"name": one.name, "title": one.title, "source": one.source, "about": one.about,
             "items": len(one.items), "own": one.own}
            for one in found
        ]  # fmt: skip
        output.emit_json({"checklists": records})
        return
    rows = [
        (one.name, str(len(one.items)), f"{one.title}{' (yours)' if one.own else ''}")
        for one in found
    ]
    output.emit_table(("checklist", "items", "title"), rows)
    diagnostics.say("Put one to your work: researchdesk checklist NAME REF")


def _questions(found: Checklist, *, as_json: bool) -> None:
    if as_json:
        output.emit_json(found)
        return
    output.emit(found.title)
    output.emit(found.source)
    part = ""
    for item in found.items:
        if item.part != part:
            part = item.part
            output.emit()
            output.emit(part)
        by = "the desk looks" if item.answered_by else "you answer"
        output.emit(f"  {item.id}: {item.question} ({by})")
        output.emit(f"{_IN}{item.why}")
    diagnostics.say(f"Put it to your work: researchdesk checklist {found.name} REF")


def _emit(sheet: Sheet, name: str, ref: str, *, history: bool) -> None:
    output.emit(f"{sheet.checklist.title}: {sheet.title}")
    for part, items in sheet.parts():
        output.emit()
        if part:
            output.emit(part)
        for item in items:
            _emit_item(item, history=history)
    output.emit()
    output.emit(f"{checklist_text.counts_said(sheet)}.")
    diagnostics.say(
        f"Answer what only you know: researchdesk checklist {name} {as_ref(ref)} --answer ITEM yes "
        "--why TEXT"
    )


def _emit_item(item: Answered, *, history: bool) -> None:
    by = " (you)" if item.is_own else ""
    output.emit(f"{MARKS[item.answer]} {item.item.id}: {item.item.question}")
    why = item.own.why if item.own and item.is_own else ""
    output.emit(f"    {item.answer.value}{by}{': ' + why if why else ''}")
    if item.contradicts:
        output.emit(f"    ! the desk says: {item.found.answer.value}")
    for evidence in item.found.evidence:
        output.emit(f"{_IN}{evidence.text}{f' [{evidence.ref}]' if evidence.ref else ''}")
    for lack in item.found.lacks:
        output.emit(f"{_IN}lacking: {lack}")
    for mend in item.found.mend or ((item.item.help,) if _wants_help(item) else ()):
        output.emit(f"{_IN}to do: {mend}")
    for old in item.earlier if history else ():
        given = old.answer.value if old.answer else "taken back"
        output.emit(f"{_IN}{local_minute(old.answered_at)} you: {given} {old.why}".rstrip())


def _wants_help(item: Answered) -> bool:
    return bool(item.item.help) and item.answer.value in ("no", "partly", "not known")


def _record(sheet: Sheet) -> dict[str, Any]:
    return {
        "checklist": sheet.checklist.name,
        "title": sheet.checklist.title,
        "source": sheet.checklist.source,
        "of": sheet.of,
        "subject": sheet.title,
        "counts": {answer.value: number for answer, number in sheet.counts.items()},
        "items": [
            {**asdict(one.item), "answer": one.answer, "own": one.own, "found": one.found,
             "contradicts": one.contradicts, "earlier": one.earlier}
            for one in sheet.items
        ],
    }  # fmt: skip
