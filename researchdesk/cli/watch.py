"""Watching a training script for silent bugs."""

import difflib
import os
import signal
from pathlib import Path
from typing import Any

import click

from researchdesk.cli import diagnostics, offers, output
from researchdesk.cli.context import Session, pass_session
from researchdesk.cli.watch_pages import (
    print_page,
    print_pages,
    print_report,
    print_table,
    tell_report,
    watch_record,
)
from researchdesk.domain.text import one_line
from researchdesk.domain.watching import Certainty, WatchReport, silenced_by
from researchdesk.errors import BadInputError, DeskError, NotOnDeskError, UsageProblemError
from researchdesk.files import write_text
from researchdesk.services.finding_pages import finding_page, finding_pages
from researchdesk.services.watching import (
    WatchOptions,
    belongs_to,
    keep_report,
    watch_report,
    watch_reports,
    watch_script,
)

_LEVELS = {
    "certain": Certainty.CERTAIN,
    "likely": Certainty.LIKELY,
    "look": Certainty.LOOK,
    "worth a look": Certainty.LOOK,
}
_FOUND = 1
_LAST = 50


class _ScriptLast(click.Command):
    """All from the script, or from ``-m``, on is the script's and is not read here."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        taking = {
            name
            for option in self.params
            if isinstance(option, click.Option) and not option.is_flag
            for name in option.opts
        }
        at = 0
        while at < len(args) and args[at].startswith("-") and args[at] not in ("-m", "--"):
            at += 2 if args[at] in taking else 1
        if at < len(args) and args[at] == "-m":
            args = [*args[:at], "--", *args[at:]]
        return super().parse_args(ctx, args)


@click.command(cls=_ScriptLast, context_settings={"allow_interspersed_args": False})
@click.option("--python", default="", metavar="PATH", help="The script's interpreter.")
@click.option(
    "--every",
    type=click.IntRange(1),
    metavar="N",
    help="Look closely at each N-th step; else at as many as cost little.",
)
@click.option("--json", "file", metavar="FILE", help="Write the report to FILE as JSON; - prints.")
@click.option(
    "--fail-on",
    type=click.Choice(list(_LEVELS)),
    metavar="[certain|likely|look]",
    help="End with 1 where the script ends well, and something this sure or surer was found.",
)
@click.option("--ignore", multiple=True, metavar="NAME", help="Leave findings of this name out.")
@click.option("--on", default="", metavar="REF", help="A paper or a run that it belongs to.")
@click.option("--explain", metavar="NAME", help="Print what a finding means, and end.")
@click.option("--list", "listing", is_flag=True, help="List all findings that there are, and end.")
@click.option("--reports", is_flag=True, help="List the last reports on the desk, and end.")
@click.option("--report", "number", type=int, metavar="N", help="Print report N again, and end.")
@click.argument("script", nargs=-1, type=click.UNPROCESSED, metavar="SCRIPT|-m MODULE [ARGS]...")
@pass_session
@click.pass_context
def watch(
    ctx: click.Context,
    session: Session,
    /,
    script: tuple[str, ...],
    file: str | None,
    fail_on: str | None,
    **options: Any,
) -> None:
    """Run a training script, unedited, and tell which silent bugs it has.

    The script gets its own arguments, streams and signals, its numbers stay bit for bit the same,
    and it ends with its own exit code. What was found goes to stderr, and on the desk. Options
    stand before SCRIPT; all that follows belongs to the script. A line that ends with
    "# researchdesk: ok NAME" silences that finding there.
    """
    asked = {name: options.pop(name) for name in ("explain", "listing", "reports", "number")}
    if asked["explain"] or asked["listing"]:
        _print_pages(asked["explain"], file)
    elif asked["reports"] or asked["number"] is not None:
        _print_reports(session, asked["number"], file)
    elif not script or script == ("-m",):
        raise click.UsageError("There is no script to watch.", ctx)
    else:
        report = _watched(session, script, file, options)
        bad = fail_on is not None and report.at_least(_LEVELS[fail_on])
        ctx.exit(report.exit_code or (_FOUND if bad else 0))


def _watched(
    session: Session, script: tuple[str, ...], file: str | None, options: dict[str, Any]
) -> WatchReport:
    """Run it, keep the report, and tell it."""
    for name in options["ignore"]:
        finding_page(name)
    _check_place(file)
    options["on"] = _belonging(session, options["on"])
    _warn_of_misspelt(script)
    options["every"] = options["every"] or 0
    report, ended_by = watch_script(script, WatchOptions(**options))
    report = _kept(session, report)
    tell_report(report)
    _tell_misplaced(script, report.exit_code)
    if report.id:
        offers.hint(session.desk, f"watch:{report.id}")
    if file:
        _write(file, watch_record(report))
    if ended_by == signal.SIGINT:
        _die_of_interrupt(session)
    return report


def _tell_misplaced(script: tuple[str, ...], code: int) -> None:
    """Our options after the script went to it; where it did not know them, that is why."""
    ours = [word for word in script[1:] if word in ("--json", "--fail-on", "--ignore", "--on")]
    if ours and code:
        diagnostics.warn(f"{ours[0]} stood after the script and went to it; ours stand before it.")


def _print_pages(name: str | None, file: str | None) -> None:
    pages = [finding_page(name)] if name else list(finding_pages().values())
    if file:
        _write(file, {"findings": pages})
    elif name:
        print_page(pages[0])
    else:
        print_pages(pages)


def _print_reports(session: Session, number: int | None, file: str | None) -> None:
    """Reports that were kept: all as a table, or one as it was told."""
    if number is not None:
        report = watch_report(session.desk, number)
        if file:
            _write(file, watch_record(report))
        else:
            print_report(report)
        return
    found = watch_reports(session.desk, _LAST)
    if file:
        _write(file, {"reports": [watch_record(report) for report in found]})
    elif found:
        print_table(found)
    else:
        diagnostics.say("No script was watched yet. Watch one: researchdesk watch SCRIPT")


def _belonging(session: Session, ref: str) -> str:
    """What the report is kept with. A desk that cannot be used is told of when it is over."""
    if not ref.strip():
        return ""
    try:
        return belongs_to(session.desk, ref.strip())
    except NotOnDeskError:
        raise
    except DeskError:
        return ref


def _warn_of_misspelt(script: tuple[str, ...]) -> None:
    """A word that silences no finding is a slip, and the finding comes all the same."""
    try:
        text = Path(script[0]).read_text("utf-8", "replace")
    except (OSError, ValueError):
        return
    for number, line in enumerate(text.splitlines(), 1):
        for word in silenced_by(line):
            if word not in finding_pages():
                near = difflib.get_close_matches(word, finding_pages(), 1)
                meant = f" Did you mean {near[0]}?" if near else ""
                diagnostics.warn(f"Line {number} silences {one_line(word)}, no finding.{meant}")


def _check_place(file: str | None) -> None:
    """Whether the report can be written, before hours are spent."""
    if file and file != "-" and not Path(file).absolute().parent.is_dir():
        raise UsageProblemError(f"There is no folder for {file}.", "Make it; nothing was run.")


def _kept(session: Session, report: WatchReport) -> WatchReport:
    """The report, on the desk where that is possible: the script's end does not hang on it."""
    try:
        return keep_report(session.desk, report)
    except DeskError as error:
        diagnostics.warn(f"The findings were not kept on the desk. {error.message}")
        return report


def _write(file: str, record: dict[str, Any]) -> None:
    if file == "-":
        output.emit_json(record)
        return
    path = Path(file)
    text = output.as_json(record) + "\n"
    if path.exists() and not path.is_file():
        try:
            path.write_text(text, "utf-8")
        except OSError as error:
            raise BadInputError(
                f"{path} cannot be written: {error.strerror}.",
                "Make room, or choose another file with --json; the report is kept on the desk.",
            ) from error
    else:
        write_text(path, text)


def _die_of_interrupt(session: Session) -> None:
    """End as the script did, so that a shell's loop stops too."""
    session.close()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGINT)
