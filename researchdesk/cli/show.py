"""One paper shown: its words, its parts, its passes."""

from collections.abc import Sequence
from dataclasses import replace

import click

from researchdesk.cli import claimed, diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.formatting import Template, emit_formatted, format_option
from researchdesk.cli.parts import Parts, parsed_words, record
from researchdesk.cli.since import since_lines, since_record
from researchdesk.domain.claims import ClaimCandidate
from researchdesk.domain.documents import Document, FigureKind
from researchdesk.domain.durations import spent
from researchdesk.domain.papers import Paper
from researchdesk.domain.reading import PassState, ReadingPass
from researchdesk.domain.version_marks import version_words
from researchdesk.errors import BadInputError, NotOnDeskError
from researchdesk.services import library
from researchdesk.services.code import code_links
from researchdesk.services.desk import Desk
from researchdesk.services.documents import candidates_of, document_of, tables_of
from researchdesk.services.labels import tags_of
from researchdesk.services.notes import notes_of
from researchdesk.services.reading import passes_of

_BEST = 5
_WIDEST_TITLE = 72
_SOURCES = {"pdf": "the PDF", "html": "arXiv's HTML"}


@click.command()
@click.argument("ref", metavar="ID")
@click.option("--no-parse", is_flag=True, help="What is known already: do not look into the file.")
@format_option
@json_option
@pass_session
def show(
    session: Session, ref: str, no_parse: bool, template: Template | None, as_json: bool
) -> None:
    """Show one paper: its words, its parts, its passes.

    The first time its file is taken apart, which can take some seconds.
    """
    desk = session.desk
    paper = claimed.find(desk, ref)
    if template is not None:
        emit_formatted(template, [_fields(desk, paper)])
        return
    passes, notes = passes_of(desk, paper), notes_of(desk, paper)
    status = library.status_of(desk, paper)
    parts = Parts() if no_parse else _parts(desk, paper)
    if as_json:
        words = output.paper_record(paper, status)
        words |= parsed_words(words, parts.document)
        since = since_record(desk, paper, notes)
        output.emit_json({**words, **since, "passes": passes, **record(parts)})
        return
    _tell_words(paper, status, parts.document)
    for line in since_lines(desk, paper, notes):
        output.emit(line)
    _tell_passes(passes)
    if notes:
        output.emit(_counted(len(notes), "note"))
    abstract = paper.metadata.abstract or (parts.document.abstract if parts.document else "")
    if abstract:
        output.emit(f"\n{abstract}")
    _tell_parts(parts)
    diagnostics.say(_next(paper, passes, parts.document))


def _fields(desk: Desk, paper: Paper) -> dict[str, object]:
    """What a template can name."""
    return {
        **output.paper_record(paper, library.status_of(desk, paper)),
        "year": paper.metadata.year,
        "venue": paper.metadata.venue,
        "tags": tags_of(desk, paper.id),
        "stars": paper.stars,
        "priority": paper.priority,
    }


def _parts(desk: Desk, paper: Paper) -> Parts:
    """What its file holds; without one, or with one that cannot be read, nothing: it says why.
    Without its tables where only they cannot be read."""
    parts = Parts()
    try:
        diagnostics.show_progress("taking the paper apart", 0, None)
        document = document_of(desk, paper, on_unkept=diagnostics.warn)
        document = replace(document, code_links=code_links(desk, paper))
        parts = Parts(document)
        diagnostics.show_progress("reading its tables", 0, None)
        parts = Parts(document, tables_of(desk, paper), candidates_of(desk, paper))
    except NotOnDeskError as error:
        diagnostics.clear_progress()
        diagnostics.say(f"{error.message} Its parts are not known. {error.hint}")
    except BadInputError as error:
        diagnostics.clear_progress()
        diagnostics.warn(f"{error.message} {error.hint}")
    diagnostics.clear_progress()
    for told in (parts.document.problem, parts.document.caution) if parts.document else ():
        if told:
            diagnostics.warn(told)
    return parts


def _tell_words(paper: Paper, status: str, document: Document | None) -> None:
    words = paper.metadata
    authors = words.authors or (document.authors if document else ())
    output.emit(paper.title)
    if authors:
        output.emit(", ".join(authors))
    published = f"  published {words.published.date()}" if words.published else ""
    output.emit(f"{paper.name} v{words.version}  {' '.join(words.categories)}{published}".rstrip())
    held = [version_words(item.version) for item in paper.versions if item.pdf]
    pages = [f"v{item.version}" for item in paper.versions if item.html]
    html = f"  HTML: {', '.join(pages)}" if pages else ""
    output.emit(f"key {paper.key}  PDF: {', '.join(held) or 'none'}{html}  reading: {status}")


def _tell_passes(passes: Sequence[ReadingPass]) -> None:
    for item in passes:
        told = f"  pass {item.number} of {item.workflow}: {item.state.value}"
        if item.decision:
            told += f", {item.decision.value}"
        if item.again_on:
            told += f" on {item.again_on}"
        if item.seconds >= 1:
            told += f", {spent(item.seconds)}"
        output.emit(told + (f" ({item.why})" if item.why else ""))


def _tell_parts(parts: Parts) -> None:
    document = parts.document
    if document is None or document.problem:
        return
    pages = f"{_counted(document.pages, 'page')}, " if document.pages else ""
    output.emit(f"\nSections ({pages}read from {_SOURCES[document.source]})")
    for section in document.sections:
        title = f"{'  ' * section.level}{section.title}"
        title = title if len(title) <= _WIDEST_TITLE else f"{title[: _WIDEST_TITLE - 1]}…"
        output.emit(f"{title:<{_WIDEST_TITLE}}{section.page or '':>5}".rstrip())
    output.emit(f"\n{', '.join(_counts(document))}")
    if document.code_links:
        output.emit("\nCode")
        for link in document.code_links:
            whose = "  of the authors" if link.own else ""
            output.emit(f"  {link.url}{whose}{_on_page(link.page)}")
    if parts.candidates:
        more = len(parts.candidates)
        output.emit(f"\nNumbers that may be claims (the best {min(_BEST, more)} of {more})")
        for candidate in parts.candidates[:_BEST]:
            output.emit(f"  {candidate.text}  ({_where(candidate)})")


def _counts(document: Document) -> list[str]:
    counts = [
        (sum(1 for figure in document.figures if figure.kind is kind), kind.value)
        for kind in FigureKind
    ]
    counts.append((len(document.references), "reference"))
    return [_counted(count, name) for count, name in counts]


def _next(paper: Paper, passes: Sequence[ReadingPass], document: Document | None) -> str:
    """What to do next, in a command."""
    if document is None and not any(item.pdf or item.html for item in paper.versions):
        return f"Next: researchdesk add {paper.name}"
    under_way = [item.number for item in passes if item.state is PassState.STARTED]
    done = [item.number for item in passes if item.state is PassState.FINISHED]
    number = under_way[-1] if under_way else min(max(done, default=0) + 1, 3)
    return f"Next: researchdesk read {paper.name} --pass {number}"


def _where(candidate: ClaimCandidate) -> str:
    page = _on_page(candidate.page, ", ")
    return candidate.where if candidate.where.startswith("page") else f"{candidate.where}{page}"


def _on_page(page: int, before: str = "  ") -> str:
    return f"{before}page {page}" if page else ""


def _counted(count: int, name: str) -> str:
    return f"{count} {name}{'' if count == 1 else 's'}"
