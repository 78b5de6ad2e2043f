"""Export: notes as pages of a vault."""

from pathlib import Path
from typing import Any

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.config import VAULTS
from researchdesk.errors import BadInputError, UsageProblemError
from researchdesk.export.regions import Settle
from researchdesk.services import exporting

_TOLD = 20
_EVERY = 25
_SETTLING = (
    "To take the new text: the same command with --settle new. To keep yours: --settle mine. "
    "The files of new text go with either."
)


@click.command()
@click.argument("refs", nargs=-1, metavar="ID...")
@click.option("--all", "everything", is_flag=True, help="The whole desk.")
@click.option(
    "--to",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder: a vault, or a folder in one; made if it is not there.",
)
@click.option(
    "--vault",
    type=click.Choice([kind for kind in VAULTS if kind]),
    help="The kind of vault; without it the setting, or what the folder is.",
)
@click.option(
    "--figures", is_flag=True, help="Copy the papers' figures beside the notes, for your own use."
)
@click.option(
    "--settle",
    type=click.Choice([kind.value for kind in Settle if kind is not Settle.ASK]),
    help="Regions changed by hand: take the new text, or keep yours until there is newer.",
)
@json_option
@pass_session
def notes(session: Session, /, refs: tuple[str, ...], as_json: bool, **chosen: Any) -> None:
    """Write papers with their notes as pages of a plain folder, Obsidian or Logseq.

    Runs, surprises, ideas, investigations and watch reports that hang on the papers get pages of
    their own, with --all also surprises, ideas and investigations that hang on none; links between
    all of them lead in the vault. A folder with .obsidian or logseq in it, or below such a one, is
    known; the setting "vault" says what others are.

    Written again, it changes only what changed. A page may be moved and renamed within the vault:
    it is found by its id. What you write outside the marked regions stays. A region that you
    changed stays too: where the desk has newer text, that goes into NAME.new.md beside the page,
    and --settle says which to take. A region that you emptied is written anew.

    The properties on top that are the desk's are kept up to date, your own stay; to tags and
    aliases only what is missing is added. The setting "vault_keys" says which there are and what
    they are called: "title, authors, status=state, 'paper'=type"; one that is left out stays on
    pages that have it, and is not kept up to date any more.

    Figures are the authors'. arXiv lets you read them, not pass them on: --figures is for a vault
    that is yours alone.
    """
    done = _export(session, refs, **chosen)
    if as_json:
        output.emit_json(_record(done))
    else:
        for one in done.files:
            output.emit(f"{'written' if one.changed else 'unchanged'}  {one.path}")
    _tell(done, figures=chosen["figures"])
    if done.problems:
        raise BadInputError(
            f"{len(done.problems)} {'file was' if len(done.problems) == 1 else 'files were'} left "
            "as they are; all others are written.",
            "What is wrong with each is told above.",
        )


def _export(
    session: Session,
    refs: tuple[str, ...],
    everything: bool,
    folder: Path,
    vault: str | None,
    figures: bool,
    settle: str | None,
) -> exporting.Export:
    if bool(refs) is everything:
        raise UsageProblemError("Name papers, or say --all.", "One of the two.")
    options = exporting.VaultOptions(vault or "", figures, Settle(settle or Settle.ASK))
    try:
        wanted = None if everything else refs
        return exporting.export_notes(session.desk, wanted, folder, options, _progress)
    finally:
        diagnostics.clear_progress()


def _progress(what: str, done: int, total: int) -> None:
    if done % _EVERY == 0:
        diagnostics.show_progress(f"{what}: {done:,} of {total:,}", 0, None)


def _tell(done: exporting.Export, *, figures: bool) -> None:
    """What a person should know, on stderr."""
    conflicts = [one for one in done.files if one.conflicts]
    for one in conflicts[:_TOLD]:
        parts = ", ".join(one.conflicts)
        diagnostics.warn(f"{one.path}: {parts} changed by hand; the new text is in {one.beside}")
    if len(conflicts) > _TOLD:
        diagnostics.warn(f"{len(conflicts) - _TOLD:,} more pages like that; --json tells all.")
    if conflicts:
        diagnostics.say(_SETTLING)
    for problem in done.problems[:_TOLD]:
        diagnostics.warn(f"{problem.message} {problem.hint}")
    if figures and not done.pictured:
        diagnostics.say(
            "No figure was copied: no PDF of these papers is on the desk, or none in it."
        )
    changed = sum(one.changed for one in done.files)
    copied = f" {done.pictures} of {done.pictured} figures copied." if done.pictured else ""
    diagnostics.say(f"{changed:,} of {len(done.files):,} files changed.{copied}")


def _record(done: exporting.Export) -> dict[str, object]:
    return {
        "vault": done.kind,
        "files": [
            {
                "id": one.ref,
                "path": one.path,
                "changed": one.changed,
                "edited": one.edited,
                "conflicts": one.conflicts,
                "new_text": one.beside,
            }
            for one in done.files
        ],
        "figures": {"copied": done.pictures, "all": done.pictured},
        "problems": [{"message": one.message, "hint": one.hint} for one in done.problems],
    }
