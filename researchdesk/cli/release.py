"""Releases: a folder of code with what ran, what came out, and how to cite it."""

from collections import Counter
from pathlib import Path

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.services import release as releases
from researchdesk.services.checklist_text import counts_said


@click.group()
def release() -> None:
    """Give your code away: a folder with what ran, what came out, and how to cite it."""


@release.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--of", "ref", required=True, metavar="REF", help="Paper, run, story, investigation.")
@click.option(
    "--author",
    "authors",
    multiple=True,
    metavar="NAME",
    help='An author of the code, "Family, Given"; may be given again.',
)
@click.option("--checkpoints", is_flag=True, help="With the trained models that the runs keep.")
@click.option("--force", is_flag=True, help="Write over what you changed in the folder.")
@json_option
@pass_session
def scaffold(
    session: Session,
    folder: Path,
    ref: str,
    authors: tuple[str, ...],
    checkpoints: bool,
    force: bool,
    as_json: bool,
) -> None:
    """Write a release: README with results and commands, requirements, CITATION.cff, the recipe.

    \b
    researchdesk release scaffold ~/code/mine --of 1512.03385 --author "Lovelace, Ada"

    The numbers and versions are those of the runs; what differs from what was claimed is told so.
    A file that you wrote or changed stays: the new text goes beside it, as README.new.md. Then
    `checklist release REF --folder DIR` says what is still missing.
    """
    done = releases.scaffold(
        session.desk, folder, ref, authors, checkpoints=checkpoints, force=force
    )
    if as_json:
        output.emit_json(
            {
                "of": done.of,
                "folder": done.folder,
                "files": done.files,
                "models": [{"file": one.name, "arm": one.arm, "bytes": one.size}
                           for one in done.models],
                "checklist": {answer.value: count for answer, count in done.sheet.counts.items()},
            }
        )  # fmt: skip
        return
    for file in done.files:
        beside = f"  (yours; the new text is in {file.beside})" if file.beside else ""
        output.emit(f"{file.done.value}  {file.path}{beside}")
    _say_end(done, ref, folder, authors=bool(authors), checkpoints=checkpoints)


def _say_end(
    done: releases.Scaffold, ref: str, folder: Path, *, authors: bool, checkpoints: bool
) -> None:
    counted = Counter(file.done for file in done.files)
    diagnostics.say(", ".join(f"{count} {word.value}" for word, count in counted.items()) + ".")
    if done.models and not checkpoints:
        size = releases.size_said(done.models)
        diagnostics.say(
            f"The runs keep {len(done.models)} trained models ({size}): --checkpoints copies them."
        )
    if not authors:
        diagnostics.say('CITATION.cff has no author yet: --author "Family, Given"')
    diagnostics.say(f"The checklist of releases: {counts_said(done.sheet)}.")
    diagnostics.say(f"See: researchdesk checklist release {ref} --folder {folder}")
