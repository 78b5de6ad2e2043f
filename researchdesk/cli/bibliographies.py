"""Export: papers as bibliographies."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from researchdesk import files
from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.errors import UsageProblemError
from researchdesk.services import bibliographies

_TOLD = 20
_Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def _choosing(command: Callable[..., Any]) -> Callable[..., Any]:
    """The arguments of every bibliography: which papers, and where to."""
    options: tuple[_Decorator, ...] = (
        pass_session,
        json_option,
        click.option(
            "--to",
            "target",
            default="-",
            type=click.Path(dir_okay=False, path_type=Path, allow_dash=True),
            help="The file; stdout without it.",
        ),
        click.option("--all", "everything", is_flag=True, help="Every paper on the desk."),
        click.option("--query", default="", help="The papers that a search finds."),
        click.argument("refs", nargs=-1, metavar="ID..."),
    )
    for option in options:
        command = option(command)
    return command


_one_each = click.option("--one-each", is_flag=True, help="One entry a paper: the published one.")


@click.command()
@_one_each
@_choosing
def bibtex(session: Session, one_each: bool, **chosen: Any) -> None:
    """Write papers as BibTeX.

    An imported entry keeps its key and every field as it came; other papers have the key of the
    desk. Where two papers claim one key, it stays the first one's, the other goes out under the
    key of the desk, and stderr names both. Every key leads back: researchdesk show KEY.

    The setting bibtex_keys makes other keys for papers without an entry, as "{author}{year}{word}".
    These are made anew each time, and give way to a key that is imported later.
    """
    _write(session, "bibtex", one_each=one_each, **chosen)


@click.command()
@_one_each
@_choosing
def csl(session: Session, one_each: bool, **chosen: Any) -> None:
    """Write papers as CSL-JSON, which Zotero and pandoc read."""
    _write(session, "csl", one_each=one_each, **chosen)


@click.command()
@_choosing
def ris(session: Session, **chosen: Any) -> None:
    """Write papers as RIS, which EndNote and Mendeley read."""
    _write(session, "ris", **chosen)


def _write(
    session: Session,
    form: bibliographies.Form,
    refs: tuple[str, ...],
    query: str,
    everything: bool,
    target: Path,
    as_json: bool,
    one_each: bool = False,
) -> None:
    if sum((bool(refs), bool(query), everything)) != 1:
        raise UsageProblemError("Name papers, or give --query, or say --all.", "One of the three.")
    papers = bibliographies.chosen(session.desk, refs, query)
    disputed: list[bibliographies.Dispute] = []
    text = bibliographies.export_bibliography(
        session.desk, papers, form, one_each=one_each, tell=disputed.append
    )
    _warn(disputed)
    to_file = str(target) != "-"
    changed = files.write_text(target, text) if to_file else None
    if as_json:
        told = {
            "format": form,
            "papers": len(papers),
            "path": target if to_file else None,
            "disputed": [
                {"key": d.key, "paper": d.paper.name, "other": d.other.name, "as": d.given}
                for d in disputed
            ],
        }
        output.emit_json({**told, "changed": changed} if to_file else {**told, "text": text})
    elif to_file:
        verb = "written" if changed else "unchanged"
        diagnostics.say(f"{verb}  {target}: {len(papers):,} papers.")
    else:
        _to_stdout(text)


def _warn(disputed: Sequence[bibliographies.Dispute]) -> None:
    for dispute in disputed[:_TOLD]:
        diagnostics.warn(str(dispute))
    if len(disputed) > _TOLD:
        diagnostics.warn(
            f"{len(disputed) - _TOLD:,} more keys are claimed twice; --json tells all."
        )


def _to_stdout(text: str) -> None:
    """The file as it is, its line ends too; on a terminal without what that would act on."""
    if sys.stdout.isatty():
        output.emit(text.rstrip("\n"))
        return
    try:
        sys.stdout.buffer.write(text.encode("utf-8"))
        sys.stdout.flush()
    except BrokenPipeError:
        diagnostics.forget_stdout()
