"""What changed between two versions of a paper."""

from collections.abc import Sequence

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.kinds import NUMBER
from researchdesk.domain.changes import Affected, SectionChange, VersionChanges
from researchdesk.domain.paragraphs import ParagraphChange
from researchdesk.domain.word_diff import How
from researchdesk.services import changes as comparing
from researchdesk.services import library

_SIGNS = {How.SAME: " ", How.CHANGED: "~", How.ADDED: "+", How.REMOVED: "-", How.MOVED: ">"}


@click.command()
@click.argument("ref", metavar="ID")
@click.option("--from", "old", type=NUMBER, help="The older version; without it, the one before.")
@click.option("--to", "new", type=NUMBER, help="The newer version; without it, the newest here.")
@click.option("--tables", is_flag=True, help="Compare the cells of tables too; slow at first.")
@click.option("--text", is_flag=True, help="Print the changed paragraphs: [-gone-] {+come+}.")
@json_option
@pass_session
def changes(
    session: Session,
    ref: str,
    old: int | None,
    new: int | None,
    tables: bool,
    text: bool,
    as_json: bool,
) -> None:
    """Tell what changed between two versions of a paper on the desk, section by section, and
    which notes and claims quote what changed or vanished.

    + added, - removed, ~ changed, > moved.
    """
    paper = library.get_paper(session.desk, ref)
    found = comparing.changes(session.desk, paper, old, new, tables=tables)
    if as_json:
        output.emit_json({"paper": paper.name, **_record(found)})
        return
    diagnostics.say(f"{paper.name}: version {found.old} to {found.new}")
    if found.mixed:
        diagnostics.warn("one version is read from HTML, the other from PDF: formulas differ so.")
    for section in found.sections:
        count = f"  ({section.count} of {len(section.diff)})" if section.count else ""
        was = f"  [was: {section.before.title}]" if section.before and section.renamed else ""
        output.emit(
            f"{_SIGNS[section.how]} {section.title or '(before the first heading)'}{count}{was}"
        )
        if text:
            _emit_text(section)
    for number in found.numbers:
        output.emit(f"{number.where}: {number.before} is {number.after} now  ({number.what})")
    _emit_affected("note", found.notes)
    _emit_affected("claim", found.claims)


def _emit_text(section: SectionChange) -> None:
    for item in section.diff:
        if item.how is not How.SAME:
            page = f" p. {item.after_page or item.before_page}"
            output.emit(f"  {_SIGNS[item.how]}{page}: {_marked(item)}")


def _marked(item: ParagraphChange) -> str:
    if not item.pieces:
        return item.after or item.before
    marks = {How.SAME: ("", ""), How.ADDED: (" {+", "+}"), How.REMOVED: (" [-", "-]")}
    return "".join(
        f"{marks[piece.how][0]}{piece.text if piece.how is How.SAME else piece.text.strip()}"
        f"{marks[piece.how][1]}"
        for piece in item.pieces
    ).strip()


def _emit_affected(word: str, items: Sequence[Affected]) -> None:
    said = {How.CHANGED: "quotes what changed", How.REMOVED: "quotes what is gone"}
    for item in items:
        if item.how is How.SAME:
            continue
        name = str(item.note.id) if item.note else item.claim.slug if item.claim else ""
        page = f", now on page {item.page}" if item.page else ""
        output.emit(f"{word} {name} {said[item.how]}{page}{f': {item.now}' if item.now else ''}")


def _record(found: VersionChanges) -> dict[str, object]:
    return {
        "from": found.old,
        "to": found.new,
        "mixed": found.mixed,
        "sections": [_section(section) for section in found.sections],
        "numbers": found.numbers,
        "notes": [_pinned(item) for item in found.notes],
        "claims": [_pinned(item) for item in found.claims],
    }


def _section(section: SectionChange) -> dict[str, object]:
    before, after = section.before, section.after
    return {
        "title": section.title,
        "how": section.how,
        "title_before": before.title if before else None,
        "page_before": before.page if before else None,
        "page": after.page if after else None,
        "changed_paragraphs": section.count,
        "paragraphs": len(section.diff),
        "diff": [item for item in section.diff if item.how is not How.SAME],
    }


def _pinned(item: Affected) -> dict[str, object]:
    of: dict[str, object] = {}
    if item.note:
        of = {"note": item.note.id, "text": item.note.text, "quote": item.note.quote}
        of["page_before"] = item.note.page
    elif item.claim:
        of = {"claim": item.claim.slug, "text": item.claim.text, "quote": item.claim.quote}
        of["page_before"] = item.claim.page
    return {**of, "how": item.how, "page": item.page or None, "now": item.now}
