"""Backups, and the desk examined."""

from pathlib import Path

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.kinds import NUMBER
from researchdesk.domain.clock import utc_now
from researchdesk.domain.health import Check
from researchdesk.domain.rotation import NEWEST
from researchdesk.services import doctor as doctors
from researchdesk.services import keeping, restoring

_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_SIGNS = {"ok": "✓", "note": "·", "problem": "✗"}


@click.command()
@click.option("--to", "folder", type=_FOLDER, help="Another folder than the desk's backups.")
@click.option("--keep", default=NEWEST, show_default=True, type=NUMBER, help="Newest that stay.")
@click.option("--list", "only_list", is_flag=True, help="List the backups there are.")
@json_option
@pass_session
def backup(
    session: Session, folder: Path | None, keep: int, only_list: bool, as_json: bool
) -> None:
    """Copy the desk's database while it is used, and verify the copy.

    Older backups are thinned out: the newest stay, and the last of each of four weeks and twelve
    months. PDFs and runs are plain files in the desk folder: copy them as files.
    """
    if only_list:
        _list(session, folder, as_json)
        return
    made = keeping.backup(
        session.settings, utc_now, diagnostics.show_progress, folder=folder, newest=keep
    )
    diagnostics.clear_progress()
    if as_json:
        output.emit_json({"backup": made})
        return
    output.emit(str(made.path))
    diagnostics.say(
        f"Verified: {made.size / 1e6:,.1f} MB, {_count(made, 'papers')}, {_count(made, 'notes')}."
    )
    if made.removed:
        diagnostics.say(f"Older ones removed: {len(made.removed)}.")


@click.command()
@click.argument("source", required=False, metavar="[FILE|latest]")
@click.option("--force", is_flag=True, help="Also while another program has the desk open.")
@json_option
@pass_session
def restore(session: Session, source: str | None, force: bool, as_json: bool) -> None:
    """Put a backup in the place of the desk's database; without FILE list the backups.

    The backup is verified first, and what is there now is copied to the backups before. PDFs and
    runs are not touched. Close the terminal app before: with --force it goes on with the backup.
    """
    if source is None:
        _list(session, None, as_json)
        return
    if source == "latest":
        found = keeping.latest(session.settings)
        if found is None:
            raise click.UsageError("There is no backup yet: researchdesk backup")
        path = found.path
    else:
        path = Path(str(_FILE.convert(source, None, None)))
    before = restoring.restore(
        session.settings, utc_now, path, diagnostics.show_progress, force=force
    )
    diagnostics.clear_progress()
    if as_json:
        output.emit_json({"restored": path, "before": before})
        return
    output.emit(f"Restored from {path}")
    if before:
        diagnostics.say(f"What was there before: {before.path}")


@click.command()
@click.option("--repair", is_flag=True, help="Mend what can be mended.")
@click.option("--deep", is_flag=True, help="Read every PDF again, and compare it with its hash.")
@json_option
@pass_session
def doctor(session: Session, repair: bool, deep: bool, as_json: bool) -> None:
    """Look whether the desk is sound: folder, database, files, backups, versions, network.

    Nothing is changed without --repair. With --offline the network is not asked.
    """
    asked = doctors.Examination(session.settings, utc_now, diagnostics.show_progress, deep)
    done = doctors.repair(asked) if repair else []
    checks = doctors.examine(asked)
    diagnostics.clear_progress()
    if as_json:
        worst = doctors.worst(checks)
        output.emit_json({"health": worst, "checks": checks, "repaired": done})
        return
    for words in done:
        output.emit(f"mended  {words}")
    for check in checks:
        _tell(check)
    if not repair and any(check.repair for check in checks):
        diagnostics.say("Mend it: researchdesk doctor --repair")


def _tell(check: Check) -> None:
    output.emit(f"{_SIGNS[check.health.value]} {check.name:<14} {check.message}")
    if check.hint:
        output.emit(f"  {'':<14} {check.hint}")
    if check.repair:
        output.emit(f"  {'':<14} --repair would {check.repair}")


def _list(session: Session, folder: Path | None, as_json: bool) -> None:
    found = keeping.backups(session.settings, folder)
    if as_json:
        output.emit_json({"backups": found})
        return
    if not found:
        diagnostics.say("There is no backup yet: researchdesk backup")
        return
    rows = [
        (f"{item.at.astimezone():%Y-%m-%d %H:%M}", f"{item.size / 1e6:,.1f} MB", str(item.path))
        for item in found
    ]
    output.emit_table(("made", "size", "file"), rows)
    diagnostics.say("Put one back: researchdesk restore FILE")


def _count(made: keeping.Backup, table: str) -> str:
    count = made.counts.get(table, 0)
    return f"{count:,} {table if count != 1 else table.removesuffix('s')}"
