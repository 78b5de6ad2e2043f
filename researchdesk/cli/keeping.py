"""Backups, and the desk examined."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.kinds import NUMBER
from researchdesk.cli.settings_problems import problems_of_settings
from researchdesk.domain.clock import local_minute, utc_now
from researchdesk.domain.health import Check, Health
from researchdesk.domain.rotation import NEWEST
from researchdesk.domain.sizes import megabytes
from researchdesk.files import write_text
from researchdesk.services import doctor as doctors
from researchdesk.services import keeping, restoring

_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NEW_FILE = click.Path(dir_okay=False, path_type=Path)
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
        f"Verified: {megabytes(made.size)}, {_count(made, 'papers')}, {_count(made, 'notes')}."
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
@click.option(
    "--report", is_flag=True, help="Write a text for a bug report, without anything private."
)
@click.option("--to", "file", type=_NEW_FILE, help="Write the --report to this file.")
@click.option(
    "--fail-on",
    type=click.Choice(["problem", "note"]),
    help="End with 1 where something of this weight, or worse, is found.",
)
@json_option
@pass_session
def doctor(
    session: Session,
    repair: bool,
    deep: bool,
    report: bool,
    file: Path | None,
    fail_on: str | None,
    as_json: bool,
) -> int:
    """Look whether the desk is sound: folder, database, files, backups, versions, network.

    Nothing is changed without --repair. With --offline the network is not asked. Ends with 0
    whatever is found, unless --fail-on says otherwise.

    --report leaves out all that is yours: of papers, notes and runs it says about how many there
    are, of the settings which are set. Read it all the same before you give it away.
    """
    if file is not None and not report:
        raise click.UsageError("--to is the file of a report: give --report, too.")
    asked = _asked(session, deep, repair)
    done = doctors.repair(asked) if repair else []
    if report:
        return _report(asked, file, fail_on, as_json)
    checks = doctors.examine(asked)
    diagnostics.clear_progress()
    worst = doctors.worst(checks)
    if as_json:
        output.emit_json({"health": worst, "checks": checks, "repaired": done})
        return _code(worst, fail_on)
    for words in done:
        output.emit(f"mended  {words}")
    for check in checks:
        _tell(check)
    if not repair and any(check.repair for check in checks):
        diagnostics.say("Mend it: researchdesk doctor --repair")
    return _code(worst, fail_on)


def _asked(session: Session, deep: bool, repair: bool) -> doctors.Examination:
    """Without usable settings nothing is mended: it could be another desk than is meant."""
    if repair and session.problem:
        raise session.problem
    return doctors.Examination(
        session.settings,
        utc_now,
        diagnostics.show_progress,
        deep,
        settings_problems=problems_of_settings(session),
    )


def _report(
    asked: doctors.Examination, file: Path | None, fail_on: str | None, as_json: bool
) -> int:
    from researchdesk.cli.completion_tree import option_names  # noqa: PLC0415 - for this alone
    from researchdesk.services import bug_report  # noqa: PLC0415 - slow to import

    root = click.get_current_context().find_root().command
    made = bug_report.bug_report(asked, option_names(root))
    diagnostics.clear_progress()
    if file is not None:
        told = json.dumps(asdict(made), indent=2) + "\n" if as_json else bug_report.text_of(made)
        write_text(file, told)
        output.emit(str(file))
    elif as_json:
        output.emit_json(asdict(made))
    else:
        output.write(bug_report.text_of(made))
    diagnostics.say("Nothing private was put in; look through it before you give it away.")
    return _code(made.health, fail_on)


def _code(worst: Health, fail_on: str | None) -> int:
    """1 where what was found is as bad as ``fail_on``, or worse."""
    bad = {"problem": (Health.PROBLEM,), "note": (Health.PROBLEM, Health.NOTE)}
    return int(fail_on is not None and worst in bad[fail_on])


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
    rows = [(local_minute(item.at), megabytes(item.size), str(item.path)) for item in found]
    output.emit_table(("made", "size", "file"), rows)
    diagnostics.say("Put one back: researchdesk restore FILE")


def _count(made: keeping.Backup, table: str) -> str:
    count = made.counts.get(table, 0)
    return f"{count:,} {table if count != 1 else table.removesuffix('s')}"
