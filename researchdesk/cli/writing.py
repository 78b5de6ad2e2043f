"""Texts for others: reviews, rebuttals, reports, pages, threads."""

import sys
from pathlib import Path

import click

from researchdesk import files
from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.kinds import NUMBER
from researchdesk.errors import UsageProblemError
from researchdesk.services import writing
from researchdesk.services.writing import File, Request, Template, Text

_FORMS = {"markdown": "md", "latex": "tex"}


@click.command()
@click.argument("name", required=False, metavar="[TEMPLATE]")
@click.argument("ref", required=False, metavar="[REF]")
@click.option(
    "--to",
    "target",
    default="-",
    type=click.Path(dir_okay=False, path_type=Path, allow_dash=True),
    help="The file; stdout without it. What you changed there is never written over.",
)
@click.option("--draft", type=NUMBER, help="Of a storyline another draft than the newest.")
@click.option(
    "--points",
    type=click.Path(dir_okay=False, path_type=Path, allow_dash=True),
    help='What reviewers say, as text or markdown; "-" reads stdin.',
)
@click.option("--format", "form", type=click.Choice(list(_FORMS)), help="Else as the file's name.")
@click.option("--template", "source", is_flag=True, help="Print TEMPLATE itself, to start from.")
@json_option
@pass_session
def write(
    session: Session,
    name: str | None,
    ref: str | None,
    target: Path,
    draft: int | None,
    points: Path | None,
    form: str | None,
    source: bool,
    as_json: bool,
) -> None:
    """Write a review, a rebuttal, a report, a page or a thread from what the desk holds.

    Without TEMPLATE: list the templates, what each is for, and what REF it wants. Yours are files
    templates/writing/NAME.md.j2 of the desk; one of a shipped name takes its place.
    """
    if name is None:
        _list(session, as_json=as_json)
        return
    template = writing.get_template(session.desk, name)
    _warn_of_unused(session, template)
    if source:
        _show(session, template, _form(form, None if str(target) == "-" else target))
        return
    if ref is None:
        raise UsageProblemError(
            f"Say what {template.name} is of: {template.ref}.",
            f"{template.purpose} See all: researchdesk write",
        )
    to = None if str(target) == "-" else target
    said = _points(points)
    request = Request(template.name, ref, _form(form, to), draft, said, str(points or ""))
    if to is None:
        _tell(request, writing.text_of(session.desk, request), [], as_json=as_json)
    else:
        _tell(request, *writing.write(session.desk, request, to), as_json=as_json)


def _warn_of_unused(session: Session, template: Template) -> None:
    for path in writing.unused(session.desk, template):
        wanted = session.desk.root / "templates" / template.file(template.forms[0])
        diagnostics.warn(f"{path} is not used: a template of your own is {wanted}.")


def _show(session: Session, template: Template, form: str) -> None:
    output.emit(writing.source_of(session.desk, template, form).rstrip("\n"))
    wanted = session.desk.root / "templates" / template.file(form)
    diagnostics.say(f"Yours goes into {wanted}, and takes this one's place.")


def _list(session: Session, *, as_json: bool) -> None:
    found = writing.templates(session.desk)
    if as_json:
        output.emit_json({"templates": found})
        return
    rows = [(item.name, item.ref, ", ".join(item.forms), item.purpose) for item in found]
    output.emit_table(("template", "REF", "forms", "for"), rows)
    diagnostics.say("Write one: researchdesk write TEMPLATE REF --to FILE")


def _form(form: str | None, to: Path | None) -> str:
    if form is not None:
        return _FORMS[form]
    return "tex" if to is not None and to.suffix.casefold() == ".tex" else "md"


def _points(path: Path | None) -> str | None:
    if path is None:
        return None
    if str(path) == "-":
        return sys.stdin.read()
    if not path.is_file():
        raise UsageProblemError(f"There is no file {path}.", "Give the reviewers' text.")
    return files.read_text(path).removeprefix("\ufeff")


def _tell(request: Request, text: Text, written: list[File], *, as_json: bool) -> None:
    if as_json:
        told = {
            "template": request.name, "of": text.of, "told": text.told, "warnings": text.warnings,
            "files": written,
        }  # fmt: skip
        posts = [{"text": post.text, "length": post.length} for post in text.posts]
        output.emit_json(
            {
                **told,
                **({} if written else {"text": text.text}),
                **({"posts": posts} if posts else {}),
            }
        )
        return
    for file in written:
        output.emit(f"{'written' if file.changed else 'unchanged'}  {file.path}")
        if file.instead_of is not None:
            diagnostics.warn(
                f"{file.instead_of} was changed since it was written, and stays as it is; the new "
                f"text stands beside it in {file.path.name}."
            )
    if not written:
        output.emit(text.text.rstrip("\n"))
    for line in text.warnings:
        diagnostics.warn(line)
    for line in text.told:
        diagnostics.say(line)
    if text.posts:
        longest = max(post.length for post in text.posts)
        diagnostics.say(f"{len(text.posts)} posts, the longest has {longest} characters.")
