"""What became of the desk's papers: asked of arXiv, told, and marked as seen."""

from typing import Any

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.domain.news import NewsItem
from researchdesk.errors import SourceError
from researchdesk.services import merging, news, syncing


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID...]")
@click.option("--deep", is_flag=True, help="Ask for the history of each paper too: slow.")
@click.option("--news", "only_news", is_flag=True, help="What was not seen yet; ask nobody.")
@click.option("--seen", is_flag=True, help="Mark what is printed as seen.")
@json_option
@pass_session
def sync(
    session: Session,
    ids: tuple[str, ...],
    deep: bool,
    only_news: bool,
    seen: bool,
    as_json: bool,
) -> int:
    """Ask arXiv for newer versions, withdrawals and publications of the desk's papers.

    Those asked about today are left out, unless they are named. What changed is printed, and stands
    on Home until it was seen. What failed is asked again next time (then this ends with 4); what
    came is kept. arXiv wants three seconds between requests: 100 papers are one. --deep looks
    for withdrawals too: one more for each paper, or fewer where arXiv's lists of changes are
    shorter.
    """
    if only_news:
        _tell_news(session, news.unseen(session.desk), seen, as_json)
        return 0
    report = syncing.sync(session.desk, diagnostics.show_progress, refs=ids, deep=deep)
    diagnostics.clear_progress()
    new = merging.propose(session.desk) if report.asked else []
    waiting = merging.count_proposals(session.desk)
    if seen:
        news.see(session.desk, [item.id for item in report.news])
    if as_json:
        output.emit_json(_record(report, waiting))
    else:
        _table(list(report.news))
    for problem in report.problems:
        diagnostics.warn(problem)
    for name in report.missing:
        diagnostics.warn(f"arXiv has no paper {name}.")
    diagnostics.say(_summary(report))
    if new:
        pairs = "1 pair of papers may be one" if len(new) == 1 else f"{len(new)} pairs may be one"
        diagnostics.say(f"{pairs}: researchdesk merge list")
    if report.error:
        return diagnostics.tell(report.error)
    return SourceError.exit_code if report.left else 0


def _tell_news(session: Session, found: list[NewsItem], seen: bool, as_json: bool) -> None:
    if seen:
        news.see(session.desk, [item.id for item in found])
    if as_json:
        output.emit_json({"news": [_item(item) for item in found]})
    elif found:
        _table(found)
    else:
        diagnostics.say("Nothing changed that you have not seen. Ask with: researchdesk sync")


def _table(found: list[NewsItem]) -> None:
    rows = [(item.name, item.kind.value, item.text, item.title) for item in found]
    if rows:
        output.emit_table(("paper", "what", "news", "title"), rows)


def _summary(report: syncing.SyncReport) -> str:
    count = len(report.news)
    changed = {0: "nothing changed", 1: "1 change"}.get(count, f"{count} changes")
    parts = [f"{_papers(report.asked)} asked about: {changed}."]
    if report.skipped:
        parts.append(f"{report.skipped} had been asked about today.")
    if report.left:
        parts.append(f"{report.left} not answered for; ask again: researchdesk sync")
    return " ".join(parts)


def _papers(count: int) -> str:
    return "1 paper" if count == 1 else f"{count} papers"


def _record(report: syncing.SyncReport, waiting: int) -> dict[str, Any]:
    error = report.error
    return {
        "asked": report.asked,
        "skipped": report.skipped,
        "left": report.left,
        "news": [_item(item) for item in report.news],
        "missing": report.missing,
        "problems": report.problems,
        "error": error.message if error else None,
        "merge_proposals": waiting,
    }


def _item(item: NewsItem) -> dict[str, Any]:
    return {
        "number": item.id,
        "paper": item.name,
        "title": item.title,
        "kind": item.kind,
        "text": item.text,
        "version": item.version,
        "at": item.at,
    }
